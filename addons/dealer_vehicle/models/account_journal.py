from odoo import api, models


class AccountJournal(models.Model):
    _inherit = "account.journal"

    @api.model_create_multi
    def create(self, vals_list):
        journals = super().create(vals_list)
        journals.filtered(lambda journal: journal.type == "cash")._dealer_book_cash_at_once()
        return journals

    def _dealer_book_cash_at_once(self):
        """Let payments in cash move the cash account itself; an account that was chosen stays.

        Odoo books every payment on an account of outstanding receipts until a bank statement
        comes. For cash none ever does: the box would always look empty.
        """
        for journal in self.filtered("default_account_id"):
            ways = journal._dealer_get_payment_ways().filtered(
                lambda way: not way.payment_account_id
            )
            ways.payment_account_id = journal.default_account_id

    def _dealer_get_payment_ways(self):
        """Ways to pay in and out of these journals."""
        return self.inbound_payment_method_line_ids + self.outbound_payment_method_line_ids
