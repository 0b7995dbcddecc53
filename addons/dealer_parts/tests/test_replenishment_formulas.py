import doctest
from math import inf
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.dealer_parts.tools import replenishment as rp

amounts = st.floats(0, 1e6, allow_nan=False)
demands = st.lists(st.integers(0, 500), min_size=1, max_size=24)
steps = st.sampled_from([1.0, 0.5, 0.1, 0.01])
rules = st.builds(
    rp.Rule,
    lead_days=st.floats(0, 60),
    lead_sigma=st.floats(0, 20),
    review_days=st.sampled_from([1, 7, 14]),
    service=st.sampled_from([90, 95, 98, 99]),
    order_cost=st.floats(0, 100),
    holding_rate=st.floats(0, 1),
    step=st.just(1.0),
)


@st.composite
def histories(draw):
    months = []
    for _number in range(draw(st.integers(1, 12))):
        hits = draw(st.integers(0, 12))
        sizes = draw(st.lists(st.integers(1, 6), min_size=hits, max_size=hits))
        out = draw(st.integers(0, 30))
        lost = draw(st.integers(0, 5))
        months.append(rp.Month(sum(sizes), hits, max(sizes, default=0), lost, 30.4, out))
    return months


@tagged("dealer_formula")
class TestReplenishmentVectors(BaseCase):
    """The vectors of domain-cn §5, to the letter."""

    def test_the_examples_in_the_docstrings_hold(self):
        self.assertFalse(doctest.testmod(rp).failed)

    # === CLASSES ===
    def test_abc_counts_the_item_itself_into_the_share(self):
        values = [50000, 20000, 12000, 8000, 5000, 3000, 1500, 500]
        self.assertEqual(rp.abc_classes(values), ["A", "A", "B", "B", "B", "C", "C", "C"])
        self.assertEqual(rp.abc_classes(values[::-1]), list("CCCBBBAA"), "any order will do")

    def test_a_part_without_value_is_a_c(self):
        self.assertEqual(rp.abc_classes([0, 10, 0]), ["C", "C", "C"])
        self.assertEqual(rp.abc_classes([]), [])

    def test_xyz_by_population_variation(self):
        for series, share, letter in (
            ([10, 12, 9, 11, 10, 8], 0.129, "X"),
            ([2, 9, 1, 7, 8, 3], 0.622, "Y"),
            ([0, 0, 6, 0, 0, 12], 1.528, "Z"),
        ):
            with self.subTest(series=series):
                self.assertEqual(round(rp.variation(series), 3), share)
                self.assertEqual(rp.xyz_class(series), letter)
        self.assertEqual(rp.xyz_class([0, 0, 0]), "Z")

    def test_the_limits_of_a_class_belong_to_it(self):
        self.assertEqual(rp.variation([1, 3]), 0.5)
        self.assertEqual(rp.xyz_class([1, 3]), "X")
        self.assertEqual(rp.variation([0, 2]), 1.0)
        self.assertEqual(rp.xyz_class([0, 2]), "Y")

    # === LEVELS ===
    def test_z_of_the_service_levels(self):
        self.assertEqual(
            [rp.z_value(level) for level in (90, 95, 98, 99)], [1.28, 1.65, 2.05, 2.33]
        )

    def test_safety_stock_and_order_point_with_a_sure_lead_time(self):
        safety = rp.safety_stock(4, 1.5, 9, z=1.65)
        self.assertAlmostEqual(safety, 7.425)
        self.assertEqual(rp.round_up(safety), 8)
        self.assertEqual(rp.order_point(4, 9, safety), 44)

    def test_safety_stock_and_order_point_with_an_unsure_lead_time(self):
        safety = rp.safety_stock(4, 1.5, 9, 2, z=1.65)
        self.assertAlmostEqual(safety, 15.14, places=1)
        self.assertEqual(rp.round_up(safety), 16)
        self.assertEqual(rp.order_point(4, 9, safety), 52)

    def test_economic_quantity(self):
        self.assertEqual(round(rp.economic_quantity(1440, 30, 25, 0.2), 2), 131.45)
        self.assertEqual(rp.economic_quantity(0, 30, 25, 0.2), 0)
        self.assertEqual(rp.economic_quantity(12, 30, 0, 0.2), inf)

    def test_the_maximum_is_the_order_point_and_one_order(self):
        months = [rp.Month(120, 120, 1) for _number in range(12)]
        rule = rp.Rule(lead_days=9, review_days=0, order_cost=30, holding_rate=0.2)
        level = rp.stocking_level(months, rule, unit_cost=25)
        self.assertEqual((level.method, level.order_point), ("normal", 36), "steady: no safety")
        self.assertAlmostEqual(level.quantity, 131, delta=1)
        self.assertEqual(level.maximum, level.order_point + level.quantity)

    # === PHASES ===
    def test_three_demands_in_six_months_bring_a_part_in(self):
        self.assertEqual(rp.next_phase("none", 2, 9), "none")
        self.assertEqual(rp.next_phase("none", 3, 3), "stock")
        self.assertEqual(rp.next_phase("out", 3, 3), "stock", "it may come back")

    def test_twelve_months_without_demand_put_a_part_out(self):
        self.assertEqual(rp.next_phase("stock", 0, 1), "stock")
        self.assertEqual(rp.next_phase("stock", 0, 0), "out")
        self.assertEqual(rp.next_phase("none", 0, 0), "none", "it was never in")

    # === DEMAND ===
    def test_days_without_stock_are_no_days_without_demand(self):
        months = [rp.Month(30, 10, 3), rp.Month(0, 0, 0, 0, rp.MONTH_DAYS, rp.MONTH_DAYS)]
        self.assertEqual(rp.uncensored(months), [30, 30])

    def test_recorded_lost_sales_count_where_they_are_more(self):
        months = [rp.Month(30, 10, 3), rp.Month(15, 5, 3, 40, rp.MONTH_DAYS, rp.MONTH_DAYS / 2)]
        self.assertEqual(rp.uncensored(months), [30, 55])

    def test_the_true_rate_is_found_behind_stock_outs(self):
        """A part that is out one day of three: what was sold says 2 a day, the truth is 3."""
        random = Random(11)
        months = []
        for _month in range(12):
            sold = out = 0
            for day in range(30):
                wanted = sum(random.random() < 0.3 for _try in range(10))
                if day % 3:
                    sold += wanted
                else:
                    out += 1
            months.append(rp.Month(sold, sold, 1, 0, 30, out))
        naive = sum(month.quantity for month in months) / 360
        fitted = sum(rp.uncensored(months)) / 360
        self.assertLess(naive, 2.2)
        self.assertAlmostEqual(fitted, 3, delta=0.15)

    def test_rare_demand_is_not_overestimated(self):
        random = Random(5)
        series = [random.choice([0, 0, 0, 8]) for _number in range(4000)]
        self.assertAlmostEqual(rp.croston(series, weight=0.05), 2, delta=0.5)
        self.assertEqual(rp.croston([0, 0]), 0)

    def test_few_hits_get_the_level_that_serves_them(self):
        """Poisson with mean 1: 0.368, 0.736, 0.920, 0.981, 0.996."""
        self.assertEqual(
            [rp.level_for_hits(1, [1], level) for level in (70, 90, 95, 98, 99)], [1, 2, 3, 3, 4]
        )

    def test_a_large_order_needs_less_safety(self):
        """Poisson with mean 1 misses 1, 0.368, 0.104, 0.023 pieces beyond 0, 1, 2, 3."""
        self.assertEqual(
            [rp.level_for_fill(1, [1], 90, quantity) for quantity in (0.2, 1, 2, 4, 10)],
            [4, 3, 2, 1, 0],
        )

    def test_a_slow_dear_part_is_kept_once(self):
        months = [rp.Month(1, 1, 1) if number % 3 == 0 else rp.Month() for number in range(12)]
        level = rp.stocking_level(months, rp.Rule(lead_days=7, service=90), unit_cost=20000)
        self.assertEqual((level.order_point, level.maximum, level.method), (0, 1, "hits"))

    def test_nothing_is_kept_of_what_nobody_asks_for(self):
        self.assertEqual(rp.stocking_level([rp.Month()] * 12, rp.Rule(7), 10).maximum, 0)


@tagged("dealer_formula")
class TestReplenishmentProperties(BaseCase):
    """What must hold whatever the numbers."""

    @given(st.lists(amounts, max_size=40))
    def test_abc_never_ranks_a_lesser_value_higher(self, values):
        classes = rp.abc_classes(values)
        self.assertEqual(len(classes), len(values))
        for value, letter in zip(values, classes, strict=True):
            for other, other_letter in zip(values, classes, strict=True):
                if value > other:
                    self.assertLessEqual(letter, other_letter)

    @given(demands, st.integers(1, 50))
    def test_variation_does_not_depend_on_the_unit(self, series, factor):
        share = rp.variation(series)
        scaled = rp.variation([demand * factor for demand in series])
        if share is None:
            self.assertIsNone(scaled)
        else:
            self.assertAlmostEqual(share, scaled)

    @given(amounts, st.floats(0, 100), st.floats(0, 90), st.floats(0, 30), steps)
    def test_the_order_point_covers_demand_and_safety(self, daily, sigma, lead, spread, step):
        safety = rp.safety_stock(daily, sigma, lead, spread)
        point = rp.order_point(daily, lead, safety, step)
        self.assertGreaterEqual(point * (1 + 1e-6) + 1e-6, daily * lead + safety)
        self.assertGreaterEqual(rp.safety_stock(daily, sigma, lead, spread, z=2.05), safety)

    @given(st.floats(0.01, 1e5), st.floats(0, 500), st.integers(0, 100))
    def test_packages_are_whole_and_cover_the_need(self, need, minimum, package):
        ordered = rp.round_to_package(need, minimum, package)
        self.assertGreaterEqual(ordered + 1e-5, max(need, minimum))
        self.assertLessEqual(ordered, max(need, minimum) + package + 1e-5)
        if package:
            self.assertAlmostEqual(ordered / package, round(ordered / package), places=5)

    @given(histories())
    def test_stock_outs_never_lower_the_estimate(self, months):
        for month, estimate in zip(months, rp.uncensored(months), strict=True):
            self.assertGreaterEqual(estimate, month.quantity)
            self.assertGreaterEqual(estimate, month.lost)

    @given(st.floats(0, 20), st.lists(st.integers(1, 9), min_size=1, max_size=6))
    def test_more_service_never_needs_less_stock(self, hits, sizes):
        levels = [rp.level_for_hits(hits, sizes, service) for service in (50, 90, 95, 98, 99)]
        self.assertEqual(levels, sorted(levels))
        levels = [rp.level_for_fill(hits, sizes, service, 5) for service in (50, 90, 95, 98, 99)]
        self.assertEqual(levels, sorted(levels))

    @settings(deadline=None)
    @given(histories(), rules, st.floats(0, 5000))
    def test_levels_are_whole_and_in_order(self, months, rule, cost):
        level = rp.stocking_level(months, rule, cost)
        self.assertGreaterEqual(level.order_point, 0)
        self.assertGreaterEqual(level.safety, 0)
        self.assertEqual(level.order_point, round(level.order_point))
        self.assertEqual(level.maximum, round(level.maximum))
        if level.method != "none":
            self.assertGreaterEqual(level.maximum, level.order_point + 1)

    @given(st.sampled_from(["none", "stock", "out"]), st.integers(0, 9), st.integers(0, 9))
    def test_a_part_in_demand_is_never_put_out(self, phase, short, more):
        after = rp.next_phase(phase, short, short + more)
        if short + more and phase == "stock":
            self.assertEqual(after, "stock")
        self.assertIn(after, ("none", "stock", "out"))
