from odoo import models


class ProductProduct(models.Model):
    _inherit = "product.product"

    def action_dealer_other_stores(self):
        """Where these parts lie."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "dealer_parts.dealer_part_store_stock_action"
        )
        return dict(action, domain=[("product_id", "in", self.ids)])
