import re
from datetime import datetime, timedelta

import pytz

from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.dealer_base.tools.table_reader import Column

from ..models.dealer_masked_mixin import mask_phone
from ..tools.phone import phone_key

TIME = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T ]+(\d{1,2}):(\d{1,2})(?::(\d{1,2}))?.*)?"
)


def parse_moment(text, zone):
    """The moment as UTC without a zone.

    :raise ValueError: the text is no moment
    """
    match = TIME.fullmatch(text.strip())
    if not match:
        raise ValueError(text)
    parts = [int(part or 0) for part in match.groups()]
    return zone.localize(datetime(*parts)).astimezone(pytz.utc).replace(tzinfo=None)


class DealerLeadImport(models.TransientModel):
    """Import of the inquiries that car portals, short video and events deliver as a table.

    One person gets one lead: rows of the same telephone become one, and an inquiry of somebody
    whose lead is open is added to that lead as one more inquiry, with its channel. An inquiry that
    was imported before is left out. Nothing is asked of the database row by row.
    """

    _name = "dealer.lead.import"
    _inherit = "dealer.import.wizard"
    _description = "Import Leads"

    line_ids = fields.One2many("dealer.lead.import.line", "wizard_id", readonly=True)
    bad_line_ids = fields.One2many(
        "dealer.lead.import.line", "wizard_id", domain=[("status", "!=", "ok")], readonly=True
    )
    row_policy = fields.Selection(default="good")
    company_id = fields.Many2one(
        "res.company", default=lambda self: self.env.company, required=True, readonly=True
    )
    channel_id = fields.Many2one("dealer.channel", help="Channel of the rows that name none.")
    campaign_id = fields.Many2one("utm.campaign", help="Campaign of the rows that name none.")

    # === COLUMNS ===

    def _get_columns(self):
        return [
            Column(
                "phone",
                self.env._("Telephone"),
                ("电话", "手机", "手机号", "手机号码", "联系电话", "联系方式", "mobile", "phone"),
                required=True,
                example="13800138000",
            ),
            Column(
                "name",
                self.env._("Name"),
                ("姓名", "客户姓名", "客户名称", "称呼", "customer"),
                example="张先生",
            ),
            Column(
                "channel",
                self.env._("Channel"),
                ("渠道", "来源", "线索来源", "二级渠道", "媒体", "平台", "source"),
                example="汽车之家",
            ),
            Column(
                "campaign", self.env._("Campaign"), ("活动", "活动名称", "市场活动", "推广计划")
            ),
            Column(
                "wish",
                self.env._("Car Wished"),
                ("意向车型", "车型", "意向车系", "车系", "询价车型", "model", "series"),
            ),
            Column("city", self.env._("City"), ("城市", "所在城市", "地区", "area")),
            Column(
                "time",
                self.env._("Time"),
                ("时间", "留资时间", "下发时间", "创建时间", "提交时间", "日期", "date"),
                example="2026-03-02 10:15",
            ),
            Column(
                "text", self.env._("Message"), ("留言", "备注", "内容", "需求", "remark", "note")
            ),
            Column(
                "external_id",
                self.env._("Number at the Medium"),
                ("线索编号", "线索ID", "外部编号", "编号", "lead id", "id"),
            ),
        ]

    def _get_template_filename(self):
        return self.env._("leads.xlsx")

    def _get_template_notes(self):
        return [
            self.env._("Rows of one telephone become one lead."),
            self.env._("With the number of the medium a file can be imported again safely."),
        ]

    # === CHECKING ===

    def _check_rows(self, rows):
        self._check_values(rows)
        good = [row for row in rows if not row.errors]
        self._match_names(good)
        self._match_touches(good)
        self._match_people(good)

    def _check_values(self, rows):
        zone = pytz.timezone(self.company_id.partner_id.tz or self.env.user.tz or "Asia/Shanghai")
        now = fields.Datetime.now()
        for row in rows:
            values = row.values
            values["result"] = False
            values["key"] = phone_key(values["phone"])
            if values["phone"] and not values["key"]:
                row.errors.append(
                    self.env._("%(phone)s is no telephone number.", phone=values["phone"])
                )
            values["moment"] = now
            if values["time"]:
                try:
                    values["moment"] = parse_moment(values["time"], zone)
                except ValueError:
                    row.errors.append(
                        self.env._("“%(time)s” is no date and time.", time=values["time"])
                    )
                else:
                    if values["moment"] > now + timedelta(days=1):
                        row.errors.append(
                            self.env._("%(time)s is in the future.", time=values["time"])
                        )

    def _match_names(self, rows):
        """Find channels, campaigns and cars by the words of the medium."""
        channels = self.env["dealer.channel"]._dealer_get_by_text()
        cars = self._get_cars()
        for row in rows:
            values = row.values
            text = (values["channel"] or "").casefold()
            values["channel_record"] = channels.get(text) if text else self.channel_id
            if text and not values["channel_record"]:
                values["channel_record"] = self.channel_id
                row.warnings.append(
                    self.env._("The channel %(channel)s is unknown.", channel=values["channel"])
                )
            values["car"] = cars.get((values["wish"] or "").casefold())

    def _get_cars(self):
        """Series and trims by their names in small letters: ``{name: wish values}``."""
        cars = {}
        for model in self.env["fleet.vehicle.model"].search_fetch(
            [("dealer_series_id", "!=", False)], ["name"]
        ):
            cars.setdefault((model.name or "").casefold(), {"model_id": model.id})
        for series in self.env["dealer.vehicle.series"].search_fetch([], ["name", "brand_id"]):
            for name in (series.name, f"{series.brand_id.name} {series.name}"):
                cars[name.casefold()] = {"series_id": series.id}
        return cars

    def _get_scope(self, row):
        channel = row.values["channel_record"]
        return f"{self.company_id.id}/{channel.code if channel else ''}"

    def _match_touches(self, rows):
        """Mark the rows that an earlier import, or an earlier row, has brought already."""
        refs = [row.values["external_id"] for row in rows if row.values["external_id"]]
        # sudo: inquiries of all colleagues
        known = (
            self.env["dealer.lead.touch"]
            .sudo()
            .search_fetch([("external_ref", "in", refs)], ["external_scope", "external_ref"])
        )
        seen = {(touch.external_scope, touch.external_ref) for touch in known}
        for row in rows:
            ref = row.values["external_id"]
            if not ref:
                continue
            if (self._get_scope(row), ref) in seen:
                row.values["result"] = "known"
                row.warnings.append(self.env._("Imported before: left out."))
            seen.add((self._get_scope(row), ref))

    def _match_people(self, rows):
        """Find the open leads and the files of the people."""
        rows = [row for row in rows if row.values["result"] != "known"]
        keys = {row.values["key"] for row in rows}
        leads = self.env["crm.lead"]._dealer_find_open(keys, self.company_id)
        people = self.env["res.partner"]._dealer_find_people(keys)
        restricted = self._get_restricted_keys(rows)
        first = {}
        for row in rows:
            values = row.values
            key = values["key"]
            if key in restricted:
                row.errors.append(self.env["res.partner"]._dealer_get_restricted_text())
                continue
            values["lead"] = leads.get(key)
            values["person"] = people.get(key)
            if key in first:
                values["result"] = "same"
                row.warnings.append(
                    self.env._(
                        "Same telephone as in line %(line)s: one more inquiry of that lead.",
                        line=first[key].number,
                    )
                )
            elif values["lead"]:
                values["result"] = "merge"
                row.warnings.append(
                    self.env._("This person has an open lead: one more inquiry of it.")
                )
            else:
                values["result"] = "new"
            first.setdefault(key, row)

    def _get_restricted_keys(self, rows):
        """Telephones of people who asked to be forgotten: a bought list brings them back."""
        phones = [row.values["phone"] for row in rows]
        people = self.env["res.partner"]._dealer_find_restricted(phones)
        return set(people.mapped("dealer_phone_key"))

    def _prepare_line_vals(self, row):
        values = row.values
        return {
            **super()._prepare_line_vals(row),
            "name": values["name"],
            "phone": values["phone"],
            "channel": values["channel"],
            "wish": values["wish"],
            "city": values["city"],
            "result": values["result"],
        }

    # === IMPORTING ===

    def _import_rows(self, rows):
        """Make leads and inquiries of the rows, each kind as one batch.

        :return: the new leads
        """
        rows = [row for row in rows if row.values["result"] != "known"]
        campaigns = self._import_campaigns(rows)
        new = [row for row in rows if row.values["result"] == "new"]
        # sudo: who brings the list (marketing) need not be one who works with leads
        Lead = (
            self.env["crm.lead"]
            .sudo()
            .with_context(
                tracking_disable=True,
                mail_create_nosubscribe=True,
                dealer_lead_import=True,
                dealer_no_assignment=True,
            )
        )
        # what Odoo would look up for each lead
        common = {
            "stage_id": Lead._stage_find(domain=[("fold", "=", False)]).id,
            **Lead.default_get(["dealer_level_id"]),
        }
        leads = Lead.create([{**common, **self._prepare_lead_vals(row, campaigns)} for row in new])
        by_key = {row.values["key"]: lead for row, lead in zip(new, leads, strict=True)}
        for row in rows:
            row.values["lead"] = by_key.get(row.values["key"]) or row.values["lead"]
        self._import_wishes(new)
        # sudo: facts that nobody writes by hand
        self.env["dealer.lead.touch"].sudo().create(
            [self._prepare_touch_vals(row, campaigns) for row in rows]
        )
        self._store_last_touch(rows)
        # who brings the list does not wait until 10,000 leads have an owner; their clock runs
        # sudo: the clock of all leads
        self.env.ref("dealer_crm.ir_cron_lead_follow_up").sudo()._trigger()
        return leads

    def _import_campaigns(self, rows):
        """Campaigns by name; those that are new are made."""
        names = {row.values["campaign"] for row in rows if row.values["campaign"]}
        # sudo: campaigns are shared words, like channels
        Campaign = self.env["utm.campaign"].sudo()
        found = {
            campaign.title: campaign
            for campaign in Campaign.search([("title", "in", list(names))], order="id desc")
        }
        missing = sorted(names - set(found))
        created = Campaign.create([{"title": name} for name in missing])
        found.update(zip(missing, created, strict=True))
        return found

    def _get_campaign(self, row, campaigns):
        return campaigns.get(row.values["campaign"]) or self.campaign_id

    def _prepare_lead_vals(self, row, campaigns):
        values = row.values
        channel = values["channel_record"]
        # sudo: the file of the person, whoever looks after it
        person = values["person"].sudo() if values["person"] else None
        until = person and person.dealer_protected_until
        is_protected = until and until >= fields.Datetime.now()
        uses_leads = self.env.user.has_group("crm.group_use_lead")  # else no menu lists them
        title = " ".join(part for part in (values["name"], values["wish"]) if part)
        return {
            "name": title or mask_phone(values["phone"]),  # a title is read by everybody
            "type": "lead" if uses_leads else "opportunity",
            "contact_name": values["name"],
            "phone": values["phone"],
            "partner_id": person.id if person else False,
            "user_id": person.user_id.id if is_protected else False,
            "team_id": False,
            "city": values["city"],
            "description": values["text"],
            "company_id": self.company_id.id,
            "dealer_channel_id": channel.id if channel else False,
            "dealer_last_channel_id": channel.id if channel else False,
            "source_id": channel.source_id.id if channel else False,
            "medium_id": channel.medium_id.id if channel else False,
            "campaign_id": self._get_campaign(row, campaigns).id,
            "dealer_first_touch": values["moment"],
            "dealer_last_touch": values["moment"],
        }

    def _prepare_touch_vals(self, row, campaigns):
        values = row.values
        channel = values["channel_record"]
        return {
            "lead_id": values["lead"].id,
            "date": values["moment"],
            "channel_id": channel.id if channel else False,
            "campaign_id": self._get_campaign(row, campaigns).id,
            "wish_text": values["wish"],
            "city": values["city"],
            "text": values["text"],
            "external_ref": values["external_id"] or False,
            "external_scope": self._get_scope(row) if values["external_id"] else False,
        }

    def _import_wishes(self, rows):
        vals_list = [
            {"lead_id": row.values["lead"].id, **row.values["car"]}
            for row in rows
            if row.values["car"]
        ]
        # sudo: the importer need not be who looks after the leads
        self.env["dealer.lead.wish"].sudo().create(vals_list)

    def _store_last_touch(self, rows):
        """The last inquiry of each lead, with one statement.

        Writing lead by lead would look for salespeople, stages and activities each time; nothing
        of these follows from the two fields.
        """
        last = {}
        for row in rows:
            lead = row.values["lead"]
            if lead.id not in last or last[lead.id].values["moment"] < row.values["moment"]:
                last[lead.id] = row
        if not last:
            return
        Lead = self.env["crm.lead"]
        Lead.flush_model(["dealer_last_touch", "dealer_last_channel_id"])
        channels = [row.values["channel_record"] for row in last.values()]
        self.env.execute_query(
            SQL(
                """
                UPDATE crm_lead lead
                   SET dealer_last_touch = new.moment,
                       dealer_last_channel_id =
                           COALESCE(new.channel_id, lead.dealer_last_channel_id)
                  FROM unnest(%s::int[], %s::timestamp[], %s::int[])
                       AS new (id, moment, channel_id)
                 WHERE lead.id = new.id
                   AND (lead.dealer_last_touch IS NULL OR lead.dealer_last_touch < new.moment)
             RETURNING lead.id
                """,
                list(last),
                [row.values["moment"] for row in last.values()],
                [channel.id if channel else None for channel in channels],
            )
        )
        Lead.invalidate_model(["dealer_last_touch", "dealer_last_channel_id"])

    def _get_result_action(self, result):
        if not self.env["crm.lead"].has_access("read"):  # marketing brings lists, sales has leads
            return {
                "type": "ir.actions.client",
                "tag": "display_notification",
                "params": {
                    "type": "success",
                    "message": self.env._("%(count)s new leads imported.", count=len(result)),
                    "next": {"type": "ir.actions.act_window_close"},
                },
            }
        return {
            "type": "ir.actions.act_window",
            "res_model": "crm.lead",
            "view_mode": "list,form",
            "domain": [("id", "in", result.ids)],
            "name": self.env._("Imported Leads"),
        }
