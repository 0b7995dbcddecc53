from odoo import api, fields, models


class ResCompany(models.Model):
    """Who buys cars, and where lost and found cars wait for the accountant's decision."""

    _inherit = "res.company"  # pylint: disable=consider-merging-classes-inherited

    dealer_gate_purchase = fields.Boolean(
        string="Approve Purchases of Cars",
        default=True,
        help="Purchase orders of cars beyond the limit of the buyer need the finance manager or the"
        " general manager (parameters vehicle_purchase_manager_limit and"
        " vehicle_purchase_finance_limit).",
    )

    @api.model
    def _dealer_setup_loss_accounts(self):
        """Give the loss locations of all companies their account; run at every update."""
        self.search([("active", "in", (True, False))])._dealer_setup_loss_account()

    def _dealer_setup_loss_account(self):
        """Lost cars go to pending losses (1901 待处理财产损溢), where the chart has the account.

        Without an account Odoo would take a lost car out of the stock and leave its cost on the
        stock account for ever. A location that has an account keeps it.
        """
        Chart = self.env["account.chart.template"]
        for company in self:
            account = Chart.with_company(company).ref(
                "l10n_cn_common_account_1901", raise_if_not_found=False
            )
            location = (
                self.env["product.product"].with_company(company).new({}).property_stock_inventory
            )
            if account and location and not location.valuation_account_id:
                location.valuation_account_id = account
