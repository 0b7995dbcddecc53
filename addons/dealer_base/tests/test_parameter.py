"""Which rule is in force, and who may change it."""

import threading
import time
from ast import literal_eval
from datetime import date, datetime
from decimal import Decimal

from lxml import etree
from psycopg2.errors import CheckViolation, ExclusionViolation

from odoo import api
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, TransactionCase, freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.base.tests.common import BaseCommon


class ParameterCommon(BaseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.parameters = cls.env["dealer.parameter"]
        cls.beijing = cls.env.ref("base.state_cn_BJ")
        cls.shanghai = cls.env.ref("base.state_cn_SH")
        cls.company = cls.env["res.company"].create({"name": "Kunlun Motors (fictional)"})
        cls.other = cls.env["res.company"].create({"name": "Sanjiang Motors (fictional)"})
        for name, group in (
            ("sara", "sales_consultant"),
            ("max", "general_manager"),
            ("anna", "accountant"),
            ("fred", "finance_manager"),
            ("adam", "admin"),
        ):
            user = new_test_user(
                cls.env,
                f"{name}_parameter",
                groups=f"dealer_base.group_{group}",
                company_id=cls.company.id,
                company_ids=[cls.company.id],
            )
            setattr(cls, name, user)

    @classmethod
    def rule(cls, value, date_from, date_to=False, region=None, company=None, **vals):
        return cls.parameters.create(
            {
                "code": "test_rate",
                "name": "Test rate",
                "value": value,
                "date_from": date_from,
                "date_to": date_to,
                "region_id": region.id if region else False,
                "company_id": company.id if company else False,
                **vals,
            }
        )

    def value(self, day=None, region=None, company=None):
        company = self.company if company is None else company
        return self.parameters._get_value("test_rate", day, region, company)


@tagged("post_install", "-at_install")
class TestParameterLookup(ParameterCommon):
    def test_the_rule_of_the_day_counts_with_its_first_and_last_day(self):
        self.rule(10, "2025-01-01", "2025-12-31")
        self.rule(5, "2026-01-01", "2027-12-31")
        for day, expected in (
            ("2025-01-01", 10),
            ("2025-12-31", 10),
            ("2026-01-01", 5),
            ("2027-12-31", 5),
            (date(2026, 7, 1), 5),
        ):
            with self.subTest(day):
                self.assertEqual(self.value(day), expected)

    def test_today_is_the_default(self):
        self.rule(10, "2025-01-01", "2025-12-31")
        self.rule(5, "2026-01-01")
        with freeze_time("2025-06-01 04:00:00"):
            self.assertEqual(self.value(), 10)
        with freeze_time("2026-06-01 04:00:00"):
            self.assertEqual(self.value(), 5)

    def test_today_is_that_of_the_user(self):
        """In China it is already tomorrow when the server still says today."""
        self.rule(10, "2025-01-01", "2025-12-31")
        self.rule(5, "2026-01-01")
        parameters = self.parameters.with_context(tz="Asia/Shanghai")
        with freeze_time("2025-12-31 16:30:00"):
            self.assertEqual(parameters._get_value("test_rate", company=self.company), 5)

    def test_no_rule_in_force_is_said_with_code_and_date(self):
        self.rule(10, "2025-01-01", "2025-12-31")
        for day in ("2024-12-31", "2026-01-01"):
            with self.assertRaisesRegex(UserError, f"test_rate.*{day}.*finance manager"):
                self.value(day)

    def test_a_rule_never_written_is_said(self):
        with self.assertRaisesRegex(UserError, "never_written"):
            self.parameters._get_value("never_written", "2026-01-01")

    def test_company_goes_before_province_before_all(self):
        self.rule(1, "2026-01-01")
        self.rule(2, "2026-01-01", region=self.beijing)
        self.rule(3, "2026-01-01", company=self.company)
        self.rule(4, "2026-01-01", company=self.company, region=self.beijing)
        day = "2026-06-01"
        self.assertEqual(self.value(day, self.shanghai, self.other), 1)
        self.assertEqual(self.value(day, self.beijing, self.other), 2)
        self.assertEqual(self.value(day, self.shanghai, self.company), 3)
        self.assertEqual(self.value(day, self.beijing, self.company), 4)

    def test_a_special_rule_that_ended_gives_way_to_the_general_one(self):
        self.rule(1, "2020-01-01")
        self.rule(2, "2026-01-01", "2026-03-31", region=self.beijing)
        self.assertEqual(self.value("2026-03-31", self.beijing), 2)
        self.assertEqual(self.value("2026-04-01", self.beijing), 1)

    def test_the_province_of_the_company_is_the_default(self):
        self.rule(1, "2026-01-01")
        self.rule(2, "2026-01-01", region=self.beijing)
        self.assertEqual(self.value("2026-06-01"), 1)
        self.company.state_id = self.beijing
        self.assertEqual(self.value("2026-06-01"), 2)
        self.assertEqual(self.value("2026-06-01", self.env["res.country.state"]), 1)

    def test_a_moment_counts_by_the_day_at_home(self):
        """01:00 on New Year's Day in China is the day before in UTC, as the database keeps it."""
        self.rule(1, "2025-01-01", "2025-12-31")
        self.rule(2, "2026-01-01")
        self.company.partner_id.tz = "Asia/Shanghai"
        for user_zone in (False, "Asia/Shanghai"):
            self.env.user.tz = user_zone
            self.assertEqual(self.value(datetime(2025, 12, 31, 17, 0)), 2)
            self.assertEqual(self.value(datetime(2025, 12, 31, 15, 59)), 1)

    def test_the_value_is_an_exact_decimal(self):
        self.rule(0.123457, "2026-01-01")
        value = self.value("2026-06-01")
        self.assertIsInstance(value, Decimal)
        self.assertEqual(value, Decimal("0.123457"))
        self.assertEqual(self.value("2026-06-01") * 3, Decimal("0.370371"))

    def test_ten_digits_and_six_decimals_survive(self):
        rule = self.rule(1, "2026-01-01")
        self.env.cr.execute(
            "UPDATE dealer_parameter SET value = 9999999999.123456 WHERE id = %s", [rule.id]
        )
        self.env.registry.clear_cache()
        self.assertEqual(self.value("2026-06-01"), Decimal("9999999999.123456"))

    def test_a_percentage_as_a_factor(self):
        self.rule(0.5, "2026-01-01")
        rate = self.parameters._get_rate("test_rate", "2026-06-01")
        self.assertEqual(rate, Decimal("0.005"))

    def test_a_change_counts_at_once(self):
        rule = self.rule(1, "2026-01-01")
        self.assertEqual(self.value("2026-06-01"), 1)
        rule.value = 2
        self.assertEqual(self.value("2026-06-01"), 2)
        self.rule(3, "2026-01-01", company=self.company)
        self.assertEqual(self.value("2026-06-01"), 3)
        rule.search([("code", "=", "test_rate")]).unlink()
        with self.assertRaises(UserError):
            self.value("2026-06-01")

    def test_a_second_question_asks_no_database(self):
        self.rule(1, "2026-01-01")
        self.value("2026-06-01")
        with self.assertQueryCount(0):
            self.value("2026-07-01", self.beijing)


@tagged("post_install", "-at_install")
class TestParameterRules(ParameterCommon):
    def refuse(self, error, **vals):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(error),
            self.cr.savepoint(),
        ):
            self.rule(**{"value": 1, **vals})

    def test_two_rules_may_not_share_a_day(self):
        self.rule(1, "2026-01-01", "2026-06-30")
        for first, last in (
            ("2026-06-30", False),
            ("2025-01-01", "2026-01-01"),
            ("2026-02-01", "2026-03-01"),
            ("2025-01-01", False),
        ):
            with self.subTest(first=first, last=last):
                self.refuse(ExclusionViolation, date_from=first, date_to=last)

    def test_the_refusal_says_what_to_do(self):
        self.rule(1, "2026-01-01")
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(ExclusionViolation) as refusal,
            self.cr.savepoint(),
        ):
            self.rule(1, "2026-01-01")
        message = self.parameters._sql_error_to_message(refusal.exception)
        self.assertIn("last day of the older rule", message)

    def test_the_border_between_two_rules_is_moved(self):
        first = self.rule(1, "2026-01-01", "2026-06-30")
        second = self.rule(2, "2026-07-01")
        first.date_to = "2026-03-31"
        second.date_from = "2026-04-01"
        second.date_from = "2026-09-01"
        first.date_to = "2026-08-31"
        self.env.flush_all()
        self.assertEqual([self.value(d) for d in ("2026-08-31", "2026-09-01")], [1, 2])

    def test_neighbours_in_time_are_fine(self):
        rules = self.rule(1, "2026-01-01", "2026-06-30")
        rules |= self.rule(2, "2026-07-01")
        rules |= self.rule(3, "2025-01-01", "2025-12-31")
        self.assertEqual(len(rules), 3)

    def test_other_code_province_or_company_may_share_days(self):
        self.rule(1, "2026-01-01")
        self.rule(1, "2026-01-01", code="test_rate_2")
        self.rule(1, "2026-01-01", region=self.beijing)
        self.rule(1, "2026-01-01", region=self.shanghai)
        self.rule(1, "2026-01-01", company=self.company)
        self.rule(1, "2026-01-01", company=self.other)
        self.refuse(ExclusionViolation, date_from="2027-01-01", region=self.beijing)
        self.refuse(ExclusionViolation, date_from="2027-01-01", company=self.other)

    def test_the_last_day_is_not_before_the_first(self):
        self.refuse(CheckViolation, date_from="2026-01-02", date_to="2026-01-01")

    def test_codes_have_one_form(self):
        for code in ("Test", "test rate", "1_test", "税率", ""):
            with self.subTest(code):
                self.refuse(CheckViolation, date_from="2026-01-01", code=code)

    def test_a_copy_is_the_next_rule(self):
        rule = self.rule(1, "2026-01-01", "2026-06-30")
        self.assertRecordValues(
            rule.copy(),
            [{"code": "test_rate", "date_from": date(2026, 7, 1), "date_to": False, "value": 1}],
        )

    def test_a_rule_without_end_has_no_next_one(self):
        rule = self.rule(1, "2026-01-01")
        with self.assertRaisesRegex(UserError, "no last day"):
            rule.copy()

    def test_a_saved_change_stands_in_the_chatter(self):
        rule = self.rule(1, "2026-01-01").with_user(self.fred)
        rule = rule.with_context(tracking_disable=False, mail_notrack=False)
        self.flush_tracking()
        rule.value = 2
        self.flush_tracking()
        # sudo: the figures of the chatter are read through its widget, never by users directly
        tracked = rule.sudo().message_ids.tracking_value_ids
        self.assertRecordValues(tracked, [{"old_value_float": 1, "new_value_float": 2}])

    def flush_tracking(self):
        self.env.flush_all()
        self.cr.flush()


@tagged("post_install", "-at_install")
class TestParameterAccess(ParameterCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.general = cls.rule(1, "2026-01-01")

    def test_sara_reads_and_changes_nothing(self):
        rule = self.general.with_user(self.sara)
        self.assertEqual(rule.value, 1)
        for change in (
            lambda: rule.write({"value": 0}),
            lambda: rule.copy({"date_from": "2030-01-01"}),
            lambda: rule.unlink(),
        ):
            with self.assertRaises(AccessError):
                change()

    def test_neither_the_general_manager_nor_an_accountant_changes_a_rule(self):
        for user in (self.max, self.anna):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.general.with_user(user).value = 0

    def test_fred_ends_a_rule_and_adds_the_next_in_the_form(self):
        with Form(self.general.with_user(self.fred)) as form:
            form.date_to = "2026-12-31"
        with Form(self.parameters.with_user(self.fred)) as form:
            form.code = "test_rate"
            form.name = "Test rate"
            form.date_from = "2027-01-01"
            form.value = 2.5
            form.legal_reference = "House rule"
        self.assertEqual(self.value("2026-12-31"), 1)
        self.assertEqual(self.value("2027-01-01"), Decimal("2.5"))

    def test_fred_deletes_nothing_adam_does(self):
        with self.assertRaises(AccessError):
            self.general.with_user(self.fred).unlink()
        self.general.with_user(self.adam).unlink()
        self.assertFalse(self.general.exists())

    def test_rules_of_another_company_are_not_seen(self):
        foreign = self.rule(9, "2026-01-01", company=self.other)
        own = self.rule(8, "2026-01-01", company=self.company)
        seen = self.parameters.with_user(self.fred).search([("code", "=", "test_rate")])
        self.assertEqual(seen, self.general | own)
        with self.assertRaises(AccessError):
            foreign.with_user(self.fred).value = 7

    def test_a_customer_of_the_portal_gets_the_rate_of_his_document(self):
        customer = new_test_user(self.env, "portal_parameter", groups="base.group_portal")
        parameters = self.parameters.with_user(customer)
        self.assertEqual(parameters._get_value("test_rate", "2026-06-01"), 1)

    def test_in_force_today_is_the_filter(self):
        self.general.date_to = "2026-06-30"
        rule = self.rule(2, "2026-07-01")
        action = self.env["ir.actions.actions"]._for_xml_id("dealer_base.dealer_parameter_action")
        self.assertIn("search_default_in_force", action["context"])
        arch = self.parameters.get_view(view_type="search")["arch"]
        self.assertIn("In force today", arch)
        with freeze_time("2026-06-30"):
            self.assertEqual(self.search_in_force(), self.general)
        with freeze_time("2026-07-01"):
            self.assertEqual(self.search_in_force(), rule)

    def search_in_force(self):
        arch = etree.fromstring(self.parameters.get_view(view_type="search")["arch"])
        domain = literal_eval(arch.find(".//filter[@name='in_force']").get("domain"))
        return self.parameters.search([("code", "=", "test_rate"), *domain])


@tagged("post_install", "-at_install")
class TestParameterConcurrency(TransactionCase):
    """Needs committed rows: it works on cursors of its own and cleans up after itself."""

    CODE = "test_concurrent_rate"

    def setUp(self):
        super().setUp()
        self.addCleanup(self.clean)

    def clean(self):
        with self.registry.cursor() as cr:
            cr.execute("DELETE FROM dealer_parameter WHERE code = %s", [self.CODE])

    def save_rule(self, barrier, results):
        """Save in a transaction of its own, which stays open until both have tried to save."""
        try:
            with self.registry.cursor() as cr:
                env = api.Environment(cr, api.SUPERUSER_ID, {"tracking_disable": True})
                barrier.wait(timeout=10)
                env["dealer.parameter"].create(
                    {"code": self.CODE, "name": "X", "date_from": "2026-01-01", "value": 1}
                )
                # the second one waits inside the database until the first transaction ends
                time.sleep(0.5)
        except ExclusionViolation:
            results.append("refused")
        else:
            results.append("saved")

    @mute_logger("odoo.sql_db")
    def test_of_two_people_who_save_at_once_one_is_refused(self):
        barrier, results = threading.Barrier(2), []
        threads = [
            threading.Thread(target=self.save_rule, args=(barrier, results)) for _ in range(2)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=30)
        self.assertEqual(sorted(results), ["refused", "saved"])
