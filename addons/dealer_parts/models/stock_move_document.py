from odoo import models
from odoo.exceptions import UserError

#: Usages of places outside the house; what goes there or comes from there has a paper.
OUTSIDE = {"customer", "supplier"}


class StockMove(models.Model):
    """Parts leave and come on a document only (领料, domain-cn §5).

    A transfer by hand to a customer or from a supplier would change the stock, and nobody would
    ever invoice or pay it: the ledger would not follow.
    """

    _inherit = "stock.move"

    def _action_done(self, cancel_backorder=False):
        self._dealer_check_part_document()
        return super()._action_done(cancel_backorder=cancel_backorder)

    def _dealer_check_part_document(self):
        if self.env.su or self.env.user.has_group("base.group_system"):
            return
        for move in self:
            if not move.product_id.dealer_is_part or not move.picked:
                continue
            move._dealer_check_between_stores()
            usages = {move.location_id.usage, move.location_dest_id.usage}
            if not usages & OUTSIDE:
                continue
            if not move._dealer_has_part_document():
                raise UserError(
                    self.env._(
                        "%(part)s has no document on this transfer. Sell it at the counter or hand"
                        " it out on a parts request; receive it on a purchase order; return it from"
                        " the transfer by which it came or went.",
                        part=move.product_id.display_name,
                    )
                )

    def _dealer_check_between_stores(self):
        """Both stores confirm what goes from one to the other."""
        stores = self.location_id.warehouse_id | self.location_dest_id.warehouse_id
        if len(stores) > 1 and not self.dealer_part_transfer_line_id:
            raise UserError(
                self.env._(
                    "%(part)s goes to another store. Ask for it with a transfer between stores,"
                    " which both of them confirm.",
                    part=self.product_id.display_name,
                )
            )

    def _dealer_has_part_document(self):
        """Whether an order, a request or an earlier transfer stands behind the move."""
        self.ensure_one()
        return bool(
            self.sale_line_id
            or self.purchase_line_id
            or self.dealer_part_request_line_id
            or self.origin_returned_move_id
        )
