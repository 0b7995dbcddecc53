from odoo import models
from odoo.exceptions import UserError


class StockMove(models.Model):
    """Parts are written off and taken in by counts and scraps only, which somebody approves.

    Both carry out what was approved as superuser; a transfer by hand to the loss location would go
    past them.
    """

    _inherit = "stock.move"

    def _action_done(self, cancel_backorder=False):
        self._dealer_check_approved_loss()
        return super()._action_done(cancel_backorder=cancel_backorder)

    def _dealer_check_approved_loss(self):
        if self.env.su or self.env.user.has_group("base.group_system"):
            return
        for move in self:
            usages = (move.location_id.usage, move.location_dest_id.usage)
            if move.product_id.dealer_is_part and "inventory" in usages:
                raise UserError(
                    self.env._(
                        "%(part)s is written off or taken in by a count or a scrap order, which"
                        " somebody else approves, not by a transfer.",
                        part=move.product_id.display_name,
                    )
                )
