from odoo import api, fields, models


class DealerVehicle(models.Model):
    """What is found when a car arrives."""

    _name = "dealer.vehicle"
    _inherit = ["dealer.vehicle", "dealer.checklist.mixin"]

    # technicians and inspectors check cars that they may not edit
    _checklist_fill_access = "read"
    _checklist_company_field = "company_id"

    damage_ids = fields.One2many("dealer.vehicle.damage", "vehicle_id", copy=False)
    open_damage_count = fields.Integer(
        string="Open Damages",
        compute="_compute_open_damage_count",
        search="_search_open_damage_count",
    )

    def _get_open_damage_domain(self):
        return [("state", "in", ("draft", "claimed", "accepted"))]

    @api.depends("damage_ids.state")
    def _compute_open_damage_count(self):
        counts = dict(
            self.env["dealer.vehicle.damage"]._read_group(
                [("vehicle_id", "in", self.ids), *self._get_open_damage_domain()],
                ["vehicle_id"],
                ["__count"],
            )
        )
        for vehicle in self:
            vehicle.open_damage_count = counts.get(vehicle, 0)

    def _search_open_damage_count(self, operator, value):
        """Only "has open damages" and its opposite make sense."""
        if (operator, value) not in ((">", 0), ("=", 0), ("in", [0]), ("!=", 0), ("not in", [0])):
            return NotImplemented
        wanted = operator in (">", "!=", "not in")
        any_open = [("damage_ids", "any" if wanted else "not any", self._get_open_damage_domain())]
        return any_open

    def action_view_damages(self):
        """Open the damages of these cars."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "dealer_vehicle.dealer_vehicle_damage_action"
        )
        return dict(
            action,
            domain=[("vehicle_id", "in", self.ids)],
            context={"default_vehicle_id": self[:1].id},
        )

    # === ARRIVAL CHECK ===
    def action_start_arrival_check(self):
        """Start, or go on with, the arrival check of these cars, and open it."""
        template = self.env.ref("dealer_vehicle.checklist_template_arrival")
        return self._start_checklist(template)._get_records_action(name=template.name)
