from odoo import models


class AccountPaymentRegister(models.TransientModel):
    _inherit = "account.payment.register"

    def _reconcile_payments(self, to_process, edit_mode=False):
        """The invoice notes by which payment it was paid, whoever collects the money."""
        if self.env["account.payment"]._dealer_is_cashier():
            # sudo: cashiers write payments and no entries; reading these items is theirs
            to_process = [
                {**vals, "to_reconcile": vals["to_reconcile"].sudo()} for vals in to_process
            ]
        return super()._reconcile_payments(to_process, edit_mode=edit_mode)
