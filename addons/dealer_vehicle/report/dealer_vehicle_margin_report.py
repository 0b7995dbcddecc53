from odoo import fields, models
from odoo.tools import SQL


class DealerVehicleMarginReport(models.Model):
    """Margin of each car in each deal, read from posted journal items and nothing else.

    Amounts are summed by balance, so that storno entries (negative debits and credits, as the
    Chinese charts use them) count right. An invoice and its credit note cancel out.
    """

    _name = "dealer.vehicle.margin.report"
    _description = "Vehicle Margin"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "vehicle_id"

    vehicle_id = fields.Many2one("dealer.vehicle", string="Car", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    date = fields.Date(string="Invoice Date", readonly=True)
    brand_id = fields.Many2one("fleet.vehicle.model.brand", readonly=True)
    series_id = fields.Many2one("dealer.vehicle.series", readonly=True)
    model_id = fields.Many2one("fleet.vehicle.model", string="Trim", readonly=True)
    kind = fields.Selection(
        selection=lambda self: (
            self.env["dealer.vehicle"]._fields["kind"]._description_selection(self.env)
        ),
        readonly=True,
    )
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    warehouse_id = fields.Many2one("stock.warehouse", string="Store", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    order_id = fields.Many2one("sale.order", string="Deal", readonly=True)
    revenue = fields.Monetary(readonly=True)
    cogs = fields.Monetary(string="Cost of Sales", readonly=True)
    late_cost = fields.Monetary(
        string="Other Cost", readonly=True, help="Posted on the car outside its stock value."
    )
    margin = fields.Monetary(readonly=True)
    units = fields.Integer(
        readonly=True, help="1 for a sold car, 0 when the sale was credited or only costs exist."
    )

    @property
    def _table_query(self):
        return SQL("%s %s %s %s", self._select(), self._from(), self._where(), self._group_by())

    def _select_fields(self):
        """Columns of the report: add one here and, if need be, in ``_group_by_fields``."""
        return {
            "id": SQL("MIN(item.id)"),
            "vehicle_id": SQL("item.dealer_vehicle_id"),
            "company_id": SQL("item.company_id"),
            "currency_id": SQL("item.company_currency_id"),
            "date": SQL(
                "COALESCE(MAX(item.date) FILTER (WHERE %s), MAX(item.date))", self._is_revenue()
            ),
            "brand_id": SQL("vehicle.brand_id"),
            "series_id": SQL("vehicle.series_id"),
            "model_id": SQL("vehicle.model_id"),
            "kind": SQL("vehicle.kind"),
            "user_id": SQL("sale.user_id"),
            "warehouse_id": SQL("sale.warehouse_id"),
            "partner_id": SQL("MAX(item.partner_id) FILTER (WHERE %s)", self._is_revenue()),
            "order_id": SQL("sale.id"),
            "revenue": self._sum(self._is_revenue(), sign=-1),
            "cogs": self._sum(self._is_cogs()),
            "late_cost": self._sum(SQL("NOT %s AND NOT %s", self._is_revenue(), self._is_cogs())),
            "margin": SQL("-SUM(item.balance)"),
            # what a returned car leaves (usage fee) is income, and no sold car
            "units": SQL(
                "SIGN(GREATEST(%s, 0))::integer",
                self._sum(SQL("(%s AND ended.id IS NULL)", self._is_revenue()), sign=-1),
            ),
        }

    def _is_revenue(self):
        return SQL("starts_with(account.account_type, 'income')")

    def _is_cogs(self):
        return SQL("(starts_with(account.account_type, 'expense') AND item.display_type = 'cogs')")

    def _sum(self, condition, sign=1):
        return SQL("COALESCE(SUM(%s * item.balance) FILTER (WHERE %s), 0)", sign, condition)

    def _select(self):
        columns = [
            SQL("%s AS %s", expression, SQL.identifier(name))
            for name, expression in self._select_fields().items()
        ]
        return SQL("SELECT %s", SQL(", ").join(columns))

    def _from(self):
        """Items with their car and deal: that of their invoice, else the car's latest one."""
        return SQL(
            """
            FROM account_move_line item
            JOIN account_account account ON account.id = item.account_id
            JOIN dealer_vehicle vehicle ON vehicle.id = item.dealer_vehicle_id
            LEFT JOIN LATERAL (
                SELECT rel.order_line_id
                  FROM account_move_line sibling
                  JOIN sale_order_line_invoice_rel rel ON rel.invoice_line_id = sibling.id
                 WHERE sibling.move_id = item.move_id
                   AND sibling.dealer_vehicle_id = item.dealer_vehicle_id
                 LIMIT 1
            ) invoiced ON TRUE
            LEFT JOIN account_move move ON move.id = item.move_id
            LEFT JOIN dealer_refund_request ended ON ended.id = move.dealer_refund_id
            LEFT JOIN sale_order_line line
                   ON line.id = COALESCE(
                       invoiced.order_line_id, ended.return_line_id, vehicle.sale_line_id
                   )
            LEFT JOIN sale_order sale ON sale.id = line.order_id
            """
        )

    def _where(self):
        return SQL(
            """
            WHERE item.parent_state = 'posted'
              AND item.dealer_vehicle_id IS NOT NULL
              AND (starts_with(account.account_type, 'income')
                   OR starts_with(account.account_type, 'expense'))
            """
        )

    def _group_by(self):
        return SQL(
            """
            GROUP BY item.dealer_vehicle_id, item.company_id, item.company_currency_id, sale.id,
                     vehicle.brand_id, vehicle.series_id, vehicle.model_id, vehicle.kind
            """
        )
