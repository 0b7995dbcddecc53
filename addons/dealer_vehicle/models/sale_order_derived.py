from odoo import models


class SaleOrder(models.Model):
    """Amounts and facts of a deal follow from its lines, deposits and entries."""

    _name = "sale.order"
    _inherit = ["sale.order", "dealer.derived.mixin"]

    _derived_prefix = "dealer_"
    _derived_others = frozenset(
        {
            "amount_to_invoice",
            "amount_invoiced",
            "amount_tax",
            "amount_total",
            "amount_untaxed",
            "currency_id",
            "currency_rate",
            "delivery_status",
            "invoice_status",
        }
    )
