from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import DealerVehicleCommon


@tagged("post_install", "-at_install")
class TestCost(DealerVehicleCommon):
    """Cost of a car and the sources of every part of it."""

    def _sources(self, vehicle):
        return [(source["kind"], source["value"]) for source in vehicle._get_cost_sources()]

    def test_cost_of_a_car_on_order_is_what_the_order_says(self):
        vehicle = self._create_vehicle()
        self._buy(vehicle, 99000)
        self.assertEqual(vehicle._get_unit_cost(), 99000)
        self.assertEqual(self._sources(vehicle), [("purchase", 99000)])

    def test_bill_corrects_the_cost_and_says_so(self):
        vehicle = self._create_vehicle()
        order = self._buy(vehicle, 100000)
        self._receive(order)
        bill = self._bill(order, 101500)
        self.assertEqual(vehicle._get_unit_cost(), 101500)
        self.assertEqual(self._sources(vehicle), [("purchase", 100000), ("bill", 1500)])
        self.assertIn(bill.name, vehicle._get_cost_sources()[1]["justification"])

    def test_bill_before_receipt_gives_the_cost(self):
        vehicle = self._create_vehicle()
        order = self._buy(vehicle, 100000)
        self._bill(order, 98000)
        self._receive(order)
        self.assertEqual(vehicle._get_unit_cost(), 98000)

    def test_landed_cost_reaches_its_car_only(self):
        first, second = self._stock(price=100000), self._stock(price=90000)
        cost = self._add_landed_cost(first, 700)
        self.assertEqual(first._get_unit_cost(), 100700)
        self.assertEqual(second._get_unit_cost(), 90000)
        self.assertEqual(self._sources(first), [("bill", 100000), ("landed", 700)])
        self.assertEqual(self._balance(cost.account_move_id, "1405", first), 700)

    def test_landed_cost_is_split_over_the_chosen_cars(self):
        cars = self._stock(price=100000) | self._stock(price=90000)
        self._add_landed_cost(cars, 1000)
        self.assertEqual([car._get_unit_cost() for car in cars], [100500, 90500])

    def test_several_landed_costs_add_up(self):
        vehicle = self._stock(price=100000)
        self._add_landed_cost(vehicle, 500)
        self._add_landed_cost(vehicle, 200)
        self._add_landed_cost(vehicle, -100)
        self.assertEqual(vehicle._get_unit_cost(), 100600)
        self.assertEqual(
            sum(value for _kind, value in self._sources(vehicle)), vehicle._get_unit_cost()
        )

    def test_landed_cost_on_the_old_car_is_posted_after_the_new_one_was_sold(self):
        old, middle, new = (self._stock(price=100000) for _i in range(3))
        self._deliver(self._sell(new))
        cost = self._add_landed_cost(old, 700)
        self.assertEqual(self._balance(cost.account_move_id, "1405"), 700)
        self.assertEqual(old._get_unit_cost(), 100700)
        self.assertEqual(middle._get_unit_cost(), 100000)

    def test_landed_cost_on_a_used_car(self):
        vehicle = self._stock(self._create_vehicle(kind="used"), price=50000)
        cost = self._add_landed_cost(vehicle, 3000)
        self.assertEqual(vehicle._get_unit_cost(), 53000)
        self.assertEqual(self._balance(cost.account_move_id, "1405", vehicle), 3000)

    def test_landed_cost_on_a_sold_car_is_refused(self):
        vehicle = self._stock()
        self._deliver(self._sell(vehicle))
        with self.assertRaisesRegex(UserError, "late cost"):
            self._add_landed_cost(vehicle, 500)

    def test_serial_numbers_are_valued_at_what_they_cost(self):
        cars = self._stock(price=100000) | self._stock(price=90000)
        self._add_landed_cost(cars[0], 700)
        self.env.invalidate_all()
        self.assertRecordValues(
            cars.lot_id.sorted("id"), [{"total_value": 100700}, {"total_value": 90000}]
        )
        self.assertEqual(sum(cars.lot_id.mapped("total_value")), cars.product_id.total_value)
        self._deliver(self._sell(cars[1]))
        self.env.invalidate_all()
        self.assertRecordValues(
            cars.lot_id.sorted("id"), [{"total_value": 100700}, {"total_value": 0}]
        )

    def test_landed_cost_cannot_take_a_car_below_zero(self):
        cars = self._stock(price=100000) | self._stock(price=90000)
        with self.assertRaisesRegex(UserError, "less than nothing"), self.cr.savepoint():
            self._add_landed_cost(cars, -185000)
        self.assertEqual([car._get_unit_cost() for car in cars], [100000, 90000])
        self._add_landed_cost(cars[1], -90000)
        self.assertEqual(cars[1]._get_unit_cost(), 0)

    def test_landed_cost_on_a_consigned_car_is_refused(self):
        vehicle = self._create_vehicle(kind="used")
        self._validate(
            self._as(self.ken, vehicle)._receive_consigned(
                self._as(self.ken, self.warehouse), owner=self.customer
            )
        )
        with self.assertRaisesRegex(UserError, "late cost"):
            self._add_landed_cost(vehicle, 500)

    def test_late_cost_goes_to_cost_of_sales_of_the_car(self):
        vehicle = self._stock()
        self._deliver(self._sell(vehicle))
        bill = self._create_late_cost_bill(vehicle, self.maker, 800, "Transport")
        bill.invoice_line_ids.tax_ids = False
        bill.action_post()
        self.assertEqual(self._balance(bill, "5401", vehicle), 800)
        self.assertEqual(vehicle._get_unit_cost(), 100000)
        self.assertEqual(self._sources(vehicle)[-1], ("late", 800))
        self.assertEqual(vehicle.late_cost, 800)

    def test_late_cost_in_the_books_of_another_company_is_not_ours(self):
        vehicle = self._stock()
        companies = self.other_company | self.company
        self.env["account.move"].with_context(allowed_company_ids=companies.ids).create(
            {
                "move_type": "in_invoice",
                "partner_id": self.maker.id,
                "invoice_date": "2026-06-01",
                "invoice_line_ids": [
                    Command.create(
                        {"name": "Towing", "price_unit": 777, "dealer_vehicle_id": vehicle.id}
                    )
                ],
            }
        ).action_post()
        self.assertEqual(self._as(self.max, vehicle).late_cost, 0)
        self.assertNotIn("Towing", self._as(self.max, vehicle).cost_detail)

    def test_late_cost_button_opens_a_bill_of_the_car(self):
        vehicle = self._stock()
        action = self._as(self.fred, vehicle).action_create_late_cost_bill()
        line = action["context"]["default_invoice_line_ids"][0][2]
        self.assertEqual(line["dealer_vehicle_id"], vehicle.id)
        self.assertEqual(line["account_id"], self._account("5401").id)

    def test_unit_cost_of_a_sold_car_stays(self):
        vehicle = self._stock(price=100000)
        self._deliver(self._sell(vehicle))
        self.assertEqual(vehicle._get_unit_cost(), 100000)

    def test_car_that_never_was_ours_has_no_cost(self):
        vehicle = self._create_vehicle(kind="customer")
        self.assertEqual(vehicle._get_unit_cost(), 0)
        self.assertEqual(vehicle._get_cost_sources(), [])

    def test_detail_tells_every_part(self):
        vehicle = self._stock(price=100000)
        self._add_landed_cost(vehicle, 700)
        self.assertIn("Freight", vehicle.cost_detail)
        self.assertEqual(len(vehicle.cost_detail.splitlines()), 2)

    def test_every_company_has_valued_categories_of_cars(self):
        for company in self.company | self.other_company:
            category = self.env.ref("dealer_vehicle.product_category_new_car")
            category = category.with_company(company)
            self.assertEqual(category.property_cost_method, "fifo")
            self.assertEqual(category.property_valuation, "real_time")
            account = category.property_stock_valuation_account_id
            self.assertTrue(account.code.startswith("1405"))
            self.assertTrue(account.account_stock_variation_id.code.startswith("5401"))
