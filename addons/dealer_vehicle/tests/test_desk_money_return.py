"""Cars that come back: what the law says, what is booked, what is paid."""

import doctest
from datetime import date, timedelta

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import BaseCase, Form, tagged

from odoo.addons.dealer_vehicle.tools import guarantee

from .test_desk_money_contract import DOT
from .test_desk_money_refund import RefundCase


@tagged("post_install", "-at_install")
class TestGuaranteeRules(BaseCase):
    def test_examples_in_the_docstrings_hold(self):
        self.assertEqual(doctest.testmod(guarantee).failed, 0)


@tagged("post_install", "-at_install")
class TestCarReturn(RefundCase):
    def _sold(self, price=150000, paid=True):
        """A delivered, invoiced and paid car; with its delivery."""
        order = self._deal(price)
        picking = self._deliver(order)
        invoice = self._invoice(order)
        if paid:
            self._pay(invoice, user=self.carl)
        return order, picking, invoice

    def _return_request(self, order, basis="guarantee", submit=True, **vals):
        request = self._as(self.sara, self.env["dealer.refund.request"]).create(
            {
                "order_id": order.id,
                "kind": "return",
                "reason": "agreement",
                "return_line_id": order.order_line[:1].id,
                "legal_basis": basis,
                "note": "The gearbox was replaced twice.",
                **vals,
            }
        )
        if submit:
            request.action_submit()
        return request

    def _settle(self, request, picking, invoice):
        """Approved, car back, invoice credited, booked."""
        self._approve(request, self.greta, self.fiona)
        self._return(picking)
        credit = self._credit(invoice)
        self._as(self.fred, request).action_post()
        return credit

    def test_the_usage_fee_of_the_law_is_kept(self):
        order, picking, invoice = self._sold()
        request = self._return_request(order, odometer=12000)
        self.assertRecordValues(
            request,
            [
                {
                    "usage_factor": 0.5,
                    "return_price": 150000,
                    "usage_fee": 9000,
                    "damages_amount": 0,
                    "refund_amount": 141000,
                    "approval_level": 2,
                }
            ],
        )
        self._settle(request, picking, invoice)
        entry = self.env["account.move"].search([("dealer_refund_id", "=", request.id)])
        self.assertItems(
            entry,
            [
                (self.receivable, self.customer, 9000),
                (self.forfeit_income, self.customer, -9000),
            ],
        )
        self.assertEqual(entry.line_ids.dealer_vehicle_id, request.return_vehicle_id)
        self._pay_out(request)
        self.assertEqual(request.state, "done")
        payment = self.env["account.payment"].search([("memo", "=", request.name)])
        self.assertItems(
            payment.move_id,
            [
                (self.receivable, self.customer, 141000),
                (payment.outstanding_account_id, self.customer, -141000),
            ],
        )
        open_items = self.env["account.move.line"].search(
            [
                ("account_id", "=", self.receivable.id),
                ("partner_id", "=", self.customer.id),
                ("reconciled", "=", False),
                ("parent_state", "=", "posted"),
            ]
        )
        self.assertFalse(open_items)

    def test_vectors_of_the_usage_fee(self):
        for price, km, fee in ((239800, 7654, 9177.15), (180000, 4321, 3888.90)):
            with self.subTest(price):
                order, _picking, _invoice = self._sold(price)
                request = self._return_request(order, odometer=km, submit=False)
                self.assertAlmostEqual(request.usage_fee, fee, 2)
                self.assertAlmostEqual(request.refund_amount, price - fee, 2)

    def test_no_usage_fee_in_the_first_days(self):
        order, _picking, _invoice = self._sold()
        request = self._return_request(order, odometer=900, submit=False)
        for basis in ("seven_days", "sixty_days", "agreement"):
            request.legal_basis = basis
            self.assertEqual((request.usage_fee, request.refund_amount), (0, 150000), basis)

    def test_who_deceives_pays_three_times_the_price_on_top(self):
        order, picking, invoice = self._sold(147800)
        request = self._return_request(order, "fraud", compensation_amount=2000)
        self.assertRecordValues(
            request, [{"damages_amount": 443400, "refund_amount": 147800 + 443400 + 2000}]
        )
        self._settle(request, picking, invoice)
        entry = self.env["account.move"].search([("dealer_refund_id", "=", request.id)])
        self.assertItems(
            entry,
            [
                (self.penalty_expense, self.customer, 445400),
                (self.receivable, self.customer, -445400),
            ],
        )
        self._pay_out(request)
        payment = self.env["account.payment"].search([("memo", "=", request.name)])
        self.assertEqual(payment.amount, 593200)

    def test_the_booklet_may_not_ask_for_more_than_the_law(self):
        order, _picking, _invoice = self._sold()
        with self.assertRaisesRegex(UserError, "0.5"):
            self._return_request(order, usage_factor=0.51)

    def test_the_car_and_the_credit_note_come_first(self):
        order, picking, invoice = self._sold()
        request = self._approve(self._return_request(order), self.greta, self.fiona)
        self.assertEqual(order.state, "sale")
        with self.assertRaisesRegex(UserError, "Credit the invoice"):
            self._as(self.fred, request).action_post()
        self._credit(invoice)
        with self.assertRaisesRegex(UserError, "come back first"):
            self._as(self.fred, request).action_post()
        self._return(picking)
        self._as(self.fred, request).action_post()
        self.assertEqual(request.state, "posted")

    def test_a_returned_deal_asks_for_nothing_any_more(self):
        order = self._deal(150000)
        self._as(self.sara, self.env["dealer.collection.line"]).create(
            {"order_id": order.id, "kind": "balance", "amount": 150000, "due_date": self.today}
        )
        picking = self._deliver(order)
        invoice = self._pay(self._invoice(order), user=self.carl)
        request = self._return_request(order, "agreement")
        self._settle(request, picking, invoice)
        self._pay_out(request)
        self.assertRecordValues(
            order.sudo(), [{"state": "cancel", "invoice_status": "no", "dealer_received_total": 0}]
        )
        line = order.sudo().dealer_collection_ids
        line.order_id.activity_ids.unlink()
        self.env["dealer.collection.line"]._cron_warn()
        self.assertFalse(line.warning_activity_id)
        ageing = self.env["dealer.collection.report"].search([("order_id", "=", order.id)])
        self.assertFalse(ageing)

    def test_nobody_gets_back_what_the_bank_never_paid(self):
        """Approvers decide on the money that moves; the open loan is settled with its bank."""
        order = self._deal(150000)
        self._deposit(order, 50000, kind="price")
        picking = self._deliver(order)
        invoice = self._invoice(order)
        request = self._return_request(order, "agreement")
        self.assertRecordValues(
            request, [{"return_price": 150000, "paid_total": 50000, "refund_amount": 50000}]
        )
        self._settle(request, picking, invoice)
        wizard = self._as(self.carl, self.env["dealer.refund.pay"]).create(
            {"request_id": request.id, "journal_id": self.bank.id}
        )
        self.assertEqual(wizard.amount, 50000)
        wizard.action_pay()
        payment = self.env["account.payment"].search([("memo", "=", request.name)])
        self.assertEqual(payment.amount, 50000)

    def test_a_car_that_was_taken_back_is_blocked_for_its_disclosure(self):
        order, picking, invoice = self._sold()
        request = self._return_request(order)
        self._settle(request, picking, invoice)
        vehicle = request.return_vehicle_id
        self.assertTrue(vehicle.blocked)
        self.assertIn(request.name, vehicle.block_reason)

    def test_the_next_buyer_signs_that_the_car_was_taken_back(self):
        """三包 Art. 33; and what the first buyer pays for its use is no second sold car."""
        order, picking, invoice = self._sold()
        request = self._return_request(order, odometer=12000)
        self._settle(request, picking, invoice)
        self._pay_out(request)
        car = request.return_vehicle_id
        self.assertEqual(car.odometer, 12000)
        self.env.flush_all()
        rows = self.env["dealer.vehicle.margin.report"].search([("vehicle_id", "=", car.id)])
        self.assertEqual(rows.order_id, order)
        self.assertEqual(sum(rows.mapped("units")), 0)
        self.assertEqual(sum(rows.mapped("revenue")), request.usage_fee)
        self._as(self.max, car).blocked = False
        again = self._quote(car, 120000)
        disclosure = again.dealer_disclosure_ids
        self.assertEqual(disclosure.return_ids, request)
        self.assertIn("12000", disclosure.text)
        line = again.order_line
        kinds = [blocker.code for blocker in line._dealer_get_delivery_blockers()[line.id]]
        self.assertIn("disclosure", kinds)
        disclosure.write({"signature": DOT, "signed_by": "Li Ming"})
        self._as(self.sara, disclosure).action_sign()
        kinds = [blocker.code for blocker in line._dealer_get_delivery_blockers()[line.id]]
        self.assertNotIn("disclosure", kinds)

    def test_a_returned_deal_is_closed_and_looks_so(self):
        order = self._deal(110000)  # below the list price: it stands in the ledger of leaks
        self.assertEqual(order.sudo().dealer_deviation_ids.mapped("state"), ["granted"])
        self._as(self.sara, self.env["dealer.collection.line"]).create(
            [
                {"order_id": order.id, "kind": kind, "amount": amount, "due_date": self.today}
                for kind, amount in (("deposit", 30000), ("balance", 80000))
            ]
        )
        picking = self._deliver(order)
        invoice = self._pay(self._invoice(order), user=self.carl)
        request = self._return_request(order, "agreement")
        self._settle(request, picking, invoice)
        self._pay_out(request)
        order = order.sudo()
        self.assertRecordValues(
            order,
            [
                {
                    "state": "cancel",
                    "dealer_is_returned": True,
                    "dealer_open_total": 0,
                    "invoice_status": "no",
                }
            ],
        )
        self.assertEqual(order.dealer_deviation_ids.mapped("state"), ["void"])
        plan = order.dealer_collection_ids
        self.assertEqual(set(plan.mapped("state")), {"void"})
        self.assertEqual(
            (sum(plan.mapped("open_amount")), any(plan.mapped("is_overdue"))), (0, False)
        )
        with self.assertRaises(UserError):
            self._as(self.fred, order)._create_invoices()

    def test_services_that_stay_are_not_asked_for_with_the_car(self):
        service = self.env["product.product"].create(
            {
                "name": "Registration",
                "type": "service",
                "list_price": 1000,
                "invoice_policy": "order",
            }
        )
        order = self._quote(self._stock(), 150000)
        order.write(
            {
                "order_line": [
                    Command.create(
                        {
                            "product_id": service.id,
                            "price_unit": 1000,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ]
            }
        )
        order.action_confirm()
        self._as(self.sara, self.env["dealer.collection.line"]).create(
            {"order_id": order.id, "kind": "balance", "amount": 151000, "due_date": self.today}
        )
        picking = self._deliver(order)
        invoice = self._pay(self._invoice(order), user=self.carl)
        request = self._return_request(order, "agreement")
        self.assertEqual(request.refund_amount, 150000)
        self._approve(request, self.greta, self.fiona)
        self._return(picking)
        credit = self._as(self.fred, invoice)._reverse_moves(
            [{"invoice_date": invoice.invoice_date}]
        )
        credit.invoice_line_ids.filtered(lambda item: item.product_id == service).unlink()
        credit.action_post()
        self._as(self.fred, request).action_post()
        self._pay_out(request)
        order = order.sudo()
        self.assertRecordValues(
            order,
            [
                {
                    "state": "sale",
                    "dealer_is_returned": True,
                    "amount_total": 1000,
                    "dealer_received_total": 1000,
                    "dealer_open_total": 0,
                    "invoice_status": "invoiced",
                }
            ],
        )
        self.assertEqual(order.dealer_collection_ids.state, "void")
        order.activity_ids.unlink()
        self.env["dealer.collection.line"]._cron_warn()
        self.assertFalse(order.activity_ids)
        payment = self.env["account.payment"].search([("memo", "=", request.name)])
        self.assertEqual(payment.amount, 150000)

    def _loan_plan(self, order, *parts):
        self._as(self.sara, self.env["dealer.collection.line"]).create(
            [
                {"order_id": order.id, "kind": kind, "amount": amount, "due_date": self.today}
                for kind, amount in parts
            ]
        )

    def test_a_loan_is_paid_back_to_its_lender(self):
        order = self._deal(150000)
        self._loan_plan(order, ("deposit", 50000), ("loan", 100000))
        picking = self._deliver(order)
        invoice = self._pay(self._invoice(order), user=self.carl)
        request = self._return_request(order, "guarantee", odometer=12000)
        self.assertRecordValues(
            request,
            [
                {
                    "paid_total": 150000,
                    "refund_amount": 141000,
                    "loan_paid_amount": 100000,
                    "loan_open_amount": 0,
                    "lender_amount": 100000,
                    "customer_amount": 41000,
                }
            ],
        )
        self._settle(request, picking, invoice)
        self._pay_out(request)
        payments = self.env["account.payment"].search([("memo", "=", request.name)])
        self.assertEqual(sorted(payments.mapped("amount")), [41000, 100000])
        for payment in payments:
            self.assertItems(
                payment.move_id,
                [
                    (self.receivable, self.customer, payment.amount),
                    (payment.outstanding_account_id, self.customer, -payment.amount),
                ],
            )
        items = payments.move_id.line_ids.filtered(lambda item: item.account_id == self.receivable)
        self.assertTrue(all(items.mapped("reconciled")))

    def test_a_loan_that_never_came_is_not_paid_back(self):
        order = self._deal(150000)
        self._loan_plan(order, ("deposit", 50000), ("loan", 100000))
        self._deposit(order, 50000, kind="price")
        self._deliver(order)
        self._invoice(order)
        request = self._return_request(order, "agreement")
        self.assertRecordValues(
            request,
            [
                {
                    "paid_total": 50000,
                    "refund_amount": 50000,
                    "loan_open_amount": 100000,
                    "lender_amount": 0,
                    "customer_amount": 50000,
                }
            ],
        )

    def test_the_payment_speaks_the_language_of_the_customer(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.customer.lang = "zh_CN"
        order, picking, invoice = self._sold()
        request = self._return_request(order, "agreement")
        self._settle(request, picking, invoice)
        self._pay_out(request)
        payment = self.env["account.payment"].search([("memo", "=", request.name)])
        self.assertEqual(set(payment.move_id.line_ids.mapped("name")), {f"退款 {request.name}"})

    # === THE PERIODS OF THE LAW ===
    def _set_delivered(self, order, day):
        order.sudo().order_line.move_ids.date = f"{day} 03:00:00"

    def test_the_periods_of_the_law_are_asked(self):
        order, _picking, _invoice = self._sold()
        self._set_delivered(order, "2026-01-10")
        request = self._return_request(order, "seven_days", submit=False)
        for basis, day, km, words in (
            ("seven_days", date(2026, 1, 17), 0, ""),
            ("seven_days", date(2026, 1, 18), 0, "period of this reason ended"),
            ("sixty_days", date(2026, 3, 11), 3000, ""),
            ("sixty_days", date(2026, 3, 12), 3000, "period of this reason ended"),
            ("sixty_days", date(2026, 3, 11), 3001, "has run 3001 km"),
            ("sixty_days", date(2026, 3, 11), 0, "odometer is not filled in"),
            ("guarantee", date(2028, 1, 10), 50000, ""),
            ("guarantee", date(2028, 1, 10), 50001, "has run 50001 km"),
            ("guarantee", date(2028, 1, 11), 50000, "period of this reason ended"),
            ("agreement", date(2028, 1, 11), 90000, ""),
        ):
            with self.subTest(basis=basis, day=day, km=km):
                request.write({"legal_basis": basis, "return_date": day, "odometer": km})
                self.assertIn(words, request.legal_warning)
                self.assertEqual(bool(request.legal_warning), bool(words))

    def test_approvers_read_that_the_law_asks_for_less(self):
        order, _picking, _invoice = self._sold()
        self._set_delivered(order, "2026-01-10")
        request = self._return_request(order, "seven_days")
        for user in (self.sara, self.greta, self.fiona):
            self.assertIn("ended", Form(self._as(user, request)).legal_warning)

    def test_nobody_asks_before_the_delivery_or_tomorrow(self):
        order, _picking, _invoice = self._sold()
        for day in (self.today - timedelta(days=1), self.today + timedelta(days=1)):
            request = self._return_request(order, "agreement", submit=False, return_date=day)
            with self.assertRaisesRegex(UserError, "cannot have asked"):
                request.action_submit()
            request.unlink()

    def test_the_maker_deletes_his_own_draft(self):
        order, _picking, _invoice = self._sold()
        request = self._return_request(order, "agreement", submit=False)
        request.unlink()
        self.assertFalse(request.exists())
        request = self._return_request(order, "agreement")
        action = self._as(self.greta, request).reject_tier()
        self._as(self.greta, self.env["comment.wizard"]).with_context(**action["context"]).create(
            {"comment": "No"}
        ).add_comment()
        request.action_draft()
        with self.assertRaisesRegex(UserError, "nobody has decided on"):
            request.unlink()

    # === THE CAR ===
    def test_a_car_that_came_back_is_blocked_until_it_is_settled(self):
        order, picking, _invoice = self._sold()
        request = self._approve(self._return_request(order), self.greta, self.fiona)
        self._return(picking)
        car = request.return_vehicle_id
        self.assertTrue(car.blocked)
        self.assertIn(request.name, car.block_reason)
        again = self._quote(car, 140000, partner=self.other_customer)
        with self.assertRaisesRegex(UserError, "blocked"):
            again.action_confirm()

    def test_a_car_that_came_back_first_is_blocked_with_the_approval(self):
        order, picking, _invoice = self._sold()
        request = self._return_request(order)
        car = request.return_vehicle_id
        self._return(picking)
        car.sudo().blocked = False
        self._approve(request, self.greta, self.fiona)
        self.assertTrue(car.blocked)

    def test_a_car_that_was_not_delivered_is_no_return(self):
        order = self._deal()
        with self.assertRaisesRegex(UserError, "cancel the order"):
            self._return_request(order)

    def test_the_clocks_of_the_law(self):
        order, _picking, _invoice = self._sold()
        request = self._return_request(order, submit=False, return_date=date(2026, 11, 20))
        self.assertRecordValues(
            request, [{"answer_due": date(2026, 12, 4), "finish_due": date(2026, 12, 18)}]
        )

    def test_the_tax_office_gives_back_ten_percent_less_a_year(self):
        order, _picking, _invoice = self._sold()
        request = self._return_request(
            order,
            submit=False,
            purchase_tax_paid=12000,
            purchase_tax_date=date(2026, 1, 10),
            return_date=date(2026, 11, 20),
        )
        for day, refund in (
            (date(2026, 11, 20), 12000),
            (date(2027, 1, 10), 10800),
            (date(2029, 1, 10), 8400),
        ):
            request.return_date = day
            self.assertEqual(request.purchase_tax_refund, refund)

    def test_the_order_opens_a_return_of_its_delivered_car(self):
        order, _picking, _invoice = self._sold()
        action = order.action_dealer_request_refund()
        Request = self._as(self.sara, self.env["dealer.refund.request"])
        with Form(Request.with_context(**action["context"])) as form:
            self.assertEqual(form.kind, "return")
            form.legal_basis = "guarantee"
            form.odometer = 12000
            form.note = "x"
            self.assertEqual(form.refund_amount, 141000)
