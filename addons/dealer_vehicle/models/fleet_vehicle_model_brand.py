from odoo import fields, models


class FleetVehicleModelBrand(models.Model):
    _inherit = "fleet.vehicle.model.brand"

    dealer_series_ids = fields.One2many("dealer.vehicle.series", "brand_id", string="Series")
