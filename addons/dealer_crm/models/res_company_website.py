from odoo import models


class ResCompany(models.Model):
    """The website of a company goes by its name."""

    _inherit = "res.company"  # pylint: disable=consider-merging-classes-inherited

    def write(self, vals):
        old_names = self.mapped("name") if "name" in vals else []
        result = super().write(vals)
        if old_names:
            # sudo: who names the company need not be the one who designs the website
            websites = self.env["website"].sudo().search([("company_id", "in", self.ids)])
            websites._dealer_present_company(old_names)
        return result
