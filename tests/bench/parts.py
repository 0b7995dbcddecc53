"""Parts at average cost: a receipt and an issue of one with a long history, and of one without."""

import time

from odoo import sql_db
from odoo.api import SUPERUSER_ID, Environment

#: Two receipts, then one issue, an hour apart: the rows that years of oil filters leave behind
_HISTORY = """
    WITH made AS (
        INSERT INTO stock_move (product_id, product_uom, company_id, state, date, location_id,
                                location_dest_id, product_uom_qty, product_qty, quantity, value,
                                is_in, is_out, is_dropship, picked, procure_method)
             SELECT %(part)s, %(uom)s, %(company)s, 'done',
                    now() AT TIME ZONE 'UTC' - (%(moves)s - n + 48) * interval '1 hour',
                    CASE WHEN n %% 3 = 2 THEN %(stock)s ELSE %(vendors)s END,
                    CASE WHEN n %% 3 = 2 THEN %(customers)s ELSE %(stock)s END,
                    2, 2, 2, 90 + n %% 20, n %% 3 <> 2, n %% 3 = 2, FALSE, TRUE, 'make_to_stock'
               FROM generate_series(0, %(moves)s - 1) n
          RETURNING id, product_id, product_uom, company_id, date, location_id, location_dest_id
    )
    INSERT INTO stock_move_line (move_id, product_id, product_uom_id, company_id, date, location_id,
                                 location_dest_id, quantity, quantity_product_uom, picked, state)
         SELECT id, product_id, product_uom, company_id, date, location_id, location_dest_id, 2, 2,
                TRUE, 'done'
           FROM made
"""


class Parts:
    """One part without history and one with; each call is a request of its own."""

    def __init__(self, registry):
        self.registry = registry
        self.parts = {}
        self.price = 50  # another one each time: the average moves

    def generate(self, moves):
        """Create the parts; the long history goes past the ORM."""
        with self.registry.cursor() as cr:
            env = Environment(cr, SUPERUSER_ID, {})
            category = env.ref("dealer_parts.product_category_maintenance")
            for name, count in (("none", 0), ("many", moves)):
                part = env["product.product"].create(
                    {"name": f"Bench {name}", "is_storable": True, "categ_id": category.id}
                )
                self.parts[name] = part.id
                env.flush_all()
                if count:
                    self._fill(env, part, count)

    def _fill(self, env, part, moves):
        cr = env.cr
        # the first cost, zero, was set before it all
        cr.execute("UPDATE product_value SET date = '2000-01-01' WHERE product_id = %s", [part.id])
        places = self._get_places(env)
        values = {name: place.id for name, place in places.items()}
        values |= {"part": part.id, "uom": part.uom_id.id, "company": env.company.id}
        cr.execute(_HISTORY, values | {"moves": moves})
        left = sum(-2 if number % 3 == 2 else 2 for number in range(moves))
        env.invalidate_all()
        env["stock.quant"]._update_available_quantity(part, places["stock"], left)

    @staticmethod
    def _get_places(env):
        warehouse = env["stock.warehouse"].search([("company_id", "=", env.company.id)], limit=1)
        return {
            "stock": warehouse.lot_stock_id,
            "vendors": env.ref("stock.stock_location_suppliers"),
            "customers": env.ref("stock.stock_location_customers"),
        }

    def measure(self):
        """Receive and issue each part once: part → step → statements and seconds."""
        self.price += 1
        steps = {"receive": ("vendors", "stock"), "issue": ("stock", "customers")}
        return {
            name: {step: self._move(part_id, step, *ways) for step, ways in steps.items()}
            for name, part_id in self.parts.items()
        }

    def _move(self, part_id, step, source, destination):
        quantity = 2 if step == "receive" else 1
        count, start = sql_db.sql_counter, time.perf_counter()
        with self.registry.cursor() as cr:
            env = Environment(cr, SUPERUSER_ID, {})
            places = self._get_places(env)
            move = env["stock.move"].create(
                {
                    "product_id": part_id,
                    "product_uom_qty": quantity,
                    "location_id": places[source].id,
                    "location_dest_id": places[destination].id,
                }
            )
            move._action_confirm()
            move.quantity = quantity
            move.picked = True
            move._action_done()
            if step == "receive":
                value = self.price * quantity
                env["product.value"].create({"move_id": move.id, "value": value})
        return {
            "statements": sql_db.sql_counter - count,
            "seconds": time.perf_counter() - start,
        }
