from odoo import api, fields, models
from odoo.exceptions import UserError

from .dealer_vehicle import OURS

#: What a car is: papers, price rules, recalls and guarantees rest on it.
DESCRIPTION = {
    "certificate_number",
    "engine_number",
    "exterior_color_id",
    "first_registration_date",
    "interior_color_id",
    "license_plate",
    "model_year",
    "motor_number",
    "production_date",
    "registration_certificate_number",
}
#: Who looks after cars and has them before his eyes. Who only sells them does not describe them.
KEEPERS = (
    "sales_manager",
    "usedcar_manager",
    "stock_keeper",
    "appraiser",
    "service_advisor",
    "admin",
)


class DealerVehicle(models.Model):
    """Whoever sells a car of ours takes its description as he finds it.

    A younger car of another colour has another price, an older one another guarantee. Plate and
    registration of a sold car come from its registration service.
    """

    _name = "dealer.vehicle"
    _inherit = ["dealer.vehicle", "dealer.derived.mixin"]

    is_description_fixed = fields.Boolean(compute="_compute_is_description_fixed")

    @api.depends("lot_id", "status")
    @api.depends_context("uid")
    def _compute_is_description_fixed(self):
        """Whether the reader may not change what the car is."""
        fixed = self._filter_description_fixed()
        for vehicle in self:
            vehicle.is_description_fixed = vehicle in fixed

    @api.model
    def _is_car_keeper(self):
        """Whether the user looks after cars."""
        return any(self.env.user.has_group(f"dealer_base.group_{role}") for role in KEEPERS)

    def _filter_description_fixed(self):
        """Cars that are, were or will be in our books, for whoever only sells them."""
        if self.env.su or self._is_car_keeper():
            return self.browse()
        # sudo: serial numbers are not for everybody's eyes
        return self.filtered(lambda car: car.sudo().lot_id or car.status in OURS)

    def write(self, vals):
        self._check_description(vals)
        return super().write(vals)

    def _check_description(self, vals):
        """Refuse another description of a car of ours to whoever only sells it."""
        names = sorted(DESCRIPTION & vals.keys())
        if not names:
            return
        vals = self._normalize_numbers(vals)
        for car in self._filter_description_fixed():
            for name in names:
                field = self._fields[name]
                old, new = (field.convert_to_cache(v, car) for v in (car[name], vals[name]))
                if (old or False) != (new or False):
                    raise UserError(
                        self.env._(
                            'Only a manager or a stock keeper may change the field "%(field)s" of'
                            " our cars: papers, prices and guarantees rest on it. Ask one of them.",
                            field=field._description_string(self.env),
                        )
                    )
