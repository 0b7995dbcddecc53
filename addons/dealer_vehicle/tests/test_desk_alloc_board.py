from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import DealerVehicleCommon


@tagged("post_install", "-at_install")
class TestAllocationBoard(DealerVehicleCommon):
    """Orders without car meet cars without order."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tom = cls._create_person("tom", "sales_consultant")
        attribute = cls.env["dealer.vehicle"]._dealer_color_attribute("exterior")
        cls.white, cls.black, cls.red = cls.env["product.attribute.value"].create(
            [{"name": name, "attribute_id": attribute.id} for name in ("White", "Black", "Red")]
        )
        cls.product = cls.trim._dealer_get_or_create_product()

    def _arrive(self, *colors, days_ago=0):
        """Cars of these colours in stock, the first being the oldest."""
        cars = self.env["dealer.vehicle"].create(
            [
                {
                    "model_id": self.trim.id,
                    "vin": self._new_vin(),
                    "exterior_color_id": color.id,
                }
                for color in colors
            ]
        )
        self._receive(self._buy(cars))
        for age, car in enumerate(reversed(cars)):
            moves = car.lot_id.sudo().quant_ids.product_id.stock_move_ids.filtered(
                lambda move, car=car: car.lot_id in move.move_line_ids.lot_id
            )
            moves.date = f"2026-03-{28 - age:02d} 02:00:00"
            car._dealer_facts_changed()
        return cars

    def _order(self, *wishes, partner=None, user=None, **vals):
        """A confirmed order of the trim, without a car."""
        order = self._as(user or self.sara, self.env["sale.order"]).create(
            {
                "partner_id": (partner or self.customer).id,
                "dealer_deviation_reason_id": self.price_reason.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.product.id,
                            "price_unit": 110000,
                            "tax_ids": [Command.clear()],
                            **{
                                f"dealer_color_wish_{number}_id": color.id
                                for number, color in enumerate(wishes, 1)
                            },
                            **vals,
                        }
                    )
                ],
            }
        )
        order.action_confirm()
        return order.order_line

    # === WAITING ===
    def test_confirmed_order_of_a_trim_waits_until_it_has_a_car(self):
        line = self._order()
        self.assertTrue(line.dealer_awaits_car)
        self.assertEqual(line.order_id.dealer_awaiting_count, 1)
        car = self._arrive(self.white)
        line.action_dealer_allocate()
        self.assertRecordValues(
            line,
            [
                {
                    "dealer_vehicle_id": car.id,
                    "dealer_awaits_car": False,
                    "dealer_vehicle_held": True,
                    "price_unit": 110000,
                }
            ],
        )
        self.assertEqual(car.status, "reserved")

    def test_quotations_and_accessories_do_not_wait(self):
        mat = self.env["product.product"].create({"name": "Floor mat", "type": "consu"})
        line = self._order()
        quotation = line.order_id.copy()
        line.order_id.order_line = [Command.create({"product_id": mat.id})]
        self.assertFalse(quotation.order_line.dealer_awaits_car)
        self.assertEqual(line.order_id.order_line.mapped("dealer_awaits_car"), [True, False])

    def test_wishes_are_entered_in_the_order_form(self):
        with Form(self._as(self.sara, self.env["sale.order"])) as form:
            form.partner_id = self.customer
            with form.order_line.new() as line:
                line.product_id = self.product
                line.dealer_color_wish_1_id = self.black
                line.dealer_color_wish_2_id = self.white
        line = form.record.order_line
        self.assertEqual(line._dealer_get_color_wishes(), self.black | self.white)

    def test_delivered_order_of_a_trim_waits_no_more(self):
        car = self._arrive(self.white)
        line = self._order()
        picking = line.order_id.sudo().picking_ids
        picking.move_ids._action_assign()
        self.env["stock.move.line"].create(
            dict(picking.move_ids._prepare_move_line_vals(quantity=1), lot_id=car.lot_id.id)
        )
        self._validate(self._as(self.ken, picking))
        self.assertRecordValues(line, [{"dealer_awaits_car": False, "dealer_vehicle_id": car.id}])

    # === MATCHES ===
    def _colors(self, line):
        matches = line._dealer_get_matches()[line.id]
        cars = self.env["dealer.vehicle"].browse(match.vehicle_id for match in matches)
        return [car.exterior_color_id.name for car in cars], [match.wish for match in matches]

    def test_wished_colours_go_first_and_other_colours_last(self):
        self._arrive(self.white, self.red, self.black)
        line = self._order(self.black, self.red)
        self.assertEqual(self._colors(line), (["Black", "Red", "White"], [1, 2, 9]))

    def test_oldest_car_goes_first_without_a_wish(self):
        cars = self._arrive(self.white, self.red, self.black)
        line = self._order()
        matches = line._dealer_get_matches()[line.id]
        self.assertEqual([match.vehicle_id for match in matches], cars.ids)
        self.assertEqual({match.wish for match in matches}, {0})

    def test_incoming_cars_come_after_cars_in_stock(self):
        incoming = self._create_vehicle(exterior_color_id=self.white.id, vin=False)
        self._buy(incoming)
        here = self._arrive(self.white)
        line = self._order(self.white)
        matches = line._dealer_get_matches()[line.id]
        self.assertEqual([match.vehicle_id for match in matches], [here.id, incoming.id])
        self.assertEqual([match.place for match in matches], [0, 2])

    def test_incoming_car_can_be_allocated(self):
        incoming = self._create_vehicle(vin=False)
        purchase = self._buy(incoming)
        line = self._order()
        line.action_dealer_allocate()
        self.assertEqual(line.dealer_vehicle_id, incoming)
        self.assertFalse(self._order()._dealer_get_matches().popitem()[1])
        picking = self._as(self.ken, purchase.sudo().picking_ids)
        picking.move_line_ids.lot_name = self._new_vin()
        self._validate(picking)
        self.assertEqual(incoming.status, "reserved")

    def test_own_store_goes_before_another(self):
        other = self.env["stock.warehouse"].create(
            {"name": "North", "code": "NO", "company_id": self.company.id}
        )
        far, near = self._arrive(self.white, self.white)
        far.lot_id.sudo().quant_ids.filtered(lambda quant: quant.quantity > 0).move_quants(
            other.lot_stock_id
        )
        self.assertEqual(far.warehouse_id, other)
        line = self._order()
        matches = line._dealer_get_matches()[line.id]
        self.assertEqual([match.vehicle_id for match in matches], [near.id, far.id])

    def test_blocked_sold_and_foreign_cars_do_not_match(self):
        blocked, sold, unwanted, free = self._arrive(*[self.white] * 4)
        blocked.write({"blocked": True, "block_reason": "scratched"})
        unwanted.for_sale = False
        self._sell(sold)
        self._create_vehicle()  # in nobody's stock
        line = self._order()
        self.assertEqual(
            [match.vehicle_id for match in line._dealer_get_matches()[line.id]], free.ids
        )

    def test_held_car_matches_its_customer_only(self):
        car = self._arrive(self.white)
        self._as(self.tom, self.env["dealer.vehicle.hold"]).create(
            {"vehicle_id": car.id, "partner_id": self.other_customer.id}
        )
        line = self._order()
        own = self._order(partner=self.other_customer, user=self.tom)
        self.assertFalse(line._dealer_get_matches()[line.id])
        self.assertEqual(len(own._dealer_get_matches()[own.id]), 1)
        with self.assertRaisesRegex(UserError, "held by Tom"):
            line.action_dealer_allocate(car.id)

    # === ALLOCATE ===
    def test_button_takes_no_colour_that_was_not_asked_for(self):
        car = self._arrive(self.red)
        line = self._order(self.white)
        with self.assertRaisesRegex(UserError, "colour that the customer asked for"):
            line.action_dealer_allocate()
        line.action_dealer_allocate(car.id)
        self.assertEqual(line.dealer_vehicle_id, car)

    def test_no_car_says_that_the_order_stays_in_the_queue(self):
        with self.assertRaisesRegex(UserError, "stays in the queue"):
            self._order().action_dealer_allocate()

    def test_line_of_three_cars_must_be_split(self):
        self._arrive(self.white)
        line = self._order(product_uom_qty=3)
        with self.assertRaisesRegex(UserError, "3 cars"):
            line.action_dealer_allocate()

    def test_allocated_order_is_not_allocated_again(self):
        self._arrive(self.white, self.white)
        line = self._order()
        line.action_dealer_allocate()
        with self.assertRaisesRegex(UserError, "does not wait"):
            line.action_dealer_allocate()

    def test_colleague_cannot_allocate_my_order(self):
        self._arrive(self.white)
        line = self._order()
        with self.assertRaises(AccessError):
            self._as(self.tom, line).action_dealer_allocate()

    def test_allocation_is_told_on_the_order(self):
        car = self._arrive(self.white)
        line = self._order()
        line.action_dealer_allocate()
        self.assertIn(car.display_name, line.order_id.message_ids[0].body)

    # === QUEUE ===
    def test_queue_is_by_priority_then_date(self):
        first, second, third = self._order(), self._order(), self._order()
        for number, line in enumerate((first, second, third), 1):
            line.sudo().order_id.date_order = f"2026-03-0{number} 02:00:00"
        self.assertEqual((first | second | third).mapped("dealer_queue_position"), [1, 2, 3])
        self._as(self.max, third).dealer_allocation_priority = "1"
        self.env.invalidate_all()
        self.assertEqual((first | second | third).mapped("dealer_queue_position"), [2, 3, 1])

    def test_only_a_manager_puts_orders_first(self):
        line = self._order()
        with self.assertRaisesRegex(UserError, "Only a sales manager"):
            line.dealer_allocation_priority = "2"
        with self.assertRaisesRegex(UserError, "Only a sales manager"):
            self._order(dealer_allocation_priority="1")

    # === SWAP ===
    def _swap(self, line, other, reason="wedding on Saturday", user=None):
        Wizard = self._as(user or self.max, self.env["dealer.allocation.swap"])
        form = Form(Wizard.with_context(**line.action_dealer_open_swap()["context"]))
        if other:
            form.other_line_id = other
        form.reason = reason
        form.save().action_swap()

    def _two_orders(self):
        cars = self._arrive(self.white, self.black)
        one = self._order()
        two = self._order(partner=self.other_customer, user=self.tom)
        one.action_dealer_allocate(cars[0].id)
        two.action_dealer_allocate(cars[1].id)
        return one, two, cars

    def test_two_orders_exchange_their_cars(self):
        one, two, cars = self._two_orders()
        self._swap(one, two)
        self.assertRecordValues(
            one | two,
            [
                {"dealer_vehicle_id": cars[1].id, "dealer_vehicle_held": True},
                {"dealer_vehicle_id": cars[0].id, "dealer_vehicle_held": True},
            ],
        )
        for line in (one, two):
            reserved = line.sudo().move_ids.move_line_ids.lot_id
            self.assertEqual(reserved, line.sudo().dealer_vehicle_id.lot_id)
            self.assertIn("wedding on Saturday", line.order_id.message_ids[0].body)
        self.assertEqual(set(cars.mapped("status")), {"reserved"})

    def test_car_goes_to_an_order_that_waits(self):
        one, _two, cars = self._two_orders()
        waiting = self._order(partner=self.other_customer)
        self._swap(one, waiting)
        self.assertRecordValues(
            one | waiting,
            [
                {"dealer_vehicle_id": False, "dealer_awaits_car": True},
                {"dealer_vehicle_id": cars[0].id, "dealer_awaits_car": False},
            ],
        )

    def test_car_becomes_free_without_another_order(self):
        one, _two, cars = self._two_orders()
        self._swap(one, None, "customer prefers to wait")
        self.assertTrue(one.dealer_awaits_car)
        self.assertEqual(cars[0].status, "in_stock")

    def test_queue_does_not_take_a_car_during_an_exchange(self):
        one, two, cars = self._two_orders()
        waiting = (
            self._as(self.sara, self.env["dealer.vehicle.hold"])
            .with_context(dealer_hold_wait=True)
            .create({"vehicle_id": cars[0].id, "partner_id": self.customer.id})
        )
        self._swap(two, one)
        self.assertEqual(two.dealer_vehicle_id, cars[0])
        self.assertEqual(waiting.state, "waiting")

    def test_exchange_needs_a_reason_and_a_manager(self):
        one, two, _cars = self._two_orders()
        with self.assertRaisesRegex(UserError, "reason"):
            self._as(self.max, one)._dealer_swap_cars(self._as(self.max, two), " ")
        with self.assertRaisesRegex(UserError, "Only a sales manager"):
            one._dealer_swap_cars(one.browse(), "mine")

    def test_invoiced_car_is_not_exchanged(self):
        one, two, _cars = self._two_orders()
        self._invoice(one.order_id)
        with self.assertRaisesRegex(UserError, "has been invoiced"):
            self._swap(one, two)

    def test_cars_of_different_trims_are_not_exchanged(self):
        one, _two, _cars = self._two_orders()
        self.product = self._create_trim("Lark 2.0T", 150000)._dealer_get_or_create_product()
        other = self._order()
        with self.assertRaisesRegex(UserError, "same trim"):
            self._as(self.max, one)._dealer_swap_cars(self._as(self.max, other), "why not")

    # === BOARD ===
    def _board(self, user=None, **kwargs):
        Line = self._as(user or self.max, self.env["sale.order.line"])
        return Line.dealer_get_allocation_board(**kwargs)

    def test_board_shows_both_sides_and_how_they_fit(self):
        cars = self._arrive(self.white, self.black)
        line = self._order(self.black)
        board = self._board()
        (row,) = board["orders"]
        self.assertEqual(row["id"], line.id)
        self.assertEqual(row["customer"], "Li Ming")
        self.assertEqual([wish["name"] for wish in row["wishes"]], ["Black"])
        self.assertEqual(row["matches"], [[cars[1].id, 1], [cars[0].id, 9]])
        self.assertEqual([car["id"] for car in board["cars"]], cars.ids)
        self.assertTrue(board["can_swap"])

    def test_consultant_sees_own_orders_with_their_true_place(self):
        first = self._order(user=self.tom)
        first.sudo().order_id.date_order = "2026-03-01 02:00:00"
        second = self._order()
        board = self._board(self.sara)
        self.assertEqual([row["id"] for row in board["orders"]], second.ids)
        self.assertEqual(board["orders"][0]["position"], 2)
        self.assertFalse(board["can_swap"])

    def test_board_of_another_company_is_empty(self):
        self._arrive(self.white)
        self._order()
        board = self._board(self.charlie)
        self.assertEqual((board["orders"], board["cars"]), ([], []))

    def test_board_can_be_searched(self):
        cars = self._arrive(self.white, self.black)
        line = self._order()
        self._order(partner=self.other_customer)
        self.assertEqual([row["id"] for row in self._board(query="Li Ming")["orders"]], line.ids)
        found = self._board(query=cars[1].vin)["cars"]
        self.assertEqual([car["id"] for car in found], cars[1].ids)
        self.assertFalse(self._board(query="nobody")["orders"])

    def test_board_of_a_store(self):
        self._arrive(self.white)
        self._order()
        other = self.env["stock.warehouse"].create(
            {"name": "North", "code": "NO", "company_id": self.company.id}
        )
        board = self._board(warehouse_id=other.id)
        self.assertEqual((board["orders"], board["cars"]), ([], []))
        board = self._board(warehouse_id=self.warehouse.id)
        self.assertEqual((len(board["orders"]), len(board["cars"])), (1, 1))

    def test_board_takes_the_same_statements_for_any_number_of_rows(self):
        def statements():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._board()
            return self.env.cr.sql_log_count - before

        self._arrive(self.white, self.black)
        self._buy(self._create_vehicle(vin=False))
        self._order(self.black)
        statements()
        few = statements()
        self._arrive(*[self.white, self.black, self.red] * 8)
        for _number in range(12):
            self._order(self.red, self.white)
        self.assertLessEqual(statements(), few)
        # lines, orders, people, products, cars, trims, colours, places, stores, purchases, holds
        # and queue with their names and rules
        self.assertLessEqual(few, 45)
