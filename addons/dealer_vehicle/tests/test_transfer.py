"""Cars change place: inside a store, between stores, and back to the maker."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import DealerVehicleCommon


@tagged("post_install", "-at_install")
class TestTransfer(DealerVehicleCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.yard = cls.warehouse._dealer_place("yard")
        cls.showroom = cls.warehouse._dealer_place("showroom")
        cls.second_store = cls.env["stock.warehouse"].create(
            {"name": "West", "code": "WEST", "company_id": cls.company.id}
        )
        cls.second_yard = cls.second_store._dealer_place("yard")

    def _own(self, count=1, price=100000):
        """Cars in the yard of the first store."""
        cars = self.env["dealer.vehicle"]
        for _number in range(count):
            cars |= self._create_vehicle()
        self._receive(self._buy(cars, price), place=self.yard)
        return cars

    def _move(self, cars, place, user=None, **vals):
        """The wizard as the stock keeper fills it in."""
        Wizard = self._as(user or self.ken, self.env["dealer.vehicle.transfer"])
        form = Form(Wizard.with_context(default_vehicle_ids=cars.ids))
        form.location_id = place
        for name, value in vals.items():
            form[name] = value
        wizard = form.save()
        action = wizard.action_transfer()
        domain = action.get("domain") or [("id", "=", action["res_id"])]
        return self.env["stock.picking"].search(domain, order="id")

    def test_a_delivery_of_another_stores_car_says_where_it_stands(self):
        car = self._stock()
        _departure, arrival = self._move(car, self.second_yard)
        self._as(self.ken, arrival).button_validate()
        order = self._sell(car)
        self.assertEqual(order.warehouse_id, self.warehouse)
        delivery = self._as(self.ken, order.sudo().picking_ids)
        with self.assertRaisesRegex(UserError, f"{self.second_store.name}.*transfer"):
            delivery.button_validate()
        _departure, arrival = self._move(car, self.yard)
        self._as(self.ken, arrival).button_validate()
        self._deliver(order)
        self.assertEqual(car.status, "sold")

    def test_car_goes_to_the_showroom_at_once(self):
        car = self._own()
        cost = car.unit_cost
        transfer = self._move(car, self.showroom)
        self.assertEqual(transfer.state, "done")
        self.assertRecordValues(
            car, [{"location_id": self.showroom.id, "status": "in_stock", "unit_cost": cost}]
        )

    def test_the_day_of_arrival_stays_when_a_car_moves(self):
        car = self._own()
        before = car.date_in
        self._move(car, self.showroom)
        self.assertEqual((car.date_in, car.date_out), (before, False))

    def test_only_the_chosen_cars_move(self):
        cars = self._own(3)
        self._move(cars[1], self.showroom)
        self.assertEqual(cars.mapped("location_id"), self.yard | self.showroom)
        self.assertEqual(cars[1].location_id, self.showroom)

    def test_many_cars_make_one_transfer_with_one_move(self):
        cars = self._own(4)
        transfer = self._move(cars, self.showroom)
        self.assertEqual(len(transfer), 1)
        self.assertEqual(transfer.move_ids.product_uom_qty, 4)
        self.assertEqual(transfer.move_ids.lot_ids, cars.lot_id)

    def test_between_stores_the_car_is_on_the_road_until_it_is_confirmed(self):
        car = self._own()
        departure, arrival = self._move(car, self.second_yard)
        self.assertEqual((departure.state, arrival.state), ("done", "assigned"))
        self.assertEqual(car.location_id.usage, "transit")
        self.assertEqual(car.status, "in_stock")
        self.assertFalse(car.warehouse_id)
        self._as(self.ken, arrival).button_validate()
        self.assertRecordValues(
            car, [{"location_id": self.second_yard.id, "warehouse_id": self.second_store.id}]
        )

    def test_the_other_store_gets_exactly_these_cars(self):
        cars = self._own(3)
        _departure, arrival = self._move(cars[:2], self.second_yard)
        self.assertEqual(arrival.move_line_ids.lot_id, cars[:2].lot_id)

    def test_moving_posts_no_journal_entry(self):
        car = self._own()
        before = self.env["account.move"].search_count([("company_id", "=", self.company.id)])
        _departure, arrival = self._move(car, self.second_yard)
        self._as(self.ken, arrival).button_validate()
        after = self.env["account.move"].search_count([("company_id", "=", self.company.id)])
        self.assertEqual(after, before)

    @mute_logger("odoo.sql_db")
    def test_freight_cannot_be_negative(self):
        with self.assertRaisesRegex(Exception, "freight_positive"), self.cr.savepoint():
            self._move(self._stock(), self.second_yard, freight=-300)

    def test_freight_waits_for_the_accountant_and_is_split_equally(self):
        cars = self._own(2)
        self._bill_all(cars)
        _departure, arrival = self._move(cars, self.second_yard, freight=1200)
        self._as(self.ken, arrival).button_validate()
        cost = self.env["stock.landed.cost"].search([("dealer_vehicle_ids", "in", cars.ids)])
        self.assertEqual((cost.state, cost.amount_total), ("draft", 1200))
        self.assertEqual(cars.mapped("unit_cost"), [100000, 100000])
        cost = self._as(self.fred, cost)
        cost.compute_landed_cost()
        cost.button_validate()
        self.env.invalidate_all()
        self.assertEqual(cars.mapped("unit_cost"), [100600, 100600])
        debit = cost.account_move_id.line_ids.filtered("debit")
        self.assertEqual(sorted(debit.mapped("debit")), [600, 600])

    def _bill_all(self, cars):
        for order in cars.purchase_line_id.order_id:
            self._bill(order)

    def test_a_car_on_the_road_cannot_be_sent_again(self):
        car = self._own()
        self._move(car, self.second_yard)
        with self.assertRaisesRegex(UserError, "on its way already"):
            self._as(self.ken, car)._transfer(self.showroom)

    def test_a_car_that_stands_there_already_is_refused(self):
        car = self._own()
        with self.assertRaisesRegex(UserError, "stands there already"):
            self._as(self.ken, car)._transfer(self.yard)

    def test_a_car_of_a_customer_cannot_be_moved(self):
        car = self._create_vehicle(kind="customer")
        with self.assertRaisesRegex(UserError, "not in a yard"):
            self._as(self.ken, car)._transfer(self.showroom)

    def test_a_reserved_car_stays_reserved_inside_its_store(self):
        car = self._own()
        order = self._sell(car)
        self._move(car, self.showroom)
        delivery = order.picking_ids
        self.assertEqual(delivery.state, "assigned")
        self.assertEqual(delivery.move_line_ids.lot_id, car.lot_id)
        self.assertEqual(delivery.move_line_ids.location_id, self.showroom)
        self.assertEqual(car.status, "reserved")

    def test_a_promised_car_leaves_its_store_only_by_a_manager(self):
        car = self._own()
        self._sell(car)
        with self.assertRaisesRegex(UserError, "change the store of the order"):
            self._as(self.ken, car)._transfer(self.second_yard)
        self.max.group_ids |= self.env.ref("dealer_base.group_stock_keeper")
        self._as(self.max, car)._transfer(self.second_yard)
        self.assertEqual(car.location_id.usage, "transit")
        self.assertEqual(car.status, "reserved")

    def test_a_salesperson_may_not_move_cars(self):
        car = self._own()
        with self.assertRaises(AccessError):
            self._as(self.sara, self.env["dealer.vehicle.transfer"]).create(
                {"vehicle_ids": car.ids, "location_id": self.showroom.id}
            ).action_transfer()

    def test_a_place_of_another_company_is_refused(self):
        car = self._own()
        store = self.env["stock.warehouse"].search(
            [("company_id", "=", self.other_company.id)], limit=1
        )
        with self.assertRaisesRegex(UserError, "sell the car to it"):
            car._transfer(store.lot_stock_id)

    def test_a_car_sent_back_to_the_maker_has_left(self):
        car = self._own()
        receipt = car.purchase_line_id.order_id.picking_ids
        self._return(receipt)
        self.assertEqual(car.status, "left")
        self.assertFalse(car.location_id)

    def test_a_scrapped_car_has_left(self):
        car = self._own()
        scrap = self.env["stock.scrap"].create(
            {
                "product_id": car.product_id.id,
                "lot_id": car.lot_id.id,
                "location_id": car.location_id.id,
                "company_id": self.company.id,
                "scrap_qty": 1,
            }
        )
        scrap.action_validate()
        self.assertEqual(car.status, "left")

    def test_the_cost_of_a_transfer_does_not_grow_with_its_cars(self):
        """Statements for each further car: its move line, quants and history, no more."""
        cars = self._own(6)
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        self._move(cars[0], self.showroom)
        one = self.cr.sql_log_count - before
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        self._move(cars[1:], self.showroom)
        five = self.cr.sql_log_count - before
        self.assertLessEqual(five - one, 4 * 12)
