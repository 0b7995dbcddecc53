from odoo import models
from odoo.exceptions import UserError


class SaleAdvancePaymentInv(models.TransientModel):
    """Odoo's down payments book money before the delivery to income, with VAT."""

    _inherit = "sale.advance.payment.inv"

    def create_invoices(self):
        """Refuse down payments on cars: money before the invoice is owed to the customer."""
        if self.advance_payment_method in ("percentage", "fixed"):
            for order in self.sale_order_ids:
                if order._dealer_has_car():
                    raise UserError(
                        self.env._(
                            "%(order)s: money before the invoice is a deposit (earnest money or"
                            " prepayment), which is owed to the customer. The cashier enters it as"
                            " a customer receipt of the order.",
                            order=order.name,
                        )
                    )
        return super().create_invoices()
