from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .dealer_derived_mixin import DealerDerivedMixin


class DealerTemporaryPlate(models.Model):
    """A temporary plate (临时行驶车号牌): at most 30 days, at most three times, never uninsured.

    机动车登记规定 Art. 47. The numbers are parameters. Each plate of a car has its turn (1, 2, 3),
    which the database keeps unique, so that two people cannot both issue the third.
    """

    _name = "dealer.temporary.plate"
    _description = "Temporary Plate"
    _inherit = [DealerDerivedMixin._name]
    _order = "vehicle_id, turn"
    _rec_name = "number"

    _fixed_fields = frozenset({"registration_id"})

    registration_id = fields.Many2one(
        "dealer.registration", required=True, index=True, ondelete="cascade"
    )
    vehicle_id = fields.Many2one(
        related="registration_id.vehicle_id", string="Car", store=True, index=True
    )
    company_id = fields.Many2one(related="registration_id.company_id", store=True, index=True)
    number = fields.Char("Plate No.", required=True)
    turn = fields.Integer("Time", readonly=True, help="The how manieth plate of this car it is.")
    date_from = fields.Date("Valid From", required=True, default=fields.Date.context_today)
    date_to = fields.Date("Valid Until", required=True)

    _turn_unique = models.UniqueIndex(
        "(vehicle_id, turn) WHERE vehicle_id IS NOT NULL",
        "Somebody has just entered another temporary plate of this car. Look at it first.",
    )
    _dates_in_order = models.Constraint(
        "CHECK (date_to >= date_from)", "A temporary plate ends after it begins."
    )
    _no_overlap = models.Constraint(
        """EXCLUDE USING gist (
            int4range(vehicle_id, vehicle_id, '[]') WITH &&,
            daterange(date_from, date_to, '[]') WITH &&
        ) WHERE (vehicle_id IS NOT NULL)""",
        "The car has another temporary plate on some of these days.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        turns = {}
        for vals in vals_list:
            registration = self.env["dealer.registration"].browse(vals.get("registration_id"))
            vehicle = registration.vehicle_id
            if vehicle not in turns:
                # sudo: plates of an earlier deal of the car count too
                earlier = self.sudo().search([("vehicle_id", "=", vehicle.id)])
                turns[vehicle] = max(earlier.mapped("turn"), default=0)
            turns[vehicle] += 1
            vals["turn"] = turns[vehicle]
        return super().create(vals_list)

    def write(self, vals):
        if "turn" in vals and not self.env.su:
            raise ValidationError(
                self.env._("A temporary plate stays with its car; its turn is counted by itself.")
            )
        return super().write(vals)

    @api.constrains("date_from", "date_to", "turn")
    def _check_law(self):
        """Not longer, not oftener and not farther than the law allows."""
        Parameter = self.env["dealer.parameter"]
        for plate in self:
            rule = {"date": plate.date_from, "company": plate.company_id}
            days = int(Parameter._get_value("temporary_plate_days", **rule))
            times = int(Parameter._get_value("temporary_plate_times", **rule))
            if (plate.date_to - plate.date_from).days + 1 > days:
                raise ValidationError(
                    self.env._("A temporary plate is good for %(days)s days at most.", days=days)
                )
            if plate.turn > times:
                raise ValidationError(
                    self.env._(
                        "%(car)s has had its %(times)s temporary plates; the law allows no more."
                        " Register the car.",
                        car=plate.vehicle_id.display_name,
                        times=times,
                    )
                )
            insured_to = plate.registration_id.ctpl_date_to
            if not insured_to or plate.date_to > insured_to:
                raise ValidationError(
                    self.env._(
                        "A temporary plate does not last longer than the compulsory insurance"
                        " (%(day)s). Enter the insurance first.",
                        day=insured_to or self.env._("none yet"),
                    )
                )
