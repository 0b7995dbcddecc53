"""Slow parts, alerts, suppliers and key figures."""

import datetime
from unittest.mock import patch

from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL

from odoo.addons.dealer_parts.report.dealer_part_fill_report import DealerPartFillReport
from odoo.addons.dealer_parts.tools.fill_rate import fill_rates

from .care_case import PartCareCase


def months_ago(months, days=0):
    day = fields.Date.today() - relativedelta(months=months, days=days)
    return datetime.datetime.combine(day, datetime.time(12))


@tagged("post_install", "-at_install")
class TestSlowParts(PartCareCase):
    def _aged(self, number, months, days=0, cost=100):
        """Ten parts of which one was issued so long ago; nine are left."""
        part = self._part(number, cost)
        self._receive_part(part, 10, date=months_ago(months + 1, days))
        self._issue_part(part, 1, date=months_ago(months, days))
        return part

    def _age(self, part):
        self.env.flush_all()
        self.env["dealer.part.stock.age"].invalidate_model()
        return self.env["dealer.part.stock.age"].search([("product_id", "=", part.id)])

    def test_bands_and_provisions(self):
        """domain-cn §5: 6-12 slow, > 12 obsolete, > 24 dead; provision 0/20/50/100 %."""
        for months, days, band, provision in (
            (5, 29, "fresh", 0),
            (6, 0, "slow", 180),
            (12, 0, "slow", 180),
            (12, 1, "obsolete", 450),
            (24, 0, "obsolete", 450),
            (24, 1, "dead", 900),
        ):
            with self.subTest(months=months, days=days):
                age = self._age(self._aged(f"AGE-{months}-{days}", months, days))
                self.assertRecordValues(
                    age, [{"band": band, "provision": provision, "value": 900, "quantity": 9}]
                )

    def test_both_published_limits(self):
        for months, days, short, long, press in (
            (6, 20, False, False, False),
            (7, 0, True, False, "technical"),
            (11, 20, True, False, "technical"),
            (12, 0, True, True, "technical"),
            (13, 0, True, True, "obsolete"),
        ):
            with self.subTest(months=months, days=days):
                age = self._age(self._aged(f"LIM-{months}-{days}", months, days))
                self.assertRecordValues(
                    age, [{"idle_short": short, "idle_long": long, "press_class": press}]
                )

    def test_a_part_never_issued_is_idle_since_its_receipt(self):
        part = self._part("NEVER", 10)
        self._receive_part(part, 3, date=months_ago(8))
        self.assertRecordValues(self._age(part), [{"band": "slow", "last_issue": False}])

    def test_a_count_does_not_move_a_part(self):
        part = self._aged("COUNTED", 8)
        self._move(
            part,
            1,
            self.bin,
            part.property_stock_inventory,
            is_inventory=True,
            inventory_name="Count",
        )
        self.assertEqual(self._age(part).band, "slow")

    def test_excess_is_what_a_year_does_not_use(self):
        part = self._part("MUCH", 10)
        self._receive_part(part, 30, date=months_ago(3))
        self._issue_part(part, 4, date=months_ago(1))
        self.assertRecordValues(
            self._age(part), [{"excess_quantity": 22, "excess_value": 220, "yearly_quantity": 4}]
        )

    def test_costs_are_seen_by_right(self):
        part = self._aged("SECRET", 8)
        row = self._as(self.pat, self._age(part))
        self.assertEqual(row.band, "slow")
        with self.assertRaises(AccessError):
            row.read(["provision"])
        self.assertEqual(self._as(self.petra, self._age(part)).provision, 180)

    def test_the_action_list(self):
        part = self._aged("ACT", 25)
        self._as(self.pat, self._age(part)).action_propose()
        action = self.env["dealer.part.slow.action"].search([("product_id", "=", part.id)])
        self.assertEqual((action.quantity, action.state), (9, "draft"))
        self.assertEqual(self._age(part).action_id, action)
        self._as(self.pat, self._age(part)).action_propose()
        self.assertEqual(
            self.env["dealer.part.slow.action"].search_count([("product_id", "=", part.id)]), 1
        )
        mine = self._as(self.petra, action)
        with self.assertRaisesRegex(UserError, "Say what is done"):
            mine.action_decide()
        mine.action = "scrap"
        mine.action_decide()
        self.assertEqual(action.state, "asked")
        with self.assertRaisesRegex(UserError, "somebody else must approve"):
            mine.action_approve()
        with self.assertRaises(UserError):
            self._as(self.pat, action).action_approve()
        self._as(self.greta, action).action_approve()
        mine.action_done()
        self.assertEqual(action.state, "approved", "the scrap has its own approval")
        scrap = action.scrap_ids
        self.assertRecordValues(scrap, [{"scrap_qty": 9, "dealer_loss_level": "2"}])
        self.assertEqual(self._stock_of(part), 9)

    def test_a_return_needs_no_second_person(self):
        part = self._aged("RET", 8)
        action = self._as(self.pat, self.env["dealer.part.slow.action"]).create(
            {
                "product_id": part.id,
                "warehouse_id": self.warehouse.id,
                "quantity": 2,
                "action": "return",
            }
        )
        action.action_decide()
        action.action_done()
        self.assertEqual(action.state, "done")


@tagged("post_install", "-at_install")
class TestPartScrap(PartCareCase):
    def _scrap(self, quantity, user=None):
        part = self._part(f"SCRAP-{quantity}", 100)
        self._receive_part(part, 20)
        return self._as(user or self.petra, self.env["stock.scrap"]).create(
            {
                "product_id": part.id,
                "scrap_qty": quantity,
                "location_id": self.bin.id,
                "product_uom_id": part.uom_id.id,
            }
        )

    def test_a_manager_does_not_approve_an_own_scrap(self):
        scrap = self._scrap(3)
        self.assertEqual(scrap.dealer_loss_level, "part")
        with self.assertRaises(UserError):
            scrap.action_validate()
        scrap.request_validation()
        with self.assertRaises(UserError):
            scrap.validate_tier()
        with self.assertRaises(UserError):
            scrap.action_validate()
        other = self._create_person("steve", "service_manager")
        self._as(other, scrap).validate_tier()
        before = self._entries()
        scrap.action_validate()
        self.assertEqual(scrap.state, "done")
        self.assertEqual(
            sorted((line.account_id.code[:4], line.balance) for line in self._entries() - before),
            [("1405", -300), ("1901", 300)],
        )

    def test_a_large_scrap_is_for_two_people(self):
        self.assertEqual(self._scrap(6).dealer_loss_level, "2")
        self.assertEqual(self._scrap(5).dealer_loss_level, "part")


@tagged("post_install", "-at_install")
class TestPartAlerts(PartCareCase):
    def _alerts(self):
        self.env["dealer.part.alert"]._cron_update_alerts()
        return self.env["dealer.part.alert"].search([("warehouse_id", "=", self.warehouse.id)])

    def _rule(self, part, least, most):
        return self.env["stock.warehouse.orderpoint"].create(
            {
                "product_id": part.id,
                "warehouse_id": self.warehouse.id,
                "location_id": self.stock.id,
                "product_min_qty": least,
                "product_max_qty": most,
            }
        )

    def test_low_and_high(self):
        low, high, right = (self._part(number) for number in ("LOW", "HIGH", "RIGHT"))
        for part, quantity in ((low, 1), (high, 9), (right, 4)):
            self._receive_part(part, quantity)
            self._rule(part, 2, 5)
        alerts = self._alerts()
        self.assertEqual(
            {(alert.product_id, alert.kind, alert.quantity, alert.limit) for alert in alerts},
            {(low, "low", 1, 2), (high, "high", 9, 5)},
        )
        self._receive_part(low, 2)
        self.assertEqual(self._alerts().product_id, high, "what is over closes itself")

    def test_the_policy_goes_before_the_reordering_rule(self):
        part = self._part("POLICY")
        self._receive_part(part, 3)
        self._rule(part, 1, 9)
        self.assertFalse(self._alerts())
        self.env["dealer.part.policy"].create(
            {
                "product_id": part.id,
                "warehouse_id": self.warehouse.id,
                "is_manual": True,
                "manual_min": 4,
                "manual_max": 8,
            }
        )
        self.assertRecordValues(self._alerts(), [{"kind": "low", "quantity": 3, "limit": 4}])

    def test_slow_until_somebody_acts(self):
        part = self._part("SLOW")
        self._receive_part(part, 1, date=months_ago(9))
        self.assertRecordValues(self._alerts(), [{"kind": "slow", "product_id": part.id}])
        self.env["dealer.part.slow.action"].create(
            {"product_id": part.id, "warehouse_id": self.warehouse.id, "quantity": 1}
        )
        self.assertFalse(self._alerts())


@tagged("post_install", "-at_install")
class TestPartFigures(PartCareCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.part = cls._part("FIG", 100)
        cls.today = fields.Date.today()
        cls.first = fields.Date.start_of(cls.today, "month")
        cls.last = fields.Date.end_of(cls.today, "month")

    def _kpi(self, code):
        return self._as(self.petra, self.env.ref(f"dealer_parts.dealer_kpi_{code}"))

    def _value(self, code):
        self.env.flush_all()
        return self._kpi(code)._get_value(self.first, self.last, self.warehouse.id)

    def _rows(self, code):
        kpi = self._kpi(code)
        return self._as(self.petra, self.env[kpi.model_name]).search(
            kpi._get_drill_domain(self.first, self.last, self.warehouse.id)
        )

    def test_fill_rate_by_the_formula_of_the_press(self):
        """P-17: (cost of sales − emergency buys − customer orders) ÷ (cost of sales + lost)."""
        self._receive_part(self.part, 100)
        self._issue_part(self.part, 90)
        vals = (self.today, self.part.id, self.company.id, self.warehouse.id)

        def purchases(self):
            return SQL(
                "VALUES ('emergency', 1, %s::date, %s, %s, %s, 5::numeric, 500::numeric),"
                " ('customer', 2, %s::date, %s, %s, %s, 4::numeric, 400::numeric)",
                *vals,
                *vals,
            )

        def lost(self):
            return SQL(
                "VALUES ('lost', 3, %s::date, %s, %s, %s, 10::numeric, 1000::numeric)", *vals
            )

        with (
            patch.object(DealerPartFillReport, "_get_purchases", purchases),
            patch.object(DealerPartFillReport, "_get_lost_sales", lost),
        ):
            self.assertAlmostEqual(self._value("part_fill_rate"), 100 * 8100 / 10000)
            self.assertEqual(self._value("part_lost_value"), 1000)
            self.assertEqual(sum(self._rows("part_filled_value").mapped("filled_value")), 8100)
            self.assertEqual(sum(self._rows("part_asked_value").mapped("asked_value")), 10000)

    def test_nothing_asked_for_is_no_fill_rate(self):
        self.assertIsNone(self._value("part_fill_rate"))

    def test_returned_parts_are_not_sold(self):
        customers = self.env.ref("stock.stock_location_customers")
        self._receive_part(self.part, 10)
        self._issue_part(self.part, 4)
        self._move(self.part, 1, customers, self.bin)
        self.assertEqual(self._value("part_issue_cost"), 300)
        self.assertEqual(sum(self._rows("part_issue_cost").mapped("issued_quantity")), 3)

    def test_consumption_is_what_left_for_customers(self):
        """P-23: issues and returns with their customer; losses and receipts are no use."""
        self._receive_part(self.part, 10)
        move = self._issue_part(self.part, 2)
        self._move(
            self.part,
            1,
            self.bin,
            self.part.property_stock_inventory,
            is_inventory=True,
            inventory_name="Count",
        )
        self.env.flush_all()
        rows = self.env["dealer.part.move.report"].search([("product_id", "=", self.part.id)])
        self.assertEqual(
            {(row.kind, row.quantity, row.issued_quantity, row.issued_value) for row in rows},
            {("receipt", 10, 0, 0), ("issue", 2, 2, 200), ("loss", 1, 0, 0)},
        )
        row = rows.filtered(lambda row: row.move_id == move)
        self.assertEqual((row.warehouse_id, row.hits), (self.warehouse, 1))
        with self.assertRaises(AccessError):
            self._as(self.pat, row).read(["issued_value"])

    def test_dead_share_by_both_limits(self):
        for months, quantity in ((0, 5), (8, 3), (13, 2)):
            part = self._part(f"DEAD-{months}", 100)
            self._receive_part(part, quantity, date=months_ago(months))
        self.assertAlmostEqual(self._value("part_idle_share_short"), 50)
        self.assertAlmostEqual(self._value("part_idle_share_long"), 20)
        self.assertEqual(self._value("part_provision"), 60 + 100)

    def test_turnover_and_gross_of_month_ends(self):
        """Yearly issues at cost / average stock: 100 used a month of 200 turns 6 times."""
        Month = self.env["dealer.part.stock.month"]
        vals = {"product_id": self.part.id, "company_id": self.company.id, "band": "fresh"}
        vals["warehouse_id"] = self.warehouse.id
        for day, value, used, gross in ((self.first, 300, 80, 20), (self.last, 100, 120, 30)):
            Month.create(
                {**vals, "date": day, "value": value, "issued_value": used, "gross": gross}
            )
        self.assertAlmostEqual(self._value("part_turnover"), 6)
        self.assertAlmostEqual(self._value("part_gross_to_inventory"), 150)
        rows = self._rows("part_turnover")
        self.assertAlmostEqual(rows._dealer_kpi_turnover_rows(rows, None), 6)
        self.assertAlmostEqual(rows._dealer_kpi_gross_to_inventory_rows(rows, None), 150)

    def test_the_month_is_taken_once(self):
        self._receive_part(self.part, 10)
        self._issue_part(self.part, 4)
        Month = self.env["dealer.part.stock.month"]
        Month._take_month(self.last)
        mine = [("product_id", "=", self.part.id)]
        self.assertRecordValues(
            Month.search(mine),
            [{"quantity": 6, "value": 600, "issued_value": 400, "band": "fresh", "gross": 0}],
        )
        self._issue_part(self.part, 1)
        Month._take_month(self.last)
        self.assertEqual(Month.search(mine).quantity, 6)

    def test_every_figure_is_the_sum_of_its_rows(self):
        self._receive_part(self.part, 10, date=months_ago(14))
        self._receive_part(self._part("NEW", 7), 3)
        self._issue_part(self.part, 2)
        self.env["dealer.part.stock.month"]._take_month(self.last)
        kpis = self.env["dealer.kpi"].search(
            [("code", "=like", "part\\_%"), ("kind", "=", "aggregate")]
        )
        self.assertGreaterEqual(len(kpis), 9)
        for kpi in kpis:
            with self.subTest(kpi=kpi.code):
                rows = self._rows(kpi.code)
                name = kpi.measure.partition(":")[0]
                total = len(rows) if name == "__count" else sum(rows.mapped(name))
                self.assertAlmostEqual(self._value(kpi.code), total)

    def test_keepers_do_not_see_figures_of_money(self):
        kpi = self.env.ref("dealer_parts.dealer_kpi_part_stock_value")
        self.assertEqual(
            kpi.with_user(self.pat).sudo(False)._format_figure(self.first, self.last), "No access"
        )

    def test_reports_ask_the_same_for_few_and_many_parts(self):
        def asked():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.env["dealer.part.stock.age"].search([]).mapped("band")
            return self.cr.sql_log_count - before

        self._receive_part(self.part, 1)
        asked()
        few = asked()
        for number in range(20):
            self._receive_part(self._part(f"N{number}"), 1)
        asked()
        self.assertLessEqual(asked(), few)


@tagged("post_install", "-at_install")
class TestFillRates(TransactionCase):
    def test_three_fill_rates_of_one_month(self):
        """domain-cn §4.10: 475 of 500 lines, 940 of 1,000 units, 180 of 200 orders."""
        # 465 lines of 2 units and 10 of 1 are filled, of 180 orders
        lines = [(number % 180, 2 if number < 465 else 1, 99) for number in range(475)]
        # 25 lines of 60 units in 20 other orders are not
        lines += [(180 + number % 20, 3 if number < 10 else 2, 0) for number in range(25)]
        rates = fill_rates(lines)
        self.assertEqual((rates.lines, rates.quantity, rates.orders), (95, 94, 90))

    @given(
        st.lists(st.tuples(st.integers(0, 5), st.integers(1, 20), st.integers(0, 30)), min_size=1)
    )
    def test_rates_are_shares(self, lines):
        """No rate leaves 0 to 100 %, and who fills every line fills everything."""
        rates = fill_rates(lines)
        for rate in rates:
            self.assertTrue(0 <= rate <= 100)
        whole = [rate == 100 for rate in rates]
        self.assertIn(whole, ([True] * 3, [False] * 3))

    def test_nothing_requested_has_no_rate(self):
        self.assertIsNone(fill_rates([]).lines)


@tagged("post_install", "-at_install")
class TestSupplierReport(PartCareCase):
    def _order(self, part, quantity, price, planned, approved):
        order = self.env["purchase.order"].create(
            {
                "partner_id": self.maker.id,
                "picking_type_id": self.warehouse.in_type_id.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": part.id,
                            "product_qty": quantity,
                            "price_unit": price,
                            "date_planned": planned,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )
        order.button_confirm()
        order.date_approve = approved
        order.order_line.date_planned = planned
        return order

    def _arrive(self, order, quantity, day):
        picking = order.picking_ids.filtered(lambda p: p.state not in ("done", "cancel"))
        picking.move_ids.quantity = quantity
        picking.move_ids.picked = True
        picking.with_context(skip_backorder=True).button_validate()
        picking.move_ids.filtered(lambda move: move.state == "done").date = day

    def _row(self, order):
        self.env.flush_all()
        return self._as(self.petra, self.env["dealer.part.supplier.report"]).search(
            [("order_id", "=", order.id)]
        )

    def test_on_time_fill_and_price_drift(self):
        part = self._part("BUY")
        first = self._order(part, 10, 20, self._days_ago(50), self._days_ago(60))
        self._arrive(first, 10, self._days_ago(51))
        late = self._order(part, 10, 22, self._days_ago(20), self._days_ago(30))
        self._arrive(late, 6, self._days_ago(21))
        self._arrive(late, 4, self._days_ago(17))
        self.assertRecordValues(
            self._row(first),
            [{"on_time": 100, "fill_rate": 100, "late_days": 0, "price_drift": 0}],
        )
        self.assertRecordValues(
            self._row(late),
            [
                {
                    "on_time": 0,
                    "fill_rate": 60,
                    "late_days": 3,
                    "price_drift": 10,
                    "received_quantity": 10,
                    "first_quantity": 6,
                }
            ],
        )

    def test_what_never_came_is_late(self):
        order = self._order(self._part("LATE"), 5, 10, self._days_ago(4), self._days_ago(9))
        self.assertRecordValues(
            self._row(order), [{"on_time": 0, "fill_rate": 0, "late_days": 4, "received_on": False}]
        )
