from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from psycopg2.errors import CheckViolation, UniqueViolation

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, TransactionCase, tagged
from odoo.tools import mute_logger

from odoo.addons.dealer_vehicle.tools import finance

from .desk_sheet_case import DeskSheetCase

CENT = Decimal("0.01")
loans = st.decimals(0, 2_000_000, places=2)
payments = st.decimals(1, 60_000, places=2)
rates = st.sampled_from([Decimal(n) / 10000 for n in (0, 1, 99, 388, 475, 600, 1199, 2400)])
terms = st.integers(1, 120)
shares = st.integers(0, 95).map(lambda percent: Decimal(percent) / 100)


@tagged("post_install", "-at_install")
class TestFinance(TransactionCase):
    """The pure functions behind scenarios and solver: each answer is the best one there is."""

    def test_vectors_of_the_loan_formula(self):
        for loan, rate, months, instalment in (
            ("103460", "0.0475", 36, "3089.19"),
            ("100000", "0.06", 24, "4432.06"),
            ("120000", "0", 24, "5000.00"),
        ):
            result = finance.instalment(Decimal(loan), Decimal(rate), months)
            self.assertEqual(result, Decimal(instalment))

    @settings(max_examples=200, deadline=None)
    @given(loan=loans, rate=rates, months=terms)
    def test_all_instalments_pay_at_least_the_loan(self, loan, rate, months):
        total = finance.instalment(loan, rate, months) * months
        # each instalment is rounded to the nearest cent, downwards at worst by half of one
        self.assertGreaterEqual(total + months * CENT / 2, loan)

    @settings(max_examples=200, deadline=None)
    @given(payment=payments, rate=rates, months=terms)
    def test_a_cent_more_loan_costs_more_than_the_payment(self, payment, rate, months):
        loan = finance.largest_loan(payment, rate, months)
        self.assertLessEqual(finance.instalment(loan, rate, months), payment)
        self.assertGreater(finance.instalment(loan + CENT, rate, months), payment)

    @settings(max_examples=200, deadline=None)
    @given(loan=loans, rate=rates, payment=payments)
    def test_a_month_less_costs_more_than_the_payment(self, loan, rate, payment):
        months = finance.shortest_term(loan, rate, payment, 120)
        if months is None:
            self.assertGreater(finance.instalment(loan, rate, 120), payment)
            return
        self.assertLessEqual(finance.instalment(loan, rate, months), payment)
        if months > 1:
            self.assertGreater(finance.instalment(loan, rate, months - 1), payment)

    @settings(max_examples=100, deadline=None)
    @given(loan=loans, months=terms, payment=payments)
    def test_a_higher_rate_costs_more_than_the_payment(self, loan, months, payment):
        step = Decimal("0.0001")
        rate = finance.highest_rate(loan, months, payment)
        if rate is None:
            self.assertGreater(finance.instalment(loan, Decimal(0), months), payment)
            return
        self.assertLessEqual(finance.instalment(loan, rate, months), payment)
        if rate < 1:
            self.assertGreater(finance.instalment(loan, rate + step, months), payment)

    @settings(max_examples=200, deadline=None)
    @given(payment=payments, rate=rates, months=terms, share=shares)
    def test_a_higher_price_costs_more_than_the_payment(self, payment, rate, months, share):
        def cost(price):
            loan = price - finance.down_payment(price, share)
            return finance.instalment(loan, rate, months)

        price = finance.price_for_instalment(payment, rate, months, share)
        self.assertLessEqual(cost(price), payment)
        # the loan grows by a cent when the price grows by this much, whatever is paid down
        self.assertGreater(cost(price + CENT * int(2 / (1 - share) + 1)), payment)

    @settings(max_examples=200, deadline=None)
    @given(limit=st.decimals(0, 1_000_000, places=2), high=st.decimals(0, 1_000_000, places=2))
    def test_the_search_finds_the_limit(self, limit, high):
        self.assertEqual(
            finance.largest_amount(lambda amount: amount <= limit, high), min(limit, high)
        )

    def test_nothing_fits_when_not_even_zero_does(self):
        self.assertIsNone(finance.largest_amount(lambda amount: False, Decimal(10)))
        self.assertIsNone(finance.highest_rate(Decimal(1000), 10, Decimal(99)))
        self.assertIsNone(finance.price_for_instalment(Decimal(100), Decimal(0), 12, Decimal(1)))

    def test_a_loan_runs_for_a_month_at_least(self):
        with self.assertRaises(ValueError):
            finance.instalment(Decimal(1000), Decimal(0), 0)


@tagged("post_install", "-at_install")
class TestDeskSheetScenarios(DeskSheetCase):
    """Cash, loan A and loan B beside each other, and the way back from a wish."""

    def setUp(self):
        super().setUp()
        self.order = self._offer_example()
        self.order.dealer_scenario_ids = [
            Command.create({"name": "Cash", "method": "cash", "sequence": 1}),
            Command.create({"name": "Loan A", "annual_rate": 4.75, "months": 36, "sequence": 2}),
            Command.create(
                {
                    "name": "Loan B",
                    "annual_rate": 0,
                    "months": 24,
                    "down_payment_share": 50,
                    "sequence": 3,
                }
            ),
        ]
        self.cash, self.loan_a, self.loan_b = self.order.dealer_scenario_ids

    def test_the_worked_example_to_the_cent(self):
        self.assertRecordValues(
            self.loan_a,
            [
                {
                    "bare_price": 147800,
                    "down_payment": 44340,
                    "loan_amount": 103460,
                    "instalment": 3089.19,
                    "pickup_cash": 66139.65,
                    "drive_away_price": 169599.65,
                    "interest": 7750.84,
                    "total_cost": 177350.49,
                }
            ],
        )

    def test_three_ways_to_pay_the_same_car(self):
        self.assertRecordValues(
            self.cash + self.loan_b,
            [
                {"loan_amount": 0, "instalment": 0, "pickup_cash": 169599.65, "interest": 0},
                {
                    "loan_amount": 73900,
                    "instalment": 3079.17,
                    "pickup_cash": 95699.65,
                    "interest": 0.08,
                },
            ],
        )

    def test_scenarios_follow_the_lines_of_the_order(self):
        self.order.order_line[0].price_unit = 135600
        self.order.action_dealer_compute_services()
        self.assertRecordValues(
            self.loan_a, [{"bare_price": 135600, "down_payment": 40680, "loan_amount": 94920}]
        )
        self.assertEqual(self.loan_a.drive_away_price, self.order.dealer_drive_away_total)

    def test_another_price_in_one_scenario_takes_its_purchase_tax_along(self):
        self.loan_a.price_change = -12200
        self.assertRecordValues(
            self.loan_a,
            [
                {
                    "bare_price": 135600,
                    "tax_change": -1079.65,
                    "drive_away_price": 169599.65 - 12200 - 1079.65,
                }
            ],
        )
        self.assertEqual(self.cash.drive_away_price, 169599.65)

    def test_choosing_writes_the_price_and_keeps_the_other_columns(self):
        self.loan_a.price_change = -12200
        self.loan_a.down_payment = 40000
        self.loan_b.price_change = -1000
        self.loan_a.action_choose()
        self.assertEqual(self.order.dealer_bare_price, 135600)
        self.assertEqual(self._line(self.order, "purchase_tax").price_total, 12000)
        self.assertRecordValues(
            self.order.dealer_scenario_ids,
            [
                {"bare_price": 147800, "is_chosen": False, "down_payment": 44340},
                {"bare_price": 135600, "is_chosen": True, "down_payment": 40000},
                {"bare_price": 146800, "is_chosen": False, "down_payment": 73400},
            ],
        )
        self.cash.action_choose()
        self.assertEqual(self.order.dealer_bare_price, 147800)
        self.assertEqual(self.order.dealer_scenario_ids.filtered("is_chosen"), self.cash)

    def test_a_copy_is_another_column(self):
        self.loan_a.action_copy()
        copy = self.order.dealer_scenario_ids - self.cash - self.loan_a - self.loan_b
        self.assertRecordValues(
            copy, [{"name": "Loan A (copy)", "instalment": 3089.19, "is_chosen": False}]
        )

    def test_a_copied_order_brings_its_scenarios(self):
        copy = self.order.copy()
        self.assertEqual(copy.dealer_scenario_ids.mapped("name"), ["Cash", "Loan A", "Loan B"])

    @mute_logger("odoo.sql_db")
    def test_terms_are_checked_by_the_database(self):
        with self.assertRaises(CheckViolation), self.env.cr.savepoint():
            self.loan_a.months = 0
            self.loan_a.flush_recordset()
        with self.assertRaises(CheckViolation), self.env.cr.savepoint():
            self.loan_a.annual_rate = -1
            self.loan_a.flush_recordset()
        with self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            (self.loan_a + self.loan_b).is_chosen = True
            self.order.dealer_scenario_ids.flush_recordset()

    def test_two_cars_have_no_scenario_price(self):
        other = self._create_vehicle(model_id=self.petrol.id)
        self.order.order_line = [Command.create({"dealer_vehicle_id": other.id})]
        with self.assertRaisesRegex(ValidationError, "exactly one car"):
            self.loan_a.price_change = -100
        with self.assertRaisesRegex(UserError, "exactly one car"):
            self.order._dealer_set_bare_price(Decimal(100000))

    # === SOLVER ===
    def _solve(self, scenario=None, user=None, **vals):
        scenario = scenario or self.loan_a
        Solver = self._as(user or self.sara, self.env["dealer.deal.solver"])
        return Solver.create({"scenario_id": scenario.id, **vals})

    def test_the_form_answers_while_sara_types(self):
        Solver = self._as(self.sara, self.env["dealer.deal.solver"])
        action = self._as(self.sara, self.loan_a).action_solve()
        with Form(Solver.with_context(**action["context"])) as form:
            form.amount = 2500
            self.assertTrue(form.is_possible)
            self.assertIn("down", form.explanation)

    def test_down_payment_for_an_instalment(self):
        solver = self._solve(target="instalment", amount=2500, unknown="down_payment")
        solver.action_apply()
        self.assertEqual(self.loan_a.down_payment, solver.solution)
        self.assertLessEqual(self.loan_a.instalment, 2500)
        self.loan_a.down_payment -= 0.4
        self.assertGreater(self.loan_a.instalment, 2500)

    def test_a_high_instalment_needs_no_down_payment(self):
        solver = self._solve(target="instalment", amount=9000, unknown="down_payment")
        self.assertEqual((solver.is_possible, solver.solution), (True, 0))

    def test_term_for_an_instalment(self):
        self._solve(target="instalment", amount=2500, unknown="months").action_apply()
        self.assertEqual(self.loan_a.months, 46)
        self.assertLessEqual(self.loan_a.instalment, 2500)

    def test_rate_for_an_instalment(self):
        self._solve(target="instalment", amount=3000, unknown="rate").action_apply()
        self.assertAlmostEqual(self.loan_a.annual_rate, 2.8)
        self.assertLessEqual(self.loan_a.instalment, 3000)

    def test_price_for_an_instalment(self):
        self._solve(target="instalment", amount=3000, unknown="price").action_apply()
        self.assertLessEqual(self.loan_a.instalment, 3000)
        self.assertLess(self.loan_a.price_change, 0)
        self.loan_a.price_change += 0.6
        self.assertGreater(self.loan_a.instalment, 3000)

    def test_price_for_a_drive_away_price(self):
        self._solve(target="drive_away", amount=165000, unknown="price").action_apply()
        self.assertEqual(self.loan_a.drive_away_price, 165000)
        self.loan_a.action_choose()
        self.assertEqual(self.order.amount_total, 165000)

    def test_price_for_a_drive_away_price_with_relief(self):
        order = self._offer(226000, trim=self.electric)
        order.action_dealer_compute_services()
        order.dealer_scenario_ids = [Command.create({"name": "Cash", "method": "cash"})]
        scenario = order.dealer_scenario_ids
        self._solve(scenario, target="drive_away", amount=230000, unknown="price").action_apply()
        self.assertLessEqual(scenario.drive_away_price, 230000)
        scenario.price_change += 0.01
        self.assertGreater(scenario.drive_away_price, 230000)

    def test_the_manager_sees_what_a_price_costs(self):
        vals = {"target": "drive_away", "amount": 165000, "unknown": "price"}
        solver = self._solve(user=self.max, **vals)
        price = 147800 - solver.solution
        self.assertAlmostEqual(solver.gross_change, -price / 1.13, places=2)
        self.assertNotIn("gross_change", self._solve(**vals).fields_get())
        self.assertAlmostEqual(
            self._as(self.max, self.loan_a).gross, self._as(self.max, self.order).dealer_gross_total
        )

    def test_a_wish_that_cannot_be_met_says_why(self):
        for scenario, vals, text in (
            (self.loan_a, {"target": "drive_away", "unknown": "months"}, "Only the price"),
            (self.cash, {"target": "instalment", "unknown": "months"}, "without a loan"),
            (self.loan_a, {"target": "instalment", "unknown": "months"}, "No value"),
            (self.loan_a, {"target": "instalment", "unknown": "rate"}, "No value"),
        ):
            solver = self._solve(scenario, amount=400, **vals)
            self.assertFalse(solver.is_possible)
            with self.assertRaisesRegex(UserError, text):
                solver.action_apply()
