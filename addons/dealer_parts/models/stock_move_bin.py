from odoo import models


class StockMove(models.Model):
    """Parts come into bins that are free for them."""

    _inherit = "stock.move"

    def _action_done(self, cancel_backorder=False):
        self._dealer_check_bins()
        return super()._action_done(cancel_backorder=cancel_backorder)

    def _dealer_check_bins(self):
        """A bin holds one part unless it is mixed; asked once for all lines."""
        lines = self.move_line_ids.filtered(
            lambda line: (
                line.location_dest_id.dealer_is_bin
                # what a count finds does lie there
                and not line.move_id.is_inventory
                and not line.location_dest_id.dealer_is_mixed
                and line.product_id.dealer_is_part
                and line.quantity > 0
                and line.location_id != line.location_dest_id
            )
        )
        if not lines:
            return
        by_bin = {
            place: group.product_id for place, group in lines.grouped("location_dest_id").items()
        }
        lines.location_dest_id._dealer_check_bins(by_bin)
