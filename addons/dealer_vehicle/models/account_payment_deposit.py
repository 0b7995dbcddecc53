from odoo import models
from odoo.exceptions import UserError

#: States of a payment whose money has been told to the books.
BOOKED = ("in_process", "paid")


class AccountPayment(models.Model):
    """Money of a deposit that is in the books stays as it was received or paid out.

    Receipt, journal entry and deposit tell the same money: Odoo would let its people rewrite the
    payment alone.
    """

    _name = "account.payment"
    _inherit = ["account.payment", "dealer.derived.mixin"]

    _derived_prefix = "dealer_"
    _fixed_fields = frozenset(
        {
            "amount",
            "company_id",
            "currency_id",
            "date",
            "destination_account_id",
            "journal_id",
            "partner_id",
            "partner_type",
            "payment_type",
        }
    )

    def write(self, vals):
        # first: what cashiers write goes on with all rights, past every guard that comes later
        self._dealer_check_deposit_link(vals)
        self._check_not_fixed(vals)
        if vals.get("state", "paid") not in BOOKED and not self.env.su:
            self._dealer_check_booked()
        return super().write(vals)

    def _check_not_fixed(self, vals):
        """OVERRIDE: payments of deposits only, once they are booked."""
        return super(AccountPayment, self._dealer_filter_booked())._check_not_fixed(vals)

    def _dealer_check_booked(self):
        """Refuse to take the payment of a booked deposit back alone."""
        for payment in self._dealer_filter_booked():
            raise UserError(
                self.env._(
                    "%(payment)s is the money of a deposit. Let the accountant reverse the"
                    " receipt on the deposit.",
                    payment=payment.display_name,
                )
            )

    def _dealer_filter_booked(self):
        """Payments of deposits that are in the books."""
        # sudo: cashiers need not read the deposit to be refused
        booked = self.sudo().filtered(
            lambda payment: (
                payment.dealer_deposit_id
                and (payment.state in BOOKED or payment.move_id.state == "posted")
            )
        )
        return booked.sudo(self.env.su)

    def _get_fixed_message(self, name):
        return self.env._(
            'The payment of a deposit is booked: its field "%(field)s" stays. Let the accountant'
            " reverse the receipt on the deposit, then enter it again.",
            field=self._fields[name]._description_string(self.env),
        )

    def _get_aml_default_display_name_list(self):
        """OVERRIDE account: the method of payment has a name in one language only."""
        label = self.env.context.get("dealer_payment_label")
        return [("label", label)] if label else super()._get_aml_default_display_name_list()
