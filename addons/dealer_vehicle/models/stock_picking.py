from odoo import models


class StockPicking(models.Model):
    _name = "stock.picking"
    _inherit = ["dealer.car.document", "stock.picking"]
    # by order line or by serial number
    _dealer_car_paths = (
        "move_ids.sale_line_id.dealer_vehicle_id",
        "move_ids.purchase_line_id.dealer_vehicle_id",
        "move_line_ids.lot_id.dealer_vehicle_ids",
    )

    def action_start_arrival_check(self):
        """Check the cars of this receipt, one checklist for each."""
        return self.dealer_vehicle_ids.action_start_arrival_check()

    def button_validate(self):
        """Say why a car is not there to be handed over, before Odoo finds nothing reserved."""
        waiting = self.move_ids.filtered(
            lambda move: (
                move.state in ("confirmed", "waiting", "partially_available") and not move.quantity
            )
        )
        lines = waiting.sale_line_id.filtered("dealer_vehicle_held")
        if lines:
            lines._dealer_check_delivery_gates()
        return super().button_validate()
