"""What was decided before the suite came stays as it is."""

from odoo.tests import tagged

from ..hooks import post_init_hook
from .common import DealerVehicleCommon


@tagged("post_install", "-at_install")
class TestExistingDatabase(DealerVehicleCommon):
    def test_account_of_stock_variation_stays(self):
        stock = self._account("1405")
        self.assertEqual(stock.account_stock_variation_id, self.company.expense_account_id)
        chosen = self._account("5601")
        stock.account_stock_variation_id = chosen
        post_init_hook(self.env)
        self.assertEqual(stock.account_stock_variation_id, chosen)

    def test_text_messages_stay_where_somebody_decided_on_them(self):
        self.assertIn(
            "has_received_warning_stock_sms",
            self.company._fields,
            "stock_sms installs itself beside stock: see whether the hook is still needed",
        )
        self.company.write(
            {"stock_text_confirmation": True, "has_received_warning_stock_sms": True}
        )
        self.other_company.write(
            {"stock_text_confirmation": True, "has_received_warning_stock_sms": False}
        )
        post_init_hook(self.env)
        self.assertTrue(self.company.stock_text_confirmation)
        self.assertFalse(self.other_company.stock_text_confirmation)
