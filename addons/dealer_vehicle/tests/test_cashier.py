"""Cash and books are two posts: the cashier collects, the accountant invoices."""

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

    def test_an_accountant_who_also_collects_may_invoice(self):
        self.fred.group_ids |= self.env.ref("dealer_base.group_cashier")
        self.assertEqual(self._invoice(self._delivered()).state, "posted")
