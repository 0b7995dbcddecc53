from odoo import api, fields, models

from .dealer_vehicle import FACTS

FACTS.add("hold_id")  # follows from the holds


class DealerVehicle(models.Model):
    """For whom a car is kept before there is an order."""

    _inherit = "dealer.vehicle"  # pylint: disable=consider-merging-classes-inherited

    hold_ids = fields.One2many("dealer.vehicle.hold", "vehicle_id", copy=False)
    hold_id = fields.Many2one(
        "dealer.vehicle.hold",
        string="Current Hold",
        compute="_compute_hold_id",
        store=True,
        index="btree_not_null",
    )
    held_by_id = fields.Many2one("res.users", string="Held By", related="hold_id.user_id")
    held_until = fields.Datetime(related="hold_id.date_to")
    hold_is_hard = fields.Boolean(related="hold_id.is_hard")
    hold_count = fields.Integer(string="Queue", compute="_compute_hold_count")

    @api.depends("hold_ids.state")
    def _compute_hold_id(self):
        """The hold of the moment. Stored also so that two promises write on the same row."""
        for vehicle in self:
            holds = vehicle.hold_ids.filtered(lambda hold: hold.state == "active")
            vehicle.hold_id = holds[:1].id

    @api.depends("hold_ids.state")
    def _compute_hold_count(self):
        # sudo: consultants read their own holds only; only a number comes out
        counts = dict(
            self.env["dealer.vehicle.hold"]
            .sudo()
            ._read_group(
                [("vehicle_id", "in", self.ids), ("state", "in", ("active", "waiting"))],
                ["vehicle_id"],
                ["__count"],
            )
        )
        for vehicle in self:
            vehicle.hold_count = counts.get(vehicle, 0)

    def _dealer_lock_for_promise(self):
        """Let nobody else promise these cars until our transaction ends."""
        self.env["dealer.vehicle.hold"]._lock_vehicles(self)

    def _get_hold_error(self, partner, order=None):
        """Why these cars cannot be promised to this customer because of a hold, else nothing."""
        for hold in self.env["dealer.vehicle.hold"]._search_in_force(self):
            if not hold._is_for(partner, order):
                return hold._get_message()
        return None

    def action_hold(self):
        """Keep this car for a customer: open the form of the hold."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "dealer_vehicle.dealer_vehicle_hold_action_new"
        )
        action["context"] = {"default_vehicle_id": self.id}
        return action

    def action_hold_wait(self):
        """Wait for this car behind whoever has it now."""
        action = self.action_hold()
        action["name"] = self.env._("Wait for the Car")
        action["context"]["dealer_hold_wait"] = True
        return action

    def action_view_holds(self):
        """Open the holds of these cars."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "dealer_vehicle.dealer_vehicle_hold_action"
        )
        return dict(action, domain=[("vehicle_id", "in", self.ids)], context={})
