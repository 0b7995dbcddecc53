from odoo import models


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

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
