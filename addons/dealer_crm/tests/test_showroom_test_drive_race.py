"""Two consultants book the same demo car at the same moment; see ``RaceCase`` for how."""

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from odoo.addons.dealer_vehicle.tests.race_case import DONE, RaceCase


@tagged("post_install", "-at_install")
class TestTestDriveRace(RaceCase):
    """Sara and Tom book; the second has read the database before the first writes."""

    def _prepare(self, env):
        self.users = [
            new_test_user(
                env,
                f"race_drive_{name}",
                groups="dealer_base.group_sales_consultant",
                lang="en_US",
            ).id
            for name in ("sara", "tom")
        ]
        brand = env["fleet.vehicle.model.brand"].create({"name": "Race Drive"})
        trim = env["fleet.vehicle.model"].create({"name": "One", "brand_id": brand.id})
        car = env["dealer.vehicle"].create({"vin": "LRACE1A10TA000077", "model_id": trim.id})
        env["dealer.demo.period"].create(
            {
                "vehicle_id": car.id,
                "company_id": env.company.id,
                "date_from": fields.Date.today(),
                "kind_before": "new",
            }
        )
        self.car = car.id
        self._book(env, "2031-05-01 00:00:00")  # numbers of the year are there

    def _book(self, env, start):
        env["dealer.test.drive"].create(
            {"vehicle_id": self.car, "date_start": start, "duration": 1}
        )

    def _race_for(self, *starts):
        return self._race(
            *(
                (user, lambda env, start=start: self._book(env, start))
                for user, start in zip(self.users, starts, strict=True)
            )
        )

    def _count(self):
        with self._committing() as env:
            return env["dealer.test.drive"].search_count([("vehicle_id", "=", self.car)])

    def test_one_of_two_overlapping_bookings_succeeds(self):
        outcomes = self._race_for("2031-05-01 02:00:00", "2031-05-01 02:30:00")
        self.assertEqual(outcomes.count(DONE), 1, outcomes)
        loser = next(outcome for outcome in outcomes if outcome != DONE)
        self.assertIsInstance(loser, UserError)
        self.assertRegex(str(loser), "booked")
        self.assertEqual(self._count(), 2)

    def test_two_bookings_one_after_the_other_both_succeed(self):
        outcomes = self._race_for("2031-05-01 02:00:00", "2031-05-01 03:00:00")
        self.assertEqual(outcomes, [DONE, DONE])
        self.assertEqual(self._count(), 3)

    def test_two_first_bookings_of_a_year_both_get_a_number(self):
        outcomes = self._race_for("2032-05-01 02:00:00", "2032-05-01 03:00:00")
        self.assertEqual(outcomes, [DONE, DONE])
