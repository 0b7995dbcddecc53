from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import DealerVehicleCommon


@tagged("post_install", "-at_install")
class TestPurchase(DealerVehicleCommon):
    """Cars come in one by one, each on its own line, and only once."""

    def test_line_takes_product_and_quantity_from_the_car(self):
        vehicle = self._create_vehicle()
        line = self._buy(vehicle).order_line
        self.assertRecordValues(
            line,
            [
                {
                    "product_id": self.trim.dealer_product_id.id,
                    "product_qty": 1,
                    "dealer_vehicle_expected": True,
                }
            ],
        )
        self.assertIn(vehicle.vin, line.name)

    def test_line_buys_exactly_one_car(self):
        order = self._buy(self._create_vehicle())
        with self.assertRaisesRegex(Exception, "dealer_vehicle_quantity"), self.cr.savepoint():
            order.order_line.product_qty = 2
            self.env.flush_all()

    def test_line_of_a_car_buys_no_other_product(self):
        order = self._buy(self._create_vehicle())
        mat = self.env["product.product"].create({"name": "Floor mat"})
        with self.assertRaisesRegex(ValidationError, "Floor mat"):
            order.order_line.product_id = mat
        with self.assertRaisesRegex(ValidationError, "Floor mat"):
            order.write(
                {
                    "order_line": [
                        Command.create(
                            {
                                "dealer_vehicle_id": self._create_vehicle().id,
                                "product_id": mat.id,
                                "product_qty": 1,
                            }
                        )
                    ]
                }
            )

    def test_receipt_waits_with_the_vin(self):
        vehicle = self._create_vehicle()
        order = self._buy(vehicle)
        self.assertRecordValues(
            order.sudo().picking_ids.move_line_ids, [{"lot_name": vehicle.vin, "quantity": 1}]
        )

    def test_two_cars_of_one_order_keep_their_own_cost(self):
        cars = self._create_vehicle() | self._create_vehicle()
        order = self._as(self.max, self.env["purchase.order"]).create(
            {
                "partner_id": self.maker.id,
                "order_line": [
                    Command.create(
                        {"dealer_vehicle_id": car.id, "price_unit": price, "tax_ids": False}
                    )
                    for car, price in zip(cars, (90000, 110000), strict=True)
                ],
            }
        )
        order.button_confirm()
        self._receive(order)
        self.assertEqual([car._get_unit_cost() for car in cars], [90000, 110000])
        self.assertEqual(cars.lot_id.mapped("name"), cars.mapped("vin"))

    def test_wrong_vin_on_the_receipt_is_refused(self):
        vehicle = self._create_vehicle()
        picking = self._as(self.ken, self._buy(vehicle).sudo().picking_ids)
        picking.move_line_ids.lot_name = self._new_vin()
        with self.assertRaisesRegex(UserError, vehicle.vin):
            self._validate(picking)

    def test_vin_typed_in_another_way_is_the_same_vin(self):
        vehicle = self._create_vehicle()
        picking = self._as(self.ken, self._buy(vehicle).sudo().picking_ids)
        picking.move_line_ids.lot_name = f" {vehicle.vin[:9].lower()}-{vehicle.vin[9:]} "
        self._validate(picking)
        self.assertEqual(vehicle.lot_id.name, vehicle.vin)

    def test_car_in_stock_cannot_be_bought_again(self):
        vehicle = self._stock()
        with self.assertRaisesRegex(UserError, "in stock already"):
            self._buy(vehicle)

    def test_car_on_order_cannot_be_ordered_again(self):
        vehicle = self._create_vehicle()
        first = self._buy(vehicle)
        with self.assertRaisesRegex(UserError, first.name):
            self._buy(vehicle)

    def test_cancelled_order_no_longer_expects_the_car(self):
        vehicle = self._create_vehicle()
        order = self._buy(vehicle)
        order.button_cancel()
        self.assertEqual(vehicle.status, "customer")
        self._buy(vehicle)
        self.assertEqual(vehicle.status, "on_order")

    def test_the_vin_cannot_come_in_under_another_product(self):
        vehicle = self._stock()
        other = self._create_trim("Lark 2.0T")._dealer_get_or_create_product()
        with self.assertRaisesRegex(Exception, "dealer_vin_unique"), self.cr.savepoint():
            self.env["stock.lot"].create({"name": vehicle.vin, "product_id": other.id})
            self.env.flush_all()

    def test_receipt_by_hand_of_a_car_in_stock_is_refused(self):
        vehicle = self._stock()
        picking_type = self.warehouse.in_type_id
        picking = self._as(self.ken, self.env["stock.picking"]).create(
            {
                "picking_type_id": picking_type.id,
                "location_id": self.env.ref("stock.stock_location_suppliers").id,
                "location_dest_id": self.warehouse.lot_stock_id.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": vehicle.product_id.id,
                            "product_uom_qty": 1,
                            "location_id": self.env.ref("stock.stock_location_suppliers").id,
                            "location_dest_id": self.warehouse.lot_stock_id.id,
                        }
                    )
                ],
            }
        )
        picking.action_confirm()
        picking.move_ids.move_line_ids.lot_id = vehicle.sudo().lot_id
        with self.assertRaisesRegex(UserError, "by its purchase order"):
            self._validate(picking)

    def test_bought_back_car_keeps_its_serial_number(self):
        vehicle = self._stock(price=100000)
        lot = vehicle.lot_id
        self._deliver(self._sell(vehicle))
        order = self._buy(vehicle, 80000, partner=self.customer)
        self.assertEqual(vehicle.status, "on_order")
        self.assertEqual(order.sudo().picking_ids.move_ids.location_id.usage, "customer")
        self._receive(order)
        self.assertEqual((vehicle.lot_id, vehicle.status), (lot, "in_stock"))
        self.assertEqual(vehicle.location_id, self.warehouse._dealer_place("yard"))
        self.assertRecordValues(vehicle, [{"kind": "used", "list_price": 0}])
        self.assertEqual(vehicle.activity_ids.user_id, self.max)
        self.assertEqual(vehicle._get_unit_cost(), 80000)
        self.assertFalse(vehicle.partner_id)

    def test_received_car_stands_in_the_yard(self):
        vehicle = self._create_vehicle()
        self._receive(self._buy(vehicle))
        self.assertEqual(vehicle.location_id, self.warehouse._dealer_place("yard"))
        self.assertEqual((vehicle.kind, vehicle.list_price), ("new", 120000))

    def test_a_chosen_place_goes_before_the_yard(self):
        vehicle = self._create_vehicle()
        showroom = self.warehouse._dealer_place("showroom")
        self._receive(self._buy(vehicle), place=showroom)
        self.assertEqual(vehicle.location_id, showroom)

    def test_a_registered_car_is_bought_as_a_used_car(self):
        vehicle = self._create_vehicle(first_registration_date="2026-02-01")
        self._receive(self._buy(vehicle, 90000))
        self.assertEqual((vehicle.kind, vehicle.product_policy), ("used", "shared"))

    def test_a_car_without_a_price_is_not_ordered(self):
        vehicle = self._create_vehicle()
        for price in (0, -1):
            with self.assertRaisesRegex(UserError, "has no price on the order"):
                self._buy(vehicle, price)
        self.assertNotEqual(vehicle.status, "on_order")

    def test_bought_back_used_car_costs_the_new_price(self):
        vehicle = self._stock(self._create_vehicle(kind="used"), price=50000)
        self._deliver(self._sell(vehicle, 60000))
        self._stock(vehicle, price=45000, partner=self.customer)
        self.assertEqual(vehicle._get_unit_cost(), 45000)

    def test_trade_in_of_a_foreign_car_comes_from_vendors(self):
        vehicle = self._create_vehicle(kind="used")
        vehicle._dealer_set_owner(self.customer, "2026-01-01")
        order = self._buy(vehicle, 40000, partner=self.customer)
        self.assertEqual(order.sudo().picking_ids.move_ids.location_id.usage, "supplier")
        self._receive(order)
        self.assertFalse(vehicle.partner_id)
        self.assertEqual(vehicle.product_policy, "own")

    def test_car_returned_to_the_maker_has_left(self):
        vehicle = self._create_vehicle()
        picking = self._receive(self._buy(vehicle))
        self._return(picking)
        self.assertEqual(vehicle.status, "left")
        self.assertFalse(vehicle.location_id)
        self.assertTrue(vehicle.date_out)

    def test_new_cars_of_a_trim_share_a_product(self):
        cars = self._create_vehicle() | self._create_vehicle()
        product = cars._get_or_create_product()
        self.assertRecordValues(
            product,
            [
                {
                    "dealer_product_policy": "shared",
                    "tracking": "serial",
                    "lot_valuated": True,
                    "cost_method": "fifo",
                    "valuation": "real_time",
                    "is_storable": True,
                }
            ],
        )

    def test_used_cars_have_a_product_each(self):
        cars = self._create_vehicle(kind="used") | self._create_vehicle(kind="used")
        products = cars._get_or_create_product()
        self.assertEqual(len(products), 2)
        self.assertFalse(any(products.mapped("lot_valuated")))

    def test_product_of_a_car_in_the_books_cannot_change(self):
        vehicle = self._stock()
        with self.assertRaises(UserError):
            vehicle._get_or_create_product(policy="own")

    def test_prices_of_cars_make_no_vendor_price_list(self):
        self._buy(self._create_vehicle())
        self.assertFalse(self.trim.dealer_product_id.seller_ids)

    def test_consigned_car_has_a_place_but_no_value(self):
        vehicle = self._create_vehicle(kind="used")
        picking = self._as(self.ken, vehicle)._receive_consigned(
            self._as(self.ken, self.warehouse), owner=self.customer
        )
        self._validate(picking)
        self.assertEqual(vehicle.status, "in_stock")
        self.assertEqual(vehicle.partner_id, self.customer)
        self.assertEqual(vehicle._get_unit_cost(), 0)
        self.assertEqual(vehicle.product_id.total_value, 0)
        self.assertEqual(picking.sudo().move_ids.value, 0)

    def test_sold_consigned_car_posts_no_cost_of_sales(self):
        vehicle = self._create_vehicle(kind="used")
        self._validate(
            self._as(self.ken, vehicle)._receive_consigned(
                self._as(self.ken, self.warehouse), owner=self.customer
            )
        )
        order = self._sell(vehicle, 30000, partner=self.other_customer)
        self._deliver(order)
        invoice = self._invoice(order)
        self.assertEqual(self._balance(invoice, "5401"), 0)
        self.assertEqual(vehicle.partner_id, self.other_customer)

    def test_consignment_needs_an_owner(self):
        vehicle = self._create_vehicle(kind="used")
        with self.assertRaisesRegex(UserError, "who owns"):
            vehicle._receive_consigned(self.warehouse)

    def test_the_car_of_a_received_line_stays(self):
        vehicle, other = self._stock(), self._create_vehicle()
        line = self._as(self.max, vehicle.purchase_line_id)
        with self.assertRaisesRegex(UserError, "the line keeps it"):
            line.dealer_vehicle_id = other
        self.assertEqual(vehicle.purchase_line_id, line)

    # === ONE CAR, ONE LINE ===
    def test_an_order_has_a_car_on_one_line(self):
        vehicle = self._create_vehicle()
        with self.assertRaisesRegex(ValidationError, "two lines of order"), self.cr.savepoint():
            self._buy(vehicle + vehicle)
        order = self._buy(vehicle)
        with self.assertRaisesRegex(ValidationError, "two lines of order"), self.cr.savepoint():
            self._as(self.max, self.env["purchase.order.line"]).create(
                {"order_id": order.id, "dealer_vehicle_id": vehicle.id, "price_unit": 1}
            )
