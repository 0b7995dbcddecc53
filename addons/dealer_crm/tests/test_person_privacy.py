import base64
import doctest
import json
from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form
from odoo.tools import SQL

from ..tools import erasure
from .common import DealerCrmCommon

PHONE = "13800138000"


class TestPersonPrivacy(DealerCrmCommon):
    """Consent, masks, retention, copies and erasure."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = cls._create_customer(
            "Zhang San",
            cls.sara,
            phone=PHONE,
            email="zhang.san@example.com",
            dealer_id_number="11010519491231002X",
        )

    def _read(self, user, *names, record=None):
        return self._as(user, self.person if record is None else record).read(list(names))[0]

    # === CONSENT ===

    def test_newest_statement_on_a_purpose_counts(self):
        has = self.person._dealer_has_consent
        self.assertFalse(has("marketing_sms"))
        self.assertTrue(has("contract"))
        consent = self._as(self.sara, self.person)._dealer_set_consent(
            "marketing_sms", way="screen"
        )
        self.assertTrue(has("marketing_sms"))
        self.assertFalse(has("marketing_call"))
        self.assertEqual(consent.notice_id.name, "1.0")
        consent.action_withdraw()
        self.assertFalse(has("marketing_sms"))
        self.assertEqual(len(self.person.dealer_consent_ids), 2)
        with self.assertRaises(UserError):
            consent.state = "withdrawn"

    def test_consent_of_many_people_with_one_query(self):
        people = self.env["res.partner"].union(
            *(self._create_customer(f"P{index}") for index in range(30))
        )
        people[:10]._dealer_set_consent("marketing_sms")
        people.mapped("dealer_restricted")
        self.env.flush_all()
        with self.assertQueryCount(1):
            self.assertEqual(people._dealer_filter_consent("marketing_sms"), people[:10])

    # === MASKS ===

    def test_telephone_mail_and_id_number_are_hidden_from_who_need_not_see_them(self):
        row = self._read(self.mark, "phone", "email", "dealer_phone_key", "phone_sanitized")
        self.assertEqual(
            (row["phone"], row["email"], row["dealer_phone_key"], row["phone_sanitized"]),
            ("138****8000", "z****@example.com", "138****8000", "138****8000"),
        )
        found = self._as(self.mark, self.person).search_read(
            [("id", "=", self.person.id)], ["phone"]
        )
        self.assertEqual(found[0]["phone"], "138****8000")
        web = self._as(self.mark, self.person).web_read(
            {"phone": {}, "dealer_id_number_masked": {}}
        )
        self.assertEqual(web[0]["phone"], "138****8000")
        self.assertEqual(web[0]["dealer_id_number_masked"], "110105********002X")
        with self.assertRaises(AccessError):
            self._read(self.mark, "dealer_id_number")
        with self.assertRaises(AccessError):
            self._as(self.mark, self.person).search([("dealer_id_number", "=like", "110%")])
        for spec in ("phone", "email"):
            with self.assertRaises(AccessError):
                self._as(self.mark, self.person).formatted_read_group([], [spec], ["__count"])
        with self.assertRaises(AccessError):
            self._as(self.mark, self.person).formatted_read_group([], [], ["phone:array_agg"])

    def test_care_manager_and_owner_see_the_telephone(self):
        for user in (self.cara, self.max, self.sara):
            self.assertEqual(self._read(user, "phone")["phone"], PHONE)
        rule = self.env.ref("dealer_crm.dealer_parameter_owner_sees_contact_data")
        rule.value = 0
        self.assertEqual(self._read(self.sara, "phone")["phone"], "138****8000")

    def test_lead_and_call_hide_the_telephone_too(self):
        lead = self._create_lead(phone="13800137777")
        call = self.env["crm.phonecall"].create(
            {"name": "Call", "partner_phone": PHONE, "user_id": self.sara.id}
        )
        self.assertEqual(self._read(self.tom, "phone", record=lead)["phone"], "138****7777")
        row = self._read(self.mark, "partner_phone", record=call)
        self.assertEqual(row["partner_phone"], "138****8000")

    def test_unmasking_needs_a_reason_and_is_logged_and_ends(self):
        action = self._as(self.mark, self.person).action_dealer_unmask()
        wizard = (
            self._as(self.mark, self.env["dealer.unmask"])
            .with_context(**action["context"])
            .create({"reason_kind": "call", "note": "lost purse"})
        )
        wizard.action_show()
        row = self._read(self.mark, "phone", "dealer_id_number_masked")
        self.assertEqual(row["phone"], PHONE)
        self.assertEqual(row["dealer_id_number_masked"], "11010519491231002X")
        log = self.env["dealer.unmask.log"].search([("user_id", "=", self.mark.id)])
        self.assertIn("lost purse", log.reason)
        with self.assertRaises(UserError):
            log.reason = "nothing"
        with self.assertRaises(AccessError):
            self._as(self.mark, log).read(["reason"])
        self.env.cr.execute(
            "UPDATE dealer_unmask_log SET date = %s WHERE id = %s",
            [fields.Datetime.now() - timedelta(hours=1), log.id],
        )
        self.env.invalidate_all()
        self.assertEqual(self._read(self.mark, "phone")["phone"], "138****8000")

    def test_who_cannot_read_the_customer_cannot_unmask(self):
        wizard = self._as(self.tom, self.env["dealer.unmask"]).create(
            {"res_model": "res.partner", "res_id": self.person.id}
        )
        with self.assertRaises(AccessError):
            wizard.action_show()

    def test_stars_from_a_masked_form_never_overwrite_the_number(self):
        self.env.ref("dealer_crm.dealer_parameter_owner_sees_contact_data").value = 0
        person = self._as(self.sara, self.person)
        person.write({"phone": "138****8000", "comment": "called"})
        self.assertEqual(self.person.phone, PHONE)
        with self.assertRaises(UserError):
            person.phone = "139****8000"
        person.phone = "13900139000"
        self.assertEqual(self.person.phone, "13900139000")

    def test_number_typed_into_a_new_form_is_kept(self):
        self.env.ref("dealer_crm.dealer_parameter_owner_sees_contact_data").value = 0
        form = Form(self._as(self.tom, self.env["res.partner"]))
        form.name = "Wu Wu"
        form.phone = "13900007777"
        form.email = "wu@example.com"
        person = form.save().sudo()
        self.assertEqual(person.dealer_phone_key, "8613900007777")
        self.assertEqual(person.email, "wu@example.com")

    def test_consultant_enters_an_id_number_without_reading_others(self):
        person = self._as(self.sara, self._create_customer(user=self.sara))
        person.dealer_id_number_entry = "320102198505120016"
        self.assertEqual(person.dealer_id_number_masked, "320102********0016")

    # === RETENTION ===

    def _age(self, record, months=30):
        self.env.flush_all()
        table = record._table
        self.env.cr.execute(
            f"UPDATE {table} SET write_date = now() - interval '{months} months' WHERE id IN %s",  # noqa: S608
            [tuple(record.ids)],
        )
        self.env.invalidate_all()

    def test_dry_run_shows_and_run_makes_old_lost_leads_anonymous(self):
        old = self._create_lead("Old wish", phone="13900001111", contact_name="Li Si")
        young = self._create_lead("Young wish", phone="13900002222")
        (old | young).action_set_lost()
        for lead in (old, young):
            lead.dealer_last_touch = False
        self._age(old)
        rule = self.env.ref("dealer_crm.dealer_retention_rule_lost_lead")
        rule.action_dry_run()
        report = self.env["dealer.retention.run"].search([], limit=1)
        self.assertTrue(report.is_dry)
        self.assertIn(f"crm.lead,{old.id}", report.report)
        self.assertNotIn(f"crm.lead,{young.id}", report.report)
        self.assertEqual(old.phone, "13900001111")
        rule.action_run()
        self.assertRecordValues(
            old | young,
            [
                {"phone": False, "dealer_phone_key": False},
                {
                    "phone": "13900002222",
                    "dealer_phone_key": "8613900002222",
                },
            ],
        )
        self.assertNotIn("Old wish", old.name)

    def test_what_the_law_demands_is_kept(self):
        self._sell(self._stock(), partner=self.person)
        self._age(self.person)
        rule = self.env.ref("dealer_crm.dealer_retention_rule_person")
        due, kept = rule._get_due()
        self.assertNotIn(self.person, due)
        self.assertIn("sales records", dict(kept)[self.person])

    # === REQUESTS ===

    def _request(self, kind, **vals):
        return self._as(self.cara, self.env["dealer.privacy.request"]).create(
            {"partner_id": self.person.id, "kind": kind, "date": "2026-03-02", **vals}
        )

    def test_request_is_due_in_fifteen_days_and_gives_a_copy(self):
        self._create_lead("Wants a Lark", self.sara, partner_id=self.person.id)
        request = self._request("copy")
        self.assertEqual(str(request.date_due), "2026-03-17")
        self.assertTrue(request.is_late)
        request.action_export()
        data = json.loads(base64.b64decode(request.data_json))
        self.assertIn(PHONE, data["person"][0].values())
        self.assertIn("Wants a Lark", data["inquiries"][0].values())
        request.action_done()
        self.assertEqual(request.state, "done")

    def test_an_inquiry_known_by_the_number_only_belongs_to_its_person(self):
        lead = self._create_lead("Zhang wish", self.sara, phone=PHONE, contact_name="Zhang San")
        lead.sudo().partner_id = False
        told = self.person.sudo()._dealer_get_personal_data()["inquiries"]
        self.assertIn("Zhang wish", str(told))
        self._request("erase").action_erase()
        self.assertRecordValues(lead, [{"phone": False, "contact_name": False}])

    def test_erasure_without_legal_duty_forgets_the_person(self):
        lead = self._create_lead("Wish", self.sara, partner_id=self.person.id, phone=PHONE)
        request = self._request("erase")
        request.action_erase()
        self.assertEqual(request.state, "done")
        person = self.person.sudo()
        self.assertRecordValues(
            person,
            [{"phone": False, "email": False, "dealer_id_number": False, "active": False}],
        )
        self.assertNotIn("Zhang", person.name)
        self.assertFalse(lead.phone)

    def _find_in_tables(self, *words):
        """Where words stand in the tables of the dealer and the pipeline, found by SQL.

        :return: set of ``table.column``; screens that the vacuum empties are left out
        """
        self.env.flush_all()
        self.env.cr.execute(
            """SELECT c.table_name, c.column_name FROM information_schema.columns c
                JOIN information_schema.tables t USING (table_schema, table_name)
                WHERE t.table_type = 'BASE TABLE' AND c.table_schema = 'public'
                AND (c.table_name LIKE 'dealer%%' OR c.table_name LIKE 'crm%%'
                    OR c.table_name IN ('res_partner', 'helpdesk_ticket', 'mail_message',
                        'mail_tracking_value', 'sms_sms', 'calendar_event'))
                AND c.data_type IN ('text', 'character varying', 'jsonb')"""
        )
        transient = {
            model._table for model in self.env.registry.models.values() if model._transient
        }
        found = set()
        for table, column in self.env.cr.fetchall():
            if table in transient:
                continue
            for word in words:
                self.env.cr.execute(
                    SQL(
                        "SELECT 1 FROM %s WHERE %s::text LIKE %s LIMIT 1",
                        SQL.identifier(table),
                        SQL.identifier(column),
                        f"%{word}%",
                    )
                )
                if self.env.cr.fetchone():
                    found.add(f"{table}.{column}")
        return found

    def _talk_about_person(self, name, phone):
        """Free texts with the name and the number of the person wherever people write them."""
        text = f"Called {name} on {phone}"
        lead = self._create_lead(f"{name} Lark", self.sara, partner_id=self.person.id, phone=phone)
        lead.write({"dealer_old_plate": text, "dealer_old_name": text, "website": text})
        on_lead = {"lead_id": lead.id}
        self._as(self.sara, self.env["dealer.lead.contact"]).create(
            {**on_lead, "note": text, "next_date": fields.Datetime.now() + timedelta(hours=2)}
        )
        self.env["dealer.lead.touch"].create({**on_lead, "text": text, "wish_text": text})
        self.env["dealer.lead.event"].create({**on_lead, "kind": "late", "note": text})
        self.env["dealer.lead.wish"].create({**on_lead, "note": text})
        self.env["dealer.competitor.quote"].create({**on_lead, "model": "Falcon", "note": text})
        self.env["dealer.defeat"].create(
            {
                **on_lead,
                "reason_id": self.env.ref("dealer_crm.crm_lost_reason_price").id,
                "note": text,
            }
        )
        visit = self.env["dealer.visit"].create(
            {
                **on_lead,
                "kind": "first",
                "note": text,
                "user_id": self.sara.id,
                "warehouse_id": self.warehouse.id,
            }
        )
        visit.message_post(body=text)
        self.env["dealer.visit"].create(
            {"partner_id": self.person.id, "note": text, "warehouse_id": self.warehouse.id}
        )
        for vals in ({"opportunity_id": lead.id}, {"partner_id": self.person.id}):
            call = self.env["crm.phonecall"].create(
                {"name": text, "description": text, "partner_phone": phone, **vals}
            )
            call.message_post(body=text)
        self.env["calendar.event"].create(
            {
                "name": text,
                "opportunity_id": lead.id,
                "start": "2026-06-01 02:00:00",
                "stop": "2026-06-01 03:00:00",
            }
        )
        self.person._dealer_set_consent("marketing_sms", note=text)
        self.env["helpdesk.ticket"].create(
            {
                "name": text,
                "description": text,
                "partner_id": self.person.id,
                "partner_name": name,
                "dealer_is_complaint": True,
            }
        )
        self.env["dealer.unmask.log"]._dealer_open(self.person, f"call: {name}")
        self.env["dealer.customer.share"].create(
            {"partner_id": self.person.id, "user_id": self.tom.id, "reason": text}
        )
        return lead

    def test_examples_of_erasure(self):
        self.assertEqual(doctest.testmod(erasure).failed, 0)

    def test_erasure_takes_the_driver_out_of_a_signed_agreement(self):
        car = self._create_vehicle()
        self._receive(self._buy(car))
        self._as(self.max, car)._start_demo(self.warehouse._dealer_place("demo"), 10)
        drive = self.env["dealer.test.drive"].create(
            {
                "vehicle_id": car.id,
                "date_start": "2030-12-01 02:00:00",
                "duration": 1,
                "partner_id": self.person.id,
                "user_id": self.sara.id,
                "note": "Zhang San likes it",
            }
        )
        agreement = self.env["dealer.test.drive.agreement"].create(
            {
                "drive_id": drive.id,
                "driver_name": "Zhang San",
                "licence_number": "11010519491231002X",
                "licence_class": "C1",
                "is_permanent": True,
                "is_sober": True,
                "checked_by_id": self.sara.id,
                "terms": "<p>Zhang San signs</p>",
                "signed_on": "2026-01-01 00:00:00",
            }
        )
        with self.assertRaises(UserError):
            self._as(self.sara, agreement).with_context(dealer_erasure=True).driver_name = "X"
        self._request("erase").action_erase()
        self.assertFalse(self._find_in_tables("Zhang San", "11010519491231002X"))
        self.assertTrue(agreement.signed_on)

    def test_erasure_leaves_name_and_telephone_in_no_text(self):
        name, phone = "Zhuge Yiming", "13712347777"
        self.person.write({"name": name, "phone": phone})
        lead = self._talk_about_person(name, phone)
        nobodys = self._create_lead("Wish", phone="137-1234-7777")
        won = self._create_lead("Bought", self.sara, partner_id=self.person.id)
        won.action_set_won()
        request = self._request("erase", way=f"{name} called from {phone}")
        request.action_export()
        self.assertIn("dealer_lead_contact.note", self._find_in_tables(name, phone))
        request.action_erase()
        self.assertEqual(request.state, "done")
        self.assertFalse(self._find_in_tables(name, phone, "137-1234-7777"))
        self.assertFalse(request.data_json, "the copy goes, too")
        self.assertRecordValues(
            lead | nobodys | won,
            [
                {"active": False, "won_status": "lost"},
                {"active": False, "won_status": "lost"},
                {"active": True, "won_status": "won"},
            ],
        )
        self.assertFalse(lead.activity_ids)

    def test_erasure_keeps_what_the_law_demands_as_storage_only(self):
        self.person._dealer_set_consent("marketing_sms")
        self._sell(self._stock(), partner=self.person)
        request = self._request("erase")
        request.action_erase()
        self.assertEqual(request.state, "restricted")
        self.assertIn("sales records", request.legal_reason)
        self.assertEqual(self.person.phone, PHONE)
        self.assertTrue(self.person.dealer_restricted)
        self.assertFalse(self.person._dealer_has_consent("marketing_sms"))

    def _restrict(self):
        """The person bought a car and asks for erasure."""
        self._sell(self._stock(), partner=self.person)
        self._request("erase").action_erase()
        self.assertTrue(self.person.dealer_restricted)

    def test_storage_only_ends_open_leads_and_opens_none(self):
        lead = self._create_lead("Wish", self.sara, partner_id=self.person.id)
        self._restrict()
        self.assertRecordValues(lead, [{"active": False, "won_status": "lost"}])
        Lead = self._as(self.sara, self.env["crm.lead"])
        for vals in ({"partner_id": self.person.id}, {"phone": "138-0013-8000"}):
            with self.subTest(vals=vals), self.assertRaisesRegex(UserError, "asked for erasure"):
                Lead.create({"name": "Again", **vals})
        other = Lead.create({"name": "Other", "phone": "13900001234"})
        with self.assertRaisesRegex(UserError, "asked for erasure"):
            other.partner_id = self.person
        website = self._create_lead("Asks on the website", phone=PHONE)
        self.assertFalse(website.partner_id, "a new inquiry, not the stored file")

    def test_storage_only_means_no_visit_no_card_and_no_care(self):
        self._restrict()
        Visit = self._as(self.sara, self.env["dealer.visit"])
        vals = {"warehouse_id": self.warehouse.id, "kind": "first"}
        with self.assertRaisesRegex(UserError, "asked for erasure"):
            Visit.create({**vals, "partner_id": self.person.id})
        visit = Visit.create(vals)
        with self.assertRaisesRegex(UserError, "asked for erasure"):
            visit.partner_id = self.person
        card = self._as(self.sara, self.env["dealer.visit.card"]).create(
            {"visit_id": visit.id, "name": "Zhang", "phone": PHONE}
        )
        with self.assertRaisesRegex(UserError, "asked for erasure"):
            card.action_apply()
        rule = self.env["dealer.care.rule"].search([], limit=1)
        with self.assertRaisesRegex(UserError, "asked for erasure"):
            self._as(self.cara, self.env["dealer.care.task"]).create(
                {
                    "rule_id": rule.id,
                    "partner_id": self.person.id,
                    "event_date": "2026-06-01",
                    "due_date": "2026-06-01",
                }
            )

    def test_storage_only_means_no_quotation_and_no_test_drive(self):
        order = self._sell(self._stock(), partner=self.person)
        car = self._create_vehicle()
        self._receive(self._buy(car))
        self._as(self.max, car)._start_demo(self.warehouse._dealer_place("demo"), 10)
        self._request("erase").action_erase()
        self.assertTrue(self.person.dealer_restricted)
        for user in (self.sara, self.max):
            with self.subTest(user.name), self.assertRaisesRegex(UserError, "asked for erasure"):
                self._as(user, self.env["sale.order"]).create({"partner_id": self.person.id})
        other = self._as(self.sara, self.env["sale.order"]).create({"partner_id": self.customer.id})
        with self.assertRaisesRegex(UserError, "asked for erasure"):
            other.partner_id = self.person
        Drive = self._as(self.sara, self.env["dealer.test.drive"])
        vals = {"vehicle_id": car.id, "date_start": "2030-12-01 02:00:00"}
        with self.assertRaisesRegex(UserError, "asked for erasure"):
            Drive.create({**vals, "partner_id": self.person.id})
        drive = Drive.create({**vals, "partner_id": self.customer.id})
        with self.assertRaisesRegex(UserError, "asked for erasure"):
            drive.partner_id = self.person
        # what was agreed before is wound up
        self._as(self.sara, order).client_order_ref = "Papers sent"

    def test_storage_only_means_no_message(self):
        self._restrict()
        other = self._create_customer("Wang Wu", self.sara, phone="13900001235")
        Composer = self._as(self.sara, self.env["sms.composer"])
        for vals in (
            {"composition_mode": "comment", "res_id": self.person.id},
            {"composition_mode": "numbers", "numbers": PHONE},
        ):
            composer = Composer.create({"res_model": "res.partner", "body": "Hello", **vals})
            with self.subTest(vals=vals), self.assertRaisesRegex(UserError, "asked for erasure"):
                composer.action_send_sms()
        Composer.create(
            {
                "res_model": "res.partner",
                "composition_mode": "mass",
                "res_ids": repr((self.person | other).ids),
                "body": "Hello",
            }
        ).action_send_sms()
        sent = self.env["sms.sms"].search([("partner_id", "in", (self.person | other).ids)])
        self.assertEqual(sent.partner_id, other)

    def test_storage_only_means_no_mailing_on_any_list(self):
        contact = self.env["mailing.contact"].create(
            {"name": "Zhang", "email": "zhang.san@example.com"}
        )
        other = self.env["mailing.contact"].create({"name": "Wang", "email": "w@example.com"})
        mailing_list = self.env["mailing.list"].create(
            {"name": "All", "contact_ids": [Command.set((contact | other).ids)]}
        )
        mailing = self.env["mailing.mailing"].create(
            {
                "subject": "News",
                "mailing_model_id": self.env["ir.model"]._get_id("mailing.list"),
                "contact_list_ids": [Command.set(mailing_list.ids)],
            }
        )
        self.assertEqual(set(mailing._get_recipients()), set((contact | other).ids))
        self._restrict()
        self.assertEqual(mailing._get_recipients(), other.ids)

    def test_storage_only_is_hidden_from_the_owner_too(self):
        call = self.env["crm.phonecall"].create(
            {
                "name": "Call",
                "partner_id": self.person.id,
                "partner_phone": PHONE,
                "user_id": self.sara.id,
            }
        )
        lead = self._create_lead(
            "Won", self.sara, partner_id=self.person.id, phone=PHONE, type="opportunity"
        )
        self.assertEqual(self._read(self.sara, "phone")["phone"], PHONE)
        self._restrict()
        self.assertEqual(self._read(self.sara, "phone")["phone"], "138****8000")
        self.assertEqual(self._read(self.sara, "email")["email"], "z****@example.com")
        self.assertEqual(self._read(self.sara, "phone", record=lead)["phone"], "138****8000")
        row = self._read(self.sara, "partner_phone", record=call)
        self.assertEqual(row["partner_phone"], "138****8000")
        wizard = self._as(self.sara, self.env["dealer.unmask"]).create(
            {"res_model": "res.partner", "res_id": self.person.id}
        )
        with self.assertRaisesRegex(UserError, "asked for erasure"):
            wizard.action_show()
        self.assertEqual(self._read(self.cara, "phone")["phone"], PHONE)

    def test_requests_are_for_care_and_administrators(self):
        with self.assertRaises(AccessError):
            self._as(self.sara, self.env["dealer.privacy.request"]).search([])

    def test_erasure_finds_inquiries_by_mail_and_shows_namesakes(self):
        person = self._create_customer("Ou Yang", phone="13911110001", email="Ou@Example.com")
        by_mail = self._create_lead(phone="13911110002", email_from='"Ou" <ou@example.com>')
        namesake = self._create_lead(phone="13911110003", contact_name="Ou Yang")
        request = self.env["dealer.privacy.request"].create(
            {"partner_id": person.id, "kind": "erase"}
        )
        self.assertEqual(request.similar_lead_ids, namesake)
        request.action_erase()
        self.assertFalse(by_mail.email_from or by_mail.phone)
        self.assertEqual(namesake.phone, "13911110003")
        self.assertFalse(request.similar_lead_ids)
