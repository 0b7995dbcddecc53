from lxml import etree

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from .desk_sheet_case import DeskSheetCase


@tagged("post_install", "-at_install")
class TestDeskSheetTotals(DeskSheetCase):
    """From the guide price to the drive-away price, and what we earn on the way."""

    def test_the_worked_example_to_the_cent(self):
        order = self._offer_example()
        self.assertRecordValues(
            order,
            [
                {
                    "dealer_guide_total": 159800,
                    "dealer_discount_total": 12000,
                    "dealer_bare_price": 147800,
                    "dealer_tax_total": 13149.65,
                    "dealer_insurance_total": 5150,
                    "dealer_plate_total": 500,
                    "dealer_accessory_total": 3000,
                    "dealer_service_total": 0,
                    "dealer_drive_away_total": 169599.65,
                    "dealer_agency_total": 18299.65,
                    "dealer_amount_due": 169599.65,
                    "amount_total": 169599.65,
                }
            ],
        )

    def test_guide_price_is_that_of_the_order_day(self):
        self.petrol.dealer_guide_price_ids = [
            Command.create({"price": 150000, "date_from": "2026-12-01"})
        ]
        order = self._offer(date_order="2026-11-22 04:00:00")
        self.assertEqual(order.dealer_guide_total, 159800)
        order.date_order = "2026-12-02 04:00:00"
        self.assertEqual(order.dealer_guide_total, 150000)

    def test_a_used_car_has_no_guide_price_and_no_discount(self):
        car = self._create_vehicle(model_id=self.petrol.id, kind="used")
        order = self._offer(80000, car=car)
        self.assertRecordValues(order, [{"dealer_guide_total": 80000, "dealer_discount_total": 0}])

    def test_subsidies_are_no_cash_discount(self):
        order = self._offer()
        order.dealer_trade_in_ids = [
            Command.create({"name": "Old Lark", "dealer_subsidy": 3000, "maker_subsidy": 5000})
        ]
        self.assertEqual(order.dealer_discount_total, 4000)

    def test_an_old_car_pays_its_part_after_its_loan(self):
        order = self._offer_example()
        order.dealer_trade_in_ids = [
            Command.create({"name": "Old Lark", "allowance": 60000, "payoff": 22000})
        ]
        self.assertRecordValues(
            order, [{"dealer_trade_in_equity": 38000, "dealer_amount_due": 131599.65}]
        )

    def test_the_manager_sees_the_gross_while_he_types(self):
        car = self._stock(self._create_vehicle(model_id=self.petrol.id), 132743.36)
        order = self._as(self.max, self._offer_example(car=car))
        with Form(order) as form:
            form.dealer_expected_rebate = 6000
            form.dealer_expected_finance_income = 1886.79
            form.dealer_expected_insurance_income = 792.45
            self.assertAlmostEqual(form.dealer_front_gross, -1946.90)
            self.assertAlmostEqual(form.dealer_rebate_gross, 6000)
            # accessories and plate service without VAT, and the commissions
            self.assertAlmostEqual(form.dealer_back_gross, 2654.87 + 471.70 + 2679.24)
            with form.order_line.edit(0) as line:
                line.price_unit = 150060
            self.assertAlmostEqual(form.dealer_front_gross, -1946.90 + 2000)
        self.assertAlmostEqual(order.dealer_gross_total, order.dealer_front_gross + 6000 + 5805.81)

    def test_over_allowance_eats_the_gross(self):
        order = self._as(self.max, self._offer())
        before = order.dealer_gross_total
        order.dealer_trade_in_ids = [
            Command.create({"name": "Old Lark", "allowance": 60000, "true_value": 57000})
        ]
        self.assertEqual(order.dealer_trade_in_ids.over_allowance, 3000)
        self.assertEqual(order.dealer_trade_gross, -3000)
        self.assertEqual(order.dealer_gross_total, before - 3000)

    def test_an_old_car_that_nobody_has_appraised_is_no_over_allowance(self):
        order = self._as(self.max, self._offer())
        order.dealer_trade_in_ids = [Command.create({"name": "Old Lark", "allowance": 60000})]
        self.assertEqual(order.dealer_trade_gross, 0)

    def test_the_subsidy_of_the_manufacturer_comes_back_without_vat(self):
        order = self._as(self.max, self._offer())
        order.dealer_trade_in_ids = [Command.create({"name": "Old Lark", "maker_subsidy": 5650})]
        self.assertEqual(order.dealer_rebate_gross, 5000)

    def test_only_gifts_of_the_store_cost_gross(self):
        order = self._as(self.max, self._offer())
        for bearer in ("store", "maker", "salesperson", "other"):
            line = self._add(order, "accessory", 1000, dealer_gift_bearer=bearer)
            line.purchase_price = 600
        self.assertRecordValues(
            order, [{"dealer_gift_total": 4000, "dealer_gift_gross": -600, "dealer_back_gross": 0}]
        )

    def test_gifts_change_no_amount_of_the_customer(self):
        order = self._offer_example()
        self._add(order, "gift", 2000)
        self.assertEqual(order.dealer_drive_away_total, 169599.65)

    def test_lines_of_no_part_are_other_services(self):
        order = self._offer()
        other = self.env["product.product"].create({"name": "Photo album", "type": "service"})
        order.order_line = [
            Command.create(
                {"product_id": other.id, "price_unit": 100, "tax_ids": [Command.clear()]}
            )
        ]
        self.assertRecordValues(
            order, [{"dealer_service_total": 100, "dealer_drive_away_total": 147900}]
        )

    def test_sara_sees_no_gross_and_no_value_of_the_old_car(self):
        order = self._offer()
        names = self._as(self.sara, self.env["sale.order"]).fields_get()
        for name in ("dealer_gross_total", "dealer_front_gross", "dealer_expected_rebate"):
            self.assertNotIn(name, names)
        trade_in = self._as(self.sara, self.env["dealer.trade.in"]).create(
            {"order_id": order.id, "name": "Old Lark", "allowance": 60000}
        )
        self.assertNotIn("true_value", trade_in.fields_get())
        with self.assertRaises(AccessError):
            trade_in.read(["over_allowance"])

    def test_colleagues_and_companies_keep_to_their_own_deals(self):
        order = self._offer()
        order.dealer_trade_in_ids = [Command.create({"name": "Old Lark"})]
        order.dealer_scenario_ids = [Command.create({"name": "Cash", "method": "cash"})]
        peer = self._create_person("sally", "sales_consultant")
        for model in ("dealer.trade.in", "dealer.deal.scenario"):
            for person, count in ((peer, 0), (self.charlie, 0), (self.max, 1), (self.fred, 1)):
                found = self._as(person, self.env[model]).search([("order_id", "=", order.id)])
                self.assertEqual(len(found), count, (model, person.name))

    def test_everybody_who_may_read_an_order_can_open_it(self):
        """Odoo's own salespeople too, who have no role of a dealership."""
        order = self._offer_example()
        order.dealer_scenario_ids = [Command.create({"name": "Cash", "method": "cash"})]
        seller = new_test_user(
            self.env,
            login="core_seller",
            groups="sales_team.group_sale_salesman_all_leads",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        cashier = self._create_person("cash", "cashier")
        for person in (seller, self.ken, cashier, self.fred, self.ursula, self.max, self.sara):
            with self.subTest(person=person.login):
                seen = self._as(person, order)
                view = self.env.ref("sale.view_order_form")
                arch = etree.fromstring(seen.get_view(view.id, "form")["arch"])
                page = arch.xpath("//page[@name='dealer_sheet']")
                self.assertEqual(bool(page), person not in (self.ken, cashier))
                names = arch.xpath("//page[@name='dealer_sheet']//field/@name")
                for field in set(names) & set(order._fields):
                    seen.web_read(
                        {field: {"fields": {"name": {}}} if field.endswith("_ids") else {}}
                    )

    def test_the_old_car_of_a_confirmed_deal_is_the_managers(self):
        order = self._sell(self._create_vehicle())
        Trade = self.env["dealer.trade.in"]
        vals = {"order_id": order.id, "name": "Old Lark", "allowance": 60000}
        with self.assertRaisesRegex(UserError, "sales manager"):
            self._as(self.sara, Trade).create(vals)
        trade_in = self._as(self.max, Trade).create(vals)
        with self.assertRaisesRegex(UserError, "sales manager"):
            self._as(self.sara, trade_in).allowance = 70000
        with self.assertRaisesRegex(UserError, "sales manager"):
            self._as(self.sara, trade_in).unlink()
        self._as(self.max, trade_in).allowance = 59000
