"""Key figures over rows that we know: values, rights, and what a bad definition says."""

from datetime import date
from unittest.mock import patch

from psycopg2.errors import CheckViolation, UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.base.tests.common import BaseCommon

from .kpi_common import KpiCheck

YEAR = date(2026, 1, 1), date(2026, 12, 31)
MARCH = date(2026, 3, 1), date(2026, 3, 31)
APRIL = date(2026, 4, 1), date(2026, 4, 30)


class KpiCommon(BaseCommon, KpiCheck):
    """Firms stand for the rows: company for the store, salesperson for the person."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.tz = "Asia/Shanghai"
        cls.store = cls.env["res.company"].create({"name": "Kunlun East (fictional)"})
        cls.other = cls.env["res.company"].create({"name": "Kunlun West (fictional)"})
        cls.sara = cls.person("sara", "sales_consultant")
        cls.sam = cls.person("sam", "sales_consultant")
        cls.wanda = cls.person("wanda", "technician")
        cls.fred = cls.person("fred", "finance_manager")
        cls.max = cls.person("max", "general_manager")
        cls.adam = cls.person("adam", "admin")
        rows = (
            # color stands for an amount; the last day of March in China is the 31st until 16:00
            ("2026-03-01 00:00:00", 10, cls.store, cls.sara),
            ("2026-03-31 15:59:59", 20, cls.store, cls.sam),
            ("2026-03-31 16:00:00", 40, cls.store, cls.sara),
            ("2026-04-15 04:00:00", 80, cls.other, cls.sam),
        )
        cls.rows = cls.env["res.partner"]
        for created, color, company, user in rows:
            row = cls.rows.create(
                {
                    "name": f"Row {color}",
                    "ref": "KPI-TEST",
                    "is_company": True,  # people belong to who serves them
                    "color": color,
                    "company_id": company.id,
                    "user_id": user.id,
                }
            )
            row.flush_recordset()
            cls.cr.execute(
                "UPDATE res_partner SET create_date = %s WHERE id = %s", [created, row.id]
            )
            cls.rows |= row
        cls.rows.invalidate_recordset()
        cls.count = cls.kpi("test_count")
        cls.amount = cls.kpi("test_amount", measure="color:sum", unit="amount")
        cls.ratio = cls.kpi(
            "test_ratio",
            kind="ratio",
            unit="ratio",
            numerator_id=cls.amount.id,
            denominator_id=cls.count.id,
        )

    @classmethod
    def person(cls, name, group):
        return new_test_user(
            cls.env,
            f"{name}_kpi",
            groups=f"dealer_base.group_{group}",
            company_id=cls.store.id,
            company_ids=[cls.store.id],
            tz="Asia/Shanghai",
        )

    @classmethod
    def kpi(cls, code, **vals):
        rows = {}
        if vals.get("kind") != "ratio":
            rows = {
                "model_id": cls.env["ir.model"]._get_id("res.partner"),
                "domain": "[('ref', '=', 'KPI-TEST')]",
                "date_field": "create_date",
                "store_field": "company_id",
                "person_field": "user_id",
            }
        return cls.env["dealer.kpi"].create(
            {
                "code": code,
                "name": code.replace("_", " "),
                "formula": "What the test says",
                "owner_group_id": cls.env.ref("dealer_base.group_sales_consultant").id,
                **rows,
                **vals,
            }
        )


@tagged("post_install", "-at_install")
class TestKpiValues(KpiCommon):
    def test_rows_of_the_period_are_counted_and_added(self):
        for period, count, amount in ((MARCH, 2, 30), (APRIL, 2, 120), (YEAR, 4, 150)):
            with self.subTest(period):
                self.assertEqual(self.count._get_value(*period), count)
                self.assertEqual(self.amount._get_value(*period), amount)

    def test_the_day_is_that_of_the_user_not_of_the_server(self):
        london = self.count.with_context(tz="Europe/London")
        self.assertEqual(london._get_value("2026-03-31", "2026-03-31"), 2)
        self.assertEqual(self.count._get_value("2026-03-31", "2026-03-31"), 1)

    def test_by_store_and_by_person(self):
        self.assertEqual(self.amount._get_value(*YEAR, store_id=self.store.id), 70)
        self.assertEqual(self.amount._get_value(*YEAR, store_id=self.other.id), 80)
        self.assertEqual(self.amount._get_value(*YEAR, person_id=self.sara.id), 50)
        both = self.amount._get_value(*YEAR, store_id=self.store.id, person_id=self.sam.id)
        self.assertEqual(both, 20)

    def test_other_measures(self):
        for measure, expected in (
            ("color:avg", 37.5),
            ("color:min", 10),
            ("color:max", 80),
            ("user_id:count_distinct", 2),
            ("user_id:count", 4),
        ):
            with self.subTest(measure):
                kpi = self.kpi(f"test_{measure.replace(':', '_')}", measure=measure)
                self.assertEqual(kpi._get_value(*YEAR), expected)
                self.check_kpi(kpi, YEAR, MARCH)

    def test_no_rows_add_up_to_nothing_and_have_no_average(self):
        empty = date(2020, 1, 1), date(2020, 12, 31)
        average = self.kpi("test_average", measure="color:avg")
        self.assertEqual(self.count._get_value(*empty), 0)
        self.assertEqual(self.amount._get_value(*empty), 0)
        self.assertIsNone(average._get_value(*empty))

    def test_a_ratio_divides_and_percent_is_of_hundred(self):
        percent = self.kpi(
            "test_percent",
            kind="ratio",
            unit="percent",
            numerator_id=self.count.id,
            denominator_id=self.amount.id,
        )
        self.assertEqual(self.ratio._get_value(*MARCH), 15)
        self.assertAlmostEqual(percent._get_value(*MARCH), 200 / 30)
        self.assertEqual(self.ratio._get_value(*YEAR, store_id=self.other.id), 80)

    def test_a_ratio_to_nothing_has_no_value(self):
        empty = date(2020, 1, 1), date(2020, 12, 31)
        self.assertIsNone(self.ratio._get_value(*empty))
        self.assertEqual(self.ratio._format_figure(*empty), "–")

    def test_a_figure_by_date_and_one_as_of_now(self):
        parameters = self.env["dealer.parameter"]
        for day in ("2026-03-01", "2026-03-31", "2026-04-01"):
            parameters.create(
                {"code": "test_kpi", "name": "X", "date_from": day, "date_to": day, "value": 2}
            )
        vals = {
            "model_id": self.env["ir.model"]._get_id("dealer.parameter"),
            "domain": "[('code', '=', 'test_kpi')]",
            "measure": "value:sum",
            "store_field": False,
            "person_field": False,
        }
        dated = self.kpi("test_dated", date_field="date_from", **vals)
        state = self.kpi("test_state", date_field=False, **vals)
        self.assertEqual(dated._get_value(*MARCH), 4)
        self.assertEqual(state._get_value(*MARCH), 6)
        with self.assertRaisesRegex(UserError, "not kept by store"):
            dated._get_value(*MARCH, store_id=self.store.id)
        with self.assertRaisesRegex(UserError, "not kept by person"):
            dated._get_value(*MARCH, person_id=self.sara.id)

    def test_paths_lead_to_stores_and_dates_of_related_rows(self):
        children = self.rows.create(
            [{"name": "Child", "parent_id": row.id, "ref": "KPI-CHILD"} for row in self.rows]
        )
        kpi = self.kpi(
            "test_path",
            domain="[('ref', '=', 'KPI-CHILD')]",
            date_field="parent_id.create_date",
            store_field="parent_id.company_id",
            person_field="parent_id.user_id",
        )
        self.assertEqual(kpi._get_value(*MARCH), 2)
        self.assertEqual(kpi._get_value(*MARCH, person_id=self.sam.id), 1)
        self.assertEqual(self.get_rows(kpi, kpi._get_scope(*YEAR)), children)
        self.check_kpi(kpi, YEAR, MARCH)

    def test_every_known_figure_is_the_sum_of_its_rows(self):
        codes = self.check_all_kpis(YEAR, MARCH, APRIL)
        self.assertLessEqual({"test_count", "test_amount", "test_ratio"}, codes)

    def test_the_check_finds_a_figure_that_is_not_its_rows(self):
        """A check that nothing fails proves nothing."""

        def wrong(kpi, *scope):
            return 99

        with (
            patch.object(type(self.count), "_get_value", wrong),
            self.assertRaises(AssertionError),
        ):
            self.assert_same(
                self.count._get_value(*YEAR),
                self.get_expected(self.count, self.count._get_scope(*YEAR)),
            )


@tagged("post_install", "-at_install")
class TestKpiMethods(KpiCommon):
    """Figures that no aggregate can say."""

    def setUp(self):
        super().setUp()
        rows, model = self.rows, type(self.rows)

        def hook(partners, scope):
            found = partners.search([("id", "in", rows.ids)])
            value = hook_rows(partners, found, scope)
            return value, [("id", "in", found.ids)]

        def hook_rows(partners, found, scope):
            return max(found.mapped("color")) - min(found.mapped("color")) if found else None

        for name, method in (("_dealer_kpi_span", hook), ("_dealer_kpi_span_rows", hook_rows)):
            patcher = patch.object(model, name, method, create=True)
            patcher.start()
            self.addCleanup(patcher.stop)

    def test_the_method_gives_value_and_rows(self):
        kpi = self.kpi("test_span", kind="method", method="_dealer_kpi_span", measure=False)
        self.assertEqual(kpi._get_value(*YEAR), 70)
        self.assertEqual(self.rows.search(kpi._get_drill_domain(*YEAR)), self.rows)
        self.check_kpi(kpi, YEAR)

    def test_no_other_method_is_ever_called(self):
        for method in ("unlink", "_compute_display_name", "search", "", "x_dealer_kpi_span"):
            with (
                self.subTest(method),
                mute_logger("odoo.sql_db"),
                self.assertRaises(CheckViolation),
                self.cr.savepoint(),
            ):
                self.kpi("test_bad", kind="method", method=method)
        with self.assertRaisesRegex(ValidationError, "_dealer_kpi_unknown"):
            self.kpi("test_bad", kind="method", method="_dealer_kpi_unknown")

    def test_a_method_needs_the_second_path(self):
        with patch.object(type(self.rows), "_dealer_kpi_alone", lambda *a: (0, []), create=True):
            with self.assertRaisesRegex(ValidationError, "_dealer_kpi_alone_rows"):
                self.kpi("test_alone", kind="method", method="_dealer_kpi_alone", measure=False)
            kpi = self.kpi(
                "test_alone_2", kind="method", method="_dealer_kpi_alone", measure="__count"
            )
        self.assertTrue(kpi)


@tagged("post_install", "-at_install")
class TestKpiDefinition(KpiCommon):
    def test_a_bad_definition_says_what_is_wrong(self):
        for problem, vals in (
            ("no_such_field", {"domain": "[('no_such_field', '=', 1)]"}),
            ("cannot be computed", {"domain": "[('ref', '='"}),
            ("cannot be computed", {"domain": "__import__('os')"}),
            ("name:sum", {"measure": "name:sum"}),
            ("color:median", {"measure": "color:median"}),
            ("nothing:sum", {"measure": "nothing:sum"}),
            ("display_name:count", {"measure": "display_name:count"}),
            ("not a date", {"date_field": "name"}),
            ("leads nowhere", {"date_field": "nothing.date"}),
            ("leads nowhere", {"store_field": "company_id.nothing"}),
            ("no record", {"person_field": "name"}),
        ):
            with (
                self.subTest(vals),
                self.assertRaisesRegex(ValidationError, problem),
                self.cr.savepoint(),
            ):
                self.kpi("test_bad", **vals)

    def test_a_ratio_needs_both_parts_and_no_ratio_among_them(self):
        with self.assertRaisesRegex(ValidationError, "ratio of ratios"):
            self.kpi(
                "test_bad",
                kind="ratio",
                numerator_id=self.ratio.id,
                denominator_id=self.count.id,
            )
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation), self.cr.savepoint():
            self.kpi("test_bad", kind="ratio", numerator_id=self.count.id)

    def test_the_parts_of_a_ratio_know_the_same_stores(self):
        alone = self.kpi("test_alone", store_field=False)
        with self.assertRaisesRegex(ValidationError, "different stores"):
            self.kpi("test_bad", kind="ratio", numerator_id=self.count.id, denominator_id=alone.id)

    def test_a_code_is_there_once(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation), self.cr.savepoint():
            self.kpi("test_count")


@tagged("post_install", "-at_install")
class TestKpiForm(KpiCommon):
    def test_sara_asks_for_a_period_and_a_person(self):
        figures = self.env["dealer.kpi.figure"].with_user(self.sara)
        with freeze_time("2026-03-20 04:00:00"):
            action = self.amount.with_user(self.sara).action_open_figure()
            form = Form(figures.with_context(**action["context"]))
            self.assertEqual((form.date_from, form.date_to), MARCH)
        self.assertEqual(form.value_text, "30.00 CNY")
        form.date_to = "2026-12-31"
        self.assertEqual(form.value_text, "70.00 CNY")
        form.person_id = self.sara.id
        self.assertEqual(form.value_text, "50.00 CNY")
        shown = form.save().action_show_rows()
        found = self.rows.with_user(self.sara).search(shown["domain"])
        self.assertEqual(shown["res_model"], "res.partner")
        self.assertEqual(found.mapped("color"), [10, 40])

    def test_a_ratio_shows_both_halves(self):
        figure = self.env["dealer.kpi.figure"].create(
            {"kpi_id": self.ratio.id, "date_from": MARCH[0], "date_to": MARCH[1]}
        )
        self.assertRecordValues(
            figure,
            [
                {
                    "value_text": "15.00",
                    "numerator_text": "test amount: 30.00 CNY",
                    "denominator_text": "test count: 2",
                    "store_model": "res.company",
                    "person_model": "res.users",
                }
            ],
        )
        shown = figure.action_show_denominator_rows()
        self.assertEqual(self.rows.search(shown["domain"]), self.rows[:2])

    def test_the_list_shows_this_month(self):
        with freeze_time("2026-04-20 04:00:00"):
            self.assertEqual(self.count.month_value, "2")
            self.assertEqual(self.amount.month_value, "120.00 CNY")
            shown = self.amount.action_show_rows()
        self.assertEqual(self.rows.search(shown["domain"]), self.rows[2:])

    def test_adam_defines_a_figure_in_the_form(self):
        with Form(self.env["dealer.kpi"].with_user(self.adam)) as form:
            form.code = "test_form"
            form.name = "Customers"
            form.formula = "All customers"
            form.owner_group_id = self.env.ref("dealer_base.group_customer_care")
            form.model_id = self.env["ir.model"]._get("res.partner")
        self.assertEqual(form.record.kind, "aggregate")
        self.assertEqual(form.record.model_name, "res.partner")


@tagged("post_install", "-at_install")
class TestKpiAccess(KpiCommon):
    def test_the_owner_and_the_managers_see_a_figure(self):
        for user, seen in (
            (self.sara, True),
            (self.max, True),
            (self.adam, True),
            (self.wanda, False),
        ):
            with self.subTest(user.login):
                found = self.env["dealer.kpi"].with_user(user).search([("code", "=", "test_count")])
                self.assertEqual(bool(found), seen)

    def test_only_adam_changes_definitions(self):
        for user in (self.sara, self.max, self.fred):
            kpi = self.count.with_user(user)
            with self.subTest(user.login):
                for change in (lambda k: k.write({"name": "Mine"}), lambda k: k.unlink()):
                    with self.assertRaises(AccessError):
                        change(kpi)
        self.count.with_user(self.adam).name = "Renamed"
        self.assertEqual(self.count.name, "Renamed")

    def test_the_value_is_that_of_the_rows_one_may_see(self):
        """Sara belongs to one store: what the other one sells is no part of her figure."""
        self.assertEqual(self.amount._get_value(*YEAR), 150)
        self.assertEqual(self.amount.with_user(self.sara)._get_value(*YEAR), 70)

    def test_rows_one_may_not_read_give_no_figure(self):
        kpi = self.kpi(
            "test_cron",
            model_id=self.env["ir.model"]._get_id("ir.cron"),
            domain="[]",
            date_field=False,
            store_field=False,
            person_field=False,
        ).with_user(self.sara)
        with self.assertRaises(AccessError):
            kpi._get_value(*YEAR)
        self.assertEqual(kpi.month_value, "No access")

    def test_a_half_of_a_ratio_that_is_not_ones_own_gives_no_figure(self):
        self.amount.owner_group_id = self.env.ref("dealer_base.group_parts_keeper")
        self.env.invalidate_all()
        ratio = self.ratio.with_user(self.sara)
        self.assertEqual(ratio._format_figure(*YEAR), "No access")
        figure = self.env["dealer.kpi.figure"].with_user(self.sara)
        figure = figure.create({"kpi_id": ratio.id})
        self.assertEqual(figure.numerator_text, "No access")
