from odoo import models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    def action_dealer_other_stores(self):
        """Where these parts lie."""
        return self.product_variant_ids.action_dealer_other_stores()
