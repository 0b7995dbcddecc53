"""What lists and cards show first, and what they leave out."""

from lxml import etree

from odoo.tests import Form, tagged

from .common import DealerVehicleCommon


@tagged("post_install", "-at_install")
class TestLists(DealerVehicleCommon):
    def _arch(self, xml_id, view_type):
        view = self.env.ref(f"dealer_vehicle.{xml_id}")
        return etree.fromstring(self.env[view.model].get_view(view.id, view_type)["arch"])

    def test_firms_come_first_among_vendors(self):
        Partner = self.env["res.partner"]
        private = Partner.create({"name": "Aa Private", "is_company": False, "supplier_rank": 9})
        firm = Partner.create({"name": "Zz Motors", "is_company": True, "supplier_rank": 1})
        vendors = self._as(self.max, Partner).with_context(res_partner_search_mode="supplier")
        found = vendors.search([("id", "in", (private | firm).ids)])
        self.assertEqual(list(found), [firm, private])
        found = self._as(self.max, Partner).search([("id", "in", (private | firm).ids)])
        self.assertEqual(list(found), [private, firm])

    def test_no_price_is_shown_for_a_car_that_nobody_offers(self):
        for xml_id, view_type in (
            ("dealer_vehicle_view_list", "list"),
            ("dealer_vehicle_view_kanban", "kanban"),
            ("dealer_vehicle_view_form", "form"),
        ):
            with self.subTest(view_type):
                (price,) = self._arch(xml_id, view_type).xpath("//field[@name='list_price']")
                self.assertIn("not list_price", price.get("invisible"))
                self.assertIn("'customer'", price.get("invisible"))

    def test_no_guide_price_is_shown_for_a_trim_that_has_none(self):
        for view in ("fleet_vehicle_model_view_form", "dealer_fleet_vehicle_model_view_list"):
            view_type = view.rsplit("_", 1)[1]
            (price,) = self._arch(view, view_type).xpath("//field[@name='guide_price']")
            self.assertEqual(price.get("invisible"), "not guide_price")

    def test_contracts_and_disclosures_have_cards_for_the_phone(self):
        for name in ("dealer_contract_document", "dealer_disclosure"):
            action = self.env.ref(f"dealer_vehicle.{name}_action")
            self.assertEqual(action.view_mode, "list,kanban,form")
            views = self._as(self.sara, self.env[action.res_model]).get_views(
                [(False, "kanban"), (False, "form")]
            )
            self.assertIn("o_kanban_mobile", views["views"]["kanban"]["arch"])

    def test_the_title_of_a_trim_separates_brand_and_series(self):
        view = self.env.ref("fleet.fleet_vehicle_model_view_form")
        arch = etree.fromstring(self.trim.get_view(view.id, "form")["arch"])
        (title,) = arch.xpath("//h2")
        self.assertEqual(title.xpath(".//field/@name"), ["brand_id", "dealer_series_id"])
        self.assertIn("/", "".join(title.itertext()))
        with Form(self._as(self.max, self.trim)) as form:
            form.dealer_code = "LK-15"
        self.assertEqual(self.trim.dealer_code, "LK-15")
