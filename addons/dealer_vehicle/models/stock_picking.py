from odoo import models
from odoo.exceptions import UserError


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
        self._dealer_check_own_end()
        lines = waiting.sale_line_id.filtered("dealer_vehicle_held")
        if lines:
            lines._dealer_check_delivery_gates()
        return super().button_validate()

    def _dealer_check_own_end(self):
        """Both stores agree on a car that goes from one to the other: each confirms its own end.

        A store without a stock keeper of its own lets those of the other do it.
        """
        user = self.env.user
        for picking in self:
            if not picking.move_ids._dealer_car_moves():
                continue
            ends = picking.location_id | picking.location_dest_id
            store = ends.filtered(lambda place: place.usage == "internal").warehouse_id
            if "transit" not in ends.mapped("usage") or user._dealer_works_in(store):
                continue
            keepers = store._dealer_get_keepers()
            if keepers:
                raise UserError(
                    self.env._(
                        "%(transfer)s is confirmed by the people of %(store)s, where the cars"
                        " are. Ask %(people)s.",
                        transfer=picking.name,
                        store=store.name,
                        people=", ".join(keepers.mapped("name")),
                    )
                )
