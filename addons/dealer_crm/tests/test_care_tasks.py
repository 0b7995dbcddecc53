from datetime import date, datetime, timedelta

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tools import mute_logger

from .common import DealerCrmCommon

#: Ten in the morning in Shanghai
NOW = "2026-06-10 02:00:00"


class CareCase(DealerCrmCommon):
    """Owners with their cars, and plans that wait for them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["dealer.care.plan"].search([]).active = False
        cls.Task = cls.env["dealer.care.task"]
        cls.Task.search([]).sudo().unlink()
        cls.li = cls._create_customer("Li Ming", cls.sara, phone="13800138000", email="li@e.com")
        cls.texts = cls.env["sms.template"].create(
            {
                "name": "Hello",
                "model_id": cls.env["ir.model"]._get_id("dealer.care.task"),
                "body": "Hello {{ object.partner_id.name }}",
            }
        )

    @classmethod
    def _own_car(cls, partner=None, **vals):
        """A car on the road that belongs to somebody."""
        partner = partner or cls.li
        car = cls._create_vehicle(**vals)
        car.owner_ids = [Command.create({"partner_id": partner.id, "date_from": "2020-01-01"})]
        return car

    @classmethod
    def _plan(cls, trigger, *steps, **vals):
        """A plan with steps ``(days, channel)``."""
        return cls.env["dealer.care.plan"].create(
            {
                "name": trigger,
                "trigger": trigger,
                "rule_ids": [
                    Command.create(
                        {
                            "days": days,
                            "channel": channel,
                            "name": f"{trigger} {days}",
                            "sms_template_id": cls.texts.id if channel == "sms" else False,
                        }
                    )
                    for days, channel in steps
                ],
                **vals,
            }
        )

    def _run(self):
        self.Task._cron_care()
        return self.Task.search([])

    def _agree(self, *partners):
        """Let people agree to advertising by every channel."""
        for partner in partners:
            for purpose in ("marketing_sms", "marketing_call"):
                partner._dealer_set_consent(purpose)


@freeze_time(NOW)
class TestCareOccasions(CareCase):
    def _due(self):
        return [(task.event_date, task.due_date) for task in self._run()]

    def test_solar_and_lunar_birthdays(self):
        self._own_car()
        wang = self._create_customer("Wang Fang")
        self._own_car(wang)
        self.li.dealer_birthday = "1985-06-12"
        # the 26th of the fourth month, which is 11 June in 2026
        wang.write({"dealer_birthday": "1990-05-20", "dealer_birthday_is_lunar": True})
        self._plan("birthday", (0, "call"))
        self.assertRecordValues(
            self._run().sorted("due_date"),
            [
                {"partner_id": wang.id, "event_date": date(2026, 6, 11)},
                {"partner_id": self.li.id, "event_date": date(2026, 6, 12)},
            ],
        )

    def test_who_owns_no_car_gets_no_greetings(self):
        self.li.dealer_birthday = "1985-06-12"
        self._plan("birthday", (0, "call"))
        self.assertFalse(self._run())

    def test_a_festival_is_for_all_owners(self):
        self._own_car()
        self._own_car()
        dragon_boat = self.env["dealer.festival"].create(
            {"name": "Dragon Boat", "is_lunar": True, "month": 5, "day": 5}
        )
        self.assertEqual(dragon_boat.next_date, date(2026, 6, 19))
        self._plan("festival", (-3, "call"), festival_ids=[Command.link(dragon_boat.id)])
        self.assertEqual(self._due(), [(date(2026, 6, 19), date(2026, 6, 16))])

    def test_inspection_ninety_thirty_and_seven_days_before(self):
        car = self._own_car(first_registration_date="2020-09-08")
        self._own_car(first_registration_date="2021-09-08")  # year 5: nothing
        self.assertRecordValues(
            car, [{"inspection_due_date": date(2026, 9, 30), "inspection_kind": "test"}]
        )
        self._plan("inspection", (-90, "call"), (-30, "call"), (-7, "call"))
        found = []
        day = date(2026, 6, 20)
        while day < date(2026, 10, 2):
            with freeze_time(f"{day} 02:00:00"):
                found += [task.due_date for task in self._run() - self.Task.browse()]
                self.Task.search([])._close("done")
            day += timedelta(days=5)
        self.assertEqual(
            sorted(set(found)), [date(2026, 7, 2), date(2026, 8, 31), date(2026, 9, 23)]
        )
        self.assertEqual(self.Task.search_count([]), 3, "each once, however often the job runs")

    def test_who_lost_the_exemption_is_tested_every_year(self):
        car = self._own_car(first_registration_date="2019-06-10")
        self._plan("inspection", (-7, "call"))
        self.assertFalse(self._run())
        car.is_inspection_exempt = False
        with freeze_time("2026-06-20 02:00:00"):
            self.assertEqual(self._due(), [(date(2026, 6, 30), date(2026, 6, 23))])

    def test_maintenance_follows_the_odometer(self):
        car = self._own_car(last_service_date="2026-05-10", last_service_odometer=30000)
        car.odometer_ids = [
            Command.create({"date": "2025-11-10", "value": 21850}),
            Command.create({"date": "2026-05-10", "value": 30000}),
        ]
        self.assertEqual(car.maintenance_due_date, date(2026, 11, 10))
        self.trim.dealer_service_months = 12
        self.assertEqual(car.maintenance_due_date, date(2026, 12, 18))
        self._plan("maintenance", (-7, "call"))
        with freeze_time("2026-12-08 02:00:00"):
            task = self._run()
            self.assertEqual(task.due_date, date(2026, 12, 11))
            # another reading moves the day of the same task
            car.odometer_ids = [Command.create({"date": "2026-12-05", "value": 40000})]
            self.assertLess(car.maintenance_due_date, date(2026, 12, 18))
            self.assertEqual(self._run(), task)
            self.assertEqual(task.event_date, car.maintenance_due_date)

    def test_a_booked_maintenance_is_not_reminded_of(self):
        car = self._own_car(last_service_date="2025-12-10")
        self._plan("maintenance", (0, "call"))
        car.service_booked_date = "2026-06-15"
        self.assertRecordValues(self._run(), [{"state": "skipped", "skip_reason": "booked"}])

    def test_insurance_and_birthday_of_the_car(self):
        car = self._own_car(insurance_end_date="2026-06-25")
        self._plan("insurance", (-15, "call"))
        self._plan("car_birthday", (0, "call"))
        self.env.cr.execute(
            "UPDATE dealer_vehicle SET warranty_start_date = '2024-06-12', delivery_key = '0612'"
            " WHERE id = %s",
            [car.id],
        )
        self.env.invalidate_all()
        self.assertEqual(
            self._due(),
            [(date(2026, 6, 25), date(2026, 6, 10)), (date(2026, 6, 12), date(2026, 6, 12))],
        )

    def test_a_car_that_was_sold_on_is_left_out(self):
        car = self._own_car(insurance_end_date="2026-06-27")
        self._plan("insurance", (-15, "call"))
        task = self._run()
        car.owner_ids.date_to = "2026-06-11"
        car.owner_ids = [
            Command.create({"partner_id": self.other_customer.id, "date_from": "2026-06-11"})
        ]
        with freeze_time("2026-06-12 02:00:00"):
            self._run()
        self.assertRecordValues(task, [{"state": "skipped", "skip_reason": "car"}])

    def test_the_parameters_of_the_schedule_have_dates(self):
        value = self.env["dealer.parameter"]._get_value
        self.assertEqual(value("inspection_scheme", date(2022, 9, 30)), 1)
        self.assertEqual(value("inspection_scheme", date(2022, 10, 1)), 2)


@freeze_time(NOW)
class TestCareMessages(CareCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.car = cls._own_car(insurance_end_date="2026-06-10")

    def _sms(self):
        return self.env["sms.sms"].search([("partner_id", "=", self.li.id)])

    def test_a_message_goes_to_the_queue_of_odoo(self):
        self._plan("insurance", (0, "sms"))
        task = self._run()
        self.assertEqual(task.state, "sent")
        self.assertRecordValues(
            self._sms(),
            [{"body": "Hello Li Ming", "state": "outgoing", "number": "+8613800138000"}],
        )
        self._run()
        self.assertEqual(len(self._sms()), 1)

    def test_an_email_goes_to_the_queue_of_odoo(self):
        plan = self._plan("insurance")
        text = self.env["mail.template"].create(
            {
                "name": "Renewal",
                "model_id": self.env["ir.model"]._get_id("dealer.care.task"),
                "subject": "Your insurance",
                "body_html": "<p t-out='object.partner_id.name'/>",
                "partner_to": "{{ object.partner_id.id }}",
            }
        )
        plan.rule_ids = [
            Command.create(
                {"days": 0, "channel": "email", "name": "Write", "mail_template_id": text.id}
            )
        ]
        self.assertEqual(self._run().state, "sent")
        mail = self.env["mail.mail"].search([("subject", "=", "Your insurance")])
        self.assertEqual(mail.recipient_ids, self.li)

    def test_nothing_leaves_between_nine_in_the_evening_and_eight_in_the_morning(self):
        self._plan("insurance", (0, "sms"))
        for moment in ("2026-06-10 13:00:00", "2026-06-10 18:00:00", "2026-06-10 23:59:59"):
            with freeze_time(moment):
                self.assertEqual(self._run().state, "todo", moment)
        with freeze_time("2026-06-11 00:00:00"):
            self.assertEqual(self._run().state, "sent")
        quiet = self.Task._is_quiet
        hours = [hour for hour in range(24) if quiet(datetime(2026, 6, 10, hour))]
        self.assertEqual(hours, [0, 1, 2, 3, 4, 5, 6, 7, 21, 22, 23])

    def test_advertising_needs_consent_and_reminders_do_not(self):
        advertising = self._plan("insurance", (0, "sms"), is_marketing=True)
        reminder = self._plan("insurance", (0, "sms"))
        tasks = self._run()
        self.assertRecordValues(
            tasks.sorted("plan_id"),
            [
                {"plan_id": plan.id, "state": state, "skip_reason": reason}
                for plan, state, reason in sorted(
                    [(advertising, "skipped", "consent"), (reminder, "sent", False)],
                    key=lambda row: tasks.plan_id.sorted().ids.index(row[0].id),
                )
            ],
        )

    def test_consent_taken_back_counts_at_once(self):
        self._agree(self.li)
        self._plan("insurance", (0, "sms"), is_marketing=True)
        with freeze_time("2026-06-10 20:00:00"):
            task = self._run()
        self.li._dealer_set_consent("marketing_sms", "withdrawn")
        with freeze_time("2026-06-11 02:00:00"):
            self._run()
        self.assertRecordValues(task, [{"state": "skipped", "skip_reason": "consent"}])

    def test_people_whose_data_are_only_stored_hear_nothing(self):
        self.li.sudo().dealer_restricted = True
        self._plan("insurance", (0, "sms"))
        self.assertRecordValues(self._run(), [{"state": "skipped", "skip_reason": "consent"}])

    def test_two_advertising_messages_a_week_and_the_third_waits(self):
        self._agree(self.li)
        for _number in range(3):
            self._plan("insurance", (0, "sms"), is_marketing=True)
        tasks = self._run()
        self.assertEqual(sorted(tasks.mapped("state")), ["sent", "sent", "todo"])
        waiting = tasks.filtered(lambda task: task.state == "todo")
        self.assertEqual(waiting.hold_reason, "weekly")
        with freeze_time("2026-06-16 02:00:00"):
            self._run()
            self.assertEqual(waiting.state, "todo")
        with freeze_time("2026-06-17 02:00:01"):
            self._run()
            self.assertRecordValues(waiting, [{"state": "sent", "hold_reason": False}])

    def test_an_open_complaint_stops_everything_until_it_is_closed(self):
        ticket = self.env["helpdesk.ticket"].create(
            {
                "name": "Noise",
                "description": "A noise",
                "partner_id": self.li.id,
                "company_id": self.company.id,
                "dealer_is_complaint": True,
            }
        )
        self._plan("insurance", (0, "sms"))
        self._plan("insurance", (0, "call"))
        tasks = self._run()
        self.assertEqual(set(tasks.mapped("hold_reason")), {"complaint"})
        self.assertFalse(tasks.activity_ids)
        self.assertFalse(self._sms())
        ticket.dealer_is_complaint = False
        self._run()
        self.assertEqual(sorted(tasks.mapped("state")), ["sent", "todo"])
        self.assertEqual(len(tasks.activity_ids), 1)

    def test_what_waited_too_long_is_left_out(self):
        self._plan("insurance", (0, "sms"), grace_days=2)
        with freeze_time("2026-06-10 20:00:00"):
            task = self._run()
        with freeze_time("2026-06-14 02:00:00"):
            self._run()
        self.assertRecordValues(task, [{"state": "skipped", "skip_reason": "late"}])

    def test_nobody_without_a_number_holds_up_the_others(self):
        self.li.phone = False
        self._plan("insurance", (0, "sms"))
        self.assertRecordValues(self._run(), [{"state": "skipped", "skip_reason": "address"}])


@freeze_time(NOW)
class TestCareWork(CareCase):
    """Calls are made by people."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.car = cls._own_car(insurance_end_date="2026-06-10")
        cls.plan = cls._plan("insurance", (0, "call"))

    def test_a_call_is_an_activity_of_the_salesperson(self):
        task = self._run()
        self.assertRecordValues(
            task.activity_ids,
            [
                {
                    "user_id": self.sara.id,
                    "summary": "insurance 0",
                    "date_deadline": date(2026, 6, 10),
                }
            ],
        )
        self._run()
        self.assertEqual(len(task.activity_ids), 1)
        mine = self._as(self.sara, task)
        with self.assertRaises(UserError):
            mine.action_done()
        mine.result = "appointment"
        mine.action_done()
        self.assertEqual(task.state, "done")
        self.assertFalse(task.activity_ids)

    def test_three_attempts_at_different_times(self):
        task = self._run()
        for day in (11, 12):
            task.result = "unreachable"
            task.action_done()
            self.assertRecordValues(task, [{"state": "todo", "due_date": date(2026, 6, 11)}])
            if day == 11:
                self.assertEqual(task.activity_ids.date_deadline, date(2026, 6, 11))
        task.result = "unreachable"
        task.action_done()
        self.assertRecordValues(task, [{"state": "done", "attempt_count": 3}])

    def test_a_task_is_made_once_also_by_the_database(self):
        task = self._run()
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            task.copy({"occasion": task.occasion})
            self.env.flush_all()

    def test_colleagues_do_not_read_each_others_tasks(self):
        task = self._run()
        self.assertEqual(self._as(self.sara, self.Task).search([]), task)
        self.assertFalse(self._as(self.tom, self.Task).search([]))
        self.assertEqual(self._as(self.cara, self.Task).search([]), task)
        with self.assertRaises(AccessError):
            self._as(self.tom, task).action_skip()
        with self.assertRaises(UserError):
            self._as(self.sara, task).state = "done"

    def test_care_runs_a_plan_by_hand(self):
        action = self._as(self.cara, self.plan).action_run()
        self.assertEqual(action["res_model"], "dealer.care.task")
        self.assertEqual(self.plan.task_count, 1)
        with self.assertRaises(AccessError):
            self._as(self.sara, self.plan).action_run()

    def test_hundred_tasks_need_no_more_queries_than_ten(self):
        partners = self.env["res.partner"].create(
            [{"name": f"Owner {number}", "user_id": self.sara.id} for number in range(110)]
        )
        for partner in partners:
            self._own_car(partner, insurance_end_date="2026-06-20")
        counts = []
        for group in (partners[:10], partners[10:]):
            plan = self._plan("insurance", (-10, "todo"))
            plan.active = False
            (partners - group).dealer_vehicle_ids.insurance_end_date = False
            group.dealer_vehicle_ids.insurance_end_date = "2026-06-20"
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            self.Task._plan_tasks(plan)
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - start)
            self.assertEqual(self.Task.search_count([("plan_id", "=", plan.id)]), len(group))
        self.assertLessEqual(counts[1], counts[0] + 2)

    def test_the_addon_is_installed_over_cars_before_its_parameters(self):
        """Stored fields are computed then, without any rule."""
        self.env["dealer.parameter"].search([("code", "=like", "service_%")]).unlink()
        self.car.last_service_date = "2026-01-10"
        self.assertEqual(self.car.maintenance_due_date, date(2026, 7, 10))
