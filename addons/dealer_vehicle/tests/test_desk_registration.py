"""From the deal to the plate: tasks in their order, legal clocks, temporary plates, fees."""

import psycopg2

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command, Date
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .delivery_case import DealerDeliveryCommon


class DealerRegistrationCommon(DealerDeliveryCommon):
    """Fiona does finance, insurance and plates."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fiona = cls._create_person("fiona", "fni")

    def _register(self, order, user=None):
        order = self._as(user or self.sara, order)
        order.action_open_registration()
        return self._as(user or self.fiona, order.dealer_registration_ids)

    def _insure(self, registration):
        registration.write(
            {
                "ctpl_number": "PDZA2026000001",
                "ctpl_date_from": "2026-11-22",
                "ctpl_date_to": "2027-11-21",
            }
        )

    def _task(self, registration, kind):
        return registration.task_ids.filtered(lambda task: task.kind == kind)


@tagged("post_install", "-at_install")
@freeze_time("2026-11-22 04:00:00")
class TestRegistration(DealerRegistrationCommon):
    def setUp(self):
        super().setUp()
        self.order = self._deal()
        self.registration = self._register(self.order)

    def _finish(self, *kinds):
        for kind in kinds:
            task = self._task(self.registration, kind)
            task.reference = {"plate": "苏A12345"}.get(kind, "2026-0001")
            task.action_done()

    def test_a_new_car_has_its_chain_of_tasks(self):
        self.assertEqual(
            self.registration.task_ids.mapped("kind"), ["ctpl", "purchase_tax", "plate", "papers"]
        )
        self.assertEqual(self._register(self.order), self.registration)

    def test_a_car_built_long_ago_is_inspected_first(self):
        car = self._stock(self._create_vehicle(production_date="2024-11-01"))
        registration = self._register(self._sell(car))
        self.assertIn("inspection", registration.task_ids.mapped("kind"))

    def test_used_cars_are_not_registered_here(self):
        order = self._sell(self._stock(self._create_vehicle(kind="used")))
        with self.assertRaisesRegex(UserError, "no new car"):
            self._as(self.sara, order).action_open_registration()

    def test_the_purchase_tax_is_declared_within_sixty_days_of_the_invoice(self):
        task = self._task(self.registration, "purchase_tax")
        self.assertFalse(task.date_due)
        self._invoice(self.order)
        self.assertRecordValues(
            self.registration,
            [
                {
                    "invoice_date": Date.to_date("2026-11-22"),
                    "date_due": Date.to_date("2027-01-21"),
                }
            ],
        )
        self.assertEqual(task.date_due, Date.to_date("2027-01-21"))

    def test_the_office_answers_within_two_working_days(self):
        task = self._task(self.registration, "plate")
        task.submitted_on = "2026-11-26"  # a Thursday
        self.assertEqual(task.date_due, Date.to_date("2026-11-30"))

    def test_the_insurance_is_due_with_the_delivery(self):
        self._plan(self._prepare_delivery(self.order), "2026-12-01 02:00:00")
        self.assertEqual(self._task(self.registration, "ctpl").date_due, Date.to_date("2026-12-01"))

    def test_the_plate_comes_after_insurance_and_tax(self):
        self._insure(self.registration)
        task = self._task(self.registration, "plate")
        task.reference = "苏A12345"
        with self.assertRaisesRegex(UserError, "comes after.*insurance.*tax"):
            task.action_done()

    def test_a_done_step_has_its_number(self):
        with self.assertRaisesRegex(UserError, "number and dates"):
            self._task(self.registration, "ctpl").action_done()
        with self.assertRaisesRegex(UserError, "Enter the number"):
            self._task(self.registration, "purchase_tax").action_done()

    def test_the_plate_goes_to_the_car(self):
        self._insure(self.registration)
        self._finish("ctpl", "purchase_tax", "plate")
        self.assertRecordValues(
            self.registration.vehicle_id,
            [
                {
                    "license_plate": "苏A12345",
                    "first_registration_date": Date.to_date("2026-11-22"),
                }
            ],
        )
        self.assertEqual(self.registration.state, "open")
        self._finish("papers")
        self.assertEqual(self.registration.state, "done")

    def test_a_plate_that_cannot_be_is_refused(self):
        self._insure(self.registration)
        self._finish("ctpl", "purchase_tax")
        task = self._task(self.registration, "plate")
        for number in ("REF123", "苏I12345", "苏A1234"):
            task.reference = number
            with self.assertRaisesRegex(UserError, "no plate number"):
                task.action_done()

    def test_overdue_tasks_are_found(self):
        self._invoice(self.order)
        with freeze_time("2027-01-22 04:00:00"):
            found = self.env["dealer.registration.task"].search(
                [("is_overdue", "=", True), ("registration_id", "=", self.registration.id)]
            )
            self.assertEqual(found.kind, "purchase_tax")

    def test_a_deadline_is_reminded_of_once(self):
        self._invoice(self.order)
        with freeze_time("2027-01-15 04:00:00"):
            self.env["dealer.registration"]._cron_remind()
            self.env["dealer.registration"]._cron_remind()
        self.assertEqual(len(self.registration.activity_ids), 1)
        self.assertEqual(self.registration.activity_ids.date_deadline, Date.to_date("2027-01-21"))

    def test_nobody_writes_that_a_task_is_done(self):
        with self.assertRaisesRegex(UserError, "by hand"):
            self._task(self.registration, "plate").write({"state": "done"})

    def test_a_colleague_does_not_see_it(self):
        sam = self._create_person("sam", "sales_consultant")
        with self.assertRaises(AccessError):
            self._as(sam, self.registration).read(["ctpl_number"])
        with self.assertRaises(AccessError):
            self._as(self.charlie, self.registration).read(["ctpl_number"])

    def test_a_cancelled_deal_ends_the_registration(self):
        self._as(self.max, self.order)._action_cancel()
        self.assertEqual(self.registration.state, "cancel")


@tagged("post_install", "-at_install")
@freeze_time("2026-11-22 04:00:00")
class TestTemporaryPlate(DealerRegistrationCommon):
    def setUp(self):
        super().setUp()
        self.registration = self._register(self._deal())

    def _plate(self, date_from="2026-11-22", date_to="2026-12-21"):
        return self._as(self.fiona, self.env["dealer.temporary.plate"]).create(
            {
                "registration_id": self.registration.id,
                "number": "临A0001",
                "date_from": date_from,
                "date_to": date_to,
            }
        )

    def test_thirty_days_at_most(self):
        self._insure(self.registration)
        self.assertEqual(self._plate().turn, 1)
        with self.assertRaisesRegex(ValidationError, "30 days"):
            self._plate("2026-12-22", "2027-01-21")

    def test_three_times_at_most(self):
        self._insure(self.registration)
        self._plate("2026-11-22", "2026-12-01")
        self._plate("2026-12-02", "2026-12-10")
        self._plate("2026-12-11", "2026-12-20")
        with self.assertRaisesRegex(ValidationError, "the law allows no more"):
            self._plate("2026-12-21", "2026-12-30")

    def test_not_without_insurance_nor_beyond_it(self):
        with self.assertRaisesRegex(ValidationError, "Enter the insurance first"):
            self._plate()
        self._insure(self.registration)
        self.registration.ctpl_date_to = "2026-12-10"
        with self.assertRaisesRegex(ValidationError, "2026-12-10"):
            self._plate()

    @mute_logger("odoo.sql_db")
    def test_one_at_a_time(self):
        self._insure(self.registration)
        self._plate()
        with self.assertRaises(psycopg2.errors.ExclusionViolation), self.cr.savepoint():
            self._plate("2026-12-21", "2026-12-25")

    @mute_logger("odoo.sql_db")
    def test_the_database_counts_the_turns(self):
        self._insure(self.registration)
        first = self._plate("2026-11-22", "2026-12-01")
        second = self._plate("2026-12-02", "2026-12-10")
        with self.assertRaises(psycopg2.errors.UniqueViolation), self.cr.savepoint():
            second.sudo().turn = first.turn
            self.env.flush_all()
        with self.assertRaisesRegex(ValidationError, "counted by itself"):
            second.turn = 9

    def test_the_plate_must_be_there_before_the_temporary_one_ends(self):
        self._insure(self.registration)
        self._plate("2026-11-22", "2026-12-10")
        task = self._task(self.registration, "plate")
        self.assertEqual(task.date_due, Date.to_date("2026-12-10"))

    def test_the_light_knows_insurance_and_plate(self):
        delivery = self._plan(
            self._prepare_delivery(self.registration.order_id), "2026-12-01 02:00:00"
        )
        self.assertEqual(delivery.readiness, "waiting")
        self._insure(self.registration)
        self._plate()
        delivery.invalidate_recordset()
        self.assertEqual(delivery.readiness, "ready")
        delivery.date_start = "2026-12-25 02:00:00"  # the temporary plate has ended by then
        delivery.invalidate_recordset(["readiness"])
        self.assertEqual(delivery.readiness, "waiting")


@tagged("post_install", "-at_install")
class TestRegistrationMoney(DealerRegistrationCommon):
    def test_what_is_collected_and_what_is_spent(self):
        car = self._stock()
        order = self._quote(car)
        kinds = ("purchase_tax", "ctpl", "vessel_tax", "plate_fee", "plate_service")
        products = [self.env.ref(f"dealer_vehicle.product_{kind}") for kind in kinds]
        amounts = (13079.65, 950, 70, 100, 500)
        order.order_line = [
            Command.create(
                {"product_id": product.id, "price_unit": amount, "tax_ids": [Command.clear()]}
            )
            for product, amount in zip(products, amounts, strict=True)
        ]
        order.action_confirm()
        registration = self._register(order)
        self._task(registration, "purchase_tax").amount = 13079.65
        self._task(registration, "ctpl").amount = 1000
        self.assertRecordValues(
            registration,
            [
                {
                    "mode": "service",
                    "amount_collected": 14199.65,
                    "amount_spent": 14079.65,
                    "amount_left": 120.0,
                }
            ],
        )
