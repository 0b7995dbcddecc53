from odoo.tests import tagged

from odoo.addons.dealer_base.tests.kpi_common import KpiCheck

from .common import DealerVehicleCommon


@tagged("post_install", "-at_install")
class TestKpi(KpiCheck, DealerVehicleCommon):
    """The figures of stock and sales on a small scenario."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.boss = cls._create_person("boss", "general_manager")

    def _value(self, code, **scope):
        kpi = self._as(self.boss, self.env["dealer.kpi"]).search([("code", "=", code)])
        return kpi._get_value("2000-01-01", "2099-12-31", **scope)

    def test_figures_of_stock(self):
        self._stock(price=100000)
        self._stock(price=90000)
        self.assertEqual(self._value("vehicle_stock_units"), 2)
        self.assertEqual(self._value("vehicle_stock_units", store_id=self.warehouse.id), 2)
        self.assertEqual(self._value("vehicle_stock_old"), 0)
        self.assertEqual(self._value("vehicle_stock_age"), 0)
        self.assertEqual(self._value("vehicle_stock_value"), 190000)

    def test_figures_of_sales(self):
        for price in (110000, 112000):
            order = self._sell(self._stock(price=100000), price)
            self._deliver(order)
            self._invoice(order)
        self.assertEqual(self._value("vehicle_sold_units"), 2)
        self.assertEqual(self._value("vehicle_sold_units", person_id=self.sara.id), 2)
        self.assertEqual(self._value("vehicle_gross"), 22000)
        self.assertEqual(self._value("vehicle_gross_per_car"), 11000)

    def test_every_figure_is_what_its_rows_add_up_to(self):
        self._stock(price=100000)
        order = self._sell(self._stock(price=90000), 100000)
        self._deliver(order)
        self._invoice(order)
        codes = self.check_all_kpis()
        self.assertLessEqual({"vehicle_stock_units", "vehicle_sold_units"}, codes)

    def test_salesperson_does_not_see_the_figure_of_the_value(self):
        self._stock()
        kpi = self._as(self.sara, self.env["dealer.kpi"]).search(
            [("code", "=", "vehicle_stock_value")]
        )
        self.assertFalse(kpi)
