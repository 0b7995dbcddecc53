"""The check that every key figure of every addon must pass, by another path than the figure's."""

import datetime

from odoo.tools import float_compare

from odoo.addons.dealer_base.models.dealer_kpi import Scope

EVER = (datetime.date(2000, 1, 1), datetime.date(2099, 12, 31))


class KpiCheck:
    """Mix into a test class: the value of a figure is what its own rows add up to in Python.

    An addon that registers figures calls ``check_all_kpis`` in a test with rows of its own, so
    that the comparison is not one of nothing with nothing.
    """

    def check_all_kpis(self, *periods):
        """Check all registered figures; return the codes of those that had rows."""
        kpis = self.env["dealer.kpi"].search([])
        return {kpi.code for kpi in kpis if self.check_kpi(kpi, *periods)}

    def check_kpi(self, kpi, *periods):
        """Check one figure for each period, and for each store and person that has rows in it."""
        had_rows = False
        for date_from, date_to in periods or self.get_periods():
            rows = self.get_rows(kpi, Scope(date_from, date_to, None, None))
            had_rows |= bool(rows)
            for scope in self.get_scopes(kpi, rows, date_from, date_to):
                with self.subTest(kpi=kpi.code, scope=scope):
                    self.assert_same(kpi._get_value(*scope), self.get_expected(kpi, scope))
                    self.assert_action_shows_rows(kpi, scope)
        return had_rows

    def get_periods(self):
        today = datetime.date.today()
        first = today.replace(day=1)
        last_month = first - datetime.timedelta(days=1)
        return (
            EVER,
            (first, today),
            (last_month.replace(day=1), last_month),
            (today.replace(month=1, day=1), today.replace(month=12, day=31)),
        )

    def get_scopes(self, kpi, rows, date_from, date_to):
        """The whole, then by store and person as the rows themselves say."""
        yield Scope(date_from, date_to, None, None)
        if kpi.kind == "ratio":
            kpi = kpi.numerator_id
        if kpi.store_field:
            for store in rows.mapped(kpi.store_field)[:3]:
                yield Scope(date_from, date_to, store.id, None)
        if kpi.person_field:
            for person in rows.mapped(kpi.person_field)[:3]:
                yield Scope(date_from, date_to, None, person.id)

    def get_rows(self, kpi, scope):
        model = (kpi.numerator_id if kpi.kind == "ratio" else kpi).model_name
        return self.env[model].search(kpi._get_drill_domain(*scope))

    def get_expected(self, kpi, scope):
        """The value from the rows one by one, without any aggregate of the database."""
        if kpi.kind == "ratio":
            numerator = self.get_expected(kpi.numerator_id, scope)
            denominator = self.get_expected(kpi.denominator_id, scope)
            if numerator is None or not denominator:
                return None
            return numerator / denominator * (100 if kpi.unit == "percent" else 1)
        rows = self.get_rows(kpi, scope)
        if not kpi.measure:
            return getattr(rows, f"{kpi.method}_rows")(rows, scope)
        if kpi.measure == "__count":
            return len(rows)
        name, function = kpi.measure.split(":")
        values = [row[name] for row in rows]
        if function.startswith("count"):
            values = [value for value in values if value]
            return len(set(values) if function == "count_distinct" else values)
        if function == "sum":
            return sum(values)
        if not values:
            return None
        return (
            sum(values) / len(values)
            if function == "avg"
            else {"min": min, "max": max}[function](values)
        )

    def assert_same(self, value, expected):
        if value is None or expected is None:
            self.assertEqual(value, expected)
            return
        # the database adds exactly, Python in binary: allow what that differs by
        rounding = 1e-6 * max(1, abs(expected))
        self.assertEqual(
            float_compare(value, expected, precision_rounding=rounding), 0, (value, expected)
        )

    def assert_action_shows_rows(self, kpi, scope):
        action = kpi.action_show_rows(*scope)
        shown = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(shown, self.get_rows(kpi, scope))
