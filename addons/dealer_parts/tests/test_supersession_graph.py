from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.dealer_parts.tools.supersession import find_cycle, get_levels

PARTS = st.integers(0, 6)
PAIRS = st.lists(st.tuples(PARTS, PARTS).filter(lambda pair: pair[0] != pair[1]), max_size=10)


class TestSupersessionGraph(TestCase):
    def test_the_chain_of_the_domain(self):
        """Domain-cn §5: A→B, B→C are right, C→A is refused."""
        self.assertEqual(find_cycle([("A", "B"), ("B", "C")], []), [])
        self.assertEqual(find_cycle([("A", "B"), ("B", "C"), ("C", "A")], []), ["A", "B", "C", "A"])

    def test_a_division_and_a_merger_are_no_loop(self):
        self.assertFalse(find_cycle([("A", "B"), ("A", "C"), ("B", "D"), ("C", "D")], []))

    def test_interchangeable_parts_count_as_one(self):
        self.assertFalse(find_cycle([("A", "B")], [("B", "C")]))
        self.assertTrue(find_cycle([("A", "B"), ("C", "A")], [("B", "C")]))
        self.assertTrue(find_cycle([("A", "B")], [("A", "B")]))

    def test_a_long_chain(self):
        chain = [(number, number + 1) for number in range(5000)]
        self.assertFalse(find_cycle(chain, []))
        self.assertTrue(find_cycle([*chain, (5000, 0)], []))
        self.assertEqual(get_levels(chain, [])[5000], 5000)

    @given(PAIRS, PAIRS)
    def test_as_the_closure_says(self, replaced, same):
        """A loop is found just when some part replaces itself by the transitive closure."""
        classes = {part: {part} for part in range(7)}
        for one, other in same:
            union = classes[one] | classes[other]
            for part in union:
                classes[part] = union
        after = {part: {new for old, new in replaced if old in classes[part]} for part in classes}
        for _step in range(8):
            for part in after:
                after[part] |= set().union(
                    *(after[twin] for new in after[part] for twin in classes[new])
                )
        expected = any(classes[part] & after[part] for part in after)
        self.assertEqual(bool(find_cycle(replaced, same)), expected)

    @given(PAIRS)
    def test_the_new_part_stands_after_the_old_one(self, pairs):
        replaced = [pair for pair in pairs if pair[0] < pair[1]]
        levels = get_levels(replaced, [])
        for old, new in replaced:
            self.assertLess(levels[old], levels[new])
