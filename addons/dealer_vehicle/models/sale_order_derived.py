from odoo import models


class SaleOrder(models.Model):
    """Amounts and facts of a deal follow from its lines, deposits and entries."""

    _name = "sale.order"
    _inherit = ["sale.order", "dealer.derived.mixin"]

    _derived_prefix = "dealer_"
    _derived_others = frozenset({"amount_untaxed", "amount_tax", "amount_total"})
