"""The door of the showroom: three taps log a party, the consultant completes the line."""

import psycopg2

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, HttpCase, freeze_time, tagged
from odoo.tools import mute_logger

from .common import DealerCrmCommon


class ShowroomCommon(DealerCrmCommon):
    """Parties that come in, and the cards of their people."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.sara + cls.tom + cls.dora + cls.max).write({"tz": "Asia/Shanghai"})

    def _visit(self, user=None, **vals):
        """A party that somebody receives and logs; the manager enters times of the past."""
        user = user or self.sara
        vals = {"warehouse_id": self.warehouse.id, "kind": "first", "user_id": user.id, **vals}
        author = self.max if {"arrived_on", "left_on"} & vals.keys() else user
        return self._as(user, self._as(author, self.env["dealer.visit"]).create(vals))

    def _card(self, visit, name="Zhao Qian", phone="13800138000", user=None):
        """Make the card of a party in the window."""
        wizard = Form(
            self._as(user or self.sara, self.env["dealer.visit.card"]).with_context(
                default_visit_id=visit.id
            )
        )
        wizard.name, wizard.phone = name, phone
        wizard.save().action_apply()
        return visit.lead_id


@tagged("post_install", "-at_install")
class TestVisit(ShowroomCommon):
    def test_every_visit_is_in_one_column_of_the_traffic_sheet(self):
        lead = self._as(self.sara, self.env["crm.lead"]).create(
            {"name": "Old lead", "type": "opportunity", "user_id": self.sara.id}
        )
        for vals, column in (
            ({}, "incomplete"),
            ({"kind": False}, "incomplete"),
            ({"card": "none"}, "first_uncarded"),
            ({"lead_id": lead.id, "card": "new"}, "first_carded"),
            ({"lead_id": lead.id, "card": "known"}, "first_known"),
            ({"kind": "repeat"}, "repeat"),
            ({"kind": "repeat", "lead_id": lead.id}, "repeat"),
            ({"kind": "no_intent"}, "no_intent"),
        ):
            with self.subTest(column, **vals):
                self.assertEqual(self._visit(self.max, **vals).traffic, column)

    def test_card_makes_the_lead_of_the_consultant(self):
        visit = self._visit(series_id=self.series.id)
        lead = self._card(visit)
        self.assertRecordValues(
            visit, [{"card": "new", "traffic": "first_carded", "has_phone": True}]
        )
        self.assertRecordValues(
            lead,
            [
                {
                    "contact_name": "Zhao Qian",
                    "dealer_phone_key": "8613800138000",
                    "user_id": self.sara.id,
                    "company_id": self.company.id,
                    "type": "opportunity",
                    "dealer_visit_count": 1,
                }
            ],
        )

    def test_who_is_known_keeps_his_lead_and_his_consultant(self):
        old = self.env["crm.lead"].create(
            {
                "name": "Media lead",
                "phone": "138 0013 8000",
                "user_id": self.tom.id,
                "company_id": self.company.id,
                "country_id": self.env.ref("base.cn").id,
            }
        )
        with freeze_time("2030-01-01 03:00:00"):
            visit = self._visit()
        wizard = Form(
            self._as(self.sara, self.env["dealer.visit.card"]).with_context(
                default_visit_id=visit.id
            )
        )
        wizard.phone = "13800138000"
        self.assertIn("Tom", wizard.known_text)
        wizard.name = "Zhao Qian"
        wizard.save().action_apply()
        self.assertRecordValues(
            visit, [{"lead_id": old.id, "card": "known", "traffic": "first_known"}]
        )
        self.assertEqual(old.user_id, self.tom)

    def test_a_card_cannot_be_ticked_without_a_lead(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.IntegrityError):
            self._visit(card="new").flush_recordset()

    def test_the_capture_rate_is_not_improved_afterwards(self):
        lead = self._create_lead("Old wish", self.sara, phone="13900002222")
        visit = self._visit()
        visit.action_no_card()
        with self.assertRaisesRegex(UserError, "no new card"):
            visit.write({"card": "new", "lead_id": lead.id})
        with self.assertRaisesRegex(UserError, "no new card"):
            self._visit(kind="first", card="new", lead_id=lead.id)
        visit.write({"card": "known", "lead_id": lead.id})
        parties = self._visit() | self._visit()
        with self.assertRaisesRegex(UserError, "no new card"):
            fresh = self._create_lead("Fresh wish", self.sara, phone="13900003333")
            parties.write({"kind": "first", "card": "new", "lead_id": fresh.id})
        gone = self._visit(arrived_on="2026-01-05 02:00:00")
        gone = self._as(self.sara, gone)
        gone.action_no_card()  # what is incomplete is completed
        for vals in ({"kind": "repeat", "card": False}, {"card": "known", "lead_id": lead.id}):
            with self.assertRaisesRegex(UserError, "has been counted"):
                gone.write(vals)
        second = self.env["stock.warehouse"].create(
            {"name": "Second", "code": "G2", "company_id": self.company.id}
        )
        self.sara.dealer_store_ids = self.warehouse
        with self.assertRaisesRegex(UserError, "another store"):
            visit.warehouse_id = second
        self._as(self.max, gone).kind = "no_intent"

    def test_who_left_no_data_is_no_other_business_afterwards(self):
        visit = self._as(self.sara, self._visit())
        visit.action_no_card()
        for kind in ("repeat", "no_intent"):
            with self.assertRaisesRegex(UserError, "has been counted"):
                visit.write({"kind": kind, "card": False})
        # comes again the same day: another party, and the first one still counts
        again = self._visit(kind="no_intent", purpose="other")
        self.assertEqual((visit | again).mapped("traffic"), ["first_uncarded", "no_intent"])
        self._as(self.max, visit).write({"kind": "no_intent", "card": False})
        self.assertEqual(visit.traffic, "no_intent")

    def test_no_data_left(self):
        visit = self._visit()
        visit.action_no_card()
        self.assertEqual(visit.traffic, "first_uncarded")
        self.assertFalse(visit.has_phone)

    def test_the_number_of_that_day_stays_when_it_is_erased_later(self):
        visit = self._visit()
        lead = self._card(visit)
        self.env.flush_all()
        lead.sudo().phone = False
        self.assertTrue(visit.has_phone)

    def test_minutes_and_order_of_times(self):
        visit = self._visit(arrived_on="2026-11-03 02:00:00", left_on="2026-11-03 02:45:00")
        self.assertEqual(visit.duration, 45)
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.IntegrityError):
            self._as(self.max, visit).left_on = "2026-11-03 01:00:00"
            visit.flush_recordset()

    def test_facts_of_an_import_are_not_typed(self):
        with self.assertRaises(UserError):
            self._visit(is_imported=True)
        with self.assertRaises(UserError):
            self._visit().is_imported = True

    def test_nobody_writes_the_column_of_the_sheet(self):
        visit = self._visit()
        with self.assertRaises(UserError):
            visit.traffic = "first_carded"
        with self.assertRaises(UserError):
            self._visit(traffic="first_carded")
        other = visit.with_context(default_traffic="first_carded").create(
            {"warehouse_id": self.warehouse.id, "kind": "first", "user_id": self.sara.id}
        )
        self.assertEqual(other.traffic, "incomplete")

    def test_a_visit_names_no_lead_that_is_closed_to_who_writes(self):
        lead = self._create_lead(
            "Tom's", self.tom, partner_id=self._create_customer(user=self.tom).id
        )
        visit = self._visit()
        with self.assertRaises(AccessError):
            self._as(self.sara, visit).lead_id = lead
        self.assertFalse(visit.lead_id)

    def test_the_door_says_when_and_the_manager_corrects_it(self):
        visit = self._visit()
        for vals in (
            {"arrived_on": "2026-01-01 02:00:00"},
            {"left_on": "2030-01-01 02:00:00"},
            {"has_phone": True},
            {"user_id": self.tom.id},
            {"user_id": False},
        ):
            with self.subTest(**vals), self.assertRaises(UserError):
                visit.write(vals)
        for vals in ({"arrived_on": "2026-01-01 02:00:00"}, {"has_phone": True}):
            with self.subTest("new", **vals), self.assertRaises(UserError):
                self._visit_by_hand(**vals)
        with freeze_time("2026-11-03 02:00:00"):
            late = self._visit_by_hand(user_id=False)
        self.assertEqual(str(late.arrived_on), "2026-11-03 02:00:00")
        late.user_id = self.tom  # nobody had received them
        with freeze_time("2026-11-03 02:30:00"):
            self._as(self.sara, late).action_left()
        self.assertEqual(late.duration, 30)
        with Form(self._as(self.max, late)) as form:
            form.arrived_on = "2026-11-03 02:10:00"
            form.user_id = self.sara
        self.assertRecordValues(late, [{"duration": 20, "user_id": self.sara.id}])

    def _visit_by_hand(self, **vals):
        """What the form sends."""
        Visit = self._as(self.sara, self.env["dealer.visit"]).with_context(
            default_arrived_on="2020-01-01 02:00:00"
        )
        return Visit.create({"warehouse_id": self.warehouse.id, "kind": "first", **vals})

    def test_the_form_of_a_consultant_leaves_the_times_to_the_door(self):
        with Form(self._as(self.sara, self.env["dealer.visit"])) as form:
            form.kind = "repeat"
            form.party_size = 3
        visit = form.save()
        with Form(visit) as form:
            form.result = "again"
        self.assertRecordValues(visit, [{"result": "again", "party_size": 3}])

    def test_visits_follow_the_lead_that_remains_after_a_merge(self):
        first, second = self._visit(), self._visit(kind="repeat")
        self._card(first)
        other = self._card(second, phone="13900139000")
        leads = first.lead_id + other
        contacts = leads.dealer_contact_ids
        touches = leads.dealer_touch_ids
        dates = touches.mapped("date")
        self.assertEqual([len(contacts), len(touches)], [2, 2])
        merged = self._as(self.max, leads).merge_opportunity()
        self.assertEqual((first + second).lead_id, merged)
        self.assertLessEqual(contacts, merged.dealer_contact_ids)
        self.assertEqual(merged.dealer_touch_ids, touches)
        self.assertRecordValues(
            merged, [{"dealer_first_touch": min(dates), "dealer_last_touch": max(dates)}]
        )


@tagged("post_install", "-at_install")
class TestVisitAccess(ShowroomCommon):
    def test_consultants_see_their_own_visits_and_unassigned_ones(self):
        own, toms = self._visit(), self._visit(self.tom)
        free = self._visit(self.dora, user_id=False)
        found = self._as(self.sara, self.env["dealer.visit"]).search([])
        self.assertEqual(found, own + free)
        with self.assertRaises(AccessError):
            self._as(self.sara, toms).read(["note"])
        everybody = self._as(self.max, self.env["dealer.visit"]).search([])
        self.assertEqual(everybody, own + toms + free)

    def test_the_visit_of_a_colleagues_customer_opens_with_his_name_only(self):
        lead = self.env["crm.lead"].create(
            {"name": "Secret wishes", "contact_name": "Sun Li", "user_id": self.tom.id}
        )
        visit = self._visit(kind="repeat")
        visit.sudo().lead_id = lead
        data = visit.web_read(
            {"display_name": {}, "lead_id": {"fields": {"display_name": {}}}, "traffic": {}}
        )[0]
        self.assertIn("Sun Li", data["display_name"])
        with self.assertRaises(AccessError):
            self._as(self.sara, lead).read(["description"])

    def test_other_roles_and_other_companies(self):
        visit = self._visit()
        self.assertFalse(self._as(self.charlie, self.env["dealer.visit"]).search([]))
        with self.assertRaises(AccessError):
            self._as(self.ken, visit).read(["kind"])
        with self.assertRaises(AccessError):
            self._as(self.sara, visit).unlink()


@tagged("post_install", "-at_install")
class TestReception(ShowroomCommon):
    def _reception(self, user=None):
        return self._as(user or self.dora, self.env["dealer.visit"])

    def test_three_taps_log_a_party(self):
        data = self._reception().receive(self.warehouse.id, "first", 3, self.sara.id)
        visit = self.env["dealer.visit"].search([("company_id", "=", self.company.id)])
        self.assertRecordValues(
            visit,
            [
                {
                    "kind": "first",
                    "party_size": 3,
                    "user_id": self.sara.id,
                    "warehouse_id": self.warehouse.id,
                    "traffic": "incomplete",
                }
            ],
        )
        self.assertEqual(data["counts"], {"total": 1, "first": 1, "repeat": 0, "incomplete": 1})
        self.assertEqual([line["person"] for line in data["here"]], ["Sara"])

    def test_whose_turn_it_is(self):
        """Free before busy, fewest before many, who waits longest first."""
        reception = self._reception()
        store = self.warehouse.id

        def names():
            people = reception.get_reception_data(store)["people"]
            return [person["name"] for person in people]

        with freeze_time("2026-11-03 02:00:00"):
            self.assertEqual(names(), ["Sara", "Tom"])
            visit = self._visit(self.sara, arrived_on=fields.Datetime.now())
            self.assertEqual(names(), ["Tom", "Sara"])
        with freeze_time("2026-11-03 03:00:00"):
            visit.action_left()
            self.assertEqual(names(), ["Tom", "Sara"])
            self._visit(self.tom, arrived_on=fields.Datetime.now()).action_left()
            self.assertEqual(names(), ["Sara", "Tom"])
        with freeze_time("2026-11-04 02:00:00"):
            self.assertEqual(names(), ["Sara", "Tom"])

    def test_today_begins_at_midnight_of_the_store(self):
        # 00:30 on 3 November in Shanghai is still 2 November in UTC
        with freeze_time("2026-11-02 16:30:00"):
            self._visit(arrived_on="2026-11-02 15:59:00")
            self._visit(arrived_on="2026-11-02 16:00:00")
            data = self._reception().get_reception_data(self.warehouse.id)
        self.assertEqual(data["counts"]["total"], 1)

    def test_the_door_says_who_has_gone_and_sees_no_names(self):
        visit = self._visit(self.tom)
        self._card(visit, user=self.tom)
        data = self._reception(self.sara).get_reception_data(self.warehouse.id)
        self.assertNotIn("Zhao Qian", str(data))
        data = self._reception(self.sara).set_left(visit.id)
        self.assertTrue(visit.left_on)
        self.assertFalse(data["here"])

    def test_strangers_have_no_door(self):
        visit = self._visit()
        with self.assertRaises(AccessError):
            self._reception(self.ken).get_reception_data()
        with self.assertRaises(UserError):
            self._reception(self.charlie).set_left(visit.id)
        with self.assertRaises(AccessError):
            self._reception(self.charlie).receive(self.warehouse.id, "first", 1)

    def test_the_screen_needs_the_same_queries_for_many_visits(self):
        reception = self._reception()
        for _n in range(3):
            self._visit()
        reception.get_reception_data(self.warehouse.id)
        self.env.flush_all()

        def count():
            self.env.invalidate_all()
            start = self.cr.sql_log_count
            reception.get_reception_data(self.warehouse.id)
            return self.cr.sql_log_count - start

        few = count()
        self.env["dealer.visit"].create(
            [
                {"warehouse_id": self.warehouse.id, "kind": "repeat", "user_id": self.tom.id}
                for _n in range(60)
            ]
        )
        self.env.flush_all()
        self.assertEqual(count(), few)


@tagged("post_install", "-at_install")
class TestReceptionTour(ShowroomCommon, HttpCase):
    def test_reception_in_three_taps(self):
        self.start_tour("/odoo/reception", "dealer_reception_tour", login=self.sara.login)
        visit = self.env["dealer.visit"].search([("company_id", "=", self.company.id)])
        self.assertRecordValues(
            visit,
            [{"kind": "first", "party_size": 2, "is_invited": False, "user_id": self.sara.id}],
        )
        self.assertTrue(visit.left_on)


@tagged("post_install", "-at_install")
class TestVisitAndLead(ShowroomCommon):
    def test_a_visit_is_a_contact_that_plans_the_next_one(self):
        visit = self._visit()
        lead = self._card(visit)
        self.assertEqual(lead.dealer_contact_ids.mapped("kind"), ["visit"])
        self.assertEqual(lead.dealer_last_contact_date, visit.arrived_on)
        self.assertTrue(lead.dealer_next_contact_date)
        self.assertEqual(lead.dealer_store_id, self.warehouse)

    def test_a_new_inquiry_of_a_colleagues_customer_is_the_colleagues(self):
        self._create_customer("Qian Wen", self.tom, phone="13700001234")
        visit = self._visit(self.sara)
        lead = self._card(visit, "Qian Wen", "13700001234")
        self.assertEqual(lead.sudo().user_id, self.tom)
        self.assertEqual(lead.sudo().partner_id.name, "Qian Wen")
        self.assertEqual(visit.card, "new")

    def test_visits_and_drives_stand_on_the_page_of_the_customer(self):
        customer = self._create_customer(user=self.sara)
        self._visit(kind="repeat", partner_id=customer.id)
        kinds = [event["kind"] for event in self._as(self.sara, customer)._dealer_get_events()]
        self.assertIn("Visit", kinds)
