from odoo.tests import HttpCase, new_test_user, tagged

from .common import DealerVehicleCommon


@tagged("post_install", "-at_install")
class TestPortal(DealerVehicleCommon, HttpCase):
    """Customers see their own cars and orders, nothing of others and nothing of our trade."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.li = new_test_user(
            cls.env, login="li.ming.portal", groups="base.group_portal", partner_id=cls.customer.id
        )
        cls.wang = new_test_user(
            cls.env,
            login="wang.fang.portal",
            groups="base.group_portal",
            partner_id=cls.other_customer.id,
        )

    def setUp(self):
        super().setUp()
        self.car = self._create_vehicle(engine_number="EN700311", license_plate="苏E12345")
        self.car.asking_price = 123456
        self._stock(self.car, 98765)
        self.order = self._sell(self.car, 118000)

    def _page(self, user, url, follow=True):
        self.authenticate(user.login, user.login)
        return self.url_open(url, allow_redirects=follow)

    def _assert_says(self, page, english, chinese):
        """The page speaks the language of the database."""
        self.assertTrue(english in page.text or chinese in page.text, f"{english} is missing")

    def test_core_pages_of_customers_speak_chinese(self):
        """Odoo leaves these words in English: ``i18n_extra`` of this module has them."""
        self.env["res.lang"]._activate_lang("zh_CN")
        self.env["ir.module.module"]._load_module_terms(["dealer_vehicle"], ["zh_CN"])
        for xmlid, word in (
            ("sale_stock.portal_my_orders", "Shipping Status</th>"),
            ("sale.sale_order_portal_template", "Amount paid:"),
            ("sale.sale_order_portal_content", "Delivery Date:"),
            ("sale.sale_order_portal_pay_modal", "you confirm acceptance"),
            ("portal.my_addresses", "Add an address"),
            ("portal.address_card", "Main Address"),
        ):
            view = self.env.ref(xmlid)
            self.assertIn(word, view.with_context(lang="en_US").arch_db)
            self.assertNotIn(word, view.with_context(lang="zh_CN").arch_db)

    def test_customer_sees_the_car_that_is_held_for_him(self):
        page = self._page(self.li, "/my/vehicles")
        self.assertEqual(page.status_code, 200)
        self.assertIn(self.car.vin, page.text)
        self._assert_says(page, "Ready at our store", "已到店")

    def test_customer_sees_the_delivered_car_with_its_numbers(self):
        self._deliver(self.order)
        page = self._page(self.li, f"/my/vehicles/{self.car.id}")
        for text in (self.car.vin, "EN700311", "苏E12345", self.order.name):
            self.assertIn(text, page.text)
        self._assert_says(page, "Delivered on", "已交车")

    def test_price_and_cost_of_the_trade_stay_ours(self):
        page = self._page(self.li, f"/my/vehicles/{self.car.id}")
        for secret in ("98,765", "98765", "123,456", "123456"):
            self.assertNotIn(secret, page.text)

    def test_order_page_names_the_car(self):
        page = self._page(self.li, self.order.get_portal_url())
        self.assertEqual(page.status_code, 200)
        for text in (self.car.vin, "EN700311"):
            self.assertIn(text, page.text)
        self._assert_says(page, "Ready at our store", "已到店")
        self.assertNotIn("98,765", page.text)

    def test_car_of_another_customer_is_unknown(self):
        page = self._page(self.wang, f"/my/vehicles/{self.car.id}", follow=False)
        self.assertEqual(page.status_code, 303)
        self.assertTrue(page.headers["Location"].endswith("/my"))
        self.assertNotIn(self.car.vin, self._page(self.wang, "/my/vehicles").text)

    def test_former_owner_does_not_see_the_car_any_more(self):
        self._deliver(self.order)
        self.car._dealer_set_owner(self.other_customer, self.car.date_out)
        self.assertNotIn(self.car.vin, self._page(self.li, "/my/vehicles").text)
        self.assertIn(self.car.vin, self._page(self.wang, "/my/vehicles").text)

    def test_portal_user_has_no_rpc_access_to_cars(self):
        self.assertFalse(self.env["dealer.vehicle"].with_user(self.li).has_access("read"))

    def test_home_page_counts_the_cars(self):
        self.authenticate(self.li.login, self.li.login)
        counters = self.make_jsonrpc_request("/my/counters", {"counters": ["vehicle_count"]})
        self.assertEqual(counters["vehicle_count"], 1)

    def test_visitor_must_log_in(self):
        self.authenticate(None, None)
        page = self.url_open("/my/vehicles", allow_redirects=False)
        self.assertEqual(page.status_code, 303)
        self.assertIn("/web/login", page.headers["Location"])
