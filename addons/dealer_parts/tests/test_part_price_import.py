import base64
import csv
import io

from odoo.exceptions import AccessError, UserError
from odoo.fields import Date
from odoo.tests import tagged

from .care_case import PartCareCase


@tagged("post_install", "-at_install")
class TestPartPriceImport(PartCareCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.retail = cls.env.ref("dealer_parts.price_class_retail")
        cls.wholesale = cls.env.ref("dealer_parts.price_class_wholesale")

    def _wizard(self, header, *rows, user=None, **vals):
        text = io.StringIO(newline="")
        csv.writer(text).writerows([header, *rows])
        wizard = (
            self.env["dealer.part.price.import"]
            .with_user(user or self.petra)
            .create(
                {
                    "data_file": base64.b64encode(text.getvalue().encode("utf-8-sig")),
                    "filename": "prices.csv",
                    **vals,
                }
            )
        )
        wizard.action_read_file()
        return wizard

    def _import(self, header, *rows, **vals):
        wizard = self._wizard(header, *rows, **vals)
        wizard.action_import()
        return wizard

    def _find(self, key):
        return self.env["product.product"].search([("dealer_part_key", "=", key)])

    def test_a_file_makes_parts_prices_and_a_chain_of_three_steps(self):
        supplier = self.env["res.partner"].create({"name": "Parts House"})
        self._import(
            ["零件号", "名称", "品牌", "零售价", "批发价", "进价", "起订量", "替代件号"],
            ["04465-0K240", "前刹车片", "Toyota", "280", "", "", "", "04465-0K260"],
            ["04465-0K260", "前刹车片", "Toyota", "290", "250", "", "", "04465-0K280"],
            ["04465-0K280", "前刹车片", "Toyota", "295", "", "", "", "04465-0K290"],
            ["04465-0K290", "前刹车片", "Toyota", "298", "255", "180", "4", ""],
            partner_id=supplier.id,
        )
        found = self.env["product.product"]._dealer_search_parts("044650K240")
        self.assertEqual(len(found), 4)
        self.assertEqual(found[0]._dealer_get_order_part().default_code, "04465-0K290")
        last = self._find("044650K290")
        self.assertEqual(last.list_price, 298)
        self.assertEqual(last._dealer_get_part_price(self.wholesale)[0], 255)
        self.assertEqual(last.seller_ids.price, 180)
        self.assertEqual(last.seller_ids.min_qty, 4)
        self.assertEqual(last.product_brand_id.name, "Toyota")

    def test_the_same_file_again_changes_nothing_and_the_next_one_only_news(self):
        supplier = self.env["res.partner"].create({"name": "Parts House"})
        header = ["零件号", "名称", "零售价", "进价"]
        rows = [["A-1", "甲", "10", "6"], ["B-1", "乙", "20", "12"]]
        day = Date.today()
        self._import(header, *rows, partner_id=supplier.id)
        self._import(header, *rows, partner_id=supplier.id, date_from=Date.add(day, days=3))
        part = self._find("A1")
        self.assertEqual(len(part.dealer_price_ids), 1)
        self.assertEqual(len(part.seller_ids), 1)
        self._import(
            header,
            ["a 1", "甲", "11", "7"],
            ["B-1", "乙", "20", "12"],
            partner_id=supplier.id,
            date_from=Date.add(day, days=3),
        )
        self.assertEqual(part.list_price, 10)  # until the day comes
        self.assertEqual(
            part._dealer_get_part_price(self.retail, date=Date.add(day, days=3))[0], 11
        )
        old, new = part.seller_ids.sorted("date_start")
        self.assertEqual(old.date_end, Date.add(day, days=2))
        self.assertEqual(new.price, 7)
        self.assertEqual(len(self._find("B1").dealer_price_ids), 1)

    def test_bad_rows_are_named_and_good_ones_loaded(self):
        header = ["零件号", "名称", "零售价", "替代件号"]
        wizard = self._wizard(
            header,
            ["A-1", "甲", "10", ""],
            ["a1", "again", "11", ""],
            ["", "no number", "5", ""],
            ["B-1", "bad price", "abc", ""],
            ["C-1", "negative", "-3", ""],
            ["D-1", "unknown successor", "3", "ZZZ-9"],
            ["E-1", "itself", "3", "E1"],
            ["F-1", "loop", "3", "G-1"],
            ["G-1", "loop", "3", "F-1"],
        )
        reasons = {line.line_number: line.reason for line in wizard.line_ids if line.reason}
        self.assertEqual(sorted(reasons), [3, 4, 5, 6, 7, 8, 9, 10])
        self.assertIn("line 2", reasons[3])
        self.assertIn("circle", reasons[10])
        self.assertIn("line 10", reasons[9])
        wizard.action_import()
        self.assertTrue(self._find("A1"))
        self.assertFalse(self._find("B1") | self._find("D1") | self._find("F1") | self._find("G1"))
        wizard.row_policy = "all"
        with self.assertRaisesRegex(UserError, "Nothing was imported"):
            wizard.action_import()

    def test_a_chain_whose_end_is_not_loaded_is_not_loaded(self):
        wizard = self._wizard(
            ["零件号", "零售价", "替代件号"],
            ["A-1", "1", "A-2"],
            ["A-2", "2", "A-3"],
            ["A-3", "-5", ""],
        )
        reasons = {line.line_number: line.reason for line in wizard.line_ids if line.reason}
        self.assertEqual(sorted(reasons), [2, 3, 4])
        self.assertIn("line 3", reasons[2])
        self.assertIn("line 4", reasons[3])

    def test_a_past_price_that_was_wrong_is_corrected_from_today_on(self):
        header, day = ["零件号", "零售价"], Date.today()
        past = Date.subtract(day, days=10)
        self._import(header, ["A-1", "10"], date_from=past)
        self._import(header, ["A-1", "12"], date_from=past)
        prices = self._find("A1").dealer_price_ids.sorted("date_from")
        self.assertEqual(
            prices.mapped(lambda price: (price.date_from, price.price)), [(past, 10), (day, 12)]
        )

    def test_a_loop_with_the_chain_of_the_catalogue(self):
        header = ["零件号", "名称", "替代件号"]
        self._import(header, ["A-1", "甲", "B-1"], ["B-1", "乙", ""])
        wizard = self._wizard(header, ["B-1", "乙", "A-1"])
        self.assertIn("circle", wizard.line_ids.reason)

    def test_a_number_of_several_brands_needs_its_brand(self):
        header = ["number", "name", "brand", "price"]
        self._import(header, ["K-1", "Disc", "Brembo", "10"], ["K-1", "Disc", "ATE", "12"])
        wizard = self._wizard(header, ["K1", "Disc", "", "11"])
        self.assertIn("name the brand", wizard.line_ids.reason)
        self._import(header, ["K1", "Disc", "ATE", "13"])
        self.assertEqual(sorted(self._find("K1").mapped("list_price")), [10, 13])

    def test_prices_without_vat_get_it(self):
        self._import(["number", "name", "price"], ["A-1", "A", "100"], has_vat=False)
        self.assertEqual(self._find("A1").list_price, 113)

    def test_prices_in_another_currency_are_converted(self):
        currency = self.env.ref("base.UAH")
        currency.active = True
        self.env["res.currency.rate"].create(
            {
                "currency_id": currency.id,
                "company_id": self.company.id,
                "name": "2020-01-01",
                "company_rate": 5,
            }
        )
        self._import(
            ["brand", "part_number", "price_uah", "stock_qty", "name"],
            ["CSF", "55038003AG", "6270", "2", "Радіатор"],
            currency_id=currency.id,
        )
        self.assertEqual(self._find("55038003AG").list_price, 1254)

    def test_unknown_numbers_are_errors_when_no_part_may_be_made(self):
        wizard = self._wizard(["number", "price"], ["A-1", "10"], make_parts=False)
        self.assertIn("Nobody knows", wizard.line_ids.reason)

    def test_keepers_import_no_prices(self):
        with self.assertRaises(AccessError):
            self._wizard(["number", "price"], ["A-1", "10"], user=self.pat)

    def test_a_known_part_without_a_brand_gets_it(self):
        part = self._part("A-1")
        self._import(["number", "brand", "price"], ["A1", "Brembo", "10"])
        self.assertEqual(part.product_brand_id.name, "Brembo")
