"""Stock norms: what is outside its limits becomes one alert with an owner and an outcome."""

import psycopg2

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import DealerVehicleCommon


@tagged("post_install", "-at_install")
class TestStockNorm(DealerVehicleCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.yard = cls.warehouse._dealer_place("yard")
        cls.other_trim = cls._create_trim("Lark 2.0T Sport", 150000)

    def _cars(self, count, trim=None):
        cars = self.env["dealer.vehicle"].create(
            [
                {"model_id": (trim or self.trim).id, "vin": self._new_vin()}
                for _number in range(count)
            ]
        )
        self._receive(self._buy(cars), place=self.yard)
        return cars

    def _norm(self, **vals):
        return self._as(self.max, self.env["dealer.stock.norm"]).create(
            {"model_id": self.trim.id, "warehouse_id": self.warehouse.id, **vals}
        )

    def _alerts(self, norm):
        return norm.alert_ids.sorted("id")

    def test_the_form_fills_in_series_and_brand(self):
        form = Form(self._as(self.max, self.env["dealer.stock.norm"]))
        form.model_id = self.trim
        form.warehouse_id = self.warehouse
        form.min_quantity = 2
        norm = form.save()
        self.assertRecordValues(
            norm,
            [{"series_id": self.series.id, "brand_id": self.brand.id, "user_id": self.max.id}],
        )

    def test_only_free_new_cars_count(self):
        cars = self._cars(5)
        self._sell(cars[0])
        cars[1].write({"blocked": True, "block_reason": "damage"})
        cars[2].kind = "demo"
        norm = self._norm(min_quantity=3)
        self.assertRecordValues(norm, [{"quantity": 2, "situation": "low", "share": 100}])

    def test_too_few_cars_raise_one_alert_with_its_owner(self):
        self._cars(1)
        norm = self._norm(min_quantity=3)
        norm.action_check()
        norm.action_check()
        self.env["dealer.stock.norm"]._cron_check()
        self.assertRecordValues(
            self._alerts(norm),
            [
                {
                    "kind": "below_min",
                    "measured": 1,
                    "limit": 3,
                    "user_id": self.max.id,
                    "state": "open",
                }
            ],
        )
        self.assertEqual(norm.alert_ids.activity_ids.user_id, self.max)

    def test_the_database_refuses_a_second_open_alert(self):
        norm = self._norm(min_quantity=3)
        norm.action_check()
        vals = norm._prepare_alert_vals("below_min", 0, 3)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.UniqueViolation),
            self.cr.savepoint(),
        ):
            self.env["dealer.stock.alert"].sudo().create(vals)

    def test_an_alert_settles_itself_when_the_cars_have_come(self):
        norm = self._norm(min_quantity=2)
        norm.action_check()
        self._cars(2)
        norm.action_check()
        self.assertRecordValues(
            self._alerts(norm), [{"state": "done", "outcome": "recovered", "measured": 0}]
        )
        self.assertFalse(norm.alert_ids.activity_ids)
        self._sell(self.env["dealer.vehicle"].search([("status", "=", "in_stock")], limit=1))
        norm.action_check()
        self.assertEqual(self._alerts(norm).mapped("state"), ["done", "open"])

    def test_too_many_cars_raise_an_alert(self):
        self._cars(3)
        norm = self._norm(max_quantity=2)
        norm.action_check()
        self.assertRecordValues(
            self._alerts(norm), [{"kind": "above_max", "measured": 3, "limit": 2}]
        )

    def test_the_mix_is_measured_in_its_store(self):
        self._cars(1)
        self._cars(3, self.other_trim)
        west = self.env["stock.warehouse"].create(
            {"name": "West", "code": "WEST", "company_id": self.company.id}
        )
        low = self._norm(min_share=40)
        high = self._norm(model_id=self.other_trim.id, max_share=70)
        elsewhere = self._norm(warehouse_id=west.id, min_share=10)
        (low | high | elsewhere).action_check()
        self.assertEqual((low.share, high.share, elsewhere.share), (25, 75, 0))
        self.assertEqual(self._alerts(low).kind, "share_low")
        self.assertEqual(self._alerts(high).kind, "share_high")
        self.assertEqual(self._alerts(elsewhere).kind, "share_low")

    def test_cars_on_order_count_when_asked(self):
        car = self._create_vehicle()
        self._buy(car)
        norm = self._norm(min_quantity=1, include_on_order=True)
        norm.action_check()
        self.assertFalse(norm.alert_ids)
        self.assertEqual((norm.quantity, norm.on_order_quantity), (0, 1))
        norm.include_on_order = False
        norm.action_check()
        self.assertEqual(norm.alert_ids.kind, "below_min")

    def test_a_norm_of_the_brand_covers_its_trims(self):
        self._cars(1)
        self._cars(2, self.other_trim)
        norm = self._as(self.max, self.env["dealer.stock.norm"]).create(
            {"brand_id": self.brand.id, "max_quantity": 5}
        )
        self.assertEqual(norm.quantity, 3)
        self.assertEqual(
            self.env["dealer.vehicle"].search_count(norm.action_view_cars()["domain"]), 3
        )

    def test_the_store_says_who_owns_its_alerts(self):
        self.warehouse.dealer_stock_user_id = self.ken
        self.assertEqual(self._norm(min_quantity=1).user_id, self.ken)

    def test_closing_needs_an_outcome(self):
        norm = self._norm(min_quantity=3)
        norm.action_check()
        alert = self._as(self.max, norm.alert_ids)
        alert.action_start()
        with self.assertRaisesRegex(UserError, "what came of"):
            alert.action_close()
        alert.outcome = "recovered"
        with self.assertRaisesRegex(UserError, "what came of"):
            alert.action_close()
        alert.outcome = "ordered"
        alert.action_close()
        self.assertRecordValues(alert, [{"state": "done", "closed_by_id": self.max.id}])

    def test_nobody_writes_the_facts_of_an_alert(self):
        norm = self._norm(min_quantity=3)
        norm.action_check()
        for vals in ({"state": "done"}, {"measured": 9}, {"closed_by_id": self.max.id}):
            with self.assertRaises(UserError):
                self._as(self.max, norm.alert_ids).write(vals)

    def test_limits_must_make_sense(self):
        for vals in (
            {"min_quantity": 3, "max_quantity": 2},
            {"min_quantity": -1},
            {"min_share": 50, "max_share": 20},
            {},
        ):
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(psycopg2.errors.CheckViolation),
                self.cr.savepoint(),
            ):
                self._norm(**vals)
        other = self.env["fleet.vehicle.model.brand"].create({"name": "Silver"})
        with self.assertRaises(ValidationError):
            self._norm(brand_id=other.id, series_id=self.series.id, min_quantity=1)

    def test_one_norm_for_the_same_cars(self):
        self._norm(min_quantity=1)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.UniqueViolation),
            self.cr.savepoint(),
        ):
            self._norm(max_quantity=9)

    def test_who_may_do_what(self):
        norm = self._norm(min_quantity=1)
        norm.action_check()
        with self.assertRaises(AccessError):
            self._as(self.sara, norm).read(["min_quantity"])
        with self.assertRaises(AccessError):
            self._as(self.ken, norm).write({"min_quantity": 9})
        with self.assertRaises(AccessError):
            self._as(self.ken, norm).action_check()
        foreign = self._create_person("frank", "sales_manager", self.other_company)
        with self.assertRaises(AccessError):
            self._as(foreign, norm).read(["min_quantity"])
        with self.assertRaises(AccessError):
            self._as(foreign, norm.alert_ids).read(["kind"])

    def test_many_norms_are_measured_in_two_statements(self):
        norms = self._norm(min_quantity=1)
        for number in range(6):
            trim = self._create_trim(f"Lark {number}")
            norms |= self._norm(model_id=trim.id, min_quantity=1)
        self.env.flush_all()
        self.env.invalidate_all()
        norms.mapped("model_id.name"), norms.mapped("min_share")
        before = self.cr.sql_log_count
        norms._measure()
        self.assertLessEqual(self.cr.sql_log_count - before, 6)
