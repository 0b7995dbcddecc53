from odoo import api, models
from odoo.exceptions import UserError, ValidationError


class PaymentTransaction(models.Model):
    """Online payments of deals."""

    _inherit = "payment.transaction"

    @api.model_create_multi
    def create(self, vals_list):
        """Nobody pays online what is still being decided on, by whatever link he comes."""
        transactions = super().create(vals_list)
        for order in transactions.sale_order_ids:
            if order._dealer_is_price_open():
                raise ValidationError(order._dealer_get_price_open_message())
        return transactions

    def _check_amount_and_confirm_order(self):
        """Money that has come stays, also when its deal cannot be confirmed: people settle it."""
        confirmed = self.env["sale.order"]
        for transaction in self:
            try:
                with self.env.cr.savepoint():
                    confirmed |= super(
                        PaymentTransaction, transaction
                    )._check_amount_and_confirm_order()
            except UserError as error:
                transaction.sale_order_ids._dealer_note_portal_refusal(error)
        return confirmed
