"""When customers pay: the plan, the gate in front of the car, reminders and ageing."""

from datetime import timedelta

from psycopg2.errors import CheckViolation

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .money_case import MoneyCase


class PlanCase(MoneyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.dealer_gate_money = "plan"

    def _plan(self, order, *rows, approve=True, user=None):
        """Promises (kind, amount, days from today), approved by the manager."""
        lines = self._as(user or self.sara, self.env["dealer.collection.line"]).create(
            [
                {
                    "order_id": order.id,
                    "kind": kind,
                    "amount": amount,
                    "due_date": self.today + timedelta(days=days),
                }
                for kind, amount, days in rows
            ]
        )
        if approve:
            self._as(self.max, order).action_dealer_approve_plan()
        return lines

    def _blocker(self, order):
        """The money blocker of an order, as anybody sees it."""
        blockers = order.order_line.sudo()._dealer_get_delivery_blockers()
        return [b for b in blockers[order.order_line[0].id] if b.code == "money"]


@tagged("post_install", "-at_install")
class TestCollectionPlan(PlanCase):
    # === PLAN ===
    def test_money_pays_the_oldest_promise_first(self):
        order = self._deal(100000)
        lines = self._plan(order, ("balance", 60000, 30), ("deposit", 40000, 0))
        self._deposit(order, 50000)
        self.assertRecordValues(
            lines,
            [
                {"paid_amount": 10000, "open_amount": 50000, "state": "partial"},
                {"paid_amount": 40000, "open_amount": 0, "state": "paid"},
            ],
        )
        self.assertRecordValues(
            order,
            [
                {
                    "dealer_received_total": 50000,
                    "dealer_open_total": 50000,
                    "dealer_due_total": 40000,
                    "dealer_plan_gap": 0,
                }
            ],
        )

    def test_payments_of_the_invoice_count_as_well(self):
        self.company.dealer_gate_money = "none"
        order = self._deal(100000)
        lines = self._plan(order, ("deposit", 40000, 0), ("balance", 60000, 30))
        self._deposit(order, 40000)
        self._deliver(order)
        invoice = self._invoice(order)
        self.assertEqual(lines.mapped("state"), ["paid", "open"])
        self._pay(invoice, user=self.carl)
        self.assertEqual(lines.mapped("state"), ["paid", "paid"])
        self.assertEqual(order.dealer_received_total, 100000)

    def test_money_that_went_back_is_not_received(self):
        order = self._deal(100000)
        lines = self._plan(order, ("deposit", 5000, 0))
        deposit = self._deposit(order, 5000)
        self.assertEqual(lines.state, "paid")
        self._as(self.fred, deposit).action_cancel()
        self.assertEqual(lines.state, "open")

    def test_the_rest_is_added_with_one_click(self):
        order = self._deal(100000)
        self._plan(order, ("deposit", 20000, 0), approve=False)
        self.assertEqual(order.dealer_plan_gap, 80000)
        order.action_dealer_fill_plan()
        self.assertRecordValues(
            order.dealer_collection_ids.sorted("id"),
            [
                {"kind": "deposit", "amount": 20000},
                {"kind": "balance", "amount": 80000},
            ],
        )
        order.action_dealer_fill_plan()
        self.assertEqual(len(order.dealer_collection_ids), 2)

    def test_money_that_has_come_is_planned_by_its_name(self):
        order = self._deal(100000)
        self._deposit(order, 20000)
        order.action_dealer_fill_plan()
        self.assertRecordValues(
            order.dealer_collection_ids.sorted("id"),
            [
                {"kind": "deposit", "amount": 20000, "state": "paid"},
                {"kind": "balance", "amount": 80000, "state": "open"},
            ],
        )

    def test_an_order_that_became_cheaper_asks_for_less(self):
        """What was paid stays, the last promise shrinks first."""
        order = self._deal(100000, confirm=False)
        lines = self._plan(
            order, ("deposit", 20000, 0), ("loan", 60000, 10), ("balance", 20000, 30), approve=False
        )
        self._deposit(order, 20000)
        order.order_line.price_unit = 70000
        order.order_line.tax_ids = False
        for step in (
            order._dealer_check_may_send,
            order.action_confirm,
            self._as(self.max, order).action_dealer_approve_plan,
        ):
            with self.assertRaisesRegex(UserError, "30,000.00 more than the order.*Fit to Order"):
                step()
        order.action_dealer_fill_plan()
        self.assertEqual(lines.exists().mapped("amount"), [20000, 50000])
        self.assertEqual(order.dealer_plan_gap, 0)
        self._as(self.max, order).action_dealer_approve_plan()

    def test_the_plan_is_entered_on_the_order(self):
        order = self._deal(100000)
        with Form(self._as(self.sara, order)) as form, form.dealer_collection_ids.new() as line:
            line.kind = "loan"
            line.due_date = self.today + timedelta(days=10)
            line.amount = 70000
        self.assertEqual(order.dealer_collection_ids.amount, 70000)

    def test_no_promise_of_nothing(self):
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"):
            self._plan(self._deal(100000), ("balance", 0, 0), approve=False)

    # === WHO APPROVES ===
    def test_the_salesperson_does_not_approve_the_own_plan(self):
        order = self._deal(100000)
        self._plan(order, ("balance", 100000, 30), approve=False)
        with self.assertRaisesRegex(AccessError, "manager"):
            order.action_dealer_approve_plan()
        own = self._deal(100000, user=self.max)
        self._plan(own, ("balance", 100000, 30), approve=False, user=self.max)
        with self.assertRaisesRegex(UserError, "own order"):
            self._as(self.max, own).action_dealer_approve_plan()
        self._as(self.fiona, own).action_dealer_approve_plan()
        self.assertEqual(own.dealer_plan_approved_by_id, self.fiona)

    def test_who_entered_the_order_does_not_approve_its_plan(self):
        order = self._deal(100000, user=self.max)
        self._as(self.max, order).user_id = self.sara
        self._plan(order, ("balance", 100000, 30), approve=False)
        with self.assertRaisesRegex(UserError, "own order"):
            self._as(self.max, order).action_dealer_approve_plan()
        self._as(self.fiona, order).action_dealer_approve_plan()

    def test_who_wrote_the_plan_does_not_approve_it(self):
        mia = self._create_person("mia", "sales_manager")
        changes = (
            lambda line: self._as(self.max, line)[0].copy(),
            lambda line: self._as(self.max, line).write({"amount": 1}),
            lambda line: self._as(self.max, line)[1:].unlink(),
            lambda line: self._as(self.max, line.order_id).action_dealer_fill_plan(),
        )
        for change in changes:
            order = self._deal(100000)
            line = self._plan(order, ("balance", 40000, 30), ("deposit", 10000, 0), approve=False)
            change(line)
            with self.assertRaisesRegex(UserError, "You changed the collection plan"):
                self._as(self.max, order).action_dealer_approve_plan()
            self._as(mia, order).action_dealer_approve_plan()
            # what he wrote was approved by another: now he may approve the next plan
            self._as(self.sara, order.dealer_collection_ids)[:1].due_date = self.today
            self._as(self.max, order).action_dealer_approve_plan()
            self.assertEqual(order.dealer_plan_approved_by_id, self.max)

    def test_the_approval_is_nobodys_to_write(self):
        order = self._deal(100000)
        for vals in (
            {"dealer_plan_approved_by_id": self.max.id},
            {"dealer_plan_approved_on": "2026-01-01 00:00:00"},
            {"dealer_plan_maker_ids": [Command.clear()]},
        ):
            with self.subTest(vals), self.assertRaisesRegex(AccessError, "button"):
                order.write(vals)
        new = {"partner_id": self.customer.id}
        with self.assertRaisesRegex(AccessError, "button"):
            order.create({**new, "dealer_plan_approved_by_id": self.max.id})
        with self.assertRaisesRegex(AccessError, "button"):
            order.with_context(default_dealer_plan_approved_by_id=self.max.id).create(new)

    def test_a_changed_plan_is_not_approved(self):
        changes = (
            lambda line: line.write({"amount": 1}),
            lambda line: line.write({"due_date": self.today + timedelta(days=99)}),
            lambda line: line.unlink(),
            lambda line: line.copy(),
        )
        for change in changes:
            order = self._deal(100000)
            line = self._plan(order, ("balance", 100000, 30))
            self.assertEqual(order.dealer_plan_approved_by_id, self.max)
            change(line)
            self.assertFalse(order.dealer_plan_approved_by_id)

    def test_a_note_does_not_ask_again(self):
        order = self._deal(100000)
        self._plan(order, ("balance", 100000, 30)).note = "by transfer"
        self.assertTrue(order.dealer_plan_approved_by_id)

    def test_a_salesperson_reads_own_plans_only(self):
        line = self._plan(
            self._deal(100000, user=self.max), ("balance", 1, 0), user=self.max, approve=False
        )
        with self.assertRaises(AccessError):
            self._as(self.sara, line).read(["amount"])
        with self.assertRaises(AccessError):
            self._as(self.carl, line).write({"amount": 2})

    # === GATE ===
    def test_an_unpaid_car_does_not_leave(self):
        order = self._deal(100000)
        with self.assertRaisesRegex(UserError, "has not been paid.*cashier"):
            self._deliver(order)
        self._deposit(order, 100000, kind="price")
        self._deliver(order)
        self.assertEqual(order.order_line.qty_delivered, 1)

    def test_the_message_says_how_much(self):
        order = self._deal(100000)
        self._deposit(order, 20000)
        (blocker,) = self._blocker(order)
        self.assertIn("80,000.00", blocker.message)
        self.assertIn("100,000.00", blocker.message)
        self.assertNotIn("plan", blocker.message)

    def test_the_message_says_what_is_due_by_the_plan(self):
        """What is due now less what has come is what is missing."""
        order = self._deal(100000)
        self._plan(order, ("deposit", 40000, 0), ("loan", 60000, 20))
        self._deposit(order, 30000)
        (blocker,) = self._blocker(order)
        self.assertIn("40,000.00", blocker.message)
        self.assertIn("10,000.00", blocker.message)
        self.assertNotIn("100,000.00", blocker.message)

    def test_what_is_due_by_an_approved_plan_is_enough(self):
        order = self._deal(100000)
        self._plan(order, ("deposit", 30000, 0), ("loan", 70000, 20))
        self.assertTrue(self._blocker(order))
        self._deposit(order, 30000)
        self.assertFalse(self._blocker(order))
        self._deliver(order)

    def test_a_plan_that_nobody_approved_lets_nothing_go(self):
        order = self._deal(100000)
        self._plan(order, ("loan", 100000, 20), approve=False)
        (blocker,) = self._blocker(order)
        self.assertIn("plan is not approved", blocker.message)

    def test_what_the_plan_forgets_is_due_at_once(self):
        order = self._deal(100000)
        self._plan(order, ("loan", 70000, 20))
        self._deposit(order, 29999.99)
        self.assertIn("0.01", self._blocker(order)[0].message)
        self._deposit(order, 0.01)
        self.assertFalse(self._blocker(order))

    def test_a_company_may_ask_for_everything_or_nothing(self):
        order = self._deal(100000)
        self._plan(order, ("loan", 100000, 20))
        for policy, blocked in (("paid", True), ("plan", False), ("none", False)):
            self.company.dealer_gate_money = policy
            self.assertEqual(bool(self._blocker(order)), blocked, policy)

    def test_taxes_collected_for_others_must_be_paid_as_well(self):
        order = self._deal(100000, confirm=False)
        tax = self.env["product.product"].create({"name": "Stamp", "type": "service"})
        order.order_line = [
            Command.create({"product_id": tax.id, "price_unit": 8000, "tax_ids": False})
        ]
        order.action_confirm()
        self._deposit(order, 100000, kind="price")
        self.assertIn("8,000.00", self._blocker(order)[0].message)

    # === REMINDERS ===
    def _warn(self):
        self.env["dealer.collection.line"]._cron_warn()

    def _reminders(self, order):
        return self.env["mail.activity"].search(
            [("res_model", "=", "sale.order"), ("res_id", "=", order.id)]
        )

    def test_a_payment_that_falls_due_reminds_once(self):
        order = self._deal(100000)
        self._plan(order, ("deposit", 30000, 3), ("loan", 70000, 4))
        for _time in range(2):
            self._warn()
        reminder = self._reminders(order)
        self.assertRecordValues(
            reminder, [{"user_id": self.sara.id, "date_deadline": self.today + timedelta(days=3)}]
        )
        self.assertIn("30000.00", reminder.summary)

    def test_a_reminder_speaks_the_language_of_the_salesperson(self):
        """The job has none; it says whose money is missing, and which."""
        self.sara.lang = "zh_CN"
        order = self._deal(100000)
        self._plan(order, ("deposit", 30000, 3), ("prepayment", 5000, -1))
        jobs = self.env["dealer.collection.line"].with_context(lang=None)
        jobs._cron_warn()
        self.assertEqual(
            set(self._reminders(order).mapped("summary")),
            {"款项即将到期：Li Ming，定金 30000.00", "款项已逾期：Li Ming，订金 5000.00"},
        )

    def test_an_overdue_payment_replaces_the_reminder(self):
        self.sara.lang = "en_US"
        order = self._deal(100000)
        line = self._plan(order, ("deposit", 30000, 2))
        self._warn()
        line.due_date = self.today - timedelta(days=1)
        for _time in range(2):
            self._warn()
        reminder = self._reminders(order)
        self.assertEqual(len(reminder), 1)
        self.assertIn("overdue", reminder.summary)

    def test_a_paid_promise_closes_its_reminder(self):
        order = self._deal(100000)
        self._plan(order, ("deposit", 30000, 1))
        self._warn()
        self._deposit(order, 30000)
        self._warn()
        self.assertFalse(self._reminders(order))

    def test_quotations_remind_nobody(self):
        order = self._deal(100000, confirm=False)
        self._plan(order, ("deposit", 30000, -5))
        self._warn()
        self.assertFalse(self._reminders(order))

    # === STATISTICS ===
    def test_ageing_is_what_the_lines_say(self):
        order = self._deal(100000)
        self._plan(
            order,
            ("deposit", 10000, -100),
            ("instalment", 20000, -45),
            ("instalment", 30000, -10),
            ("balance", 40000, 5),
        )
        self._deposit(order, 15000)
        self.env.flush_all()
        Report = self._as(self.max, self.env["dealer.collection.report"])
        groups = Report._read_group(
            [("order_id", "=", order.id)],
            ["age_band"],
            ["open_amount:sum", "overdue_amount:sum", "days_overdue:max"],
        )
        self.assertEqual(
            groups,
            [("0_not_due", 40000, 0, 0), ("1_30", 30000, 30000, 10), ("2_60", 15000, 15000, 45)],
        )
        lines = order.dealer_collection_ids
        self.assertEqual(sum(group[1] for group in groups), sum(lines.mapped("open_amount")))
        overdue = self._as(self.max, self.env["dealer.collection.line"]).search(
            [("is_overdue", "=", True), ("order_id", "=", order.id)]
        )
        self.assertEqual(sum(overdue.mapped("open_amount")), 45000)
        self.assertFalse(
            self._as(self.charlie, self.env["dealer.collection.report"]).search(
                [("order_id", "=", order.id)]
            )
        )
