"""Thirty people and the last five cars."""

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from .race_case import DONE, RaceCase

PEOPLE, CARS = 30, 5


@tagged("post_install", "-at_install")
class TestThirtyForFive(RaceCase):
    """Three salespeople at ten screens each, five cars."""

    # === THE RACE ===
    def _rush(self, action):
        """Let everybody run ``action(env, index)`` at once, the three users in turn."""
        return self._race(
            *(
                (self.user_ids[index % 3], lambda env, index=index: action(env, index))
                for index in range(PEOPLE)
            )
        )

    def _assert_five_win(self, outcomes, message):
        losers = [outcome for outcome in outcomes if outcome != DONE]
        self.assertEqual(len(losers), PEOPLE - CARS, losers)
        for loser in losers:
            self.assertIsInstance(loser, UserError)
            self.assertRegex(str(loser), message)

    # === DATA ===
    def _prepare(self, env):
        self.user_ids = [
            new_test_user(
                env, f"rush_{number}", groups="dealer_base.group_sales_consultant", lang="en_US"
            ).id
            for number in range(3)
        ]
        partner = env["res.partner"].create({"name": "Rush Partner"})
        brand = env["fleet.vehicle.model.brand"].create({"name": "Rush"})
        # a guide price, so that nobody has to approve the price of the deals
        trim = env["fleet.vehicle.model"].create(
            {
                "name": "Rush One",
                "brand_id": brand.id,
                "dealer_guide_price_ids": [
                    Command.create({"price": 120000, "date_from": "2026-01-01"})
                ],
            }
        )
        cars = env["dealer.vehicle"].create(
            [{"vin": f"LRUSH1A10TA{number:06d}", "model_id": trim.id} for number in range(CARS)]
        )
        product = cars._get_or_create_product()
        purchase = env["purchase.order"].create(
            {
                "partner_id": partner.id,
                "order_line": [
                    Command.create({"dealer_vehicle_id": car.id, "price_unit": 100}) for car in cars
                ],
            }
        )
        purchase.button_confirm()
        purchase.picking_ids.move_ids.picked = True
        purchase.picking_ids.button_validate()
        customers = env["res.partner"].create(
            [{"name": f"Rush {number}"} for number in range(PEOPLE)]
        )
        orders = env["sale.order"].create(
            [
                {
                    "partner_id": customer.id,
                    "user_id": self.user_ids[number % 3],
                    "order_line": [Command.create({"product_id": product.id})],
                }
                for number, customer in enumerate(customers)
            ]
        )
        self.car_ids, self.order_ids = cars.ids, orders.ids
        self.customer_ids = customers.ids

    # === TESTS ===
    def test_five_of_thirty_hold_the_last_five_cars(self):
        def hold(env, index):
            env["dealer.vehicle.hold"].create(
                {
                    "vehicle_id": self.car_ids[index % CARS],
                    "partner_id": self.customer_ids[index],
                }
            )

        self._assert_five_win(self._rush(hold), "is held by rush_")
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT array_agg(DISTINCT vehicle_id), count(*) FROM dealer_vehicle_hold"
                " WHERE state = 'active' AND vehicle_id = ANY(%s)",
                [self.car_ids],
            )
            vehicle_ids, count = cr.fetchone()
        self.assertEqual((sorted(vehicle_ids), count), (sorted(self.car_ids), CARS))

    def test_thirty_orders_get_the_last_five_cars(self):
        """The button of the board: each order asks for the best car that is still free."""
        with self._committing() as env:
            env["sale.order"].browse(self.order_ids).action_confirm()

        def allocate(env, index):
            env["sale.order"].browse(self.order_ids[index]).order_line.action_dealer_allocate()

        self._assert_five_win(
            self._rush(allocate), "There is no free car of|are being given to other orders"
        )
        with self._committing() as env:
            lines = env["sale.order"].browse(self.order_ids).order_line
            served = lines.filtered("dealer_vehicle_held")
            self.assertEqual(len(served), CARS)
            self.assertEqual(sorted(served.dealer_vehicle_id.ids), sorted(self.car_ids))
            for line in served:
                self.assertEqual(line.move_ids.move_line_ids.lot_id, line.dealer_vehicle_id.lot_id)
            reserved = env["dealer.vehicle"].browse(self.car_ids).lot_id.quant_ids
            self.assertEqual(sum(reserved.mapped("reserved_quantity")), CARS)

    def test_hold_and_order_of_another_customer_exclude_each_other(self):
        """Fifteen hold, fifteen confirm orders that name the same five cars."""
        with self._committing() as env:
            for index, order in enumerate(env["sale.order"].browse(self.order_ids)):
                order.order_line.dealer_vehicle_id = self.car_ids[index % CARS]

        def promise(env, index):
            if index % 2:
                env["sale.order"].browse(self.order_ids[index]).action_confirm()
            else:
                env["dealer.vehicle.hold"].create(
                    {
                        "vehicle_id": self.car_ids[index % CARS],
                        "partner_id": self.customer_ids[index],
                    }
                )

        self._assert_five_win(self._rush(promise), "is held by|is reserved by order")
        with self._committing() as env:
            for car in env["dealer.vehicle"].browse(self.car_ids):
                promises = len(car.hold_id) + len(car.sale_line_ids.filtered("dealer_vehicle_held"))
                self.assertEqual(promises, 1, car.vin)
