from odoo import fields, models
from odoo.tools import SQL


class DealerCollectionReport(models.Model):
    """Promised payments of confirmed orders: how much is open, and for how long."""

    _name = "dealer.collection.report"
    _description = "Collection Ageing"
    _auto = False
    _order = "due_date, id"
    _rec_name = "order_id"

    order_id = fields.Many2one("sale.order", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    warehouse_id = fields.Many2one("stock.warehouse", string="Store", readonly=True)
    kind = fields.Selection(
        selection=lambda self: (
            self.env["dealer.collection.line"]._fields["kind"]._description_selection(self.env)
        ),
        readonly=True,
    )
    due_date = fields.Date(readonly=True)
    days_overdue = fields.Integer(readonly=True, aggregator="max")
    age_band = fields.Selection(
        [
            ("0_not_due", "Not Due"),
            ("1_30", "1-30 Days"),
            ("2_60", "31-60 Days"),
            ("3_90", "61-90 Days"),
            ("4_over", "Over 90 Days"),
        ],
        string="Age",
        readonly=True,
    )
    amount = fields.Monetary(string="Promised", readonly=True)
    paid_amount = fields.Monetary(string="Paid", readonly=True)
    open_amount = fields.Monetary(string="Open", readonly=True)
    overdue_amount = fields.Monetary(string="Overdue", readonly=True)

    @property
    def _table_query(self):
        return SQL("%s %s %s", self._select(), self._from(), self._where())

    def _select(self):
        today = fields.Date.context_today(self)
        days = SQL("(%s - line.due_date)", today)
        return SQL(
            """
            SELECT line.id, line.order_id, line.company_id, sale.currency_id, line.partner_id,
                   line.user_id, line.warehouse_id, line.kind, line.due_date,
                   CASE WHEN line.open_amount > 0 THEN GREATEST(%(days)s, 0) ELSE 0
                   END AS days_overdue,
                   CASE WHEN line.open_amount <= 0 OR %(days)s <= 0 THEN '0_not_due'
                        WHEN %(days)s <= 30 THEN '1_30'
                        WHEN %(days)s <= 60 THEN '2_60'
                        WHEN %(days)s <= 90 THEN '3_90'
                        ELSE '4_over'
                   END AS age_band,
                   line.amount, line.paid_amount, line.open_amount,
                   CASE WHEN %(days)s > 0 THEN line.open_amount ELSE 0 END AS overdue_amount
            """,
            days=days,
        )

    def _from(self):
        return SQL(
            "FROM dealer_collection_line line JOIN sale_order sale ON sale.id = line.order_id"
        )

    def _where(self):
        return SQL("WHERE sale.state = 'sale'")

    def action_view_order(self):
        """Open the order."""
        return self.order_id._get_records_action()
