import json
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..tools import replenishment as rp

#: Full months of demand that levels are computed from, and the least of them for a new part.
MONTHS = 12
LEAST_MONTHS = 6
#: Share of the lead time that it varies by, until receipts tell.
LEAD_SPREAD = 0.2
#: Columns that the nightly statement writes.
COMPUTED = {
    "abc_class": "varchar",
    "xyz_class": "varchar",
    "phase": "varchar",
    "computed_point": "numeric",
    "computed_max": "numeric",
    "safety_stock": "numeric",
    "daily_demand": "float8",
    "yearly_quantity": "numeric",
    "yearly_value": "numeric",
    "hits_short": "int4",
    "hits_long": "int4",
    "days_out": "int4",
    "lost_quantity": "numeric",
    "lead_days": "float8",
    "service": "float8",
    "method": "varchar",
}
#: Numbers of a part that the levels of a store are computed from.
CODES = (
    "part_abc_a_share",
    "part_abc_b_share",
    "part_xyz_x_limit",
    "part_xyz_y_limit",
    "part_phase_in_demands",
    "part_phase_in_months",
    "part_phase_out_months",
    "part_cheap_limit",
    "part_dear_limit",
    "part_service_cheap",
    "part_service_middle",
    "part_service_dear",
    "part_lead_days",
    "part_review_days",
    "part_order_line_cost",
    "part_holding_rate",
)


class DealerPartPolicy(models.Model):
    """How a store keeps a part: its classes, whether it is stocked, when and how much to order.

    Computed each night from demand; a minimum and maximum by hand is respected always. Demand for
    a superseded number counts for the number that is ordered today.
    """

    _name = "dealer.part.policy"
    _description = "Stocking Policy of a Part"
    _order = "warehouse_id, abc_class, yearly_quantity desc, id"
    _rec_name = "product_id"
    _check_company_auto = True

    product_id = fields.Many2one(
        "product.product",
        string="Part",
        required=True,
        index=True,
        ondelete="cascade",
        domain=[("dealer_is_part", "=", True)],
    )
    warehouse_id = fields.Many2one(
        "stock.warehouse", string="Store", required=True, ondelete="cascade", check_company=True
    )
    company_id = fields.Many2one(related="warehouse_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    categ_id = fields.Many2one(related="product_id.categ_id", string="Class")
    abc_class = fields.Selection(
        [("A", "A"), ("B", "B"), ("C", "C")],
        string="ABC",
        readonly=True,
        index=True,
        help="By value issued in a year: A up to 80 % of all, B up to 95 %, C the rest.",
    )
    xyz_class = fields.Selection(
        [("X", "X"), ("Y", "Y"), ("Z", "Z")],
        string="XYZ",
        readonly=True,
        help="By steadiness: variation of the monthly demand up to 0.5 X, up to 1.0 Y, else Z.",
    )
    phase = fields.Selection(
        [("none", "Not Stocked"), ("stock", "Stocked"), ("out", "Phased Out")],
        required=True,
        default="none",
        readonly=True,
        index=True,
        help="In after 3 demands in 6 months, out after 12 months without any.",
    )
    computed_point = fields.Float(
        string="Computed Order Point", digits="Product Unit", readonly=True
    )
    computed_max = fields.Float(string="Computed Maximum", digits="Product Unit", readonly=True)
    is_manual = fields.Boolean(
        string="By Hand", help="The minimum and maximum below hold, whatever was computed."
    )
    manual_min = fields.Float(string="Minimum by Hand", digits="Product Unit")
    manual_max = fields.Float(string="Maximum by Hand", digits="Product Unit")
    order_point = fields.Float(
        digits="Product Unit",
        compute="_compute_levels",
        help="Order when stock and what is on its way are not above this quantity.",
    )
    maximum = fields.Float(
        digits="Product Unit", compute="_compute_levels", help="Order up to this quantity."
    )
    safety_stock = fields.Float(digits="Product Unit", readonly=True)
    daily_demand = fields.Float(digits=(16, 4), readonly=True, aggregator=None)
    yearly_quantity = fields.Float(
        string="Demand of a Year",
        digits="Product Unit",
        readonly=True,
        help="Issued in the last twelve full months, with what was missed without stock.",
    )
    yearly_value = fields.Monetary(
        string="Issued in a Year, at Cost",
        readonly=True,
        groups="dealer_parts.group_part_cost",
    )
    hits_short = fields.Integer(string="Demands in 6 Months", readonly=True)
    hits_long = fields.Integer(string="Demands in 12 Months", readonly=True)
    days_out = fields.Integer(string="Days without Stock", readonly=True)
    lost_quantity = fields.Float(string="Lost", digits="Product Unit", readonly=True)
    lead_days = fields.Float(string="Lead Time (Days)", digits=(16, 1), readonly=True)
    service = fields.Float(string="Wanted Fill Rate (%)", digits=(16, 1), readonly=True)
    method = fields.Selection(
        [("normal", "Safety stock"), ("hits", "Single demands"), ("none", "None")], readonly=True
    )
    computed_on = fields.Datetime(readonly=True)
    reason = fields.Char(compute="_compute_reason")

    _once = models.UniqueIndex(
        "(warehouse_id, product_id)", "This part has a policy in this store already."
    )
    _hand_in_order = models.Constraint(
        "CHECK (manual_min IS NULL OR (manual_min >= 0 AND COALESCE(manual_max, 0) >= manual_min))",
        "The maximum must be at least the minimum, and the minimum at least zero.",
    )

    @api.depends("is_manual", "manual_min", "manual_max", "computed_point", "computed_max", "phase")
    def _compute_levels(self):
        for policy in self:
            if policy.is_manual:
                policy.order_point, policy.maximum = policy.manual_min, policy.manual_max
            elif policy.phase == "stock":
                policy.order_point, policy.maximum = policy.computed_point, policy.computed_max
            else:
                policy.order_point = policy.maximum = 0.0

    @api.depends("phase", "method", "is_manual", "manual_min", "manual_max", "computed_on")
    @api.depends_context("lang")
    def _compute_reason(self):
        for policy in self:
            policy.reason = policy._get_reason()

    def _get_reason(self):
        """Why the levels are what they are, in a sentence (house style H-19)."""
        self.ensure_one()
        if self.is_manual:
            return self.env._(
                "Set by hand: %(least)g to %(most)g.", least=self.manual_min, most=self.manual_max
            )
        if self.phase == "out":
            return self.env._("No demand in 12 months: no longer stocked.")
        if self.phase == "none":
            return self.env._(
                "%(short)s demands in 6 months: stocked from 3 on.", short=self.hits_short
            )
        text = self.env._(
            "%(hits)s demands in 12 months, %(daily).2f a day; %(lead).0f days to deliver,"
            " %(safety)g pieces for safety at %(service)g %%.",
            hits=self.hits_long,
            daily=self.daily_demand,
            lead=self.lead_days,
            safety=self.safety_stock,
            service=self.service,
        )
        if self.days_out or self.lost_quantity:
            text += " " + self.env._(
                "%(days)s days without stock and %(lost)g lost pieces are counted in.",
                days=self.days_out,
                lost=self.lost_quantity,
            )
        return text

    @api.constrains("product_id")
    def _check_part(self):
        for policy in self:
            if not policy.product_id.dealer_is_part:
                raise ValidationError(
                    self.env._("%s is no part: choose a part.", policy.product_id.display_name)
                )

    # === NIGHTLY ===
    @api.model
    def _cron_update(self):
        """Compute the policies of all stores."""
        for store in self.env["stock.warehouse"].search([("active", "=", True)]):
            self._update(store)

    @api.model
    def _update(self, warehouse):
        """Compute the policies of a store: a fixed number of statements for any number of parts."""
        self.env.flush_all()
        parameters = self._get_parameters(warehouse.company_id)
        chains = self._get_order_parts()
        histories = self._get_histories(warehouse, chains)
        known = self._get_known(warehouse)
        costs = self._get_costs(warehouse)
        # what lay there before the first night is stocked; later only what was asked for enough
        stocked = set()
        if not warehouse.dealer_policies_since:
            stocked = self._get_stocked(warehouse)
            # sudo: buyers do not change stores
            warehouse.sudo().dealer_policies_since = fields.Date.context_today(self)
        leads = self._get_leads(warehouse.company_id, parameters)
        products = sorted((set(histories) | known.keys()) & costs.keys())
        rows = [
            self._prepare_policy(
                product,
                histories.get(product, []),
                known.get(product) or ("stock" if product in stocked else "none"),
                costs[product],
                leads[product],
                parameters,
            )
            for product in products
        ]
        classes = rp.abc_classes(
            [row["yearly_value"] for row in rows],
            parameters["part_abc_a_share"] / 100,
            parameters["part_abc_b_share"] / 100,
        )
        for row, letter in zip(rows, classes, strict=True):
            row["abc_class"] = letter
        self._save(warehouse, rows)

    def _get_parameters(self, company):
        Parameter = self.env["dealer.parameter"]
        return {code: float(Parameter._get_value(code, company=company)) for code in CODES}

    @api.model
    def _get_order_parts(self):
        """Numbers that were replaced, with what is ordered today instead of one piece.

        :return: dict of product id to dict of product id to quantity
        """
        followers = defaultdict(dict)
        for row in self.env["dealer.part.supersession"].search(
            [("kind", "!=", "two_way"), ("date_from", "<=", fields.Date.context_today(self))]
        ):
            followers[row.old_product_id.id][row.new_product_id.id] = row.quantity
        return {old: self._get_chain_ends(old, followers) for old in followers}

    def _get_chain_ends(self, product, followers):
        """Ends of one chain; the rows of all are at hand, so no statement for each part."""
        ends, todo = defaultdict(float), [(product, 1.0)]
        while todo:
            current, ratio = todo.pop()
            if current in followers:
                todo += [(new, ratio * number) for new, number in followers[current].items()]
            else:
                ends[current] += ratio
        return dict(ends)

    def _get_histories(self, warehouse, chains):
        """Rows of demand by the part that is ordered today, oldest first."""
        today = fields.Date.context_today(self)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT product_id, date, quantity::float, hits, COALESCE(largest, 0)::float,
                       lost_quantity::float, lost_hits, days, days_out, COALESCE(value, 0)::float
                  FROM dealer_part_demand
                 WHERE warehouse_id = %s AND date >= %s
              ORDER BY date
                """,
                warehouse.id,
                fields.Date.subtract(today.replace(day=1), months=MONTHS),
            )
        )
        histories = defaultdict(list)
        for product, date, quantity, hits, largest, lost, *rest in rows:
            for part, ratio in chains.get(product, {product: 1.0}).items():
                histories[part].append(
                    [date, quantity * ratio, hits, largest * ratio, lost * ratio, *rest]
                )
        return histories

    def _get_known(self, warehouse):
        return dict(
            self.env.execute_query(
                SQL(
                    "SELECT product_id, phase FROM dealer_part_policy WHERE warehouse_id = %s",
                    warehouse.id,
                )
            )
        )

    def _get_costs(self, warehouse):
        """Cost of each part that can be bought: what it costs us, else what a supplier asks."""
        return dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT product.id,
                           COALESCE(
                               NULLIF((product.standard_price ->> %s)::float, 0), asked.price, 0
                           )
                      FROM product_product product
                      JOIN product_template template ON template.id = product.product_tmpl_id
                 LEFT JOIN (SELECT product_tmpl_id, MIN(price)::float AS price
                              FROM product_supplierinfo
                             WHERE (company_id IS NULL OR company_id = %s) AND currency_id = %s
                          GROUP BY product_tmpl_id
                           ) asked ON asked.product_tmpl_id = template.id
                     WHERE template.dealer_is_part AND product.active AND template.is_storable
                    """,
                    str(warehouse.company_id.id),
                    warehouse.company_id.id,
                    warehouse.company_id.currency_id.id,
                )
            )
        )

    def _get_stocked(self, warehouse):
        """Parts on the shelf: what lies there before the first night counts as stocked."""
        return {
            row[0]
            for row in self.env.execute_query(
                SQL(
                    """
                    SELECT quant.product_id
                      FROM stock_quant quant
                      JOIN stock_location place ON place.id = quant.location_id
                     WHERE place.usage = 'internal' AND place.warehouse_id = %s
                  GROUP BY quant.product_id
                    HAVING SUM(quant.quantity) > 0
                    """,
                    warehouse.id,
                )
            )
        }

    def _get_leads(self, company, parameters):
        """Lead time and its spread by part: measured, else promised, else of the house."""
        Supplier = self.env["product.supplierinfo"]
        measured = Supplier._dealer_get_lead_times(company)
        house = parameters["part_lead_days"]
        leads = defaultdict(lambda: (house, house * LEAD_SPREAD))
        for product, seller in Supplier._dealer_get_sellers(company).items():
            delay = seller.delay or house
            leads[product] = measured.get(seller.partner_id, (delay, delay * LEAD_SPREAD))
        return leads

    def _prepare_policy(self, product, history, phase, cost, lead, parameters):
        """Values of one policy; pure arithmetic, no statement."""
        today = fields.Date.context_today(self).replace(day=1)
        short = fields.Date.subtract(today, months=int(parameters["part_phase_in_months"]))
        long = fields.Date.subtract(today, months=int(parameters["part_phase_out_months"]))
        # months are the grain: the running one belongs to the six, but is no full one of the twelve
        hits_short = sum(row[2] + row[5] for row in history if row[0] > short)
        hits_long = sum(row[2] + row[5] for row in history if row[0] >= long)
        months = self._get_months(history, today)
        rule = rp.Rule(
            *lead,
            review_days=parameters["part_review_days"],
            service=self._get_service(cost, parameters),
            order_cost=parameters["part_order_line_cost"],
            holding_rate=parameters["part_holding_rate"] / 100,
        )
        phase = rp.next_phase(
            phase, hits_short, hits_long, int(parameters["part_phase_in_demands"])
        )
        level = rp.stocking_level(months, rule, cost)
        demands = rp.uncensored(months)
        return {
            "product_id": product,
            "phase": phase,
            "xyz_class": rp.xyz_class(
                demands, parameters["part_xyz_x_limit"], parameters["part_xyz_y_limit"]
            ),
            "computed_point": level.order_point,
            "computed_max": level.maximum,
            "safety_stock": level.safety,
            "daily_demand": level.daily,
            "yearly_quantity": round(sum(demands), 2),
            "yearly_value": round(sum(row[8] for row in history if row[0] < today), 2),
            "hits_short": hits_short,
            "hits_long": hits_long,
            "days_out": int(sum(month.days_out for month in months)),
            "lost_quantity": sum(row[4] for row in history),
            "lead_days": rule.lead_days,
            "service": rule.service,
            "method": level.method,
        }

    def _get_service(self, cost, parameters):
        """A cheap part costs little to keep: the dearer, the less is kept for safety."""
        if cost <= parameters["part_cheap_limit"]:
            return parameters["part_service_cheap"]
        if cost <= parameters["part_dear_limit"]:
            return parameters["part_service_middle"]
        return parameters["part_service_dear"]

    def _get_months(self, history, today):
        """Full months, oldest first; a new part is judged from its first month on."""
        if not history:
            return []
        months = {}
        for date, quantity, hits, largest, lost, lost_hits, days, days_out, _value in history:
            if date < today:
                # several rows: numbers of one supersession chain
                old = months.get(date, rp.Month(days=days, days_out=days))
                months[date] = rp.Month(
                    old.quantity + quantity,
                    old.hits + hits + lost_hits * (not quantity),
                    max(old.largest, largest),
                    old.lost + lost,
                    days,
                    min(old.days_out, days_out),
                )
        first = min(history[0][0], fields.Date.subtract(today, months=LEAST_MONTHS))
        series, month = [], first
        while month < today:
            after = fields.Date.add(month, months=1)
            series.append(months.get(month, rp.Month(days=(after - month).days)))
            month = after
        return series

    def _save(self, warehouse, rows):
        """Write all policies of a store in one statement; what was set by hand stays."""
        columns = SQL(", ").join(map(SQL.identifier, COMPUTED))
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO dealer_part_policy (
                    product_id, warehouse_id, company_id, computed_on, create_uid, create_date,
                    write_uid, write_date, %(columns)s)
                SELECT product_id, %(warehouse)s, %(company)s, now() AT TIME ZONE 'UTC',
                       %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC',
                       %(columns)s
                  FROM jsonb_to_recordset(%(rows)s::jsonb) AS new (product_id int4, %(types)s)
           ON CONFLICT (warehouse_id, product_id) DO UPDATE SET
                       computed_on = EXCLUDED.computed_on, %(changes)s
                """,
                columns=columns,
                types=SQL(", ").join(
                    SQL("%s %s", SQL.identifier(name), SQL(kind)) for name, kind in COMPUTED.items()
                ),
                changes=SQL(", ").join(
                    SQL("%s = EXCLUDED.%s", SQL.identifier(name), SQL.identifier(name))
                    for name in COMPUTED
                ),
                rows=json.dumps(rows),
                warehouse=warehouse.id,
                company=warehouse.company_id.id,
                uid=self.env.uid,
            )
        )
        self.invalidate_model()

    def action_view_demand(self):
        """Months that the policy was computed from."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Demand"),
            "res_model": "dealer.part.demand",
            "view_mode": "list,graph,pivot",
            "domain": [
                ("product_id", "=", self.product_id.id),
                ("warehouse_id", "=", self.warehouse_id.id),
            ],
        }
