"""Two people press the button at the same moment: real transactions on committed data.

Commits are what is tested here, hence ``invalid-commit`` is disabled line by line.
"""

import threading
from contextlib import closing

import psycopg2

from odoo import api
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.tests import tagged
from odoo.tests.common import BaseCase, get_db_name
from odoo.tools import mute_logger

from .common import GATES_OFF

TIMEOUT = 30


@tagged("post_install", "-at_install")
class TestConcurrency(BaseCase):
    """Data are committed here, so every test removes what it made."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.registry = Registry(get_db_name())

    def setUp(self):
        super().setUp()
        with closing(self.registry.cursor()) as cr:
            env = self._env(cr)
            self.ids = self._make_data(env)
            cr.commit()  # pylint: disable=invalid-commit
        self.addCleanup(self._clean)

    def _env(self, cr):
        return api.Environment(
            cr, api.SUPERUSER_ID, {"tracking_disable": True, "mail_create_nolog": True}
        )

    def _make_data(self, env):
        """Two quotations for one car that is in stock; ids by model, newest first."""
        self.gates = env.company.read(list(GATES_OFF), load=None)[0]
        env.company.write(GATES_OFF)
        warehouse = env["stock.warehouse"].search([("company_id", "=", env.company.id)], limit=1)
        brand = env["fleet.vehicle.model.brand"].create({"name": "Hurry"})
        trim = env["fleet.vehicle.model"].create({"name": "Two at once", "brand_id": brand.id})
        vehicle = env["dealer.vehicle"].create({"vin": "LGXC16AF4T8888888", "model_id": trim.id})
        product = vehicle._get_or_create_product()
        lot = env["stock.lot"].create(vehicle._prepare_lot_vals())
        vehicle._dealer_set_lot(lot)
        quant = env["stock.quant"].create(
            {
                "product_id": product.id,
                "lot_id": lot.id,
                "location_id": warehouse.lot_stock_id.id,
                "quantity": 1,
            }
        )
        partner = env["res.partner"].create({"name": "Hurried customer"})
        orders = env["sale.order"].create(
            [
                {
                    "partner_id": partner.id,
                    "warehouse_id": warehouse.id,
                    "order_line": [(0, 0, {"dealer_vehicle_id": vehicle.id, "price_unit": 100})],
                }
                for _i in range(2)
            ]
        )
        self.order_ids = orders.ids
        self.vehicle_id = vehicle.id
        return {
            "dealer_vehicle": [vehicle.id],
            "stock_quant": [quant.id],
            "stock_lot": [lot.id],
            "product_product": [product.id],
            "product_template": [product.product_tmpl_id.id],
            "res_partner": [partner.id],
            "fleet_vehicle_model": [trim.id],
            "fleet_vehicle_model_brand": [brand.id],
        }

    def _clean(self):
        """Remove the committed data, transfers first."""
        with closing(self.registry.cursor()) as cr:
            env = self._env(cr)
            env["res.company"].browse(self.gates.pop("id")).write(self.gates)
            products = tuple(self.ids["product_product"])
            cr.execute("DELETE FROM stock_move_line WHERE product_id IN %s", [products])
            cr.execute(
                "DELETE FROM stock_move WHERE product_id IN %s RETURNING picking_id", [products]
            )
            pickings = tuple({row[0] for row in cr.fetchall() if row[0]}) or (0,)
            cr.execute("DELETE FROM stock_picking WHERE id IN %s", [pickings])
            cr.execute("DELETE FROM stock_quant WHERE product_id IN %s", [products])
            cr.execute("DELETE FROM dealer_vehicle_owner WHERE vehicle_id = %s", [self.vehicle_id])
            cr.execute(
                "UPDATE dealer_vehicle SET sale_line_id = NULL, purchase_line_id = NULL"
                " WHERE id = %s",
                [self.vehicle_id],
            )
            cr.execute(
                "UPDATE fleet_vehicle_model SET dealer_product_id = NULL WHERE id IN %s",
                [tuple(self.ids["fleet_vehicle_model"])],
            )
            cr.execute("DELETE FROM sale_order WHERE id IN %s", [tuple(self.order_ids)])
            cr.execute(
                "DELETE FROM purchase_order WHERE partner_id = %s", [self.ids["res_partner"][0]]
            )
            for table, ids in self.ids.items():
                cr.execute(f"DELETE FROM {table} WHERE id IN %s", [tuple(ids)])
            env.invalidate_all()
            cr.commit()  # pylint: disable=invalid-commit
        self.registry.clear_cache()

    def _together(self, *actions):
        """Run each action in its own transaction at the same time; return what they raised.

        Every transaction reads before anybody writes, as two browsers do. The winner commits
        while the loser waits for the lock.
        """
        ready = threading.Barrier(len(actions), timeout=TIMEOUT)
        results = [None] * len(actions)

        def run(index, action):
            with closing(self.registry.cursor()) as cr:
                try:
                    env = self._env(cr)
                    env["dealer.vehicle"].browse(self.vehicle_id).read(["vin"])  # snapshot
                    ready.wait()
                    action(env)
                    env.flush_all()
                    cr.commit()  # pylint: disable=invalid-commit
                except (psycopg2.Error, UserError) as error:
                    results[index] = error
                    cr.rollback()

        threads = [
            threading.Thread(target=run, args=(index, action))
            for index, action in enumerate(actions)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(TIMEOUT)
        return results

    def _confirm(self, order_id):
        return lambda env: env["sale.order"].browse(order_id).action_confirm()

    def _read(self, function):
        with closing(self.registry.cursor()) as cr:
            return function(self._env(cr))

    @mute_logger("odoo.sql_db")
    def test_two_orders_cannot_reserve_one_car(self):
        results = self._together(*(self._confirm(order_id) for order_id in self.order_ids))
        errors = [error for error in results if error]
        self.assertEqual(len(errors), 1, results)
        self.assertIsInstance(errors[0], psycopg2.Error)
        states = self._read(lambda env: env["sale.order"].browse(self.order_ids).mapped("state"))
        self.assertEqual(sorted(states), ["draft", "sale"])

    @mute_logger("odoo.sql_db")
    def test_the_loser_is_told_who_has_the_car(self):
        """The web layer runs a refused transaction again: then the check names the order."""
        self._together(*(self._confirm(order_id) for order_id in self.order_ids))
        with closing(self.registry.cursor()) as cr:
            env = self._env(cr)
            orders = env["sale.order"].browse(self.order_ids)
            winner = orders.filtered(lambda order: order.state == "sale")
            with self.assertRaisesRegex(UserError, winner.name):
                (orders - winner).action_confirm()
            cr.rollback()

    def test_the_index_itself_says_what_to_do(self):
        """Should the check be passed by, the database message is one that people understand."""
        objects = {
            obj.full_name(env_model): obj
            for env_model in [self.registry["sale.order.line"]]
            for obj in env_model._table_objects.values()
        }
        message = objects["sale_order_line_dealer_vehicle_held_unique"].message
        self.assertIn("Choose another car", str(message))

    @mute_logger("odoo.sql_db")
    def test_one_car_cannot_be_delivered_twice(self):
        self._commit(self._confirm(self.order_ids[0]))

        def deliver(env):
            picking = env["sale.order"].browse(self.order_ids[0]).picking_ids
            picking.move_ids.picked = True
            picking.button_validate()

        results = self._together(deliver, deliver)
        self.assertEqual(len([error for error in results if error]), 1, results)
        quantity = self._read(
            lambda env: sum(
                env["stock.quant"]
                .search(
                    [
                        ("product_id", "in", self.ids["product_product"]),
                        ("location_id.usage", "=", "customer"),
                    ]
                )
                .mapped("quantity")
            )
        )
        self.assertEqual(quantity, 1)

    @mute_logger("odoo.sql_db")
    def test_one_car_cannot_be_expected_on_two_orders(self):
        def take_out(env):
            """The car leaves the stock first, so that it can be bought again."""
            order = env["sale.order"].browse(self.order_ids[0])
            order.action_confirm()
            order.picking_ids.move_ids.picked = True
            order.picking_ids.button_validate()

        self._commit(take_out)

        def buy(env):
            env["purchase.order"].create(
                {
                    "partner_id": self.ids["res_partner"][0],
                    "order_line": [
                        (0, 0, {"dealer_vehicle_id": self.vehicle_id, "price_unit": 50})
                    ],
                }
            ).button_confirm()

        results = self._together(buy, buy)
        self.assertEqual(len([error for error in results if error]), 1, results)

    @mute_logger("odoo.sql_db")
    def test_one_vin_cannot_be_entered_twice(self):
        def enter(env):
            env["dealer.vehicle"].create(
                {
                    "vin": "LGXC16AF4T8888889",
                    "model_id": self.ids["fleet_vehicle_model"][0],
                }
            )

        results = self._together(enter, enter)
        self.addCleanup(
            self._commit,
            lambda env: env["dealer.vehicle"].search([("vin", "=", "LGXC16AF4T8888889")]).unlink(),
        )
        self.assertEqual(len([error for error in results if error]), 1, results)

    @mute_logger("odoo.sql_db")
    def test_two_people_cannot_give_two_customers_the_same_car(self):
        """Re-allocation races with a new order for the same car."""

        def free(env):
            env["sale.order"].browse(self.order_ids[0]).order_line.dealer_vehicle_id = False
            env["sale.order"].browse(self.order_ids[0]).order_line.product_id = self.ids[
                "product_product"
            ][0]
            env["sale.order"].browse(self.order_ids[0]).action_confirm()

        self._commit(free)

        def allocate(env):
            line = env["sale.order"].browse(self.order_ids[0]).order_line
            line.action_reallocate(self.vehicle_id)

        results = self._together(allocate, self._confirm(self.order_ids[1]))
        self.assertEqual(len([error for error in results if error]), 1, results)

    def _commit(self, action):
        with closing(self.registry.cursor()) as cr:
            env = self._env(cr)
            action(env)
            env.flush_all()
            cr.commit()  # pylint: disable=invalid-commit
