"""Two people scan the same count at the same moment: real transactions on committed data.

Commits are what is tested here, hence ``invalid-commit`` is disabled line by line.
"""

import threading
import time
from contextlib import closing

import psycopg2

from odoo import api
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.tests import tagged
from odoo.tests.common import BaseCase, get_db_name
from odoo.tools import mute_logger

TIMEOUT = 60
TRIES = 5
STRANGER = "LSVAU2182T2990019"


@tagged("post_install", "-at_install")
class TestScanTogether(BaseCase):
    """Data are committed here, so every test removes what it made."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.registry = Registry(get_db_name())

    def setUp(self):
        super().setUp()
        with closing(self.registry.cursor()) as cr:
            self._make_data(self._env(cr))
            cr.commit()  # pylint: disable=invalid-commit
        self.addCleanup(self._clean)

    def _env(self, cr):
        return api.Environment(
            cr, api.SUPERUSER_ID, {"tracking_disable": True, "mail_create_nolog": True}
        )

    def _make_data(self, env):
        """Six cars in a store of their own, and an open count of it."""
        warehouse = env["stock.warehouse"].create({"name": "Hurry", "code": "HURRY"})
        brand = env["fleet.vehicle.model.brand"].create({"name": "Hurry"})
        trim = env["fleet.vehicle.model"].create({"name": "Count at once", "brand_id": brand.id})
        cars = env["dealer.vehicle"].create(
            [{"vin": f"LGXC16AF4T888890{number}", "model_id": trim.id} for number in range(6)]
        )
        product = cars._get_or_create_product()
        for car in cars:
            car._dealer_set_lot(env["stock.lot"].create(car._prepare_lot_vals()))
        env["stock.quant"].create(
            [
                {
                    "product_id": product.id,
                    "lot_id": car.lot_id.id,
                    "location_id": warehouse._dealer_place("yard").id,
                    "quantity": 1,
                }
                for car in cars
            ]
        )
        stocktake = env["dealer.stocktake"].create({"warehouse_id": warehouse.id})
        stocktake.action_start()
        self.warehouse_id = warehouse.id
        self.place_id = warehouse._dealer_place("yard").id
        self.stocktake_id = stocktake.id
        self.vins = cars.mapped("vin")
        self.car_ids = cars.ids
        self.product = (product.id, product.product_tmpl_id.id)
        self.trim = (trim.id, brand.id)

    def _clean(self):
        """Remove the committed data, except the store, which is archived."""
        with closing(self.registry.cursor()) as cr:
            env = self._env(cr)
            cr.execute(
                "UPDATE stock_location SET dealer_stocktake_id = NULL"
                " WHERE dealer_stocktake_id = %s",
                [self.stocktake_id],
            )
            cr.execute("DELETE FROM dealer_stocktake WHERE id = %s", [self.stocktake_id])
            cr.execute("DELETE FROM stock_quant WHERE product_id = %s", [self.product[0]])
            cr.execute("DELETE FROM dealer_vehicle WHERE id IN %s", [tuple(self.car_ids)])
            cr.execute("DELETE FROM stock_lot WHERE product_id = %s", [self.product[0]])
            cr.execute(
                "UPDATE fleet_vehicle_model SET dealer_product_id = NULL WHERE id = %s",
                [self.trim[0]],
            )
            cr.execute("DELETE FROM product_product WHERE id = %s", [self.product[0]])
            cr.execute("DELETE FROM product_template WHERE id = %s", [self.product[1]])
            cr.execute("DELETE FROM fleet_vehicle_model WHERE id = %s", [self.trim[0]])
            cr.execute("DELETE FROM fleet_vehicle_model_brand WHERE id = %s", [self.trim[1]])
            env.invalidate_all()
            env["stock.warehouse"].browse(self.warehouse_id).write(
                {
                    "active": False,
                    "code": f"H{self.warehouse_id}"[:5],
                    "name": f"Hurry {time.time()}",
                }
            )
            cr.commit()  # pylint: disable=invalid-commit
        self.registry.clear_cache()

    def _scan(self, vin):
        def scan(env):
            return env["dealer.stocktake"].browse(self.stocktake_id).scan(vin, self.place_id)

        return scan

    def _together(self, *actions, tries=TRIES):
        """Run the actions at once as the web layer does: what PostgreSQL refuses is tried again."""
        ready = threading.Barrier(len(actions), timeout=TIMEOUT)
        results = [None] * len(actions)

        def run(index, action):
            for attempt in range(tries):
                with closing(self.registry.cursor()) as cr:
                    env = self._env(cr)
                    try:
                        env["dealer.stocktake"].browse(self.stocktake_id).read(["name"])  # snapshot
                        if not attempt:
                            ready.wait()
                        results[index] = action(env)
                        env.flush_all()
                        cr.commit()  # pylint: disable=invalid-commit
                        return
                    except psycopg2.OperationalError as error:
                        results[index] = error
                        cr.rollback()
                    except (psycopg2.Error, UserError) as error:
                        results[index] = error
                        cr.rollback()
                        return

        threads = [
            threading.Thread(target=run, args=(index, action))
            for index, action in enumerate(actions)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(TIMEOUT)
        return results

    def _read(self, function):
        with closing(self.registry.cursor()) as cr:
            return function(self._env(cr)["dealer.stocktake"].browse(self.stocktake_id))

    @mute_logger("odoo.sql_db")
    def test_two_people_count_six_cars_and_each_car_once(self):
        results = self._together(*(self._scan(vin) for vin in self.vins for _person in range(2)))
        statuses = [result["status"] for result in results]
        self.assertEqual((statuses.count("found"), statuses.count("again")), (6, 6), statuses)
        self.assertEqual(self._read(lambda count: (count.found_count, len(count.line_ids))), (6, 6))

    @mute_logger("odoo.sql_db")
    def test_scans_of_different_cars_do_not_wait_for_each_other(self):
        results = self._together(*(self._scan(vin) for vin in self.vins), tries=1)
        self.assertEqual([result["status"] for result in results], ["found"] * 6)

    @mute_logger("odoo.sql_db")
    def test_an_unknown_car_is_written_down_once(self):
        results = self._together(self._scan(STRANGER), self._scan(STRANGER))
        statuses = sorted(result["status"] for result in results)
        self.assertEqual(statuses, ["again", "unknown"])
        self.assertEqual(self._read(lambda count: count.unknown_count), 1)

    @mute_logger("odoo.sql_db")
    def test_nobody_scans_into_a_count_that_has_ended(self):
        def finish(env):
            env["dealer.stocktake"].browse(self.stocktake_id).action_finish()
            return {"status": "finished"}

        results = self._together(self._scan(self.vins[0]), finish)
        seen, proposal = self._read(
            lambda count: (
                count.found_count,
                count.line_ids.filtered(lambda line: line.vin == self.vins[0]).proposal,
            )
        )
        if isinstance(results[0], UserError):  # the end came first
            self.assertEqual((seen, proposal), (0, "write_off"))
        else:  # the scan came first, and the end has seen it
            self.assertEqual((seen, proposal), (1, False))

    @mute_logger("odoo.sql_db")
    def test_two_counts_of_one_place_cannot_start_at_once(self):
        def start(env):
            stocktake = env["dealer.stocktake"].create({"warehouse_id": self.warehouse_id})
            stocktake.action_start()
            self.addCleanup(self._delete, stocktake.id)
            return stocktake.id

        def cancel(env):
            env["dealer.stocktake"].browse(self.stocktake_id).action_cancel()

        self.assertEqual(self._together(cancel), [None])
        results = self._together(start, start)
        errors = [result for result in results if isinstance(result, Exception)]
        self.assertEqual(len(errors), 1, results)
        self.assertIsInstance(errors[0], UserError)

    def _delete(self, stocktake_id):
        with closing(self.registry.cursor()) as cr:
            cr.execute(
                "UPDATE stock_location SET dealer_stocktake_id = NULL"
                " WHERE dealer_stocktake_id = %s",
                [stocktake_id],
            )
            cr.execute("DELETE FROM dealer_stocktake WHERE id = %s", [stocktake_id])
            cr.commit()  # pylint: disable=invalid-commit
