from odoo import models


class StockMove(models.Model):
    """A car that arrives is shown to those who wait for it; one that leaves closes its lead."""

    _inherit = "stock.move"  # pylint: disable=consider-merging-classes-inherited

    def _action_done(self, cancel_backorder=False):
        moves = super()._action_done(cancel_backorder=cancel_backorder)
        arrived = moves._dealer_car_moves().filtered(
            lambda move: (
                move.state == "done"
                and move.location_dest_id._should_be_valued()
                and not move.location_id._should_be_valued()
            )
        )
        vehicles = arrived.move_line_ids.lot_id.dealer_vehicle_ids
        if vehicles:
            vehicles._dealer_match_wishes()
        left = moves.filtered(lambda move: move.state == "done" and move.sale_line_id)
        # sudo: who hands cars over may not read leads
        left.sudo().sale_line_id.order_id._dealer_note_delivered()
        return moves
