from odoo import Command
from odoo.tests import HttpCase, tagged

from .common import DealerVehicleCommon


@tagged("post_install", "-at_install")
class TestDealTour(DealerVehicleCommon, HttpCase):
    """The whole deal in the browser, in Chinese, each step by the person whose job it is.

    Sara sells and confirms, Ken hands over, Fred invoices, takes the payment and reads the
    margin: consultants may neither post invoices nor see what a car cost.
    """

    def setUp(self):
        super().setUp()
        self.env["res.lang"]._activate_lang("zh_CN")
        people = self.sara + self.ken + self.fred
        people.write({"lang": "zh_CN"})
        self.customer.name = "赵一凡"
        self.car = self._create_vehicle(vin="LSVAU2182T2990017", engine_number="EN700311")
        self.car.asking_price = 105000
        self.trim.dealer_guide_price_ids.unlink()
        self._stock(self.car, 90000)
        # prices of the tour are round: no tax on the car
        self.car.product_id.taxes_id = [Command.clear()]

    def _tour(self, name, url, user):
        self.start_tour(url, name, login=user.login, timeout=180)

    def test_deal_from_the_car_to_its_margin(self):
        self._tour("dealer_vehicle_sell_tour", "/odoo/vehicles", self.sara)
        order = self.car.sale_line_ids.order_id
        self.assertRecordValues(
            order, [{"state": "sale", "partner_id": self.customer.id, "user_id": self.sara.id}]
        )
        self._tour(
            "dealer_vehicle_deliver_tour",
            "/odoo/action-stock.action_picking_tree_outgoing",
            self.ken,
        )
        self.assertEqual(self.car.status, "sold")
        self._tour("dealer_vehicle_invoice_tour", "/odoo/action-sale.action_orders", self.fred)
        self.assertRecordValues(order.invoice_ids, [{"state": "posted", "payment_state": "paid"}])
        self.assertEqual(order.margin, 15000)
