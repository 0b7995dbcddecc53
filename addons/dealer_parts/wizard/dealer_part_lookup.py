from odoo import api, fields, models
from odoo.fields import Domain

from ..tools.part_number import normalise


class DealerPartLookup(models.TransientModel):
    """Ask for any number at the counter; what is not there is noted as a lost sale by itself."""

    _name = "dealer.part.lookup"
    _description = "Part Look-Up"

    number = fields.Char(string="Part Number")
    quantity = fields.Float(default=1.0, digits="Product Unit")
    partner_id = fields.Many2one("res.partner", string="Customer")
    warehouse_id = fields.Many2one(
        "stock.warehouse",
        string="Store",
        required=True,
        default=lambda self: self.env.user._get_default_warehouse_id(),
    )
    product_ids = fields.Many2many(
        "product.product", string="Parts", compute="_compute_product_ids"
    )

    @api.depends("number")
    def _compute_product_ids(self):
        for lookup in self:
            lookup.product_ids = lookup._dealer_search()

    def _dealer_search(self):
        """Parts with this number; through supersession when the catalogue can (contract)."""
        self.ensure_one()
        Product = self.env["product.product"]
        key = normalise(self.number)
        if not key:
            return Product
        if hasattr(Product, "_dealer_search_parts"):
            return Product._dealer_search_parts(self.number)
        return Product.search(
            Domain("dealer_is_part", "=", True) & Domain("dealer_part_key", "=like", f"{key}%"),
            limit=80,
        )

    def action_search(self):
        """Show the parts; note the need when none of the family is in the store."""
        self.ensure_one()
        product = self.product_ids[:1]
        if product:
            family = product
            if hasattr(product, "_dealer_get_family"):
                family |= product._dealer_get_family()
            family = family.with_context(warehouse_id=self.warehouse_id.id)
            if product.uom_id.compare(sum(family.mapped("free_qty")), 0) <= 0:
                self.env["dealer.lost.sale"]._dealer_capture(
                    product, self.quantity, self.warehouse_id, "search", partner=self.partner_id
                )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Part Look-Up"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
        }
