from psycopg2 import IntegrityError

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .replenishment_case import ReplenishmentCase


@tagged("post_install", "-at_install")
class TestPartPolicy(ReplenishmentCase):
    """Classes, phases and levels of parts, each night."""

    def test_three_demands_in_six_months_bring_a_part_in(self):
        two, three = self._part("P-2"), self._part("P-3")
        for part, dates in (
            (two, ("2026-05-05", "2026-08-05")),
            (three, ("2026-05-05", "2026-07-05", "2026-08-05")),
        ):
            for date in dates:
                self._receive_part(part, 1, date=f"{date} 01:00:00", price=10)
                self._issue_part(part, 1, date=f"{date} 02:00:00")
        self._compute()
        self.assertEqual(self._policy(two).phase, "none")
        self.assertEqual(self._policy(two).maximum, 0)
        self.assertIn("2 demands in 6 months", self._policy(two).reason)
        self.assertEqual(self._policy(three).phase, "stock")
        self.assertGreater(self._policy(three).maximum, 0)

    def test_lost_sales_bring_a_part_in_that_was_never_stocked(self):
        part = self._part("P-4")
        self.env["dealer.lost.sale"].create(
            [
                {"product_id": part.id, "warehouse_id": self.warehouse.id, "date": date}
                for date in ("2026-06-05", "2026-07-05", "2026-08-05")
            ]
        )
        self._compute()
        policy = self._policy(part)
        self.assertEqual(policy.phase, "stock")
        self.assertGreaterEqual(policy.maximum, 1)

    def test_twelve_months_without_demand_put_a_part_out(self):
        part = self._part("P-5")
        self._receive_part(part, 5, date="2024-12-01 02:00:00", price=10)
        self._issue_part(part, 1, date="2025-08-20 02:00:00")
        self.Policy.create({"product_id": part.id, "warehouse_id": self.warehouse.id})
        self._policy(part).phase = "stock"
        self._compute()
        self.assertEqual(self._policy(part).phase, "out")
        self.assertEqual(self._policy(part).maximum, 0)
        self.assertIn("No demand", self._policy(part).reason)

    def test_stock_of_the_first_day_is_kept_while_it_sells(self):
        part = self._part("P-6")
        self._receive_part(part, 5, date="2025-12-01 02:00:00", price=10)
        self._issue_part(part, 1, date="2026-01-20 02:00:00")
        self._compute()
        self.assertEqual(self._policy(part).phase, "stock")

    def test_classes_follow_value_and_steadiness(self):
        dear = self._part_with_past("P-7", hits=24, stock=2, cost=500)
        cheap = self._part_with_past("P-8", hits=4, stock=2, cost=1)
        middle = self._part_with_past("P-9", hits=12, stock=2, cost=180)
        self._compute()
        # 12,000 of 14,164 are 85 %: by the rule that counts the part itself, no A
        self.assertEqual(self._policy(dear).abc_class, "B")
        self.assertEqual(self._policy(middle).abc_class, "C")
        self.assertEqual(self._policy(cheap).abc_class, "C")
        self.assertEqual(self._policy(dear).xyz_class, "X")
        self.assertEqual(self._policy(cheap).xyz_class, "Z")

    def test_minimum_and_maximum_by_hand_hold(self):
        part = self._part_with_past("P-10", hits=12, stock=2)
        self._compute()
        policy = self._policy(part)
        computed = policy.maximum
        with Form(policy.with_user(self.petra)) as form:
            form.is_manual = True
            form.manual_min = 3
            form.manual_max = 9
        self.assertEqual((policy.order_point, policy.maximum), (3, 9))
        self.assertIn("by hand", policy.reason)
        proposal = self._compute()
        self.assertEqual((policy.order_point, policy.maximum), (3, 9))
        self.assertEqual(policy.computed_max, computed, "still computed beside it")
        self.assertEqual(self._line(proposal, part).proposed_quantity, 7, "9 less 2 on hand")

    def test_a_part_without_demand_is_kept_by_hand(self):
        part = self._part("P-11")
        with Form(self.Policy.with_user(self.petra)) as form:
            form.product_id = part
            form.warehouse_id = self.warehouse
            form.is_manual = True
            form.manual_min = 0
            form.manual_max = 2
        proposal = self._compute()
        self.assertEqual(self._line(proposal, part).proposed_quantity, 2)

    def test_a_minimum_above_the_maximum_is_refused(self):
        part = self._part("P-12")
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.Policy.create(
                {
                    "product_id": part.id,
                    "warehouse_id": self.warehouse.id,
                    "is_manual": True,
                    "manual_min": 3,
                    "manual_max": 2,
                }
            )

    def test_keepers_read_policies_and_managers_change_them(self):
        part = self._part_with_past("P-13", hits=6, stock=1)
        self._compute()
        policy = self._policy(part)
        self.assertTrue(policy.with_user(self.pat).reason)
        self.assertNotIn("yearly_value", policy.with_user(self.pat).fields_get())
        with self.assertRaises(AccessError):
            policy.with_user(self.pat).manual_max = 5

    def test_stock_outs_raise_the_estimate(self):
        steady = self._part_with_past("P-14", hits=12, stock=5)
        out = self._part("P-15")
        self._sold_by(out)
        self._receive_part(out, 6, date="2025-08-15 02:00:00", price=10)
        for month in ("2025-09", "2025-10", "2025-11", "2025-12", "2026-01", "2026-02"):
            self._issue_part(out, 1, date=f"{month}-10 02:00:00")
        self.Policy.create({"product_id": out.id, "warehouse_id": self.warehouse.id})
        self._policy(out).phase = "stock"
        self._compute()
        self.assertEqual(self._policy(out).hits_long, 6)
        self.assertGreater(self._policy(out).days_out, 180)
        self.assertGreater(self._policy(out).yearly_quantity, 11)
        self.assertAlmostEqual(self._policy(steady).yearly_quantity, 12, delta=0.1)
        self.assertIn("days without stock", self._policy(out).reason)

    def test_the_lead_time_is_measured_once_there_are_receipts(self):
        part = self._part_with_past("P-16", hits=12, stock=5, delay=7)
        self._compute()
        self.assertEqual(self._policy(part).lead_days, 7)
        for day in range(1, 6):
            order = self._buy(part, 1)
            order.date_approve = f"2026-08-{day:02} 02:00:00"
            picking = order.picking_ids
            picking.move_ids.write({"quantity": 1, "picked": True})
            picking.button_validate()
            picking.move_ids.date = f"2026-08-{day + 12:02} 02:00:00"
        self._compute()
        self.assertAlmostEqual(self._policy(part).lead_days, 12, places=1)

    def test_demand_of_a_replaced_number_counts_for_the_new_one(self):
        """A→B→C: only C is ordered, with the demand and the stock of all (domain-cn §5)."""
        old = self._part_with_past("P-17", hits=12, stock=1)
        middle, new = self._part("P-18"), self._part("P-18N")
        self._sold_by(new)
        for one, other in ((old, middle), (middle, new)):
            self.env["dealer.part.supersession"].create(
                {"old_product_id": one.id, "new_product_id": other.id, "date_from": "2026-01-01"}
            )
        proposal = self._compute()
        policy = self._policy(new)
        self.assertEqual((policy.hits_long, policy.phase), (12, "stock"))
        self.assertFalse(self._policy(old))
        self._receive_part(middle, 2, price=10)
        self._promise(old, 8)
        self._compute()
        urgent = self._line(proposal, new, "urgent")
        self.assertEqual((urgent.on_hand, urgent.proposed_quantity), (3, 5))
        self.assertEqual(proposal.line_ids.product_id, new)

    def test_a_divided_part_is_ordered_as_its_pieces(self):
        old = self._part_with_past("P-20", hits=12)
        left, right = self._part("P-20L"), self._part("P-20R")
        for piece, quantity in ((left, 1), (right, 2)):
            self.env["dealer.part.supersession"].create(
                {
                    "old_product_id": old.id,
                    "new_product_id": piece.id,
                    "kind": "split",
                    "quantity": quantity,
                    "date_from": "2026-01-01",
                }
            )
        proposal = self._compute()
        once, twice = self._policy(left).yearly_quantity, self._policy(right).yearly_quantity
        self.assertGreaterEqual(once, 12)
        self.assertAlmostEqual(twice, 2 * once, places=1)
        self.assertEqual(proposal.line_ids.product_id, left | right)

    def test_the_number_of_statements_does_not_depend_on_parts(self):
        self._part_with_past("P-19", hits=3)
        self._compute()
        few = self._count_statements()
        for number in range(8):
            self._part_with_past(f"P-2{number}x", hits=3)
        self.assertEqual(self._count_statements(), few)

    def _count_statements(self):
        self.Policy._update(self.warehouse)  # caches are warm
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        self.Demand._rebuild()
        self.Policy._update(self.warehouse)
        self.env.flush_all()
        return self.env.cr.sql_log_count - before
