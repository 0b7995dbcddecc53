from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .lead_case import MONDAY, LeadCase


@tagged("post_install", "-at_install")
class TestLeadFollowUp(LeadCase):
    """Levels plan the next contact; what is forgotten goes to the manager, then to the pool."""

    # === FACTS ===

    def test_nobody_writes_when_a_customer_asked_or_what_became_of_it(self):
        lead = self._lead(level=self.level_h)
        facts = {
            "dealer_arrived_on": "2026-01-01 02:00:00",
            "dealer_first_touch": "2026-01-01 02:00:00",
            "dealer_last_touch": "2026-01-01 02:00:00",
            "dealer_card_result": "on_file",
            "date_closed": "2026-01-01 02:00:00",
        }
        for name, value in facts.items():
            for person in (self.sara, self.max):
                with self.subTest(name, person=person.name), self.assertRaises(UserError):
                    self._as(person, lead).write({name: value})
            with self.subTest("new", name=name), self.assertRaises(UserError):
                self._lead(**{name: value})
        with Form(self._as(self.sara, lead)) as form:
            form.contact_name = "Li Ping"
        self.assertEqual(lead.contact_name, "Li Ping")

    def test_a_lead_that_is_made_in_the_stage_of_orders_is_dated_by_odoo(self):
        stage = self.env["crm.stage"].search([("is_won", "=", True)], limit=1)
        lead = self._lead(stage_id=stage.id)
        self.assertTrue(lead.date_closed)
        with self.assertRaises(UserError):
            lead.date_closed = False

    # === LEVELS ===
    def test_new_lead_has_no_grade_and_a_day(self):
        with self.at():
            lead = self._lead()
        self.assertRecordValues(
            lead,
            [
                {
                    "dealer_level_id": self.level_n.id,
                    "dealer_next_contact_date": MONDAY + timedelta(days=1),
                    "dealer_overdue": False,
                }
            ],
        )
        self.assertRecordValues(
            self._activities(lead, "follow_up"),
            [
                {
                    "user_id": self.sara.id,
                    "date_deadline": (MONDAY + timedelta(days=1)).date(),
                }
            ],
        )

    def test_each_level_plans_its_interval(self):
        for code, days in (("h", 1), ("a", 3), ("b", 7), ("c", 15)):
            with self.subTest(level=code), self.at():
                lead = self._lead()
                self._contact(lead, level_id=getattr(self, f"level_{code}").id)
                self.assertEqual(lead.dealer_next_contact_date, MONDAY + timedelta(days=days))
                self.assertEqual(lead.dealer_last_contact_date, MONDAY)
                self.assertEqual(len(self._activities(lead, "follow_up")), 1)

    def test_contact_at_night_is_followed_in_shop_hours(self):
        with self.at(hours=12):  # 22:00 in Shanghai
            lead = self._lead()
            self._contact(lead, level_id=self.level_h.id)
        # not Tuesday 22:00 but Wednesday 9:00
        self.assertEqual(
            lead.dealer_next_contact_date, MONDAY + timedelta(days=2) - timedelta(hours=1)
        )
        self.assertEqual(
            self._activities(lead, "follow_up").date_deadline, (MONDAY + timedelta(days=2)).date()
        )

    def test_closed_day_is_skipped(self):
        self.company.dealer_shop_calendar_id = self.env["resource.calendar"].create(
            {
                "name": "Closed on Tuesdays",
                "tz": "Asia/Shanghai",
                "company_id": self.company.id,
                "attendance_ids": [
                    (5, 0, 0),
                    *[
                        (0, 0, {"name": "x", "dayofweek": str(day), "hour_from": 9, "hour_to": 18})
                        for day in (0, 2, 3, 4, 5, 6)
                    ],
                ],
            }
        )
        with self.at():
            lead = self._lead()
        self.assertEqual(
            lead.dealer_next_contact_date, MONDAY + timedelta(days=2) - timedelta(hours=1)
        )

    def test_raising_is_free_and_logged(self):
        with self.at():
            lead = self._lead(level=self.level_c)
            lead.dealer_level_id = self.level_h
        self.assertRecordValues(
            lead.dealer_level_log_ids.sorted("id"),
            [
                {"level_from_id": self.level_n.id, "level_to_id": self.level_c.id},
                {"level_from_id": self.level_c.id, "level_to_id": self.level_h.id},
            ],
        )
        self.assertEqual(lead.dealer_next_contact_date, MONDAY + timedelta(days=1))

    def test_lowering_needs_a_reason(self):
        with self.at():
            lead = self._lead(level=self.level_h)
            with self.assertRaises(UserError):
                lead.dealer_level_id = self.level_c
            with self.assertRaises(UserError):
                self._contact(lead, level_id=self.level_c.id)
            self._contact(lead, level_id=self.level_c.id, level_reason="Waits for his bonus")
        log = lead.dealer_level_log_ids.sorted("id")[-1]
        self.assertRecordValues(
            log,
            [
                {
                    "level_from_id": self.level_h.id,
                    "level_to_id": self.level_c.id,
                    "is_lowered": True,
                    "reason": "Waits for his bonus",
                    "user_id": self.sara.id,
                }
            ],
        )
        self.assertEqual(lead.dealer_next_contact_date, MONDAY + timedelta(days=15))

    def test_lowering_through_the_client_context_needs_a_contact(self):
        lead = self._lead(level=self.level_h)
        with self.assertRaises(UserError):
            lead.with_context(dealer_level_reason="x").dealer_level_id = self.level_c

    def test_overdue_lead_is_not_hidden_by_a_lower_level(self):
        with self.at():
            lead = self._lead(level=self.level_h)
        with self.at(days=2):
            lead._dealer_set_level(self.level_c, "Later")
        self.assertEqual(lead.dealer_next_contact_date, MONDAY + timedelta(days=1))

    def test_ordered_is_not_chosen_by_hand(self):
        lead = self._lead()
        for level in (self.level_o, self.level_d, self.level_f):
            with self.subTest(level=level.code), self.assertRaises(UserError):
                lead.dealer_level_id = level

    def test_clocks_are_not_written_by_hand(self):
        lead = self._lead()
        for name in ("dealer_next_contact_date", "dealer_last_contact_date"):
            with self.subTest(field=name), self.assertRaises(UserError):
                lead[name] = "2026-12-31"
        with self.assertRaises(UserError):
            lead.dealer_in_pool = True

    def test_schemes_can_be_loaded(self):
        levels = self._as(self.max, self.env["dealer.intention.level"])
        levels.with_context(dealer_scheme="b").action_load_scheme()
        self.assertEqual((self.level_h.interval_number, self.level_c.interval_number), (7, 90))
        levels.with_context(dealer_scheme="c").action_load_scheme()
        self.assertEqual((self.level_h.interval_number, self.level_c.interval_number), (7, 30))
        levels.with_context(dealer_scheme="a").action_load_scheme()
        self.assertEqual((self.level_h.interval_number, self.level_c.interval_number), (1, 15))
        with self.assertRaises(AccessError):
            self._as(self.sara, levels).with_context(dealer_scheme="b").action_load_scheme()

    # === CONTACTS ===
    def test_contact_page_plans_by_itself(self):
        with self.at():
            lead = self._lead(level=self.level_b)
            Contact = self._as(self.sara, self.env["dealer.lead.contact"])
            with Form(Contact.with_context(default_lead_id=lead.id)) as form:
                self.assertEqual(form.next_date, MONDAY + timedelta(days=7))
                form.level_id = self.level_h
                self.assertEqual(form.next_date, MONDAY + timedelta(days=1))
                form.note = "Comes on Saturday"
        self.assertEqual(lead.dealer_level_id, self.level_h)
        self.assertIn("Comes on Saturday", lead.message_ids[0].body)

    def test_next_date_within_what_the_level_allows(self):
        with self.at():
            lead = self._lead(level=self.level_h)
            with self.assertRaises(UserError):
                self._contact(lead, next_date=MONDAY + timedelta(days=3))
            with self.assertRaises(UserError):
                self._contact(lead, next_date=False)
            self._contact(lead, next_date=MONDAY + timedelta(days=2))
            self.assertEqual(lead.dealer_next_contact_date, MONDAY + timedelta(days=2))
            self._contact(lead, user=self.max, next_date=MONDAY + timedelta(days=5))
            self.assertEqual(lead.dealer_next_contact_date, MONDAY + timedelta(days=5))

    def test_attempt_is_tried_again_and_does_not_feed_the_pool_clock(self):
        with self.at():
            lead = self._lead()
            self._contact(lead, level_id=self.level_b.id)
            pool = lead.dealer_pool_date
        with self.at(days=7):
            self._contact(lead, is_reached=False)
        self.assertEqual(lead.dealer_next_contact_date, MONDAY + timedelta(days=8))
        self.assertEqual(lead.dealer_last_contact_date, MONDAY)
        self.assertEqual(lead.dealer_pool_date, pool)

    def test_done_activity_is_a_contact(self):
        with self.at():
            lead = self._lead(level=self.level_a)
        with self.at(days=3):
            activity = self._activities(lead, "follow_up").with_user(self.sara)
            activity.action_feedback(feedback="Wants blue")
        self.assertRecordValues(
            lead.dealer_contact_ids,
            [{"kind": "call", "note": "Wants blue", "user_id": self.sara.id}],
        )
        self.assertEqual(lead.dealer_next_contact_date, MONDAY + timedelta(days=6))
        self.assertEqual(len(self._activities(lead, "follow_up")), 1)

    def test_held_phone_call_is_a_contact(self):
        with self.at():
            lead = self._lead(level=self.level_a)
            call = self._as(self.sara, self.env["crm.phonecall"]).create(
                {"name": "Called back", "opportunity_id": lead.id, "date": MONDAY}
            )
            self.assertFalse(lead.dealer_contact_ids)
            call.state = "done"
        self.assertEqual(lead.dealer_last_contact_date, MONDAY)

    def test_colleague_notes_no_contact(self):
        lead = self._lead()
        with self.assertRaises(AccessError):
            self._contact(lead, user=self.tom)

    def test_contact_is_not_rewritten(self):
        lead = self._lead()
        contact = self._contact(lead)
        contact.note = "Completed"
        with self.assertRaises(UserError):
            contact.is_reached = False
        with self.assertRaises(AccessError):
            contact.unlink()

    # === THE CLOCK ===
    def test_overdue_h_lead_escalates_then_returns_to_the_pool(self):
        with self.at():
            lead = self._lead()
            self._contact(lead, level_id=self.level_h.id)  # due on day 1
        with self.at(days=1, hours=-1):
            self._cron()
            self.assertFalse(lead.dealer_overdue)
        with self.at(days=1):
            self._cron()
            self.assertTrue(lead.dealer_overdue)
            self.assertFalse(lead.dealer_escalated_on)
        with self.at(days=2, hours=-1):
            self._cron()
            self.assertFalse(lead.dealer_escalated_on)
        with self.at(days=2):
            self._cron()
            self.assertEqual(lead.dealer_escalated_on, MONDAY + timedelta(days=2))
            self.assertEqual(self._activities(lead, "escalation").user_id, self.max)
        with self.at(days=4, hours=-1):
            self._cron()
            self.assertEqual(lead.user_id, self.sara)
        with self.at(days=4):
            self._cron()
        self.assertRecordValues(
            lead.sudo(), [{"user_id": False, "dealer_in_pool": True, "dealer_overdue": False}]
        )
        self.assertEqual(lead.sudo().company_id, self.company)
        self.assertEqual(self._events(lead), ["escalated", "pooled"])
        self.assertFalse(lead.sudo().activity_ids)

    def test_hot_leads_escalate_first_and_oldest_first(self):
        with self.at():
            leads = {}
            for name, level in (("c", "c"), ("b", "b"), ("h1", "h"), ("a", "a")):
                leads[name] = self._lead(name=name)
                self._contact(leads[name], level_id=getattr(self, f"level_{level}").id)
        with self.at(hours=1):
            leads["h2"] = self._lead(name="h2")
            self._contact(leads["h2"], level_id=self.level_h.id)
        with self.at(days=40):
            self._cron()
            events = self.env["dealer.lead.event"].search(
                [("lead_id", "in", [lead.id for lead in leads.values()])], order="id"
            )
            self.assertEqual(
                [(event.lead_id.name, event.kind) for event in events],
                [(name, "escalated") for name in ("h1", "h2", "a", "b", "c")],
            )
        with self.at(days=40, hours=3):  # the manager still has his hours
            self._cron()
            self.assertTrue(all(lead.user_id for lead in leads.values()))
        with self.at(days=40, hours=4):
            self._cron()
            pooled = self.env["dealer.lead.event"].search([("kind", "=", "pooled")], order="id")
            self.assertEqual(pooled.lead_id.mapped("name"), ["h1", "h2", "a", "b", "c"])

    def test_contact_in_time_calls_the_manager_off(self):
        with self.at():
            lead = self._lead()
            self._contact(lead, level_id=self.level_h.id)
        with self.at(days=2):
            self._cron()
            self.assertTrue(self._activities(lead, "escalation"))
            self._contact(lead)
        self.assertRecordValues(lead, [{"dealer_overdue": False, "dealer_escalated_on": False}])
        self.assertFalse(self._activities(lead, "escalation"))
        with self.at(days=4):
            self._cron()
        self.assertEqual(lead.user_id, self.sara)

    def test_lost_and_won_leads_have_no_clock(self):
        with self.at():
            lead = self._lead()
            lead.sudo().action_set_lost()
        with self.at(days=30):
            self._cron()
        self.assertFalse(self._events(lead))
        self.assertFalse(lead.sudo().dealer_next_contact_date)

    def test_new_owner_starts_afresh(self):
        with self.at():
            lead = self._lead(level=self.level_c)
        with self.at(days=20):
            self._cron()
            self.assertTrue(lead.dealer_overdue)
            self._as(self.max, lead).user_id = self.tom
        self.assertRecordValues(
            lead.sudo(),
            [
                {
                    "dealer_overdue": False,
                    "dealer_assigned_on": MONDAY + timedelta(days=20),
                    "dealer_next_contact_date": MONDAY + timedelta(days=21),
                }
            ],
        )
        self.assertEqual(self._activities(lead, "follow_up").user_id, self.tom)

    # === POOL ===
    def _pooled(self, user=None, **vals):
        lead = self._lead(user=user, **vals)
        lead.sudo()._dealer_put_in_pool()
        return lead

    def test_colleague_takes_a_lead_from_the_pool(self):
        with self.at():
            lead = self._as(self.tom, self._pooled())
            self.assertIn(lead, lead.search([("dealer_in_pool", "=", True)]))
            lead.action_dealer_grab()
        self.assertRecordValues(
            lead,
            [
                {
                    "user_id": self.tom.id,
                    "dealer_in_pool": False,
                    "dealer_next_contact_date": MONDAY + timedelta(days=1),
                }
            ],
        )
        self.assertEqual(self._events(lead), ["pooled", "grabbed"])

    def test_former_owner_waits(self):
        with self.at():
            lead = self._pooled()
            with self.assertRaises(UserError):
                lead.action_dealer_grab()
        with self.at(days=3, hours=1):
            lead.action_dealer_grab()
        self.assertEqual(lead.user_id, self.sara)

    def test_daily_limit(self):
        with self.at():
            leads = self.env["crm.lead"].union(*[self._pooled(name=str(i)) for i in range(6)])
            for lead in leads[:5]:
                self._as(self.tom, lead).action_dealer_grab()
            with self.assertRaises(UserError):
                self._as(self.tom, leads[5]).action_dealer_grab()
        with self.at(days=1):
            self._as(self.tom, leads[5]).action_dealer_grab()
        self.assertEqual(leads.sudo().user_id, self.tom)

    def test_taken_lead_is_gone(self):
        lead = self._pooled()
        self._as(self.tom, lead).action_dealer_grab()
        with self.assertRaises(UserError):
            self._as(self.mona, lead).action_dealer_grab()

    def test_only_the_manager_puts_leads_into_the_pool(self):
        lead = self._lead()
        with self.assertRaises(UserError):
            lead.action_dealer_release()
        self._as(self.max, lead).action_dealer_release()
        self.assertTrue(lead.sudo().dealer_in_pool)

    def test_pool_of_another_company_is_closed(self):
        lead = self._pooled()
        with self.assertRaises(AccessError):
            self._as(self.charlie, lead).action_dealer_grab()

    def test_customer_goes_with_his_lead(self):
        customer = self._create_customer("Li Ming", user=self.sara, phone="13800138000")
        lead = self._lead(partner_id=customer.id)
        lead.sudo()._dealer_put_in_pool()
        self.assertFalse(customer.user_id)
        tom_sees = self._as(self.tom, lead)
        self.assertIn(lead, tom_sees.search([("dealer_in_pool", "=", True)]))
        tom_sees.action_dealer_grab()
        self.assertEqual(customer.user_id, self.tom)
        self._as(self.max, lead).user_id = self.sara
        self.assertEqual(customer.user_id, self.sara)

    def test_customer_with_another_open_lead_stays(self):
        customer = self._create_customer("Li Ming", user=self.sara)
        lead = self._lead(partner_id=customer.id)
        self._lead(partner_id=customer.id)
        lead.sudo()._dealer_put_in_pool()
        self.assertEqual(customer.user_id, self.sara)

    def test_who_shares_the_customer_reads_contacts(self):
        customer = self._create_customer("Li Ming", user=self.sara)
        lead = self._lead(partner_id=customer.id)
        contact = self._contact(lead)
        seen = self._as(self.tom, contact)
        self.assertFalse(seen.search([("id", "=", contact.id)]))
        self._as(self.sara, self.env["dealer.customer.share"]).create(
            {"partner_id": customer.id, "user_id": self.tom.id, "reason": "Holiday"}
        )
        self.assertEqual(seen.search([("id", "=", contact.id)]), contact)
        with self.assertRaises(AccessError):
            self._contact(lead, user=self.tom)

    # === NOBODY STOPS THE CLOCK ===
    def test_attempts_alone_do_not_keep_a_lead(self):
        """Called every day and never reached: the manager is told, then the pool has it."""
        with self.at():
            lead = self._lead(level=self.level_h)
        for day in range(1, 15):
            with self.at(days=day):
                if lead.sudo().dealer_in_pool:
                    break
                self._contact(lead, is_reached=False)
                self._cron()
        self.assertTrue(lead.sudo().dealer_in_pool)
        self.assertEqual(self._events(lead)[-2:], ["escalated", "pooled"])

    def test_the_clock_is_not_begun_anew_by_letting_go(self):
        with self.at():
            lead = self._lead(level=self.level_h)
        for owner in (False, self.tom.id):
            with self.assertRaisesRegex(UserError, "through a manager"):
                lead.user_id = owner
        self._as(self.max, lead).user_id = self.tom
        self.assertEqual(lead.sudo().user_id, self.tom)

    def test_the_pool_is_left_by_its_button_only(self):
        with self.at():
            lead = self._lead()
            lead.sudo()._dealer_put_in_pool()
        with self.assertRaisesRegex(UserError, "Take Customer"):
            self._as(self.tom, lead).user_id = self.tom
        self._as(self.tom, lead).action_dealer_grab()
        self.assertEqual(lead.sudo().user_id, self.tom)

    def test_every_lead_has_a_level(self):
        with self.assertRaisesRegex(UserError, "has a level"):
            self._lead().dealer_level_id = False

    # === ONE PERSON, ONE LEAD ===
    def test_a_person_with_an_open_lead_gets_no_second_one(self):
        lead = self._lead(phone="13900000001")
        with self.assertRaisesRegex(UserError, lead.name):
            self._lead(phone="139 0000 0001")
        with self.assertRaisesRegex(UserError, "Sara follows an open lead"):
            self._lead(user=self.tom, phone="+8613900000001")
        with self.assertRaisesRegex(UserError, lead.name):
            lead.copy()

    def test_a_lead_belongs_to_the_store_of_its_salesperson(self):
        self.assertFalse(self._lead().dealer_store_id)  # Sara works in all stores
        self.sara.dealer_store_ids = self.warehouse
        self.assertEqual(self._lead().dealer_store_id, self.warehouse)

    def test_a_call_to_come_stops_no_clock(self):
        """A call that is held now and was planned for later is held now."""
        with self.at():
            lead = self._lead(level=self.level_h)
            self._as(self.sara, self.env["crm.phonecall"]).create(
                {
                    "name": "Call",
                    "opportunity_id": lead.id,
                    "state": "done",
                    "date": "2027-06-01 03:00:00",
                }
            )
        self.assertEqual(lead.dealer_last_contact_date, MONDAY)

    def test_a_higher_level_by_hand_keeps_the_warning(self):
        """Nobody was spoken to: the manager still has to look."""
        with self.at():
            lead = self._lead(level=self.level_a)
        with self.at(days=3):
            self._cron()
            warned = lead.dealer_escalated_on
            self.assertTrue(warned)
            lead.dealer_level_id = self.level_h
            self.assertEqual(lead.dealer_escalated_on, warned)
            self.assertTrue(lead.dealer_overdue)
            self.assertTrue(self._activities(lead, "escalation"))
            self._contact(lead)
            self.assertFalse(lead.dealer_escalated_on)
            self.assertFalse(self._activities(lead, "escalation"))
