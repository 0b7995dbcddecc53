"""Cash and books are two posts: the cashier collects, the accountant invoices."""

from odoo import Command
from odoo.exceptions import AccessError
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

    def _voucher(self, user):
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
            payment.action_draft()
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
