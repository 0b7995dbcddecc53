from odoo import fields, models


class FleetVehicleModel(models.Model):
    """What the taxes of a buyer depend on."""

    _inherit = "fleet.vehicle.model"  # pylint: disable=consider-merging-classes-inherited

    dealer_has_nev_relief = fields.Boolean(
        string="Purchase-Tax Relief",
        tracking=True,
        help="The trim stands in the official catalogue of new-energy cars whose purchase tax is"
        " reduced. Being electric is not enough.",
    )
    dealer_is_vessel_tax_exempt = fields.Boolean(
        string="Vessel-Tax Exempt",
        tracking=True,
        help="The trim stands in the official catalogue of cars that are free of vehicle and"
        " vessel tax. Battery electric and fuel-cell cars are free anyway.",
    )
