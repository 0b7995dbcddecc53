from odoo import fields, models
from odoo.exceptions import UserError

from .dealer_part_transfer import MOVING


class StockMove(models.Model):
    """Parts between stores move by the steps of their request, so that both stores confirm."""

    _inherit = "stock.move"

    dealer_part_transfer_line_id = fields.Many2one(
        "dealer.part.transfer.line",
        string="Transferred Part",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )

    def write(self, vals):
        """A move stays with its transfer: cut off, one store alone could post it."""
        if "dealer_part_transfer_line_id" in vals and not self.env.su:
            raise UserError(self.env._("A move cannot be taken from its transfer of parts."))
        return super().write(vals)

    def _action_done(self, cancel_backorder=False):
        self._dealer_check_moved_by_transfer()
        return super()._action_done(cancel_backorder=cancel_backorder)

    def _dealer_check_moved_by_transfer(self):
        if self.env.su or self.env.context.get("dealer_part_moving") is MOVING:
            return
        for move in self:
            transfer = move.dealer_part_transfer_line_id.transfer_id
            # a loss has been approved on its scrap order
            if transfer and move.picked and move.location_dest_id.usage != "inventory":
                raise UserError(
                    self.env._(
                        "%(part)s goes by transfer %(transfer)s: ship and receive it there.",
                        part=move.product_id.display_name,
                        transfer=transfer.name,
                    )
                )
