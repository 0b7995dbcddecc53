from odoo import models


class AccountChartTemplate(models.AbstractModel):
    _inherit = "account.chart.template"  # pylint: disable=consider-merging-classes-inherited

    def _post_load_data(self, template_code, company, template_data):
        """A company with a new chart of accounts can book what a stocktake finds."""
        res = super()._post_load_data(template_code, company, template_data)
        (company or self.env.company)._dealer_setup_loss_account()
        return res
