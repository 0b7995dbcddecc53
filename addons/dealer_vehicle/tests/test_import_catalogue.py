import base64
import datetime

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .import_case import ImportCase, read_data


@freeze_time("2024-06-15")
@tagged("post_install", "-at_install")
class TestImportCatalogue(ImportCase):
    def _import(self, content, **vals):
        """Import and return the message of the result."""
        vals.setdefault("row_policy", "good")
        return self._catalogue_wizard(content, **vals).action_import()["params"]["message"]

    def _trim(self, name):
        return self.env["fleet.vehicle.model"].search([("name", "=", name)])

    def _row(self, **values):
        return {
            "品牌": "Examplia",
            "车系": "Meteor",
            "车型": "2024款 2.0T 标准版",
            "车型代码": "MTR-1",
            "能源类型": "汽油",
            "座位数": 5,
            "指导价": 150_000,
            **values,
        }

    # === REAL FILES ===

    def test_priced_catalogue_is_read_as_it_comes(self):
        wizard = self._catalogue_wizard(read_data("catalogue_priced.csv"), row_policy="good")
        self.assertRecordValues(wizard, [{"row_count": 46, "error_count": 0}])
        wizard.action_import()
        trim = self._trim("轩逸 2023款 1.6L CVT舒享版")
        self.assertRecordValues(
            trim,
            [
                {
                    "dealer_code": "61940",
                    "model_year": "2023",
                    "guide_price": 119_000,
                    "dealer_displacement_ml": 1600,
                    "power": 99.0,
                    "horsepower": 135.0,
                    "default_fuel_type": False,
                }
            ],
        )
        self.assertRecordValues(
            trim.dealer_guide_price_ids,
            [{"date_from": datetime.date(2023, 3, 1), "price": 119_000}],
        )
        self.assertRecordValues(trim.dealer_series_id, [{"name": "轩逸", "maker": "东风日产"}])
        self.assertEqual(trim.brand_id.name, "日产")

    def test_brand_before_the_series_is_taken_off(self):
        self._import(read_data("catalogue_priced.csv"))
        trims = self.env["fleet.vehicle.model"].search([("name", "=like", "速腾 2024款%")])
        self.assertEqual(trims.dealer_series_id.mapped("name"), ["速腾"])

    def test_trims_from_listings_are_read_as_they_come(self):
        self._import(read_data("catalogue_priced.csv"))
        self._import(read_data("trims_listings.csv"))
        trim = self._trim("AION LX 2022款 Plus 80D 旗舰版")
        self.assertRecordValues(
            trim,
            [
                {
                    "dealer_code": False,
                    "default_fuel_type": "electric",
                    "transmission": "automatic",
                    "drive_type": "awd",
                    "guide_price": 339_600,
                }
            ],
        )
        self.assertEqual(trim.dealer_series_id.name, "AION LX")
        self.assertEqual(trim.category_id.name, "中型SUV")
        # The file has no brand column: the one that the manufacturer is known for is taken.
        nissan = self.env["dealer.vehicle.series"].search([("maker", "=", "东风日产")])
        self.assertEqual(nissan.brand_id.mapped("name"), ["日产"])

    def test_every_energy_type_of_the_listings_is_known(self):
        wizard = self._catalogue_wizard(read_data("trims_listings.csv"))
        self.assertFalse([r for r in wizard.line_ids.mapped("reason") if r and "energy" in r])

    def test_importing_twice_changes_nothing(self):
        for name in ("catalogue_priced.csv", "trims_listings.csv"):
            self._import(read_data(name))
        before = self.env["fleet.vehicle.model"].search_count([])
        for name in ("catalogue_priced.csv", "trims_listings.csv"):
            with self.subTest(name=name), freeze_time("2024-07-20"):
                self.assertIn("0 new trims, 0 changed, 0 guide", self._import(read_data(name)))
        self.assertEqual(self.env["fleet.vehicle.model"].search_count([]), before)

    # === PRICES ===

    def test_changed_price_is_added_from_its_date(self):
        self._import([self._row()])
        self._import([self._row(指导价=148_000)], price_date="2024-07-01")
        trim = self._trim("Meteor 2024款 2.0T 标准版")
        self.assertRecordValues(
            trim.dealer_guide_price_ids.sorted("date_from"),
            [
                {"date_from": datetime.date(2024, 6, 15), "price": 150_000},
                {"date_from": datetime.date(2024, 7, 1), "price": 148_000},
            ],
        )
        self.assertEqual(trim.guide_price, 150_000)

    def test_price_of_the_same_day_is_corrected(self):
        self._import([self._row()])
        self._import([self._row(指导价=151_000)])
        prices = self._trim("Meteor 2024款 2.0T 标准版").dealer_guide_price_ids
        self.assertRecordValues(prices, [{"price": 151_000}])

    def test_trim_launched_later_keeps_one_price(self):
        row = self._row(上市时间="2024年9月")
        self._import([row])
        self.assertIn("0 guide prices", self._import([row]))
        prices = self._trim("Meteor 2024款 2.0T 标准版").dealer_guide_price_ids
        self.assertRecordValues(prices, [{"date_from": datetime.date(2024, 9, 1)}])

    def test_price_in_ten_thousands(self):
        row = self._row()
        row["厂商指导价（万元）"] = f"{row.pop('指导价') / 10_000}"
        self._import([row])
        self.assertEqual(self._trim("Meteor 2024款 2.0T 标准版").guide_price, 150_000)

    # === MATCHING AND CHECKS ===

    def test_known_trim_is_updated_and_blanks_keep_what_is_there(self):
        self._import([self._row()])
        self._import([self._row(车型="2024款 2.0T 标准版Pro", 座位数="", 能源类型="插电混动")])
        self.assertRecordValues(
            self.env["fleet.vehicle.model"].search([("dealer_code", "=", "MTR-1")]),
            [
                {
                    "name": "Meteor 2024款 2.0T 标准版Pro",
                    "seats": 5,
                    "default_fuel_type": "plug_in_hybrid_gasoline",
                }
            ],
        )

    def test_trim_known_by_name_gets_its_code(self):
        self._import([self._row(车型代码="")])
        trim = self._trim("Meteor 2024款 2.0T 标准版")
        self._import([self._row(品牌="ＥＸＡＭＰＬＩＡ")])
        self.assertRecordValues(trim, [{"dealer_code": "MTR-1"}])

    def test_name_of_several_trims_needs_the_code(self):
        self._import([self._row(), self._row(车型代码="MTR-2")])
        wizard = self._catalogue_wizard([self._row(车型代码="")])
        self.assertIn("2 trims have this name", wizard.line_ids.reason)

    def test_reasons_of_bad_rows(self):
        rows = [
            self._row(),
            self._row(车型="2024款 豪华版"),
            self._row(车型代码="MTR-2", 品牌=""),
            self._row(车型代码="MTR-3", 车系="", 车型="豪华版"),
            self._row(车型代码="MTR-4", 指导价="-5"),
            self._row(车型代码="MTR-5", 座位数="五"),
            self._row(车型代码="MTR-6", 车型=""),
        ]
        wizard = self._catalogue_wizard(rows)
        expected = ["lines 2, 3", "brand", "series", "greater than zero", "五", "Trim is empty"]
        found = self._reasons(wizard)
        self.assertEqual(list(found), [3, 4, 5, 6, 7, 8])
        for reason, text in zip(expected, found.values(), strict=True):
            self.assertIn(reason, text)
        with self.assertRaisesRegex(UserError, "6 of 7 rows"):
            wizard.action_import()
        self.assertFalse(self.env["dealer.vehicle.series"].search([("name", "=", "Meteor")]))

    def test_unknown_energy_type_is_a_warning(self):
        wizard = self._catalogue_wizard([self._row(能源类型="Dilithium")])
        self.assertIn("Dilithium", self._reasons(wizard, "warning")[2])

    # === SPEED AND RIGHTS ===

    def test_statements_do_not_grow_with_the_rows(self):
        statements = []
        for count in (200, 400):
            rows = [
                self._row(车型=f"2024款 {count}-{index}", 车型代码=f"M-{count}-{index}")
                for index in range(count)
            ]
            wizard = self._catalogue_wizard(rows)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            wizard.action_import()
            self.env.flush_all()
            statements.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual((statements[1] - statements[0]) / 200, 0.1)

    def test_who_may_not_import(self):
        sara = new_test_user(self.env, "sara_import", groups="dealer_base.group_sales_consultant")
        with self.assertRaises(AccessError):
            self._catalogue_wizard([self._row()], user=sara)

    def test_template_can_be_imported(self):
        template = self.env["dealer.catalogue.import"].with_user(self.max).new().template_file
        message = self._import(base64.b64decode(template))
        self.assertIn("1 new trims", message)
