from odoo import fields, models
from odoo.exceptions import UserError


class StockPicking(models.Model):
    _name = "stock.picking"
    _inherit = ["dealer.car.document", "dealer.fact.mixin", "stock.picking"]
    # by order line or by serial number
    _dealer_car_paths = (
        "move_ids.sale_line_id.dealer_vehicle_id",
        "move_ids.purchase_line_id.dealer_vehicle_id",
        "move_line_ids.lot_id.dealer_vehicle_ids",
    )
    _fact_fields = frozenset({"dealer_sent_by_id"})

    dealer_sent_by_id = fields.Many2one(
        "res.users",
        string="Cars Sent by",
        readonly=True,
        copy=False,
        help="Who put the cars on the road to another store. Somebody else confirms their arrival.",
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

    def write(self, vals):
        if "date_done" in vals and not self.env.su:
            self._dealer_check_day()
        return super().write(vals)

    def _dealer_check_day(self):
        """Refuse another day for a transfer of cars that is done: days in stock count from it."""
        for picking in self:
            if picking.date_done and picking.move_ids._dealer_car_moves():
                raise UserError(
                    self.env._(
                        "%(move)s has moved a car and stays as it was posted.", move=picking.name
                    )
                )

    def _dealer_check_own_end(self):
        """Both stores agree on a car that goes from one to the other: each confirms its own end.

        Nobody agrees with himself: who sent the cars does not receive them. A store without a
        stock keeper of its own lets those of the other do it.
        """
        for picking in self:
            if not picking.move_ids._dealer_car_moves():
                continue
            ends = picking.location_id | picking.location_dest_id
            if "transit" not in ends.mapped("usage"):
                continue
            store = ends.filtered(lambda place: place.usage == "internal").warehouse_id
            picking._dealer_check_keeper(store)

    def _dealer_check_keeper(self, store):
        """Refuse who does not keep the stock of a store, or receives there what he sent."""
        self.ensure_one()
        user = self.env.user
        is_sender = user in self._dealer_get_senders()
        if user._dealer_works_in(store) and not is_sender:
            return
        keepers = store._dealer_get_keepers() - user
        if not keepers:
            return
        message = (
            self.env._(
                "%(transfer)s: you sent these cars, somebody of %(store)s confirms that they have"
                " come. Ask %(people)s.",
                transfer=self.name,
                store=store.name,
                people=", ".join(keepers.mapped("name")),
            )
            if is_sender
            else self.env._(
                "%(transfer)s is confirmed by the people of %(store)s, where the cars are. Ask"
                " %(people)s.",
                transfer=self.name,
                store=store.name,
                people=", ".join(keepers.mapped("name")),
            )
        )
        raise UserError(message)

    def _dealer_get_senders(self):
        """Who put the cars of this transfer on the road to here, if they are there."""
        self.ensure_one()
        if self.location_id.usage != "transit":
            return self.env["res.users"]
        sent = self.env["stock.move.line"].search(
            [
                ("lot_id", "in", self.move_line_ids.lot_id.ids),
                ("location_dest_id", "=", self.location_id.id),
                ("state", "=", "done"),
            ],
            order="date, id",
        )
        last = {line.lot_id: line for line in sent}
        return self.union(*(line.move_id.picking_id for line in last.values())).dealer_sent_by_id
