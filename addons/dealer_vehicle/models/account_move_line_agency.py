from odoo import fields, models


class AccountMoveLine(models.Model):
    """Journal item that belongs to a deal."""

    _inherit = "account.move.line"  # pylint: disable=consider-merging-classes-inherited

    dealer_sale_id = fields.Many2one(
        "sale.order",
        string="Deal",
        index="btree_not_null",
        ondelete="restrict",
        help="Deal whose money this is. Agency money of a deal must end at zero.",
    )

    def _dealer_match_agency(self):
        """Match what was collected for others with what was paid on, deal by deal.

        Only deals at zero: what is matched in part would hide what is still open.
        """
        candidates = self.filtered(lambda line: line.dealer_sale_id and line.account_id.reconcile)
        for company, lines in candidates.grouped("company_id").items():
            # sudo: the other items of the deal may be in journals that the poster may not read
            account = company._dealer_find_agency_account()
            lines = lines.filtered(lambda line, account=account: line.account_id == account)
            for order in lines.dealer_sale_id:
                items = self.sudo().search(  # sudo: see above
                    [
                        ("dealer_sale_id", "=", order.id),
                        ("account_id", "=", account.id),
                        ("company_id", "=", company.id),
                        ("parent_state", "=", "posted"),
                        ("reconciled", "=", False),
                    ]
                )
                if len(items) > 1 and company.currency_id.is_zero(sum(items.mapped("balance"))):
                    items.reconcile()
