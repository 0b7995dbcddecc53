from odoo import api, fields, models

from .dealer_fact_mixin import DealerFactMixin


class DealerDemoPeriod(models.Model):
    """Time in which a car of our stock serves as demo car: days, kilometres, who answers for it."""

    _name = "dealer.demo.period"
    _description = "Demo Period"
    _rec_names_search = ["vehicle_id"]
    _inherit = [DealerFactMixin._name]
    _order = "date_from desc, id desc"
    _fact_fields = frozenset(
        {
            "vehicle_id",
            "company_id",
            "date_from",
            "date_to",
            "odometer_start",
            "odometer_end",
            "kind_before",
            "kind_after",
        }
    )

    vehicle_id = fields.Many2one(
        "dealer.vehicle", string="Car", required=True, index=True, ondelete="cascade", readonly=True
    )
    company_id = fields.Many2one("res.company", required=True, index=True, readonly=True)
    warehouse_id = fields.Many2one(string="Store", related="vehicle_id.warehouse_id")
    purpose = fields.Selection(
        [
            ("test_drive", "Test drives"),
            ("exhibition", "Exhibition"),
            ("company", "Company use"),
            ("loan", "Replacement car for customers"),
        ],
        required=True,
        default="test_drive",
    )
    user_id = fields.Many2one("res.users", string="Answers For It", index=True)
    date_from = fields.Date(string="From", required=True, readonly=True)
    date_to = fields.Date(string="To", readonly=True)
    odometer_start = fields.Integer(string="Odometer at Start (km)", readonly=True)
    odometer_end = fields.Integer(string="Odometer at End (km)", readonly=True)
    kind_before = fields.Char(readonly=True)
    kind_after = fields.Char(readonly=True)
    distance = fields.Integer(string="Kilometres", compute="_compute_distance")
    days = fields.Integer(compute="_compute_days")
    note = fields.Char()

    _one_open = models.UniqueIndex(
        "(vehicle_id) WHERE date_to IS NULL", "This car is a demo car already."
    )
    _dates_in_order = models.Constraint(
        "CHECK(date_to IS NULL OR date_to >= date_from)",
        "A demo period ends after it has begun.",
    )
    _distance_positive = models.Constraint(
        "CHECK(date_to IS NULL OR odometer_end >= odometer_start)",
        "The odometer at the end cannot show less than at the start.",
    )

    @api.depends("odometer_start", "odometer_end", "date_to", "vehicle_id.odometer")
    def _compute_distance(self):
        for period in self:
            end = period.odometer_end if period.date_to else period.vehicle_id.odometer
            period.distance = max(end - period.odometer_start, 0)

    @api.depends("date_from", "date_to")
    def _compute_days(self):
        today = fields.Date.context_today(self)
        for period in self:
            period.days = ((period.date_to or today) - period.date_from).days + 1

    @api.depends("vehicle_id.display_name", "date_from")
    def _compute_display_name(self):
        for period in self:
            period.display_name = f"{period.vehicle_id.display_name} {period.date_from or ''}"
