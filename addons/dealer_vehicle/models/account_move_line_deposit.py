from odoo import models
from odoo.exceptions import UserError


class AccountMoveLine(models.Model):
    """Posted items of a deposit keep the customer whose money it is."""

    _inherit = "account.move.line"  # pylint: disable=consider-merging-classes-inherited

    def write(self, vals):
        if not self.env.su and {"partner_id", "name"} & vals.keys():
            self._dealer_check_deposit_told()
        return super().write(vals)

    def _dealer_check_deposit_told(self):
        """Refuse to rewrite who paid a deposit, and what for: Odoo lets accountants."""
        for line in self:
            if line.parent_state == "posted" and line.move_id.dealer_deposit_id:
                raise UserError(
                    self.env._(
                        "%(entry)s is an entry of a customer's deposit and stays as it was booked."
                        " Reverse the receipt on the deposit, then enter it again.",
                        entry=line.move_id.name,
                    )
                )
