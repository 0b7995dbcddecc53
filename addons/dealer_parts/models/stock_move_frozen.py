from odoo import models
from odoo.exceptions import UserError


class StockMove(models.Model):
    """Nothing moves in bins that a full count has frozen (domain-cn §5)."""

    _inherit = "stock.move"

    def _action_done(self, cancel_backorder=False):
        self._dealer_check_not_frozen()
        return super()._action_done(cancel_backorder=cancel_backorder)

    def _dealer_check_not_frozen(self):
        """Refuse moves of parts in frozen bins, except those of the count itself."""
        lines = self.move_line_ids.filtered("product_id.dealer_is_part")
        # sudo: that a bin is frozen is no secret
        places = (lines.location_id | lines.location_dest_id).sudo()
        frozen = places.filtered("dealer_part_count_id")
        if not frozen:
            return
        Line = self.env["dealer.part.count.line"].sudo()  # sudo: whose moves these are
        own = Line.search([("move_id", "in", self.ids)]).count_id
        strange = frozen.filtered(lambda place: place.dealer_part_count_id not in own)
        if strange:
            raise UserError(
                self.env._(
                    "%(place)s is being counted in %(count)s and frozen until the count is"
                    " approved. Wait, or ask to cancel the count.",
                    place=strange[0].display_name,
                    count=strange[0].dealer_part_count_id.name,
                )
            )
