"""What lists and cards show first, and what they leave out."""

from lxml import etree

from odoo.tests import tagged

from .common import DealerVehicleCommon


@tagged("post_install", "-at_install")
class TestLists(DealerVehicleCommon):
    def _arch(self, xml_id, view_type):
        view = self.env.ref(f"dealer_vehicle.{xml_id}")
        return etree.fromstring(self.env[view.model].get_view(view.id, view_type)["arch"])

    def test_contracts_and_disclosures_have_cards_for_the_phone(self):
        for name in ("dealer_contract_document", "dealer_disclosure"):
            action = self.env.ref(f"dealer_vehicle.{name}_action")
            self.assertEqual(action.view_mode, "list,kanban,form")
            views = self._as(self.sara, self.env[action.res_model]).get_views(
                [(False, "kanban"), (False, "form")]
            )
            self.assertIn("o_kanban_mobile", views["views"]["kanban"]["arch"])
