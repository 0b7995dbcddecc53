from odoo import fields, models
from odoo.exceptions import UserError


class DealerVehicle(models.Model):
    """How a car of the stock becomes a demo car and is sold again afterwards."""

    _inherit = "dealer.vehicle"  # pylint: disable=consider-merging-classes-inherited

    demo_period_ids = fields.One2many("dealer.demo.period", "vehicle_id")

    def _get_demo_period(self):
        """The period that is open, if any."""
        return self.demo_period_ids.filtered(lambda period: not period.date_to)

    def _start_demo(self, location, odometer, purpose="test_drive", user=None, note=None):
        """Make a free car of the stock a demo car, and bring it to its place.

        :return: the period
        :raise UserError: the car is promised to a customer, or not in stock
        """
        self.ensure_one()
        self._check_demo_manager()
        if self.status != "in_stock" or self._get_demo_period():
            raise UserError(
                self.env._(
                    "%(car)s cannot become a demo car: it is not in stock, promised to a customer,"
                    " or a demo car already.",
                    car=self.display_name,
                )
            )
        # sudo: periods are written by their steps only
        period = (
            self.env["dealer.demo.period"]
            .sudo()
            .create(
                {
                    "vehicle_id": self.id,
                    "company_id": self.company_id.id,
                    "purpose": purpose,
                    "user_id": user.id if user else False,
                    "date_from": fields.Date.context_today(self),
                    "odometer_start": odometer,
                    "kind_before": self.kind,
                    "note": note,
                }
            )
        )
        self._record_demo_odometer(odometer)
        self.kind = "demo"
        self._move_for_demo(location)
        return period.sudo(False)

    def _end_demo(self, location, odometer, kind="demo"):
        """End the use as demo car.

        :param kind: what the car is sold as: demo, used, or new. New only when it was never
            registered and has hardly been driven: a buyer must be told (law on consumers' rights).
        """
        self.ensure_one()
        self._check_demo_manager()
        period = self._get_demo_period()
        if not period:
            raise UserError(self.env._("%(car)s is no demo car.", car=self.display_name))
        if kind == "new":
            self._check_still_new(odometer)
        # sudo: see _start_demo
        period.sudo().write(
            {
                "date_to": fields.Date.context_today(self),
                "odometer_end": odometer,
                "kind_after": kind,
            }
        )
        self._record_demo_odometer(odometer)
        self.kind = kind
        self._move_for_demo(location)
        return period

    def _check_demo_manager(self):
        user = self.env.user
        if not user.has_group("dealer_base.group_sales_manager") and not user.has_group(
            "dealer_base.group_usedcar_manager"
        ):
            raise UserError(self.env._("Only a manager decides which cars are demo cars."))

    def _check_still_new(self, odometer):
        limit = int(self.env["dealer.parameter"]._get_value("delivery_odometer_max"))
        if self.first_registration_date or self.license_plate or odometer > limit:
            raise UserError(
                self.env._(
                    "%(car)s was registered or has run more than %(limit)s km: sell it as a demo"
                    " car or a used car.",
                    car=self.display_name,
                    limit=limit,
                )
            )

    def _record_demo_odometer(self, odometer):
        if odometer and odometer != self.odometer:
            self.env["dealer.vehicle.odometer"].create(
                {"vehicle_id": self.id, "value": odometer, "source": "test_drive"}
            )

    def _move_for_demo(self, location):
        if location and location != self.location_id:
            # sudo: the manager decides, need not be a stock keeper
            self.sudo()._transfer(location)
