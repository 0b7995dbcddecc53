from odoo import api, models


class ProductProduct(models.Model):
    _inherit = "product.product"

    @api.model_create_multi
    def create(self, vals_list):
        """Before the defaults of Odoo, which would say that nothing is tracked."""
        return super().create(self.env["product.template"]._dealer_fill_expiry(vals_list))
