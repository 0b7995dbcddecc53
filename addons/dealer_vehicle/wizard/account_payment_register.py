from odoo import models
from odoo.exceptions import UserError
from odoo.tools import formatLang


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

    def _create_payments(self):
        self._dealer_check_write_off()
        return super()._create_payments()

    def _dealer_check_write_off(self):
        """Refuse to write off more than odd cents: the deal would count as paid, and its car goes.

        Cashiers write off nothing, see ``account.payment``.
        """
        if self.env.su or self.env.user.has_group("dealer_base.group_finance_manager"):
            return
        for register in self:
            off = abs(register.payment_difference)
            if register.payment_difference_handling != "reconcile" or not off:
                continue
            company = register.company_id
            limit = float(
                self.env["dealer.parameter"]._get_value(
                    "write_off_limit", register.payment_date, company=company
                )
            )
            off = register.currency_id._convert(
                off, company.currency_id, company, register.payment_date
            )
            if off > limit:
                raise UserError(
                    self.env._(
                        "%(off)s would be written off, more than %(limit)s. The finance manager"
                        " does that, or the difference stays open.",
                        off=formatLang(self.env, off, currency_obj=company.currency_id),
                        limit=formatLang(self.env, limit, currency_obj=company.currency_id),
                    )
                )
