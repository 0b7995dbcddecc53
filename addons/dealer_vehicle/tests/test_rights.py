"""What a role may do over the API is what it may do on screen."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import DealerVehicleCommon


@tagged("post_install", "-at_install")
class TestRights(DealerVehicleCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tom = cls._create_person("tom", "technician")

    # === WHO TRADES ===
    def test_who_may_not_trade_makes_no_products(self):
        vehicle = self._create_vehicle(kind="used")
        with self.assertRaises(AccessError):
            self._as(self.tom, vehicle).action_create_quotation()
        with self.assertRaises(AccessError):
            self._as(self.sara, vehicle).action_create_purchase()
        self.assertFalse(vehicle.product_id)

    def test_traders_start_quotations_and_purchases(self):
        action = self._as(self.max, self._create_vehicle()).action_create_purchase()
        self.assertEqual(action["res_model"], "purchase.order")
        action = self._as(self.sara, self._stock()).action_create_quotation()
        self.assertEqual(action["res_model"], "sale.order")
