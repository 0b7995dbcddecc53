from odoo import fields, models


class DealerVehicleSeries(models.Model):
    """A family of trims under a brand, as in a manufacturer's catalogue (车系)."""

    _name = "dealer.vehicle.series"
    _description = "Vehicle Series"
    _order = "brand_id, name"

    name = fields.Char(required=True)
    brand_id = fields.Many2one(
        "fleet.vehicle.model.brand", required=True, ondelete="restrict", index=True
    )
    maker = fields.Char(string="Manufacturer", help="Factory that builds the series.")
    active = fields.Boolean(default=True)
    model_ids = fields.One2many("fleet.vehicle.model", "dealer_series_id", string="Trims")
    properties_definition = fields.PropertiesDefinition("Vehicle Properties")

    _name_unique = models.UniqueIndex(
        "(brand_id, name)", "This brand already has a series with that name."
    )
