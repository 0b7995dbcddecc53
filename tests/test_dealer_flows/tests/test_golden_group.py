"""Goldens of a group of two companies: the same car, the same lot, two costs."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .golden_case import NEW, GoldenCase


@tagged("post_install", "-at_install")
class TestGroupSale(GoldenCase):
    """Golden Cars sells a new car to Silver Cars of the same group, which sells it on."""

    policy, figures = "shared", NEW

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.silver = cls.other_company
        cls.sylvia = cls._create_person("sylvia", "general_manager", cls.silver)
        cls.steve = cls._create_person("steve", "stock_keeper", cls.silver)
        cls.flora = cls._create_person("flora", "accountant", cls.silver)
        cls.silver_buy = cls._included_tax("purchase", 13, cls.silver)
        cls.silver_sell = cls._included_tax("sale", 13, cls.silver)

    def _group_sale(self):
        """Golden sells at 140,000 to Silver, which receives and bills it; return the car."""
        car = self._stock_car()
        order = self._sell(car, 140000, partner=self.silver.partner_id, tax=self.tax_sell)
        self._deliver(order)
        self.assertEntry(
            self._invoice(order),
            [
                ("receivable", 140000, 0),
                ("revenue", 0, 123893.81, car),
                ("vat", 0, 16106.19),
                ("cogs", NEW.cost, 0, car),
                ("stock", 0, NEW.cost, car),
            ],
        )
        bought = self._buy(
            car, 140000, partner=self.company.partner_id, tax=self.silver_buy, user=self.sylvia
        )
        self._receive(bought, user=self.steve)
        self.assertEntry(
            self._bill(bought, user=self.flora),
            [
                ("stock", 123893.81, 0, car),
                ("vat", 16106.19, 0),
                ("payable", 0, 140000),
            ],
        )
        return car

    def _in(self, company, car):
        return car.with_context(allowed_company_ids=company.ids).with_company(company)

    def test_car_changes_company_with_the_same_lot(self):
        car = self._group_sale()
        self.assertEqual(self.env["stock.lot"].search_count([("name", "=", car.vin)]), 1)
        car = self._in(self.silver, car)
        self.assertCar(car, status="in_stock", company_id=self.silver)
        self.assertEqual(car.warehouse_id.company_id, self.silver)
        self.assertAlmostEqual(car.unit_cost, 123893.81, 2)
        self.assertNothingElsePosted()
        self.assertLedgerIsStock()

    def test_next_company_sells_at_its_own_cost(self):
        car = self._group_sale()
        order = self._sell(car, NEW.sale, tax=self.silver_sell, user=self.charlie)
        self._deliver(order, user=self.steve)
        self.assertEntry(
            self._invoice(order, user=self.flora),
            [
                ("receivable", NEW.sale, 0),
                ("revenue", 0, NEW.revenue, car),
                ("vat", 0, NEW.output_vat),
                ("cogs", 123893.81, 0, car),
                ("stock", 0, 123893.81, car),
            ],
        )
        self.assertMargin(order, NEW.revenue, 123893.81, user=self.sylvia)
        self.assertCar(car, status="sold", partner_id=self.customer)
        self.assertReportedMargin(car, 123893.81, NEW.cost)

    def test_car_of_another_company_cannot_be_sold(self):
        car = self._stock_car()
        order = self._quote(car, NEW.sale, tax=self.silver_sell, user=self.charlie)
        with self.assertRaisesRegex(UserError, "Golden Cars"):
            order.action_confirm()
        self.assertCar(car, status="in_stock")
