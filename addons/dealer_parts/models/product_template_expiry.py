from odoo import api, models


class ProductTemplate(models.Model):
    """A new part is kept in stock and invoiced when issued; by lots when its class grows old."""

    _inherit = "product.template"

    @api.model_create_multi
    def create(self, vals_list):
        return super().create(self._dealer_fill_expiry(vals_list))

    @api.model
    def _dealer_fill_expiry(self, vals_list):
        """Values of new products with what their class says, where they say nothing."""
        Category = self.env["product.category"]
        filled = []
        for vals in vals_list:
            # sudo: the class is read for its defaults, whoever imports parts
            category = Category.browse(vals.get("categ_id")).sudo()
            if category.dealer_is_part and vals.get("type", "consu") == "consu":
                vals = {"is_storable": True, "invoice_policy": "delivery", **vals}
            if category and vals.get("is_storable"):
                vals = {**category._dealer_get_expiry_vals(), **vals}
            filled.append(vals)
        return filled

    @api.onchange("categ_id")
    def _onchange_dealer_expiry(self):
        """The form shows at once what the class says."""
        vals = self.categ_id and self.categ_id._dealer_get_expiry_vals()
        if vals and not self._origin:
            self.update({"is_storable": True, **vals})
