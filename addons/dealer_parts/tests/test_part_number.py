from odoo.tests import TransactionCase

from odoo.addons.dealer_parts.tools.part_number import normalise


class TestPartNumber(TransactionCase):
    def test_numbers_are_compared_without_separators(self):
        self.assertEqual(normalise("04465-0K290"), "044650K290")
        self.assertEqual(normalise(" 04465.0k 290 "), "044650K290")
        self.assertEqual(normalise("０４４６５－０Ｋ２９０"), "044650K290")
        self.assertEqual(normalise(False), "")
