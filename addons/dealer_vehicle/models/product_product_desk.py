from odoo import api, models


class ProductProduct(models.Model):
    _inherit = "product.product"  # pylint: disable=consider-merging-classes-inherited

    @api.model_create_multi
    def create(self, vals_list):
        """Before Odoo fills in the default taxes of its template."""
        return super().create(self.env["product.template"]._dealer_add_taxes(vals_list))
