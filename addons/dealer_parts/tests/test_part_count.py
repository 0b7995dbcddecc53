"""Counts of parts: blind, twice where it differs, and booked when somebody else has approved."""

import base64
from io import BytesIO
from unittest.mock import patch

import openpyxl
import psycopg2

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import SQL, mute_logger

from .care_case import PartCareCase

REASON = "dealer_parts.dealer_part_count_reason_unknown"


class PartCountCase(PartCareCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pads = cls._part("04465-0K290", 54)
        cls.filter = cls._part("90915-YZZD4", 20)
        cls.oil = cls._part("08880-83389", 32)
        cls._receive_part(cls.pads, 18)
        cls._receive_part(cls.filter, 100, cls.other_bin)
        cls._receive_part(cls.oil, 40, cls.other_bin)
        cls.reason = cls.env.ref(REASON)

    def _start(self, user=None, **vals):
        form = Form(self._as(user or self.pat, self.env["dealer.part.count"]))
        form.kind = vals.pop("kind", "cycle")
        count = form.save()
        if vals:
            count.write(vals)
        count.action_start()
        return count

    def _line(self, count, part):
        return count.line_ids.filtered(lambda line: line.product_id == part)

    def _count(self, count, numbers, user=None):
        count = self._as(user or self.pat, count)
        for part, number in numbers.items():
            place = self._line(count, part).location_id or self.bin
            found = count.scan(part.default_code, place.id)
            count.count_line(found["line"]["id"], number)

    def _count_all(self, count, numbers):
        """Twice where it is asked for."""
        self._count(count, numbers)
        self._as(self.pat, count).action_finish()
        if count.state == "counting":
            again = {p: n for p, n in numbers.items() if self._line(count, p).to_recount}
            self._count(count, again, self.paul)
            self._as(self.pat, count).action_finish()

    def _submit(self, count):
        count = self._as(self.pat, count)
        for line in count.difference_ids:
            line.reason_id = self.reason
        count.action_submit()

    def _approve(self, count):
        people = {"1": [self.petra], "2": [self.fiona, self.greta], "3": [self.gina]}
        for user in people[count.dealer_loss_level]:
            self._as(user, count).action_approve()


@tagged("post_install", "-at_install")
class TestPartCountBooks(PartCountCase):
    def test_planted_differences_are_booked_after_the_approval_and_not_before(self):
        before = self._entries()
        count = self._start()
        self.assertEqual(count.line_ids.product_id, self.pads | self.filter | self.oil)
        # 2 brake pads are missing, 1 filter too many, the oil is right
        self._count_all(count, {self.pads: 16, self.filter: 101, self.oil: 40})
        self.assertEqual(count.state, "review")
        self.assertEqual(
            {line.product_id: line.difference for line in count.line_ids},
            {self.pads: -2, self.filter: 1, self.oil: 0},
        )
        self.assertAlmostEqual(count.accuracy, 100 / 3)
        self._submit(count)
        self.assertEqual(self._entries(), before, "no entry before the approval")
        self.assertEqual(self._stock_of(self.pads), 18)
        self._approve(count)
        self.assertEqual(count.state, "done")
        self.assertEqual(self._stock_of(self.pads), 16)
        self.assertEqual(self._stock_of(self.filter), 101)
        entries = self._entries() - before
        self.assertEqual(
            sorted((line.account_id.code[:4], line.balance) for line in entries),
            [("1405", -108), ("1405", 20), ("1901", -20), ("1901", 108)],
        )
        self.assertEqual(set(entries.move_id.mapped("state")), {"posted"})
        moves = count.sudo().line_ids.move_id
        self.assertEqual(set(moves.mapped("is_inventory")), {True})

    def test_the_accountant_settles_pending_losses(self):
        """domain-cn §6.4, entry 19: shortage 100 cost, 13 input VAT; a surplus is income."""
        part = self._part("LOST", 100)
        part.supplier_taxes_id = self.env["account.tax"].search(
            [
                ("company_id", "=", self.company.id),
                ("type_tax_use", "=", "purchase"),
                ("amount", "=", 13),
            ],
            limit=1,
        )
        self._receive_part(part, 5)
        chosen = part | self.filter
        count = self._start(kind="spot", product_ids=[Command.set(chosen.ids)])
        self._count_all(count, {part: 4, self.filter: 101})
        self._submit(count)
        with self.assertRaises(UserError):
            self._as(self.fred, count).action_settle()
        self._approve(count)
        with self.assertRaises(UserError):
            self._as(self.pat, count).action_settle()
        self._as(self.fred, count).action_settle()
        entry = count.sudo().settlement_move_id
        self.assertEqual(entry.state, "draft")
        self.assertEqual(
            sorted((line.account_id.code[:4], line.balance) for line in entry.line_ids),
            [
                ("1901", -113),
                ("1901", 13),
                ("1901", 20),
                ("2221", -13),
                ("5301", -20),
                ("5602", 113),
            ],
        )
        entry.action_post()
        pending = self._entries().filtered(lambda line: line.account_id == self.loss_account)
        self.assertEqual(sum(pending.mapped("balance")), 0)

    def test_the_loss_decides_who_approves(self):
        count = self._start()
        self._count_all(count, {self.pads: 7, self.filter: 100, self.oil: 40})
        self._submit(count)  # 11 x 54 = 594
        self.assertEqual(count.dealer_loss_level, "2")
        with self.assertRaisesRegex(UserError, "not yours to decide"):
            self._as(self.petra, count).action_approve()
        self._as(self.fiona, count).action_approve()
        self.assertEqual(count.state, "submitted")
        self._as(self.greta, count).action_approve()
        self.assertEqual(count.state, "done")

    def test_exactly_the_limit_is_the_managers(self):
        part = self._part("LIMIT", 500)
        self._receive_part(part, 3)
        count = self._start(kind="spot", product_ids=[Command.set(part.ids)])
        self._count_all(count, {part: 2})
        self.assertEqual(count.dealer_loss_level, "1")

    def test_who_counted_does_not_approve(self):
        count = self._start(user=self.petra)
        self._count_all(count, {self.pads: 17, self.filter: 100, self.oil: 40})
        self._submit(count)
        with self.assertRaisesRegex(UserError, "somebody else must approve"):
            self._as(self.petra, count).action_approve()

    def test_without_a_reason_nothing_is_submitted(self):
        count = self._start()
        self._count_all(count, {self.pads: 17, self.filter: 100, self.oil: 40})
        with self.assertRaisesRegex(UserError, "say the reason"):
            self._as(self.pat, count).action_submit()
        self._line(count, self.pads).reason_id = self.env.ref(
            "dealer_parts.dealer_part_count_reason_measure"
        )
        self._as(self.pat, count).action_submit()

    def test_a_rejected_count_is_counted_again(self):
        count = self._start()
        self._count_all(count, {self.pads: 17, self.filter: 100, self.oil: 40})
        self._submit(count)
        self._as(self.petra, count).action_continue()
        line = self._line(count, self.pads)
        self.assertEqual(count.state, "counting")
        self.assertRecordValues(line, [{"is_counted": False, "expected_quantity": 0}])
        self._count(count, {self.pads: 18})
        self._as(self.pat, count).action_finish()
        self.assertEqual(count.accuracy, 100)


@tagged("post_install", "-at_install")
class TestPartCountBlind(PartCountCase):
    def test_nobody_who_counts_sees_what_the_books_say(self):
        count = self._start()
        lines = self._as(self.pat, count.line_ids)
        hidden = ["snapshot_quantity", "book_quantity", "first_quantity"]
        for user in (self.pat, self.petra, self.greta):
            readable = self._as(user, lines).fields_get()
            self.assertFalse(set(hidden) & set(readable))
        for name in hidden:
            with self.assertRaises(AccessError):
                lines.read([name])
            with self.assertRaises(UserError):
                lines.export_data([name])
            with self.assertRaises(AccessError):
                lines.search([(name, ">", 5)])
        shown = lines.read()
        self.assertFalse(any(row["expected_quantity"] or row["difference"] for row in shown))
        self._count(count, {self.pads: 16})
        row = self._line(count, self.pads).read()[0]
        self.assertFalse(row["expected_quantity"] or row["difference"] or row["result"])
        self.assertNotIn("18", str(count.get_bin_lines(self.bin.id)))

    def test_the_sheet_has_no_quantities(self):
        count = self._start()
        book = openpyxl.load_workbook(BytesIO(self._as(self.pat, count)._get_sheet_xlsx()))
        rows = list(book.active.values)
        self.assertEqual(rows[1][:2], ("A-01-1-01", "04465-0K290"))
        self.assertFalse(any(row[4] for row in rows[1:]))
        html = self.env["ir.qweb"]._render("dealer_parts.report_part_count_sheet", {"docs": count})
        self.assertIn("90915-YZZD4", html)
        self.assertNotIn(">100", html)

    def test_differences_above_the_limits_are_counted_twice(self):
        count = self._start()
        # 1 of 100 filters: 1 %, worth 20; 1 of 18 pads: above 2 %
        self._count(count, {self.pads: 17, self.filter: 99, self.oil: 40})
        self._as(self.pat, count).action_finish()
        self.assertEqual(count.state, "counting")
        self.assertEqual(count.line_ids.filtered("to_recount").product_id, self.pads)
        self.assertEqual(self._line(count, self.pads).counted_quantity, 0, "blind again")
        with self.assertRaisesRegex(UserError, "counted already"):
            self._count(count, {self.filter: 100})
        self._count(count, {self.pads: 18}, self.paul)
        self._as(self.pat, count).action_finish()
        self.assertEqual(count.state, "review")
        self.assertRecordValues(
            self._line(count, self.pads).sudo(),
            [{"result": "match", "first_quantity": 17, "counted_by_id": self.paul.id}],
        )

    def test_a_small_share_of_much_money_is_counted_twice(self):
        part = self._part("GOLD", 300)
        self._receive_part(part, 1000)
        count = self._start(kind="spot", product_ids=[Command.set(part.ids)])
        self._count(count, {part: 999})  # 0.1 %, but 300
        self._as(self.pat, count).action_finish()
        self.assertTrue(count.line_ids.to_recount)

    def test_facts_are_not_written_by_hand(self):
        count = self._start()
        line = self._line(count, self.pads)
        for vals in ({"difference": 3}, {"is_counted": True}, {"book_quantity": 1}):
            with self.assertRaises(UserError):
                line.write(vals)
        with self.assertRaises(UserError):
            count.write({"state": "done"})
        with self.assertRaises(UserError):
            line.reason_id = self.reason
        with self.assertRaises(AccessError):
            line.unlink()

    def test_a_number_typed_into_the_list_counts(self):
        count = self._start()
        line = self._line(count, self.pads)
        line.counted_quantity = 18
        self.assertRecordValues(line, [{"is_counted": True, "counted_by_id": self.pat.id}])

    def test_keepers_cannot_change_stock_behind_the_count(self):
        quant = self.env["stock.quant"].search(
            [("product_id", "=", self.pads.id), ("location_id", "=", self.bin.id)]
        )
        with self.assertRaisesRegex(UserError, "corrected by a count"):
            mine = self._as(self.pat, quant).with_context(inventory_mode=True)
            mine.inventory_quantity = 3
            mine.action_apply_inventory()

    def test_keepers_do_not_move_parts_to_the_loss_location(self):
        picking = self._as(self.pat, self.env["stock.picking"]).create(
            {
                "picking_type_id": self.warehouse.int_type_id.id,
                "location_id": self.bin.id,
                "location_dest_id": self.pads.property_stock_inventory.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": self.pads.id,
                            "product_uom_qty": 1,
                            "location_id": self.bin.id,
                            "location_dest_id": self.pads.property_stock_inventory.id,
                        }
                    )
                ],
            }
        )
        picking.action_confirm()
        picking.move_ids.write({"quantity": 1, "picked": True})
        with self.assertRaisesRegex(UserError, "by a count or a scrap order"):
            picking.button_validate()


@tagged("post_install", "-at_install")
class TestPartCountMoves(PartCountCase):
    def test_what_moves_before_the_counting_is_no_difference(self):
        count = self._start()
        self._issue_part(self.pads, 3)
        self._count_all(count, {self.pads: 15, self.filter: 100, self.oil: 40})
        line = self._line(count, self.pads)
        self.assertRecordValues(line, [{"difference": 0, "moved_quantity": -3}])

    def test_what_moves_after_the_counting_stays_moved(self):
        count = self._start()
        self._count_all(count, {self.pads: 16, self.filter: 100, self.oil: 40})
        self._issue_part(self.pads, 5)
        self._submit(count)
        self._approve(count)
        self.assertEqual(self._stock_of(self.pads), 18 - 5 - 2)

    def test_a_shortage_that_was_issued_meanwhile_is_counted_again(self):
        count = self._start()
        self._count_all(count, {self.pads: 16, self.filter: 100, self.oil: 40})
        self._issue_part(self.pads, 17)
        self._submit(count)
        with self.assertRaisesRegex(UserError, "moved since it was counted"):
            self._approve(count)

    def test_a_sheet_keyed_in_later_is_compared_with_its_own_time(self):
        count = self._start()
        # the count began an hour ago, and the parts came before
        self.env["stock.move.line"].search([]).date = self._days_ago(1)
        count.sudo().started_on = fields.Datetime.subtract(fields.Datetime.now(), hours=1)
        noon = fields.Datetime.subtract(fields.Datetime.now(), minutes=30)
        self._issue_part(self.pads, 4, date=fields.Datetime.subtract(noon, minutes=-10))
        book = openpyxl.load_workbook(BytesIO(self._as(self.pat, count)._get_sheet_xlsx()))
        for row, number in zip(book.active.iter_rows(min_row=2), (18, 40, 100), strict=True):
            row[4].value = number
        file = BytesIO()
        book.save(file)
        wizard = self._as(self.pat, self.env["dealer.part.count.import"]).create(
            {
                "count_id": count.id,
                "data_file": base64.b64encode(file.getvalue()),
                "counted_on": noon,
            }
        )
        wizard.action_read_file()
        self.assertEqual((wizard.ok_count, wizard.error_count), (3, 0))
        wizard.action_import()
        self._as(self.pat, count).action_finish()
        self.assertEqual(set(count.line_ids.mapped("result")), {"match"})

    def test_bins_of_a_full_count_are_frozen(self):
        count = self._start(kind="full")
        with self.assertRaisesRegex(UserError, "frozen"):
            self._issue_part(self.pads, 1)
        self._count_all(count, {self.pads: 17, self.filter: 100, self.oil: 40})
        self._submit(count)
        self._approve(count)
        self.assertEqual(self._stock_of(self.pads), 17)
        self._issue_part(self.pads, 1)

    def test_an_unlisted_find_is_counted(self):
        part = self._part("FOUND", 30)
        count = self._start()
        self._count_all(count, {self.pads: 18, self.filter: 100, self.oil: 40, part: 2})
        self._submit(count)
        self._approve(count)
        self.assertEqual(self._stock_of(part, self.bin), 2)


@tagged("post_install", "-at_install")
class TestPartCountPlan(PartCountCase):
    def test_parts_counted_lately_are_not_due(self):
        count = self._start()
        self._count_all(count, {self.pads: 18, self.filter: 100, self.oil: 40})
        self._submit(count)
        self._approve(count)
        with self.assertRaisesRegex(UserError, "nothing to count"):
            self._start()
        # class C is due after half a year
        count.sudo().date = fields.Date.subtract(fields.Date.today(), months=6, days=-1)
        with self.assertRaisesRegex(UserError, "nothing to count"):
            self._start()
        count.sudo().date = fields.Date.subtract(fields.Date.today(), months=6)
        self.assertEqual(len(self._start().line_ids), 3)

    def test_classes_have_their_own_months(self):
        count = self._start()
        self._count_all(count, {self.pads: 18, self.filter: 100, self.oil: 40})
        self._submit(count)
        self._approve(count)
        count.sudo().date = fields.Date.subtract(fields.Date.today(), months=3)
        classes = SQL(
            "SELECT * FROM (VALUES (%s, 'A'), (%s, 'B'), (%s, 'C')) AS class (product_id, abc)",
            self.pads.id,
            self.filter.id,
            self.oil.id,
        )
        with patch.object(type(count), "_get_class_query", lambda self: classes):
            again = self._start()
        self.assertEqual(again.line_ids.product_id, self.pads | self.filter)

    def test_moved_parts_only(self):
        for move in (self.filter, self.oil):
            lines = self.env["stock.move.line"].search([("product_id", "=", move.id)])
            lines.date = self._days_ago(9)
        self.env.flush_all()
        count = self._start(kind="movement", date_from=self._days_ago(2).date())
        self.assertEqual(count.line_ids.product_id, self.pads)

    def test_a_spot_check_takes_some(self):
        self.assertEqual(len(self._start(kind="spot", size=2).line_ids), 2)

    def test_chosen_bins_only(self):
        count = self._start(location_ids=[Command.set(self.bin.ids)])
        self.assertEqual(count.line_ids.product_id, self.pads)

    def test_one_open_count_for_a_part_in_a_bin(self):
        count = self._start()
        with self.assertRaisesRegex(UserError, "nothing to count"):
            self._start()
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.IntegrityError):
            with self.cr.savepoint():
                count._create_lines([(self.pads.id, self.bin.id, None, 1)])
        self._as(self.pat, count).action_cancel()
        self.assertEqual(len(self._start().line_ids), 3)

    def test_the_planner_makes_one_count_for_a_store(self):
        Count = self.env["dealer.part.count"]
        Count._cron_plan_cycle_counts()
        mine = [("warehouse_id", "=", self.warehouse.id)]
        self.assertEqual(Count.search_count(mine), 1)
        Count._cron_plan_cycle_counts()
        self.assertEqual(Count.search_count(mine), 1)

    def test_starting_asks_the_same_for_few_and_many_parts(self):
        def started():
            count = self._as(self.pat, self.env["dealer.part.count"]).create({"kind": "full"})
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            count.action_start()
            self.env.flush_all()
            used = self.cr.sql_log_count - before
            count.action_cancel()
            return used

        started()
        few = started()
        for number in range(40):
            self._receive_part(self._part(f"Q{number}"), 1)
        started()
        self.assertLessEqual(started(), few + 3)
