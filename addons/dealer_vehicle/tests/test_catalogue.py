from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import DealerVehicleCommon


@tagged("post_install", "-at_install")
class TestCatalogue(DealerVehicleCommon):
    """Brand, series, trim and the guide price in force."""

    def _price(self, price, date_from, **vals):
        return self.env["dealer.guide.price"].create(
            {"model_id": self.trim.id, "price": price, "date_from": date_from, **vals}
        )

    def test_guide_price_is_that_of_today(self):
        self._price(125000, "2026-06-01")
        self._price(99999, "2099-01-01")
        self.trim.invalidate_recordset()
        self.assertEqual(self.trim.guide_price, 125000)
        at = self.trim.with_context(dealer_price_date="2026-03-01")
        self.assertEqual(at.guide_price, 120000)

    def test_trim_without_price_has_none(self):
        trim = self._create_trim("Lark without price")
        self.assertEqual(trim.guide_price, 0)
        self.assertEqual(self._create_vehicle(model_id=trim.id).list_price, 0)

    def test_price_of_the_company_goes_first(self):
        self._price(118000, "2026-01-01", company_id=self.company.id)
        self.trim.invalidate_recordset()
        self.assertEqual(self.trim.guide_price, 118000)
        self.assertEqual(self.trim.with_company(self.other_company).guide_price, 120000)

    def test_a_cut_beyond_the_managers_authority_is_the_general_managers(self):
        """Floors follow the guide price; the manager may take off 2 %, also in steps."""
        greta = self._create_person("greta", "general_manager")
        prices = self._as(self.max, self.env["dealer.guide.price"])
        vals = {"model_id": self.trim.id, "date_from": "2026-11-01"}
        with self.assertRaisesRegex(UserError, "general manager enters"), self.cr.savepoint():
            prices.create({**vals, "price": 117000})
        row = prices.create({**vals, "price": 118000})
        with self.assertRaisesRegex(UserError, "general manager enters"), self.cr.savepoint():
            row.price = 115700
        with self.assertRaisesRegex(UserError, "general manager enters"), self.cr.savepoint():
            prices.create({**vals, "date_from": "2026-11-15", "price": 115700})
        prices.create({**vals, "date_from": "2026-12-20", "price": 115700})
        with self.assertRaisesRegex(UserError, "has been in force since"):
            row.unlink()
        self._as(self.max, self.trim.dealer_guide_price_ids).create(
            {**vals, "model_id": self._create_trim("Lark new").id, "price": 1}
        )
        self._as(greta, prices).create({**vals, "date_from": "2026-11-16", "price": 90000})

    def test_guide_price_in_another_currency_is_converted(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        self.env["res.currency.rate"].create(
            {
                "currency_id": euro.id,
                "company_id": self.company.id,
                "name": "2026-01-01",
                "rate": 0.125,
            }
        )
        self.trim.dealer_guide_price_ids.unlink()
        self._price(50000, "2026-01-01", currency_id=euro.id)
        vehicle = self._as(self.sara, self._create_vehicle())
        self.assertRecordValues(
            vehicle, [{"list_price": 400000, "currency_id": self.company.currency_id.id}]
        )
        product = vehicle._get_or_create_product()
        self.assertEqual(product.list_price, 400000)
        self.assertEqual(self._quote(vehicle).order_line.price_unit, 400000)

    @mute_logger("odoo.sql_db")
    def test_one_price_a_day(self):
        with self.assertRaisesRegex(Exception, "date_unique"), self.cr.savepoint():
            self._price(1, "2026-01-01")

    @mute_logger("odoo.sql_db")
    def test_series_are_unique_within_a_brand(self):
        with self.assertRaisesRegex(Exception, "name_unique"), self.cr.savepoint():
            self.series.copy({"name": "Lark"})

    def test_product_name_does_not_repeat_brand_and_series(self):
        trim = self._create_trim("Golden Lark 2026 Sport")
        self.assertEqual(trim._dealer_get_or_create_product().name, "Golden Lark 2026 Sport")
        self.assertEqual(self.trim._dealer_full_name(), "Golden Lark 1.5T Comfort")

    def test_product_of_a_trim_is_made_once(self):
        product = self.trim._dealer_get_or_create_product()
        self.assertEqual(self.trim._dealer_get_or_create_product(), product)
        # the guide price includes 13 % tax, and so does the price of a car: not a cent is lost
        self.assertEqual(product.list_price, 120000)
        self.assertIn(self.company.dealer_car_tax_id, product.taxes_id)

    def test_trim_counts_its_cars(self):
        self._create_vehicle()
        self._create_vehicle()
        self.assertEqual(self.trim.dealer_vehicle_count, 2)

    def test_readings_and_prices_cannot_be_negative(self):
        with (
            self.assertRaisesRegex(Exception, "price_positive"),
            mute_logger("odoo.sql_db"),
            self.cr.savepoint(),
        ):
            self._price(-1, "2026-02-02")

    def test_odd_reading_dates_are_compared_by_day(self):
        vehicle = self._create_vehicle()
        Reading = self.env["dealer.vehicle.odometer"]
        Reading.create({"vehicle_id": vehicle.id, "date": "2026-02-01", "value": 200})
        with self.assertRaises(ValidationError):
            Reading.create({"vehicle_id": vehicle.id, "date": "2026-01-01", "value": 300})

    def test_nobody_reads_an_odometer_tomorrow(self):
        tomorrow = fields.Date.today() + timedelta(days=2)  # by any time zone
        with self.assertRaisesRegex(ValidationError, "yet to come"):
            self._create_vehicle(odometer_ids=[Command.create({"date": tomorrow, "value": 1})])

    def test_dealers_open_a_trim(self):
        """Core's form counts cars of the own fleet, which only fleet users may read."""
        for person in (self.sara, self.max):
            form = Form(self._as(person, self.trim))
            self.assertEqual(form.name, self.trim.name)
