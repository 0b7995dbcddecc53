from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestNames(TransactionCase):
    def test_what_is_typed_is_searched_for(self):
        """A model without a name of its own says by which field its records are found.

        Else Odoo ignores what is typed in a field that points to it, and offers any record.
        """
        for name, model in self.env.items():
            if name.startswith("dealer.") and not (model._abstract or model._transient):
                with self.subTest(name):
                    self.assertTrue(model._rec_name or model._rec_names_search or not model._auto)
