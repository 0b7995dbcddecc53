"""Test drives: one demo car, one customer at a time; licence, signature, odometer."""

import base64

import psycopg2

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger
from odoo.tools.misc import file_open

from .test_showroom_visit import ShowroomCommon

LICENCE = "11010519491231002X"


class TestDriveCommon(ShowroomCommon):
    """Two demo cars, a route, and everything that happens before somebody drives off."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with file_open("base/static/img/avatar_grey.png", "rb") as image:
            cls.picture = base64.b64encode(image.read())
        cls.route = cls.env["dealer.test.drive.route"].create(
            {"name": "City and ring road", "duration": 30, "company_id": cls.company.id}
        )
        (cls.sara + cls.tom).write({"tz": "Asia/Shanghai"})

    def _demo_car(self, odometer=10):
        """A car of the stock that the manager has made a demo car."""
        car = self._create_vehicle()
        self._receive(self._buy(car))
        self._as(self.max, car)._start_demo(self.warehouse._dealer_place("demo"), odometer)
        return car

    def _book(self, car, start="2030-12-01 02:00:00", user=None, **vals):
        user = user or self.sara
        return self._as(user, self.env["dealer.test.drive"]).create(
            {
                "vehicle_id": car.id,
                "date_start": start,
                "duration": 1,
                "partner_id": self.customer.id,
                "user_id": user.id,
                **vals,
            }
        )

    def _sign(self, drive, **vals):
        """The licence is checked and the driver signs."""
        agreement = drive.env["dealer.test.drive.agreement"].browse(
            drive.action_open_agreement()["res_id"]
        )
        agreement.write(
            {
                "licence_number": LICENCE,
                "licence_class": "C1",
                "licence_valid_until": "2035-01-01",
                "licence_photo": self.picture,
                "is_sober": True,
                "signature": self.picture,
                **vals,
            }
        )
        agreement.action_sign()
        return agreement

    def _drive(self, drive, out=12, back=24, **vals):
        """Sign, drive off and come back."""
        self._sign(drive)
        drive.odometer_out = out
        drive.action_start()
        drive.write({"odometer_in": back, **vals})
        drive.action_return()
        return drive


@tagged("post_install", "-at_install")
class TestBooking(TestDriveCommon):
    def test_nobody_books_what_is_over_or_when_the_shop_is_closed(self):
        car = self._demo_car()
        with freeze_time("2030-12-02 08:00:00"):  # 16:00 in Shanghai, open from 9 to 18
            for start, message in (
                ("2025-01-01 02:00:00", "over"),
                ("2030-12-01 08:00:00", "over"),
                ("2030-12-02 18:00:00", "12-03 09:00"),
                ("2030-12-03 10:00:00", "12-04 09:00"),
            ):
                with self.subTest(start), self.assertRaisesRegex(ValidationError, message):
                    self._book(car, start)
            drive = self._book(car, "2030-12-02 02:00:00")  # in the morning, entered now
            self._drive(drive)
            self.assertEqual(drive.state, "done")
            later = self._book(car, "2030-12-03 09:30:00")  # from 17:30, the last of the day
            with self.assertRaisesRegex(ValidationError, "over"):
                later.date_start = "2030-12-01 02:00:00"
            with self.assertRaisesRegex(ValidationError, "closed"):
                later.date_start = "2030-12-03 20:00:00"
            later.action_cancel()
        with freeze_time("2030-12-05 10:30:00"):  # 18:30: the customer is still here
            with self.assertRaisesRegex(ValidationError, "over"):
                later.action_plan()
            self._book(car, "2030-12-05 10:45:00")

    def test_booking_in_the_form(self):
        car = self._demo_car()
        form = Form(self._as(self.sara, self.env["dealer.test.drive"]))
        form.partner_id = self.customer
        form.date_start = "2030-12-01 02:00:00"
        form.vehicle_id = car
        form.route_id = self.route
        drive = form.save()
        self.assertRecordValues(
            drive,
            [
                {
                    "state": "planned",
                    "duration": 0.5,
                    "warehouse_id": self.warehouse.id,
                    "company_id": self.company.id,
                    "series_id": self.series.id,
                    "user_id": self.sara.id,
                    "odometer_out": 10,
                    "is_signed": False,
                }
            ],
        )
        self.assertEqual(str(drive.date_stop), "2030-12-01 02:30:00")
        self.assertRegex(drive.name, r"^SJ-\d{4}-\d{5}$")
        self.assertEqual(drive.activity_ids.user_id, self.sara)

    def test_a_car_is_booked_once_at_a_time(self):
        car, other = self._demo_car(), self._demo_car()
        self._book(car)
        message = f"Sara.*{other.display_name}"
        for start in ("2030-12-01 01:30:00", "2030-12-01 02:00:00", "2030-12-01 02:59:00"):
            with self.subTest(start), self.assertRaisesRegex(ValidationError, message):
                self._book(car, start, user=self.tom)
        for start in ("2030-12-01 01:00:00", "2030-12-01 03:00:00"):
            self._book(car, start, user=self.tom)
        self._book(other, user=self.tom)

    def test_the_database_refuses_too(self):
        car = self._demo_car()
        self._book(car)
        later = self._book(car, "2030-12-01 05:00:00")
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.errors.ExclusionViolation):
            self.cr.execute(
                "UPDATE dealer_test_drive SET date_start = '2030-12-01 02:30:00',"
                " date_stop = '2030-12-01 03:30:00' WHERE id = %s",
                [later.id],
            )

    def test_a_cancelled_or_missed_time_is_free(self):
        car = self._demo_car()
        for action in ("action_cancel", "action_no_show"):
            drive = self._book(car)
            getattr(drive, action)()
        self._book(car)
        with self.assertRaises(ValidationError):
            drive.action_plan()

    def test_only_demo_cars_are_offered_and_accepted(self):
        demo, taken = self._demo_car(), self._demo_car()
        stock = self._create_vehicle()
        self._receive(self._buy(stock))
        self._book(taken)
        drive = self.env["dealer.test.drive"].new({"date_start": "2030-12-01 02:00:00"})
        self.assertEqual(self._as(self.sara, drive).free_vehicle_ids._origin, demo)
        with self.assertRaisesRegex(ValidationError, "no demo car"):
            self._book(stock)

    def test_a_demo_car_of_another_store_is_named_as_such(self):
        car = self._demo_car()
        other = self.env["stock.warehouse"].create(
            {"name": "Second Store", "code": "S2", "company_id": self.company.id}
        )
        self.tom.dealer_store_ids = other
        with self.assertRaisesRegex(ValidationError, "ask a colleague there"):
            self._book(car, user=self.tom)
        lent = self._book(car)
        lent.sudo().user_id = self.tom
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertTrue(self._as(self.tom, lent).date_start)

    def test_a_drive_needs_a_car_and_some_time(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.IntegrityError):
            self._book(self.env["dealer.vehicle"], warehouse_id=self.warehouse.id)
        car = self._demo_car()
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.Error):
            self._book(car, duration=-1)

    def test_the_end_of_a_booking_is_not_written(self):
        drive = self._book(self._demo_car())
        with self.assertRaises(UserError):
            drive.date_stop = "2030-12-01 02:05:00"
        car = self._demo_car()
        later = self._as(self.sara, self.env["dealer.test.drive"]).with_context(
            default_date_stop="2030-12-01 02:05:00"
        )
        drive = later.create({"vehicle_id": car.id, "date_start": "2030-12-01 02:00:00"})
        self.assertEqual(str(drive.date_stop), "2030-12-01 02:30:00")

    def test_moving_a_booking_asks_again(self):
        car = self._demo_car()
        self._book(car)
        later = self._book(car, "2030-12-01 05:00:00")
        with self.assertRaisesRegex(ValidationError, "booked by Sara"):
            later.date_start = "2030-12-01 01:30:00"
        later.date_start = "2030-12-01 03:00:00"
        later.duration = 2
        self.assertEqual(str(later.date_stop), "2030-12-01 05:00:00")

    def test_booking_from_a_visit_marks_the_visit(self):
        car = self._demo_car()
        visit = self._visit()
        self._card(visit)
        context = visit.action_book_test_drive()["context"]
        form = Form(self._as(self.sara, self.env["dealer.test.drive"]).with_context(**context))
        form.vehicle_id = car
        drive = form.save()
        self.assertEqual(drive.lead_id, visit.lead_id)
        self.assertFalse(visit.test_drive_done)
        self._drive(drive)
        self.assertTrue(visit.test_drive_done)
        self.assertEqual(visit.lead_id.dealer_test_drive_count, 1)


@tagged("post_install", "-at_install")
class TestAgreement(TestDriveCommon):
    def test_everything_missing_is_told_at_once(self):
        drive = self._book(self._demo_car())
        agreement = drive.env["dealer.test.drive.agreement"].browse(
            drive.action_open_agreement()["res_id"]
        )
        self.assertEqual(agreement.driver_name, "Li Ming")
        problems = " ".join(agreement._get_problems())
        for part in ("number", "photo", "sober", "not signed", "Until when"):
            self.assertIn(part, problems)
        with self.assertRaisesRegex(UserError, "Take a photo"):
            agreement.action_sign()

    def test_an_expired_licence_is_refused_on_the_day_of_the_drive(self):
        drive = self._book(self._demo_car())
        with self.assertRaisesRegex(UserError, "2030-11-30"):
            self._sign(drive, licence_valid_until="2030-11-30")
        self._sign(drive, licence_valid_until="2030-12-01")

    def test_a_licence_without_limit(self):
        drive = self._book(self._demo_car())
        self._sign(drive, licence_valid_until=False, is_permanent=True)
        self.assertTrue(drive.is_signed)

    def test_class_c2_only_with_automatic_gears(self):
        self.trim.transmission = "manual"
        drive = self._book(self._demo_car())
        with self.assertRaisesRegex(UserError, "automatic"):
            self._sign(drive, licence_class="C2")
        self.trim.transmission = "automatic"
        self._sign(drive, licence_class="C2")

    def test_a_typing_error_in_the_licence_number(self):
        drive = self._book(self._demo_car())
        with self.assertRaisesRegex(ValidationError, "typing error"):
            self._sign(drive, licence_number="110105194912310021")

    def test_what_is_signed_stays_with_its_text(self):
        self.company.dealer_test_drive_terms = "<p>Terms of spring</p>"
        drive = self._book(self._demo_car())
        agreement = self._sign(drive)
        self.company.dealer_test_drive_terms = "<p>Terms of autumn</p>"
        agreement.invalidate_recordset()
        self.assertIn("spring", agreement.terms_now)
        self.assertEqual(agreement.checked_by_id, self.sara)
        with self.assertRaisesRegex(UserError, "signed"):
            agreement.licence_number = "440301198811110029"
        with self.assertRaises(UserError):
            agreement.write({"signed_on": False})
        with self.assertRaises(UserError):
            self._as(self.max, agreement).unlink()

    def test_the_usual_terms_where_the_company_has_none(self):
        agreement = self._sign(self._book(self._demo_car()))
        self.assertIn("valid driving licence", agreement.terms)

    def test_colleagues_do_not_read_whom_somebody_drives_with(self):
        person = self._create_customer("Sun Li", self.sara)
        lead = self._create_lead("Sun Li wants a Lark", self.sara, partner_id=person.id)
        drive = self._book(self._demo_car(), partner_id=person.id, lead_id=lead.id)
        spec = {name: {"fields": {"display_name": {}}} for name in ("partner_id", "lead_id")}
        for user, is_shown in ((self.sara, True), (self.max, True), (self.tom, False)):
            with self.subTest(user.name):
                drives = self._as(user, drive)
                for rows in (drives.read(["partner_id", "lead_id"]), drives.web_read(spec)):
                    self.assertEqual("Sun Li" in str(rows), is_shown)
        with self.assertRaises(AccessError):
            self._as(self.tom, self.env["dealer.test.drive"]).formatted_read_group(
                [], ["partner_id"], ["__count"]
            )
        drive.user_id = self.tom  # goes along: knows whom
        self.assertIn("Sun Li", str(self._as(self.tom, drive).read(["partner_id"])))

    def test_colleagues_see_the_calendar_but_no_licence(self):
        drive = self._book(self._demo_car())
        agreement = self._sign(drive)
        toms = self._as(self.tom, drive)
        data = toms.web_read({"display_name": {}, "is_signed": {}, "partner_id": {"fields": {}}})
        self.assertTrue(data[0]["is_signed"])
        self.assertNotIn("Li Ming", data[0]["display_name"])
        with self.assertRaises(AccessError):
            self._as(self.tom, agreement).read(["licence_number"])
        self.assertFalse(self._as(self.tom, self.env["dealer.test.drive.agreement"]).search([]))
        with self.assertRaises(AccessError):
            self._as(self.ken, agreement).read(["licence_photo"])
        with self.assertRaises(AccessError):
            toms.action_cancel()
        other = self._book(self._demo_car())
        with self.assertRaises(AccessError):
            self._as(self.tom, self.env["dealer.test.drive.agreement"]).create(
                {"drive_id": other.id}
            )
        self.assertFalse(self._as(self.charlie, self.env["dealer.test.drive"]).search([]))

    def test_the_printed_agreement_has_driver_car_terms_and_signature(self):
        drive = self._book(self._demo_car(), route_id=self.route.id)
        agreement = self._sign(drive)
        page = (
            self.env["ir.actions.report"]
            ._render_qweb_html("dealer_crm.report_test_drive_agreement", agreement.ids)[0]
            .decode()
        )
        for text in ("Li Ming", LICENCE, drive.vehicle_id.vin, "City and ring road", "data:image"):
            self.assertIn(text, page)


@tagged("post_install", "-at_install")
class TestDriving(TestDriveCommon):
    def test_out_and_back_with_the_odometer(self):
        car = self._demo_car(odometer=10)
        drive = self._book(car)
        self._sign(drive)
        drive.odometer_out = 12
        with freeze_time("2030-12-01 02:05:00"):
            drive.action_start()
        self.assertEqual(drive.state, "out")
        drive.write({"odometer_in": 30, "satisfaction": "4", "result": "liked"})
        with freeze_time("2030-12-01 02:40:00"):
            drive.action_return()
        self.assertRecordValues(
            drive,
            [
                {
                    "state": "done",
                    "distance": 18,
                    "score": 4,
                }
            ],
        )
        self.assertEqual(str(drive.in_on), "2030-12-01 02:40:00")
        self.assertEqual(car.odometer, 30)
        readings = car.odometer_ids.filtered(lambda reading: reading.note == drive.name)
        self.assertEqual(sorted(readings.mapped("value")), [12, 30])
        self.assertEqual(set(readings.mapped("source")), {"test_drive"})
        self.assertIn("after the test drive", drive.activity_ids.mapped("summary")[0])

    def test_nobody_drives_off_without_signature(self):
        drive = self._book(self._demo_car())
        with self.assertRaisesRegex(UserError, "not signed"):
            drive.action_start()

    def test_the_odometer_never_falls(self):
        car = self._demo_car(odometer=100)
        drive = self._book(car)
        self._sign(drive)
        drive.odometer_out = 99
        with self.assertRaisesRegex(UserError, "100 km"):
            drive.action_start()
        drive.odometer_out = 100
        drive.action_start()
        drive.odometer_in = 99
        with self.assertRaisesRegex(UserError, "100 km"):
            drive.action_return()
        drive.odometer_in = 100
        drive.action_return()
        self.assertEqual(drive.distance, 0)

    def test_a_car_that_is_late_does_not_drive_off_twice(self):
        car = self._demo_car()
        first = self._book(car)
        second = self._book(car, "2030-12-01 03:00:00", user=self.tom)
        self._sign(first)
        self._sign(second)
        first.action_start()
        with self.assertRaisesRegex(UserError, "still on the road"):
            second.action_start()
        first.odometer_in = 20
        first.action_return()
        second.odometer_out = 20
        second.action_start()
        self.assertEqual(second.state, "out")

    def test_what_was_driven_stays(self):
        drive = self._drive(self._book(self._demo_car()))
        with self.assertRaisesRegex(UserError, "taken place"):
            drive.date_start = "2030-12-02 02:00:00"
        with self.assertRaises(UserError):
            drive.state = "planned"
        with self.assertRaises(UserError):
            self._as(self.max, drive).unlink()
        with self.assertRaisesRegex(UserError, "cannot become"):
            drive.action_cancel()

    def test_who_was_not_asked_does_not_lower_the_average(self):
        car = self._demo_car()
        for hour, satisfaction in ((1, "0"), (3, "4"), (5, "5")):
            drive = self._book(car, f"2030-12-01 0{hour}:00:00")
            self._drive(drive, out=car.odometer, back=car.odometer + 5, satisfaction=satisfaction)
        [(score,)] = self.env["dealer.test.drive"]._read_group(
            [("vehicle_id", "=", car.id)], aggregates=["score:avg"]
        )
        self.assertEqual(score, 4.5)

    def test_a_missed_drive_asks_for_a_call(self):
        drive = self._book(self._demo_car())
        drive.action_no_show()
        self.assertIn("did not come", " ".join(drive.activity_ids.mapped("summary")))

    def test_a_drive_of_thirty_hours_was_meant_to_be_minutes(self):
        car = self._demo_car()
        with self.assertRaisesRegex(ValidationError, "4 hours at most"):
            self._book(car, duration=30)
        drive = self._book(car)
        with self.assertRaisesRegex(ValidationError, "4 hours at most"):
            drive.duration = 30
        drive.action_cancel()
        self._book(car, user=self.max, duration=30)
        with self.assertRaisesRegex(ValidationError, "3 days at most"):
            self._book(car, "2030-12-10 02:00:00", user=self.max, duration=9999)

    def test_an_odometer_that_was_read_stays(self):
        drive = self._book(self._demo_car())
        self._sign(drive)
        drive.odometer_out = 12
        drive.action_start()
        with self.assertRaisesRegex(UserError, "manager corrects"):
            drive.odometer_out = 1
        drive.odometer_in = 100_000_000
        with self.assertRaisesRegex(UserError, "in one test drive"):
            drive.action_return()
        drive.odometer_in = 24
        drive.action_return()
        for vals in ({"odometer_in": 14}, {"odometer_out": 1}):
            with self.assertRaisesRegex(UserError, "manager corrects"):
                drive.write(vals)
        self._as(self.max, drive).odometer_in = 25
        self.assertEqual(drive.distance, 13)
