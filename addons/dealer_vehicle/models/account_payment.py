from odoo import fields, models


class AccountPayment(models.Model):
    """Money of a customer that is not for an invoice yet."""

    _inherit = "account.payment"

    dealer_deposit_id = fields.Many2one(
        "dealer.deposit",
        string="Deposit",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        readonly=True,
    )

    def _generate_move_vals(self, write_off_line_vals=None, force_balance=None, line_ids=None):
        """The entry of the payment says which deposit it moves."""
        vals = super()._generate_move_vals(write_off_line_vals, force_balance, line_ids)
        if self.dealer_deposit_id:
            vals.update(
                dealer_deposit_id=self.dealer_deposit_id.id,
                dealer_deposit_use="receipt" if self.payment_type == "inbound" else "payout",
            )
        return vals
