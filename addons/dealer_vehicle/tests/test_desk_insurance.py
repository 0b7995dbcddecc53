"""No new car is driven away without compulsory insurance (Road Traffic Safety Law, Article 17)."""

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.fields import Date
from odoo.tests import Form, tagged

from .delivery_case import DealerDeliveryCommon


@tagged("post_install", "-at_install")
class TestInsuranceGate(DealerDeliveryCommon):
    """Fiona looks after insurance and plates."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fiona = cls._create_person("fiona_fni", "fni")
        cls.company.dealer_gate_insured = True

    def _register(self, order):
        order = self._as(self.sara, order)
        order.action_open_registration()
        return self._as(self.fiona, order.dealer_registration_ids)

    def _insure(self, order, start):
        registration = self._register(order)
        with Form(registration) as form:
            form.ctpl_number = "PDZA2026000001"
            form.ctpl_date_from = start
        return registration

    def _problem(self, order):
        blockers = self._blockers(order, "insured")
        return blockers[0].message if blockers else None

    def _policy(self, registration):
        return self.env["ir.attachment"].create(
            {
                "name": "policy.pdf",
                "raw": b"policy",
                "res_model": registration._name,
                "res_id": registration.id,
            }
        )

    def test_it_is_asked_for_by_default(self):
        self.assertTrue(self.env["res.company"].create({"name": "New"}).dealer_gate_insured)

    def test_the_hand_over_says_why_and_who(self):
        order = self._deal()
        with self.assertRaisesRegex(UserError, "No compulsory insurance.*finance and insurance"):
            self._hand_over(order)
        self._register(order)
        with self.assertRaisesRegex(UserError, "Number and dates.*not recorded"):
            self._hand_over(order)

    def test_an_insured_car_leaves(self):
        order = self._deal()
        self._insure(order, Date.context_today(order))
        self._hand_over(order)
        self.assertEqual(order.order_line.dealer_vehicle_id.status, "sold")

    def test_so_does_the_stock_keepers_transfer_ask(self):
        self.company.dealer_gate_handover = False
        order = self._deal()
        with self.assertRaisesRegex(UserError, "No compulsory insurance"):
            self._deliver(order)

    def test_the_day_of_the_appointment_counts_and_then_the_real_one(self):
        order = self._deal()
        self._insure(order, Date.to_date("2096-12-01"))
        self.assertIn("not on", self._problem(order))
        delivery = self._plan(self._prepare_delivery(order), "2096-12-01 02:00:00")
        self.assertFalse(self._problem(order))
        self.assertNotEqual(delivery.readiness, "blocked")
        self._sign(delivery)
        with self.assertRaisesRegex(UserError, "not on"):
            delivery.action_hand_over()

    def test_a_policy_that_has_ended_is_none(self):
        order = self._deal()
        with freeze_time("2025-01-01 04:00:00"):
            self._insure(order, Date.to_date("2025-01-01"))
        self.assertIn("not on", self._problem(order))

    def test_a_customer_insures_the_car_himself(self):
        order = self._deal()
        registration = self._register(order)
        registration.ctpl_by_customer = True
        self.assertIn("has not shown the policy", self._problem(order))
        registration.ctpl_attachment_ids = self._policy(registration)
        self.assertFalse(self._problem(order))
        registration.task_ids.filtered(lambda task: task.kind == "ctpl").action_done()
        self._hand_over(order)

    def test_used_cars_and_other_companies_are_not_asked(self):
        used = self._sell(self._stock(self._create_vehicle(kind="used")))
        self.assertFalse(self._problem(used))
        order = self._deal()
        self.company.dealer_gate_insured = False
        self.assertFalse(self._problem(order))

    def test_the_end_is_proposed_from_the_usual_term(self):
        registration = self._insure(self._deal(), Date.to_date("2026-12-01"))
        self.assertEqual(registration.ctpl_date_to, Date.to_date("2027-11-30"))
        with Form(registration) as form:
            form.ctpl_date_to = Date.to_date("2027-06-30")  # a shorter policy
        self.assertEqual(registration.ctpl_date_to, Date.to_date("2027-06-30"))
        self.env["dealer.parameter"].create(
            {
                "code": "ctpl_term_months",
                "name": "Two years",
                "value": 24,
                "unit": "months",
                "company_id": self.company.id,
                "date_from": "2026-01-01",
            }
        )
        registration.ctpl_date_from = "2026-12-02"
        self.assertEqual(registration.ctpl_date_to, Date.to_date("2028-12-01"))

    def test_the_next_deadline_follows_the_appointment(self):
        order = self._deal()
        delivery = self._plan(self._prepare_delivery(order), "2096-12-01 02:00:00")
        registration = self._register(order)
        self.assertEqual(registration.date_due, Date.to_date("2096-12-01"))
        self.env.flush_all()
        with Form(delivery) as form:
            form.date_start = "2096-12-04 02:00:00"
        self.assertEqual(registration.date_due, Date.to_date("2096-12-04"))
        delivery.action_unplan()
        delivery.write({"date_start": "2096-12-06 02:00:00"})
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(registration.date_due, Date.to_date("2096-12-06"))
