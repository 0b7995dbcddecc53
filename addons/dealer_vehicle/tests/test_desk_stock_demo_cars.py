"""Demo cars: a car of the stock serves, days and kilometres are counted, it is sold afterwards."""

import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import DealerVehicleCommon


@tagged("post_install", "-at_install")
class TestDemoCars(DealerVehicleCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.yard = cls.warehouse._dealer_place("yard")
        cls.demo_place = cls.warehouse._dealer_place("demo")

    def _car(self):
        car = self._create_vehicle()
        self._receive(self._buy(car), place=self.yard)
        return car

    def _apply(self, car, user=None, **vals):
        Wizard = self._as(user or self.max, self.env["dealer.vehicle.demo"])
        form = Form(Wizard.with_context(default_vehicle_id=car.id))
        for name, value in vals.items():
            form[name] = value
        form.save().action_apply()
        return car.demo_period_ids[:1]

    def test_a_car_becomes_a_demo_car_at_its_place(self):
        car = self._car()
        cost = car.unit_cost
        period = self._apply(car, odometer=8)
        self.assertRecordValues(
            car,
            [
                {
                    "kind": "demo",
                    "location_id": self.demo_place.id,
                    "status": "in_stock",
                    "odometer": 8,
                    "unit_cost": cost,
                }
            ],
        )
        self.assertRecordValues(
            period, [{"odometer_start": 8, "date_to": False, "days": 1, "user_id": self.max.id}]
        )

    def test_after_the_demo_use_it_is_sold_as_a_demo_car(self):
        car = self._car()
        self._apply(car, odometer=8)
        self._as(self.sara, self.env["dealer.vehicle.odometer"]).create(
            {"vehicle_id": car.id, "value": 640, "source": "test_drive"}
        )
        self.assertEqual(car.demo_period_ids.distance, 632)
        period = self._apply(car, odometer=1250)
        self.assertRecordValues(car, [{"kind": "demo", "location_id": self.yard.id}])
        self.assertRecordValues(period, [{"odometer_end": 1250, "distance": 1242}])
        self.assertTrue(period.date_to)
        self._deliver(self._sell(car))
        self.assertEqual(car.status, "sold")

    def test_a_driven_or_registered_car_is_not_new_any_more(self):
        car = self._car()
        self._apply(car, odometer=8)
        with self.assertRaisesRegex(UserError, "sell it as a demo"):
            self._apply(car, odometer=51, kind="new")
        self._apply(car, odometer=20, kind="new")
        self.assertEqual(car.kind, "new")
        self._apply(car, odometer=20)
        car.first_registration_date = "2026-05-01"
        with self.assertRaisesRegex(UserError, "sell it as a demo"):
            self._apply(car, odometer=20, kind="new")

    def test_a_promised_car_cannot_become_a_demo_car(self):
        car = self._car()
        self._sell(car)
        with self.assertRaisesRegex(UserError, "promised"):
            self._apply(car)

    def test_one_open_period(self):
        car = self._car()
        period = self._apply(car)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.UniqueViolation),
            self.cr.savepoint(),
        ):
            period.sudo().copy()

    def test_the_odometer_does_not_run_backwards(self):
        car = self._car()
        self._apply(car, odometer=100)
        with self.assertRaisesRegex(UserError, "showed 100 km"):
            self._apply(car, odometer=90)

    def test_only_managers_decide(self):
        car = self._car()
        with self.assertRaises(AccessError):
            self._apply(car, user=self.sara)
        with self.assertRaisesRegex(UserError, "Only a manager"):
            self._as(self.ken, car)._start_demo(self.demo_place, 0)
        period = self._apply(car)
        with self.assertRaises(UserError):
            self._as(self.max, period).write({"odometer_start": 0})
        self.assertEqual(self._as(self.sara, period).distance, 0)
