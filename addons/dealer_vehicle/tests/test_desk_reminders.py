"""What the jobs of the night write is read by people: in their language, with whose deal it is."""

from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from .test_desk_money_plan import PlanCase

CHINESE = r"[\u4e00-\u9fff]"


@tagged("post_install", "-at_install")
class TestReminders(PlanCase):
    """Sara and Max read Chinese; the job itself has no language."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")
        cls.env.ref("base.user_root").lang = "en_US"
        (cls.sara | cls.max | cls.ken).lang = "zh_CN"
        cls.company.partner_id.lang = "zh_CN"

    def _run(self, model, method):
        """Run a job as the scheduler does."""
        getattr(self.env(context={})[model], method)()

    def _last_activity(self, record):
        return self.env["mail.activity"].search(
            [("res_model", "=", record._name), ("res_id", "=", record.id)], order="id desc", limit=1
        )

    def test_a_payment_names_customer_and_kind(self):
        order = self._deal(100000)
        self._plan(order, ("loan", 100000, 1))
        self._run("dealer.collection.line", "_cron_warn")
        summary = self._last_activity(order).summary
        self.assertRegex(summary, CHINESE)
        kinds = dict(
            self.env["dealer.collection.line"]
            .with_context(lang="zh_CN")
            ._fields["kind"]
            ._description_selection(self.env(context={"lang": "zh_CN"}))
        )
        for word in ("Li Ming", kinds["loan"], "100000.00"):
            self.assertIn(word, summary)

    def test_a_paid_promise_is_closed_in_the_language_of_the_company(self):
        order = self._deal(100000)
        self._plan(order, ("deposit", 30000, 1))
        self._run("dealer.collection.line", "_cron_warn")
        self._deposit(order, 30000)
        before = order.message_ids
        self._run("dealer.collection.line", "_cron_warn")
        self.assertFalse(self._last_activity(order))
        self.assertNotIn("Paid", "".join((order.message_ids - before).mapped("body")))

    def test_a_deadline_of_the_registration_names_customer_and_car(self):
        order = self._as(self.sara, self._deal(100000))
        order.action_open_registration()
        registration = order.dealer_registration_ids.sudo()
        task = registration.task_ids.filtered(lambda task: task.kind == "plate")
        task.submitted_on = fields.Date.today()
        self._run("dealer.registration", "_cron_remind")
        summary = self._last_activity(registration).summary
        self.assertRegex(summary, CHINESE)
        self.assertIn("Li Ming", summary)
        self.assertIn(registration.vehicle_id.vin[-6:], summary)

    def test_a_hold_ends_in_the_language_of_the_company(self):
        car = self._stock()
        hold = self._as(self.sara, self.env["dealer.vehicle.hold"]).create(
            {"vehicle_id": car.id, "partner_id": self.customer.id}
        )
        hold.sudo().date_to = fields.Datetime.now() - timedelta(minutes=1)
        before = self.env["mail.message"].search([], order="id desc", limit=1).id
        self._run("dealer.vehicle.hold", "_cron_expire")
        self.assertRegex(hold.reason, CHINESE)
        message = self.env["mail.message"].search(
            [("id", ">", before), ("partner_ids", "in", self.sara.partner_id.ids)]
        )
        self.assertRegex(message.body, CHINESE)
        self.assertIn("Li Ming", message.body)

    def test_a_key_that_is_not_back(self):
        car = self._stock()
        self._as(self.ken, car).action_dealer_register_custody()
        key = self._as(self.ken, car).custody_ids[-1]
        key._move(
            "in_hand",
            holder_id=self.sara.partner_id.id,
            date_back=fields.Date.today() - timedelta(days=1),
        )
        self._run("dealer.custody", "_cron_remind")
        self.assertRegex(self._last_activity(key).note, CHINESE)

    def test_stock_alerts(self):
        norm = self._as(self.max, self.env["dealer.stock.norm"]).create(
            {"model_id": self.trim.id, "warehouse_id": self.warehouse.id, "min_quantity": 3}
        )
        self._run("dealer.stock.norm", "_cron_check")
        self.assertRegex(self._last_activity(norm.alert_ids.sudo()).summary, CHINESE)

    def test_old_cars(self):
        with freeze_time("2026-03-01 08:00:00"):
            car = self._stock()
        with freeze_time("2026-04-01 08:00:00"):
            self.env.invalidate_all()
            self._run("dealer.age.decision", "_cron_ask")
        decision = self.env["dealer.age.decision"].search([("vehicle_id", "=", car.id)])
        self.assertEqual(decision.user_id, self.max)
        self.assertRegex(self._last_activity(decision).summary, CHINESE)
