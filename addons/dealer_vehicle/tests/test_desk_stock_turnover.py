"""Stock turnover by trim: the report says what the key figures say, for each trim."""

from datetime import date, timedelta

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import DealerVehicleCommon


@tagged("post_install", "-at_install")
class TestStockTurnover(DealerVehicleCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_trim = cls._create_trim("Lark 2.0T Sport", 150000)

    def _row(self, trim=None, user=None):
        self.env.flush_all()
        self.env.invalidate_all()
        return self._as(user or self.fred, self.env["dealer.stock.turnover"]).search(
            [("model_id", "=", (trim or self.trim).id)]
        )

    def _age(self, cars, days):
        """Let cars be older than they are."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE dealer_vehicle SET date_in = %s WHERE id IN %s",
            [date.today() - timedelta(days=days), tuple(cars.ids)],
        )
        self.env.invalidate_all()

    def test_stock_sales_and_gross_of_a_trim(self):
        cars = self._stock(price=100000) | self._stock(price=90000) | self._stock(price=80000)
        order = self._sell(cars[2], 95000)
        self._deliver(order)
        self._invoice(order)
        self._sell(cars[1])
        self._buy(self._create_vehicle())
        self._age(cars[:2], 100)
        self.assertRecordValues(
            self._row(),
            [
                {
                    "stock_units": 2,
                    "reserved_units": 1,
                    "order_units": 1,
                    "old_units": 2,
                    "average_age": 100,
                    "sold_30": 1,
                    "sold_90": 1,
                    "days_supply": 180,
                    "situation": "slow",
                    "stock_value": 190000,
                    "gross_90": 15000,
                }
            ],
        )

    def test_the_report_and_the_figure_agree(self):
        cars = self._stock(price=100000) | self._stock(price=80000)
        order = self._sell(cars[1], 95000)
        self._deliver(order)
        self._invoice(order)
        self._age(cars[0], 40)
        self._age(cars[1], 20)
        self._buy(self._create_vehicle())  # on order: no evening in stock yet
        today = date.today()
        scope = (today - timedelta(days=89), today)
        kpis = {
            kpi.code: kpi for kpi in self.env["dealer.kpi"].search([("code", "like", "vehicle_")])
        }
        row = self._row()
        self.assertAlmostEqual(
            row.turnover_days, kpis["vehicle_turnover_days"]._get_value(*scope), 6
        )
        self.assertAlmostEqual(row.days_supply, kpis["vehicle_days_supply"]._get_value(*scope))
        self.assertAlmostEqual(row.gmroi, kpis["vehicle_gmroi"]._get_value(*scope), 6)

    def test_a_trim_that_does_not_sell(self):
        self._stock(self._create_vehicle(model_id=self.other_trim.id))
        self.assertRecordValues(
            self._row(self.other_trim),
            [{"stock_units": 1, "sold_90": 0, "days_supply": 0, "situation": "dead"}],
        )

    def test_used_and_demo_cars_do_not_count(self):
        car = self._stock()
        car.kind = "demo"
        self.assertFalse(self._row())

    def test_a_row_opens_its_cars(self):
        car = self._stock()
        action = self._row().action_view_cars()
        self.assertEqual(self.env["dealer.vehicle"].search(action["domain"]), car)

    def test_who_sees_what(self):
        self._stock()
        self.assertEqual(self._row(user=self.ken).stock_units, 1)
        with self.assertRaises(AccessError):
            self._row(user=self.ken).read(["gmroi"])
        with self.assertRaises(AccessError):
            self._row(user=self.sara)
        foreign = self._create_person("frank", "sales_manager", self.other_company)
        self.assertFalse(self._row(user=foreign))
