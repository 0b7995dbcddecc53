from odoo import api, fields, models

from ..tools import care_dates

#: House rules of maintenance, as the parameters are delivered.
SERVICE_DEFAULTS = {
    "service_first_km": 3000,
    "service_first_months": 3,
    "service_km": 10000,
    "service_months": 6,
    "service_daily_km": 40,
}


class DealerVehicle(models.Model):
    """What a car on the road needs next, and when."""

    _inherit = "dealer.vehicle"

    delivery_key = fields.Char(
        compute="_compute_delivery_key",
        store=True,
        index="btree_not_null",
        help="Month and day of the hand-over, to find the birthdays of cars.",
    )
    last_service_date = fields.Date(string="Last Maintenance", copy=False)
    last_service_odometer = fields.Integer(
        string="Odometer at Last Maintenance (km)", copy=False, aggregator=None
    )
    service_booked_date = fields.Date(
        string="Maintenance Booked For", copy=False, help="Until then nobody is reminded."
    )
    maintenance_due_date = fields.Date(
        string="Next Maintenance",
        compute="_compute_maintenance_due_date",
        store=True,
        index="btree_not_null",
        help="By time or by kilometres, whichever comes first; the kilometres a day are those"
        " between the first and the last reading of the odometer.",
    )
    insurance_end_date = fields.Date(
        string="Insured Until",
        compute="_compute_insurance_end_date",
        store=True,
        readonly=False,
        copy=False,
        index="btree_not_null",
        help="Day on which the first of the car's policies ends.",
    )
    is_inspection_exempt = fields.Boolean(
        string="Exempt from Early Inspections",
        default=True,
        help="Small private passenger cars only get their mark in some years. The exemption is"
        " lost after an accident with injuries or an illegal change of the car.",
    )
    inspection_due_date = fields.Date(string="Inspection Until", compute="_compute_inspection")
    inspection_kind = fields.Selection(
        [("mark", "Mark only"), ("test", "Test")], compute="_compute_inspection"
    )
    registration_ids = fields.One2many("dealer.registration", "vehicle_id", copy=False)
    care_task_ids = fields.One2many("dealer.care.task", "vehicle_id", string="Care Tasks")

    @api.depends("warranty_start_date")
    def _compute_delivery_key(self):
        for vehicle in self:
            day = vehicle.warranty_start_date
            vehicle.delivery_key = day.strftime("%m%d") if day else False

    @api.depends(
        "last_service_date",
        "last_service_odometer",
        "warranty_start_date",
        "odometer_ids.date",
        "odometer_ids.value",
        "model_id.dealer_service_km",
        "model_id.dealer_service_months",
    )
    def _compute_maintenance_due_date(self):
        numbers = self._get_service_numbers()
        for vehicle in self:
            last, trim = vehicle.last_service_date, vehicle.model_id
            if last:
                km = trim.dealer_service_km or numbers["service_km"]
                months = trim.dealer_service_months or numbers["service_months"]
            else:
                km, months = numbers["service_first_km"], numbers["service_first_months"]
            start = last or vehicle.warranty_start_date
            vehicle.maintenance_due_date = start and care_dates.maintenance_due(
                start,
                vehicle.last_service_odometer,
                [
                    (reading.date, reading.value)
                    for reading in vehicle.odometer_ids
                    if reading.date and not reading.is_replacement
                ],
                km,
                months,
                numbers["service_daily_km"],
            )

    @api.model
    def _get_service_numbers(self):
        """The house rules of maintenance.

        While the addon is being installed over a stock of cars the parameters are not there yet.
        """
        Parameter = self.env["dealer.parameter"]
        return {
            code: int(Parameter._get_value(code)) if Parameter._get_rules(code) else value
            for code, value in SERVICE_DEFAULTS.items()
        }

    @api.depends("registration_ids.ctpl_date_to", "registration_ids.commercial_date_to")
    def _compute_insurance_end_date(self):
        """That of the policies which were bought with the car; renewals are entered by hand."""
        for vehicle in self:
            latest = vehicle.sudo().registration_ids.sorted("id")[-1:]  # sudo: of the same car
            days = [day for day in (latest.ctpl_date_to, latest.commercial_date_to) if day]
            vehicle.insurance_end_date = min(days) if days else vehicle.insurance_end_date

    @api.depends("first_registration_date", "is_inspection_exempt")
    def _compute_inspection(self):
        today = fields.Date.context_today(self)
        scheme = int(self.env["dealer.parameter"]._get_value("inspection_scheme", today))
        for vehicle in self:
            registered = vehicle.first_registration_date
            vehicle.inspection_due_date, vehicle.inspection_kind = (
                care_dates.next_inspection(
                    registered,
                    today,
                    scheme if vehicle.is_inspection_exempt else care_dates.REGULATION,
                )
                if registered
                else (False, False)
            )
