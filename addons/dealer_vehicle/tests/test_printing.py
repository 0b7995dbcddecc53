import io
from unittest.mock import patch

from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools.pdf import PdfFileReader

from odoo.addons.base.models.ir_actions_report import _wkhtml

from .common import DealerVehicleCommon


@tagged("post_install", "-at_install")
class TestPrinting(DealerVehicleCommon, HttpCase):
    """Every paper of a deal names the car by its numbers, on the letterhead."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {
                "external_report_layout_id": cls.env.ref("dealer_base.external_layout_dealer").id,
                "report_footer": "<p>开户行：海州银行</p>",
            }
        )
        cls.customer.name = "赵一凡"

    def setUp(self):
        super().setUp()
        self.assertEqual(_wkhtml().state, "ok", "wkhtmltopdf must be installed to run this test")
        self.car = self._create_vehicle(
            engine_number="EN700311", certificate_number="YW31000137", license_plate="苏E12345"
        )
        self._stock(self.car, 90000)

    def _pages(self, report, records):
        """Text of the printed pages, without white space."""
        renderer = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        content, kind = renderer._render_qweb_pdf(report, records.ids)
        self.assertEqual(kind, "pdf")
        reader = PdfFileReader(io.BytesIO(content), strict=False)
        return [
            "".join(reader.getPage(number).extractText().split())
            for number in range(reader.getNumPages())
        ]

    def _assert_names_car(self, page, car=None):
        car = car or self.car
        for text in ("GoldenCars", "海州银行", car.vin, car.engine_number, car.certificate_number):
            self.assertIn(text, page)

    def test_invoices_of_two_customers_in_one_file(self):
        other = self._create_vehicle(engine_number="EN700322", certificate_number="YW31000274")
        self._stock(other, 95000)
        invoices = self.env["account.move"]
        for car, partner in ((self.car, self.customer), (other, self.other_customer)):
            order = self._sell(car, partner=partner)
            self._deliver(order)
            invoices += self._invoice(order)
        first, second = self._pages("account.report_invoice", invoices)
        self._assert_names_car(first)
        self.assertIn("赵一凡", first)
        self._assert_names_car(second, other)
        self.assertNotIn(other.vin, first)

    def test_quotation(self):
        (page,) = self._pages("sale.report_saleorder", self._quote(self.car))
        self._assert_names_car(page)
        self.assertEqual(page.count(self.car.vin), 1, "the VIN is not printed twice")

    def test_quotation_advertises_no_software(self):
        new_test_user(
            self.env, "portal_print", groups="base.group_portal", partner_id=self.customer.id
        )
        order = self._quote(self.car)
        with patch.object(type(order), "_get_edi_builders", lambda order: [object()]):
            html, _kind = self.env["ir.actions.report"]._render_qweb_html(
                "sale.report_saleorder", order.ids
            )
        self.assertNotIn("Connect your software", html.decode())
        self.assertNotIn("portal_connect_software", html.decode())

    def test_purchase_order(self):
        (page,) = self._pages("purchase.report_purchaseorder", self.car.purchase_line_id.order_id)
        self._assert_names_car(page)

    def test_delivery_slip(self):
        picking = self._deliver(self._sell(self.car))
        (page,) = self._pages("stock.report_deliveryslip", picking)
        self._assert_names_car(page)
        self.assertIn("苏E12345", page)
