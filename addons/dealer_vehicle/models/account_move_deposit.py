from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .dealer_deposit import USES

#: What a posted entry of a deposit was booked as.
BOOKED_AS = {"date", "journal_id", "partner_id", "state"}


class AccountMove(models.Model):
    """Entries that move customers' deposits."""

    _inherit = "account.move"  # pylint: disable=consider-merging-classes-inherited

    dealer_deposit_id = fields.Many2one(
        "dealer.deposit",
        string="Customer Receipt",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        readonly=True,
    )
    dealer_deposit_use = fields.Selection(
        USES, string="Use of the Deposit", copy=False, readonly=True
    )

    dealer_refund_id = fields.Many2one(
        "dealer.refund.request",
        string="Refund Request",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        readonly=True,
    )

    # === GUARDS ===
    @api.model_create_multi
    def create(self, vals_list):
        self._dealer_check_deposit_link(set().union(*vals_list))
        return super().create(vals_list)

    def write(self, vals):
        self._dealer_check_deposit_link(vals)
        if BOOKED_AS & vals.keys() and not self.env.su:
            self._dealer_check_deposit_entry()
        return super().write(vals)

    @api.model
    def _dealer_check_deposit_link(self, names):
        """What became of a deposit is read from its entries; nobody adds one by hand."""
        linked = {"dealer_deposit_id", "dealer_deposit_use", "dealer_refund_id"}.intersection(names)
        if linked and not self.env.su:
            raise AccessError(
                self.env._("Entries of deposits and refunds are made by their documents.")
            )

    # === POST ===
    def _post(self, soft=True):
        """Reversals stay in their period; invoices take the deposits of their orders."""
        self._dealer_check_reversal_period()
        posted = super()._post(soft)
        posted._dealer_apply_deposits()
        return posted

    def _dealer_check_reversal_period(self):
        """Refuse to reverse a deal into a closed period.

        Odoo would move the date without a word, and the reversal would stand in another month
        than the document that the customer holds.
        """
        for move in self:
            origin = move.reversed_entry_id
            is_deal = (
                move.dealer_deposit_id
                or origin.dealer_deposit_id
                or (origin and move.move_type == "out_refund")
            )
            if is_deal and move.date:
                move.company_id._dealer_check_open_period(
                    move.date, move.journal_id, has_tax=move._affect_tax_report()
                )

    def _dealer_filter_open_invoices(self):
        """Posted customer invoices with something left to pay, oldest first."""
        return self.filtered(
            lambda move: (
                move.move_type == "out_invoice"
                and move.state == "posted"
                and move.currency_id.compare_amounts(move.amount_residual, 0) > 0
            )
        ).sorted(lambda move: (move.invoice_date_due or move.date, move.id))

    def _dealer_apply_deposits(self):
        """Apply what customers have paid on the orders of these invoices, oldest money first."""
        # sudo: whoever posts invoices need not be one of accounting of the dealership
        for invoice in self.sudo()._dealer_filter_open_invoices():
            orders = invoice.line_ids.sale_line_ids.order_id
            deposits = orders.dealer_deposit_ids.filtered_domain(
                self.env["dealer.deposit"]._dealer_open_domain()
            )
            if invoice.currency_id != invoice.company_id.currency_id:
                continue
            for deposit in deposits.sorted(lambda deposit: (deposit.date, deposit.id)):
                deposit._apply(invoice)

    # === UNDO ===
    def _reverse_moves(self, default_values_list=None, cancel=False):
        """The reversal of an entry about a deposit is about that deposit, too."""
        if not self.env.su:  # the deposit asks who may, and reverses as superuser
            self._dealer_check_deposit_entry()
        reversals = super()._reverse_moves(default_values_list, cancel)
        for reversal in reversals:
            origin = reversal.reversed_entry_id
            if origin.dealer_deposit_id:
                # sudo: the link is nobody's to write
                reversal.sudo().write(
                    {
                        "dealer_deposit_id": origin.dealer_deposit_id.id,
                        "dealer_deposit_use": origin.dealer_deposit_use,
                    }
                )
        return reversals

    def button_draft(self):
        self._dealer_check_deposit_entry()
        return super().button_draft()

    def button_cancel(self):
        self._dealer_check_deposit_entry()
        return super().button_cancel()

    def _dealer_check_deposit_entry(self):
        """Posted entries of deposits are undone by reversal only, from the deposit."""
        posted = self.filtered(lambda move: move.dealer_deposit_id and move.state == "posted")
        if posted:
            raise UserError(
                self.env._(
                    "%(entry)s books deposit %(deposit)s. It is never reset or deleted: open the"
                    " deposit and reverse there, in an open period.",
                    entry=posted[0].name,
                    deposit=posted[0].dealer_deposit_id.display_name,
                )
            )
