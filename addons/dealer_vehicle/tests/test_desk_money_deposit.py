"""Deposits: taken, applied to the invoice, and undone by reversal only."""

import doctest
from datetime import timedelta

from psycopg2.errors import CheckViolation

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import BaseCase, Form, freeze_time, tagged
from odoo.tools import mute_logger

from odoo.addons.dealer_vehicle.tools import deposit as rules

from .money_case import MoneyCase


@tagged("post_install", "-at_install")
class TestDepositRules(BaseCase):
    def test_examples_in_the_docstrings_hold(self):
        self.assertEqual(doctest.testmod(rules).failed, 0)


@tagged("post_install", "-at_install")
class TestDeposit(MoneyCase):
    # === RECEIVE ===
    def test_received_money_is_a_liability(self):
        order = self._deal()
        deposit = self._deposit(order, 40000)
        self.assertRecordValues(
            deposit,
            [
                {
                    "state": "received",
                    "outcome": "open",
                    "residual": 40000,
                    "effective_amount": 29560,
                    "excess_amount": 10440,
                    "received_by_id": self.carl.id,
                    "partner_id": self.customer.id,
                    "account_id": self.liability.id,
                }
            ],
        )
        liquidity = deposit.payment_id.sudo().outstanding_account_id
        self.assertItems(
            deposit.move_ids,
            [
                (liquidity, self.customer, 40000),
                (self.liability, self.customer, -40000),
            ],
        )
        self.assertEqual(order.dealer_deposit_paid, 40000)

    def test_twenty_percent_exactly_is_effective_in_full(self):
        deposit = self._deposit(self._deal(100000), 20000)
        self.assertRecordValues(deposit, [{"effective_amount": 20000, "excess_amount": 0}])

    def test_the_twenty_percent_are_shared_by_all_earnest_money_of_the_order(self):
        order = self._deal(100000)
        first = self._deposit(order, 18000)
        other = self._deposit(order, 7000, kind="prepayment")
        second = self._deposit(order, 5000)
        self.assertEqual(
            (first | other | second).mapped("effective_amount"),
            [18000, 0, 2000],
        )
        self.assertEqual(second.excess_amount, 3000)

    def test_the_effective_part_is_shown_before_the_money_is_taken(self):
        deposit = self._deposit(self._deal(), 40000, receive=False)
        self.assertEqual(deposit.effective_amount, 29560)

    def test_a_prepayment_has_no_effect_of_earnest_money(self):
        deposit = self._deposit(self._deal(), 40000, kind="prepayment")
        self.assertRecordValues(deposit, [{"effective_amount": 0, "excess_amount": 0}])

    def test_the_form_of_the_cashier(self):
        order = self._deal()
        with Form(self._as(self.carl, self.env["dealer.deposit"])) as form:
            form.order_id = order
            form.kind = "earnest"
            form.amount = 5000
            form.journal_id = self.cash
        deposit = form.record
        self.assertEqual(deposit.partner_id, self.customer)
        deposit.action_receive()
        self.assertEqual(deposit.payment_id.journal_id, self.cash)

    def test_the_bank_pays_the_loan_for_the_customer(self):
        bank = self.env["res.partner"].create({"name": "Golden Bank", "is_company": True})
        deposit = self._deposit(self._deal(), 100000, kind="price", partner_id=bank.id)
        self.assertEqual(deposit.move_ids.line_ids.partner_id, bank)
        self.assertEqual(deposit.customer_id, self.customer)

    def test_no_deposit_without_money(self):
        order = self._deal()
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"):
            self._deposit(order, 0)

    def test_no_deposit_is_received_twice(self):
        deposit = self._deposit(self._deal(), 5000)
        with self.assertRaisesRegex(UserError, "received"):
            deposit.action_receive()
        self.assertEqual(len(deposit.move_ids), 1)

    def test_no_money_is_taken_for_a_cancelled_order(self):
        order = self._deal(confirm=False)
        deposit = self._deposit(order, 5000, receive=False)
        order.sudo()._action_cancel()
        with self.assertRaisesRegex(UserError, "cancelled"):
            deposit.action_receive()

    def test_a_received_deposit_stays_as_it_was_received(self):
        deposit = self._deposit(self._deal(), 5000)
        for vals in ({"amount": 6000}, {"kind": "prepayment"}, {"partner_id": self.maker.id}):
            with self.assertRaisesRegex(UserError, "cannot be changed"):
                deposit.write(vals)
        with self.assertRaisesRegex(UserError, "never received"):
            self._as(self.fiona, deposit).unlink()

    def test_receipts_are_numbered_by_store_without_gaps(self):
        order = self._deal()
        first, second = (self._deposit(order, 100) for _time in range(2))
        year = self.today.year
        code = self.warehouse.code
        self.assertEqual(
            (first | second).mapped("name"),
            [f"{code}-SK-{year}-00001", f"{code}-SK-{year}-00002"],
        )

    # === WHO ===
    def test_a_salesperson_reads_the_deposits_of_own_orders_only(self):
        mine = self._deposit(self._deal(), 5000)
        theirs = self._deposit(self._deal(user=self.max, partner=self.other_customer), 5000)
        Deposit = self._as(self.sara, self.env["dealer.deposit"])
        self.assertEqual(Deposit.search([("id", "in", (mine | theirs).ids)]), mine)
        self.assertEqual(self._as(self.sara, mine).effective_amount, 5000)
        with self.assertRaises(AccessError):
            Deposit.create({"order_id": mine.order_id.id, "kind": "earnest", "amount": 1})
        with self.assertRaises(AccessError):
            self._as(self.sara, mine).action_cancel()

    def test_a_sales_manager_reads_all_deposits_and_takes_no_money(self):
        deposit = self._as(self.max, self._deposit(self._deal(), 5000, receive=False))
        self.assertEqual(deposit.amount, 5000)
        with self.assertRaises(AccessError):
            deposit.action_receive()

    def test_nobody_of_another_company_reads_them(self):
        deposit = self._deposit(self._deal(), 5000)
        with self.assertRaises(AccessError):
            self._as(self.charlie, deposit).read(["amount"])

    def test_the_accountant_takes_bank_transfers_and_no_cash(self):
        order = self._deal()
        self.assertEqual(self._deposit(order, 100, user=self.fred).state, "received")
        with self.assertRaisesRegex(AccessError, "cashier"):
            self._deposit(order, 100, user=self.fred, journal_id=self.cash.id)

    def test_the_cashier_books_nothing_but_receipts(self):
        order = self._deal()
        deposit = self._deposit(order, 40000)
        self._deliver(order)
        for action in ("action_apply", "action_unapply"):
            with self.assertRaises(AccessError):
                getattr(self._as(self.carl, deposit), action)()

    # === APPLY ===
    def test_the_invoice_takes_the_deposit(self):
        order = self._deal()
        deposit = self._deposit(order, 40000)
        self._deliver(order)
        invoice = self._invoice(order)
        self.assertEqual(invoice.amount_residual, 107800)
        self.assertRecordValues(
            deposit, [{"outcome": "applied", "applied_amount": 40000, "residual": 0}]
        )
        entry = deposit.move_ids.filtered(lambda move: move.dealer_deposit_use == "apply")
        self.assertItems(
            entry,
            [
                (self.liability, self.customer, 40000),
                (self.receivable, self.customer, -40000),
            ],
        )
        self.assertTrue(all(entry.line_ids.mapped("reconciled")))
        self.assertEqual(entry.date, invoice.date)
        self._pay(invoice, user=self.carl)
        self.assertEqual(invoice.payment_state, "paid")
        self.assertRecordValues(
            order,
            [
                {
                    "dealer_deposit_paid": 40000,
                    "dealer_received_total": 147800,
                    "dealer_open_total": 0,
                }
            ],
        )

    def test_books_tell_which_money_it_is(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        order = self._deal()
        for lang, label in (
            ("en_US", "Earnest Money received {0}, order {1}"),
            ("zh_CN", "收定金 {0}，订单 {1}"),
        ):
            self.company.partner_id.lang = lang
            deposit = self._deposit(order, 1000)
            items = deposit.move_ids.line_ids
            self.assertEqual(set(items.mapped("name")), {label.format(deposit.name, order.name)})

    def test_money_comes_after_the_order_and_is_written_down_then(self):
        order = self._deal()
        order.sudo().date_order -= timedelta(days=100)
        days = int(self.env["dealer.parameter"]._get_value("receipt_backdate_days"))
        for date, problem in (
            (self.today + timedelta(days=1), "has not come yet"),
            (self.today - timedelta(days=days + 1), "days ago"),
            ("2020-05-01", "order .* is of"),
        ):
            with self.assertRaisesRegex(UserError, problem), self.cr.savepoint():
                self._deposit(order, 5000, date=date)
        self._deposit(order, 5000, date=self.today - timedelta(days=days))
        with self.assertRaisesRegex(UserError, "order .* is of"), self.cr.savepoint():
            self._deposit(self._deal(), 5000, date=self.today - timedelta(days=2))

    def test_the_oldest_money_is_applied_first_and_the_rest_stays_open(self):
        order = self._deal(100000)
        order.sudo().date_order -= timedelta(days=5)
        second = self._deposit(order, 90000, kind="price")
        first = self._deposit(order, 20000, date=self.today - timedelta(days=3), kind="prepayment")
        self._deliver(order)
        invoice = self._invoice(order)
        self.assertEqual(invoice.amount_residual, 0)
        self.assertEqual(first.applied_amount, 20000)
        self.assertRecordValues(
            second, [{"applied_amount": 80000, "residual": 10000, "outcome": "open"}]
        )

    def test_money_after_the_invoice_is_applied_by_the_accountant(self):
        order = self._deal()
        self._deliver(order)
        invoice = self._invoice(order)
        deposit = self._deposit(order, 47800, kind="price")
        self.assertEqual(deposit.residual, 47800)
        self._as(self.fred, deposit).action_apply()
        self.assertEqual(deposit.residual, 0)
        self.assertEqual(invoice.amount_residual, 100000)

    def test_money_of_the_bank_pays_the_invoice_of_the_customer(self):
        bank = self.env["res.partner"].create({"name": "Golden Bank", "is_company": True})
        order = self._deal()
        deposit = self._deposit(order, 100000, kind="price", partner_id=bank.id)
        self._deliver(order)
        self._invoice(order)
        self.assertItems(
            deposit.move_ids.filtered(lambda move: move.dealer_deposit_use == "apply"),
            [(self.liability, bank, 100000), (self.receivable, self.customer, -100000)],
        )

    def test_deposits_of_another_order_are_left_alone(self):
        deposit = self._deposit(self._deal(), 5000)
        order = self._deal()
        self._deliver(order)
        self.assertEqual(self._invoice(order).amount_residual, 147800)
        self.assertEqual(deposit.residual, 5000)

    # === UNDO ===
    def test_an_application_is_taken_back_by_reversal(self):
        order = self._deal()
        deposit = self._deposit(order, 40000)
        self._deliver(order)
        invoice = self._invoice(order)
        self._as(self.fred, deposit).action_unapply()
        self.assertEqual(invoice.amount_residual, 147800)
        self.assertRecordValues(
            deposit, [{"applied_amount": 0, "residual": 40000, "outcome": "open"}]
        )
        entries = deposit.move_ids.filtered(lambda move: move.dealer_deposit_use == "apply")
        self.assertEqual(len(entries), 2)
        self.assertItems(
            entries.filtered("reversed_entry_id"),
            [
                (self.receivable, self.customer, 40000),
                (self.liability, self.customer, -40000),
            ],
        )
        self._as(self.fred, deposit).action_apply()
        self.assertEqual(invoice.amount_residual, 107800)

    def test_a_wrong_receipt_is_reversed_by_somebody_else(self):
        deposit = self._deposit(self._deal(), 5000)
        with self.assertRaises(AccessError):
            self._as(self.carl, deposit).action_cancel()
        self._as(self.fred, deposit).action_cancel()
        self.assertEqual(deposit.state, "cancel")
        self.assertEqual(deposit.residual, 0)
        self.assertEqual(deposit.payment_id.state, "canceled")
        liquidity = deposit.payment_id.sudo().outstanding_account_id
        self.assertItems(
            deposit.move_ids.filtered("reversed_entry_id"),
            [
                (self.liability, self.customer, 5000),
                (liquidity, self.customer, -5000),
            ],
        )
        self.assertEqual(deposit.order_id.dealer_deposit_paid, 0)

    def test_who_received_the_money_cannot_undo_it(self):
        deposit = self._deposit(self._deal(), 5000, user=self.fred)
        with self.assertRaisesRegex(UserError, "somebody else"):
            self._as(self.fred, deposit).action_cancel()

    def test_an_applied_receipt_cannot_be_reversed(self):
        order = self._deal()
        deposit = self._deposit(order, 5000)
        self._deliver(order)
        self._invoice(order)
        with self.assertRaisesRegex(UserError, "applied"):
            self._as(self.fred, deposit).action_cancel()

    def test_entries_of_deposits_are_never_put_back_to_draft(self):
        deposit = self._deposit(self._deal(), 5000)
        entry = self._as(self.fred, deposit).move_ids
        for undo, reason in (
            (entry.button_draft, "never reset"),
            (entry.button_cancel, "never reset"),
            (self._as(self.fred, deposit).payment_id.action_draft, "money of a deposit"),
            (self._as(self.carl, deposit).payment_id.action_draft, "entered it yourself"),
        ):
            with self.assertRaisesRegex(UserError, reason):
                undo()
        self.assertEqual(entry.state, "posted")

    # === CLOSED PERIODS ===
    def _close(self, until=None):
        self.company.sudo().fiscalyear_lock_date = until or self.today

    def test_no_money_is_taken_in_a_closed_period(self):
        deposit = self._deposit(self._deal(), 5000, receive=False)
        self._close()
        with self.assertRaisesRegex(UserError, "closed period"):
            deposit.action_receive()
        self.assertFalse(deposit.move_ids)

    def test_nothing_is_reversed_into_a_closed_period(self):
        order = self._deal()
        deposit = self._deposit(order, 40000)
        self._deliver(order)
        self._invoice(order)
        self._close()
        with self.assertRaisesRegex(UserError, "closed period"):
            self._as(self.fred, deposit).action_unapply()
        self.assertEqual(deposit.applied_amount, 40000)

    def test_an_entry_of_a_closed_period_is_reversed_in_the_open_one(self):
        past = self.today - timedelta(days=40)
        with freeze_time(past):
            deposit = self._deposit(self._deal(), 5000, date=past)
        self._close(past)
        self._as(self.fred, deposit).action_cancel()
        reversal = deposit.move_ids.filtered("reversed_entry_id")
        self.assertEqual(reversal.date, self.today)

    def test_a_credit_note_is_not_moved_to_another_month(self):
        order = self._deal()
        self._deliver(order)
        invoice = self._invoice(order)
        credit = self._as(self.fred, invoice)._reverse_moves(
            [{"invoice_date": self.today, "date": self.today}]
        )
        self._close()
        with self.assertRaisesRegex(UserError, "closed period"):
            credit.action_post()
        self.assertEqual(credit.state, "draft")

    def test_a_duplicate_of_an_entry_is_not_about_the_deposit(self):
        deposit = self._deposit(self._deal(), 5000)
        self.assertFalse(deposit.sudo().move_ids.copy().dealer_deposit_id)

    def test_money_for_others_is_no_part_of_the_contract_price(self):
        order = self._deal(100000, confirm=False)
        stamp = self.env.ref("dealer_vehicle.product_plate_fee")
        order.order_line = [Command.create({"product_id": stamp.id, "price_unit": 8000})]
        order.action_confirm()
        deposit = self._deposit(order, 25000)
        self.assertEqual(deposit.effective_amount, 20000)


@tagged("post_install", "-at_install")
class TestWords(MoneyCase):
    """Earnest money (定金) and prepayments (订金) differ by law; a list of both is neither."""

    def test_the_list_of_all_receipts_names_no_kind(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.env["ir.module.module"]._load_module_terms(["dealer_vehicle"], ["zh_CN"], True)
        for lang, words, kinds in (
            ("en_US", "Customer Receipts", ("Deposit", "Earnest")),
            ("zh_CN", "收款", ("定金", "订金")),
        ):
            for name in (
                "dealer_deposit_action",
                "dealer_sale_menu_deposit",
                "dealer_account_menu_deposit",
            ):
                record = self.env.ref(f"dealer_vehicle.{name}").with_context(lang=lang)
                self.assertEqual(record.name, words)
            view = self.env.ref("dealer_vehicle.view_order_form_money").with_context(lang=lang)
            self.assertIn(f'string="{words}"', view.arch_db)
            button = view.arch_db.split('name="action_view_dealer_deposits"')[1].split("</button>")
            self.assertFalse([kind for kind in kinds if kind in button[0]])

    def test_a_refund_that_waits_for_its_money_is_in_a_state(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.env["ir.module.module"]._load_module_terms(["dealer_vehicle"], ["zh_CN"], True)
        for lang, word in (("en_US", "To Be Paid"), ("zh_CN", "待付款")):
            env = self.env(context={"lang": lang})
            states = env["dealer.refund.request"]._fields["state"]._description_selection(env)
            self.assertEqual(dict(states)["posted"], word)
