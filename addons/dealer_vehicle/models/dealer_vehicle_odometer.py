from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .dealer_derived_mixin import DealerDerivedMixin


class DealerVehicleOdometer(models.Model):
    """A reading of a car's odometer; a new instrument starts a new count."""

    _name = "dealer.vehicle.odometer"
    _description = "Vehicle Odometer Reading"
    _inherit = [DealerDerivedMixin._name]
    _order = "date desc, id desc"
    _rec_name = "value"
    _fixed_fields = frozenset({"vehicle_id", "date", "value", "is_replacement"})

    vehicle_id = fields.Many2one("dealer.vehicle", required=True, ondelete="cascade", index=True)
    date = fields.Date(required=True, default=fields.Date.context_today)
    value = fields.Integer(string="Kilometres", required=True)
    source = fields.Selection(
        [
            ("receipt", "Receipt"),
            ("delivery", "Delivery"),
            ("workshop", "Workshop"),
            ("appraisal", "Appraisal"),
            ("test_drive", "Test drive"),
            ("manual", "Manual"),
        ],
        required=True,
        default="manual",
    )
    is_replacement = fields.Boolean(
        string="New instrument",
        help="The instrument was replaced: the count may be lower than before.",
    )
    note = fields.Char()

    _value_positive = models.Constraint(
        "CHECK(value >= 0)", "An odometer reading cannot be negative."
    )

    @api.model_create_multi
    def create(self, vals_list):
        readings = super().create(vals_list)
        replaced = readings.filtered("is_replacement").vehicle_id
        if replaced._filter_description_fixed():
            raise UserError(
                self.env._(
                    "Only a manager or a stock keeper may record that the instrument of one of our"
                    " cars was replaced. Ask one of them."
                )
            )
        return readings

    def _check_not_fixed(self, vals):
        """OVERRIDE: who only sells cars reads their odometer, and rewrites no reading."""
        cars = self.vehicle_id._filter_description_fixed()
        kept = self.filtered(lambda reading: reading.vehicle_id in cars)
        return super(DealerVehicleOdometer, kept)._check_not_fixed(vals)

    @api.constrains("date")
    def _check_not_future(self):
        """A reading is a fact; one of tomorrow would refuse the true ones until then."""
        today = fields.Date.context_today(self)
        for reading in self:
            if reading.date > today:
                raise ValidationError(
                    self.env._(
                        "The odometer cannot have been read on %(date)s, which is yet to come."
                        " Enter the day of the reading.",
                        date=reading.date,
                    )
                )

    @api.constrains("value", "date", "vehicle_id", "is_replacement")
    def _check_not_decreasing(self):
        """A count that goes back hints at a typing error or at fraud."""
        for vehicle in self.vehicle_id:
            previous = None
            for reading in vehicle.odometer_ids.sorted(lambda r: (r.date, r.id or 0)):
                if previous and not reading.is_replacement and reading.value < previous.value:
                    raise ValidationError(
                        self.env._(
                            "The odometer of %(vehicle)s showed %(before)s km on %(date)s and"
                            " cannot show %(value)s km later. Correct the reading, or tick"
                            " “New instrument” if the instrument was replaced.",
                            vehicle=vehicle.display_name,
                            before=previous.value,
                            date=previous.date,
                            value=reading.value,
                        )
                    )
                previous = reading
