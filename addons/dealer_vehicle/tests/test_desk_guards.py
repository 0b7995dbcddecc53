"""Small facts that no remote call rewrites: requests, payments, plans, repairs, transfers."""

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .money_case import MoneyCase


class GuardCase(MoneyCase):
    def _refused(self, record, vals, pattern):
        with self.assertRaisesRegex(UserError, pattern):
            record.write(vals)


@tagged("post_install", "-at_install")
class TestMoneyGuards(GuardCase):
    def test_a_draft_refund_request_tells_of_its_own_deal(self):
        order = self._deal()
        self._deposit(order, 40000)
        request = self._as(self.sara, self.env["dealer.refund.request"]).create(
            {"order_id": order.id, "reason": "agreement", "note": "The customer moves abroad."}
        )
        other_store = self.env["stock.warehouse"].create(
            {"name": "North", "code": "NTH", "company_id": self.company.id}
        )
        for vals in (
            {"partner_id": self.other_customer.id},
            {"user_id": self.max.id},
            {"warehouse_id": other_store.id},
            {"company_id": self.other_company.id},
            {"refund_amount": 99999},
            {"forfeit_amount": 1},
            {"approval_level": 0},
            {"is_invoiced": True},
        ):
            self._refused(request, vals, "follows from the other fields")
        request.note = "The customer moves to another town."
        self.assertRecordValues(
            request,
            [
                {
                    "partner_id": self.customer.id,
                    "user_id": self.sara.id,
                    "warehouse_id": self.warehouse.id,
                    "refund_amount": 40000,
                }
            ],
        )

    def test_nobody_makes_a_refund_request_for_somebody_else(self):
        order = self._deal()
        self._deposit(order, 40000)
        with self.assertRaisesRegex(UserError, "follows from the other fields"):
            self._as(self.sara, self.env["dealer.refund.request"]).create(
                {
                    "order_id": order.id,
                    "reason": "agreement",
                    "note": "The customer moves abroad.",
                    "partner_id": self.other_customer.id,
                }
            )

    def test_the_payment_of_a_deposit_stays_as_it_was_received(self):
        deposit = self._deposit(self._deal(), 5000)
        yen = self.env.ref("base.JPY")
        for user in (self.carl, self.fred, self.fiona):
            payment = self._as(user, deposit.payment_id)
            for vals in (
                {"amount": 1},
                {"date": "2026-01-01"},
                {"partner_id": self.other_customer.id},
                {"journal_id": self.cash.id},
                {"currency_id": yen.id},
                {"payment_type": "outbound"},
            ):
                self._refused(payment, vals, "payment of a deposit is booked")
            payment.write({"amount": 5000, "partner_id": self.customer.id})
        self.assertEqual(deposit.payment_id.amount, 5000)

    def test_the_receipt_of_a_deposit_is_still_reversed(self):
        deposit = self._deposit(self._deal(), 5000)
        self._as(self.fred, deposit).action_cancel()
        self.assertEqual(deposit.payment_id.state, "canceled")

    def test_other_payments_are_the_cashiers(self):
        payment = self._as(self.carl, self.env["account.payment"]).create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.customer.id,
                "amount": 100,
                "journal_id": self.bank.id,
            }
        )
        payment.amount = 200
        self.assertEqual(payment.amount, 200)

    def test_a_promise_stays_with_its_deal(self):
        order, other = self._deal(), self._deal()
        line = self._as(self.sara, self.env["dealer.collection.line"]).create(
            {"order_id": order.id, "amount": 1000, "due_date": self.today}
        )
        self._refused(line, {"order_id": other.id}, "stays as it was")
        self._refused(line, {"warned_overdue": True}, "written by the steps")
        self._refused(line, {"warning_activity_id": False}, "written by the steps")
        line.amount = 2000
        self.assertRecordValues(
            line, [{"order_id": order.id, "warned_overdue": False, "amount": 2000}]
        )

    def test_a_context_pays_no_promise(self):
        lines = self._as(self.sara, self.env["dealer.collection.line"]).with_context(
            default_paid_amount=55,
            default_open_amount=0,
            default_state="paid",
            default_warned_overdue=True,
            default_partner_id=self.other_customer.id,
        )
        line = lines.create(
            {"order_id": self._deal().id, "amount": 1000, "due_date": fields.Date.today()}
        )
        self.assertRecordValues(
            line,
            [
                {
                    "paid_amount": 0,
                    "open_amount": 1000,
                    "state": "open",
                    "warned_overdue": False,
                    "partner_id": self.customer.id,
                }
            ],
        )


@tagged("post_install", "-at_install")
class TestCarGuards(GuardCase):
    def test_a_repair_is_not_made_smaller_or_later(self):
        car = self._stock()
        damage = self._as(self.ken, self.env["dealer.vehicle.damage"]).create(
            {
                "vehicle_id": car.id,
                "description": "Scratch on the left door",
                "repair_note": "Door resprayed",
                "estimate": 3000,
                "date": "2026-03-01",
            }
        )
        damage.estimate = 2800  # nothing has been repaired yet
        damage.action_repaired()
        for user in (self.sara, self.ken, self.max):
            for vals in ({"date": "2026-05-01"}, {"estimate": 1}):
                self._refused(self._as(user, damage), vals, "cannot be rewritten")
        self.assertRecordValues(
            damage, [{"date": fields.Date.to_date("2026-03-01"), "estimate": 2800}]
        )

    def test_a_keeper_does_not_cut_a_car_off_its_deal(self):
        order, other = self._sell(self._stock()), self._sell(self._stock())
        move = order.sudo().picking_ids.move_ids
        for line in (self.env["sale.order.line"], other.order_line):
            self._refused(
                self._as(self.ken, move), {"sale_line_id": line.id}, "leaves for its order"
            )
        self.assertEqual(move.sale_line_id, order.order_line)
