from datetime import timedelta
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.dealer_crm.models import crm_lead_assignment

from .lead_case import MONDAY, LeadCase


@tagged("post_install", "-at_install")
class TestLeadAssignment(LeadCase):
    """New leads find their salesperson; who is late loses them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls._rule(name="Showroom", team_id=cls.team.id)

    @classmethod
    def _rule(cls, **vals):
        return cls.env["dealer.assignment.rule"].create({"company_id": cls.company.id, **vals})

    def _arrive(self, **vals):
        """A lead of the website: nobody has entered it."""
        return self.env["crm.lead"].create(
            {
                "name": "Web",
                "contact_name": "Wang Fang",
                "company_id": self.company.id,
                "user_id": False,
                **vals,
            }
        )

    # === WHO ===
    def test_fewest_open_leads_first(self):
        with self.at():
            for _index in range(2):
                self._lead(user=self.sara)
            leads = [self._arrive() for _index in range(3)]
        # Tom until he has as many; then whoever waits longest
        self.assertEqual([lead.user_id for lead in leads], [self.tom, self.tom, self.sara])
        self.assertEqual(self._events(leads[0]), ["assigned"])

    def test_in_turn(self):
        self.rule.method = "turn"
        self._lead(user=self.sara)
        leads = []
        for minute in range(4):
            with self.at(hours=minute / 60):
                leads.append(self._arrive())
        self.assertEqual(
            [lead.user_id for lead in leads], [self.sara, self.tom, self.sara, self.tom]
        )

    def test_paused_and_full_people_get_nothing(self):
        member = self.team.crm_team_member_ids.filtered(lambda m: m.user_id == self.tom)
        member.assignment_optout = True
        self.rule.max_open = 1
        with self.at():
            self.assertEqual(self._arrive().user_id, self.sara)
            self.assertFalse(self._arrive().user_id)

    def test_night_leads_wait_for_the_morning(self):
        with self.at(hours=12):
            lead = self._arrive()
            self._cron()
            self.assertFalse(lead.user_id)
        with self.at(hours=23):
            self._cron()
        self.assertIn(lead.user_id, self.sara | self.tom)

    def test_shift_decides_who_is_on_duty(self):
        member = self.team.crm_team_member_ids.filtered(lambda m: m.user_id == self.sara)
        member.dealer_shift_calendar_id = self.env["resource.calendar"].create(
            {
                "name": "Afternoon",
                "tz": "Asia/Shanghai",
                "company_id": self.company.id,
                "attendance_ids": [
                    Command.clear(),
                    *[
                        Command.create(
                            {"name": "x", "dayofweek": str(day), "hour_from": 13, "hour_to": 21}
                        )
                        for day in range(7)
                    ],
                ],
            }
        )
        self.rule.method = "turn"
        with self.at():
            self.assertEqual([self._arrive().user_id for _i in range(2)], [self.tom, self.tom])
        with self.at(hours=9):
            self.assertEqual(self._arrive().user_id, self.sara)

    def test_first_rule_that_fits(self):
        channel = self.env.ref("dealer_crm.dealer_channel_phone", raise_if_not_found=False)
        channel = channel or self.env["dealer.channel"].search([("parent_id", "=", False)])[0]
        self._rule(name="Phone", sequence=1, channel_ids=channel.ids, user_ids=self.mona.ids)
        self._rule(name="Larks", sequence=2, series_ids=self.series.ids, user_ids=self.max.ids)
        with self.at():
            by_phone = self._arrive(dealer_channel_id=channel.id)
            lark = self._arrive(dealer_wish_ids=[Command.create({"model_id": self.trim.id})])
            other = self._arrive()
        self.assertEqual(by_phone.user_id, self.mona)
        self.assertEqual(lark.user_id, self.max)
        self.assertIn(other.user_id, self.sara | self.tom)

    def test_leads_of_the_pool_are_not_given(self):
        lead = self._lead()
        lead.sudo()._dealer_put_in_pool()
        with self.at():
            self._cron()
        self.assertFalse(lead.sudo().user_id)

    # === RESPONSE ===
    def test_minutes_count_in_shop_hours_only(self):
        with self.at(hours=7.5):  # 17:30
            lead = self._arrive()
        self.assertEqual(lead.dealer_response_due, MONDAY + timedelta(hours=8))
        with self.at(hours=23.5):  # 9:30 of Tuesday
            self._contact(lead, user=lead.user_id)
        self.assertRecordValues(
            lead, [{"dealer_response_minutes": 60, "dealer_response_late": True}]
        )

    def test_in_time(self):
        with self.at():
            lead = self._arrive()
        with self.at(hours=0.4):
            self._contact(lead, user=lead.user_id)
        self.assertRecordValues(
            lead, [{"dealer_response_minutes": 24, "dealer_response_late": False}]
        )

    def test_attempt_is_not_the_first_talk(self):
        with self.at():
            lead = self._arrive()
        with self.at(hours=0.2):
            self._contact(lead, user=lead.user_id, is_reached=False)
        self.assertFalse(lead.dealer_responded_on)

    def test_late_lead_is_told_and_goes_to_a_colleague(self):
        with self.at():
            lead = self._arrive()
        first = lead.user_id
        second = (self.sara | self.tom) - first
        with self.at(hours=0.5):
            self._cron()
            self.assertEqual(self._events(lead), ["assigned", "late"])
            self.assertEqual(self._activities(lead, "escalation").user_id, self.max)
            self.assertEqual(lead.user_id, first)
        with self.at(hours=1):
            self._cron()
            self.assertEqual(lead.user_id, second)
        with self.at(hours=2.5):
            self._cron()  # nobody is left: it stays, the manager knows
        self.assertEqual(lead.user_id, second)
        self.assertEqual(self._events(lead), ["assigned", "late", "timeout", "assigned"])

    def test_reached_customer_stays(self):
        with self.at():
            lead = self._arrive()
            owner = lead.user_id
            self._contact(lead, user=owner)
        with self.at(hours=5):
            self._cron()
        self.assertEqual(lead.user_id, owner)

    def test_own_lead_has_no_response_clock(self):
        with self.at():
            self.assertFalse(self._lead().dealer_response_due)

    def test_many_leads_are_shared_out_at_once(self):
        with self.at():
            self._arrive()  # caches
            few = self._count_queries(2)
            many = self._count_queries(40)
        self.assertLess(many, few + 40)

    def _count_queries(self, number):
        """Queries that the assignment of so many waiting leads takes."""
        vals = {"name": "Web", "company_id": self.company.id, "user_id": False}
        leads = self.env["crm.lead"].with_context(dealer_no_assignment=True).create([vals] * number)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        leads._dealer_assign()
        self.env.flush_all()
        by_person = leads.grouped("user_id")
        counts = [len(by_person.get(user, ())) for user in self.sara | self.tom]
        self.assertEqual(sum(counts), number)
        self.assertLessEqual(abs(counts[0] - counts[1]), 2)
        return self.cr.sql_log_count - before

    def test_nobody_puts_a_lead_out_of_sight_of_his_manager(self):
        second = self.env["stock.warehouse"].create(
            {"name": "Second", "code": "G2", "company_id": self.company.id}
        )
        self.sara.dealer_store_ids = self.warehouse
        lead = self._lead()
        with self.assertRaisesRegex(UserError, "hands a lead over"):
            lead.dealer_store_id = second
        lead.dealer_store_id = self.warehouse
        self._as(self.max, lead).dealer_store_id = second

    def test_leads_that_wait_are_not_taken_by_hand(self):
        self.rule.active = False
        with self.at():
            waiting = self._arrive() | self._arrive()
            with self.assertRaisesRegex(UserError, "waits for its salesperson"):
                self._as(self.sara, waiting).user_id = self.sara
            result = self._as(self.sara, self.env["crm.lead"]).load(
                [".id", "user_id/.id"], [[str(waiting[0].id), str(self.sara.id)]]
            )
            self.assertFalse(result["ids"])
            self.assertFalse(waiting.user_id)
            own = self._lead(user_id=False)
            own.user_id = self.sara  # entered by herself, and nobody's ever since
            self._as(self.max, own).user_id = False
            with self.assertRaisesRegex(UserError, "waits for its salesperson"):
                own.user_id = self.sara
            self._as(self.max, waiting).user_id = self.tom
        self.assertEqual(waiting.user_id, self.tom)

    def test_those_whom_no_rule_fits_do_not_stand_in_the_way(self):
        channel = self.env["dealer.channel"].search([], limit=1)
        self.rule.channel_ids = channel
        quiet = {"dealer_no_assignment": True}
        Lead = self.env["crm.lead"].with_context(**quiet)
        vals = {"name": "X", "company_id": self.company.id, "user_id": False}
        with self.at():
            others = Lead.create([vals] * 5)
            wanted = Lead.create([{**vals, "dealer_channel_id": channel.id}] * 2)
            with patch.object(crm_lead_assignment, "BATCH", 2):
                self.env["crm.lead"]._dealer_assign_waiting()
        self.assertTrue(all(lead.user_id for lead in wanted))
        self.assertFalse(others.user_id)
