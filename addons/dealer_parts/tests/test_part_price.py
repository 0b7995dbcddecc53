from datetime import timedelta
from decimal import Decimal
from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Date
from odoo.tests import tagged

from odoo.addons.dealer_parts.tools.part_price import get_matrix_price

from .care_case import PartCareCase

MONEY = st.decimals(0, 100_000, places=2)
PERCENT = st.decimals(0, 100, places=2)


class TestMatrixPrice(TestCase):
    def test_by_hand(self):
        self.assertEqual(get_matrix_price("discount", 15, 298, 0), Decimal("253.30"))
        self.assertEqual(get_matrix_price("markup", 40, 0, 54, vat=13), Decimal("85.43"))
        self.assertEqual(get_matrix_price("discount", 15, 298, 0, rounding="1"), 253)
        # 90 % off, but never below cost + 5 % and VAT: 54 × 1.05 × 1.13 = 64.071
        self.assertEqual(
            get_matrix_price("discount", 90, 298, 54, vat=13, floor=5), Decimal("64.08")
        )

    @given(MONEY, MONEY, PERCENT, st.sampled_from(["0.01", "0.5", "1", "10"]), PERCENT)
    def test_a_multiple_that_is_not_below_the_floor(self, retail, cost, percent, step, floor):
        price = get_matrix_price("discount", percent, retail, cost, 13, step, floor)
        self.assertEqual(price % Decimal(step), 0)
        self.assertGreaterEqual(price, cost * (1 + floor / 100) * Decimal("1.13"))

    @given(MONEY, PERCENT, PERCENT)
    def test_a_higher_discount_is_no_higher_price(self, retail, one, other):
        low, high = sorted((one, other))
        self.assertGreaterEqual(
            get_matrix_price("discount", low, retail, 0),
            get_matrix_price("discount", high, retail, 0),
        )


@tagged("post_install", "-at_install")
class TestPartPrice(PartCareCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.retail, cls.wholesale, cls.warranty, cls.internal = (
            cls.env.ref(f"dealer_parts.price_class_{code}")
            for code in ("retail", "wholesale", "warranty", "internal")
        )
        cls.pad = cls._part("04465-0K290", cost=54, list_price=298)
        cls.today = Date.today()

    def _price(self, price, price_class=None, days=0, part=None):
        return (
            self.env["dealer.part.price"]
            .with_user(self.petra)
            .create(
                {
                    "product_tmpl_id": (part or self.pad).product_tmpl_id.id,
                    "class_id": (price_class or self.retail).id,
                    "date_from": self.today + timedelta(days=days),
                    "price": price,
                }
            )
        )

    def _matrix(self, price_class, percent, method="discount", bands=(), **vals):
        bands = bands or [(0, 0, percent)]
        return self.env["dealer.price.matrix"].create(
            {
                "name": "M",
                "class_id": price_class.id,
                "method": method,
                "line_ids": [
                    Command.create({"cost_from": cost, "quantity_from": qty, "percent": value})
                    for cost, qty, value in bands
                ],
                **vals,
            }
        )

    def _get(self, price_class, partner=None, quantity=1, days=0, part=None):
        part = (part or self.pad).with_user(self.pat)
        date = self.today + timedelta(days=days)
        return part._dealer_get_part_price(price_class, partner, quantity, date)[0]

    def test_the_price_in_force_on_the_day(self):
        self._price(280, days=-10)
        self._price(300, days=-1)
        self._price(320, days=5)
        self.assertEqual(self._get(self.retail, days=-11), 300)  # Odoo's sales price: none dated
        self.assertEqual(self._get(self.retail, days=-10), 280)
        self.assertEqual(self._get(self.retail), 300)
        self.assertEqual(self._get(self.retail, days=5), 320)
        self.assertEqual(self.pad.list_price, 300)

    def test_the_price_that_begins_today_becomes_the_sales_price(self):
        coming = self._price(320, days=5)
        self.assertEqual(self.pad.list_price, 298)
        coming.date_from = self.today - timedelta(days=1)
        self.pad.product_tmpl_id.with_context(dealer_retail_applied=True).list_price = 1
        self.env["dealer.part.price"]._cron_apply()
        self.assertEqual(self.pad.list_price, 320)

    def test_a_typed_sales_price_counts_from_today(self):
        self._price(280, days=-10)
        self.pad.product_tmpl_id.list_price = 310
        self.assertEqual(self._get(self.retail), 310)
        self.assertEqual(self._get(self.retail, days=-1), 280)
        self.pad.product_tmpl_id.list_price = 311
        self.assertEqual(self._get(self.retail), 311)

    def test_a_price_of_the_past_is_not_removed(self):
        with self.assertRaisesRegex(UserError, "Enter a new price"):
            self._price(280, days=-10).unlink()
        self._price(280, days=10).unlink()

    def test_a_price_of_the_past_is_not_rewritten(self):
        past, coming = self._price(280, days=-10), self._price(290, days=10)
        for vals in ({"price": 1}, {"date_from": coming.date_from}):
            with self.subTest(vals), self.assertRaisesRegex(UserError, "Enter a new price"):
                past.write(vals)
        coming.price = 295

    def test_keepers_make_no_prices(self):
        row = self._price(280)
        with self.assertRaises(AccessError):
            row.with_user(self.pat).price = 1
        with self.assertRaises(AccessError):
            self.env["dealer.price.matrix"].with_user(self.pat).search([])

    def test_class_without_matrix_costs_retail(self):
        self.assertEqual(self._get(self.wholesale), 298)

    def test_matrix_by_class_cost_band_and_quantity(self):
        self._matrix(self.wholesale, 0, bands=[(0, 0, 10), (50, 0, 15), (50, 10, 20)])
        self.assertEqual(self._get(self.wholesale), 253.3)
        self.assertEqual(self._get(self.wholesale, quantity=10), 238.4)
        cheap = self._part("CHEAP-1", cost=5, list_price=10)
        self.assertEqual(self._get(self.wholesale, part=cheap), 9)

    def test_markup_on_cost_adds_vat(self):
        self._matrix(self.internal, 10, method="markup")
        self.assertEqual(self._get(self.internal), 67.12)  # 54 × 1.1 × 1.13 = 67.122
        no_cost = self._part("NEW-1", cost=0, list_price=20)
        self.assertEqual(self._get(self.internal, part=no_cost), 20)

    def test_listed_price_before_matrix_of_the_class_and_after_that_of_the_customer(self):
        self._matrix(self.wholesale, 15)
        self._price(260, self.wholesale)
        self.assertEqual(self._get(self.wholesale), 260)
        self._matrix(self.wholesale, 30, partner_id=self.customer.id)
        self.assertEqual(self._get(self.wholesale, self.customer), 208.6)
        self.assertEqual(self._get(self.wholesale), 260)

    def test_the_most_particular_matrix_counts(self):
        self._matrix(self.wholesale, 10)
        self._matrix(self.wholesale, 20, categ_id=self.category.id)
        self._matrix(
            self.wholesale, 30, categ_id=self.env.ref("dealer_parts.product_category_oil").id
        )
        brand = self.env["product.brand"].create({"name": "Brembo"})
        self._matrix(self.wholesale, 40, product_brand_id=brand.id)
        self.assertEqual(self._get(self.wholesale), 238.4)
        self.pad.product_brand_id = brand
        self.assertEqual(self._get(self.wholesale), 178.8)

    def test_a_matrix_of_last_year_is_over(self):
        self._matrix(self.wholesale, 10, date_to=self.today - timedelta(days=1))
        self.assertEqual(self._get(self.wholesale), 298)

    def test_many_prices_cost_as_many_statements_as_few(self):
        self._matrix(self.wholesale, 10, categ_id=self.category.id)
        parts = [self._part(f"MANY-{number}") for number in range(40)]
        counts = []
        for size in (2, 2, 40):  # the first call reads what is cached
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.cr.sql_log_count
            self.env["product.product"]._dealer_get_part_prices(
                self.wholesale, self.customer, dict.fromkeys(parts[:size], 1)
            )
            counts.append(self.cr.sql_log_count - start)
        self.assertEqual(counts[1], counts[2])

    def test_the_margin_is_for_who_sees_costs(self):
        # 298 / 1.13 = 263.72; (263.72 - 54) / 263.72 = 79.5 %
        self.assertAlmostEqual(self.pad.with_user(self.petra).dealer_retail_margin, 79.5, 1)
        with self.assertRaises(AccessError):
            self.pad.with_user(self.pat).read(["dealer_retail_margin"])
