from odoo import api, models


class ResCompany(models.Model):
    _inherit = "res.company"

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        # sudo: who creates companies need not have rights on product categories
        self.env["product.category"].sudo()._dealer_setup_valuation(companies)
        return companies
