from odoo import models


class AccountChartTemplate(models.AbstractModel):
    _inherit = "account.chart.template"

    def _post_load_data(self, template_code, company, template_data):
        """A company with a new chart of accounts gets accounts for its cars and its desk."""
        res = super()._post_load_data(template_code, company, template_data)
        self.env["product.category"]._dealer_setup_valuation(company)
        (company or self.env.company)._dealer_setup_desk()
        return res
