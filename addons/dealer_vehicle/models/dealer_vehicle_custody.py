from odoo import api, fields, models
from odoo.fields import Domain

from .dealer_custody import PLEDGED_STATES, STATES
from .sale_order_line_gate import DeliveryBlocker


class DealerVehicle(models.Model):
    """Keys and papers of a car."""

    _inherit = "dealer.vehicle"  # pylint: disable=consider-merging-classes-inherited

    custody_ids = fields.One2many("dealer.custody", "vehicle_id", string="Keys and Papers")
    custody_count = fields.Integer(string="Keys and Papers Kept", compute="_compute_custody")
    certificate_state = fields.Selection(STATES, string="Certificate", compute="_compute_custody")
    is_pledged = fields.Boolean(
        string="Pledged", compute="_compute_custody", search="_search_is_pledged"
    )

    @api.depends("custody_ids.state", "custody_ids.kind")
    def _compute_custody(self):
        for vehicle in self:
            custodies = vehicle.custody_ids
            vehicle.custody_count = len(custodies)
            certificate = custodies.filtered(lambda custody: custody.kind == "certificate")
            vehicle.certificate_state = certificate[:1].state
            vehicle.is_pledged = any(custody.state in PLEDGED_STATES for custody in custodies)

    @api.model
    def _search_is_pledged(self, operator, value):
        if operator != "in":
            return NotImplemented
        pledged = Domain("custody_ids", "any!", Domain("state", "in", PLEDGED_STATES))
        return pledged if True in value else ~pledged

    def _get_custody_blockers(self):
        """Why the car may not leave because of a pledge."""
        self.ensure_one()
        pledged = self.custody_ids.filtered(lambda custody: custody.state in PLEDGED_STATES)
        return [
            DeliveryBlocker(
                "pledge",
                self.env._(
                    "%(thing)s is pledged to %(holder)s",
                    thing=custody.display_name,
                    holder=custody.holder_id.name or "-",
                ),
                self.env._("accountant: redeem it and record the release"),
            )
            for custody in pledged
        ]

    def action_view_custody(self):
        """Open the keys and papers of these cars."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "dealer_vehicle.dealer_custody_action"
        )
        return dict(
            action,
            domain=[("vehicle_id", "in", self.ids)],
            context={"default_vehicle_id": self[:1].id},
        )

    def action_dealer_register_custody(self):
        """Enter the certificate and the two keys of these cars, and open them."""
        self.env["dealer.custody"]._register_standard_set(self)
        return self.action_view_custody()
