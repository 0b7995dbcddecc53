from odoo import Command, fields, models
from odoo.exceptions import UserError

#: Accounts by the two Chinese charts: small business, then ASBE.
EXPENSES = ("l10n_cn_account_5602", "l10n_cn_large_bis_account_6602")
GAINS = ("l10n_cn_account_5301", "l10n_cn_large_bis_account_6301")
TAX_PAYABLE = ("l10n_cn_common_account_2221",)


class DealerPartCount(models.Model):
    """What becomes of pending losses (1901) when the accountant settles a count.

    domain-cn §6.4, entry 19: a shortage of bad keeping also gives its input VAT back
    (进项税额转出); cost and VAT go from pending losses to administrative expenses, a surplus to
    other income. The entry is a draft: the accountant looks at it, changes what a person pays, and
    posts it.
    """

    _inherit = "dealer.part.count"

    settlement_move_id = fields.Many2one(
        "account.move", string="Settlement", readonly=True, copy=False, index="btree_not_null"
    )

    def action_settle(self):
        """Prepare the entry that clears pending losses of this count."""
        self.ensure_one()
        self.check_access("read")
        if self.state != "done":
            raise UserError(self.env._("Pending losses are settled when the count is approved."))
        if not self.env.user.has_group("account.group_account_user"):
            raise UserError(self.env._("The accountant settles pending losses."))
        if not self.settlement_move_id:
            lines = self.line_ids.filtered("difference")
            if not lines:
                raise UserError(self.env._("This count found no differences."))
            # sudo: the link is a fact of the count, which the accountant only reads
            self.sudo().with_context(skip_validation_check=True).settlement_move_id = self.env[
                "account.move"
            ].create(self._prepare_settlement_vals(lines))
        return self.settlement_move_id._get_records_action(name=self.env._("Settlement"))

    def _prepare_settlement_vals(self, lines):
        self.ensure_one()
        commands = []
        for line in lines:
            commands += self._prepare_settlement_lines(line)
        return {
            "move_type": "entry",
            "company_id": self.company_id.id,
            "ref": self.name,
            "line_ids": commands,
        }

    def _prepare_settlement_lines(self, line):
        """The items of one difference: pairs of an account and what it gets."""
        pending = self._get_loss_location(line.product_id).valuation_account_id
        value = line.difference_value
        if value > 0:
            pairs = [(pending, value), (self._get_settlement_account(GAINS), -value)]
        else:
            lost, tax = -value, self._get_lost_tax(line)
            expense = self._get_settlement_account(EXPENSES)
            pairs = []
            if tax:
                pairs += [(pending, tax), (self._get_settlement_account(TAX_PAYABLE), -tax)]
            pairs += [(expense, lost + tax), (pending, -lost - tax)]
        return [
            Command.create(
                {
                    "name": f"{line.display_name}: {line.reason_id.name}",
                    "account_id": account.id,
                    "product_id": line.product_id.id,
                    "debit": max(amount, 0),
                    "credit": max(-amount, 0),
                }
            )
            for account, amount in pairs
        ]

    def _get_lost_tax(self, line):
        """Input VAT of what was lost by bad keeping; of normal losses none is given back."""
        if not line.reason_id.transfers_tax:
            return 0.0
        taxes = line.product_id.supplier_taxes_id._filter_taxes_by_company(self.company_id)
        rate = sum(taxes.filtered(lambda tax: tax.amount_type == "percent").mapped("amount"))
        return self.currency_id.round(-line.difference_value * rate / 100)

    def _get_settlement_account(self, names):
        Chart = self.env["account.chart.template"].with_company(self.company_id)
        for name in names:
            account = Chart.ref(name, raise_if_not_found=False)
            if account:
                return account
        raise UserError(
            self.env._(
                "The chart of accounts has no account for this settlement. Book it by hand from"
                " the journal entries of the count."
            )
        )
