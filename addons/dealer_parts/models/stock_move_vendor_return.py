from odoo import models
from odoo.fields import Command


class StockMove(models.Model):
    """Parts go back to the supplier at the price for which they came (domain-cn §5).

    Stock falls by the average cost and the ledger by the supplier's credit note; what lies between
    them is an adjustment of the stock, booked with the return and not found at the month's end.
    """

    _inherit = "stock.move"

    def _action_done(self, cancel_backorder=False):
        moves = super()._action_done(cancel_backorder=cancel_backorder)
        # sudo: who sends parts back has no rights on the books; the amounts are those of the stock
        moves.sudo()._dealer_post_vendor_difference()
        return moves

    def _dealer_post_vendor_difference(self):
        vals_list = []
        for move in self.filtered(lambda move: move._dealer_is_vendor_return()):
            came = move.origin_returned_move_id
            quantity = move.product_uom._compute_quantity(move.quantity, came.product_uom)
            paid = came.value * quantity / came.quantity if came.quantity else 0.0
            difference = move.company_currency_id.round(paid - move.value)
            if not move.company_currency_id.is_zero(difference):
                vals_list.append(move._prepare_vendor_difference_vals(difference))
        entries = self.env["account.move"].create(vals_list)
        if entries:
            entries._post(soft=False)

    def _dealer_is_vendor_return(self):
        """Whether a part at average cost goes back to the supplier from whom it came."""
        self.ensure_one()
        part = self.product_id.with_company(self.company_id)
        return (
            self.state == "done"
            and self.location_dest_id.usage == "supplier"
            and self.origin_returned_move_id.location_id.usage == "supplier"
            and part.dealer_is_part
            and part.cost_method == "average"
            and part.valuation == "real_time"
        )

    def _prepare_vendor_difference_vals(self, difference):
        """Values of the entry: the ledger keeps what the stock keeps."""
        self.ensure_one()
        part = self.product_id.with_company(self.company_id)
        accounts = part.product_tmpl_id.get_product_accounts()
        stock = accounts["stock_valuation"]
        other = stock.account_stock_variation_id or accounts["expense"]
        name = self.env._(
            "%(picking)s: return of %(part)s to the supplier",
            picking=self.reference,
            part=part.display_name,
        )
        return {
            "journal_id": self.company_id.account_stock_journal_id.id,
            "ref": self.reference,
            "company_id": self.company_id.id,
            "line_ids": [
                Command.create(
                    {
                        "name": name,
                        "account_id": account.id,
                        "product_id": part.id,
                        "quantity": 0,
                        "balance": balance,
                    }
                )
                for account, balance in ((stock, difference), (other, -difference))
            ],
        }
