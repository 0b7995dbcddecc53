from odoo import api, fields, models


class SaleOrder(models.Model):
    """Money of a deal that belongs to others (代收代付)."""

    _inherit = "sale.order"  # pylint: disable=consider-merging-classes-inherited

    dealer_agency_balance = fields.Monetary(
        string="Agency Money Open",
        compute="_compute_dealer_agency_balance",
        compute_sudo=True,
        currency_field="dealer_company_currency_id",
        help="Collected and not paid on yet; negative when more was paid than collected.",
    )
    dealer_company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Currency of the Company"
    )

    @api.depends("invoice_ids.state", "invoice_ids.line_ids.balance")
    def _compute_dealer_agency_balance(self):
        """From posted entries of the agency account and nothing else."""
        balances = {}
        for company, orders in self.grouped("company_id").items():
            account = company._dealer_find_agency_account()
            groups = self.env["account.move.line"]._read_group(
                [
                    ("dealer_sale_id", "in", orders.ids),
                    ("account_id", "=", account.id),
                    ("parent_state", "=", "posted"),
                ],
                ["dealer_sale_id"],
                ["balance:sum"],
            )
            balances.update({order.id: balance for order, balance in groups})
        for order in self:
            order.dealer_agency_balance = -balances.get(order._origin.id, 0.0)

    def action_dealer_view_agency(self):
        """Open the agency ledger of the deals (button)."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "dealer_vehicle.dealer_agency_ledger_action"
        )
        return dict(action, domain=[("order_id", "in", self.ids)], context={})
