from odoo import api, fields, models


class ProductCategory(models.Model):
    _inherit = "product.category"

    dealer_is_part = fields.Boolean(
        string="Parts",
        compute="_compute_dealer_is_part",
        store=True,
        readonly=False,
        recursive=True,
        help="Products of this class and of the classes below it are parts or accessories.",
    )

    @api.depends("parent_id.dealer_is_part")
    def _compute_dealer_is_part(self):
        for category in self:
            category.dealer_is_part = category.dealer_is_part or category.parent_id.dealer_is_part

    @api.model
    def _dealer_categories(self):
        """Parts are valued at moving average cost (domain-cn §5)."""
        categories = super()._dealer_categories()
        parts = self.search([("dealer_is_part", "=", True)])
        return {**categories, **dict.fromkeys(parts, "average")}
