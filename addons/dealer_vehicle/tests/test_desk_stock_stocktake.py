"""Stocktake: sixty cars are counted, and stock and books follow only what another approved."""

import psycopg2

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import DealerVehicleCommon

PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"
    "gg=="
)


class StocktakeCase(DealerVehicleCommon):
    """A store with a yard and a showroom, and the verbs of counting."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.yard = cls.warehouse._dealer_place("yard")
        cls.showroom = cls.warehouse._dealer_place("showroom")
        cls.kevin = cls._create_person("kevin", "stock_keeper")
        cls.fiona = cls._create_person("fiona", "finance_manager")
        cls.greta = cls._create_person("greta", "general_manager")
        cls.gina = cls._create_person("gina", "group_manager")
        cls.stock_account = cls._account("1405")
        cls.loss_account = cls._account("1901")

    def _cars(self, count, place=None, price=100000):
        """Cars that were bought and received together."""
        cars = self.env["dealer.vehicle"].create(
            [{"model_id": self.trim.id, "vin": self._new_vin()} for _number in range(count)]
        )
        self._receive(self._buy(cars, price), place=place or self.yard)
        return cars

    def _start(self, user=None, places=None):
        """Ken opens a count of the whole store, or of some places."""
        form = Form(self._as(user or self.ken, self.env["dealer.stocktake"]))
        stocktake = form.save()
        if places:
            stocktake.location_ids = places
        stocktake.action_start()
        return stocktake

    def _scan(self, stocktake, cars, place=None, user=None):
        stocktake = self._as(user or self.ken, stocktake)
        return [stocktake.scan(car.vin, (place or self.yard).id) for car in cars]

    def _line(self, stocktake, vehicle):
        return stocktake.line_ids.filtered(lambda line: line.vehicle_id == vehicle)

    def _approve(self, stocktake, *users):
        """Those decide who may decide on the loss of this count, unless others try."""
        by_level = {"1": [self.max], "2": [self.fiona, self.greta], "3": [self.gina]}
        for user in users or by_level[stocktake.dealer_loss_level]:
            self._as(user, stocktake).action_approve()


class CountCase(StocktakeCase):
    """Three cars are missing, two are unknown, one stands in the wrong place."""

    in_yard = 4
    in_showroom = 2

    def setUp(self):
        super().setUp()
        in_yard = self._cars(self.in_yard)
        in_showroom = self._cars(self.in_showroom, self.showroom, 120000)
        self.cars = in_yard | in_showroom
        self.missing = in_yard[0] | in_yard[1] | in_showroom[0]
        self.misplaced = in_yard[2]
        self.customer_car = self._create_vehicle(kind="customer")
        self.new_vin = self._new_vin()
        self.stocktake = self._start()
        self._scan(self.stocktake, in_yard[3:])
        self._scan(self.stocktake, in_showroom[1:], self.showroom, user=self.kevin)
        self._scan(self.stocktake, self.misplaced, self.showroom, user=self.kevin)
        self._scan(self.stocktake, self.customer_car)
        self._as(self.ken, self.stocktake).scan(self.new_vin, self.yard.id)
        self.unknown = self.stocktake.line_ids.filtered(lambda line: line.vin == self.new_vin)
        self._as(self.ken, self.stocktake).action_finish()

    def _decide(self):
        """Ken says which trim the strange car is, and takes its photo."""
        line = self._as(self.ken, self.unknown)
        line.write({"proposal": "take_in", "model_id": self.trim.id, "image": PIXEL})

    def _submit(self):
        self._decide()
        self._as(self.ken, self.stocktake).action_submit()

    def _value(self, amount=90000):
        self._as(self.max, self.unknown).value = amount


@tagged("post_install", "-at_install")
class TestStocktakeOfSixtyCars(CountCase):
    """Sixty cars in two places, from the scan to the journal entry."""

    in_yard = 40
    in_showroom = 20

    def test_the_count_says_what_is_different(self):
        self.assertRecordValues(
            self.stocktake,
            [
                {
                    "expected_count": 60,
                    "found_count": 56,
                    "misplaced_count": 1,
                    "missing_count": 3,
                    "unknown_count": 2,
                    "progress": 95,
                }
            ],
        )
        self.assertEqual(len(self.stocktake.difference_ids), 6)

    def test_each_difference_has_its_proposal(self):
        proposals = {
            line.vehicle_id or line.vin: line.proposal for line in self.stocktake.difference_ids
        }
        self.assertEqual(
            proposals,
            dict.fromkeys(self.missing, "write_off")
            | {self.misplaced: "move", self.customer_car: "keep", self.new_vin: False},
        )
        self.assertEqual(self._line(self.stocktake, self.customer_car).remark, "Not ours.")

    def test_after_the_approval_the_stock_is_what_was_seen(self):
        self._submit()
        self._value()
        self._approve(self.stocktake)
        self.assertEqual(set(self.missing.mapped("status")), {"left"})
        self.assertEqual(self.misplaced.location_id, self.showroom)
        found = self.env["dealer.vehicle"].search([("vin", "=", self.new_vin)])
        self.assertRecordValues(
            found,
            [
                {
                    "status": "in_stock",
                    "location_id": self.yard.id,
                    "unit_cost": 90000,
                    "model_id": self.trim.id,
                }
            ],
        )
        self.assertEqual(self.customer_car.status, "customer")
        in_stock = self.env["dealer.vehicle"].search([("location_id.usage", "=", "internal")])
        self.assertEqual(in_stock, (self.cars - self.missing) | found)
        self.assertEqual(len(in_stock), 58)
        quants = self.env["stock.quant"].search(
            [
                ("product_id", "=", self.trim.dealer_product_id.id),
                ("location_id.usage", "=", "internal"),
                ("quantity", "!=", 0),
            ]
        )
        self.assertEqual(quants.mapped("quantity"), [1] * 58)

    def test_after_the_approval_the_books_are_what_was_seen(self):
        self._submit()
        self._value()
        self._approve(self.stocktake)
        items = self.stocktake.sudo().line_ids.move_id.account_move_id.line_ids
        found = self.unknown.vehicle_id
        no_car = self.env["dealer.vehicle"]
        lines = [
            (item.account_id, item.debit, item.credit, item.dealer_vehicle_id) for item in items
        ]
        expected = []
        for car, cost in zip(self.missing, (100000, 100000, 120000), strict=True):
            expected.append((self.stock_account, 0, cost, car))
            expected.append((self.loss_account, cost, 0, no_car))
        expected.append((self.stock_account, 90000, 0, found))
        expected.append((self.loss_account, 0, 90000, no_car))
        self.assertCountEqual(lines, expected)
        product = self.trim.dealer_product_id.with_company(self.company)
        self.assertEqual(product.total_value, 38 * 100000 + 19 * 120000 + 90000)


@tagged("post_install", "-at_install")
class TestStocktakeProposal(CountCase):
    """What is submitted, and what the approver adds."""

    def test_an_undecided_difference_cannot_be_submitted(self):
        with self.assertRaisesRegex(UserError, "say what to do about it"):
            self._as(self.ken, self.stocktake).action_submit()

    def test_an_unknown_car_needs_trim_and_photo(self):
        line = self._as(self.ken, self.unknown)
        line.proposal = "take_in"
        with self.assertRaisesRegex(UserError, "which trim"):
            self._as(self.ken, self.stocktake).action_submit()
        line.model_id = self.trim
        with self.assertRaisesRegex(UserError, "take a photo"):
            self._as(self.ken, self.stocktake).action_submit()

    def test_a_missing_car_stays_in_the_books_only_with_a_reason(self):
        self._decide()
        line = self._as(self.ken, self._line(self.stocktake, self.missing[0]))
        line.proposal = "keep"
        with self.assertRaisesRegex(UserError, "give the reason"):
            self._as(self.ken, self.stocktake).action_submit()
        line.reason = "At the body shop, note 17"
        self._as(self.ken, self.stocktake).action_submit()
        self._value()
        self._approve(self.stocktake)
        self.assertEqual(self.missing[0].status, "in_stock")

    def test_nothing_moves_before_the_approval(self):
        self._submit()
        self.assertEqual(set(self.cars.mapped("status")), {"in_stock"})
        self.assertEqual(self.misplaced.location_id, self.yard)
        self.assertFalse(self.stocktake.sudo().line_ids.move_id)

    def test_a_place_that_is_corrected_posts_no_entry(self):
        self._submit()
        self._value()
        self._approve(self.stocktake)
        line = self._line(self.stocktake, self.misplaced)
        self.assertRecordValues(line, [{"outcome": "done", "move_id": False}])
        self.assertEqual(line.picking_id.origin, self.stocktake.name)

    def test_the_value_of_a_found_car_must_be_said(self):
        self._submit()
        with self.assertRaisesRegex(UserError, "is worth"):
            self._approve(self.stocktake)

    def test_the_approver_sees_the_amounts(self):
        self._submit()
        self._value()
        stocktake = self._as(self.max, self.stocktake)
        self.assertEqual((stocktake.missing_value, stocktake.found_value), (320000, 90000))
        with self.assertRaises(AccessError):
            self._as(self.ken, self.stocktake).read(["missing_value"])
        with self.assertRaises(AccessError):
            self._as(self.ken, self.unknown).read(["value"])


@tagged("post_install", "-at_install")
class TestStocktakeRules(StocktakeCase):
    """Who may do what, and what a count does in the less usual cases."""

    def _count_all_but(self, lost, cars):
        stocktake = self._start()
        self._scan(stocktake, cars - lost)
        stocktake.action_finish()
        stocktake.action_submit()
        return stocktake

    def test_who_counted_cannot_approve(self):
        cars = self._cars(2)
        self.max.group_ids |= self.env.ref("dealer_base.group_stock_keeper")
        stocktake = self._start(user=self.max)
        self._scan(stocktake, cars, user=self.ken)
        self._as(self.ken, stocktake).action_finish()
        self._as(self.ken, stocktake).action_submit()
        with self.assertRaisesRegex(UserError, "somebody else"):
            self._approve(stocktake)
        self._approve(stocktake, self.fiona)
        self.assertEqual(stocktake.state, "done")

    def test_one_scan_makes_a_counter(self):
        cars = self._cars(2)
        stocktake = self._start()
        self._scan(stocktake, cars[0])
        self._scan(stocktake, cars[1], user=self.max)
        stocktake.action_finish()
        stocktake.action_submit()
        self.assertFalse(self._as(self.max, stocktake).can_approve)
        with self.assertRaisesRegex(UserError, "somebody else"):
            self._approve(stocktake)

    def test_a_stock_keeper_cannot_approve(self):
        cars = self._cars(1)
        stocktake = self._count_all_but(cars, cars)
        with self.assertRaisesRegex(UserError, "waits for Group manager"):
            self._approve(stocktake, self.kevin)

    def test_the_database_refuses_the_maker_as_checker(self):
        cars = self._cars(1)
        stocktake = self._count_all_but(self.env["dealer.vehicle"], cars)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.IntegrityError),
            self.cr.savepoint(),
        ):
            stocktake.sudo().with_context(skip_validation_check=True).approved_by_id = self.ken
            stocktake.sudo().flush_recordset()

    def test_nobody_writes_facts(self):
        cars = self._cars(1)
        stocktake = self._start()
        for vals in ({"state": "done"}, {"submitted_by_id": self.max.id}, {"extra_scans": 5}):
            with self.assertRaisesRegex(UserError, "written by the steps"):
                self._as(self.max, stocktake).write(vals)
        line = self._as(self.ken, self._line(stocktake, cars))
        with self.assertRaisesRegex(UserError, "written by the steps"):
            line.found_location_id = self.yard
        with self.assertRaises(UserError):
            line.proposal = "write_off"
        with self.assertRaises(UserError):
            self._as(self.ken, self.env["dealer.stocktake.line"]).create(
                {"stocktake_id": stocktake.id, "vin": self._new_vin()}
            )
        context = {"default_state": "submitted", "default_submitted_by_id": self.ken.id}
        other = self._as(self.ken, self.env["dealer.stocktake"]).with_context(**context).create({})
        self.assertRecordValues(other, [{"state": "draft", "submitted_by_id": False}])

    def test_a_salesperson_and_another_company_see_nothing(self):
        stocktake = self._start() if self._cars(1) else None
        with self.assertRaises(AccessError):
            self._as(self.sara, stocktake).read(["name"])
        foreign = self._create_person("frank", "sales_manager", self.other_company)
        with self.assertRaises(AccessError):
            self._as(foreign, stocktake).read(["name"])
        self.assertFalse(self._as(foreign, self.env["dealer.stocktake.line"]).search([]))

    def test_a_place_is_counted_once_at_a_time(self):
        self._cars(1)
        stocktake = self._start(places=self.yard)
        with self.assertRaisesRegex(UserError, stocktake.name):
            self._start(user=self.kevin)
        self._start(user=self.kevin, places=self.showroom)
        stocktake.action_cancel()
        self._start(user=self.kevin, places=self.yard)

    def test_places_are_settled_when_the_count_starts(self):
        stocktake = self._start() if self._cars(1) else None
        with self.assertRaisesRegex(UserError, "has started"):
            stocktake.location_ids = self.yard

    def test_scan_understands_labels_and_tails(self):
        cars = self._cars(3)
        stocktake = self._start()
        car = cars[0]
        for code in (
            f"I{car.vin}",
            f"https://maker.example.com/car?vin={car.vin}&x=1",
            car.vin.lower(),
            car.vin[-6:],
        ):
            result = stocktake.scan(code, self.yard.id)
            self.assertEqual(result["line"]["id"], self._line(stocktake, car).id)
            self.assertIn(result["status"], ("found", "again"))
        cars[1].license_plate = "苏A·12345"
        self.assertEqual(stocktake.scan("苏A12345", self.yard.id)["status"], "found")

    def test_several_cars_with_one_tail_are_offered(self):
        cars = self.env["dealer.vehicle"].create(
            [
                {"model_id": self.trim.id, "vin": vin}
                for vin in ("LSVAU2182T2990017", "LFVAU2182T2990017")
            ]
        )
        self._receive(self._buy(cars), place=self.yard)
        stocktake = self._start()
        result = stocktake.scan("990017", self.yard.id)
        self.assertEqual(result["status"], "choose")
        self.assertEqual({item["id"] for item in result["candidates"]}, set(cars.ids))
        result = stocktake.scan("990017", self.yard.id, cars[1].id)
        self.assertEqual((result["status"], result["line"]["vin"]), ("found", cars[1].vin))

    def test_what_cannot_be_counted_is_said(self):
        cars = self._cars(1)
        stocktake = self._start()
        for code, place, message in (
            ("12", self.yard, "too short"),
            ("NOSUCH99", self.yard, "Scan or type the whole VIN"),
            (cars.vin, self.company.internal_transit_location_id, "choose the place"),
        ):
            with self.assertRaisesRegex(UserError, message):
                stocktake.scan(code, place.id)

    def test_a_second_scan_says_who_was_first(self):
        cars = self._cars(1)
        stocktake = self._start()
        self._scan(stocktake, cars)
        [result] = self._scan(stocktake, cars, user=self.kevin)
        self.assertEqual(result["status"], "again")
        self.assertIn("Ken", result["message"])
        [result] = self._scan(stocktake, cars, self.showroom, user=self.kevin)
        self.assertEqual(result["status"], "misplaced")
        self.assertIn("Was counted at", result["message"])

    def test_a_wrong_scan_can_be_taken_back(self):
        cars = self._cars(1)
        stocktake = self._start()
        self._scan(stocktake, cars)
        stocktake.scan(self._new_vin(), self.yard.id)
        stocktake.line_ids.action_not_seen()
        self.assertRecordValues(stocktake.line_ids, [{"vehicle_id": cars.id, "result": "missing"}])

    def test_a_car_delivered_during_the_count_is_no_difference(self):
        cars = self._cars(2)
        self._bill(cars.purchase_line_id.order_id)
        order = self._sell(cars[0])
        stocktake = self._start()
        self._deliver(order)
        self._scan(stocktake, cars[1])
        stocktake.action_finish()
        self.assertEqual(self._line(stocktake, cars[0]).result, "gone")
        self.assertFalse(stocktake.difference_ids)

    def test_a_car_that_arrives_during_the_count_is_in_place(self):
        self._cars(1)
        stocktake = self._start()
        newcomer = self._cars(1)
        [result] = self._scan(stocktake, newcomer)
        self.assertEqual(result["status"], "found")

    def test_a_car_sold_between_count_and_approval_is_not_written_off(self):
        cars = self._cars(2)
        self._bill(cars.purchase_line_id.order_id)
        order = self._sell(cars[0])
        stocktake = self._start()
        self._scan(stocktake, cars[1])
        stocktake.action_finish()
        stocktake.action_submit()
        self._deliver(order)
        self._approve(stocktake)
        self.assertEqual(cars[0].status, "sold")
        self.assertRecordValues(
            self._line(stocktake, cars[0]), [{"outcome": "overtaken", "move_id": False}]
        )

    def test_the_customer_of_a_lost_car_is_told(self):
        cars = self._cars(2)
        order = self._sell(cars[0])
        stocktake = self._count_all_but(cars[0], cars)
        self._approve(stocktake)
        self.assertEqual(cars[0].status, "left")
        self.assertEqual(order.activity_ids.user_id, self.sara)
        self.assertIn(stocktake.name, order.activity_ids.summary)

    def test_a_lost_car_is_found_again_at_its_cost(self):
        cars = self._cars(2, price=88000)
        self._bill(cars.purchase_line_id.order_id)
        stocktake = self._count_all_but(cars[0], cars)
        self._approve(stocktake)
        again = self._start()
        self._scan(again, cars)
        line = self._line(again, cars[0])
        self._as(self.ken, line).image = PIXEL
        again.action_finish()
        self.assertEqual(line.proposal, "take_in")
        again.action_submit()
        self._approve(again)
        self.assertRecordValues(
            cars[0], [{"status": "in_stock", "location_id": self.yard.id, "unit_cost": 88000}]
        )
        items = self.env["account.move.line"].search(
            [("account_id", "=", self.loss_account.id), ("parent_state", "=", "posted")]
        )
        self.assertEqual(sum(items.mapped("balance")), 0)

    def test_a_car_on_the_road_that_stands_here_has_arrived(self):
        store = self.env["stock.warehouse"].create(
            {"name": "West", "code": "WEST", "company_id": self.company.id}
        )
        cars = self._cars(2)
        self._as(self.ken, cars)._transfer(store._dealer_place("yard"))
        arrival = cars.lot_id.quant_ids and self.env["stock.picking"].search(
            [("state", "=", "assigned"), ("company_id", "=", self.company.id)]
        )
        stocktake = self._as(self.ken, self.env["dealer.stocktake"]).create(
            {"warehouse_id": store.id}
        )
        stocktake.action_start()
        self._scan(stocktake, cars[0], store._dealer_place("showroom"))
        stocktake.action_finish()
        self.assertEqual(self._line(stocktake, cars[0]).result, "misplaced")
        stocktake.action_submit()
        self._approve(stocktake)
        self.assertEqual(cars[0].location_id, store._dealer_place("showroom"))
        self.assertEqual(cars[1].location_id.usage, "transit")
        self.assertEqual(arrival.state, "done")
        self.assertEqual(arrival.backorder_ids.move_line_ids.lot_id, cars[1].lot_id)

    def test_a_car_of_another_store_is_booked_here(self):
        store = self.env["stock.warehouse"].create(
            {"name": "West", "code": "WEST", "company_id": self.company.id}
        )
        cars = self._cars(1)
        order = self._sell(cars)
        stocktake = self._as(self.ken, self.env["dealer.stocktake"]).create(
            {"warehouse_id": store.id}
        )
        stocktake.action_start()
        self._scan(stocktake, cars, store._dealer_place("yard"))
        stocktake.action_finish()
        stocktake.action_submit()
        self._approve(stocktake, self.fiona)
        self.assertRecordValues(
            cars, [{"location_id": store._dealer_place("yard").id, "status": "reserved"}]
        )
        self.assertEqual(order.state, "sale")

    def test_a_consigned_car_that_is_missing_costs_us_nothing(self):
        car = self._create_vehicle(kind="used")
        self._validate(car._receive_consigned(self.warehouse, self.customer, self.yard))
        stocktake = self._count_all_but(car, car)
        self._approve(stocktake)
        self.assertEqual(car.status, "left")
        self.assertFalse(self._line(stocktake, car).move_id.account_move_id)

    def test_without_an_account_nothing_is_written_off(self):
        cars = self._cars(1)
        stocktake = self._count_all_but(cars, cars)
        cars.product_id.with_company(
            self.company
        ).property_stock_inventory.valuation_account_id = False
        with self.assertRaisesRegex(UserError, "has no account"):
            self._approve(stocktake)
        self.assertEqual(cars.status, "in_stock")

    def test_a_delivered_car_that_stands_here_is_left_alone(self):
        car = self._stock()
        self._deliver(self._sell(car))
        self._cars(1)
        stocktake = self._start()
        [result] = self._scan(stocktake, car)
        self.assertEqual(result["status"], "unknown")
        self.assertIn("Delivered on", result["message"])
        stocktake.action_finish()
        line = self._line(stocktake, car)
        self.assertEqual(line.proposal, "keep")
        line.write({"proposal": "take_in", "image": PIXEL})
        with self.assertRaisesRegex(UserError, "enter a return"):
            stocktake.action_submit()

    def test_a_car_of_a_sister_company_shows_its_name_and_no_cost(self):
        store = self.env["stock.warehouse"].search(
            [("company_id", "=", self.other_company.id)], limit=1
        )
        boss = self._create_person("oscar", "sales_manager", self.other_company)
        keeper = self._create_person("olga", "stock_keeper", self.other_company)
        car = self._create_vehicle()
        order = self._as(boss, self.env["purchase.order"]).create(
            {
                "partner_id": self.maker.id,
                "order_line": [Command.create({"dealer_vehicle_id": car.id, "price_unit": 1})],
            }
        )
        order.button_confirm()
        self._receive(order, place=store._dealer_place("yard"), user=keeper)
        self._cars(1)
        stocktake = self._start()
        [result] = self._scan(stocktake, car)
        self.assertEqual(result["status"], "unknown")
        self.assertIn("Silver Cars", result["message"])
        stocktake.action_finish()
        line = stocktake.difference_ids.filtered(lambda item: item.vin == car.vin)
        self.assertEqual((line.proposal, line.sudo().value), ("keep", 0))
        self.assertTrue(line.display_name)

    def test_counting_again_asks_for_a_new_submission(self):
        cars = self._cars(2)
        stocktake = self._count_all_but(cars[0], cars)
        self._as(self.max, stocktake).action_continue()
        self.assertRecordValues(stocktake, [{"state": "counting", "submitted_by_id": False}])
        self._scan(stocktake, cars[0])
        stocktake.action_finish()
        self.assertFalse(stocktake.difference_ids)

    def _lose(self, *prices):
        """Ken counts a store in which cars of these costs are missing, and submits it."""
        lost = self.env["dealer.vehicle"].union(*(self._cars(1, price=price) for price in prices))
        self._cars(1)
        cars = self.env["dealer.vehicle"].search([("warehouse_id", "=", self.warehouse.id)])
        return self._count_all_but(lost, cars), lost

    def test_one_manager_decides_up_to_the_limit(self):
        stocktake, car = self._lose(500)
        self.assertEqual(stocktake.dealer_loss_level, "1")
        self._approve(stocktake, self.ursula)
        self.assertEqual((stocktake.state, car.status), ("done", "left"))

    def test_finance_and_general_manager_decide_together_up_to_their_limit(self):
        for users in ((self.fiona, self.greta), (self.greta, self.fiona)):
            stocktake, cars = self._lose(2500, 2500)
            self.assertEqual(stocktake.dealer_loss_level, "2")
            with self.assertRaisesRegex(UserError, "waits for Finance manager, General manager"):
                self._approve(stocktake, self.max)
            self._approve(stocktake, users[0])
            self.assertEqual(
                (stocktake.state, set(cars.mapped("status"))), ("submitted", {"in_stock"})
            )
            with self.assertRaisesRegex(UserError, "two people's to decide"):
                self._approve(stocktake, users[0])
            self._approve(stocktake, users[1])
            self.assertEqual((stocktake.state, set(cars.mapped("status"))), ("done", {"left"}))
            loss = stocktake.sudo().line_ids.move_id.account_move_id.line_ids.filtered(
                lambda item: item.account_id == self.loss_account
            )
            self.assertEqual(sum(loss.mapped("balance")), 5000)

    def test_who_has_both_roles_decides_once(self):
        self.greta.group_ids |= self.env.ref("dealer_base.group_finance_manager")
        stocktake, _car = self._lose(5000)
        self._approve(stocktake, self.greta)
        with self.assertRaisesRegex(UserError, "two people's to decide"):
            self._approve(stocktake, self.greta)
        self.assertEqual(stocktake.state, "submitted")

    def test_beyond_the_general_manager_the_group_decides(self):
        stocktake, car = self._lose(5000.01)
        self.assertEqual(stocktake.dealer_loss_level, "3")
        for user in (self.max, self.ursula, self.fiona, self.greta):
            with self.assertRaisesRegex(UserError, "waits for Group manager"):
                self._approve(stocktake, user)
            self.assertFalse(self._as(user, stocktake).can_approve)
        self.assertEqual(stocktake.activity_ids.user_id, self.gina)
        self.assertTrue(self._as(self.gina, stocktake).can_approve)
        self._approve(stocktake, self.gina)
        self.assertEqual((stocktake.state, car.status), ("done", "left"))
        self.assertEqual(stocktake.approved_by_id, self.gina)
        self.assertFalse(stocktake.activity_ids)

    def test_the_limits_are_parameters(self):
        self.env["dealer.parameter"].create(
            {
                "code": "stock_loss_manager_limit",
                "name": "More trust",
                "value": 200000,
                "unit": "amount",
                "date_from": "2021-01-01",
                "company_id": self.company.id,
            }
        )
        self.env["dealer.parameter"].search([("code", "=", "stock_loss_gm_limit")]).value = 300000
        stocktake, _car = self._lose(100000)
        self.assertEqual(stocktake.dealer_loss_level, "1")
        self._approve(stocktake, self.max)
        self.assertEqual(stocktake.state, "done")

    def test_a_car_that_became_dearer_is_asked_for_again(self):
        stocktake, car = self._lose(400)
        self._add_landed_cost(car, 200)
        with self.assertRaisesRegex(UserError, "Ask for the approval first"):
            self._approve(stocktake, self.max)
        self.assertEqual(car.status, "in_stock")
        self._as(self.ken, stocktake).action_continue()
        self._as(self.ken, stocktake).action_finish()
        self._as(self.ken, stocktake).action_submit()
        self._approve(stocktake, self.fiona, self.greta)
        self.assertEqual(car.status, "left")

    def test_who_approves_sends_back_to_count(self):
        stocktake, car = self._lose(100000)
        self._as(self.gina, stocktake).action_continue()
        self.assertRecordValues(stocktake, [{"state": "counting", "review_ids": []}])
        self.assertFalse(stocktake.activity_ids)
        self.assertEqual(car.status, "in_stock")

    def test_no_manager_writes_a_car_off_by_hand(self):
        car = self._cars(1)
        quant = car.lot_id.quant_ids.filtered(lambda one: one.location_id.usage == "internal")
        quant = self._as(self.greta, quant).with_context(inventory_mode=True)
        with self.assertRaisesRegex(UserError, "others approve the loss there"):
            quant.write({"inventory_quantity": 0})
            quant.action_apply_inventory()
        self.assertEqual(car.status, "in_stock")

    def _scrap_order(self, car, user=None):
        return self._as(user or self.ken, self.env["stock.scrap"]).create(
            {
                "product_id": car.product_id.id,
                "lot_id": car.lot_id.id,
                "location_id": car.location_id.id,
                "scrap_qty": 1,
            }
        )

    def test_a_scrapped_car_has_the_limits_of_a_lost_one(self):
        self._cars(1)
        for price, users in (
            (500, [self.max]),
            (5000, [self.fiona, self.greta]),
            (100000, [self.gina]),
        ):
            with self.subTest(price):
                car, other = self._cars(1, price=price), self._cars(1)
                scrap = self._scrap_order(car)
                with self.assertRaisesRegex(UserError, "Ask for the approval first"):
                    scrap.action_validate()
                scrap.request_validation()
                with self.assertRaisesRegex(UserError, "has been asked already"):
                    scrap.action_validate()
                with self.assertRaisesRegex(UserError, "take the request back"):
                    scrap.with_context(skip_validation_check=True).lot_id = other.lot_id
                for user in users:
                    self._as(user, scrap)._validate_tier()
                self.assertIs(scrap.action_validate(), True)
                self.assertEqual((car.status, other.status), ("left", "in_stock"))

    def test_those_who_decide_can_open_what_they_decide_on(self):
        stocktake, car = self._lose(100000)
        scrap = self._scrap_order(self._cars(1))
        for user in (self.max, self.ursula, self.fiona, self.greta, self.gina):
            with self.subTest(user.login):
                self.assertEqual(Form(self._as(user, stocktake)).state, "submitted")
                self.assertEqual(Form(self._as(user, scrap)).state, "draft")
                line = self._line(stocktake, car)
                self.assertEqual(Form(self._as(user, line)).result, "missing")

    def test_who_asks_to_scrap_a_car_does_not_approve_it(self):
        self.greta.group_ids |= self.env.ref("dealer_base.group_group_manager")
        car = self._cars(1)
        scrap = self._scrap_order(car, self.greta)
        scrap.request_validation()
        with self.assertRaisesRegex(UserError, "somebody else must decide"):
            scrap.validate_tier()
        self.assertEqual(car.status, "in_stock")

    def test_the_approver_sees_that_a_sold_car_is_missing(self):
        cars = self._cars(2)
        order = self._sell(cars[0])
        stocktake = self._count_all_but(cars[0], cars)
        note = self._as(self.gina, stocktake).sold_note
        self.assertIn(order.name, note)
        self.assertIn(self.customer.name, note)

    def test_the_order_of_a_lost_car_waits_for_another(self):
        cars = self._cars(2)
        order = self._sell(cars[0])
        stocktake = self._count_all_but(cars[0], cars)
        self._approve(stocktake)
        self.assertRecordValues(
            order.order_line,
            [
                {
                    "dealer_vehicle_id": False,
                    "dealer_awaits_car": True,
                    "dealer_vehicle_held": False,
                    "price_total": 110000,
                }
            ],
        )
        self.assertFalse(cars[0].sale_line_id)
        self.assertEqual(order.state, "sale")
        self.assertIn(cars[0].vin[-6:], order.dealer_blocker_html)
        self.assertIn("allocation board", order.dealer_blocker_html)
        board = self._as(self.max, self.env["sale.order.line"]).dealer_get_allocation_board()
        self.assertIn(order.id, [row["order_id"] for row in board["orders"]])
        self._as(self.max, order.order_line).action_dealer_allocate(cars[1].id)
        order.invalidate_recordset()
        self.assertNotIn(cars[0].vin[-6:], order.dealer_blocker_html or "")
        self._deliver(order)
        self.assertEqual(cars[1].status, "sold")

    def test_an_invoiced_order_keeps_its_lost_car_and_says_so(self):
        cars = self._cars(2)
        self._bill(cars.purchase_line_id.order_id)
        order = self._sell(cars[0])
        self._invoice(order)
        stocktake = self._count_all_but(cars[0], cars)
        self._approve(stocktake)
        self.assertEqual((cars[0].status, order.order_line.dealer_vehicle_id), ("left", cars[0]))
        self.assertIn("credit", order.dealer_blocker_html)

    def test_the_asked_manager_gets_an_activity(self):
        cars = self._cars(1)
        stocktake = self._start()
        stocktake.approver_id = self.max
        self._scan(stocktake, cars)
        stocktake.action_finish()
        stocktake.action_submit()
        self.assertEqual(stocktake.activity_ids.user_id, self.max)
        self._approve(stocktake)
        self.assertFalse(stocktake.activity_ids)

    def test_a_started_count_is_never_deleted(self):
        stocktake = self._start() if self._cars(1) else None
        with self.assertRaisesRegex(UserError, "Cancel it"):
            self._as(self.max, stocktake).unlink()

    def test_the_cost_of_a_count_does_not_grow_with_its_cars_at_the_start(self):
        self._cars(5)
        stocktake = self._as(self.ken, self.env["dealer.stocktake"]).create({})
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        stocktake.action_start()
        self.env.flush_all()
        few = self.cr.sql_log_count - before
        stocktake.action_cancel()
        self._cars(20)
        stocktake = self._as(self.ken, self.env["dealer.stocktake"]).create({})
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        stocktake.action_start()
        self.env.flush_all()
        self.assertLessEqual(self.cr.sql_log_count - before, few + 2)
