from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .replenishment_case import ReplenishmentCase


@tagged("post_install", "-at_install")
class TestReplenishmentAccess(ReplenishmentCase):
    """Each store sees its own figures; each role does its own part."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_store = cls.env["stock.warehouse"].create(
            {"name": "Other Store", "code": "OTH", "company_id": cls.company.id}
        )
        cls.part = cls._part_with_past("A-1", hits=24)
        cls.proposal = cls._compute()

    def test_a_keeper_of_another_store_sees_nothing(self):
        self.paul.dealer_store_ids = self.other_store
        for model in (
            "dealer.part.demand",
            "dealer.part.policy",
            "dealer.order.proposal",
            "dealer.order.proposal.line",
        ):
            with self.subTest(model=model):
                found = self.env[model].search([])
                self.assertTrue(found.with_user(self.pat)._filtered_access("read"))
                self.assertFalse(self.env[model].with_user(self.paul).search([]))

    def test_demand_of_one_store_stocks_no_other(self):
        self.Policy._update(self.other_store)
        self.assertFalse(self.Policy.search([("warehouse_id", "=", self.other_store.id)]))

    def test_accountants_read_and_change_nothing(self):
        accountant = self._create_person("ada", "accountant")
        proposal = self.proposal.with_user(accountant)
        self.assertTrue(proposal.line_ids.mapped("amount"))
        with self.assertRaises(AccessError):
            proposal.line_ids[0].quantity = 1

    def test_keepers_do_not_delete_proposals(self):
        with self.assertRaises(AccessError):
            self.proposal.with_user(self.pat).unlink()

    def test_nobody_writes_demand(self):
        month = self.Demand.search([("product_id", "=", self.part.id)], limit=1)
        with self.assertRaises(AccessError):
            month.with_user(self.petra).quantity = 99

    def test_the_order_type_is_chosen_on_the_order(self):
        with Form(self.env["purchase.order"].with_user(self.petra)) as form:
            form.partner_id = self.supplier
            self.assertEqual(form.dealer_order_type, "stock")
            form.dealer_order_type = "vor"
            with form.order_line.new() as line:
                line.product_id = self.part
        self.assertEqual(form.record.dealer_order_type, "vor")

    def test_a_keeper_opens_the_lists_of_all(self):
        for model in ("dealer.part.demand", "dealer.part.policy", "dealer.order.proposal.line"):
            views = self.env[model].with_user(self.pat).get_views([(False, "list")])
            self.assertNotIn("unit_cost", views["views"]["list"]["arch"])
            self.assertNotIn('name="value"', views["views"]["list"]["arch"])
