import psycopg2

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Date
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .care_case import PartCareCase


@tagged("post_install", "-at_install")
class TestPartCatalogue(PartCareCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.old, cls.middle, cls.new = (
            cls._part(number) for number in ("04465-0K240", "04465-0K260", "04465-0K290")
        )

    def _replace(self, old, new, **vals):
        return (
            self.env["dealer.part.supersession"]
            .with_user(self.pat)
            .create({"old_product_id": old.id, "new_product_id": new.id, **vals})
        )

    def _chain(self):
        return self._replace(self.old, self.middle) + self._replace(self.middle, self.new)

    # === A PART ===

    def test_a_new_part_is_kept_in_stock_at_a_price_with_vat(self):
        form = Form(self.env["product.template"].with_user(self.petra))
        form.name = "Oil Filter"
        form.default_code = "90915-YZZD4"
        form.categ_id = self.category
        part = form.save()
        self.assertTrue(part.is_storable)
        taxes = part.sudo().taxes_id
        companies = self.env["res.company"].search([("dealer_car_tax_id", "!=", False)])
        self.assertEqual(taxes & companies.dealer_car_tax_id, companies.dealer_car_tax_id)
        self.assertFalse(taxes & companies.account_sale_tax_id - companies.dealer_car_tax_id)
        created = self.env["product.product"].create(
            {"name": "By Import", "default_code": "X-1", "categ_id": self.category.id}
        )
        self.assertTrue(created.is_storable)
        self.assertEqual(created.taxes_id, taxes)

    @mute_logger("odoo.sql_db")
    def test_a_number_once_for_a_brand(self):
        brands = self.env["product.brand"].create([{"name": "A"}, {"name": "B"}])
        self._part("K 1", product_brand_id=brands[0].id)
        self._part("K-1", product_brand_id=brands[1].id)
        with self.assertRaises(psycopg2.IntegrityError), self.cr.savepoint():
            self._part("k1", product_brand_id=brands[0].id)
            self.env.flush_all()

    # === CHAINS ===

    def test_any_number_of_three_finds_the_part(self):
        self._chain()
        Product = self.env["product.product"].with_user(self.pat)
        for text in ("044650k240", "04465 0K260", "04465-0K290"):
            found = Product._dealer_search_parts(text)
            self.assertEqual(set(found), {self.old, self.middle, self.new}, text)
            self.assertEqual(
                found[0].dealer_part_key, text.upper().replace(" ", "").replace("-", "")
            )
            names = Product.name_search(text)
            self.assertIn(self.new.id, [product_id for product_id, _name in names], text)
            self.assertIn(
                self.new.product_tmpl_id,
                self.env["product.template"].search([("dealer_number_search", "ilike", text)]),
            )

    def test_the_end_of_the_chain_is_ordered_and_the_oldest_sold_first(self):
        self._chain()
        for part in (self.old, self.middle, self.new):
            self.assertEqual(part._dealer_get_order_part(), self.new)
            self.assertEqual(
                part._dealer_get_sale_order().ids, (self.old + self.middle + self.new).ids
            )
        self.assertEqual(self.old.dealer_chain, "04465-0K240 → 04465-0K260 → 04465-0K290")
        self.assertTrue(self.old.dealer_is_replaced)
        self.assertFalse(self.new.dealer_is_replaced)
        found = self.env["product.template"].search(
            [("dealer_is_replaced", "=", True), ("default_code", "like", "04465-0K")]
        )
        self.assertEqual(found.product_variant_ids, self.old + self.middle)

    def test_a_circle_is_refused(self):
        self._chain()
        with self.assertRaisesRegex(ValidationError, "in a circle: .*0K240 → .*0K260"):
            self._replace(self.new, self.old)

    def test_a_part_that_must_not_be_fitted_is_not_sold_for_the_new_one(self):
        self._replace(self.old, self.new, use_old=False)
        self.assertEqual(self.new._dealer_get_sale_order(), self.new)
        self.assertEqual(self.old._dealer_get_sale_order().ids, [self.new.id, self.old.id])

    def test_what_is_replaced_next_month_is_ordered_until_then(self):
        self._replace(self.old, self.new, date_from=Date.add(Date.today(), days=30))
        self.assertEqual(self.old._dealer_get_order_part(), self.old)
        self.assertFalse(self.old.dealer_is_replaced)

    def test_a_divided_part_is_ordered_as_its_pieces(self):
        self._replace(self.old, self.middle, kind="split")
        self._replace(self.old, self.new, kind="split", quantity=2)
        self.assertEqual(
            self.old._dealer_get_order_quantities()[self.old], {self.middle: 1, self.new: 2}
        )
        self.assertEqual(self.old._dealer_get_sale_order(), self.old)
        with self.assertRaisesRegex(ValidationError, "divided into several"):
            self._replace(self.old, self._part("OTHER-1"))

    def test_merged_parts_have_one_successor(self):
        self._replace(self.old, self.new, kind="merge")
        self._replace(self.middle, self.new, kind="merge")
        self.assertEqual((self.old + self.middle).mapped("dealer_is_replaced"), [True, True])
        self.assertEqual(self.middle._dealer_get_order_part(), self.new)

    def test_interchangeable_parts_stand_for_each_other(self):
        self._replace(self.old, self.new, kind="two_way")
        self.assertEqual(self.new._dealer_get_sale_order(), self.old + self.new)
        self.assertEqual(self.old._dealer_get_order_part(), self.old)

    @mute_logger("odoo.sql_db")
    def test_one_successor_only(self):
        self._replace(self.old, self.middle)
        with self.assertRaises(psycopg2.IntegrityError), self.cr.savepoint():
            self._replace(self.old, self.new)
            self.env.flush_all()

    def test_a_technician_reads_and_changes_nothing(self):
        row = self._replace(self.old, self.new)
        tina = self._create_person("tina", "technician")
        self.assertTrue(row.with_user(tina).display_name)
        with self.assertRaises(AccessError):
            row.with_user(tina).note = "x"

    def test_families_cost_one_statement(self):
        self._chain()
        parts = self.old + self.middle + self.new + self._part("ALONE-1")
        self.env.flush_all()
        with self.assertQueryCount(1):
            families = parts._dealer_get_families()
        self.assertEqual([len(families[part]) for part in parts], [3, 3, 3, 1])

    # === FITMENT ===

    def test_a_part_fits_trims_years_and_engines(self):
        model = (
            self.car_model
            if hasattr(self, "car_model")
            else self.env["fleet.vehicle.model"].search(
                [("dealer_series_id", "!=", False)], limit=1
            )
        )
        Fitment = self.env["dealer.part.fitment"].with_user(self.pat)
        by_trim = Fitment.create(
            {
                "product_tmpl_id": self.new.product_tmpl_id.id,
                "model_id": model.id,
                "year_from": 2020,
            }
        )
        self.assertEqual(by_trim.brand_id, model.brand_id)
        self.assertEqual(by_trim.series_id, model.dealer_series_id)
        by_brand = Fitment.create(
            {
                "product_tmpl_id": self.old.product_tmpl_id.id,
                "brand_id": model.brand_id.id,
                "engine": "EA888",
                "year_to": 2019,
            }
        )
        rows = by_trim + by_brand
        for year, engine, expected in (
            (2021, "", by_trim),
            (2018, "ea888", by_brand),
            (2018, "EA211", Fitment),
            (0, "", rows),
        ):
            domain = Fitment._get_domain(model, year, engine)
            self.assertEqual(rows.filtered_domain(domain), expected, (year, engine))

    def test_an_alternative_is_another_part(self):
        row = self.env["dealer.part.alternative"].create(
            {"product_tmpl_id": self.new.product_tmpl_id.id, "alternative_id": self.old.id}
        )
        with self.assertRaisesRegex(ValidationError, "alternative of itself"):
            row.alternative_id = self.new
