"""Money on a quotation keeps its car."""

from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .money_case import MoneyCase


@tagged("post_install", "-at_install")
class TestDepositHold(MoneyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tom = cls._create_person("tom", "sales_consultant")

    def setUp(self):
        super().setUp()
        self.vehicle = self._stock()
        self.order = self._quote(self.vehicle, 147800)

    def _quote_tom(self, vehicle=None):
        return self._quote(vehicle or self.vehicle, 147800, self.other_customer, user=self.tom)

    def test_a_deposit_keeps_the_car_of_the_quotation(self):
        """§2.1 one car, one reservation; only one without a deposit expires."""
        self._deposit(self.order, 5000, kind="prepayment")
        self.assertRecordValues(
            self.order.sudo().dealer_hold_ids,
            [
                {
                    "vehicle_id": self.vehicle.id,
                    "partner_id": self.customer.id,
                    "user_id": self.sara.id,
                    "state": "active",
                    "is_hard": True,
                    "is_from_deposit": True,
                }
            ],
        )
        self.assertTrue(self.vehicle.hold_is_hard)
        with self.assertRaisesRegex(UserError, "Sara for a customer who has paid a deposit"):
            self._quote_tom().action_confirm()
        self.order.action_confirm()
        self.assertEqual(self.order.sudo().dealer_hold_ids.state, "used")

    def test_the_salesperson_hears_of_the_money(self):
        deposit = self._deposit(self.order, 5000, kind="prepayment")
        note = self.order.sudo().message_ids[:1]
        self.assertIn("5,000.00", note.body)
        self.assertIn(deposit.name, note.body)
        self.assertIn(self.vehicle.vin[-8:], note.body)
        self.assertTrue(note.subtype_id.internal)
        self.assertIn(self.sara.partner_id, note.notified_partner_ids)
        self.assertEqual(note.author_id, self.carl.partner_id)

    def test_a_deposit_extends_the_hold_that_is_there(self):
        hold = self._as(self.sara, self.env["dealer.vehicle.hold"]).create(
            {"vehicle_id": self.vehicle.id, "partner_id": self.customer.id}
        )
        self._deposit(self.order, 5000)
        self.assertRecordValues(hold, [{"order_id": self.order.id, "is_hard": True}])
        self.assertEqual(len(self.vehicle.hold_ids), 1)
        hold.sudo().date_to = fields.Datetime.now() - timedelta(days=1)
        self.env["dealer.vehicle.hold"]._cron_expire()
        self.assertEqual(hold.state, "active")

    def test_the_cashier_knows_that_somebody_else_holds_the_car(self):
        self._quote_tom().action_dealer_hold_cars()
        form = Form(self._as(self.carl, self.env["dealer.deposit"]))
        form.order_id = self._as(self.carl, self.order)
        self.assertIn("held by Tom", form.car_warning)
        self.assertFalse(form.car_kept)
        form.kind = "prepayment"
        form.amount = 5000
        deposit = form.save()
        with self.assertRaisesRegex(UserError, "would not keep the car for Li Ming"):
            deposit.action_receive()
        self.assertFalse(deposit.payment_id)
        with Form(deposit) as form:
            form.is_without_car = True
        deposit.action_receive()
        self.assertEqual(deposit.state, "received")
        self.assertEqual(self.vehicle.held_by_id, self.tom)
        self.assertFalse(self.order.sudo().dealer_hold_ids)
        self.assertIn("does not keep the car", self.order.sudo().message_ids[:1].body)

    def test_the_cashier_knows_that_the_car_is_sold(self):
        self._quote_tom().action_confirm()
        with self.assertRaisesRegex(UserError, "reserved by order"):
            self._deposit(self.order, 5000)
        self._deposit(self.order, 5000, is_without_car=True)
        self.assertFalse(self.order.sudo().dealer_hold_ids)

    def test_the_form_names_the_car_that_is_kept(self):
        deposit = self._deposit(self.order, 5000, receive=False)
        self.assertIn(self.vehicle.vin[-8:], deposit.car_kept)
        self.assertFalse(deposit.car_warning)

    def test_a_car_named_later_is_kept_too(self):
        self._deposit(self.order, 5000)
        other = self._stock()
        self.order.order_line.dealer_vehicle_id = other
        self.assertFalse(self.vehicle.hold_id)
        self.assertTrue(other.hold_is_hard)

    def test_a_quotation_without_a_car_holds_nothing_until_it_has_one(self):
        order = self._as(self.sara, self.env["sale.order"]).create({"partner_id": self.customer.id})
        self._deposit(order, 5000)
        self.assertFalse(order.sudo().dealer_hold_ids)
        order.order_line = [
            Command.create({"dealer_vehicle_id": self.vehicle.id, "tax_ids": [Command.clear()]})
        ]
        self.assertTrue(self.vehicle.hold_is_hard)

    def test_a_confirmed_order_needs_no_hold(self):
        self.order.action_confirm()
        self._deposit(self.order, 5000)
        self.assertFalse(self.order.sudo().dealer_hold_ids)

    # === BACK ===
    def test_money_that_was_never_there_keeps_no_car(self):
        first = self._deposit(self.order, 5000)
        second = self._deposit(self.order, 1000)
        hold = self.order.sudo().dealer_hold_ids
        self._as(self.fred, first).action_cancel()
        self.assertEqual(hold.state, "active")
        self._as(self.fred, second).action_cancel()
        self.assertEqual(hold.state, "released")
        self.assertFalse(self.vehicle.hold_id)
        self.assertIn("reversed", self.order.sudo().message_ids[:1].body)

    def test_a_hold_from_before_the_deposit_keeps_its_own_term(self):
        self.order.action_dealer_hold_cars()
        hold = self.order.sudo().dealer_hold_ids
        deposit = self._deposit(self.order, 5000)
        self._as(self.fred, deposit).action_cancel()
        self.assertRecordValues(hold, [{"state": "active", "is_hard": False}])

    def test_a_refund_releases_the_car_to_whoever_waits(self):
        self._deposit(self.order, 5000, kind="prepayment")
        waiting = (
            self._as(self.tom, self.env["dealer.vehicle.hold"])
            .with_context(dealer_hold_wait=True)
            .create({"vehicle_id": self.vehicle.id, "partner_id": self.other_customer.id})
        )
        request = self._as(self.sara, self.env["dealer.refund.request"]).create(
            {"order_id": self.order.id, "reason": "agreement", "note": "Changed his mind."}
        )
        request.action_submit()
        for user in (self.max, self.fiona):
            mine = self._as(user, request)
            mine.invalidate_recordset()
            mine._validate_tier(mine.review_ids.filtered(lambda r, u=user: u in r.reviewer_ids))
        self.assertEqual(request.state, "approved")
        self.assertEqual(waiting.state, "active")
        self.assertEqual(self.vehicle.held_by_id, self.tom)
