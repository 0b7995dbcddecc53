from odoo import api, models
from odoo.exceptions import AccessError

# What makes an entry out of a payment: written by the payment alone.
ENTRY_FIELDS = ("line_ids", "move_id")


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
        self._dealer_check_no_entry(set().union(*vals_list))
        return super().create(vals_list)

    def write(self, vals):
        self._dealer_check_no_entry(vals)
        return super(AccountPayment, self._dealer_with_books()).write(vals)

    def unlink(self):
        return super(AccountPayment, self._dealer_with_books("unlink")).unlink()

    def action_draft(self):
        return super(AccountPayment, self._dealer_with_books()).action_draft()

    def action_cancel(self):
        return super(AccountPayment, self._dealer_with_books()).action_cancel()

    def _generate_journal_entry(self, *args, **kwargs):
        books = super(AccountPayment, self._dealer_with_books())
        return books._generate_journal_entry(*args, **kwargs)
