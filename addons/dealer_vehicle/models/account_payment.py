from odoo import api, fields, models
from odoo.exceptions import AccessError


class AccountPayment(models.Model):
    """Money of a customer that is not for an invoice yet."""

    _inherit = "account.payment"

    dealer_deposit_id = fields.Many2one(
        "dealer.deposit",
        string="Customer Receipt",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        readonly=True,
    )

    @api.model_create_multi
    def create(self, vals_list):
        self._dealer_check_deposit_link(set().union(*vals_list))
        return super().create(vals_list)

    def write(self, vals):
        self._dealer_check_deposit_link(vals)
        return super().write(vals)

    @api.model
    def _dealer_check_deposit_link(self, names):
        """What became of a deposit is read from its payments; nobody adds one by hand."""
        if "dealer_deposit_id" in names and not self.env.su:
            raise AccessError(self.env._("Payments of a deposit are made by the deposit itself."))

    def _get_aml_default_display_name_list(self):
        """Books tell which money it is, in the language of the company, not how it was entered."""
        # sudo: the link is nobody's to write, and cashiers need not read the order
        deposit = self.sudo().dealer_deposit_id
        if not deposit:
            return super()._get_aml_default_display_name_list()
        return [("label", deposit._get_payment_label(self.payment_type))]

    def _generate_journal_entry(self, write_off_line_vals=None, force_balance=None, line_ids=None):
        """The entry of the payment says which deposit it moves."""
        result = super()._generate_journal_entry(write_off_line_vals, force_balance, line_ids)
        # sudo: the link is nobody's to write
        for payment in self.sudo().filtered("dealer_deposit_id"):
            payment.move_id.write(
                {
                    "dealer_deposit_id": payment.dealer_deposit_id.id,
                    "dealer_deposit_use": (
                        "receipt" if payment.payment_type == "inbound" else "payout"
                    ),
                }
            )
        return result
