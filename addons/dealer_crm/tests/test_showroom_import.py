"""The traffic sheet of a month from a file."""

import base64
import csv
import io
import random

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_showroom_visit import ShowroomCommon

HEADER = (
    "序号", "日期", "到店时间", "来店性质", "是否留档", "姓名", "电话", "接待顾问", "是否邀约",
    "意向车系", "是否试驾", "结果",
)  # fmt: skip


def make_csv(rows):
    """Bytes of a traffic sheet as a Chinese spreadsheet saves it."""
    output = io.StringIO(newline="")
    writer = csv.DictWriter(output, HEADER, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return output.getvalue().encode("gb18030")


def make_month(seed=2026):
    """A month with the figures of the published vectors.

    80 first visits without an earlier card, of which 60 were carded; with 10 that had a card and
    20 further visits 90 may drive, 45 did; 18 ordered. Besides, 8 came on other business, and two
    lines were not completed.
    """
    chance = random.Random(seed)
    rows = [{"来店性质": "首次", "是否留档": "是"} for _n in range(60)]
    rows += [{"来店性质": "首次", "是否留档": "否"} for _n in range(20)]
    rows += [{"来店性质": "首次", "是否留档": "已有卡", "是否邀约": "是"} for _n in range(10)]
    rows += [{"来店性质": "再次"} for _n in range(20)]
    rows += [{"来店性质": "非意向"} for _n in range(8)]
    rows += [{"来店性质": "首次"} for _n in range(2)]
    may_drive = rows[:60] + rows[80:110]
    for row in chance.sample(may_drive, 45):
        row["是否试驾"] = "是"
    for row in chance.sample(may_drive, 18):
        row["结果"] = "成交"
    for number, row in enumerate(rows):
        row["日期"] = f"2025/3/{number % 31 + 1}"
        row["到店时间"] = f"{9 + number % 9}:{number % 60:02}"
        row["接待顾问"] = "Sara" if number % 3 else "Tom"
        row["意向车系"] = "Lark"
        if row.get("是否留档") == "是":
            row["姓名"] = f"客户{number}"
            row["电话"] = f"138{number:08}"
    chance.shuffle(rows)
    return rows


class ImportCommon(ShowroomCommon):
    def _wizard(self, rows, user=None, **vals):
        wizard = self._as(user or self.max, self.env["dealer.visit.import"]).create(
            {
                "data_file": base64.b64encode(make_csv(rows)),
                "filename": "traffic.csv",
                "warehouse_id": self.warehouse.id,
                **vals,
            }
        )
        wizard.action_read_file()
        return wizard

    def _import(self, rows, **vals):
        wizard = self._wizard(rows, **vals)
        wizard.action_import()
        return wizard

    def _visits(self):
        return self.env["dealer.visit"].search(
            [("company_id", "=", self.company.id), ("is_imported", "=", True)]
        )

    def _reasons(self, wizard, status="error"):
        lines = wizard.line_ids.filtered(lambda line: line.status == status)
        return {line.line_number: line.reason for line in lines}


@tagged("post_install", "-at_install")
class TestVisitImport(ImportCommon):
    def test_a_line_becomes_visit_card_and_drive(self):
        self._import(
            [
                {
                    "日期": "2025-03-04",
                    "到店时间": "14:30",
                    "来店性质": "首次到店",
                    "是否留档": "是",
                    "姓名": "周冬梅",
                    "电话": "139 0000 1111",
                    "接待顾问": "Sara",
                    "意向车系": "Golden Lark",
                    "是否试驾": "√",
                    "结果": "报价",
                }
            ]
        )
        visit = self._visits()
        self.assertRecordValues(
            visit,
            [
                {
                    "traffic": "first_carded",
                    "user_id": self.sara.id,
                    "series_id": self.series.id,
                    "has_phone": True,
                    "result": "quoted",
                    "test_drive_done": True,
                    "warehouse_id": self.warehouse.id,
                }
            ],
        )
        self.assertEqual(str(visit.arrived_on), "2025-03-04 06:30:00")  # half past two in Shanghai
        self.assertRecordValues(
            visit.lead_id,
            [{"contact_name": "周冬梅", "user_id": self.sara.id, "type": "opportunity"}],
        )
        self.assertRecordValues(
            visit.test_drive_ids,
            [{"state": "done", "is_imported": True, "lead_id": visit.lead_id.id}],
        )

    def test_who_is_known_is_not_made_again(self):
        old = self._create_lead(user=self.tom, phone="13900001111")
        row = {"日期": "2025-03-04", "来店性质": "首次", "姓名": "Zhou", "接待顾问": "Sara"}
        self._import([{**row, "电话": "13900001111"}, {**row, "电话": "+86 139-0000-1111"}])
        self.assertEqual(self._visits().lead_id, old)
        self.assertEqual(old.user_id, self.tom)

    def test_no_leads_are_made_when_not_wanted(self):
        leads = self.env["crm.lead"].search_count([])
        self._import(make_month()[:20], to_make_leads=False)
        self.assertEqual(self.env["crm.lead"].search_count([]), leads)

    def test_the_same_file_again_changes_nothing(self):
        rows = make_month()
        self._import(rows)
        before = self._visits()
        self.assertEqual(len(before), 120)
        drives = before.test_drive_ids
        wizard = self._import(rows)
        self.assertEqual(wizard.warning_count, 120)
        self.assertEqual(self._visits(), before)
        self.assertEqual(before.test_drive_ids, drives)

    def test_equal_lines_of_one_file_are_different_parties(self):
        row = {"日期": "2025-03-04", "来店性质": "首次", "是否留档": "否", "接待顾问": "Sara"}
        self._import([row, row, row])
        self.assertEqual(len(self._visits()), 3)
        self._import([row, row, row, row])
        self.assertEqual(len(self._visits()), 4)

    def test_wrong_lines_are_told(self):
        good = {"日期": "2025-03-04", "来店性质": "首次"}
        wizard = self._wizard(
            [
                good,
                {**good, "日期": "2999-01-01"},
                {**good, "接待顾问": "Nobody"},
                {**good, "电话": "12"},
                {**good, "到店时间": "noon"},
                {**good, "日期": ""},
                {**good, "序号": "7"},
                {**good, "序号": "7"},
                {**good, "来店性质": "???"},
            ]
        )
        errors = self._reasons(wizard)
        self.assertEqual(sorted(errors), [3, 4, 5, 6, 7, 9])
        for line, word in ((3, "not come yet"), (4, "Nobody"), (5, "12"), (6, "14:30"), (9, "7")):
            self.assertIn(word, errors[line])
        self.assertIn("???", self._reasons(wizard, "warning")[10])
        with self.assertRaisesRegex(UserError, "Nothing was imported"):
            wizard.action_import()
        wizard.row_policy = "good"
        wizard.action_import()
        self.assertEqual(len(self._visits()), 3)

    def test_a_heading_that_nobody_understands_is_named(self):
        content = make_csv([{"日期": "2025-03-04", "来店性质": "再次"}]).decode("gb18030")
        wizard = self._as(self.max, self.env["dealer.visit.import"]).create(
            {
                "data_file": base64.b64encode(content.replace("来店性质", "性质").encode()),
                "filename": "traffic.csv",
                "warehouse_id": self.warehouse.id,
            }
        )
        wizard.action_read_file()
        self.assertEqual(wizard.unused_headings, "性质")
        self.assertFalse(self._wizard([{"日期": "2025-03-04"}]).unused_headings)

    def test_only_managers_import(self):
        with self.assertRaises(AccessError):
            self._wizard([{"日期": "2025-03-04"}], user=self.sara)

    def test_one_line_costs_no_query_of_its_own(self):
        rows = make_month()
        self._import(rows[:10], to_make_leads=False)
        self.env.flush_all()

        def cost(part):
            wizard = self._wizard(part, to_make_leads=False)
            start = self.cr.sql_log_count
            wizard.action_import()
            self.env.flush_all()
            return self.cr.sql_log_count - start

        few, many = cost(rows[10:20]), cost(rows[20:110])
        self.assertLess(many, few + 25)
