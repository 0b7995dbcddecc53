from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import DealerVehicleCommon


@tagged("post_install", "-at_install")
class TestSale(DealerVehicleCommon):
    """From the quotation to the handover of one named car."""

    def test_whole_deal_of_a_new_car(self):
        vehicle = self._create_vehicle()
        order = self._buy(vehicle, 100000)
        self.assertEqual(vehicle.status, "on_order")
        self._receive(order)
        self._bill(order, 101000)
        self._add_landed_cost(vehicle, 700)
        sale = self._quote(vehicle, 110000)
        self.assertEqual(sale.sudo().order_line.margin, 8300)
        sale.action_confirm()
        self.assertEqual(vehicle.status, "reserved")
        self._deliver(sale)
        self.assertEqual(vehicle.status, "sold")
        self.assertEqual(sale.sudo().order_line.margin, 8300)
        invoice = self._invoice(sale)
        self.assertEqual(self._balance(invoice, "5401", vehicle), 101700)
        self._pay(invoice)
        self.assertIn(invoice.payment_state, ("paid", "in_payment"))

    def test_quotation_asks_the_guide_price_of_the_trim(self):
        order = self._quote(self._stock())
        self.assertEqual(order.order_line.price_unit, 120000)

    def test_a_car_is_not_sold_at_a_negative_price(self):
        order = self._quote(self._stock(), 110000)
        for vals in ({"price_unit": -1}, {"discount": 101}):
            with (
                self.assertRaisesRegex(IntegrityError, "dealer_vehicle_price"),
                mute_logger("odoo.sql_db"),
                self.cr.savepoint(),
            ):
                order.order_line.write(vals)
                self.env.flush_all()
        order.order_line.write({"price_unit": 0})

    def test_consultant_keeps_the_order_of_a_colleagues_customer(self):
        self.customer.user_id = self.max
        order = self._quote(self._stock())
        self.assertEqual(order.user_id, self.sara)
        order.check_access("write")
        form = Form(self._as(self.sara, self.env["sale.order"]))
        form.partner_id = self.customer
        self.assertEqual(form.user_id, self.sara)

    def test_manager_quotes_for_the_salesperson_of_the_customer(self):
        self.customer.user_id = self.sara
        order = self._quote(self._stock(), user=self.max)
        self.assertEqual(order.user_id, self.sara)

    def test_a_used_car_is_not_offered_at_the_guide_price(self):
        vehicle = self._stock(self._create_vehicle(kind="used"), price=50000)
        self.assertEqual(vehicle.list_price, 0)
        order = self._quote(vehicle)
        self.assertEqual(order.order_line.price_unit, 0)
        self.assertEqual(order.order_line.dealer_list_price, 0)

    def test_a_returned_car_is_no_new_car_any_more(self):
        self.max.lang = "en_US"  # reminders are in the language of their reader
        vehicle = self._stock()
        self._as(self.max, vehicle).asking_price = 118800
        product = vehicle.product_id
        delivery = self._deliver(self._sell(vehicle))
        self._return(delivery)
        self.assertRecordValues(
            vehicle,
            [
                {
                    "status": "in_stock",
                    "kind": "used",
                    "list_price": 0,
                    "product_id": product.id,
                    "location_id": self.warehouse._dealer_place("yard").id,
                }
            ],
        )
        self.assertEqual(vehicle.activity_ids.user_id, self.max)
        self.assertIn("set its price", vehicle.activity_ids.summary)
        self.assertEqual(self._quote(vehicle).order_line.price_unit, 0)
        self._as(self.max, vehicle).asking_price = 99000
        self.assertEqual(self._quote(vehicle).order_line.price_unit, 99000)

    def test_a_car_returned_by_mistake_can_be_new_again(self):
        vehicle = self._stock()
        self._return(self._deliver(self._sell(vehicle)))
        self._as(self.max, vehicle).kind = "new"
        self.assertEqual(vehicle.list_price, 120000)

    def test_asking_price_goes_before_the_guide_price(self):
        vehicle = self._stock()
        vehicle.asking_price = 118800
        self.assertEqual(self._quote(vehicle).order_line.price_unit, 118800)

    def test_customer_pays_the_price_that_is_asked(self):
        vehicle = self._stock()
        vehicle.asking_price = 119800
        order = self._as(self.sara, self.env["sale.order"]).create(
            {
                "partner_id": self.customer.id,
                "order_line": [Command.create({"dealer_vehicle_id": vehicle.id})],
            }
        )
        self.assertEqual(order.order_line.tax_ids.amount, 13)
        self.assertEqual(order.amount_total, 119800)

    def test_order_names_the_car(self):
        vehicle = self._stock()
        self.assertIn(vehicle.vin, self._quote(vehicle).order_line.name)

    def test_product_comes_from_the_car(self):
        vehicle = self._stock()
        self.assertEqual(self._quote(vehicle).order_line.product_id, self.trim.dealer_product_id)

    def test_margin_on_quote_uses_cost_of_chosen_car(self):
        cheap, dear = self._stock(price=90000), self._stock(price=100000)
        self.assertEqual(self._quote(cheap, 110000).sudo().order_line.margin, 20000)
        self.assertEqual(self._quote(dear, 110000).sudo().order_line.margin, 10000)

    def test_margin_on_quote_follows_a_landed_cost(self):
        vehicle = self._stock(price=100000)
        order = self._quote(vehicle, 110000)
        self._add_landed_cost(vehicle, 1500)
        self.assertEqual(order.sudo().order_line.margin, 8500)
        self.assertEqual(order.sudo().margin, 8500)

    def test_margin_on_quote_follows_the_bill(self):
        vehicle = self._create_vehicle()
        purchase = self._buy(vehicle, 100000)
        self._receive(purchase)
        order = self._sell(vehicle, 110000)
        self._bill(purchase, 99000)
        self.assertEqual(order.sudo().order_line.margin, 11000)

    def test_margin_of_a_car_on_order_uses_the_purchase_price(self):
        vehicle = self._create_vehicle()
        self._buy(vehicle, 95000)
        self.assertEqual(self._quote(vehicle, 110000).sudo().order_line.margin, 15000)

    def test_delivered_order_keeps_its_margin_after_buy_back(self):
        vehicle = self._stock(price=100000)
        order = self._sell(vehicle, 110000)
        self._deliver(order)
        self._stock(vehicle, price=80000, partner=self.customer)
        self.assertEqual(order.sudo().order_line.margin, 10000)

    def test_the_very_car_is_reserved(self):
        first, second, third = (self._stock() for _i in range(3))
        order = self._sell(second)
        self.assertEqual(order.sudo().picking_ids.move_line_ids.lot_id, second.lot_id)
        self.assertEqual(
            (first | second | third).mapped("status"), ["in_stock", "reserved", "in_stock"]
        )

    def test_car_on_order_is_reserved_when_it_arrives(self):
        vehicle, earlier = self._create_vehicle(), self._create_vehicle()
        purchase = self._buy(vehicle)
        order = self._sell(vehicle)
        self._stock(earlier)
        self.assertFalse(order.sudo().picking_ids.move_line_ids)
        self._receive(purchase)
        order.sudo().picking_ids.action_assign()
        self.assertEqual(order.sudo().picking_ids.move_line_ids.lot_id, vehicle.lot_id)
        self.assertEqual(vehicle.status, "reserved")

    def test_order_of_a_trim_reserves_no_car(self):
        self._stock()
        order = self._as(self.sara, self.env["sale.order"]).create(
            {
                "partner_id": self.customer.id,
                "order_line": [(0, 0, {"product_id": self.trim.dealer_product_id.id})],
            }
        )
        order.action_confirm()
        self.assertFalse(order.sudo().picking_ids.move_line_ids)

    def test_order_of_a_trim_gets_its_car_later(self):
        vehicle = self._stock()
        order = self._as(self.sara, self.env["sale.order"]).create(
            {
                "partner_id": self.customer.id,
                "order_line": [(0, 0, {"product_id": self.trim.dealer_product_id.id})],
            }
        )
        order.action_confirm()
        order.order_line.action_reallocate(vehicle.id)
        self.assertEqual(order.sudo().picking_ids.move_line_ids.lot_id, vehicle.lot_id)
        self.assertEqual(vehicle.status, "reserved")

    def test_two_step_delivery_takes_the_car_of_the_order(self):
        self.warehouse.delivery_steps = "pick_ship"
        self._stock()
        vehicle = self._stock()
        order = self._sell(vehicle)
        last = self._deliver(order)
        self.assertEqual(last.move_line_ids.lot_id, vehicle.lot_id)
        self.assertEqual(last.location_dest_id.usage, "customer")
        self.assertEqual(vehicle.status, "sold")
        self.assertEqual(len(order.sudo().picking_ids), 2)

    def test_car_in_the_showroom_is_reserved_there(self):
        showroom = self.warehouse._dealer_place("showroom")
        vehicle = self._create_vehicle()
        self._receive(self._buy(vehicle), place=showroom)
        self.assertEqual(vehicle.location_id, showroom)
        order = self._sell(vehicle)
        self.assertEqual(order.sudo().picking_ids.move_line_ids.location_id, showroom)

    def test_reallocation_frees_one_car_and_reserves_the_other(self):
        first, second = self._stock(), self._stock(price=99000)
        order = self._sell(first, 110000)
        self._as(self.max, order.order_line).action_reallocate(second.id)
        self.assertEqual(order.sudo().picking_ids.move_line_ids.lot_id, second.lot_id)
        self.assertEqual((first.status, second.status), ("in_stock", "reserved"))
        self.assertEqual(order.order_line.price_unit, 110000)
        self.assertEqual(order.sudo().order_line.margin, 11000)
        self.assertIn(second.vin, order.order_line.name)

    def test_reallocation_to_a_used_car_exchanges_the_demand(self):
        new = self._stock()
        used = self._stock(self._create_vehicle(kind="used"), price=60000)
        order = self._sell(new, 70000)
        self._as(self.max, order.order_line).action_reallocate(used.id)
        self.assertEqual(order.order_line.product_id, used.product_id)
        self.assertEqual(order.order_line.price_unit, 70000)
        moves = order.sudo().order_line.move_ids.filtered(lambda m: m.state != "cancel")
        self.assertEqual(moves.move_line_ids.lot_id, used.lot_id)
        self._deliver(order)
        self.assertEqual((new.status, used.status), ("in_stock", "sold"))

    def test_releasing_the_car_of_an_order(self):
        vehicle = self._stock()
        order = self._sell(vehicle)
        self._as(self.max, order.order_line).dealer_vehicle_id = False
        self.assertEqual(vehicle.status, "in_stock")
        self.assertFalse(order.sudo().picking_ids.move_line_ids)

    def test_a_manager_exchanges_the_car_of_a_deal(self):
        """Authority matrix, domain-cn 8.2: a VIN swap is the sales manager's."""
        first, second = self._stock(), self._stock()
        order = self._sell(first)
        for car in (second.id, False):
            with self.assertRaisesRegex(UserError, "Only a manager exchanges"):
                order.order_line.dealer_vehicle_id = car
        self._as(self.max, order.order_line).action_reallocate(second.id)
        note = order.sudo().message_ids[:1].body
        self.assertIn(first.vin[-8:], note)
        self.assertIn(second.vin[-8:], note)

    def test_reallocation_after_delivery_is_refused(self):
        first, second = self._stock(), self._stock()
        order = self._sell(first)
        self._deliver(order)
        with self.assertRaisesRegex(UserError, "already been picked or delivered"):
            self._as(self.max, order.order_line).action_reallocate(second.id)

    def test_reallocation_after_the_invoice_waits_for_the_credit_note(self):
        first, second = self._stock(), self._stock()
        order = self._sell(first)
        order.order_line.sudo().product_id.invoice_policy = "order"
        invoice = self._invoice(order)
        with self.assertRaisesRegex(UserError, "credit or cancel the invoice first"):
            self._as(self.max, order.order_line).action_reallocate(second.id)
        self._credit(invoice)
        self._as(self.max, order.order_line).action_reallocate(second.id)
        self.assertEqual((first.status, second.status), ("in_stock", "reserved"))

    def test_invoiced_order_of_a_trim_still_gets_its_car(self):
        vehicle = self._stock()
        order = self._quote(vehicle)
        order.order_line.write(
            {"dealer_vehicle_id": False, "product_id": self.trim.dealer_product_id.id}
        )
        order.action_confirm()
        self._invoice(order)
        order.order_line.action_reallocate(vehicle.id)
        self.assertEqual(vehicle.status, "reserved")

    def test_reallocation_to_a_held_car_is_refused(self):
        first, second = self._stock(), self._stock()
        order = self._sell(first)
        self._sell(second, partner=self.other_customer)
        with self.assertRaisesRegex(UserError, "reserved by order"):
            self._as(self.max, order.order_line).action_reallocate(second.id)

    def test_second_order_for_a_held_car_is_refused(self):
        vehicle = self._stock()
        first = self._sell(vehicle)
        second = self._quote(vehicle, partner=self.other_customer)
        with self.assertRaisesRegex(UserError, first.name):
            second.action_confirm()

    def test_cancelled_order_frees_its_car(self):
        vehicle = self._stock()
        order = self._sell(vehicle)
        self._as(self.max, order).action_cancel()
        self.assertEqual(vehicle.status, "in_stock")
        self.assertEqual(self._sell(vehicle, partner=self.other_customer).state, "sale")

    def test_sold_car_cannot_be_sold_again(self):
        vehicle = self._stock()
        self._deliver(self._sell(vehicle))
        with self.assertRaisesRegex(UserError, "not ours any more"):
            self._sell(vehicle, partner=self.other_customer)

    def test_blocked_car_cannot_be_sold(self):
        vehicle = self._stock()
        vehicle.write({"blocked": True, "block_reason": "recall"})
        with self.assertRaisesRegex(UserError, "recall"):
            self._sell(vehicle)

    def test_car_blocked_after_the_sale_cannot_be_delivered(self):
        vehicle = self._stock()
        order = self._sell(vehicle)
        vehicle.write({"blocked": True, "block_reason": "damage"})
        with self.assertRaisesRegex(UserError, "damage"):
            self._deliver(order)

    def test_another_car_cannot_be_delivered(self):
        vehicle, wrong = self._stock(), self._stock()
        order = self._sell(vehicle)
        picking = self._as(self.ken, order.sudo().picking_ids)
        picking.move_line_ids.lot_id = wrong.sudo().lot_id
        with self.assertRaisesRegex(UserError, wrong.vin):
            self._validate(picking)

    def test_nobody_lets_go_of_a_held_car_by_writing_the_fact(self):
        order = self._sell(self._stock())
        line = self._as(self.sara, order.order_line)
        for vals in ({"dealer_vehicle_held": False}, {"price_total": 0}):
            with self.assertRaisesRegex(UserError, "follows from the other fields"):
                line.write(vals)
        with self.assertRaisesRegex(UserError, "follows from the other fields"):
            self._as(self.sara, order).amount_total = 0
        self.assertTrue(line.dealer_vehicle_held)

    def test_consultant_does_not_change_the_kind_of_a_stock_car(self):
        vehicle = self._stock()
        with self.assertRaisesRegex(UserError, "Only a manager may change the kind"):
            self._as(self.sara, vehicle).kind = "used"
        self._as(self.max, vehicle).kind = "demo"
        self.assertEqual(vehicle.kind, "demo")

    def test_car_picked_for_an_order_of_a_trim_becomes_its_car(self):
        vehicle = self._stock()
        order = self._as(self.sara, self.env["sale.order"]).create(
            {
                "partner_id": self.customer.id,
                "order_line": [(0, 0, {"product_id": self.trim.dealer_product_id.id})],
            }
        )
        order.action_confirm()
        picking = self._as(self.ken, order.sudo().picking_ids)
        vals = picking.move_ids._prepare_move_line_vals(quantity=1)
        vals["lot_id"] = vehicle.sudo().lot_id.id
        picking.move_ids.move_line_ids = [Command.create(vals)]
        self._validate(picking)
        self.assertEqual(order.order_line.dealer_vehicle_id, vehicle)
        self.assertEqual(vehicle.status, "sold")

    def test_customer_becomes_owner_on_delivery(self):
        vehicle = self._stock()
        order = self._sell(vehicle)
        self._deliver(order)
        self.assertRecordValues(
            vehicle.owner_ids,
            [
                {
                    "partner_id": self.customer.id,
                    "role": "owner",
                    "source": "delivery",
                    "date_to": False,
                    "sale_line_id": order.order_line.id,
                }
            ],
        )
        self.assertEqual(vehicle.partner_id, self.customer)

    def test_returned_car_is_free_again(self):
        vehicle = self._stock(price=100000)
        order = self._sell(vehicle)
        self._return(self._deliver(order))
        self.assertEqual(vehicle.status, "in_stock")
        self.assertFalse(vehicle.partner_id)
        self.assertTrue(vehicle.owner_ids.date_to)
        self.assertEqual(vehicle._get_unit_cost(), 100000)
        self._deliver(self._sell(vehicle, partner=self.other_customer))
        self.assertEqual(vehicle.partner_id, self.other_customer)

    def test_line_with_a_car_sells_exactly_one(self):
        vehicle = self._stock()
        order = self._quote(vehicle)
        with self.assertRaisesRegex(Exception, "dealer_vehicle_quantity"), self.cr.savepoint():
            order.order_line.product_uom_qty = 2
            self.env.flush_all()

    def test_quotation_button_brings_the_car(self):
        vehicle = self._stock()
        action = self._as(self.sara, vehicle).action_create_quotation()
        line = action["context"]["default_order_line"][0][2]
        self.assertEqual(line["dealer_vehicle_id"], vehicle.id)
        self.assertEqual(line["product_id"], vehicle.product_id.id)

    def test_quotation_of_a_sold_car_is_refused_at_once(self):
        vehicle = self._stock()
        self._deliver(self._sell(vehicle))
        with self.assertRaises(UserError):
            vehicle.action_create_quotation()

    def test_salesperson_of_another_company_cannot_promise_our_car(self):
        vehicle = self._stock()
        with self.assertRaises(UserError):
            self._sell(vehicle, user=self.charlie)
        self.assertEqual(vehicle.status, "in_stock")

    def test_factory_order_gets_its_vin_at_receipt(self):
        vehicle = self._create_vehicle(vin=False)
        purchase = self._buy(vehicle)
        order = self._sell(vehicle)
        picking = self._as(self.ken, purchase.sudo().picking_ids)
        picking.move_line_ids.lot_name = "lgxc16af4t 9999999"
        self._validate(picking)
        self.assertEqual(vehicle.vin, "LGXC16AF4T9999999")
        self._deliver(order)
        self.assertEqual(vehicle.status, "sold")

    # === CARS ON A CONFIRMED ORDER ===
    def _add_line(self, order, vehicle, **vals):
        """Sara adds another car to her order."""
        line = Command.create({"dealer_vehicle_id": vehicle.id, "price_unit": 110000, **vals})
        self._as(self.sara, order).write({"order_line": [line]})

    def test_sold_car_cannot_be_added_to_a_confirmed_order(self):
        sold = self._stock()
        self._deliver(self._sell(sold))
        order = self._sell(self._stock(), partner=self.other_customer)
        with self.assertRaisesRegex(UserError, "not ours any more"):
            self._add_line(order, sold)

    def test_blocked_car_cannot_be_added_to_a_confirmed_order(self):
        vehicle = self._stock()
        vehicle.write({"blocked": True, "block_reason": "recall"})
        order = self._sell(self._stock())
        with self.assertRaisesRegex(UserError, "recall"):
            self._add_line(order, vehicle)

    def test_held_car_cannot_be_added_to_a_confirmed_order(self):
        first = self._sell(self._stock())
        second = self._sell(self._stock(), partner=self.other_customer)
        for order in (first, second):  # the order that holds the car itself is no exception
            with self.assertRaisesRegex(UserError, first.name):
                self._add_line(order, first.order_line.dealer_vehicle_id)

    def test_free_car_can_be_added_to_a_confirmed_order(self):
        first, second = self._stock(), self._stock()
        order = self._sell(first)
        self._add_line(order, second)
        self.assertEqual(second.status, "reserved")
        self._deliver(order)
        self.assertEqual((first | second).mapped("status"), ["sold", "sold"])

    def test_sold_or_blocked_car_cannot_be_written_on_a_confirmed_order(self):
        sold, blocked = self._stock(), self._stock()
        self._deliver(self._sell(sold))
        blocked.write({"blocked": True, "block_reason": "recall"})
        line = self._sell(self._stock(), partner=self.other_customer).order_line
        with self.assertRaisesRegex(UserError, "not ours any more"):
            line.dealer_vehicle_id = sold
        with self.assertRaisesRegex(UserError, "recall"):
            line.dealer_vehicle_id = blocked

    def test_released_quantity_cannot_bring_back_a_sold_car(self):
        vehicle = self._stock()
        first = self._sell(vehicle)
        # a consultant asks for the cancellation instead
        self._as(self.max, first).order_line.product_uom_qty = 0
        self._deliver(self._sell(vehicle, partner=self.other_customer))
        with self.assertRaisesRegex(UserError, "not ours any more"):
            first.order_line.product_uom_qty = 1

    def test_cars_of_many_lines_are_checked_together(self):
        """One search for the cars, however many lines a confirmed order gets."""
        order = self._sell(self._stock())
        Line = type(self.env["sale.order.line"])
        searches = []

        def search(lines, domain, *args, **kwargs):
            searches.append(domain)
            return origin(lines, domain, *args, **kwargs)

        origin = Line.search
        cars = self._stock() | self._stock() | self._stock()
        self.patch(Line, "search", search)
        self._as(self.sara, order).write(
            {"order_line": [Command.create({"dealer_vehicle_id": car.id}) for car in cars]}
        )
        self.assertEqual(len([d for d in searches if "dealer_vehicle_held" in str(d)]), 1)

    # === CAR AND PRODUCT ===
    def test_line_of_a_car_sells_no_other_product(self):
        vehicle, mat = self._stock(), self.env["product.product"].create({"name": "Floor mat"})
        with self.assertRaisesRegex(ValidationError, "Floor mat"):
            self._as(self.sara, self.env["sale.order"]).create(
                {
                    "partner_id": self.customer.id,
                    "order_line": [
                        Command.create({"dealer_vehicle_id": vehicle.id, "product_id": mat.id})
                    ],
                }
            )
        line = self._quote(vehicle).order_line
        with self.assertRaisesRegex(ValidationError, "Floor mat"):
            line.product_id = mat

    def test_line_without_its_car_may_sell_another_product(self):
        mat = self.env["product.product"].create({"name": "Floor mat"})
        line = self._quote(self._stock()).order_line
        line.write({"dealer_vehicle_id": False, "product_id": mat.id})
        self.assertEqual(line.product_id, mat)

    # === WHAT MAY BE SOLD ===
    def test_car_on_order_of_another_company_cannot_be_sold(self):
        vehicle = self._create_vehicle()
        self._buy(vehicle)
        with self.assertRaisesRegex(UserError, "Golden Cars"):
            self._sell(vehicle, user=self.charlie)

    def test_car_that_is_not_for_sale_cannot_be_sold(self):
        vehicle = self._stock()
        vehicle.for_sale = False
        with self.assertRaisesRegex(UserError, "not for sale"):
            self._sell(vehicle)
        vehicle.for_sale = True
        self.assertEqual(self._sell(vehicle).state, "sale")

    def test_car_of_a_customer_cannot_be_sold(self):
        vehicle = self._create_vehicle(kind="customer")
        vehicle._dealer_set_owner(self.customer, "2026-01-01")
        with self.assertRaisesRegex(UserError, "Buy it first"):
            self._sell(vehicle, partner=self.other_customer)

    def test_car_of_a_customer_can_be_sold_when_consigned_or_bought(self):
        consigned, bought = (self._create_vehicle(kind="customer") for _i in range(2))
        self._validate(
            self._as(self.ken, consigned)._receive_consigned(
                self._as(self.ken, self.warehouse), owner=self.customer
            )
        )
        self._buy(bought, partner=self.customer)
        for vehicle in (consigned, bought):
            order = self._sell(vehicle, partner=self.other_customer)
            self.assertTrue(order.order_line.dealer_vehicle_held)

    def test_new_car_can_be_sold_before_it_is_ordered_from_the_factory(self):
        vehicle = self._create_vehicle(vin=False)
        order = self._sell(vehicle)
        self.assertTrue(order.order_line.dealer_vehicle_held)
        self._receive(self._buy(self._create_vehicle()))  # another car is no use to him
        self.assertFalse(order.sudo().picking_ids.move_line_ids)


@tagged("post_install", "-at_install")
class TestSaleForm(DealerVehicleCommon):
    """What Sara clicks in the form of an order."""

    def _fill_quotation(self, vehicle):
        with Form(self._as(self.sara, self.env["sale.order"])) as form:
            form.partner_id = self.customer
            with form.order_line.new() as line:
                line.dealer_vehicle_id = self._as(self.sara, vehicle)
        return form.record

    def test_choosing_the_car_fills_in_the_line(self):
        vehicle = self._stock()
        with Form(self._as(self.sara, self.env["sale.order"])) as form:
            form.partner_id = self.customer
            with form.order_line.new() as line:
                line.dealer_vehicle_id = self._as(self.sara, vehicle)
                self.assertEqual(line.product_id.id, vehicle.product_id.id)
                self.assertEqual(line.product_uom_qty, 1)
                self.assertAlmostEqual(line.price_total, 120000)
                self.assertIn(vehicle.vin, line.name)
        order = form.record
        self.assertAlmostEqual(order.amount_total, 120000)
        order.action_confirm()
        self.assertRecordValues(vehicle, [{"status": "reserved"}])
        self.assertEqual(vehicle.sale_line_id, order.order_line)

    def test_choosing_a_used_car_that_has_no_product_yet(self):
        vehicle = self._create_vehicle(kind="used", asking_price=56500)
        order = self._fill_quotation(vehicle)
        self.assertEqual(vehicle.product_policy, "own")
        self.assertRecordValues(
            order.order_line,
            [{"product_id": vehicle.product_id.id, "product_uom_qty": 1, "price_total": 56500}],
        )

    def test_choosing_another_car_asks_the_price_of_that_car(self):
        first, second = self._stock(), self._stock()
        second.asking_price = 113000
        order = self._fill_quotation(first)
        with Form(order) as form, form.order_line.edit(0) as line:
            line.dealer_vehicle_id = self._as(self.sara, second)
        self.assertEqual(order.order_line.dealer_vehicle_id, second)
        self.assertAlmostEqual(order.amount_total, 113000)

    def test_exchanging_the_car_of_a_confirmed_order(self):
        first, second = self._stock(), self._stock()
        second.asking_price = 140000
        order = self._fill_quotation(first)
        order.action_confirm()
        with Form(self._as(self.max, order)) as form, form.order_line.edit(0) as line:
            line.dealer_vehicle_id = self._as(self.max, second)
        self.assertEqual((first | second).mapped("status"), ["in_stock", "reserved"])
        self.assertAlmostEqual(order.amount_total, 120000)  # the price that was agreed
        self.assertIn(second.vin, order.order_line.name)
        self.assertEqual(order.sudo().picking_ids.move_line_ids.lot_id, second.lot_id)
        self._deliver(order)
        self.assertEqual((first | second).mapped("status"), ["in_stock", "sold"])

    def test_exchanging_a_new_car_for_a_used_one(self):
        new, used = self._stock(), self._stock(self._create_vehicle(kind="used"), price=60000)
        used.asking_price = 70000
        order = self._fill_quotation(new)
        order.action_confirm()
        with Form(self._as(self.max, order)) as form, form.order_line.edit(0) as line:
            line.dealer_vehicle_id = self._as(self.max, used)
        self.assertEqual(order.order_line.product_id, used.product_id)
        self.assertAlmostEqual(order.amount_total, 120000)  # the price that was agreed
        self._deliver(order)
        self.assertEqual((new | used).mapped("status"), ["in_stock", "sold"])

    def test_adding_a_car_to_a_confirmed_order(self):
        first, second = self._stock(), self._stock()
        order = self._fill_quotation(first)
        order.action_confirm()
        with Form(order) as form, form.order_line.new() as line:
            line.dealer_vehicle_id = self._as(self.sara, second)
        self.assertEqual((first | second).mapped("status"), ["reserved", "reserved"])

    def test_form_opened_before_the_car_was_sold(self):
        """The list of cars in the form was right when it was opened."""
        first, second = self._stock(), self._stock()
        order = self._fill_quotation(first)
        order.action_confirm()
        form = Form(order)
        self._deliver(self._sell(second, partner=self.other_customer))
        with form.order_line.edit(0) as line:
            line.dealer_vehicle_id = self._as(self.sara, second)
        with self.assertRaisesRegex(UserError, "not ours any more"):
            form.save()

    # === ONE CAR, ONE LINE ===
    def test_an_order_has_a_car_on_one_line(self):
        vehicle, other = self._stock(), self._stock()
        with self.assertRaisesRegex(ValidationError, "two lines of order"), self.cr.savepoint():
            self._quote(vehicle + vehicle)
        order = self._quote(vehicle)
        line = {"order_id": order.id, "dealer_vehicle_id": vehicle.id}
        with self.assertRaisesRegex(ValidationError, "two lines of order"), self.cr.savepoint():
            self._as(self.sara, self.env["sale.order.line"]).create(line)
        order.action_confirm()
        with self.assertRaisesRegex(UserError, "two lines of order"), self.cr.savepoint():
            self._as(self.sara, self.env["sale.order.line"]).create(line)
        second = self._as(self.sara, self.env["sale.order.line"]).create(
            dict(line, dealer_vehicle_id=other.id)
        )
        with self.assertRaisesRegex(UserError, "two lines of order"), self.cr.savepoint():
            second.dealer_vehicle_id = vehicle
        self.assertEqual(order.dealer_vehicle_ids, vehicle | other)

    def test_an_order_may_sell_a_car_again_that_came_back(self):
        vehicle = self._stock()
        order = self._sell(vehicle)
        self._return(self._deliver(order))
        line = self._as(self.sara, self.env["sale.order.line"]).create(
            {"order_id": order.id, "dealer_vehicle_id": vehicle.id}
        )
        self.assertTrue(line.dealer_vehicle_held)
