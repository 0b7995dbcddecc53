from odoo import api, models
from odoo.exceptions import AccessError


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        """A cashier matches items, see ``reconcile``; how much of each follows from them."""
        if not self.env.su and self.env["account.payment"]._dealer_is_cashier():
            raise AccessError(
                self.env._("Match the payment with the invoice; the amounts follow from them.")
            )
        return super().create(vals_list)

    def _create_tax_cash_basis_moves(self):
        """Odoo books tax that is due on payment, whoever collects the money."""
        # sudo: cashiers write payments and no entries
        partials = super(AccountPartialReconcile, self.sudo())
        return partials._create_tax_cash_basis_moves().sudo(False)

    def unlink(self):
        """Whoever may match a payment may undo it; Odoo reverses the entries that it had made."""
        partials = self
        if not self.env.su and self.env["account.payment"]._dealer_is_cashier():
            self.check_access("unlink")
            partials = self.sudo()  # sudo: see above
        return super(AccountPartialReconcile, partials).unlink()
