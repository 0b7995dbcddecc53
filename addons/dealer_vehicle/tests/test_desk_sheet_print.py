import re

from lxml import html

from odoo import Command
from odoo.tests import tagged

from .desk_sheet_case import DeskSheetCase


@tagged("post_install", "-at_install")
class TestDeskSheetPrint(DeskSheetCase):
    """The printed deal sheet says what the order says, and nothing that is not for the customer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.external_report_layout_id = cls.env.ref("dealer_base.external_layout_dealer")

    def _print(self, order):
        """Words of the sheet as the salesperson prints it."""
        content, kind = (
            self.env["ir.actions.report"]
            .with_user(self.sara)
            ._render_qweb_html("dealer_vehicle.report_deal_sheet", order.ids)
        )
        self.assertEqual(kind, "html")
        text = html.fromstring(content).xpath("string(//div[contains(@class, 'o_dealer_sheet')])")
        return " ".join(re.sub("[\ufeff\u200b]", "", text).split())

    def test_the_worked_example_on_paper(self):
        order = self._offer_example()
        order.dealer_scenario_ids = [
            Command.create({"name": "Cash", "method": "cash"}),
            Command.create({"name": "Loan A", "annual_rate": 4.75, "months": 36}),
        ]
        text = self._print(order)
        for amount in (
            "159,800.00",
            "12,000.00",
            "147,800.00",
            "130,796.46",
            "13,079.65",
            "950.00",
            "70.00",
            "4,200.00",
            "500.00",
            "3,000.00",
            "169,599.65",
            "44,340.00",
            "103,460.00",
            "66,139.65",
            "3,089.19",
        ):
            self.assertIn(amount, text)

    def test_rows_add_up_and_stand_in_the_order_of_the_trade(self):
        order = self._offer()
        self._add(order, "accessory", 3000)
        self._add(order, "commercial_insurance", 4200)
        order.action_dealer_compute_services()
        rows = order._dealer_get_sheet_rows()
        names = [row["name"] for row in rows]
        tax, insurance, accessory = (
            names.index(self._product(name).display_name)
            for name in ("purchase_tax", "commercial_insurance", "accessory")
        )
        self.assertLess(tax, insurance)
        self.assertLess(insurance, accessory)
        bare, last = (index for index, row in enumerate(rows) if row["is_total"])
        self.assertEqual(sum(row["amount"] for row in rows[:bare]), rows[bare]["amount"])
        self.assertAlmostEqual(sum(row["amount"] for row in rows[bare:last]), rows[last]["amount"])

    def test_trade_in_and_gifts_are_on_the_sheet_but_no_secrets(self):
        order = self._offer_example()
        self._add(order, "gift", 800)
        self._as(self.max, order).dealer_trade_in_ids = [
            Command.create(
                {
                    "name": "Old Lark",
                    "allowance": 60000,
                    "true_value": 55123,
                    "payoff": 22000,
                    "maker_subsidy": 3000,
                }
            )
        ]
        text = self._print(order)
        for word in ("Old Lark", "38,000.00", "131,599.65", "800.00", "9,000.00"):
            self.assertIn(word, text)
        gift = self._product("gift").with_context(lang=order.partner_id.lang)
        self.assertIn(gift.display_name, text)
        for secret in ("55,123", "4,877", "gross", "Gross"):
            self.assertNotIn(secret, text)

    def test_the_button_prints(self):
        order = self._offer()
        action = self._as(self.sara, order).action_dealer_print_sheet()
        self.assertEqual(action["report_name"], "dealer_vehicle.report_deal_sheet")
