"""Full cost of a car: what is booked by heading, what is only estimated, and how it is entered."""

import doctest

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from odoo.addons.dealer_vehicle.tools import stock_cost

from .common import DealerVehicleCommon


@tagged("post_install", "-at_install")
class TestFullCost(DealerVehicleCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.yard = cls.warehouse._dealer_place("yard")
        cls.preparation = cls.env.ref("dealer_vehicle.product_preparation")
        cls.storage = cls.env.ref("dealer_vehicle.product_storage")

    def _enter(self, cars, amount, user=None, product=None, **vals):
        """Ken states a cost in the window; the accountant posts it."""
        Wizard = self._as(user or self.ken, self.env["dealer.vehicle.cost.entry"])
        form = Form(Wizard.with_context(default_vehicle_ids=cars.ids))
        form.product_id = product or self.preparation
        form.amount = amount
        for name, value in vals.items():
            form[name] = value
        form.save().action_create()
        return self.env["stock.landed.cost"].search(
            [("dealer_vehicle_ids", "in", cars.ids)], order="id desc", limit=1
        )

    def _post(self, cost):
        cost = self._as(self.fred, cost)
        cost.compute_landed_cost()
        cost.button_validate()
        self.env.invalidate_all()
        return cost

    def test_the_vectors_of_interest(self):
        result = doctest.testmod(stock_cost)
        self.assertGreater(result.attempted, 3)
        self.assertEqual(result.failed, 0)

    def test_a_cost_waits_for_the_accountant(self):
        car = self._stock(price=100000)
        cost = self._enter(car, 300)
        self.assertEqual((cost.state, car.unit_cost), ("draft", 100000))
        self._post(cost)
        self.assertEqual(car.unit_cost, 100300)
        self.assertEqual(car._get_booked_costs(), {"price": 100000, "preparation": 300})
        self.assertRecordValues(
            cost.account_move_id.line_ids.sorted("debit"),
            [
                {"credit": 300, "debit": 0, "dealer_vehicle_id": False},
                {"credit": 0, "debit": 300, "dealer_vehicle_id": car.id},
            ],
        )

    def test_a_cost_is_divided_by_the_cost_of_the_cars(self):
        dear, cheap = self._stock(price=100000), self._stock(price=50000)
        self._post(self._enter(dear | cheap, 1500, split_method="by_current_cost_price"))
        self.assertEqual((dear.unit_cost, cheap.unit_cost), (101000, 50500))

    def test_the_freight_of_a_transfer_is_divided_as_chosen(self):
        store = self.env["stock.warehouse"].create(
            {"name": "West", "code": "WEST", "company_id": self.company.id}
        )
        dear, cheap = self._stock(price=100000), self._stock(price=50000)
        Wizard = self._as(self.ken, self.env["dealer.vehicle.transfer"])
        form = Form(Wizard.with_context(default_vehicle_ids=(dear | cheap).ids))
        form.location_id = store._dealer_place("yard")
        form.freight = 900
        form.freight_split = "by_current_cost_price"
        form.save().action_transfer()
        cost = self.env["stock.landed.cost"].search([("dealer_vehicle_ids", "in", dear.ids)])
        self._post(cost)
        self.assertEqual((dear.unit_cost, cheap.unit_cost), (100600, 50300))
        self.assertEqual(dear._get_booked_costs(), {"price": 100000, "freight": 600})

    def test_holding_costs_are_estimated_by_day(self):
        with freeze_time("2026-03-02 04:00:00"):
            car = self._stock(price=150000)
        with freeze_time("2026-05-01 04:00:00"):
            self.env.invalidate_all()
            self.assertEqual(car.days_in_stock, 60)
            # 60 × 10 of storage; 150,000 × 5 % × 60 / 360 of interest
            self.assertEqual(car.holding_cost, 600 + 1250)
            self.assertAlmostEqual(car.holding_cost_day, 10 + 20.83)
            self.assertEqual(car.full_cost, 151850)
            self.assertIn("1,250.00", car.full_cost_table)

    def test_what_is_booked_is_not_estimated_again(self):
        with freeze_time("2026-03-02 04:00:00"):
            car = self._stock(price=150000)
        with freeze_time("2026-05-01 04:00:00"):
            self._post(self._enter(car, 450, product=self.storage))
            storage = car._get_open_holding_costs()[0]
            self.assertEqual((storage["heading"], storage["value"]), ("storage", 150))

    def test_a_list_of_cars_costs_no_statements_for_each_car(self):
        cars = self._stock() | self._stock()

        def count(some):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            some.mapped("full_cost")
            return self.cr.sql_log_count - before

        count(cars)
        two = count(cars)
        for _number in range(4):
            cars |= self._stock()
        count(cars)
        self.assertLessEqual(count(cars), two + 4)

    def test_the_parameters_of_the_company_count(self):
        rule = self.env.ref("dealer_vehicle.dealer_parameter_stock_interest_rate")
        rule.copy({"company_id": self.company.id, "value": 6.5, "date_from": "2020-01-01"})
        free = self.env.ref("dealer_vehicle.dealer_parameter_stock_interest_free_days")
        free.copy({"company_id": self.company.id, "value": 30, "date_from": "2020-01-01"})
        with freeze_time("2026-03-02 04:00:00"):
            car = self._stock(price=150000)
        with freeze_time("2026-05-01 04:00:00"):
            self.env.invalidate_all()
            interest = car._get_open_holding_costs()[1]
            self.assertEqual(interest["value"], 812.5)

    def test_a_late_bill_is_a_cost_after_the_sale(self):
        car = self._stock(price=100000)
        order = self._sell(car)
        self._deliver(order)
        self._invoice(order)
        bill = self._create_late_cost_bill(car, self.maker, 800)
        bill.action_post()
        self.env.invalidate_all()
        self.assertEqual(car._get_booked_costs(), {"price": 100000, "late": 800})
        self.assertEqual((car.holding_cost, car.full_cost), (0, 100800))

    def test_a_consigned_car_costs_us_nothing(self):
        car = self._create_vehicle(kind="used")
        self._validate(car._receive_consigned(self.warehouse, self.customer, self.yard))
        self.assertEqual((car.holding_cost, car.full_cost), (0, 0))
        with self.assertRaisesRegex(UserError, "no stock value"):
            self._enter(car, 300)

    def test_no_cost_for_salespeople(self):
        car = self._stock()
        for name in ("full_cost", "holding_cost", "full_cost_table"):
            with self.assertRaises(AccessError):
                self._as(self.sara, car).read([name])
        with self.assertRaises(AccessError):
            self._enter(car, 300, user=self.sara)

    def test_an_amount_is_needed(self):
        with self.assertRaisesRegex(UserError, "Enter the amount"):
            self._enter(self._stock(), 0)
