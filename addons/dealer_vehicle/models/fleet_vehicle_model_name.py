from odoo import api, models


class FleetVehicleModel(models.Model):
    _inherit = "fleet.vehicle.model"

    @api.depends("name")
    @api.depends_context("dealer_trim_only")
    def _compute_display_name(self):
        """The trim alone where its brand stands beside it."""
        if not self.env.context.get("dealer_trim_only"):
            return super()._compute_display_name()
        for model in self:
            model.display_name = model.name
        return None
