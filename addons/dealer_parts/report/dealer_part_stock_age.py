from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

#: Classes by months without an issue, and the parameter of the share that is provided for.
BANDS = [
    ("fresh", "Moving"),
    ("slow", "Slow"),
    ("obsolete", "Obsolete"),
    ("dead", "Dead"),
]


class DealerPartStockAge(models.Model):
    """Parts in stock by store, by how long nothing was issued (呆滞): one statement for all.

    The published limits differ, so both are shown: no issue for 7 months, and for 12
    (``part_idle_months_short`` and ``part_idle_months_long``). The classes of the house are slow
    from 6 months, obsolete after 12, dead after 24, with a provision each; *technical* and
    *obsolete both ways* are the classes of the trade press: no sale for 7 to 12 months, and
    neither sale nor receipt for 13.
    """

    _name = "dealer.part.stock.age"
    _description = "Age of Stocked Parts"
    _auto = False
    _rec_name = "product_id"
    _order = "idle_months desc, id"

    product_id = fields.Many2one("product.product", string="Part", readonly=True)
    categ_id = fields.Many2one("product.category", string="Class", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    warehouse_id = fields.Many2one("stock.warehouse", string="Store", readonly=True)
    quantity = fields.Float(string="On Hand", digits="Product Unit", readonly=True)
    value = fields.Monetary(readonly=True, groups="dealer_parts.group_part_cost")
    last_issue = fields.Date(readonly=True)
    last_receipt = fields.Date(readonly=True)
    idle_since = fields.Date(
        readonly=True, help="Last issue; first receipt of a part that was never issued."
    )
    idle_months = fields.Integer(string="Months without Issue", readonly=True, aggregator="max")
    yearly_quantity = fields.Float(string="Used in 12 Months", digits="Product Unit", readonly=True)
    band = fields.Selection(BANDS, string="Movement", readonly=True)
    idle_short = fields.Boolean(string="Idle by the Short Limit", readonly=True)
    idle_long = fields.Boolean(string="Idle by the Long Limit", readonly=True)
    press_class = fields.Selection(
        [
            ("technical", "Technical (7-12 months without sale)"),
            ("obsolete", "Obsolete (13 months without sale and receipt)"),
        ],
        string="Class of the Trade",
        readonly=True,
    )
    excess_quantity = fields.Float(
        string="Excess",
        digits="Product Unit",
        readonly=True,
        help="On hand beyond what was used in the months that the parameter says (moving parts).",
    )
    excess_value = fields.Monetary(readonly=True, groups="dealer_parts.group_part_cost")
    provision = fields.Monetary(readonly=True, groups="dealer_parts.group_part_cost")
    action_id = fields.Many2one("dealer.part.slow.action", string="Open Action", readonly=True)

    @property
    def _table_query(self):
        return self._get_query()

    @api.model
    def _get_limits(self):
        """Limits in force today, as the statement needs them."""
        Parameter = self.env["dealer.parameter"]
        months = {
            name: int(Parameter._get_value(f"part_{name}_months"))
            for name in ("slow", "obsolete", "dead", "idle_short", "idle_long", "excess")
        }
        shares = {
            f"{band}_share": Parameter._get_rate(f"part_provision_{band}") for band, _name in BANDS
        }
        return {**months, **shares, "today": fields.Date.context_today(self)}

    def _get_query(self):
        """The stock of now, with its last moves."""
        return SQL(
            """
            WITH moves AS (%(moves)s)
            SELECT aged.*,
                   ROUND((aged.value * CASE aged.band WHEN 'slow' THEN %(slow_share)s
                                                      WHEN 'obsolete' THEN %(obsolete_share)s
                                                      WHEN 'dead' THEN %(dead_share)s
                                                      ELSE %(fresh_share)s END)::numeric, 2)
                       AS provision,
                   CASE WHEN aged.idle_since <= %(today)s::date - interval '13 months'
                         AND COALESCE(aged.last_receipt, '1900-01-01')
                             <= %(today)s::date - interval '13 months' THEN 'obsolete'
                        WHEN aged.idle_since <= %(today)s::date - interval '7 months'
                        THEN 'technical' END AS press_class,
                   aged.value * aged.excess_quantity / NULLIF(aged.quantity, 0) AS excess_value,
                   (SELECT MAX(action.id) FROM dealer_part_slow_action action
                     WHERE action.product_id = aged.product_id
                       AND action.warehouse_id = aged.warehouse_id
                       AND action.state IN ('draft', 'asked', 'approved')) AS action_id
              FROM (
                SELECT stock.id, stock.product_id, stock.warehouse_id, stock.company_id,
                       template.categ_id, company.currency_id, stock.quantity,
                       ROUND((stock.quantity * COALESCE((product.standard_price
                              ->> stock.company_id::text)::numeric, 0))::numeric, 2) AS value,
                       moved.last_issue, moved.last_receipt, since.idle_since,
                       COALESCE(moved.yearly_quantity, 0) AS yearly_quantity,
                       (EXTRACT(YEAR FROM AGE(%(today)s::date, since.idle_since)) * 12
                        + EXTRACT(MONTH FROM AGE(%(today)s::date, since.idle_since)))::integer
                           AS idle_months,
                       CASE
                           WHEN since.idle_since
                                < %(today)s::date - make_interval(months => %(dead)s) THEN 'dead'
                           WHEN since.idle_since
                                < %(today)s::date - make_interval(months => %(obsolete)s)
                           THEN 'obsolete'
                           WHEN since.idle_since
                                <= %(today)s::date - make_interval(months => %(slow)s) THEN 'slow'
                           ELSE 'fresh' END AS band,
                       COALESCE(since.idle_since
                                <= %(today)s::date - make_interval(months => %(idle_short)s), FALSE)
                           AS idle_short,
                       COALESCE(since.idle_since
                                <= %(today)s::date - make_interval(months => %(idle_long)s), FALSE)
                           AS idle_long,
                       CASE WHEN since.idle_since
                                 > %(today)s::date - make_interval(months => %(slow)s)
                             AND moved.last_issue IS NOT NULL
                            THEN GREATEST(stock.quantity - moved.excess_base, 0)
                            ELSE 0 END AS excess_quantity
                  FROM (SELECT MIN(quant.id) AS id, quant.product_id, place.warehouse_id,
                               place.company_id, SUM(quant.quantity) AS quantity
                          FROM stock_quant quant
                          JOIN stock_location place ON place.id = quant.location_id
                         WHERE place.usage = 'internal' AND place.warehouse_id IS NOT NULL
                           AND quant.owner_id IS NULL
                      GROUP BY quant.product_id, place.warehouse_id, place.company_id
                        HAVING SUM(quant.quantity) > 0) stock
                  JOIN product_product product ON product.id = stock.product_id
                  JOIN product_template template ON template.id = product.product_tmpl_id
                  JOIN res_company company ON company.id = stock.company_id
             LEFT JOIN (SELECT product_id, warehouse_id,
                               MAX(day) FILTER (WHERE kind = 'issue') AS last_issue,
                               MAX(day) FILTER (WHERE kind = 'receipt') AS last_receipt,
                               COALESCE(MAX(day) FILTER (WHERE kind = 'issue'),
                                        MIN(day)) AS idle_since,
                               SUM(issued_quantity) FILTER (
                                   WHERE day > %(today)s::date - interval '12 months')
                                   AS yearly_quantity,
                               COALESCE(SUM(issued_quantity) FILTER (
                                   WHERE day > %(today)s::date
                                                - make_interval(months => %(excess)s)), 0)
                                   AS excess_base
                          FROM moves
                      GROUP BY product_id, warehouse_id) moved
                    ON moved.product_id = stock.product_id
                   AND moved.warehouse_id = stock.warehouse_id
             LEFT JOIN (SELECT product_id, company_id,
                               COALESCE(MAX(day) FILTER (WHERE kind = 'issue'),
                                        MIN(day)) AS idle_since
                          FROM moves
                      GROUP BY product_id, company_id) anywhere
                    ON anywhere.product_id = stock.product_id
                   AND anywhere.company_id = stock.company_id
            -- what came from another store is as old as it was there
            CROSS JOIN LATERAL (SELECT COALESCE(moved.idle_since, anywhere.idle_since)
                                    AS idle_since) since
                 WHERE template.dealer_is_part
              ) aged
            """,
            moves=self.env["dealer.part.move.report"]._get_query(),
            **self._get_limits(),
        )

    # === ACTIONS ===
    def action_propose(self):
        """Put these parts on the list of actions; those that are on it already stay as they are."""
        actions = self.env["dealer.part.slow.action"].create(
            [
                {
                    "product_id": row.product_id.id,
                    "warehouse_id": row.warehouse_id.id,
                    "quantity": row.excess_quantity or row.quantity,
                }
                for row in self
                if not row.action_id
            ]
        )
        return (actions | self.action_id)._get_records_action(name=self.env._("Slow Parts"))

    # === KEY FIGURES ===
    @api.model
    def _get_alert_domain(self):
        """What nobody takes care of yet."""
        return Domain("band", "!=", "fresh") & Domain("action_id", "=", False)
