from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from odoo.addons.dealer_vehicle.tests.race_case import DONE, RaceCase


@tagged("post_install", "-at_install")
class TestCounterRace(RaceCase):
    """Two keepers sell the same last pieces at the same moment."""

    def _prepare(self, env):
        self.users = [
            new_test_user(env, f"race_keeper_{n}", groups="dealer_base.group_parts_keeper").id
            for n in range(2)
        ]
        store = env["stock.warehouse"].search([("company_id", "=", env.company.id)], limit=1)
        part = env["product.product"].create(
            {
                "name": "Race Part",
                "default_code": "RACE-1",
                "categ_id": env.ref("dealer_parts.product_category_maintenance").id,
                "is_storable": True,
                "list_price": 113.0,
                "standard_price": 50.0,
            }
        )
        self.part = part.id
        env["stock.quant"]._update_available_quantity(part, store.lot_stock_id, 5)
        self.orders = [
            env["sale.order"]
            .with_user(user)
            .create(
                {
                    "partner_id": env["res.partner"].create({"name": f"Race {user}"}).id,
                    "warehouse_id": store.id,
                    "dealer_counter_class": "retail",
                    "order_line": [Command.create({"product_id": part.id, "product_uom_qty": 5})],
                }
            )
            .id
            for user in self.users
        ]

    def test_the_last_pieces_are_sold_once(self):
        def sell(order_id):
            return lambda env: env["sale.order"].browse(order_id).action_dealer_sell()

        presses = [(user, sell(order)) for user, order in zip(self.users, self.orders, strict=True)]
        outcomes = self._race(*presses)
        losers = [outcome for outcome in outcomes if outcome != DONE]
        self.assertEqual(len(losers), 1, outcomes)
        self.assertIsInstance(losers[0], UserError)
        with self._committing() as env:
            quants = env["stock.quant"].search(
                [("product_id", "=", self.part), ("location_id.usage", "=", "internal")]
            )
            self.assertFalse(any(quants.mapped("quantity")))
