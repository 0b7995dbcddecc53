from odoo.tests import HttpCase, tagged

from .test_desk_price_approval import DealerApprovalCommon


@tagged("post_install", "-at_install")
class TestPriceTour(DealerApprovalCommon, HttpCase):
    """An over-limit discount in the browser, in Chinese, each step by whose job it is."""

    def test_from_the_refused_discount_to_the_leak_ledger(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        (self.sara + self.max).lang = "zh_CN"
        self.customer.name = "赵一凡"
        car = self._stock(self._create_vehicle())
        order = self._quote(car, 145000)
        order.order_line.tax_ids = self.company.dealer_car_tax_id
        self.start_tour(
            "/odoo/action-sale.action_quotations",
            "dealer_price_ask_tour",
            login=self.sara.login,
            timeout=120,
        )
        self.assertEqual(order.state, "draft")
        self.assertEqual(order.validation_status, "pending")
        self.browser_size = "390x844"
        self.touch_enabled = True
        self.start_tour(
            "/odoo/approvals", "dealer_price_approve_tour", login=self.max.login, timeout=120
        )
        self.assertEqual(order.review_ids.done_by, self.max)
        self.browser_size = "1366x768"
        self.touch_enabled = False
        self.start_tour(
            "/odoo/action-sale.action_quotations",
            "dealer_price_confirm_tour",
            login=self.sara.login,
            timeout=120,
        )
        self.assertEqual(order.state, "sale")
        self.start_tour(
            "/odoo/leak-ledger", "dealer_price_ledger_tour", login=self.max.login, timeout=120
        )
