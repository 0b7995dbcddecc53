from datetime import timedelta

from lxml import etree

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .lead_case import MONDAY, LeadCase


@tagged("post_install", "-at_install")
class TestLeadToday(LeadCase):
    """The page of the day: what is there, in which order, and what it costs."""

    def _page(self, user=None):
        self.env.flush_all()
        return self._as(user or self.sara, self.env["dealer.today"]).get_page()

    def _sections(self, user=None):
        return {
            section["key"]: [item["title"] for item in section["items"]]
            for section in self._page(user)["sections"]
        }

    def _named(self, name, level=None, user=None):
        lead = self._lead(user=user, name=name, contact_name=name)
        if level:
            self._contact(lead, user=user, level_id=level.id)
        return lead

    def test_hot_and_overdue_first(self):
        with self.at():
            self._named("C", self.level_c)
            self._named("A", self.level_a)
            self._named("H1", self.level_h)
        with self.at(hours=1):
            self._named("H2", self.level_h)
        with self.at(hours=2):
            self._named("Tom's", self.level_h, user=self.tom)
        with self.at(days=3, hours=0.5):
            self._named("Just now", self.level_h)
            self.assertEqual(self._sections()["overdue"], ["H1", "H2", "A"])
        with self.at(days=16):
            self.assertEqual(self._sections()["overdue"][-2:], ["A", "C"])

    def test_new_customers_go_before_everything(self):
        with self.at():
            self._named("Old", self.level_h)
            web = self.env["crm.lead"].create(
                {
                    "name": "Web",
                    "contact_name": "Web",
                    "company_id": self.company.id,
                    "user_id": self.sara.id,
                }
            )
        with self.at(days=1, hours=1):
            page = self._page()
            self.assertEqual(
                [section["key"] for section in page["sections"]][:2], ["new", "overdue"]
            )
            self.assertEqual(page["sections"][0]["items"][0]["id"], web.id)

    def test_due_later_today_and_pool_warning(self):
        with self.at():
            self._named("H", self.level_h)
        with self.at(days=1, hours=-1):
            sections = self._sections()
            self.assertEqual(sections["today"], ["H"])
            self.assertNotIn("overdue", sections)
            self.assertNotIn("pool", sections)
        with self.at(days=3):
            self.assertEqual(self._sections()["pool"], ["H"])

    def test_appointments_and_deals_to_save(self):
        with self.at():
            lead = self._named("H", self.level_h)
            self.env["calendar.event"].create(
                {
                    "name": "Comes to look",
                    "start": MONDAY + timedelta(hours=3),
                    "stop": MONDAY + timedelta(hours=4),
                    "user_id": self.sara.id,
                    "opportunity_id": lead.id,
                    "partner_ids": [Command.link(self.sara.partner_id.id)],
                }
            )
            order = self._sell(self._stock())
            order.dealer_stuck_kind = "money"
            sections = self._sections()
        self.assertEqual(sections["meetings"], ["Comes to look"])
        self.assertEqual(len(sections["stuck"]), 1)

    def test_manager_sees_the_team_and_closes_the_day(self):
        with self.at():
            self._named("H", self.level_h)
            self._named("H", self.level_h)
        with self.at(days=2):
            self._named("B", self.level_b, user=self.tom)
            team = {person["name"]: person for person in self._page(self.max)["team"]}
            self.assertEqual(team["Sara"]["overdue"], 2)
            self.assertEqual(team["Tom"]["done"], 1)
            self.assertFalse(self._page()["team"])
            Close = self._as(self.max, self.env["dealer.day.close"])
            close = Close.browse(Close.action_close()["res_id"])
            self.assertTrue(self._page(self.max)["closed"])
            again = Close.browse(Close.action_close()["res_id"])
            self.assertEqual(close, again)
            with self.assertRaises(UserError):
                self._as(self.sara, Close).action_close()
        line = close.line_ids.filtered(lambda line: line.user_id == self.sara)
        self.assertRecordValues(line, [{"overdue": 2, "done": 0}])
        self.assertEqual(str(close.date), "2026-11-04")

    def test_page_is_for_salespeople(self):
        with self.assertRaises(AccessError):
            self._page(self.ken)

    def test_same_number_of_queries_with_many_customers(self):
        def cost():
            self.env.flush_all()
            self.env.invalidate_all()
            page = self._as(self.sara, self.env["dealer.today"])
            page.get_page()  # caches of rules and xml ids
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            page.get_page()
            return self.cr.sql_log_count - before

        with self.at():
            for number in range(30):
                self._named(str(number), self.level_h if number % 2 else None)
        with self.at(days=3):
            few = cost()
        with self.at():
            Lead = self._as(self.sara, self.env["crm.lead"])
            leads = Lead.create(
                [
                    {"name": f"L{n}", "contact_name": f"L{n}", "user_id": self.sara.id}
                    for n in range(300)
                ]
            )
            self.assertEqual(len(leads), 300)
        with self.at(days=3):
            self.assertEqual(cost(), few)

    # === FORM ===

    def test_the_form_begins_with_who_which_number_how_keen_and_what_next(self):
        arch = etree.fromstring(self._as(self.sara, self.env["crm.lead"]).get_view()["arch"])
        shown = "//group[@name='dealer_follow_up']//field[not(@invisible='1')]/@name"
        self.assertEqual(
            arch.xpath(shown)[:4],
            ["contact_name", "phone", "dealer_level_id", "dealer_next_contact_date"],
        )
        [title] = arch.xpath("//h2[.//field[@name='expected_revenue']]")
        self.assertIn(title.get("invisible"), ("1", "True"))
        lead = self._lead(phone="13812341234")
        with Form(self._as(self.sara, lead)) as form:
            form.contact_name = "Li Ping"
            form.phone = "13812341235"
        self.assertRecordValues(lead, [{"contact_name": "Li Ping", "phone": "+86 138 1234 1235"}])

    def test_the_file_of_a_person_opens_on_its_own_page(self):
        view = self.env.ref("base.view_partner_form")
        Partner = self._as(self.sara, self.env["res.partner"])
        arch = etree.fromstring(Partner.get_view(view.id)["arch"])
        self.assertEqual(arch.xpath("//page[@autofocus]/@name"), ["dealer_customer_file"])

    def test_colours_of_the_pipeline_are_those_of_the_next_contact(self):
        with self.at():
            overdue = self._named("H", self.level_h)
            today = self._named("Also H", self.level_h)
            later = self._named("C", self.level_c)
            without = self._named("None")
        leads = overdue + today + later + without
        with self.at(days=1):
            now = fields.Datetime.now()
            for lead, date in (
                (overdue, now),
                (today, now + timedelta(minutes=1)),
                (later, now + timedelta(days=1)),
                (without, False),
            ):
                lead.sudo()._dealer_plan({lead.id: date})
                lead.sudo().flush_recordset()
                lead.sudo().dealer_next_contact_date = date  # also while the shop is closed
            self.env.flush_all()
            Lead = self._as(self.sara, self.env["crm.lead"])
            self.assertEqual(
                leads.mapped("dealer_contact_state"), ["overdue", "today", "planned", False]
            )
            for lead in leads:
                found = Lead.search([("dealer_contact_state", "=", lead.dealer_contact_state)])
                self.assertEqual(found & leads, lead)
            self.assertEqual(
                Lead.search([("dealer_contact_state", "!=", "overdue")]) & leads, leads - overdue
            )
            colors = {"planned": "success", "today": "warning", "overdue": "danger"}
            bar = Lead.read_progress_bar(
                [("id", "in", leads.ids)],
                "stage_id",
                {"field": "dealer_contact_state", "colors": colors},
            )
            for state in colors:
                self.assertEqual(sum(stage[state] for stage in bar.values()), 1, state)

    def test_stages_of_the_pipeline_keep_their_order(self):
        stages = self.env["crm.stage"].create(
            [{"name": name, "sequence": number} for name, number in (("Z", 201), ("A", 200))]
        )
        leads = self._lead(name="Z") + self._lead(name="A")
        for lead, stage in zip(leads, stages, strict=True):
            lead.stage_id = stage
        groups = self.env["crm.lead"].formatted_read_group(
            [("id", "in", leads.ids)], ["stage_id"], ["__count"], order="stage_id"
        )
        self.assertEqual([group["stage_id"][1] for group in groups], ["A", "Z"])
