"""Orders that end: who decides, who gets the money, what is booked."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .money_case import MoneyCase


class RefundCase(MoneyCase):
    def _request(self, order, reason="agreement", user=None, submit=True):
        request = self._as(user or self.sara, self.env["dealer.refund.request"]).create(
            {"order_id": order.id, "reason": reason, "note": "The customer moves abroad."}
        )
        if submit:
            request.action_submit()
        return request

    def _approve(self, request, *users):
        """Everybody says yes with a word, as the dialog does."""
        for user in users:
            mine = self._as(user, request)
            action = mine.validate_tier()
            self._as(user, self.env["comment.wizard"]).with_context(**action["context"]).create(
                {"comment": "Agreed"}
            ).add_comment()
        return request

    def _pay_out(self, request, user=None, journal=None):
        wizard = self._as(user or self.carl, self.env["dealer.refund.pay"]).create(
            {"request_id": request.id, "journal_id": (journal or self.bank).id}
        )
        wizard.action_pay()
        return request

    def _entries(self, deposit, use):
        return deposit.move_ids.filtered(lambda move: move.dealer_deposit_use == use)

    def _liquidity(self, deposit, payment_type):
        payments = self.env["account.payment"].search([("dealer_deposit_id", "=", deposit.id)])
        return payments.filtered(
            lambda payment: payment.payment_type == payment_type
        ).outstanding_account_id


@tagged("post_install", "-at_install")
class TestRefund(RefundCase):
    def test_a_deal_that_is_being_ended_lives_no_second_time(self):
        """Its refund was approved for the first life, and would end the second one, too."""
        order = self._deal()
        self._deposit(order, 40000)
        request = self._request(order)
        self._approve(request, self.greta, self.fiona)
        self.assertEqual(order.state, "cancel")
        with self.assertRaisesRegex(UserError, "being ended by refund request"):
            self._as(self.sara, order).action_draft()
        self._as(self.fred, request).action_post()
        with self.assertRaisesRegex(UserError, "being ended by refund request"):
            self._as(self.sara, order).action_draft()
        self._pay_out(request)
        self._as(self.sara, order).action_draft()  # all is paid back: a new deal may begin

    # === THE VECTORS OF THE LAW ===
    def test_the_customer_breaks_the_contract_and_loses_the_earnest_money(self):
        order = self._deal()
        deposit = self._deposit(order, 40000)
        request = self._request(order, "buyer")
        self.assertRecordValues(
            request,
            [
                {
                    "paid_total": 40000,
                    "effective_total": 29560,
                    "forfeit_amount": 29560,
                    "penalty_amount": 0,
                    "refund_amount": 10440,
                    "approval_level": 2,
                }
            ],
        )
        self._approve(request, self.greta, self.fiona)
        self._as(self.fred, request).action_post()
        self.assertItems(
            self._entries(deposit, "forfeit"),
            [
                (self.liability, self.customer, 29560),
                (self.forfeit_income, self.customer, -29560),
            ],
        )
        self.assertEqual(deposit.residual, 10440)
        self._pay_out(request)
        self.assertItems(
            self._entries(deposit, "payout"),
            [
                (self.liability, self.customer, 10440),
                (self._liquidity(deposit, "outbound"), self.customer, -10440),
            ],
        )
        self.assertRecordValues(
            deposit,
            [
                {
                    "outcome": "forfeited",
                    "residual": 0,
                    "forfeited_amount": 29560,
                    "refunded_amount": 10440,
                }
            ],
        )
        liability = deposit.sudo().move_ids.line_ids.filtered(
            lambda item: item.account_id == self.liability
        )
        self.assertTrue(all(liability.mapped("reconciled")))
        self.assertEqual(request.state, "done")

    def test_the_dealership_breaks_the_contract_and_returns_double(self):
        order = self._deal()
        deposit = self._deposit(order, 40000)
        request = self._request(order, "seller")
        self.assertRecordValues(
            request, [{"penalty_amount": 29560, "forfeit_amount": 0, "refund_amount": 69560}]
        )
        self._approve(request, self.greta, self.fiona)
        self._as(self.fred, request).action_post()
        self.assertItems(
            self._entries(deposit, "penalty"),
            [
                (self.penalty_expense, self.customer, 29560),
                (self.liability, self.customer, -29560),
            ],
        )
        self.assertEqual(deposit.residual, 69560)
        self._pay_out(request)
        self.assertItems(
            self._entries(deposit, "payout"),
            [
                (self.liability, self.customer, 69560),
                (self._liquidity(deposit, "outbound"), self.customer, -69560),
            ],
        )
        self.assertRecordValues(
            deposit, [{"outcome": "doubled", "residual": 0, "penalty_amount": 29560}]
        )
        liability = deposit.sudo().move_ids.line_ids.filtered(
            lambda item: item.account_id == self.liability
        )
        self.assertEqual(sum(liability.mapped("balance")), 0)
        self.assertTrue(all(liability.mapped("reconciled")))

    def test_twenty_percent_exactly_is_lost_or_doubled_in_full(self):
        for reason, refund in (("buyer", 0), ("seller", 40000)):
            with self.subTest(reason):
                order = self._deal(100000)
                self._deposit(order, 20000)
                request = self._request(order, reason, submit=False)
                self.assertEqual(request.refund_amount, refund)

    def test_all_money_goes_back_when_nobody_is_to_blame(self):
        for reason in ("agreement", "force_majeure"):
            with self.subTest(reason):
                order = self._deal()
                self._deposit(order, 40000)
                request = self._request(order, reason, submit=False)
                self.assertRecordValues(
                    request,
                    [{"forfeit_amount": 0, "penalty_amount": 0, "refund_amount": 40000}],
                )

    def test_a_prepayment_goes_back_whoever_breaks_the_contract(self):
        for reason in ("buyer", "seller"):
            with self.subTest(reason):
                order = self._deal()
                self._deposit(order, 40000, kind="prepayment")
                request = self._request(order, reason, submit=False)
                self.assertEqual(request.refund_amount, 40000)

    def test_nothing_is_paid_when_all_is_forfeited(self):
        order = self._deal(100000)
        deposit = self._deposit(order, 20000)
        request = self._approve(self._request(order, "buyer"), self.greta, self.fiona)
        self._as(self.fred, request).action_post()
        self.assertEqual(request.state, "done")
        self.assertEqual(deposit.outcome, "forfeited")

    # === LIFE OF THE ORDER ===
    def test_an_approved_request_cancels_the_order_and_frees_the_car(self):
        order = self._deal()
        vehicle = order.order_line.dealer_vehicle_id
        self._deposit(order, 5000)
        request = self._request(order)
        self.assertEqual(vehicle.status, "reserved")
        self._approve(request, self.max, self.fiona)
        self.assertEqual(request.state, "approved")
        self.assertEqual(order.state, "cancel")
        self.assertEqual(vehicle.status, "in_stock")

    def test_an_order_with_money_is_not_cancelled_by_a_click(self):
        order = self._deal()
        self._deposit(order, 5000)
        for cancel in (
            self._as(self.max, order).action_cancel,
            lambda: self._as(self.max, order).write({"state": "cancel"}),
        ):
            with self.assertRaisesRegex(UserError, "Cancel and Refund"):
                cancel()

    def test_a_salesperson_asks_and_a_manager_cancels(self):
        order = self._deal()
        with self.assertRaisesRegex(UserError, "Cancel and Refund"):
            order.action_cancel()
        wizard = self._as(self.sara, self.env["sale.mass.cancel.orders"]).create(
            {"sale_order_ids": order.ids}
        )
        with self.assertRaisesRegex(UserError, "Cancel and Refund"):
            wizard.action_mass_cancel()
        self._as(self.max, order).action_cancel()
        self.assertEqual(order.state, "cancel")

    def test_an_invoiced_order_needs_its_credit_note_first(self):
        order = self._deal()
        deposit = self._deposit(order, 40000)
        invoice = self._invoice(order)
        with self.assertRaisesRegex(UserError, "credit"):
            self._as(self.max, order).action_cancel()
        request = self._request(order, "agreement")
        self.assertRecordValues(request, [{"is_invoiced": True, "approval_level": 2}])
        self._approve(request, self.greta, self.fiona)
        self.assertEqual(order.state, "sale")
        with self.assertRaisesRegex(UserError, "Credit the invoice"):
            self._as(self.fred, request).action_post()
        self._credit(invoice)
        self._as(self.fred, request).action_post()
        self.assertEqual(order.state, "cancel")
        self.assertRecordValues(deposit, [{"applied_amount": 0, "residual": 40000}])
        self._pay_out(request)
        self.assertEqual(deposit.outcome, "refunded")

    def test_a_delivered_car_is_returned_not_cancelled(self):
        order = self._deal()
        self._deliver(order)
        with self.assertRaisesRegex(UserError, "Take the car back"):
            self._as(self.max, order).action_cancel()
        with self.assertRaisesRegex(UserError, "Take the car back"):
            self._request(order)

    # === WHO DECIDES ===
    def test_up_to_the_limit_manager_and_finance_decide(self):
        finance = self.env.ref("dealer_base.group_finance_manager")
        for amount, role in ((5000, "sales_manager"), (5000.01, "general_manager")):
            with self.subTest(amount):
                order = self._deal()
                self._deposit(order, amount, kind="prepayment")
                request = self._request(order)
                self.assertEqual(
                    request.sudo().review_ids.reviewer_group_id,
                    self.env.ref(f"dealer_base.group_{role}") | finance,
                )

    def test_who_asks_does_not_decide(self):
        order = self._deal(user=self.max)
        self._deposit(order, 5000)
        request = self._request(order, user=self.max)
        self.assertNotIn(self.max, request.sudo().review_ids.reviewer_ids)
        with self.assertRaisesRegex(UserError, "somebody else"):
            self._as(self.max, request)._validate_tier()
        self._approve(request, self.fiona)
        self.assertEqual(request.state, "submitted")

    def test_one_signature_is_not_enough(self):
        order = self._deal()
        self._deposit(order, 5000)
        request = self._approve(self._request(order), self.max)
        self.assertEqual(request.state, "submitted")
        with self.assertRaisesRegex(UserError, "approved request"):
            self._as(self.fred, request).action_post()

    def test_a_rejected_request_changes_nothing(self):
        order = self._deal()
        self._deposit(order, 5000)
        request = self._request(order)
        action = self._as(self.max, request).reject_tier()
        self._as(self.max, self.env["comment.wizard"]).with_context(**action["context"]).create(
            {"comment": "No"}
        ).add_comment()
        self.assertEqual(request.state, "rejected")
        self.assertEqual(order.state, "sale")
        self._as(self.sara, request).action_draft()
        self.assertFalse(request.sudo().review_ids)

    def test_without_rules_nothing_is_approved(self):
        self.env["tier.definition"].search([("model", "=", "dealer.refund.request")]).active = False
        order = self._deal()
        self._deposit(order, 5000)
        with self.assertRaisesRegex(UserError, "No approval rule"):
            self._request(order)

    def test_state_and_numbers_are_nobodys_to_write(self):
        order = self._deal()
        self._deposit(order, 5000)
        request = self._request(order, submit=False)
        with self.assertRaises(UserError):
            request.write({"state": "approved"})
        request.action_submit()
        for vals in ({"reason": "seller"}, {"note": "x"}):
            with self.assertRaises(UserError):
                request.write(vals)

    def test_whose_deal_it_was_does_not_decide_on_its_end(self):
        mia = self._create_person("mia", "sales_manager")
        self._create_person("gus", "sales_manager")  # somebody may decide
        for is_salesperson in (False, True):
            order = self._deal(user=self.sara if is_salesperson else self.max)
            order.sudo().user_id = self.max if is_salesperson else self.sara
            self._deposit(order, 5000)
            request = self._request(order, user=mia)
            with (
                self.subTest(is_salesperson=is_salesperson),
                self.assertRaisesRegex(UserError, "somebody else must decide"),
            ):
                self._as(self.max, request).validate_tier()

    def test_a_second_click_is_told_that_the_request_waits(self):
        order = self._deal()
        self._deposit(order, 5000)
        request = self._request(order)
        with self.assertRaisesRegex(UserError, "“To Approve”; this step is not possible"):
            request.action_submit()

    def test_one_open_request_for_an_order(self):
        order = self._deal()
        self._deposit(order, 5000)
        request = self._request(order)
        action = order.action_dealer_request_refund()
        self.assertEqual(action["res_id"], request.id)

    def test_a_salesperson_reads_own_requests_only(self):
        order = self._deal(user=self.max)
        self._deposit(order, 5000)
        request = self._request(order, user=self.max)
        with self.assertRaises(AccessError):
            self._as(self.sara, request).read(["refund_amount"])
        with self.assertRaises(AccessError):
            self._as(self.charlie, request).read(["refund_amount"])

    # === BOOKS AND CASH ===
    def test_accounting_books_and_the_cashier_pays(self):
        order = self._deal()
        self._deposit(order, 5000)
        request = self._approve(self._request(order), self.max, self.fiona)
        for user in (self.sara, self.carl, self.max):
            with self.assertRaisesRegex(AccessError, "accountant"):
                self._as(user, request).action_post()
        with self.assertRaisesRegex(UserError, "book"):
            self._pay_out(request)
        self._as(self.fred, request).action_post()
        with self.assertRaises(AccessError):
            self._pay_out(request, user=self.fred, journal=self.cash)
        self._pay_out(request, journal=self.cash)
        self.assertRecordValues(request, [{"state": "done", "paid_by_id": self.carl.id}])

    def test_nothing_is_booked_or_paid_in_a_closed_period(self):
        order = self._deal()
        deposit = self._deposit(order, 40000)
        request = self._approve(self._request(order, "buyer"), self.greta, self.fiona)
        self.company.sudo().fiscalyear_lock_date = self.today
        with self.assertRaisesRegex(UserError, "closed period"):
            self._as(self.fred, request).action_post()
        self.company.sudo().fiscalyear_lock_date = False
        self._as(self.fred, request).action_post()
        self.company.sudo().fiscalyear_lock_date = self.today
        with self.assertRaisesRegex(UserError, "closed period"):
            self._pay_out(request)
        self.assertEqual(deposit.residual, 10440)

    def test_money_that_came_after_the_approval_asks_again(self):
        order = self._deal()
        vehicle_request = self._request(order)
        self._deposit(order, 5000)
        self._approve(vehicle_request, self.max)
        with self.assertRaisesRegex(UserError, "changed since the approval"):
            self._as(self.fred, vehicle_request).action_post()

    def test_each_payer_gets_his_own_money(self):
        bank = self.env["res.partner"].create({"name": "Golden Bank", "is_company": True})
        order = self._deal()
        own = self._deposit(order, 3000, kind="prepayment")
        loan = self._deposit(order, 100000, kind="price", partner_id=bank.id)
        request = self._approve(self._request(order), self.greta, self.fiona)
        self._as(self.fred, request).action_post()
        self._pay_out(request)
        self.assertEqual((own | loan).mapped("refunded_amount"), [3000, 100000])
        payout = self._entries(loan, "payout").line_ids
        self.assertEqual(payout.partner_id, bank)

    def test_the_form_works_out_what_the_law_says(self):
        order = self._deal()
        self._deposit(order, 40000)
        Request = self._as(self.sara, self.env["dealer.refund.request"])
        with Form(Request.with_context(default_order_id=order.id)) as form:
            form.reason = "seller"
            form.note = "The car burned down."
            self.assertEqual(form.refund_amount, 69560)
        self.assertEqual(form.record.order_id, order)
