import logging

from odoo.tests import BaseCase, tagged

from odoo.addons.dealer_parts.tools import stock_simulation as sim

_logger = logging.getLogger(__name__)
#: Not those on which the parameters were chosen.
SEEDS = (21, 22, 23, 24, 25)


def _spy_on(seen):
    """A proposed policy that tells what it kept in the first half of the year."""

    class Spy(sim.ProposedPolicy):
        def get_levels(self, day, book):
            levels = super().get_levels(day, book)
            if day <= 180:
                seen.append(levels)
            return levels

    return Spy


@tagged("dealer_formula")
class TestStockSimulation(BaseCase):
    """A year in two stores with the same customers (issue: fill rate against stock value)."""

    def test_the_proposed_policy_serves_more_from_less_stock(self):
        for seed in SEEDS:
            with self.subTest(seed=seed):
                fixed, proposed = sim.compare(seed)
                _logger.info("Seed %s\n%s", seed, "\n".join(sim.format_results(fixed, proposed)))
                self.assertGreater(proposed.fill_lines, fixed.fill_lines)
                self.assertGreater(proposed.fill_pieces, fixed.fill_pieces)
                self.assertLessEqual(proposed.stock_value, fixed.stock_value)

    def test_the_same_seed_is_the_same_year(self):
        self.assertEqual(sim.compare(3, 30), sim.compare(3, 30))

    def test_a_policy_knows_its_own_past_only(self):
        """What happens after a day changes nothing of the levels of that day."""
        random = sim.Random(1)
        part = sim.make_parts(random, 1)[0]
        past = sim.make_demand(random, part, sim.YEAR)
        seen = []

        quiet = past + [[] for _day in range(sim.YEAR)]
        loud = past + [[] for _day in range(181)] + [[50] for _day in range(sim.YEAR - 181)]
        sim.run_store(_spy_on(seen), 1, [part], [quiet])
        first = list(seen)
        seen.clear()
        sim.run_store(_spy_on(seen), 1, [part], [loud])
        self.assertEqual(seen, first)
