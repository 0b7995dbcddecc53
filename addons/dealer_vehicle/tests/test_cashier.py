"""Cash and books are two posts: the cashier collects, the accountant invoices."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import DealerVehicleCommon


@tagged("post_install", "-at_install")
class TestCashier(DealerVehicleCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.carl = cls._create_person("carl", "cashier")

    def _delivered(self):
        order = self._sell(self._stock())
        self._deliver(order)
        return order

    def test_the_cashier_collects_the_price_of_a_car(self):
        invoice = self._invoice(self._delivered())
        self._pay(invoice, user=self.carl)
        self.assertEqual(invoice.payment_state, "paid")

    def test_the_cashier_collects_in_two_requests(self):
        """In the web client the dialog is saved before its button is pressed."""
        invoice = self._invoice(self._delivered())
        register = (
            self._as(self.carl, self.env["account.payment.register"])
            .with_context(
                active_model="account.move", active_ids=invoice.ids, tracking_disable=False
            )
            .create({})
        )
        self.env.flush_all()
        self.env.invalidate_all()
        register.action_create_payments()
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEqual(invoice.matched_payment_ids.create_uid, self.carl)

    def test_the_cashier_makes_no_invoice(self):
        with self.assertRaises(AccessError):
            self._as(self.carl, self.env["account.move"]).create(
                {"move_type": "out_invoice", "partner_id": self.customer.id}
            )

    def test_the_cashier_posts_no_invoice_of_others(self):
        invoice = self._as(self.fred, self._delivered())._create_invoices()
        with self.assertRaises(AccessError):
            self._as(self.carl, invoice).action_post()
        self.assertEqual(invoice.state, "draft")

    def _voucher(self, user, **vals):
        """Manual entry that books revenue on a customer."""
        lines = [("1122", 100, 0), ("5001", 0, 100)]
        return self._as(user, self.env["account.move"]).create(
            {
                "move_type": "entry",
                "line_ids": [
                    Command.create(
                        {
                            "account_id": self._account(code).id,
                            "partner_id": self.customer.id,
                            "debit": debit,
                            "credit": credit,
                        }
                    )
                    for code, debit, credit in lines
                ],
                **vals,
            }
        )

    def test_the_cashier_makes_and_posts_no_voucher(self):
        with self.assertRaises(AccessError):
            self._voucher(self.carl)
        voucher = self._voucher(self.fred)
        with self.assertRaises(AccessError):
            self._as(self.carl, voucher).action_post()
        voucher.action_post()
        self.assertEqual(voucher.state, "posted")

    def _payment(self, user=None):
        return self._as(user or self.carl, self.env["account.payment"]).create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.customer.id,
                "amount": 5000,
            }
        )

    def test_the_cashier_passes_no_voucher_off_as_a_payment(self):
        """What an entry comes from is written by the payment, never by the person."""
        payment = self._payment()
        payment.action_post()
        forgeries = (
            {"origin_payment_id": payment.id},
            {"tax_cash_basis_rec_id": self.env["account.partial.reconcile"].search([], limit=1).id},
            {"payment_ids": [Command.link(payment.id)], "origin_payment_id": payment.id},
        )
        for vals in forgeries:
            with self.assertRaises(AccessError), self.cr.savepoint():
                self._voucher(self.carl, **vals)
        for key in ("origin_payment_id", "line_ids"):
            with self.assertRaises(AccessError), self.cr.savepoint():
                self._as(self.carl, self.env["account.move"]).with_context(
                    **{f"default_{key}": payment.id if key == "origin_payment_id" else []}
                ).create({"move_type": "entry"})

    def test_the_cashier_makes_a_voucher_of_others_no_payment(self):
        voucher = self._voucher(self.fred)
        payment = self._payment()
        with self.assertRaises(AccessError), self.cr.savepoint():
            self._as(self.carl, voucher).origin_payment_id = payment
        with self.assertRaises(AccessError), self.cr.savepoint():
            payment.move_id = voucher
            payment.action_post()
        self.assertFalse(voucher.origin_payment_id)
        self.assertEqual(voucher.state, "draft")

    def test_the_cashier_does_not_rewrite_the_entry_of_a_payment(self):
        payment = self._payment()
        payment.action_post()
        self._as(self.fred, payment).action_draft()
        entry = self._as(self.carl, payment.move_id)
        items = entry.line_ids
        revenue = self._account("5001")
        amounts = sorted((item.account_id.code, item.balance) for item in items)
        attempts = (
            lambda: entry.write(
                {
                    "line_ids": [
                        Command.create({"account_id": revenue.id, "credit": 100}),
                        Command.create({"account_id": items[0].account_id.id, "debit": 100}),
                    ]
                }
            ),
            lambda: items[:1].write({"account_id": revenue.id}),
            lambda: entry.env["account.move.line"].create(
                [
                    {"move_id": entry.id, "account_id": revenue.id, "credit": 100},
                    {"move_id": entry.id, "account_id": items[0].account_id.id, "debit": 100},
                ]
            ),
            lambda: items.unlink(),
            lambda: entry.copy(),
        )
        for number, attempt in enumerate(attempts):
            with self.subTest(number), self.assertRaises(AccessError), self.cr.savepoint():
                attempt()
        payment.amount = 6000
        payment.action_post()
        after = sorted((item.account_id.code, item.balance) for item in payment.move_id.line_ids)
        self.assertEqual([(code, round(balance * 1.2, 2)) for code, balance in amounts], after)

    def test_the_cashier_undoes_the_matching_of_a_payment(self):
        invoice = self._invoice(self._delivered())
        self._pay(invoice, user=self.carl)
        self.assertEqual(invoice.payment_state, "paid")
        partial = invoice.line_ids.matched_credit_ids
        self._as(self.carl, invoice).js_remove_outstanding_partial(partial.id)
        self.assertEqual(invoice.payment_state, "not_paid")
        item = self._as(self.carl, invoice.line_ids).filtered(
            lambda line: line.account_id.reconcile
        )
        payment = self.env["account.payment"].search([("partner_id", "=", self.customer.id)])
        payment_item = payment.move_id.line_ids.filtered(
            lambda line: line.account_id == item.account_id
        )
        (item | self._as(self.carl, payment_item)).reconcile()
        self.assertEqual(invoice.payment_state, "paid")
        for step in ("action_draft", "action_cancel", "unlink"):
            with self.assertRaisesRegex(AccessError, "you entered it yourself"):
                getattr(self._as(self.carl, payment), step)()
        other = self._create_person("cora", "cashier")
        self._as(other, payment).action_draft()
        self._as(self.carl, payment).unlink()
        self.assertFalse(payment.exists())
        self.assertEqual(invoice.payment_state, "not_paid")

    def test_the_cashier_brings_no_entry_to_a_payment(self):
        voucher = self._voucher(self.fred)
        Payment = self._as(self.carl, self.env["account.payment"])
        vals = {"payment_type": "inbound", "partner_id": self.customer.id, "amount": 10}
        items = [
            Command.create({"account_id": self._account(code).id, "balance": balance})
            for code, balance in (("1122", 10), ("5001", -10))
        ]
        written_off = {"account_id": self._account("5403").id, "balance": 5, "name": "x"}
        for brought in (
            {"move_id": voucher.id},
            {"line_ids": items},
            {"write_off_line_vals": [{**written_off, "amount_currency": 5}]},
            {"force_balance": 20},
        ):
            with self.assertRaises(AccessError), self.cr.savepoint():
                Payment.create({**vals, **brought})
        with self.assertRaises(AccessError), self.cr.savepoint():
            Payment.with_context(default_move_id=voucher.id).create(vals)

    def test_the_cashier_writes_nothing_off(self):
        order = self._delivered()
        invoice = self._as(self.fred, order)._create_invoices()
        invoice.action_post()
        vals = {
            "amount": 1,
            "journal_id": self.env["account.journal"]
            .search([("type", "=", "bank"), ("company_id", "=", self.company.id)], limit=1)
            .id,
            "payment_difference_handling": "reconcile",
            "writeoff_account_id": self._account("5403").id,
        }
        register = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        for user in self.carl, self.fred:
            with self.assertRaisesRegex(UserError, "finance manager"), self.cr.savepoint():
                self._as(user, register).create(vals).action_create_payments()
        cent = {**vals, "amount": invoice.amount_residual - 0.5}
        with self.assertRaises(AccessError), self.cr.savepoint():
            self._as(self.carl, register).create(cent).action_create_payments()
        self.assertEqual(invoice.payment_state, "not_paid")
        self._as(self.fred, register).create(cent).action_create_payments()
        self.assertEqual(invoice.amount_residual, 0)

    def test_the_cashier_changes_no_item_of_an_invoice(self):
        order = self._delivered()
        invoice = self._as(self.fred, order)._create_invoices()
        item = self._as(self.carl, invoice.invoice_line_ids)
        with self.assertRaises(AccessError), self.cr.savepoint():
            item.price_unit = 1
        with self.assertRaises(AccessError), self.cr.savepoint():
            item.unlink()

    def test_the_cashier_collects_and_pays_without_an_invoice(self):
        for payment_type in ("inbound", "outbound"):
            payment = self._as(self.carl, self.env["account.payment"]).create(
                {
                    "payment_type": payment_type,
                    "partner_type": "customer",
                    "partner_id": self.customer.id,
                    "amount": 5000,
                }
            )
            payment.action_post()
            self.assertIn(payment.state, ("in_process", "paid"))
            self._as(self.fred, payment).action_draft()
            payment.action_cancel()
            self.assertEqual(payment.state, "canceled")

    def test_the_cashier_collects_in_a_foreign_currency(self):
        """The rate has changed since the invoice: Odoo books the difference for the cashier."""
        euro = self.env.ref("base.EUR")
        euro.active = True
        for date, rate in (("2026-01-01", 0.125), ("2026-02-01", 0.1)):
            self.env["res.currency.rate"].create(
                {
                    "name": date,
                    "rate": rate,
                    "currency_id": euro.id,
                    "company_id": self.company.id,
                }
            )
        order = self._delivered()
        order.sudo().currency_id = euro
        invoice = self._as(self.fred, order)._create_invoices()
        invoice.write({"invoice_date": "2026-01-15", "currency_id": euro.id})
        invoice.action_post()
        register = (
            self._as(self.carl, self.env["account.payment.register"])
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"payment_date": "2026-02-15"})
        )
        register.action_create_payments()
        self.assertIn(invoice.payment_state, ("paid", "in_payment"))
        self.assertTrue(invoice.line_ids.matched_credit_ids.exchange_move_id)

    def test_an_accountant_who_also_collects_may_invoice(self):
        self.fred.group_ids |= self.env.ref("dealer_base.group_cashier")
        self.assertEqual(self._invoice(self._delivered()).state, "posted")
