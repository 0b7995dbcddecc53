from odoo.tests import tagged

from .replenishment_case import ReplenishmentCase


@tagged("post_install", "-at_install")
class TestPartDemand(ReplenishmentCase):
    """What counts as demand, in which month."""

    def test_issues_count_by_month_with_the_largest(self):
        part = self._part("D-1")
        self._receive_part(part, 20, date="2026-07-01 02:00:00", price=10)
        self._issue_part(part, 2, date="2026-07-03 02:00:00")
        self._issue_part(part, 5, date="2026-07-20 02:00:00")
        self._issue_part(part, 1, date="2026-08-01 02:00:00")
        self.Demand._rebuild()
        self.assertRecordValues(
            self._month(part, "2026-07-01"),
            [{"quantity": 7, "hits": 2, "largest": 5, "days": 31, "days_out": 0}],
        )
        self.assertEqual(self._month(part, "2026-08-01").quantity, 1)
        self.assertAlmostEqual(self._month(part, "2026-07-01").value, 70)

    def test_a_day_ends_when_it_ends_at_home(self):
        part = self._part("D-2")
        self._receive_part(part, 5, date="2026-07-01 02:00:00", price=10)
        self._issue_part(part, 1, date="2026-07-31 17:00:00")  # 1 August, one o'clock in the night
        self.Demand._rebuild()
        self.assertFalse(self._month(part, "2026-07-01"))
        self.assertEqual(self._month(part, "2026-08-01").hits, 1)

    def test_a_return_undoes_the_demand_of_its_own_month(self):
        part = self._part("D-3")
        self._receive_part(part, 20, date="2026-07-01 02:00:00", price=10)
        issue = self._issue_part(part, 4, date="2026-07-03 02:00:00")
        other = self._issue_part(part, 4, date="2026-07-04 02:00:00")
        customers = self.env.ref("stock.stock_location_customers")
        for move, quantity in ((issue, 4), (other, 1)):
            self._move(
                part,
                quantity,
                customers,
                self.bin,
                date="2026-09-02 02:00:00",
                origin_returned_move_id=move.id,
            )
        self.Demand._rebuild()
        self.assertRecordValues(self._month(part, "2026-07-01"), [{"quantity": 3, "hits": 1}])
        self.assertFalse(self._month(part, "2026-09-01"))

    def test_losses_receipts_and_transfers_are_no_demand(self):
        part = self._part("D-4")
        self._receive_part(part, 9, date="2026-07-01 02:00:00", price=10)
        self._move(part, 2, self.bin, self.other_bin, date="2026-07-02 02:00:00")
        loss = self.env["stock.location"].search(
            [("usage", "=", "inventory"), ("company_id", "in", (False, self.company.id))], limit=1
        )
        self._move(
            part,
            1,
            self.bin,
            loss,
            date="2026-07-02 02:00:00",
            is_inventory=True,
            inventory_name="Count",
        )
        self.Demand._rebuild()
        self.assertFalse(self.Demand.search([("product_id", "=", part.id)]))

    def test_lost_sales_count_unless_the_price_was_refused(self):
        part = self._part("D-5")
        self.env["dealer.lost.sale"].create(
            [
                {
                    "product_id": part.id,
                    "warehouse_id": self.warehouse.id,
                    "date": "2026-07-05",
                    "quantity": quantity,
                    "reason": reason,
                }
                for quantity, reason in ((3, "no_stock"), (4, "price"))
            ]
        )
        self.Demand._rebuild()
        month = self._month(part, "2026-07-01")
        self.assertRecordValues(month, [{"lost_quantity": 3, "lost_hits": 1, "hits": 0}])
        drilled = self.env["dealer.lost.sale"].search(month.action_view_lost_sales()["domain"])
        self.assertEqual(sum(drilled.mapped("quantity")), 3)

    def test_days_without_stock_are_counted_month_by_month(self):
        part = self._part("D-6")
        self._receive_part(part, 2, date="2026-07-01 02:00:00", price=10)
        self._issue_part(part, 2, date="2026-07-22 02:00:00")  # out from 22 July
        self._receive_part(part, 2, date="2026-09-04 02:00:00", price=10)  # until 3 September
        self.Demand._rebuild()
        days = [self._month(part, f"2026-0{month}-01").days_out for month in (7, 8, 9)]
        self.assertEqual(days, [10, 31, 3])
        self.assertEqual(self._month(part, "2026-09-01").days, 16, "until today")

    def test_a_drum_counts_as_its_litres(self):
        litre = self.env.ref("uom.product_uom_litre")
        drum = self.env["uom.uom"].create(
            {"name": "Drum", "relative_factor": 200, "relative_uom_id": litre.id}
        )
        oil = self._part("OIL-1", cost=32, uom_id=litre.id)
        self._move(
            oil,
            400,
            self.env.ref("stock.stock_location_suppliers"),
            self.bin,
            date="2026-07-01 02:00:00",
            price_unit=32,
        )
        move = self.env["stock.move"].create(
            {
                "product_id": oil.id,
                "product_uom": drum.id,
                "product_uom_qty": 1,
                "quantity": 1,
                "picked": True,
                "company_id": self.company.id,
                "location_id": self.bin.id,
                "location_dest_id": self.env.ref("stock.stock_location_customers").id,
            }
        )
        move._action_confirm()
        move.write({"quantity": 1, "picked": True})
        move._action_done()
        move.date = "2026-07-09 02:00:00"
        self.Demand._rebuild()
        self.assertEqual(self._month(oil, "2026-07-01").quantity, 200)
        self.assertFalse(self._month(oil, "2026-07-01").days_out)

    def test_each_month_drills_to_its_moves(self):
        part = self._part_with_past("D-7", hits=6, stock=2)
        self.Demand._rebuild()
        months = self.Demand.search([("product_id", "=", part.id), ("hits", ">", 0)])
        self.assertEqual(sum(months.mapped("hits")), 6)
        for month in months:
            rows = self.env["dealer.part.move.report"].search(month.action_view_moves()["domain"])
            self.assertEqual(sum(rows.mapped("issued_quantity")), month.quantity)

    def test_the_night_can_run_twice(self):
        part = self._part_with_past("D-8", hits=5, stock=1)
        self.Demand._rebuild()
        before = self.Demand.search([("product_id", "=", part.id)]).mapped("quantity")
        self.Demand._rebuild()
        after = self.Demand.search([("product_id", "=", part.id)]).mapped("quantity")
        self.assertEqual(after, before)

    def test_keepers_see_demand_but_not_its_cost(self):
        part = self._part_with_past("D-9", hits=4, stock=1)
        self.Demand._rebuild()
        month = self.Demand.search([("product_id", "=", part.id)], limit=1)
        self.assertNotIn("value", month.with_user(self.pat).fields_get())
        self.assertIn("value", month.with_user(self.petra).fields_get())
