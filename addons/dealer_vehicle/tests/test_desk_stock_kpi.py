"""Figures of stock against sales: the vectors of the trade, and the figures from real deals."""

import datetime

from freezegun import freeze_time

from odoo.tests import tagged

from odoo.addons.dealer_base.models.dealer_kpi import Scope
from odoo.addons.dealer_base.tests.kpi_common import KpiCheck

from .common import DealerVehicleCommon


@tagged("post_install", "-at_install")
class TestStockKpi(KpiCheck, DealerVehicleCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.boss = cls._create_person("boss", "general_manager")
        cls.trim_of_vectors = cls._create_trim("Lark of the vectors")

    def _value(self, code, date_from="2026-01-01", date_to="2026-12-31", user=None, **scope):
        kpi = self._as(user or self.boss, self.env["dealer.kpi"]).search([("code", "=", code)])
        return kpi._get_value(date_from, date_to, **scope)

    def _make_history(self, *stays):
        """Cars with given stays (in, out, number), written past the orders that make them."""
        vals_list = [
            {"model_id": self.trim_of_vectors.id, "kind": "new"}
            for _came, _left, number in stays
            for _car in range(number)
        ]
        cars = iter(self.env["dealer.vehicle"].create(vals_list))
        self.env.flush_all()
        for came, left, number in stays:
            ids = tuple(next(cars).id for _car in range(number))
            self.env.cr.execute(
                "UPDATE dealer_vehicle SET date_in = %s, date_out = %s, status = %s,"
                " company_id = %s, warehouse_id = %s WHERE id IN %s",
                [
                    came,
                    left,
                    "sold" if left else "in_stock",
                    self.company.id,
                    None if left else self.warehouse.id,
                    ids,
                ],
            )
        self.env.invalidate_all()

    def test_vector_stock_sales_ratio(self):
        """Stock 120, deliveries 60: 2.0."""
        with freeze_time("2026-05-10 04:00:00"):
            self._make_history(("2026-03-05", None, 120), ("2026-03-01", "2026-04-15", 60))
            april = {"date_from": "2026-04-01", "date_to": "2026-04-30"}
            self.assertEqual(self._value("vehicle_stock_sales", **april), 2)
            self.assertEqual(self._value("vehicle_days_supply", **april), 60)

    def test_vector_turnover(self):
        """120 cars against 180 deliveries in 90 days: 60 days, 6 turns a year."""
        with freeze_time("2026-05-10 04:00:00"):
            # 180 cars that stay 10 days each are 20 on average; 100 more stay all the time
            self._make_history(
                ("2025-12-01", None, 100),
                *((f"2026-{month:02}-01", f"2026-{month:02}-11", 60) for month in (1, 2, 3)),
            )
            scope = {"date_from": "2026-01-01", "date_to": "2026-03-31"}
            self.assertEqual(self._value("vehicle_turnover_days", **scope), 60)
            self.assertEqual(self._value("vehicle_turns", **scope), 6)

    def test_vector_ages(self):
        """Ages 10, 35, 62, 95, 130: average 66.4, 40 % over 90 days, three slow movers."""
        today = datetime.date.today()
        self._make_history(
            *((today - datetime.timedelta(days=age), None, 1) for age in (10, 35, 62, 95, 130))
        )
        self.assertAlmostEqual(self._value("vehicle_stock_age"), 66.4)
        self.assertAlmostEqual(self._value("vehicle_stock_old_share"), 40)
        self.assertEqual(self._value("vehicle_slow"), 3)

    def test_no_deliveries_no_figure(self):
        self._stock()
        for code in ("vehicle_turnover_days", "vehicle_stock_sales", "vehicle_days_supply"):
            self.assertIsNone(self._value(code))
        self.assertEqual(self._value("vehicle_turns"), 0)

    def test_a_period_in_progress_counts_until_today(self):
        with freeze_time("2026-04-10 04:00:00"):
            self._make_history(("2026-03-01", None, 10), ("2026-03-01", "2026-04-05", 5))
            Vehicle = self._as(self.boss, self.env["dealer.vehicle"])
            figures, _domain = Vehicle._dealer_kpi_turnover_figures(
                Scope(datetime.date(2026, 4, 1), datetime.date(2026, 4, 30), None, None)
            )
        self.assertEqual(figures.days, 10)
        self.assertEqual((figures.average, figures.closing, figures.delivered), (12, 10, 5))

    def test_gross_return_on_stock(self):
        """A car of 100,000 stands 10 of 30 days and earns 10,000; one of 90,000 stands 20 days."""
        with freeze_time("2026-04-01 04:00:00"):
            car = self._stock(price=100000)
        with freeze_time("2026-04-11 04:00:00"):
            self._stock(price=90000)
            order = self._sell(car, 110000)
            self._deliver(order)
            self._invoice(order)
        with freeze_time("2026-05-01 04:00:00"):
            scope = {"date_from": "2026-04-01", "date_to": "2026-04-30"}
            gmroi = self._value("vehicle_gmroi", user=self.fred, **scope)
        self.assertAlmostEqual(gmroi, 10000 * 365 / (100000 * 10 + 90000 * 20))

    def test_deliveries_count_for_the_store_that_sold(self):
        car = self._stock()
        self._deliver(self._sell(car))
        self._stock()
        self.assertEqual(self._value("vehicle_stock_sales", store_id=self.warehouse.id), 1)
        west = self.env["stock.warehouse"].create(
            {"name": "West", "code": "WEST", "company_id": self.company.id}
        )
        self.assertIsNone(self._value("vehicle_stock_sales", store_id=west.id))

    def test_every_figure_is_what_its_rows_add_up_to(self):
        self._stock(price=100000)
        order = self._sell(self._stock(price=90000), 100000)
        self._deliver(order)
        self._invoice(order)
        with freeze_time("2026-01-05 04:00:00"):
            self._stock()
        self.env["dealer.age.decision"]._ask(self.company)
        codes = self.check_all_kpis()
        self.assertLessEqual(
            {
                "vehicle_turnover_days",
                "vehicle_turns",
                "vehicle_stock_sales",
                "vehicle_days_supply",
                "vehicle_slow",
                "vehicle_gmroi",
            },
            codes,
        )

    def test_a_salesperson_sees_no_return_on_stock(self):
        kpi = self._as(self.sara, self.env["dealer.kpi"]).search([("code", "=", "vehicle_gmroi")])
        self.assertFalse(kpi)
