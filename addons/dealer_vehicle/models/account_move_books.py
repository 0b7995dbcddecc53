from odoo import models
from odoo.exceptions import AccessError

from .dealer_derived_mixin import DealerDerivedMixin


class AccountMove(models.Model):
    """The books belong to accounting, and what an entry amounts to belongs to nobody.

    Odoo lets buyers write every entry, because they enter the bills of their vendors; deals read
    from the invoices whether they are paid.
    """

    _name = "account.move"
    _inherit = ["account.move", DealerDerivedMixin._name]

    _derived_prefix = "dealer_"
    _derived_others = frozenset(
        {
            "amount_residual",
            "amount_residual_signed",
            "amount_tax",
            "amount_tax_signed",
            "amount_total",
            "amount_total_in_currency_signed",
            "amount_total_signed",
            "amount_untaxed",
            "amount_untaxed_signed",
        }
    )

    def _compute_amount(self):
        # sudo: Odoo also calls it by hand when the totals of a bill are typed, and writes them then
        return super(AccountMove, self.sudo())._compute_amount()

    def write(self, vals):
        self._dealer_check_bookkeeper()
        return super().write(vals)

    def _dealer_check_bookkeeper(self):
        """Whoever only buys writes the bills that he enters, until they are posted."""
        user = self.env.user
        if self.env.su or user.has_group("account.group_account_invoice"):
            return
        for move in self:
            if move.state == "posted" or not move.is_purchase_document(include_receipts=True):
                raise AccessError(
                    self.env._(
                        "%(entry)s belongs to accounting. Ask there to change it.",
                        entry=move.display_name,
                    )
                )
