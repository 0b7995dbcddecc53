from odoo import fields, models


class FleetVehicleModel(models.Model):
    """How often a trim goes to maintenance."""

    _inherit = "fleet.vehicle.model"

    dealer_service_km = fields.Integer(
        "Maintenance Interval (km)", help="Empty: the house rule (parameter)."
    )
    dealer_service_months = fields.Integer(
        "Maintenance Interval (Months)", help="Empty: the house rule (parameter)."
    )
