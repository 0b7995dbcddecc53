from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from .desk_sheet_case import DeskSheetCase


@tagged("post_install", "-at_install")
class TestDeskSheetProducts(DeskSheetCase):
    """What stands on a deal sheet, and which tax its price includes."""

    def test_every_part_of_a_deal_has_a_product(self):
        names = {
            "purchase_tax": True,
            "ctpl": True,
            "vessel_tax": True,
            "commercial_insurance": True,
            "plate_fee": True,
            "plate_service": False,
            "extended_warranty": False,
            "finance_service": False,
            "other_service": False,
            "accessory": False,
            "gift": False,
        }
        for name, is_agency in names.items():
            self.assertRecordValues(
                self._product(name), [{"dealer_deal_type": name, "dealer_is_agency": is_agency}]
            )

    def test_agency_money_is_booked_on_its_account_without_tax(self):
        agency = self.company._dealer_get_account("agency")
        product = self._product("purchase_tax").with_company(self.company)
        self.assertFalse(product.taxes_id + product.supplier_taxes_id)
        accounts = product.product_tmpl_id.get_product_accounts()
        self.assertEqual(accounts["income"], agency)
        self.assertEqual(accounts["expense"], agency)

    def test_agency_money_without_an_account_is_refused(self):
        self.company.dealer_agency_account_id = False
        product = self._product("ctpl").with_company(self.company)
        with self.assertRaisesRegex(UserError, "Agency Money Account"):
            product.product_tmpl_id.get_product_accounts()

    def test_agency_money_can_have_no_tax(self):
        with self.assertRaisesRegex(ValidationError, "agency money"):
            self._product("ctpl").taxes_id = self.company.dealer_service_tax_id

    def test_a_line_of_agency_money_can_have_no_tax(self):
        order = self._offer()
        line = self._add(order, "ctpl", 950)
        with self.assertRaisesRegex(ValidationError, "agency money"):
            line.tax_ids = self.company.dealer_car_tax_id

    def test_a_product_that_becomes_agency_money_loses_its_taxes(self):
        product = self.env["product.template"].create({"name": "Plates", "type": "service"})
        self.assertTrue(product.taxes_id)
        product.dealer_deal_type = "plate_fee"
        self.assertFalse(product.taxes_id)

    def test_a_new_accessory_includes_its_tax(self):
        for model in ("product.template", "product.product"):
            mats = self.env[model].create({"name": "Mats", "dealer_deal_type": "accessory"})
            self.assertEqual(self._taxes(mats), self.company.dealer_car_tax_id)

    def test_the_form_shows_the_included_tax(self):
        with Form(self.env["product.template"]) as form:
            form.name = "Mats"
            form.categ_id = self.env.ref("dealer_vehicle.product_category_new_car")
            self.assertIn(self.company.dealer_car_tax_id, form.taxes_id[:])

    def _taxes(self, product):
        return product.taxes_id.filtered(lambda tax: tax.company_id == self.company)

    def test_goods_carry_13_and_services_6_percent_inside(self):
        for name, tax in (
            ("accessory", self.company.dealer_car_tax_id),
            ("gift", self.company.dealer_car_tax_id),
            ("plate_service", self.company.dealer_service_tax_id),
            ("finance_service", self.company.dealer_service_tax_id),
            ("extended_warranty", self.company.dealer_service_tax_id),
        ):
            self.assertEqual(self._taxes(self._product(name)), tax, name)

    def test_a_company_that_gets_its_chart_later_has_the_taxes_too(self):
        company = self._create_company("Bronze Cars")
        taxes = self._product("plate_service").sudo().taxes_id
        self.assertIn(company.dealer_service_tax_id, taxes)
        self.assertNotIn(company.account_sale_tax_id, taxes)

    def test_a_car_is_quoted_at_the_price_the_customer_pays(self):
        car = self._create_vehicle(asking_price=118300)
        with Form(self._as(self.sara, self.env["sale.order"])) as form:
            form.partner_id = self.customer
            with form.order_line.new() as line:
                line.dealer_vehicle_id = self._as(self.sara, car)
        self.assertRecordValues(
            form.record.order_line,
            [{"price_unit": 118300, "price_subtotal": 104690.27, "price_total": 118300}],
        )
        self.assertEqual(form.record.order_line.tax_ids, self.company.dealer_car_tax_id)

    def test_a_trim_without_a_car_is_quoted_at_its_guide_price(self):
        product = self.petrol._dealer_get_or_create_product()
        order = self._as(self.sara, self.env["sale.order"]).create(
            {
                "partner_id": self.customer.id,
                "order_line": [Command.create({"product_id": product.id})],
            }
        )
        self.assertRecordValues(
            order.order_line,
            [
                {
                    "price_unit": 159800,
                    "price_total": 159800,
                    "dealer_deal_type": "car",
                    "dealer_model_id": self.petrol.id,
                }
            ],
        )

    def test_a_car_product_with_tax_on_top_changes_over(self):
        """Databases of an earlier release: the customer pays what he paid before."""
        template = self.petrol._dealer_get_or_create_product().product_tmpl_id
        template.taxes_id = self.company.account_sale_tax_id
        template.list_price = 100000
        self.env["res.company"]._dealer_setup_all_desks()
        self.assertEqual(self._taxes(template), self.company.dealer_car_tax_id)
        self.assertEqual(template.list_price, 113000)

    def test_another_tax_is_a_decision(self):
        template = self.petrol._dealer_get_or_create_product().product_tmpl_id
        other = self.company.dealer_service_tax_id
        template.taxes_id = other
        self.env["res.company"]._dealer_setup_all_desks()
        self.assertEqual(self._taxes(template), other)

    def test_a_gift_shows_its_value_and_costs_the_customer_nothing(self):
        order = self._offer()
        line = self._add(order, "accessory", 1000)
        line.sudo().purchase_price = 600
        line.dealer_gift_bearer = "maker"
        self.assertRecordValues(
            line,
            [
                {
                    "dealer_deal_type": "gift",
                    "price_total": 0,
                    "dealer_gift_value": 1000,
                    "discount": 100,
                }
            ],
        )
        self.assertEqual(self._as(self.max, line).dealer_gift_cost, 600)
        line.dealer_gift_bearer = False
        self.assertRecordValues(
            line, [{"dealer_deal_type": "accessory", "price_total": 1000, "dealer_gift_value": 0}]
        )

    def test_a_gift_product_is_paid_by_the_store_unless_somebody_says_so(self):
        order = self._offer()
        line = self._add(order, "gift", 800)
        self.assertRecordValues(
            line, [{"dealer_deal_type": "gift", "dealer_gift_bearer": "store", "price_total": 0}]
        )

    def test_a_gift_of_agency_money_costs_all_of_it(self):
        order = self._offer()
        line = self._add(order, "ctpl", 950, dealer_gift_bearer="store")
        self.assertEqual(self._as(self.max, line).dealer_gift_cost, 950)
        self.assertEqual(line.price_total, 0)

    def test_a_gift_cannot_be_sold_at_half_its_price(self):
        order = self._offer()
        line = self._add(order, "gift", 800)
        with self.assertRaisesRegex(ValidationError, "100 %"):
            line.discount = 50

    def test_the_car_itself_is_no_gift(self):
        order = self._offer()
        with self.assertRaisesRegex(ValidationError, "cannot be a gift"):
            order.order_line.dealer_gift_bearer = "store"

    def test_sara_does_not_read_what_a_gift_costs(self):
        fields_of_sara = self._as(self.sara, self.env["sale.order.line"]).fields_get()
        self.assertNotIn("dealer_gift_cost", fields_of_sara)
        self.assertIn("dealer_gift_value", fields_of_sara)
