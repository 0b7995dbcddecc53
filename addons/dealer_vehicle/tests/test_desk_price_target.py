from datetime import date

import psycopg2
from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .desk_price_common import DealerPriceCommon


@tagged("post_install", "-at_install")
class TestSalesTarget(DealerPriceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.dealer_price_without_rule = "free"

    def _target(self, **vals):
        return self._as(self.max, self.env["dealer.sales.target"]).create(
            {"month": "2026-11-01", "quantity": 10, **vals}
        )

    def _deliver_on(self, day, user=None, trim=None):
        """A car that a customer got on a day."""
        car = self._create_vehicle(**({"model_id": trim.id} if trim else {}))
        order = self._sell(self._stock(car), 150000, user=user)
        picking = self._deliver(order)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE stock_move SET date = %s WHERE picking_id = %s", [day, picking.id]
        )
        self.env.invalidate_all()
        return order

    def test_delivered_cars_count_for_person_store_and_model(self):
        other = self._create_trim("Lark 2.0T", 200000)
        targets = (
            self._target()
            + self._target(user_id=self.sara.id)
            + self._target(user_id=self.oscar.id)
            + self._target(model_id=other.id)
            + self._target(series_id=self.series.id, warehouse_id=self.warehouse.id)
            + self._target(month="2026-10-01")
        )
        self._deliver_on("2026-11-03 02:00:00")
        self._deliver_on("2026-11-04 02:00:00", user=self.oscar)
        self._deliver_on("2026-11-05 02:00:00", trim=other)
        self._deliver_on("2026-10-31 02:00:00")
        self.assertEqual(targets.mapped("actual"), [3, 2, 1, 1, 3, 1])

    def test_the_day_is_that_of_the_store(self):
        """17:00 in Greenwich on the last day of October is November in China."""
        target = self._target().with_context(tz="Asia/Shanghai")
        self._deliver_on("2026-10-31 17:00:00")
        self.assertEqual(target.actual, 1)

    def test_a_car_that_comes_back_counts_back(self):
        target = self._target()
        order = self._deliver_on("2026-11-03 02:00:00")
        self.assertEqual(target.actual, 1)
        back = self._return(order.sudo().picking_ids)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE stock_move SET date = '2026-11-06' WHERE picking_id = %s", [back.id]
        )
        self.env.invalidate_all()
        self.assertEqual(target.actual, 0)

    def test_pace(self):
        """Target 10, one car by the 6th of 30 days: 2.0 due, pace 50 %, 5.0 at month's end."""
        target = self._target()
        self._deliver_on("2026-11-03 02:00:00")
        with freeze_time("2026-11-06 03:00:00"):
            self.env.invalidate_all()
            self.assertRecordValues(
                target,
                [{"actual": 1, "expected": 2, "pace": 50, "projection": 5, "missing": 9}],
            )
        with freeze_time("2026-12-24 03:00:00"):
            self.env.invalidate_all()
            self.assertRecordValues(target, [{"expected": 10, "pace": 10, "projection": 1}])
        with freeze_time("2026-10-24 03:00:00"):
            self.env.invalidate_all()
            self.assertRecordValues(target, [{"expected": 0, "pace": 0, "projection": 0}])

    def test_the_pace_line_ends_at_the_target_and_the_deliveries(self):
        target = self._target()
        for day in ("2026-11-03", "2026-11-03", "2026-11-20"):
            self._deliver_on(f"{day} 02:00:00")
        rows = self.env["dealer.sales.pace"]._read_group(
            [("target_id", "=", target.id)], ["kind"], ["units:sum", "date:max"]
        )
        totals = {kind: (round(units, 6), day) for kind, units, day in rows}
        self.assertEqual(totals["target"], (10, date(2026, 11, 30)))
        self.assertEqual(totals["actual"], (3, date(2026, 11, 20)))
        ids = self.env["dealer.sales.pace"].search([("target_id", "=", target.id)]).ids
        self.assertEqual(len(ids), len(set(ids)))

    def test_a_hundred_targets_take_one_query(self):
        targets = self._target()
        for number in range(2, 6):
            targets += self._target(month=f"2026-{number:02d}-01")
        self.env.flush_all()
        self.env.invalidate_all()
        targets.mapped("month")
        before = self.env.cr.sql_log_count
        targets.mapped("actual")
        self.assertLessEqual(self.env.cr.sql_log_count - before, 3)

    def test_any_day_means_the_month(self):
        target = self._target(month="2026-12-24")
        self.assertEqual(str(target.month), "2026-12-01")
        self.assertEqual(str(target.copy().month), "2027-01-01")
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.IntegrityError):
            self._target(month="2026-12-02")

    def test_targets_are_set_by_managers_and_read_by_their_people(self):
        mine, other = self._target(user_id=self.sara.id), self._target(user_id=self.oscar.id)
        common = self._target()
        seen = self._as(self.sara, self.env["dealer.sales.target"]).search([])
        self.assertEqual(seen & (mine + other + common), mine + common)
        with self.assertRaises(AccessError):
            self._as(self.sara, mine).quantity = 1
        self.assertFalse(
            self._as(self.charlie, self.env["dealer.sales.target"]).search([]) & common
        )

    # === ORIGIN ===
    def test_what_the_desk_enters_came_through_the_door(self):
        showroom = self.env.ref("dealer_vehicle.utm_source_showroom")
        form = Form(self._as(self.sara, self.env["sale.order"]))
        form.partner_id = self.customer
        order = form.save()
        self.assertEqual(order.source_id, showroom)
        agent = self.env.ref("dealer_vehicle.utm_source_agent")
        order.source_id = agent
        self.assertEqual(order.source_id, agent)
        # the portal and imports act as superuser and name their own origin
        order = self.env["sale.order"].sudo().create({"partner_id": self.customer.id})
        self.assertFalse(order.source_id)
