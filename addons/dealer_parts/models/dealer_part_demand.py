from odoo import api, fields, models
from odoo.tools import SQL

#: Months that are kept and computed anew each night, the running one included.
KEPT_MONTHS = 25


class DealerPartDemand(models.Model):
    """Demand for a part in a store and month: what was issued, lost, and how long it was out.

    Issues to customers and to our own jobs, less what came back (in the month of its issue), and
    the lost sales that count as demand. Days without stock are counted beside it, because they are
    no days without demand (features idea 11). Computed anew each night by one set of statements.
    """

    _name = "dealer.part.demand"
    _description = "Demand for a Part"
    _order = "date desc, warehouse_id, product_id"
    _rec_name = "product_id"
    # nobody writes these rows; who and when would cost two checks of each of some 100,000 rows
    _log_access = False

    date = fields.Date(string="Month", required=True, readonly=True)
    product_id = fields.Many2one(
        "product.product",
        string="Part",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    warehouse_id = fields.Many2one(
        "stock.warehouse", string="Store", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    quantity = fields.Float(string="Issued", digits="Product Unit", readonly=True)
    hits = fields.Integer(string="Demands", readonly=True, help="Issues, whatever their quantity.")
    largest = fields.Float(string="Largest Demand", digits="Product Unit", readonly=True)
    lost_quantity = fields.Float(string="Lost", digits="Product Unit", readonly=True)
    lost_hits = fields.Integer(string="Lost Sales", readonly=True)
    days = fields.Integer(readonly=True, help="Days of the month, until today.")
    days_out = fields.Integer(
        string="Days without Stock",
        readonly=True,
        help="Days that ended with nothing on the shelf.",
    )
    value = fields.Monetary(
        string="Issued, at Cost", readonly=True, groups="dealer_parts.group_part_cost"
    )

    _once = models.UniqueIndex(
        "(warehouse_id, product_id, date)", "This month of the part is there already."
    )

    # === NIGHTLY ===
    @api.model
    def _cron_rebuild(self):
        """Compute the demand of the kept months anew, then policies and proposals from it."""
        self._rebuild()
        self.env["dealer.part.policy"]._cron_update()
        self.env["dealer.order.proposal"]._cron_propose()

    @api.model
    def _rebuild(self):
        """Replace all kept months: a fixed number of statements, whatever the number of parts."""
        self.env.flush_all()
        today = fields.Date.context_today(self)
        first = fields.Date.subtract(today.replace(day=1), months=KEPT_MONTHS - 1)
        self.env.cr.execute(SQL("DELETE FROM dealer_part_demand"))
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO dealer_part_demand (
                    date, product_id, warehouse_id, company_id, quantity, hits, largest,
                    lost_quantity, lost_hits, value, days_out, days)
                SELECT facts.month, facts.product_id, facts.warehouse_id, store.company_id,
                       SUM(facts.quantity), GREATEST(SUM(facts.hits), 0), MAX(facts.largest),
                       SUM(facts.lost_quantity), SUM(facts.lost_hits), SUM(facts.value),
                       SUM(facts.days_out),
                       LEAST((facts.month + interval '1 month')::date, %(today)s::date + 1)
                       - facts.month
                  FROM (%(issues)s UNION ALL %(lost)s UNION ALL %(out)s) facts
                  JOIN stock_warehouse store ON store.id = facts.warehouse_id
                 WHERE facts.month >= %(first)s AND facts.month <= %(today)s
              GROUP BY facts.month, facts.product_id, facts.warehouse_id, store.company_id
                """,
                issues=self._get_issue_query(),
                lost=self._get_lost_query(),
                out=self._get_out_query(first, today),
                first=first,
                today=today,
            )
        )
        self.invalidate_model()

    def _get_issue_query(self):
        """Issues, and returns in the month of their issue; only whole returns undo a demand."""
        return SQL(
            """
            SELECT date_trunc('month', COALESCE(
                       CASE WHEN moves.kind = 'return' THEN origin.date END, moves.date
                   ) AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date AS month,
                   moves.product_id, moves.warehouse_id,
                   moves.issued_quantity * %(ratio)s AS quantity,
                   CASE WHEN moves.kind = 'issue' THEN 1
                        WHEN move.quantity >= origin.quantity THEN -1
                        ELSE 0 END AS hits,
                   CASE WHEN moves.kind = 'issue' THEN moves.quantity * %(ratio)s END AS largest,
                   0::numeric AS lost_quantity, 0 AS lost_hits,
                   moves.issued_value AS value, 0 AS days_out
              FROM (%(moves)s) moves
              JOIN stock_move move ON move.id = moves.move_id
              %(units)s
         LEFT JOIN stock_move origin ON origin.id = move.origin_returned_move_id
              %(zones)s
             WHERE moves.kind IN ('issue', 'return') AND moves.warehouse_id IS NOT NULL
            """,
            moves=self.env["dealer.part.move.report"]._get_query(),
            ratio=SQL("(move_unit.factor / unit.factor)::numeric"),
            units=self._get_unit_joins(),
            zone=SQL("COALESCE(owner.tz, 'Asia/Shanghai')"),
            zones=SQL(
                "JOIN res_company company ON company.id = move.company_id"
                " JOIN res_partner owner ON owner.id = company.partner_id"
            ),
        )

    def _get_unit_joins(self):
        """Moves may be in a unit other than that of the part: a drum of 200 litres."""
        return SQL(
            "JOIN product_product product ON product.id = move.product_id"
            " JOIN product_template template ON template.id = product.product_tmpl_id"
            " JOIN uom_uom unit ON unit.id = template.uom_id"
            " JOIN uom_uom move_unit ON move_unit.id = move.product_uom"
        )

    def _get_lost_query(self):
        """Lost sales that count as demand, of parts we know."""
        return SQL(
            """
            SELECT date_trunc('month', lost.date)::date, lost.product_id, lost.warehouse_id,
                   0::numeric, 0, NULL::numeric, lost.quantity::numeric, 1, 0::numeric, 0
              FROM dealer_lost_sale lost
             WHERE lost.is_demand AND lost.product_id IS NOT NULL
            """
        )

    def _get_out_query(self, first, today):
        """Days that ended without stock, from the first move of the part in the store on."""
        return SQL(
            """
            SELECT month.day::date, levels.product_id, levels.warehouse_id,
                   0::numeric, 0, NULL::numeric, 0::numeric, 0, 0::numeric,
                   LEAST(levels.until, (month.day + interval '1 month')::date)
                   - GREATEST(levels.day, month.day::date)
              FROM (SELECT flows.product_id, flows.warehouse_id, flows.day,
                           SUM(flows.net) OVER part AS level,
                           COALESCE(LEAD(flows.day) OVER part, %(today)s::date + 1) AS until
                      FROM (%(flows)s) flows
                    WINDOW part AS (PARTITION BY flows.product_id, flows.warehouse_id
                                    ORDER BY flows.day)
                   ) levels
              JOIN generate_series(%(first)s::timestamp, %(today)s::timestamp, interval '1 month')
                   AS month (day)
                ON levels.day < month.day + interval '1 month' AND levels.until > month.day
             WHERE levels.level < 0.000001
            """,
            flows=self._get_flow_query(),
            first=first,
            today=today,
        )

    def _get_flow_query(self):
        """What came into a store and left it on each day."""
        return SQL(
            """
            SELECT move.product_id, side.warehouse_id,
                   (move.date AT TIME ZONE 'UTC'
                    AT TIME ZONE COALESCE(owner.tz, 'Asia/Shanghai'))::date AS day,
                   SUM(side.sign * move.quantity * move_unit.factor / unit.factor) AS net
              FROM stock_move move
              %(units)s
              JOIN stock_location source ON source.id = move.location_id
              JOIN stock_location target ON target.id = move.location_dest_id
              JOIN res_company company ON company.id = move.company_id
              JOIN res_partner owner ON owner.id = company.partner_id
        CROSS JOIN LATERAL (VALUES
                        (-1, CASE WHEN source.usage = 'internal' THEN source.warehouse_id END),
                        (1, CASE WHEN target.usage = 'internal' THEN target.warehouse_id END)
                   ) side (sign, warehouse_id)
             WHERE move.state = 'done' AND template.dealer_is_part
               AND side.warehouse_id IS NOT NULL
          GROUP BY move.product_id, side.warehouse_id, day
            """,
            units=self._get_unit_joins(),
        )

    # === DRILL ===
    def action_view_moves(self):
        """Issues and returns behind the month."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Issues and Returns"),
            "res_model": "dealer.part.move.report",
            "view_mode": "list",
            "domain": [
                ("product_id", "=", self.product_id.id),
                ("warehouse_id", "=", self.warehouse_id.id),
                ("kind", "in", ("issue", "return")),
                ("date", ">=", self.date),
                ("date", "<", fields.Date.add(self.date, months=1)),
            ],
        }

    def action_view_lost_sales(self):
        """Lost sales behind the month."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Lost Sales"),
            "res_model": "dealer.lost.sale",
            "view_mode": "list,form",
            "domain": [
                ("product_id", "=", self.product_id.id),
                ("warehouse_id", "=", self.warehouse_id.id),
                ("is_demand", "=", True),
                ("date", ">=", self.date),
                ("date", "<", fields.Date.add(self.date, months=1)),
            ],
        }
