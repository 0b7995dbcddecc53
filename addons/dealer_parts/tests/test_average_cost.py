import random
from datetime import datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command
from odoo.tests import TransactionCase, tagged

from odoo.addons.dealer_parts.models import stock_move_average
from odoo.addons.stock_account.models.product import ProductProduct as CoreProduct

BEGIN = datetime(2026, 1, 5, 2, 0)


@tagged("post_install", "-at_install")
class TestAverageCost(TransactionCase):
    """The average cost of parts is Odoo's own, without its walk through all that ever happened."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.env.company.id)], limit=1
        )
        cls.stock = cls.warehouse.lot_stock_id
        cls.outside = cls.env.ref("stock.stock_location_customers")
        cls.vendors = cls.env.ref("stock.stock_location_suppliers")
        cls.now = BEGIN
        cls.part = cls._part("Filter")
        cls.Checkpoint = cls.env["dealer.average.checkpoint"]

    @classmethod
    def _part(cls, name, **vals):
        category = cls.env.ref("dealer_parts.product_category_maintenance")
        category.property_cost_method = "average"
        with freeze_time(cls.now - timedelta(days=1)):  # its first cost is a fact of that day
            return cls.env["product.product"].create(
                {"name": name, "is_storable": True, "categ_id": category.id, **vals}
            )

    def _pass(self, **kwargs):
        type(self).now = self.now + timedelta(**kwargs)

    def _move(self, quantity, source, destination, value=None, part=None):
        part = part or self.part
        with freeze_time(self.now):
            move = self.env["stock.move"].create(
                {
                    "product_id": part.id,
                    "product_uom_qty": quantity,
                    "location_id": source.id,
                    "location_dest_id": destination.id,
                }
            )
            move._action_confirm()
            move.quantity = quantity
            move.picked = True
            move._action_done()
            if value is not None:
                self._revalue(move, value)
        return move

    def _revalue(self, move, value):
        self.env["product.value"].create({"move_id": move.id, "value": value})

    def _receive(self, quantity, value, **kwargs):
        return self._move(quantity, self.vendors, self.stock, value, **kwargs)

    def _issue(self, quantity, **kwargs):
        return self._move(quantity, self.stock, self.outside, **kwargs)

    def _assert_as_odoo(self, part=None):
        part = part or self.part
        with freeze_time(self.now):
            expected = CoreProduct._run_avco(part)
            self.assertEqual(part._run_avco(), expected)
            part.invalidate_recordset(["total_value", "avg_cost"])
            quantity = part.qty_available
            self.assertAlmostEqual(part.total_value, expected[1] if quantity else 0, delta=0.006)

    # === VALUES ===
    def test_the_example_of_the_trade(self):
        """10 at 50 and 20 at 56, 12 issued, 3 back at their cost, 10 at 60 (domain-cn §5)."""
        self._receive(10, 500)
        self._receive(20, 1120)
        self.assertAlmostEqual(self.part.standard_price, 54)
        issue = self._issue(12)
        self.assertAlmostEqual(issue.value, 648)
        self.assertAlmostEqual(self.part.total_value, 972)
        self._move(3, self.outside, self.stock, 162)
        self.part.invalidate_recordset()
        self.assertAlmostEqual(self.part.total_value, 1134)
        self._receive(10, 600)
        self.part.invalidate_recordset()
        self.assertAlmostEqual(self.part.total_value, 1734)
        self.assertEqual(round(self.part.standard_price, 2), 55.94)
        self._assert_as_odoo()

    def test_oil_is_issued_by_the_litre(self):
        """A drum of 200 litres for 6,400; 4.2 litres cost 134.40 (domain-cn §5)."""
        oil = self._part("Oil", uom_id=self.env.ref("uom.product_uom_litre").id)
        self._receive(200, 6400, part=oil)
        self.assertAlmostEqual(self._issue(4.2, part=oil).value, 134.40)
        self.assertAlmostEqual(oil.qty_available, 195.8)

    @patch.object(stock_move_average, "DISTANCE", 3)
    def test_any_history_gives_the_values_of_odoo(self):
        """Receipts, issues, returns, late bills, costs set by hand and moves into the past."""
        for seed in range(4):
            chance = random.Random(seed)
            part = self._part(f"Part {seed}")
            moves = [self._receive(chance.randint(1, 30), chance.randint(50, 900), part=part)]
            for _step in range(40):
                self._pass(hours=chance.choice((0, 1, 9, 30)))
                action = chance.random()
                if action < 0.35:
                    moves.append(
                        self._receive(
                            chance.randint(1, 30), round(chance.uniform(10, 900), 2), part=part
                        )
                    )
                elif action < 0.75:
                    moves.append(self._issue(chance.randint(1, 12), part=part))
                elif action < 0.85:
                    late = chance.choice([move for move in moves if move.is_in])
                    with freeze_time(self.now):
                        self._revalue(late, round(chance.uniform(10, 900), 2))
                elif action < 0.93:
                    with freeze_time(self.now):
                        part.standard_price = round(chance.uniform(5, 90), 2)
                else:
                    chance.choice(moves).date = self.now - timedelta(days=chance.randint(1, 5))
                self._assert_as_odoo(part)
            self.assertTrue(self._count(part), "no checkpoint was ever used")

    # === CHECKPOINTS ===
    def _count(self, part=None):
        self.env.flush_all()
        return self.Checkpoint.search_count([("product_id", "=", (part or self.part).id)])

    def _fill(self, number):
        for _number in range(number):
            self._receive(2, 20)
            self._pass(days=1)
            self._issue(1)
        self._receive(1, 10)

    @patch.object(stock_move_average, "DISTANCE", 3)
    def test_a_late_bill_forgets_only_what_comes_after_it(self):
        self._fill(12)
        before = self._count()
        self.assertGreater(before, 5)
        moves = self.env["stock.move"].search(
            [("product_id", "=", self.part.id), ("is_in", "=", True)], order="date, id"
        )
        moves[5].value = 77
        after = self._count()
        self.assertTrue(0 < after < before, (before, after))
        self._assert_as_odoo()

    @patch.object(stock_move_average, "DISTANCE", 3)
    def test_a_change_of_a_quantity_or_behind_the_orm_is_seen_too(self):
        self._fill(12)
        move = self.env["stock.move"].search(
            [("product_id", "=", self.part.id), ("is_out", "=", True)], order="date, id", limit=1
        )
        move.move_line_ids.quantity = 2
        self.assertFalse(self._count())
        self._assert_as_odoo()
        self._receive(1, 10)
        self.assertTrue(self._count())
        self.env.cr.execute("UPDATE stock_move SET value = 5 WHERE id = %s", [move.id])
        self.env.invalidate_all()
        self.assertFalse(self._count())

    @patch.object(stock_move_average, "DISTANCE", 3)
    def test_the_walk_is_as_short_after_many_moves(self):
        self._fill(5)
        self.assertTrue(self._is_walk_short())
        self._fill(40)
        self.assertTrue(self._is_walk_short())

    def _is_walk_short(self):
        """Whether a receipt walks along a few moves only."""
        walked = []
        core = stock_move_average.StockMove._dealer_walk_average

        def walk(moves, *args):
            walked.append(len(moves))
            return core(moves, *args)

        self._pass(days=2)
        self._receive(1, 10)
        self._pass(days=2)
        with patch.object(stock_move_average.StockMove, "_dealer_walk_average", walk):
            self._receive(1, 10)
        return max(walked) <= 4

    def test_readers_leave_nothing(self):
        self._fill(60)
        self.env.cr.execute("DELETE FROM dealer_average_checkpoint")
        self.part.invalidate_recordset()
        self.assertTrue(self.part.total_value)
        self.assertFalse(self._count())

    def test_consigned_parts_have_no_value(self):
        self._receive(10, 500)
        owner = self.env["res.partner"].create({"name": "Owner"})
        with freeze_time(self.now):
            picking = self.env["stock.picking"].create(
                {
                    "picking_type_id": self.warehouse.in_type_id.id,
                    "location_id": self.vendors.id,
                    "location_dest_id": self.stock.id,
                    "owner_id": owner.id,
                    "move_ids": [
                        Command.create(
                            {
                                "product_id": self.part.id,
                                "product_uom_qty": 5,
                                "location_id": self.vendors.id,
                                "location_dest_id": self.stock.id,
                            }
                        )
                    ],
                }
            )
            picking.action_confirm()
            picking.move_ids.picked = True
            picking.button_validate()
        self._assert_as_odoo()
        self.assertEqual(self.part._run_avco(), (50, 500))
