from datetime import timedelta

from lxml import etree

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger
from odoo.tools.safe_eval import safe_eval

from .common import DealerVehicleCommon

PIXEL = (
    b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5Er"
    b"kJggg=="
)


@tagged("post_install", "-at_install")
class TestVehicle(DealerVehicleCommon):
    """Identity, readings, owners, photos and the facts that nobody writes."""

    def _age(self, vehicle, days):
        """Let the car have come in some days ago."""
        moves = vehicle.lot_id._dealer_last_in_moves()[vehicle.lot_id]
        moves.date = fields.Datetime.now() - timedelta(days=days)
        vehicle._dealer_facts_changed()

    # === IDENTITY ===
    def test_numbers_are_stored_in_one_way(self):
        vehicle = self._create_vehicle(vin=" lgxc16af4t-1234567 ", license_plate="沪a·12345")
        self.assertEqual(vehicle.vin, "LGXC16AF4T1234567")
        self.assertEqual(vehicle.license_plate, "沪A12345")

    def test_a_vin_has_seventeen_characters(self):
        with self.assertRaisesRegex(ValidationError, "is not a VIN"):
            self._create_vehicle(vin="LGXC16AF4T")

    def test_a_vin_has_no_letter_o(self):
        with self.assertRaises(ValidationError):
            self._create_vehicle(vin="LGXC16AF4T000000O")

    def test_an_odd_check_digit_only_warns(self):
        vehicle = self._create_vehicle(vin="1M8GDM9A0KP042788")
        self.assertIn("X", vehicle.vin_warning)
        self.assertFalse(self._create_vehicle(vin="1M8GDM9AXKP042788").vin_warning)

    # === PLATES ===
    def test_a_plate_has_letters_and_digits(self):
        for plate in ("???", "沪A1234*", "无！"):
            with self.assertRaisesRegex(ValidationError, "no number plate"):
                self._create_vehicle(license_plate=plate)

    def test_an_odd_plate_only_warns(self):
        for plate in ("苏E12345", "沪AD12345", False):
            self.assertFalse(self._create_vehicle(license_plate=plate).license_plate_warning)
        for plate in ("苏E临0012", "M-XY 1234", "京I12345"):
            vehicle = self._create_vehicle(license_plate=plate)
            self.assertIn("plate of the mainland", vehicle.license_plate_warning, plate)

    def test_one_plate_on_two_cars_warns_on_both(self):
        cars = self._stock() | self._stock() | self._stock()
        cars[0].license_plate = "苏G5N0K8"
        self.assertFalse(cars[0].license_plate_warning)
        cars[1].license_plate = "苏g·5n0k8"
        self.env.invalidate_all()
        self.assertIn(cars[1].vin, cars[0].license_plate_warning)
        self.assertIn(cars[0].vin, cars[1].license_plate_warning)
        self.assertFalse(cars[2].license_plate_warning)

    def test_plate_of_a_sold_car_warns_and_that_of_a_customers_car_does_not(self):
        sold = self._stock()
        sold.license_plate = "苏G5N0K8"
        self._deliver(self._sell(sold))
        old = self._create_vehicle(kind="customer", license_plate="苏G11111")
        car = self._stock()
        car.license_plate = "苏G5N0K8"
        self.assertIn(sold.vin, car.license_plate_warning)
        car.license_plate = old.license_plate
        self.assertFalse(car.license_plate_warning)
        self.assertFalse(old.license_plate_warning)

    def test_factory_orders_have_no_vin(self):
        first, second = self._create_vehicle(vin=False), self._create_vehicle(vin="")
        self.assertEqual((first | second).mapped("vin"), [False, False])

    @mute_logger("odoo.sql_db")
    def test_one_vin_is_one_car(self):
        vehicle = self._create_vehicle()
        with self.assertRaisesRegex(Exception, "vin_unique"), self.cr.savepoint():
            self._create_vehicle(vin=vehicle.vin.lower())

    def test_find_or_create_finds_the_archived_car_too(self):
        vehicle = self._create_vehicle()
        vehicle.active = False
        found = self.env["dealer.vehicle"]._find_or_create(
            vehicle.vin.lower(), {"model_id": self.trim.id}
        )
        self.assertEqual(found, vehicle)
        other = self.env["dealer.vehicle"]._find_or_create(
            self._new_vin(), {"model_id": self.trim.id}
        )
        self.assertNotEqual(other, vehicle)

    def test_one_box_finds_vin_plate_trim_and_owner(self):
        vehicle = self._create_vehicle(license_plate="沪A98765")
        vehicle._dealer_set_owner(self.customer, "2026-01-01")
        self.env.flush_all()
        for text in (vehicle.vin[-6:], vehicle.vin.lower(), "98765", "Lark 1.5T", "Li Ming"):
            found = self.env["dealer.vehicle"].name_search(text, limit=100)
            self.assertIn(vehicle.id, [found_id for found_id, _name in found], text)
        found = self.env["dealer.vehicle"].name_search("Nobody of that name")
        self.assertFalse(found)

    def _find(self, text):
        found = self.env["dealer.vehicle"].name_search(text, limit=100)
        return self.env["dealer.vehicle"].browse(found_id for found_id, _name in found)

    def test_one_box_finds_brand_and_series(self):
        brand = self.env["fleet.vehicle.model.brand"].create({"name": "启明"})
        series = self.env["dealer.vehicle.series"].create({"name": "远航", "brand_id": brand.id})
        trim = self.env["fleet.vehicle.model"].create(
            {"name": "1.5T 舒适型", "brand_id": brand.id, "dealer_series_id": series.id}
        )
        vehicle = self._create_vehicle(model_id=trim.id)
        other = self._create_vehicle(model_id=trim.id)
        for text in ("远航", "启明"):
            self.assertEqual(self._find(text), vehicle | other, text)
        by_domain = self.env["dealer.vehicle"].search([("display_name", "ilike", "远航")])
        self.assertEqual(by_domain, vehicle | other)

    def test_one_box_takes_several_words(self):
        vehicle = self._create_vehicle(license_plate="沪A98765")
        other = self._create_vehicle()
        vehicle._dealer_set_owner(self.customer, "2026-01-01")
        self.env.flush_all()
        number = vehicle.vin[-8:]
        for text in (
            f"Lark {number}",
            f"golden  {number}",
            "Golden Li",
            "沪A 98765",
            f"{vehicle.vin[:9]} {vehicle.vin[9:]}",
            vehicle.with_context(lang=None).display_name,
            other.display_name.replace(other.vin[-8:], number),
        ):
            self.assertEqual(self._find(text), vehicle, text)
        self.assertIn(other, self._find("Golden Lark"))
        self.assertFalse(self._find(f"Sparrow {number}"))

    def test_box_search_respects_the_company(self):
        vehicle = self._stock()
        found = self._as(self.charlie, self.env["dealer.vehicle"]).name_search(vehicle.vin)
        self.assertFalse(found)

    def test_name_shows_brand_trim_and_number(self):
        vehicle = self._create_vehicle()
        self.assertEqual(vehicle.display_name, f"Golden Lark 1.5T Comfort …{vehicle.vin[-8:]}")
        vehicle.license_plate = "沪A12345"
        self.assertIn("沪A12345", vehicle.display_name)

    def test_name_does_not_repeat_the_brand(self):
        vehicle = self._create_vehicle(model_id=self._create_trim("Golden Lark Sport").id)
        self.assertEqual(vehicle.display_name, f"Golden Lark Sport …{vehicle.vin[-8:]}")

    def test_name_says_the_series_once(self):
        """Some catalogues put the series before the trim, others have a column for it."""
        brand = self.env["fleet.vehicle.model.brand"].create({"name": "启明"})
        series = self.env["dealer.vehicle.series"].create({"name": "远航", "brand_id": brand.id})
        for name in ("2026款 1.5T 舒适型", "远航 2026款 1.5T 舒适型"):
            trim = self.env["fleet.vehicle.model"].create(
                {"name": name, "brand_id": brand.id, "dealer_series_id": series.id}
            )
            car = self._create_vehicle(model_id=trim.id)
            self.assertEqual(car.display_name, f"启明 远航 2026款 1.5T 舒适型 …{car.vin[-8:]}")
            self.assertEqual(trim.display_name, "启明/远航 2026款 1.5T 舒适型")
            self.assertEqual(
                trim.with_context(dealer_trim_only=True).display_name, "2026款 1.5T 舒适型"
            )

    def test_views_show_the_trim_alone_beside_its_brand(self):
        self.assertEqual(self.trim.display_name, "Golden/Lark 1.5T Comfort")
        for view in ("kanban", "list"):
            arch = etree.fromstring(self.env["dealer.vehicle"].get_view(view_type=view)["arch"])
            node = arch.xpath("//field[@name='model_id']")[0]
            context = safe_eval(node.get("context"))
            for beside in ("brand_id", "series_id"):
                self.assertTrue(arch.xpath(f"//field[@name='{beside}']"), (view, beside))
            name = self.trim.with_context(**context).display_name
            self.assertEqual(name, "1.5T Comfort", view)

    def test_trims_are_labelled_in_words_of_the_trade(self):
        view = self.env.ref("dealer_vehicle.dealer_fleet_vehicle_model_view_list")
        for view_type, view_id, words in (
            ("list", view.id, {"brand_id": "Brand", "name": "Trim"}),
            ("search", False, {"brand_id": "Brand", "name": "Trim"}),
        ):
            arch = self.env["fleet.vehicle.model"].get_view(view_id, view_type)["arch"]
            for name, label in words.items():
                node = etree.fromstring(arch).xpath(f"//field[@name='{name}']")[0]
                self.assertEqual(node.get("string"), label)
        form = etree.fromstring(self.env["fleet.vehicle.model"].get_view(view_type="form")["arch"])
        labels = {node.get("for"): node.get("string") for node in form.xpath("//label")}
        self.assertEqual((labels["brand_id"], labels["name"]), ("Brand", "Trim"))

    def test_brand_and_series_follow_the_trim(self):
        vehicle = self._create_vehicle()
        self.assertEqual((vehicle.brand_id, vehicle.series_id), (self.brand, self.series))

    # === PRICE, ARCHIVE ===
    @mute_logger("odoo.sql_db")
    def test_asking_price_is_not_negative(self):
        with self.assertRaisesRegex(Exception, "asking_price_positive"), self.cr.savepoint():
            self._create_vehicle(asking_price=-1)
        vehicle = self._create_vehicle()
        with self.assertRaisesRegex(Exception, "asking_price_positive"), self.cr.savepoint():
            self._as(self.max, vehicle).asking_price = -50000
            self.env.flush_all()
        vehicle.asking_price = 0

    def test_a_car_in_the_books_is_not_archived(self):
        ordered = self._create_vehicle()
        self._buy(ordered)
        reserved = self._stock()
        self._sell(reserved)
        for vehicle in (ordered, self._stock(), reserved):
            with self.assertRaisesRegex(UserError, "cannot be archived"), self.cr.savepoint():
                self._as(self.max, vehicle).action_archive()
            with self.assertRaisesRegex(UserError, "cannot be archived"), self.cr.savepoint():
                vehicle.active = False
            self.assertTrue(vehicle.active)
        self._deliver(reserved.sale_line_id.order_id)
        self._as(self.max, reserved).action_archive()
        self.assertFalse(reserved.active)
        self._as(self.max, reserved).action_unarchive()
        self.assertTrue(reserved.active)

    def test_an_archived_car_that_comes_back_is_shown_again(self):
        vehicle = self._create_vehicle()
        vehicle.action_archive()
        self._buy(vehicle)
        self.assertRecordValues(vehicle, [{"status": "on_order", "active": True}])

    # === VIN CORRECTION ===
    def test_vin_of_a_received_car_is_fixed(self):
        vehicle = self._stock()
        with self.assertRaisesRegex(UserError, "cannot be edited any more"):
            vehicle.vin = self._new_vin()

    def test_vin_of_an_expected_car_may_be_corrected(self):
        vehicle = self._create_vehicle()
        vin = self._new_vin()
        vehicle.vin = vin
        self.assertEqual(vehicle.vin, vin)

    def test_manager_corrects_the_vin_with_a_reason(self):
        vehicle = self._stock()
        old, new = vehicle.vin, self._new_vin()
        self._as(self.max, vehicle).action_correct_vin(new, "typing error on the arrival list")
        self.assertEqual((vehicle.vin, vehicle.lot_id.name), (new, new))
        self.assertIn("typing error", vehicle.message_ids[0].body)
        self.assertIn(old, vehicle.message_ids[0].body)

    def test_correction_needs_a_manager_and_a_reason(self):
        vehicle = self._stock()
        with self.assertRaises(UserError):
            self._as(self.sara, vehicle).action_correct_vin(self._new_vin(), "because")
        with self.assertRaises(UserError):
            self._as(self.max, vehicle).action_correct_vin(self._new_vin(), "")

    def test_no_context_of_a_client_unlocks_the_vin(self):
        vehicle = self._stock()
        client = self._as(self.sara, vehicle).with_context(dealer_vin_correction=True)
        with self.assertRaisesRegex(UserError, "cannot be edited any more"):
            client.write({"vin": self._new_vin()})

    def test_corrected_vin_is_stored_in_the_one_way_and_checked(self):
        vehicle = self._stock()
        vin = self._new_vin()
        self._as(self.max, vehicle).action_correct_vin(f" {vin.lower()} ", "typing error")
        self.assertEqual((vehicle.vin, vehicle.lot_id.name), (vin, vin))
        with self.assertRaisesRegex(ValidationError, "is not a VIN"):
            self._as(self.max, vehicle).action_correct_vin("LGXC16AF4T", "typing error")

    def test_a_manager_corrects_the_vin_by_a_button(self):
        vehicle = self._stock()
        old, new = vehicle.vin, "LSVAU218XN2183294"
        action = self._as(self.max, vehicle).action_open_vin_correction()
        Wizard = self._as(self.max, self.env[action["res_model"]]).with_context(**action["context"])
        form = Form(Wizard)
        self.assertEqual(form.old_vin, old)
        form.vin = "LSVAU2181N2183294"
        self.assertIn("check digit", form.vin_warning)
        form.vin = new
        self.assertFalse(form.vin_warning)
        with self.assertRaisesRegex(AssertionError, "required"):
            form.save()
        form.reason = "Typing error on the arrival list"
        form.save().action_correct()
        self.assertEqual((vehicle.vin, vehicle.lot_id.name), (new, new))
        for text in (old, new, "Typing error on the arrival list"):
            self.assertIn(text, vehicle.message_ids[0].body)

    def test_the_form_leaves_the_vin_of_a_received_car_to_the_button(self):
        vehicle = self._stock()
        form = Form(self._as(self.max, vehicle))
        with self.assertRaisesRegex(AssertionError, "readonly"):
            form.vin = self._new_vin()
        expected = Form(self._as(self.max, self._create_vehicle()))
        expected.vin = self._new_vin()
        with self.assertRaises(AccessError):
            self._as(self.sara, self.env["dealer.vin.correction"]).create(
                {"vehicle_id": vehicle.id, "vin": self._new_vin(), "reason": "because"}
            )

    def test_a_correction_says_what_and_why(self):
        vehicle = self._stock()
        mine = self._as(self.max, vehicle)
        for vin, reason in ((False, "because"), (vehicle.vin, "because"), (self._new_vin(), "  ")):
            with self.assertRaises(UserError):
                mine.action_correct_vin(vin, reason)

    def test_car_with_a_life_in_the_books_cannot_be_deleted(self):
        with self.assertRaises(UserError):
            self._stock().unlink()

    def test_copy_keeps_no_number(self):
        vehicle = self._stock()
        copy = vehicle.copy()
        self.assertRecordValues(
            copy, [{"vin": False, "lot_id": False, "model_id": self.trim.id, "status": "customer"}]
        )

    # === ODOMETER ===
    def test_odometer_is_the_latest_reading(self):
        vehicle = self._create_vehicle()
        self.env["dealer.vehicle.odometer"].create(
            [
                {"vehicle_id": vehicle.id, "date": "2026-03-01", "value": 9000},
                {"vehicle_id": vehicle.id, "date": "2026-01-01", "value": 5000},
            ]
        )
        self.assertEqual(vehicle.odometer, 9000)

    def test_typing_the_odometer_adds_a_reading(self):
        vehicle = self._create_vehicle()
        vehicle.odometer = 12
        self.assertEqual(vehicle.odometer_ids.value, 12)

    def test_odometer_cannot_run_backwards(self):
        vehicle = self._create_vehicle()
        vals = {"vehicle_id": vehicle.id, "date": "2026-01-01", "value": 9000}
        self.env["dealer.vehicle.odometer"].create(vals)
        back = dict(vals, date="2026-02-01", value=100)
        with self.assertRaisesRegex(ValidationError, "9000"), self.cr.savepoint():
            self.env["dealer.vehicle.odometer"].create(back)
        self.env["dealer.vehicle.odometer"].create(dict(back, is_replacement=True))
        self.assertEqual(vehicle.odometer, 100)

    # === OWNERS, PHOTOS, PAPERS ===
    def test_new_owner_ends_the_ownership_before(self):
        vehicle = self._create_vehicle(kind="customer")
        vehicle._dealer_set_owner(self.customer, fields.Date.to_date("2026-01-01"))
        vehicle._dealer_set_owner(self.other_customer, fields.Date.to_date("2026-05-01"))
        self.assertEqual(vehicle.partner_id, self.other_customer)
        self.assertRecordValues(
            vehicle.owner_ids.sorted("date_from", reverse=True),
            [
                {"partner_id": self.other_customer.id, "date_to": False},
                {"partner_id": self.customer.id, "date_to": fields.Date.to_date("2026-05-01")},
            ],
        )
        self.assertEqual(self.other_customer.dealer_vehicle_ids, vehicle)
        self.assertEqual(self.customer.dealer_vehicle_count, 0)
        self.assertEqual(self.customer.action_view_dealer_vehicles()["res_id"], vehicle.id)

    def test_a_driver_is_not_the_owner(self):
        vehicle = self._create_vehicle(kind="customer")
        self.env["dealer.vehicle.owner"].create(
            {"vehicle_id": vehicle.id, "partner_id": self.customer.id, "role": "driver"}
        )
        self.assertFalse(vehicle.partner_id)
        self.assertEqual(self.customer.dealer_vehicle_count, 1)

    def test_missing_photos_are_named(self):
        vehicle = self._create_vehicle()
        slot = self.env.ref("dealer_vehicle.dealer_photo_slot_vin_plate")
        self.assertIn(slot, vehicle.missing_slot_ids)
        self.env["dealer.vehicle.photo"].create(
            {"vehicle_id": vehicle.id, "slot_id": slot.id, "image_1920": PIXEL}
        )
        self.assertNotIn(slot, vehicle.missing_slot_ids)

    def test_papers_are_attachments_of_a_kind(self):
        vehicle = self._create_vehicle()
        kind = self.env.ref("dealer_vehicle.dealer_document_type_conformity")
        paper = self.env["ir.attachment"].create(
            {
                "name": "conformity.pdf",
                "raw": b"paper",
                "res_model": "dealer.vehicle",
                "res_id": vehicle.id,
                "dealer_document_type_id": kind.id,
            }
        )
        self.assertEqual(vehicle.document_ids, paper)

    # === FACTS ===
    def test_foreign_car_is_not_ours(self):
        vehicle = self._create_vehicle(kind="customer")
        self.assertRecordValues(
            vehicle,
            [{"status": "customer", "location_id": False, "date_in": False, "company_id": False}],
        )

    def test_place_follows_a_relocation(self):
        vehicle = self._stock()
        demo = self.warehouse._dealer_place("demo")
        vehicle.lot_id.location_id = demo
        self.assertEqual((vehicle.location_id, vehicle.warehouse_id), (demo, self.warehouse))
        self.assertEqual(vehicle.status, "in_stock")

    def test_days_in_stock_start_with_the_receipt(self):
        vehicle = self._stock()
        self.assertEqual((vehicle.days_in_stock, vehicle.age_band), (0, "30"))
        self._age(vehicle, 45)
        self.assertEqual((vehicle.days_in_stock, vehicle.age_band), (45, "60"))

    def test_relocation_does_not_restart_the_days(self):
        vehicle = self._stock()
        self._age(vehicle, 45)
        vehicle.lot_id.location_id = self.warehouse._dealer_place("yard")
        self.assertEqual(vehicle.days_in_stock, 45)

    def test_buy_back_restarts_the_days(self):
        vehicle = self._stock()
        self._age(vehicle, 45)
        self._deliver(self._sell(vehicle))
        self.assertEqual(vehicle.days_in_stock, 45)
        self.assertFalse(vehicle.age_band)
        self._stock(vehicle, partner=self.customer)
        self.assertEqual(vehicle.days_in_stock, 0)
        self.assertFalse(vehicle.date_out)

    def test_stock_age_can_be_searched(self):
        fresh, old = self._stock(), self._stock()
        self._age(old, 100)
        Vehicle = self.env["dealer.vehicle"]
        ours = [("id", "in", (fresh | old).ids)]
        self.assertEqual(Vehicle.search([("days_in_stock", ">", 90), *ours]), old)
        self.assertEqual(Vehicle.search([("days_in_stock", "<=", 90), *ours]), fresh)
        self.assertEqual(Vehicle.search([("age_band", "=", "180"), *ours]), old)
        self.assertEqual(Vehicle.search([("age_band", "in", ["30", "180"]), *ours]), fresh | old)

    def test_company_is_that_of_the_place(self):
        vehicle = self._stock()
        self.assertEqual(vehicle.company_id, self.company)
        self.assertEqual(vehicle.currency_id, self.company.currency_id)

    def test_buttons_open_the_documents(self):
        vehicle = self._stock()
        order = self._sell(vehicle)
        self.assertEqual(vehicle.action_view_sale_orders()["res_id"], order.id)
        self.assertEqual(
            vehicle.action_view_purchase_orders()["res_id"], vehicle.purchase_line_id.order_id.id
        )
        self.assertEqual(vehicle.action_view_pickings()["res_model"], "stock.picking")
        self.assertEqual(order.action_view_dealer_vehicles()["res_id"], vehicle.id)
        self.assertEqual(order.sudo().picking_ids.dealer_vehicle_ids, vehicle)
        purchase = vehicle.purchase_line_id.order_id
        self.assertEqual(purchase.action_view_dealer_vehicles()["res_id"], vehicle.id)

    def test_trim_of_a_car_that_nobody_traded_takes_its_product_along(self):
        other = self._create_trim("Lark 2.0T", 150000)
        vehicle = self._create_vehicle()
        vehicle._get_or_create_product()
        self._as(self.max, vehicle).model_id = other
        self.assertEqual(vehicle.product_id, other._dealer_get_or_create_product())
        used = self._create_vehicle(kind="used")
        product = used._get_or_create_product()
        self._as(self.max, used).model_id = other
        self.assertEqual(used.product_id, product)
        self.assertIn("Lark 2.0T", product.name)

    def test_trim_of_a_received_new_car_stays(self):
        vehicle = self._stock()
        other = self._create_trim("Lark 2.0T")
        with self.assertRaisesRegex(UserError, "cannot be changed any more"):
            self._as(self.max, vehicle).model_id = other
        vehicle.model_id = vehicle.model_id

    def test_trim_of_an_ordered_car_stays(self):
        other = self._create_trim("Lark 2.0T")
        bought = self._create_vehicle()
        order = self._buy(bought)
        with self.assertRaisesRegex(UserError, order.name):
            self._as(self.max, bought).model_id = other
        sold = self._create_vehicle()
        order = self._sell(sold)
        with self.assertRaisesRegex(UserError, order.name):
            self._as(self.max, sold).model_id = other
        used = self._stock(self._create_vehicle(kind="used"))
        order = self._sell(used)
        with self.assertRaisesRegex(UserError, order.name):
            self._as(self.max, used).model_id = other

    def test_manager_corrects_the_trim_of_a_used_car_in_stock(self):
        other = self._create_trim("Lark 2.0T")
        vehicle = self._stock(self._create_vehicle(kind="used"))
        with self.assertRaises(UserError):
            self._as(self.ken, vehicle).model_id = other
        self._as(self.ursula, vehicle).model_id = other
        self.assertIn("Lark 2.0T", vehicle.product_id.name)
        self.assertIn("Trim corrected", str(vehicle.message_ids[:1].body))

    def test_every_store_has_its_places(self):
        warehouse = self.env["stock.warehouse"].create(
            {"name": "West Gate", "code": "WEST", "company_id": self.company.id}
        )
        places = self.env["stock.location"].search(
            [("location_id", "=", warehouse.lot_stock_id.id)]
        )
        self.assertEqual(
            sorted(places.mapped("dealer_place_type")),
            ["demo", "preparation", "showroom", "yard"],
        )
        warehouse._dealer_create_places()
        self.assertEqual(len(places), 4)

    def test_places_are_called_by_store_and_name(self):
        yard = self.warehouse._dealer_place("yard")
        row = self.env["stock.location"].create({"name": "Row A", "location_id": yard.id})
        store = self.warehouse.name
        self.assertEqual(yard.display_name, f"{store} {yard.name}")
        self.assertEqual(row.display_name, f"{store} {yard.name} Row A")
        stock = self.warehouse.lot_stock_id
        self.assertEqual(stock.display_name, stock.complete_name)
        self.assertEqual(stock.with_context(dealer_place_names=True).display_name, store)
        customers = self.env.ref("stock.stock_location_customers")
        self.assertEqual(
            customers.with_context(dealer_place_names=True).display_name,
            customers.complete_name,
        )
        self.assertEqual(self._as(self.sara, yard).display_name, f"{store} {yard.name}")
        for text in (f"{store} {yard.name}", yard.name, yard.complete_name, store):
            found = self.env["stock.location"].name_search(text, limit=100)
            self.assertIn(yard.id, [found_id for found_id, _name in found], text)

    def test_the_board_shows_empty_places_of_stores_with_cars(self):
        vehicle = self._stock()
        other = self.env["stock.warehouse"].create(
            {"name": "West Gate", "code": "WEST", "company_id": self.company.id}
        )
        action = self.env.ref("dealer_vehicle.dealer_vehicle_action_stock")
        context = {"read_group_expand": True, **safe_eval(action.context)}
        groups = (
            self._as(self.sara, self.env["dealer.vehicle"])
            .with_context(**context)
            .web_read_group([("id", "=", vehicle.id)], ["location_id"])["groups"]
        )
        names = [group["location_id"][1] for group in groups]
        store = self.warehouse.name
        yard = self.warehouse._dealer_place("yard").name
        self.assertIn(f"{store} {yard}", names)
        self.assertEqual(len(names), len(set(names)))
        self.assertGreaterEqual(len(names), 4)
        self.assertFalse([name for name in names if other.name in name or "/" in name])
