from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .store_case import StoreCase


@tagged("post_install", "-at_install")
class TestStoreMoney(StoreCase):
    """Costs and margins of a store are read in it, by accounting, and by people of all stores."""

    COSTS = (
        "unit_cost", "late_cost", "cost_detail", "holding_cost", "holding_cost_day", "full_cost",
        "full_cost_table",
    )  # fmt: skip

    def test_cost_of_a_car_stays_in_its_store(self):
        car_a, car_b = self._stock(user=self.max), self._stock(user=self.bella)
        cars = car_a | car_b
        for user, known in {
            self.max: car_a,
            self.bella: car_b,
            self.greta: cars,
            self.fred: cars,
        }.items():
            for car in cars:
                with self.subTest(user=user.name, own=car in known):
                    values = self._as(user, car).read([*self.COSTS, "cost_is_known"])[0]
                    self.assertEqual(values.pop("cost_is_known"), car in known)
                    self.assertEqual(values["unit_cost"], 100000 if car in known else 0)
                    if car not in known:
                        self.assertFalse(any(values[name] for name in self.COSTS), values)
        # nobody's rights change what code computes with
        self.assertEqual(self._as(self.max, car_b).sudo().unit_cost, 100000)
        self.assertEqual(self._as(self.max, car_b)._get_unit_cost(), 100000)

    def test_cost_follows_the_order_and_the_car(self):
        ordered = self._create_vehicle()
        self._buy(ordered, user=self.bella)
        self.assertFalse(self._as(self.max, ordered).cost_is_known)
        self.assertTrue(self._as(self.bella, ordered).cost_is_known)
        car = self._stock(user=self.bella)
        self._sell(car, user=self.sara)
        # who answers for the margin of the deal reads it
        self.assertEqual(self._as(self.max, car).unit_cost, 100000)
        self.assertEqual(self._as(self.bella, car).unit_cost, 100000)
        moved = self._stock(user=self.bella)
        transfers = self._as(self.ken, moved)._transfer(self.store_a.lot_stock_id)
        self._validate(self._as(self.ken, transfers[-1]))
        self.assertEqual(self._as(self.max, moved).unit_cost, 100000)
        self.assertEqual(self._as(self.bella, moved).unit_cost, 0)

    def test_list_of_cars_of_two_stores_takes_no_statement_for_each(self):
        cars = self._create_vehicle()
        for _number in range(5):
            cars |= self._create_vehicle()
        self._receive(self._buy(cars[:3], user=self.max))
        self._receive(self._buy(cars[3:], user=self.bella))

        def count(records):
            self.env.flush_all()
            self.env.invalidate_all()
            seen = self._as(self.max, records)
            before = self.env.cr.sql_log_count
            seen.read(["unit_cost", "cost_is_known"])
            return self.env.cr.sql_log_count - before

        count(cars)
        self.assertLessEqual(count(cars), count(cars[:1] | cars[3]) + 1)

    def test_figures_of_costs_are_those_of_the_own_store(self):
        car_a, car_b = (
            self._stock(price=100000, user=self.max),
            self._stock(price=90000, user=self.bella),
        )
        self.env.flush_all()
        kpi = self.env.ref("dealer_vehicle.dealer_kpi_vehicle_stock_value")
        kpi.owner_group_id = self.env.ref("dealer_base.group_sales_manager")
        today = fields.Date.today()
        for user, store, expected in (
            (self.max, None, 100000),
            (self.max, self.store_b, 0),
            (self.bella, None, 90000),
            (self.greta, None, 190000),
            (self.greta, self.store_b, 90000),
        ):
            with self.subTest(user=user.name, store=store and store.name):
                figure = self._as(user, kpi)
                scope = (today, today, store and store.id)
                self.assertEqual(figure._get_value(*scope), expected)
                cars = self._as(user, car_a).search(figure._get_drill_domain(*scope))
                self.assertEqual(sum((cars & (car_a | car_b)).sudo().mapped("unit_cost")), expected)
        for user, value in {self.max: 100000, self.bella: 90000, self.greta: 190000}.items():
            self.env.invalidate_all()  # rows of a report are the same records for everybody
            rows = self._as(user, self.env["dealer.stock.turnover"]).search(
                [("model_id", "=", self.trim.id)]
            )
            self.assertEqual(sum(rows.mapped("stock_value")), value)
            shown = self._as(user, car_a).search(rows.action_view_cars()["domain"])
            self.assertEqual(sum(shown.sudo().mapped("unit_cost")), value)

    def test_invoices_of_another_store_are_for_accounting_only(self):
        deal_a, deal_b = self._deals()
        for deal in (deal_a, deal_b):
            self._deliver(deal)
        invoice_a, invoice_b = self._invoice(deal_a), self._invoice(deal_b)
        bill_a, bill_b = (
            deal.sudo().order_line.dealer_vehicle_id.purchase_line_id.invoice_lines.move_id
            for deal in (deal_a, deal_b)
        )
        self.assertRecordValues(
            invoice_a | invoice_b | bill_a | bill_b,
            [
                {"dealer_store_id": store.id, "dealer_has_many_stores": False}
                for store in (self.store_a, self.store_b) * 2
            ],
        )
        for ours, theirs in ((invoice_a, invoice_b), (bill_a, bill_b)):
            self.assertTrue(self._as(self.max, ours).has_access("read"))
            self.assertFalse(self._as(self.max, theirs).has_access("read"))
            self.assertFalse(self._as(self.max, theirs.line_ids).has_access("read"))
            self.assertFalse(self._as(self.sara, theirs).has_access("read"))
            self.fred.dealer_store_ids = self.store_a  # keeps the books of the company
            for user in (self.greta, self.fred):
                self.assertTrue(self._as(user, ours | theirs).has_access("read"), user.name)
        self.fred.dealer_store_ids = False
        credit = self._credit(invoice_b)
        self.assertEqual(credit.dealer_store_id, self.store_b)

    def test_bill_of_two_stores_is_for_people_of_both(self):
        orders = self._buy(self._create_vehicle(), user=self.max)
        orders |= self._buy(self._create_vehicle(), user=self.bella)
        for order in orders:
            self._receive(order)
        self._as(self.fred, orders).action_create_invoice()
        bill = orders.sudo().invoice_ids
        self.assertEqual(len(bill), 1)
        self.assertTrue(bill.dealer_has_many_stores)
        for user in (self.max, self.bella):
            self.assertFalse(self._as(user, bill).has_access("read"))
        self.assertTrue(self._as(self.fred, bill).has_access("read"))

    def test_late_cost_belongs_to_the_store_of_the_car(self):
        _deal_a, deal_b = self._deals()
        car = deal_b.sudo().order_line.dealer_vehicle_id
        bill = self._create_late_cost_bill(car, self.maker, 300)
        self.assertEqual(bill.dealer_store_id, self.store_b)
        self.assertFalse(self._as(self.max, bill).has_access("read"))

    def test_receipts_and_deliveries_belong_to_a_store_and_transfers_to_all(self):
        deal_a, deal_b = self._deals()
        car = self._stock(user=self.bella)
        receipt = car.purchase_line_id.order_id.picking_ids
        delivery = deal_b.sudo().picking_ids
        self.ken.dealer_store_ids = self.store_a
        for user in (self.max, self.sara, self.ken):
            for picking in (receipt, delivery):
                for records in (picking, picking.move_ids, picking.move_line_ids):
                    with self.subTest(user=user.name, records=records):
                        self.assertFalse(self._as(user, records).has_access("read"))
        self.assertTrue(self._as(self.max, deal_a.sudo().picking_ids).has_access("read"))
        self.ken.dealer_store_ids = self.store_b
        transfers = self._as(self.ken, car)._transfer(self.store_a.lot_stock_id)
        self.ken.dealer_store_ids = self.store_a
        self.assertTrue(self._as(self.ken, transfers).has_access("write"))

    def test_report_of_costs_on_a_question_about_an_old_car(self):
        """The manager who decides about a car knows what it cost."""
        car = self._stock(user=self.bella)
        question = self.env["dealer.age.decision"].create(
            {
                "vehicle_id": car.id,
                "company_id": self.company.id,
                "warehouse_id": self.store_b.id,
                "date_in": fields.Date.today(),
                "band": "180",
                "date": fields.Date.today(),
                "deadline": fields.Date.today(),
            }
        )
        self.assertEqual(self._as(self.bella, question).unit_cost, 100000)
        with self.assertRaises(AccessError):
            self._as(self.max, question).read(["unit_cost"])
