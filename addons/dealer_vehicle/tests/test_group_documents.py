"""Documents of a company stay open to its people when the car has gone to a sister company."""

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .common import DealerVehicleCommon


@tagged("post_install", "-at_install")
class TestGroupDocuments(DealerVehicleCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.steve = cls._create_person("steve", "stock_keeper", cls.other_company)
        cls.sylvia = cls._create_person("sylvia", "general_manager", cls.other_company)
        cls.flora = cls._create_person("flora", "accountant", cls.other_company)

    def setUp(self):
        super().setUp()
        self.car = self._create_vehicle()
        self.bought = self._buy(self.car)
        self.receipt = self._receive(self.bought)
        self.bill = self._bill(self.bought)
        self.order = self._sell(self.car, partner=self.other_company.partner_id)
        self.delivery = self._deliver(self.order)
        self.invoice = self._invoice(self.order)
        bought = self._buy(self.car, 110000, partner=self.company.partner_id, user=self.sylvia)
        self._receive(bought, user=self.steve)
        self._bill(bought, user=self.flora)
        self.assertEqual(self.car.sudo().company_id, self.other_company)
        self.env.flush_all()
        self.env.invalidate_all()

    def _documents(self):
        return [
            (self.sara, self.order),
            (self.max, self.order),
            (self.ken, self.delivery),
            (self.ken, self.receipt),
            (self.fred, self.invoice),
            (self.sara, self.invoice),
            (self.fred, self.bill),
            (self.max, self.bought),
        ]

    def test_documents_of_the_seller_open(self):
        for user, document in self._documents():
            with self.subTest(document.display_name, user=user.name):
                self.env.invalidate_all()
                document = self._as(user, document)
                form = Form(document)
                self.assertEqual(form.dealer_vehicle_count, 0)
                document.message_post(body="a note")

    def test_documents_of_the_seller_are_printed(self):
        for report, user, document in (
            ("sale.report_saleorder", self.sara, self.order),
            ("account.report_invoice", self.fred, self.invoice),
            ("stock.report_deliveryslip", self.ken, self.delivery),
            ("purchase.report_purchaseorder", self.max, self.bought),
        ):
            with self.subTest(report):
                self.env.invalidate_all()
                html, _type = (
                    self._as(user, self.env["ir.actions.report"])
                    .with_context(force_report_rendering=True)
                    ._render_qweb_html(report, document.ids)
                )
                self.assertIn(self.car.sudo().vin, html.decode())

    def test_the_car_itself_stays_with_its_company(self):
        for user in (self.sara, self.ken, self.max, self.fred):
            car = self._as(user, self.car)
            for name in ("status", "location_id", "company_id", "date_in"):
                with self.subTest(name, user=user.name), self.assertRaises(AccessError):
                    car.read([name])
        with self.assertRaises(AccessError):
            self._as(self.max, self.car).read(["unit_cost"])

    def test_what_a_superuser_has_read_does_not_reach_others(self):
        """The cars of a document are kept for each reader apart."""
        self.assertEqual(self.order.sudo().dealer_vehicle_ids, self.car)
        self.assertFalse(self._as(self.sara, self.order).dealer_vehicle_ids)
        self.assertEqual(self.order.sudo().dealer_vehicle_ids, self.car)

    def test_the_invoice_is_paid_and_credited(self):
        self.assertTrue(self._pay(self.invoice).payment_state)
        credit = self._credit(self.invoice)
        self.assertEqual(credit.state, "posted")
