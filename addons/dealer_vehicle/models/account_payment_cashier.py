from odoo import api, models
from odoo.exceptions import AccessError

# What makes an entry out of a payment: written by the payment alone. The last two are taken by
# Odoo when a payment is made and are no fields.
ENTRY_FIELDS = ("line_ids", "move_id", "write_off_line_vals", "force_balance")


class AccountPayment(models.Model):
    """A cashier writes payments; Odoo writes their entries for him.

    Cash and books are two posts: whoever only collects may write no entry at all, not even that
    of a payment, else an entry passed off as a payment would book anything.
    """

    _inherit = "account.payment"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _dealer_is_cashier(self):
        """Whether the user collects and pays, and keeps no books."""
        user = self.env.user
        return user.has_group("dealer_base.group_cashier") and not user.has_group(
            "dealer_base.group_accountant"
        )

    def _dealer_with_books(self, operation="write"):
        """These payments with the right to write their entries, for whoever may write them."""
        if self.env.su or not self._dealer_is_cashier():
            return self
        self.check_access(operation)
        return self.sudo()  # sudo: the entry follows from the payment, see the class

    @api.model
    def _dealer_check_no_entry(self, names):
        """Refuse entries that a cashier brings along instead of letting the payment make them."""
        defaults = [name for name in ENTRY_FIELDS if f"default_{name}" in self.env.context]
        brought = defaults or set(ENTRY_FIELDS).intersection(names)
        if brought and not self.env.su and self._dealer_is_cashier():
            raise AccessError(
                self.env._(
                    "The journal entry of a payment is made by the payment itself. Enter the"
                    " payment only, and ask an accountant for other entries."
                )
            )

    @api.model_create_multi
    def create(self, vals_list):
        # Odoo's own dialog sends an empty list of write-offs
        names = {name for vals in vals_list for name, value in vals.items() if value}
        self._dealer_check_no_entry(names)
        return super().create(vals_list)

    def write(self, vals):
        self._dealer_check_no_entry(vals)
        return super(AccountPayment, self._dealer_with_books()).write(vals)

    def unlink(self):
        self._dealer_check_not_own()
        return super(AccountPayment, self._dealer_with_books("unlink")).unlink()

    def action_draft(self):
        self._dealer_check_not_own()
        return super(AccountPayment, self._dealer_with_books()).action_draft()

    def action_cancel(self):
        self._dealer_check_not_own()
        return super(AccountPayment, self._dealer_with_books()).action_cancel()

    def _dealer_check_not_own(self):
        """Whoever took the money does not take the receipt back once it is in the books."""
        if self.env.su or not self._dealer_is_cashier():
            return
        for payment in self:
            if payment.state in ("in_process", "paid") and payment.create_uid == self.env.user:
                raise AccessError(
                    self.env._(
                        "%(payment)s is in the books and you entered it yourself: an accountant, or"
                        " another cashier, takes it back.",
                        payment=payment.display_name,
                    )
                )

    def _generate_journal_entry(self, *args, **kwargs):
        books = super(AccountPayment, self._dealer_with_books())
        return books._generate_journal_entry(*args, **kwargs)
