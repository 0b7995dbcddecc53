from odoo import api, models


class DealerVehicle(models.Model):
    """What a car is called: brand, series, trim and number, each of them once."""

    _inherit = "dealer.vehicle"  # pylint: disable=consider-merging-classes-inherited

    @api.depends("vin", "license_plate", "model_id.name", "brand_id.name", "series_id.name")
    def _compute_display_name(self):
        """Say the series also where the name of the trim does not begin with it."""
        res = super()._compute_display_name()
        for vehicle in self:
            series, trim = vehicle.series_id.name or "", vehicle.model_id.name or ""
            if series and trim and series not in trim:
                vehicle.display_name = vehicle.display_name.replace(trim, f"{series} {trim}", 1)
        return res

    def _dealer_get_full_name(self):
        """Brand, series and trim as papers print them, without the numbers of the car."""
        self.ensure_one()
        model = self.model_id
        parts = self.brand_id.name, self.series_id.name, model._dealer_trim_name()
        return " ".join(part for part in parts if part)
