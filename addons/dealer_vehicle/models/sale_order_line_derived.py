from odoo import models


class SaleOrderLine(models.Model):
    """Whether a line holds its car, and what it comes to, follows from the line."""

    _name = "sale.order.line"
    _inherit = ["sale.order.line", "dealer.derived.mixin"]

    _derived_prefix = "dealer_"
    _derived_others = frozenset({"price_subtotal", "price_tax", "price_total"})
