import datetime
import re
from collections import Counter

import pytz

from odoo import fields, models

from odoo.addons.dealer_base.tools.table_reader import Column
from odoo.addons.dealer_vehicle.wizard.dealer_catalogue_import import name_key

from ..tools.phone import phone_key

# How traffic sheets call things; compared without case and blanks.
KIND_WORDS = {
    "first": (
        "first",
        "first visit",
        "首次",
        "首次到店",
        "首次来店",
        "初次",
        "首访",
        "新客",
        "新客户",
    ),
    "repeat": (
        "repeat",
        "again",
        "came again",
        "再次",
        "再次到店",
        "再次来店",
        "二次",
        "二次到店",
        "复访",
        "老客",
        "老客户",
    ),
    "no_intent": (
        "no_intent",
        "other",
        "other business",
        "非意向",
        "无意向",
        "其他业务",
        "售后",
        "其他",
    ),
}
CARD_WORDS = {
    "new": ("new", "yes", "y", "是", "有", "√", "✓", "建卡", "新建卡", "已建卡", "留档", "已留档"),
    "known": ("known", "had a card", "已有卡", "老卡", "曾建卡", "在档", "已在档", "网电建卡"),
    "none": ("none", "no", "n", "否", "无", "×", "未建卡", "未留档", "未留"),
}
RESULT_WORDS = {
    "presented": ("presented", "看车", "介绍", "已介绍"),
    "quoted": ("quoted", "报价", "已报价"),
    "again": ("again", "再约", "待再次到店", "继续跟进", "跟进"),
    "ordered": (
        "ordered",
        "order",
        "是",
        "y",
        "yes",
        "√",
        "✓",
        "成交",
        "已成交",
        "下订",
        "已下订",
        "订车",
        "已订",
    ),
    "lost": ("lost", "not interested", "战败", "无意向", "放弃"),
}
YES = ("yes", "y", "true", "1", "是", "有", "√", "✓", "试驾", "已试驾", "邀约", "已邀约")
NO = ("", "no", "n", "false", "0", "否", "无", "×", "未试驾", "自然到店", "自然")
#: When nobody wrote down the time, noon: it is that day in every report.
NOON = datetime.time(12, 0)


class DealerVisitImport(models.TransientModel):
    """A month of the traffic sheet (客流登记表) from a file: visits, cards, test drives.

    The same file may be read again: a line that is known by its number, or by all that stands in
    it, is left out.
    """

    _name = "dealer.visit.import"
    _inherit = "dealer.import.wizard"
    _description = "Import a Traffic Sheet"
    _max_rows = 20_000

    line_ids = fields.One2many("dealer.visit.import.line", "wizard_id", readonly=True)
    bad_line_ids = fields.One2many(
        "dealer.visit.import.line", "wizard_id", domain=[("status", "!=", "ok")], readonly=True
    )
    company_id = fields.Many2one(
        "res.company", default=lambda self: self.env.company, required=True, readonly=True
    )
    warehouse_id = fields.Many2one(
        "stock.warehouse",
        string="Store",
        required=True,
        domain="[('company_id', '=', company_id)]",
        default=lambda self: self.env.user._get_default_warehouse_id(),
        help="Store of the lines that name none.",
    )
    to_make_leads = fields.Boolean(
        "Make leads of new numbers",
        default=True,
        help="A new card with a telephone number that nobody has yet becomes a lead of the"
        " consultant.",
    )

    # === COLUMNS ===
    def _get_columns(self):
        return [
            Column(
                "date",
                self.env._("Date"),
                ("日期", "到店日期", "来店日期", "day"),
                kind="date",
                required=True,
                example=datetime.date(2026, 11, 3),
            ),
            Column(
                "time",
                self.env._("Arrival"),
                ("时间", "到店时间", "来店时间", "进店时间", "time"),
                example="10:20",
            ),
            Column("left", self.env._("Left"), ("离店时间", "离开时间"), example="11:05"),
            Column(
                "kind",
                self.env._("Visit"),
                ("来店性质", "到店性质", "到店类型", "客流类型", "首次/再次", "kind"),
                example="首次",
            ),
            Column(
                "card",
                self.env._("Card"),
                ("是否留档", "留档", "是否建卡", "建卡", "建档"),
                example="是",
            ),
            Column("name", self.env._("Customer"), ("姓名", "客户姓名", "客户", "客户名称")),
            Column(
                "phone", self.env._("Phone Number"), ("电话", "手机", "手机号", "联系电话", "phone")
            ),
            Column(
                "party_size",
                self.env._("Persons"),
                ("人数", "来店人数", "到店人数"),
                kind="integer",
                example=2,
            ),
            Column(
                "person",
                self.env._("Received By"),
                ("接待", "接待人", "接待顾问", "销售顾问", "顾问"),
            ),
            Column(
                "invited", self.env._("Invited"), ("是否邀约", "邀约", "邀约到店"), example="否"
            ),
            Column(
                "series",
                self.env._("Looked At"),
                ("意向车型", "意向车系", "关注车型", "车系", "车型"),
            ),
            Column(
                "test_drive",
                self.env._("Test Drive"),
                ("是否试驾", "试驾", "试乘试驾"),
                example="是",
            ),
            Column(
                "result",
                self.env._("Result"),
                ("结果", "成交", "是否成交", "接待结果"),
                example="报价",
            ),
            Column("store", self.env._("Store"), ("门店", "店", "展厅", "warehouse")),
            Column("number", self.env._("Number"), ("序号", "编号", "客流编号", "no")),
            Column("note", self.env._("Note"), ("备注", "说明")),
        ]

    def _get_template_filename(self):
        return self.env._("traffic sheet.xlsx")

    def _get_template_notes(self):
        return [
            self.env._("Visit: 首次, 再次 or 非意向. Card: 是, 已有卡 or 否. Empty: to complete."),
            self.env._("A line that has been imported before is left out."),
        ]

    # === CHECKING ===
    def _check_rows(self, rows):
        for row in rows:
            self._check_words(row)
            self._check_times(row)
            self._check_party(row)
        self._match_stores(rows)
        self._match_people(rows)
        self._match_series(rows)
        self._set_keys(rows)
        self._mark_known(rows)

    def _check_words(self, row):
        values = row.values
        for name, words in (("kind", KIND_WORDS), ("card", CARD_WORDS), ("result", RESULT_WORDS)):
            values[f"{name}_word"] = values[name]
            values[name] = self._find_word(row, values[name], words)
        for name in ("invited", "test_drive"):
            key = name_key(values[name] or "")
            values[name] = key in YES
            if key not in YES and key not in NO:
                self._warn_word(row, key)
        if not values["kind"]:
            # a sheet without this column lists first visits; a word nobody knows is to complete
            values["kind"] = "first" if values["card"] and not values["kind_word"] else False
        if values["kind"] != "first":
            values["card"] = False
        elif not values["card"] and values["phone"]:
            values["card"] = "new"

    def _find_word(self, row, text, words):
        key = name_key(text or "")
        for value, known in words.items():
            if key in known:
                return value
        if key:
            self._warn_word(row, text)
        return False

    def _warn_word(self, row, text):
        row.warnings.append(self.env._("“%(word)s” is not understood and is left out.", word=text))

    def _check_times(self, row):
        """Put the moments, in UTC, into ``arrived`` and ``left_on``."""
        values = row.values
        times = {}
        for name in ("time", "left"):
            times[name] = self._read_time(values[name])
            if values[name] and not times[name]:
                row.errors.append(
                    self.env._("“%(value)s” is not a time such as 14:30.", value=values[name])
                )
        day = values["date"]
        values["arrived"] = day and self._get_moment(day, times["time"] or NOON)
        values["left_on"] = day and times["left"] and self._get_moment(day, times["left"])
        if values["left_on"] and values["left_on"] < values["arrived"]:
            row.errors.append(self.env._("They left before they came."))
        if day and day > fields.Date.context_today(self):
            row.errors.append(self.env._("%(date)s has not come yet.", date=day))

    def _read_time(self, text):
        """A time of day as spreadsheets write it: 14:30, 14:30:00, 14点30分, with a day before."""
        match = re.search(r"(\d{1,2})[:：点时](\d{1,2})?", text or "")
        if not match:
            return None
        hour, minute = int(match.group(1)), int(match.group(2) or 0)
        return datetime.time(hour, minute) if hour < 24 and minute < 60 else None

    def _get_moment(self, day, time):
        """A moment at the store, in UTC."""
        # sudo: the address of the own company
        zone = self.env.user.tz or self.company_id.sudo().partner_id.tz or "Asia/Shanghai"
        local = pytz.timezone(zone).localize(datetime.datetime.combine(day, time))
        return local.astimezone(pytz.utc).replace(tzinfo=None)

    def _check_party(self, row):
        values = row.values
        values["party_size"] = values["party_size"] or 1
        if not 1 <= values["party_size"] <= 99:
            row.errors.append(self.env._("Between 1 and 99 persons come together."))
        values["phone_key"] = phone_key(values["phone"], self.company_id.country_id.code)
        if values["phone"] and not values["phone_key"]:
            row.errors.append(
                self.env._("“%(phone)s” is not a telephone number.", phone=values["phone"])
            )

    def _match_stores(self, rows):
        stores = self.env["stock.warehouse"].search([("company_id", "=", self.company_id.id)])
        known = {name_key(name): store for store in stores for name in (store.name, store.code)}
        for row in rows:
            name = row.values["store"]
            row.values["warehouse"] = known.get(name_key(name)) if name else self.warehouse_id
            if not row.values["warehouse"]:
                row.errors.append(self.env._("There is no store %(name)s.", name=name))

    def _match_people(self, rows):
        # sudo: names of colleagues, also of those who have left
        users = (
            self.env["res.users"]
            .sudo()
            .with_context(active_test=False)
            .search([("share", "=", False), ("company_ids", "in", self.company_id.ids)])
        )
        known = {}
        for user in users.sorted("active"):
            known[name_key(user.login)] = known[name_key(user.name)] = user
        for row in rows:
            name = row.values["person"]
            row.values["user"] = known.get(name_key(name)) if name else None
            if name and not row.values["user"]:
                row.errors.append(self.env._("Nobody here is called %(name)s.", name=name))

    def _match_series(self, rows):
        known = {}
        # every series of the catalogue: a few hundred
        for series in self.env["dealer.vehicle.series"].search([("active", "=", True)]):
            known[name_key(series.name)] = series
            known[name_key(f"{series.brand_id.name} {series.name}")] = series
        for row in rows:
            name = row.values["series"]
            row.values["series_record"] = known.get(name_key(name)) if name else None
            if name and not row.values["series_record"]:
                row.warnings.append(
                    self.env._("The series %(name)s is not known and is left out.", name=name)
                )

    def _set_keys(self, rows):
        """What a line is known by: its number, else all that stands in it and how often."""
        seen = Counter()
        for row in rows:
            values = row.values
            parts = (
                values["date"],
                values["time"],
                values["phone_key"] or values["name"],
                values["person"],
                values["kind"],
                values["card"],
            )
            key = (
                f"#{values['number']} {values['date']}"
                if values["number"]
                else "|".join(str(part or "") for part in parts)
            )
            store = values["warehouse"]
            seen[store, key] += 1
            if values["number"] and seen[store, key] > 1:
                row.errors.append(
                    self.env._("The number %(number)s stands there twice.", number=values["number"])
                )
            values["key"] = key if values["number"] else f"{key}|{seen[store, key]}"

    def _mark_known(self, rows):
        # sudo: lines of the store, whoever received them
        known = {
            (visit.warehouse_id.id, visit.import_key)
            for visit in self.env["dealer.visit"]
            .sudo()
            .search_fetch(
                [("import_key", "in", [row.values["key"] for row in rows])],
                ["warehouse_id", "import_key"],
            )
        }
        for row in rows:
            store = row.values["warehouse"]
            row.values["is_known"] = bool(store) and (store.id, row.values["key"]) in known
            if row.values["is_known"]:
                row.warnings.append(self.env._("Imported before: left out."))

    def _prepare_line_vals(self, row):
        values = row.values
        return {
            **super()._prepare_line_vals(row),
            "day": " ".join(filter(None, (str(values["date"] or ""), values["time"]))),
            "kind": values["kind_word"],
            "card": values["card_word"],
            "customer": values["name"],
            "person": values["person"],
            "result": values["result_word"],
            "is_known": values["is_known"],
        }

    # === IMPORTING ===
    def _import_rows(self, rows):
        """Make visits, their leads and test drives, each kind as one batch.

        :return: the visits
        """
        self.env["dealer.visit"].check_access("create")
        rows = [row for row in rows if not row.values["is_known"]]
        leads = self._get_leads(rows)
        # sudo: facts of an import, and visits of colleagues
        quiet = (
            self.env["dealer.visit"]
            .sudo()
            .with_context(
                tracking_disable=True, mail_create_nolog=True, mail_create_nosubscribe=True
            )
        )
        visits = quiet.create([self._prepare_visit_vals(row, leads) for row in rows])
        driven = [
            self._prepare_drive_vals(row, visit)
            for row, visit in zip(rows, visits, strict=True)
            if row.values["test_drive"]
        ]
        quiet.env["dealer.test.drive"].create(driven)
        return visits.with_env(self.env)

    def _get_leads(self, rows):
        """Leads of the telephone numbers, by key; missing ones are made of new cards."""
        numbers = {
            row.values["phone_key"]: row for row in reversed(rows) if row.values["phone_key"]
        }
        # sudo: who belongs to a colleague must not be made a second time
        Lead = self.env["crm.lead"].sudo()
        found = {
            lead.dealer_phone_key: lead
            for lead in Lead.search(
                [
                    ("dealer_phone_key", "in", list(numbers)),
                    ("company_id", "in", (self.company_id.id, False)),
                ],
                order="id desc",
            )
        }
        if not self.to_make_leads:
            return found
        missing = [
            row
            for key, row in numbers.items()
            if key not in found and row.values["card"] == "new" and row.values["name"]
        ]
        people = self.env["res.partner"]._dealer_find_people(
            [r.values["phone_key"] for r in missing]
        )
        made = Lead.with_context(tracking_disable=True, mail_create_nosubscribe=True).create(
            [self._prepare_lead_vals(row, people) for row in missing]
        )
        return found | {lead.dealer_phone_key: lead for lead in made}

    def _prepare_lead_vals(self, row, people):
        """A lead as the door makes it, see ``dealer.visit``."""
        values = row.values
        visit = self.env["dealer.visit"].new(
            {
                "warehouse_id": values["warehouse"].id,
                "user_id": values["user"] and values["user"].id,
                "series_id": values["series_record"] and values["series_record"].id,
            }
        )
        person = people.get(values["phone_key"])
        return visit._prepare_lead_vals(
            values["name"], values["phone"], partner_id=person.id if person else False
        )

    def _prepare_visit_vals(self, row, leads):
        values = row.values
        lead = leads.get(values["phone_key"])
        return {
            "arrived_on": values["arrived"],
            "left_on": values["left_on"],
            "party_size": values["party_size"],
            "kind": values["kind"],
            "card": values["card"],
            "is_invited": values["invited"],
            "user_id": values["user"].id if values["user"] else False,
            "warehouse_id": values["warehouse"].id,
            "lead_id": lead.id if lead and values["card"] != "none" else False,
            "has_phone": bool(values["phone_key"]),
            "series_id": values["series_record"].id if values["series_record"] else False,
            "result": values["result"],
            "note": values["note"],
            "is_imported": True,
            "import_key": values["key"],
        }

    def _prepare_drive_vals(self, row, visit):
        """A drive of which only is known that it took place."""
        return {
            "state": "done",
            "is_imported": True,
            "visit_id": visit.id,
            "lead_id": visit.lead_id.id,
            "date_start": visit.arrived_on,
            "duration": 0.5,
            "warehouse_id": visit.warehouse_id.id,
            "series_id": visit.series_id.id,
            "user_id": (visit.user_id or self.env.user).id,
        }

    def _get_result_action(self, result):
        return result._get_records_action(name=self.env._("Imported Visits"))
