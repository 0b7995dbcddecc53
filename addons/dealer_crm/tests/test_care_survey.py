from decimal import Decimal

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import BaseCase, new_test_user

from ..tools.satisfaction import net_promoter_score, satisfaction_index, to_ten
from .test_care_tasks import NOW, CareCase


class TestSatisfaction(BaseCase):
    """The formulas with the figures of the papers."""

    def test_index_of_five_factors(self):
        weights = (".20", ".25", ".15", ".15", ".25")
        scores = ("9", "8", "9.5", "7", "8.5")
        self.assertEqual(satisfaction_index(zip(weights, scores, strict=True)), Decimal("84.0"))

    def test_weights_of_the_answered_factors_are_brought_to_one(self):
        self.assertEqual(satisfaction_index([(0.2, 9), (0.2, 8)]), Decimal("85.0"))
        self.assertIsNone(satisfaction_index([]))

    def test_net_promoter_score(self):
        self.assertEqual(net_promoter_score([10] * 62 + [7] * 24 + [6] * 14), Decimal("48.0"))
        self.assertIsNone(net_promoter_score([]))

    def test_a_scale_to_five_counts_double(self):
        self.assertEqual(to_ten(3, 5), 6)


@freeze_time(NOW)
class TestCareSurvey(CareCase):
    """Customers are asked after the delivery, and heard."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.car = cls._own_car(insurance_end_date="2026-06-10")
        cls.plan = cls._plan("insurance", (0, "call"))

    def _ask(self, xmlid="delivery"):
        """The sheet of answers of a call to Li Ming."""
        self.plan.rule_ids.survey_id = self.env.ref(f"dealer_crm.survey_{xmlid}")
        task = self._run()
        action = self._as(self.sara, task).action_ask()
        self.assertIn(task.answer_ids.access_token, action["url"])
        return task, task.answer_ids

    def _answer(self, answer, *scores):
        questions = answer.survey_id.question_ids.filtered(lambda q: q.question_type == "scale")
        for question, score in zip(questions, scores, strict=False):
            answer._save_lines(question, score)
        answer._mark_done()
        return answer

    def test_the_five_questions_after_a_sale_are_there(self):
        survey = self.env.ref("dealer_crm.survey_delivery").with_context(lang="en_US")
        self.assertEqual(
            survey.question_ids.mapped("question_type"),
            ["scale"] * 4 + ["simple_choice", "text_box"],
        )
        self.assertIn("after-sales service", survey.question_ids[4].title)
        steps = self.env.ref("dealer_crm.dealer_care_plan_delivery").rule_ids
        self.assertEqual(steps.mapped("days"), [3, 7, 30])
        self.assertTrue(all(step.survey_id for step in steps))

    def test_weights_of_the_surveys_are_one(self):
        for name in ("delivery", "ssi", "csi"):
            questions = self.env.ref(f"dealer_crm.survey_{name}").question_ids
            weights = {q.dealer_factor: q.dealer_weight for q in questions if q.dealer_factor}
            self.assertAlmostEqual(sum(weights.values()), 0.6 if name == "delivery" else 1, 6, name)

    def test_good_answers_close_the_call(self):
        task, answer = self._ask()
        self._answer(answer, 9, 9, 8, 9)
        # salesperson 9 × 0.4, test drive 8 × 0.2
        self.assertRecordValues(
            answer,
            [{"dealer_index": 86.7, "dealer_ticket_id": False, "partner_id": self.li.id}],
        )
        self.assertRecordValues(task, [{"state": "done", "result": "satisfied"}])
        self.assertFalse(task.activity_ids)

    def test_a_score_of_six_opens_a_complaint(self):
        task, answer = self._ask()
        self._answer(answer, 9, 9, 6, 9)
        ticket = answer.dealer_ticket_id
        self.assertRecordValues(
            ticket,
            [
                {
                    "dealer_is_complaint": True,
                    "partner_id": self.li.id,
                    "dealer_vehicle_id": self.car.id,
                    "company_id": self.company.id,
                    "dealer_grade_id": self.env.ref("dealer_crm.dealer_complaint_grade_1").id,
                }
            ],
        )
        self.assertIn("6/10", ticket.description)
        self.assertEqual(task.result, "dissatisfied")
        answer._mark_done()
        self.assertEqual(answer.dealer_ticket_id, ticket)

    def test_a_score_of_seven_opens_none(self):
        _task, answer = self._ask()
        self.assertFalse(self._answer(answer, 7, 7, 7, 7).dealer_ticket_id)

    def test_figures_of_the_month(self):
        survey = self.env.ref("dealer_crm.survey_csi")
        survey.dealer_kind = "ssi"  # the five factors of the vector
        for number in range(50):
            answer = survey._create_answer(
                partner=self.li, check_attempts=False, dealer_company_id=self.company.id
            )
            nps = 10 if number < 31 else 8 if number < 43 else 7
            self._answer(answer, 9, 8, 9 + number % 2, 7, 8 + number % 2, 8, nps)
        kpi = self.env["dealer.kpi"].search([("code", "=", "survey_ssi")])
        self.assertEqual(kpi._get_value(*self._month()), 84.0)
        low = self.env["survey.user_input"].search([("dealer_nps_score", "=", 7)])
        low.user_input_line_ids.filtered("question_id.dealer_is_nps").value_scale = 6
        kpi = self.env["dealer.kpi"].search([("code", "=", "survey_nps")])
        self.assertEqual(kpi._get_value(*self._month()), 48.0)

    def _month(self):
        return self.env["dealer.kpi"]._get_month()

    def test_a_dissatisfied_caller_is_a_complaint_without_survey(self):
        task = self._run()
        task.write({"result": "dissatisfied", "note": "The seat squeaks"})
        self._as(self.sara, task).action_done()
        self.assertRecordValues(
            task.ticket_id, [{"partner_id": self.li.id, "dealer_is_complaint": True}]
        )
        self.assertIn("squeaks", task.ticket_id.description)

    def test_a_customer_without_login_answers_by_the_link(self):
        _task, answer = self._ask()
        self.assertEqual(answer.survey_id.access_mode, "public")
        self.assertFalse(answer.survey_id.users_login_required)

    def test_an_empty_sheet_is_no_answer(self):
        task, answer = self._ask()
        answer._mark_done()
        self.assertRecordValues(task, [{"state": "todo", "result": False}])
        again = task._get_answer()
        self.assertNotEqual(again, answer)
        self._answer(again, 5, 5, 5, 5, 5)
        self.assertEqual(task.state, "done")


@freeze_time(NOW)
class TestComplaint(CareCase):
    """The clock of a complaint, and who closes it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.boss = new_test_user(
            cls.env,
            login="dealer_boss",
            groups="dealer_base.group_general_manager",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        # open from 9 to 18 on every day
        cls.hours = cls.env["resource.calendar"].create(
            {
                "name": "Shop",
                "tz": "Asia/Shanghai",
                "company_id": cls.company.id,
                "attendance_ids": [Command.clear()]
                + [
                    Command.create(
                        {
                            "name": str(day),
                            "dayofweek": str(day),
                            "hour_from": 9,
                            "hour_to": 18,
                            "day_period": "full_day",
                        }
                    )
                    for day in range(7)
                ],
            }
        )
        cls.company.resource_calendar_id = cls.hours
        cls.grades = cls.env["dealer.complaint.grade"].search([])
        stage = "helpdesk_mgmt.helpdesk_ticket_stage_"
        cls.new, cls.progress, cls.waiting, cls.done = (
            cls.env.ref(stage + name) for name in ("new", "in_progress", "awaiting", "done")
        )

    def _complain(self, level=1, user=None):
        return self._as(user or self.cara, self.env["helpdesk.ticket"]).create(
            {
                "name": "Gearbox",
                "description": "Does not shift",
                "partner_id": self.li.id,
                "dealer_is_complaint": True,
                "dealer_grade_id": self.grades[level - 1].id,
            }
        )

    def _finish(self, ticket, **vals):
        ticket.write(
            {
                "dealer_root_cause": "Oil level",
                "dealer_measure": "Oil filled up",
                "dealer_outcome": "repaired",
                "dealer_confirmed_how": "phone",
                "dealer_confirmation": "Drives well again",
                **vals,
            }
        )

    def test_answer_and_end_by_the_hours_of_the_shop(self):
        for level, answer, close in (
            (1, "2026-06-10 04:00:00", "2026-06-12 08:00:00"),  # 2 h; 24 h of 9 a day
            (2, "2026-06-10 03:00:00", "2026-06-15 05:00:00"),  # 1 h; 48 h
            (3, "2026-06-10 02:30:00", "2026-06-18 02:00:00"),  # half an hour; 72 h
        ):
            ticket = self._complain(level)
            self.assertEqual(str(ticket.dealer_answer_due), answer)
            self.assertEqual(str(ticket.sla_deadline), close)
        with freeze_time("2026-06-10 09:30:00"):  # half past five
            self.assertEqual(str(self._complain().dealer_answer_due), "2026-06-11 02:30:00")

    def test_a_new_grade_sets_a_new_clock(self):
        ticket = self._complain(1)
        ticket.dealer_grade_id = self.grades[1]
        self.assertEqual(str(ticket.dealer_answer_due), "2026-06-10 03:00:00")
        self.assertEqual(ticket.sla_ids, self.grades[1].sla_id)

    def test_serious_ones_are_told_at_once(self):
        self.assertFalse(self._complain(1).activity_ids)
        self.assertIn(self.max, self._complain(2).activity_ids.user_id)
        major = self._complain(3).activity_ids
        self.assertEqual(major.user_id, self.boss)
        self.assertIn("maker", major.summary)

    def test_what_is_late_goes_up_once(self):
        ticket = self._complain(1)
        self.env["helpdesk.ticket"]._cron_dealer_escalate()
        self.assertFalse(ticket.dealer_escalation)
        with freeze_time("2026-06-10 04:01:00"):
            self.env["helpdesk.ticket"]._cron_dealer_escalate()
            self.assertEqual(ticket.dealer_escalation, "answer")
            self.assertIn(self.max, ticket.activity_ids.user_id)
            count = len(ticket.activity_ids)
            self.env["helpdesk.ticket"]._cron_dealer_escalate()
            self.assertEqual(len(ticket.activity_ids), count)
        with freeze_time("2026-06-13 08:01:00"):
            self.env["helpdesk.ticket"]._cron_dealer_escalate()
            self.assertEqual(ticket.dealer_escalation, "close")
            self.assertIn(self.boss, ticket.activity_ids.user_id)

    def test_an_answered_one_does_not_escalate(self):
        ticket = self._complain(1)
        ticket.action_dealer_answered()
        self.assertEqual(ticket.dealer_answered_by_id, self.cara)
        with freeze_time("2026-06-10 05:00:00"):
            self.env["helpdesk.ticket"]._cron_dealer_escalate()
        self.assertFalse(ticket.dealer_escalation)

    def test_the_clock_rests_only_while_we_wait_for_the_customer(self):
        ticket = self._complain(1)
        with self.assertRaisesRegex(UserError, "waits for"), self.env.cr.savepoint():
            ticket.stage_id = self.waiting
        with freeze_time("2026-06-10 03:00:00"):
            ticket.write({"stage_id": self.waiting.id, "dealer_wait_reason": "Brings the car"})
        self.assertEqual(ticket.ticket_sla_ids.state, "on_hold")
        with freeze_time("2026-06-12 03:00:00"):
            ticket.stage_id = self.progress
        # one hour of 24 was used before; 23 are left from the 12th at eleven
        self.assertEqual(str(ticket.sla_deadline), "2026-06-14 08:00:00")
        self.assertFalse(ticket.dealer_wait_reason)

    def test_only_the_customers_word_closes(self):
        ticket = self._complain(1)
        with self.assertRaisesRegex(UserError, "cannot be closed yet"), self.env.cr.savepoint():
            ticket.stage_id = self.done
        self._finish(ticket, dealer_confirmation=False)
        with self.assertRaisesRegex(UserError, "Customer's Word"), self.env.cr.savepoint():
            ticket.stage_id = self.done
        self._finish(ticket)
        ticket.stage_id = self.done
        self.assertTrue(ticket.closed)

    def test_a_complaint_stays_one_and_in_sight(self):
        for user in (self.cara, self.max, self.boss):
            with self.subTest(user=user.name):
                ticket = self._complain(user=self.cara)
                ticket = self._as(user, ticket)
                for vals in (
                    {"dealer_is_complaint": False},
                    {"dealer_is_complaint": False, "stage_id": self.done.id},
                    {"active": False},
                ):
                    with self.assertRaisesRegex(UserError, "complaint"), self.env.cr.savepoint():
                        ticket.write(vals)
                with self.assertRaisesRegex(UserError, "complaint"), self.env.cr.savepoint():
                    ticket.action_archive()
                self.assertTrue(ticket.active and ticket.dealer_is_complaint)
        with self.assertRaisesRegex(UserError, "never deleted"), self.env.cr.savepoint():
            self.env["helpdesk.ticket"].browse(ticket.id).unlink()
        self._finish(ticket)
        ticket.stage_id = self.done
        ticket.active = False
        self.assertFalse(ticket.active, "what the customer agreed to may be put away")

    def test_a_closed_case_becomes_a_complaint_with_the_customers_word_only(self):
        Ticket = self._as(self.cara, self.env["helpdesk.ticket"])
        vals = {"name": "Asks", "description": "Asks", "partner_id": self.li.id}
        ticket = Ticket.create({**vals, "stage_id": self.done.id})
        with self.assertRaisesRegex(UserError, "cannot be closed yet"), self.env.cr.savepoint():
            ticket.dealer_is_complaint = True
        with self.assertRaisesRegex(UserError, "cannot be closed yet"), self.env.cr.savepoint():
            Ticket.create({**vals, "stage_id": self.done.id, "dealer_is_complaint": True})

    def test_a_complaint_ends_as_double_of_one_of_the_same_customer_only(self):
        ticket, stranger = self._complain(), self._complain()
        stranger.partner_id = self._create_customer("Wang Wu")
        for other in (stranger, ticket):
            ticket.duplicate_id = other
            with self.assertRaises(UserError), self.env.cr.savepoint():
                ticket.stage_id = self.done
        ticket.duplicate_id = self._complain()
        ticket.stage_id = self.done
        self.assertTrue(ticket.closed)

    def test_two_complaints_do_not_close_each_other(self):
        done = self.env["helpdesk.ticket.stage"].search([("closed", "=", True)], limit=1)
        one, other = self._complain(), self._complain()
        one.duplicate_id = other
        one.stage_id = done
        with self.assertRaisesRegex(UserError, "reopen it"):
            one.duplicate_id = False
        other.duplicate_id = one
        with self.assertRaisesRegex(UserError, "Fill in"):
            other.stage_id = done
        nobodys = self._complain() | self._complain()
        nobodys.partner_id = False
        nobodys[0].duplicate_id = nobodys[1]
        with self.assertRaisesRegex(UserError, "Fill in"):
            nobodys[0].stage_id = done

    def test_what_a_complaint_was_closed_with_stays(self):
        done = self.env["helpdesk.ticket.stage"].search([("closed", "=", True)], limit=1)
        ticket = self._complain()
        self._finish(ticket, dealer_outcome="explained")
        ticket.stage_id = done
        for vals in (
            {"dealer_outcome": "refund", "dealer_cost": 80000},
            {"dealer_confirmation": False},
        ):
            with self.assertRaisesRegex(UserError, "reopen it"):
                ticket.write(vals)
        ticket.write({"dealer_outcome": "explained"})  # a form sends what it shows

    def test_a_complaint_has_a_team_and_a_grade_that_care_does_not_lower(self):
        ticket = self._complain(2)
        with self.assertRaisesRegex(UserError, "which team"):
            ticket.team_id = False
        with self.assertRaisesRegex(UserError, "less serious"):
            ticket.dealer_grade_id = self.grades[0]
        self._as(self.max, ticket).dealer_grade_id = self.grades[0]
        plain = self._as(self.cara, self.env["helpdesk.ticket"]).create(
            {"name": "Question", "description": "Hours?", "team_id": False}
        )
        plain.dealer_is_complaint = True
        self.assertTrue(plain.team_id.dealer_is_complaint)

    def test_what_the_team_of_complaints_gets_is_a_complaint(self):
        team = self._complain(2).team_id
        Ticket = self._as(self.cara, self.env["helpdesk.ticket"])
        vals = {"name": "Noise", "description": "It rattles", "partner_id": self.customer.id}
        ticket = Ticket.create({**vals, "team_id": team.id})
        self.assertTrue(ticket.dealer_is_complaint)
        self.assertTrue(ticket.dealer_grade_id)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            ticket.stage_id = self.done
        with self.assertRaises(UserError), self.env.cr.savepoint():
            Ticket.create({**vals, "team_id": team.id, "stage_id": self.done.id})
        question = Ticket.create({**vals, "team_id": False})
        question.team_id = team
        self.assertTrue(question.dealer_is_complaint)

    def test_the_car_is_taken_back_only_with_the_general_manager(self):
        ticket = self._complain(1)
        self._finish(ticket, dealer_outcome="buy_back")
        with self.assertRaisesRegex(UserError, "general manager"), self.env.cr.savepoint():
            ticket.stage_id = self.done
        with self.assertRaises(AccessError):
            ticket.action_dealer_approve()
        with self.assertRaises(UserError), self.env.cr.savepoint():
            ticket.dealer_approved_by_id = self.boss
        self._as(self.boss, ticket).action_dealer_approve()
        ticket.dealer_cost = 5000
        self.assertFalse(ticket.dealer_approved_by_id, "another amount is another decision")
        self._as(self.boss, ticket).action_dealer_approve()
        ticket.stage_id = self.done
        self.assertTrue(ticket.closed)

    def test_a_reopened_one_starts_anew(self):
        ticket = self._complain(1)
        ticket.action_dealer_answered()
        self._finish(ticket)
        ticket.stage_id = self.done
        with freeze_time("2026-06-20 02:00:00"):
            ticket.stage_id = self.progress
            self.assertRecordValues(
                ticket,
                [
                    {
                        "dealer_reopen_count": 1,
                        "dealer_answered_on": False,
                        "dealer_confirmation": False,
                        "closed_date": False,
                    }
                ],
            )
            self.assertEqual(str(ticket.dealer_answer_due), "2026-06-20 04:00:00")
            with self.assertRaises(UserError), self.env.cr.savepoint():
                ticket.stage_id = self.done

    def test_share_of_complaints_closed_within_two_weeks(self):
        tickets = [self._complain() for _number in range(4)]
        for ticket in tickets[:2]:
            self._finish(ticket)
            ticket.stage_id = self.done
        kpi = self.env["dealer.kpi"].search([("code", "=", "complaints_closed")])
        month = ("2026-06-01", "2026-06-30")
        self.assertEqual(kpi._get_value(*month), 100)
        with freeze_time("2026-06-25 02:00:00"):
            self.assertEqual(kpi._get_value(*month), 50)

    def test_consultants_read_no_complaints_but_know_of_them(self):
        ticket = self._complain()
        Ticket = self.env["helpdesk.ticket"]
        self.assertEqual(self._as(self.sara, Ticket).search([]), ticket, "of her own customer")
        self.assertFalse(self._as(self.tom, Ticket).search([]))
        self.assertEqual(self._as(self.max, Ticket).search([]), ticket)
        self.assertEqual(self._as(self.sara, self.li).dealer_complaint_count, 1)
        kinds = [event["kind"] for event in self._as(self.max, self.li)._dealer_get_events()]
        self.assertIn("Complaint", kinds)
