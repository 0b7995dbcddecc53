"""Two people press the button at the same moment; see ``RaceCase`` for how."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from odoo.addons.dealer_vehicle.tests.common import GATES_OFF
from odoo.addons.dealer_vehicle.tests.race_case import DONE, RaceCase


class PairCase(RaceCase):
    """Two of each role, and two cars."""

    def assertOneWins(self, outcomes):
        """One press succeeds, the other reads a message that says what happened."""
        losers = [outcome for outcome in outcomes if outcome != DONE]
        self.assertEqual(len(losers), len(outcomes) - 1, outcomes)
        for loser in losers:
            self.assertIsInstance(loser, UserError)
            self.assertNotIsInstance(loser, AccessError)
            self.assertRegex(str(loser), r"(?i)\bcar\b|\bvin\b|TA00000", "the message names no car")

    # === DATA ===

    def _prepare(self, env):
        people = {
            "sara": "sales_consultant",
            "tom": "sales_consultant",
            "stan": "stock_keeper",
            "stella": "stock_keeper",
            "max": "sales_manager",
            "mona": "sales_manager",
        }
        self.users = {
            name: new_test_user(
                env, f"race_{name}", groups=f"dealer_base.group_{group}", lang="en_US"
            ).id
            for name, group in people.items()
        }
        brand = env["fleet.vehicle.model.brand"].create({"name": "Race"})
        self.trim = env["fleet.vehicle.model"].create({"name": "Race One", "brand_id": brand.id}).id
        self.partner = env["res.partner"].create({"name": "Race Partner"}).id
        self.car = self._new_car(env, "LRACE1A10TA000001")
        self.other_car = self._new_car(env, "LRACE1A10TA000002")

    def _new_car(self, env, vin):
        car = env["dealer.vehicle"].create(
            {"vin": vin, "model_id": self.trim, "asking_price": 120000}
        )
        car._get_or_create_product()
        return car.id

    def _purchase(self, env, car_id):
        car = env["dealer.vehicle"].browse(car_id)
        return env["purchase.order"].create(
            {
                "partner_id": self.partner,
                "order_line": [
                    Command.create(
                        {
                            "dealer_vehicle_id": car.id,
                            "product_id": car.product_id.id,
                            "product_qty": 1,
                            "price_unit": 100000,
                        }
                    )
                ],
            }
        )

    def _receive(self, env, purchase):
        purchase.button_confirm()
        picking = purchase.picking_ids
        picking.move_ids.picked = True
        picking.button_validate()
        return picking

    def _quotation(self, env, car_id, login):
        car = env["dealer.vehicle"].browse(car_id)
        return (
            env["sale.order"]
            .with_user(self.users[login])
            .create(
                {
                    "partner_id": self.partner,
                    "dealer_deviation_reason_id": env.ref(
                        "dealer_vehicle.dealer_deviation_reason_other"
                    ).id,
                    "order_line": [
                        Command.create(
                            {
                                "dealer_vehicle_id": car.id,
                                "product_id": car.product_id.id,
                                "product_uom_qty": 1,
                                "price_unit": 120000,
                            }
                        )
                    ],
                }
            )
            .id
        )


@tagged("post_install", "-at_install")
class TestTwoSellers(PairCase):
    """Sara and Tom sell the same car."""

    def setUp(self):
        super().setUp()
        with self._committing() as env:
            for car_id in (self.car, self.other_car):
                self._receive(env, self._purchase(env, car_id))
            self.sara_order = self._quotation(env, self.car, "sara")
            self.tom_order = self._quotation(env, self.car, "tom")
            self.gates = env.company.read(list(GATES_OFF), load=None)[0]
            env.company.write(GATES_OFF)  # here a delivery is just a delivery
        self.addCleanup(self._close_gates)

    def _close_gates(self):
        with self._committing() as env:
            env.company.write({name: self.gates[name] for name in GATES_OFF})

    def test_one_car_is_reserved_by_one_order(self):
        outcomes = self._race(
            (self.users["sara"], lambda env: self._confirm(env, self.sara_order)),
            (self.users["tom"], lambda env: self._confirm(env, self.tom_order)),
        )
        self.assertOneWins(outcomes)
        with self._committing() as env:
            orders = env["sale.order"].browse([self.sara_order, self.tom_order])
            self.assertEqual(sorted(orders.mapped("state")), ["draft", "sale"])
            car = env["dealer.vehicle"].browse(self.car)
            self.assertEqual(car.status, "reserved")
            self.assertEqual(sum(car.lot_id.quant_ids.mapped("reserved_quantity")), 1)

    def test_two_cars_of_the_same_product_are_reserved_side_by_side(self):
        with self._committing() as env:
            line = env["sale.order"].browse(self.tom_order).order_line
            line.dealer_vehicle_id = self.other_car
        outcomes = self._race(
            (self.users["sara"], lambda env: self._confirm(env, self.sara_order)),
            (self.users["tom"], lambda env: self._confirm(env, self.tom_order)),
        )
        # also the first contracts of the store's year, whose numbers have no gaps
        self.assertEqual(outcomes, [DONE, DONE])
        with self._committing() as env:
            for order_id, car_id in (
                (self.sara_order, self.car),
                (self.tom_order, self.other_car),
            ):
                reserved = env["sale.order"].browse(order_id).picking_ids.move_line_ids.lot_id
                self.assertEqual(reserved, env["dealer.vehicle"].browse(car_id).lot_id)

    def test_car_is_not_allocated_to_two_confirmed_orders(self):
        with self._committing() as env:
            product = env["dealer.vehicle"].browse(self.car)._get_or_create_product()
            orders = env["sale.order"].browse([self.sara_order, self.tom_order])
            for line in orders.order_line:  # both wait for a car of the trim
                line.write({"dealer_vehicle_id": False, "product_id": product.id})
            orders.action_confirm()
        outcomes = self._race(
            (self.users["sara"], lambda env: self._allocate(env, self.sara_order)),
            (self.users["tom"], lambda env: self._allocate(env, self.tom_order)),
        )
        self.assertOneWins(outcomes)
        with self._committing() as env:
            lines = env["sale.order.line"].search([("dealer_vehicle_id", "=", self.car)])
            self.assertEqual(len(lines), 1)

    def test_car_leaves_once_when_two_keepers_deliver(self):
        with self._committing() as env:
            order = env["sale.order"].browse(self.sara_order)
            order.action_confirm()
            picking_id = order.picking_ids.id
        outcomes = self._race(
            (self.users["stan"], lambda env: self._validate(env, picking_id)),
            (self.users["stella"], lambda env: self._validate(env, picking_id)),
        )
        self.assertIn(DONE, outcomes)
        self._assert_quantities(self.car, internal=0, customer=1)

    def _confirm(self, env, order_id):
        env["sale.order"].browse(order_id).action_confirm()

    def _allocate(self, env, order_id):
        env["sale.order"].browse(order_id).order_line.dealer_vehicle_id = self.car

    def _validate(self, env, picking_id):
        picking = env["stock.picking"].browse(picking_id)
        picking.move_ids.picked = True
        picking.button_validate()

    def _assert_quantities(self, car_id, **expected):
        with self._committing() as env:
            quants = env["dealer.vehicle"].browse(car_id).lot_id.quant_ids
            for usage, quantity in expected.items():
                found = quants.filtered(lambda quant, u=usage: quant.location_id.usage == u)
                self.assertEqual(sum(found.mapped("quantity")), quantity, usage)


@tagged("post_install", "-at_install")
class TestTwoBuyers(PairCase):
    """Max and Mona buy, Stan and Stella receive, the same car."""

    def test_one_car_is_expected_on_one_purchase_order(self):
        with self._committing() as env:
            order_ids = [self._purchase(env, self.car).id for _n in range(2)]
        outcomes = self._race(
            (self.users["max"], lambda env: self._confirm(env, order_ids[0])),
            (self.users["mona"], lambda env: self._confirm(env, order_ids[1])),
        )
        self.assertOneWins(outcomes)

    def test_one_vin_becomes_one_car(self):
        vin = "LRACE1A10TA000009"
        outcomes = self._race(
            (self.users["max"], lambda env: self._register(env, vin)),
            (self.users["mona"], lambda env: self._register(env, vin)),
        )
        self.assertOneWins(outcomes)

    def test_car_arrives_once_when_two_keepers_receive(self):
        with self._committing() as env:
            order = self._purchase(env, self.car)
            order.button_confirm()
            picking_id = order.picking_ids.id
        outcomes = self._race(
            (self.users["stan"], lambda env: self._validate(env, picking_id)),
            (self.users["stella"], lambda env: self._validate(env, picking_id)),
        )
        self.assertIn(DONE, outcomes)
        with self._committing() as env:
            car = env["dealer.vehicle"].browse(self.car)
            self.assertEqual(car.status, "in_stock")
            inside = car.lot_id.quant_ids.filtered(
                lambda quant: quant.location_id.usage == "internal"
            )
            self.assertEqual(sum(inside.mapped("quantity")), 1)
            self.assertEqual(env["stock.lot"].search_count([("name", "=", "LRACE1A10TA000001")]), 1)

    def test_one_vin_typed_on_two_receipts_arrives_once(self):
        """Two cars were ordered without VIN; both keepers type the same one."""
        vin = "LRACE1A10TA000007"
        with self._committing() as env:
            orders = env["purchase.order"]
            for _n in range(2):
                orders += self._purchase(env, self._new_car(env, False))
            orders.button_confirm()
            picking_ids = [order.picking_ids.id for order in orders]
        outcomes = self._race(
            (self.users["stan"], lambda env: self._validate(env, picking_ids[0], vin)),
            (self.users["stella"], lambda env: self._validate(env, picking_ids[1], vin)),
        )
        self.assertOneWins(outcomes)
        with self._committing() as env:
            lot = env["stock.lot"].search([("name", "=", vin)])
            self.assertEqual(len(lot), 1)
            self.assertEqual(lot.product_qty, 1)
            self.assertEqual(len(env["dealer.vehicle"].search([("vin", "=", vin)])), 1)

    def _confirm(self, env, order_id):
        env["purchase.order"].browse(order_id).button_confirm()

    def _register(self, env, vin):
        env["dealer.vehicle"].create({"vin": vin, "model_id": self.trim})

    def _validate(self, env, picking_id, vin=None):
        picking = env["stock.picking"].browse(picking_id)
        if vin:
            picking.move_line_ids.lot_name = vin
        picking.move_ids.picked = True
        picking.button_validate()
