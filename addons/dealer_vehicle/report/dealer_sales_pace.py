from odoo import fields, models
from odoo.tools import SQL


class DealerSalesPace(models.Model):
    """Day by day what a target asks for and what was delivered; summed up it is the pace line."""

    _name = "dealer.sales.pace"
    _description = "Sales Pace"
    _auto = False
    _order = "date, kind"
    _rec_name = "target_id"

    target_id = fields.Many2one("dealer.sales.target", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    warehouse_id = fields.Many2one("stock.warehouse", string="Store", readonly=True)
    date = fields.Date(readonly=True)
    kind = fields.Selection([("target", "Target"), ("actual", "Delivered")], readonly=True)
    units = fields.Float(string="Cars", readonly=True)

    @property
    def _table_query(self):
        Target = self.env["dealer.sales.target"]
        return SQL(
            """
            SELECT (target.id * 31 + EXTRACT(DAY FROM day)::integer) * 2 AS id,
                   target.id AS target_id, target.company_id, target.user_id, target.warehouse_id,
                   day::date AS date, 'target' AS kind,
                   target.quantity
                       / EXTRACT(DAY FROM target.month + INTERVAL '1 month' - INTERVAL '1 day')
                       AS units
              FROM dealer_sales_target target
        CROSS JOIN LATERAL generate_series(
                       target.month, target.month + INTERVAL '1 month' - INTERVAL '1 day',
                       INTERVAL '1 day') day
             UNION ALL
            SELECT (target.id * 31 + EXTRACT(DAY FROM delivery.day)::integer) * 2 + 1,
                   target.id, target.company_id, target.user_id, target.warehouse_id,
                   delivery.day, 'actual', SUM(delivery.units)
              FROM dealer_sales_target target
              JOIN (%s) delivery ON %s
          GROUP BY target.id, delivery.day
            """,
            Target._get_deliveries_query(),
            Target._get_match_condition(),
        )
