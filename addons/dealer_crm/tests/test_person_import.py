import base64
import csv
import io

from odoo.exceptions import AccessError
from odoo.tools import mute_logger

from .common import DealerCrmCommon
from .lead_file import HEADER, make_leads


class TestPersonImport(DealerCrmCommon):
    """Media leads by file: one person, one lead."""

    def _import(self, rows, user=None, **vals):
        output = io.StringIO(newline="")
        csv.writer(output).writerows([HEADER, *rows])
        wizard = self._as(user or self.max, self.env["dealer.lead.import"]).create(
            {
                "data_file": base64.b64encode(output.getvalue().encode("utf-8-sig")),
                "filename": "leads.csv",
                **vals,
            }
        )
        wizard.action_read_file()
        return wizard

    def _row(self, phone, ref="", channel="汽车之家", moment="2026-03-02 10:15", name="张三"):
        return [ref, name, phone, channel, "Lark", "南京", moment, "", ""]

    def _leads(self, phone):
        return self.env["crm.lead"].search([("dealer_phone_key", "=", f"86{phone}")])

    def test_rows_of_one_telephone_become_one_lead_with_first_and_last_touch(self):
        wizard = self._import(
            [
                self._row("13911110001", channel="汽车之家", moment="2026-03-02 10:15"),
                self._row("139-1111-0001", channel="抖音", moment="2026-03-05 09:00"),
            ]
        )
        wizard.action_import()
        lead = self._leads("13911110001")
        self.assertRecordValues(
            lead,
            [
                {
                    "contact_name": "张三",
                    "dealer_channel_id": self.env.ref("dealer_crm.dealer_channel_autohome").id,
                    "dealer_last_channel_id": self.env.ref("dealer_crm.dealer_channel_douyin").id,
                    "user_id": False,
                }
            ],
        )
        self.assertEqual(str(lead.dealer_first_touch), "2026-03-02 02:15:00")
        self.assertEqual(str(lead.dealer_last_touch), "2026-03-05 01:00:00")
        self.assertEqual(len(lead.dealer_touch_ids), 2)
        self.assertEqual(lead.dealer_wish_ids.series_id, self.series)

    def test_second_import_of_the_file_changes_nothing(self):
        rows = [self._row("13911110001", "A1"), self._row("13911110002", "A2")]
        self._import(rows).action_import()
        wizard = self._import(rows)
        self.assertEqual(set(wizard.line_ids.mapped("result")), {"known"})
        wizard.action_import()
        self.assertEqual(len(self._leads("13911110001").dealer_touch_ids), 1)
        # the same number at another medium is another inquiry
        self._import([self._row("13911110001", "A1", channel="抖音")]).action_import()
        self.assertEqual(len(self._leads("13911110001").dealer_touch_ids), 2)

    def test_broken_rows_are_reported_and_the_rest_comes_in(self):
        wizard = self._import(
            [
                self._row("12345"),
                self._row(""),
                self._row("13911110001", moment="昨天"),
                self._row("13911110002", channel="没听过"),
            ]
        )
        self.assertRecordValues(wizard, [{"error_count": 3, "warning_count": 1}])
        wizard.action_import()
        self.assertEqual(len(self._leads("13911110002")), 1)
        self.assertFalse(self._leads("13911110001"))

    def test_lead_of_a_protected_person_goes_to_who_looks_after_him(self):
        person = self._create_customer(phone="13911110001", user=self.sara)
        person._dealer_protect()
        self._import([self._row("13911110001")], user=self.mark).action_import()
        lead = self._leads("13911110001")
        self.assertRecordValues(lead, [{"partner_id": person.id, "user_id": self.sara.id}])

    def test_a_list_brings_nobody_back_who_is_storage_only(self):
        person = self._create_customer(phone="13911110001", user=self.sara)
        person.dealer_restricted = True
        wizard = self._import([self._row("139-1111-0001"), self._row("13911110002")], self.mark)
        self.assertIn("asked for erasure", wizard.bad_line_ids.reason)
        wizard.action_import()
        self.assertFalse(self._leads("13911110001"))
        self.assertEqual(len(self._leads("13911110002")), 1)

    def test_inquiry_of_an_open_lead_is_added_to_it(self):
        lead = self._create_lead(user=self.sara, phone="13911110001")
        self._import([self._row("13911110001", channel="抖音")]).action_import()
        self.assertEqual(self._leads("13911110001"), lead)
        self.assertEqual(len(lead.dealer_touch_ids), 2)

    def test_consultants_import_nothing(self):
        with self.assertRaises(AccessError):
            self._as(self.sara, self.env["dealer.lead.import"]).create({})

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_ten_thousand_leads_with_planted_faults(self):
        """Show 1; how long it takes is measured by the bench."""
        rows, counts = make_leads(10_000)
        wizard = self._import(rows)
        queries = self.env.cr.sql_log_count
        wizard.action_import()
        self.env.flush_all()
        queries = self.env.cr.sql_log_count - queries
        self.assertEqual(wizard.error_count, counts["broken"])
        leads = self.env["crm.lead"].search([("dealer_phone_key", "=like", "861390400%")])
        self.assertEqual(len(leads), counts["people"])
        self.assertEqual(len(leads.dealer_touch_ids), counts["people"] + counts["duplicates"])
        self.assertLess(queries, 3_000, "queries for each row")

    def test_a_number_without_a_name_is_no_title(self):
        """Titles have no stars on screens where numbers have them."""
        row = self._row("13900006666", name="")
        row[4] = ""  # no wish either
        self._import([row]).action_import()
        lead = self._leads("13900006666")
        self.assertEqual(lead.name, "139****6666")

    def test_fragments_are_no_telephone_numbers(self):
        wizard = self._import([self._row("1390000"), self._row("1390000", name="李四")])
        self.assertEqual(wizard.error_count, 2)
        self.assertIn("no telephone number", wizard.bad_line_ids[0].reason)
