"""Old cars: each band asks for a decision, which is taken, missed, or lapses with the car."""

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import DealerVehicleCommon


@tagged("post_install", "-at_install")
class TestAgeDecision(DealerVehicleCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Decision = cls.env["dealer.age.decision"]

    def _car(self):
        with freeze_time("2026-03-01 08:00:00"):
            return self._stock()

    def _ask(self, day):
        with freeze_time(f"{day} 08:00:00"):
            self.env.invalidate_all()
            return self.Decision._ask(self.company)

    def test_a_young_car_asks_nothing(self):
        self._car()
        self.assertFalse(self._ask("2026-03-31"))

    def test_each_band_asks_once(self):
        car = self._car()
        first = self._ask("2026-04-01")
        self.assertRecordValues(
            first,
            [{"vehicle_id": car.id, "band": "60", "state": "open", "user_id": self.max.id}],
        )
        self.assertEqual(str(first.deadline), "2026-04-04")
        self.assertEqual(first.activity_ids.user_id, self.max)
        self.assertFalse(self._ask("2026-04-02"))
        second = self._ask("2026-05-01")
        self.assertEqual(second.band, "90")
        self.assertEqual(first.state, "missed")
        self.assertFalse(first.activity_ids)

    def test_a_question_becomes_overdue(self):
        self._car()
        decision = self._ask("2026-04-01")
        with freeze_time("2026-04-04 08:00:00"):
            self.env.invalidate_all()
            self.assertFalse(decision.is_overdue)
            self.assertFalse(self.Decision.search([("is_overdue", "=", True)]) & decision)
        with freeze_time("2026-04-05 08:00:00"):
            self.env.invalidate_all()
            self.assertTrue(decision.is_overdue)
            self.assertIn(decision, self.Decision.search([("is_overdue", "=", True)]))
            self.assertNotIn(decision, self.Decision.search([("is_overdue", "=", False)]))

    def test_a_lower_price_is_asked_at_once(self):
        car = self._car()
        decision = self._as(self.max, self._ask("2026-04-01"))
        decision.write({"decision": "price", "new_price": 112000})
        decision.action_decide()
        self.assertEqual(car.asking_price, 112000)
        self.assertRecordValues(decision, [{"state": "decided", "decided_by_id": self.max.id}])
        self.assertFalse(self._ask("2026-04-20"))

    def test_a_decision_must_say_something(self):
        self._car()
        decision = self._as(self.max, self._ask("2026-04-01"))
        for vals, message in (
            ({}, "choose what to do"),
            ({"decision": "price"}, "enter the new price"),
            ({"decision": "price", "new_price": 130000}, "not lower"),
            ({"decision": "keep", "new_price": 0}, "give the reason"),
        ):
            decision.write(vals)
            with self.assertRaisesRegex(UserError, message):
                decision.action_decide()
        decision.reason = "Ordered by a fleet customer, contract next week"
        decision.action_decide()
        with self.assertRaisesRegex(UserError, "nothing to decide"):
            decision.action_decide()

    def test_a_sold_car_asks_no_more(self):
        car = self._car()
        decision = self._ask("2026-04-01")
        with freeze_time("2026-04-10 08:00:00"):
            self._sell(car)
        self._ask("2026-04-11")
        self.assertEqual(decision.state, "lapsed")

    def test_a_missed_decision_can_still_be_taken(self):
        self._car()
        first = self._ask("2026-04-01")
        self._ask("2026-05-01")
        first = self._as(self.max, first)
        first.decision = "wholesale"
        first.action_decide()
        self.assertEqual(first.state, "decided")

    def test_only_managers_decide_and_nobody_writes_facts(self):
        self._car()
        decision = self._ask("2026-04-01")
        with self.assertRaises(UserError):
            self._as(self.ken, decision).action_decide()
        with self.assertRaises(AccessError):
            self._as(self.sara, decision).read(["band"])
        with self.assertRaises(UserError):
            self._as(self.max, decision).write({"state": "decided"})
        with self.assertRaises(AccessError):
            self._as(self.ken, decision).read(["unit_cost"])
        foreign = self._create_person("frank", "sales_manager", self.other_company)
        with self.assertRaises(AccessError):
            self._as(foreign, decision).read(["band"])

    def test_a_car_that_came_back_asks_again(self):
        car = self._car()
        first = self._ask("2026-04-01")
        with freeze_time("2026-04-10 08:00:00"):
            picking = self._deliver(self._sell(car))
        self._ask("2026-04-11")
        with freeze_time("2026-05-01 08:00:00"):
            self._return(picking)
        again = self._ask("2026-06-05")
        self.assertRecordValues(again, [{"vehicle_id": car.id, "band": "60"}])
        self.assertNotEqual(again, first)
