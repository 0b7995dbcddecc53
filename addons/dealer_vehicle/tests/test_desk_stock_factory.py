"""The maker builds for us: plan, orders, tracking by file, arrival."""

import base64

import psycopg2
from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import DealerVehicleCommon
from .import_case import make_csv

VINS = ("LSVAU2182T2990017", "LSVAU2182T2990018")


class FactoryCase(DealerVehicleCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.trim.dealer_code = "LARK-15-C"
        cls.yard = cls.warehouse._dealer_place("yard")
        cls.Order = cls.env["dealer.factory.order"]

    def _order(self, name="D001", **vals):
        return self._as(self.max, self.Order).create(
            {
                "name": name,
                "partner_id": self.maker.id,
                "model_id": self.trim.id,
                "warehouse_id": self.warehouse.id,
                "month": "2026-05-01",
                **vals,
            }
        )

    def _file(self, *rows, **vals):
        wizard = self._as(self.max, self.env["dealer.factory.order.import"]).create(
            {
                "partner_id": self.maker.id,
                "warehouse_id": self.warehouse.id,
                "month": "2026-05-01",
                "data_file": base64.b64encode(make_csv(list(rows), "gb18030")),
                "filename": "orders.csv",
                **vals,
            }
        )
        wizard.action_read_file()
        return wizard

    def _import(self, *rows, **vals):
        wizard = self._file(*rows, **vals)
        wizard.action_import()
        return wizard


@tagged("post_install", "-at_install")
class TestFactoryOrder(FactoryCase):
    def test_a_file_makes_orders_and_brings_them_up_to_date(self):
        self._import(
            {"订单号": "D001", "车型代码": "LARK-15-C", "外观颜色": "Pearl", "订单状态": "已确认",
             "预计到店": "2026-06-20", "车架号": ""},
            {"订单号": "D002", "车型代码": "LARK-15-C", "外观颜色": "", "订单状态": "排产",
             "预计到店": "2026-06-25", "车架号": ""},
        )  # fmt: skip
        first, second = self.Order.search([("partner_id", "=", self.maker.id)], order="name")
        self.assertRecordValues(
            first | second,
            [
                {"state": "confirmed", "model_id": self.trim.id, "delay": 0},
                {"state": "scheduled", "model_id": self.trim.id, "delay": 0},
            ],
        )
        self.assertEqual(first.exterior_color_id.name, "Pearl")
        self._import(
            {"订单号": "D001", "订单状态": "已发运", "预计到店": "2026-06-27", "车架号": VINS[0]},
            {"订单号": "D002", "订单状态": "", "预计到店": "", "车架号": ""},
        )
        self.assertRecordValues(
            first | second,
            [
                {"state": "shipped", "vin": VINS[0], "delay": 7},
                {"state": "scheduled", "vin": False, "delay": 0},
            ],
        )
        self.assertEqual(str(first.first_eta), "2026-06-20")

    def test_what_is_wrong_in_the_file_is_said(self):
        self._order("D009", reported_state="confirmed")
        wizard = self._file(
            {"订单号": "D001", "车型代码": "", "状态": "已确认", "门店": ""},
            {"订单号": "D002", "车型代码": "NOSUCH", "状态": "已确认", "门店": ""},
            {"订单号": "D003", "车型代码": "LARK-15-C", "状态": "神秘", "门店": ""},
            {"订单号": "D003", "车型代码": "LARK-15-C", "状态": "", "门店": ""},
            {"订单号": "D005", "车型代码": "LARK-15-C", "状态": "", "门店": "Nowhere"},
            {"订单号": "D009", "车型代码": "", "状态": "已下线", "门店": ""},
        )
        reasons = dict(zip(range(2, 8), wizard.line_ids.mapped("reason"), strict=True))
        self.assertIn("name its model code", reasons[2])
        self.assertIn("not in the catalogue", reasons[3])
        self.assertIn("is not known", reasons[4])
        self.assertIn("stands in lines 4, 5", reasons[5])
        self.assertIn("no store Nowhere", reasons[6])
        self.assertFalse(reasons[7])
        with self.assertRaisesRegex(UserError, "Nothing was imported"):
            wizard.action_import()
        wizard.row_policy = "good"
        wizard.action_import()
        self.assertEqual(self.Order.search([("name", "=", "D009")]).state, "built")

    def test_the_vin_of_the_maker_reaches_the_car_on_order(self):
        order = self._order()
        order.action_create_purchase()
        car = order.vehicle_id
        self.assertRecordValues(car, [{"vin": False, "model_id": self.trim.id, "kind": "new"}])
        self._import({"订单号": "D001", "车架号": VINS[0], "状态": "已下线"})
        self.assertEqual(car.vin, VINS[0])

    def test_an_order_finds_the_car_that_is_known(self):
        car = self._create_vehicle(vin=VINS[0])
        self._import({"订单号": "D001", "车型代码": "LARK-15-C", "车架号": VINS[0]})
        self.assertEqual(self.Order.search([("name", "=", "D001")]).vehicle_id, car)

    def test_one_car_belongs_to_one_order(self):
        car = self._create_vehicle(vin=VINS[0])
        self._order(vehicle_id=car.id)
        wizard = self._file({"订单号": "D002", "车型代码": "LARK-15-C", "车架号": VINS[0]})
        self.assertIn("belongs to order D001", wizard.line_ids.reason)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.UniqueViolation),
            self.cr.savepoint(),
        ):
            self._order("D003", vehicle_id=car.id)

    def test_from_the_order_to_the_arrival(self):
        orders = self._order("D001", eta="2026-06-20") | self._order("D002", vin=VINS[1])
        action = orders.action_create_purchase()
        purchase = self.env["purchase.order"].browse(action["res_id"])
        self.assertEqual(purchase.order_line.dealer_vehicle_id, orders.vehicle_id)
        self.assertEqual(purchase.picking_type_id.warehouse_id, self.warehouse)
        with self.assertRaisesRegex(UserError, purchase.name):
            orders.action_create_purchase()
        purchase.order_line.price_unit = 100000
        purchase.button_confirm()
        self.assertEqual(orders[0].vehicle_id.eta, orders[0].eta)
        orders[0].vin = VINS[0]
        self.assertEqual(orders[0].vehicle_id.vin, VINS[0])
        with freeze_time("2026-06-23 03:00:00"):
            self._receive(purchase, place=self.yard)
        self.assertEqual(orders.mapped("state"), ["arrived", "arrived"])
        self.assertEqual(orders[0].delay, 3)
        self.assertFalse(orders[0].vehicle_id.eta)

    def test_nobody_types_an_arrival(self):
        order = self._order()
        with self.assertRaises(ValueError):
            order.reported_state = "arrived"

    def test_the_salesperson_learns_that_the_car_comes_later(self):
        order = self._order(eta="2026-06-20")
        action = order.action_create_purchase()
        purchase = self.env["purchase.order"].browse(action["res_id"])
        purchase.order_line.price_unit = 100000
        purchase.button_confirm()
        sale = self._sell(order.vehicle_id)
        order.eta = "2026-06-18"
        self.assertFalse(sale.activity_ids)
        order.eta = "2026-07-02"
        self.assertEqual(sale.activity_ids.user_id, self.sara)
        self.assertIn("2026-07-02", sale.activity_ids.summary)

    def test_late_orders_are_found(self):
        with freeze_time("2026-06-21 03:00:00"):
            late = self._order("D001", eta="2026-06-20")
            in_time = self._order("D002", eta="2026-06-21")
            cancelled = self._order("D003", eta="2026-06-01", reported_state="cancelled")
            self.assertEqual((late | in_time | cancelled).mapped("is_late"), [True, False, False])
            found = self.Order.search([("is_late", "=", True)])
            self.assertIn(late, found)
            self.assertFalse(found & (in_time | cancelled))
            self.assertNotIn(late, self.Order.search([("is_late", "=", False)]))

    def test_who_may_do_what(self):
        order = self._order()
        self.assertEqual(self._as(self.sara, order).name, "D001")
        with self.assertRaises(AccessError):
            self._as(self.sara, order).write({"eta": "2026-06-20"})
        with self.assertRaises(AccessError):
            self._as(self.ken, order).action_create_purchase()
        foreign = self._create_person("frank", "sales_manager", self.other_company)
        with self.assertRaises(AccessError):
            self._as(foreign, order).read(["name"])
        with self.assertRaises(AccessError):
            self._as(self.sara, self.env["dealer.factory.order.import"]).create(
                {"partner_id": self.maker.id}
            )


@tagged("post_install", "-at_install")
class TestFactoryPlan(FactoryCase):
    def _plan(self, **vals):
        return self._as(self.max, self.env["dealer.factory.plan"]).create(
            {
                "month": "2026-06-01",
                "warehouse_id": self.warehouse.id,
                "model_id": self.trim.id,
                "quantity": 5,
                **vals,
            }
        )

    def _sold_in(self, month, count):
        with freeze_time(f"2026-{month:02}-10 03:00:00"):
            for _number in range(count):
                self._deliver(self._sell(self._stock()))

    def test_the_formula_of_the_proposal(self):
        suggest = self.env["dealer.factory.plan"]._get_suggestion
        self.assertEqual(suggest(10, 45, 6, 2), 7)
        self.assertEqual(suggest(2, 45, 0, 0), 3)
        self.assertEqual(suggest(1, 45, 0, 0), 2)
        self.assertEqual(suggest(1, 45, 5, 0), 0)

    def test_sales_and_stock_make_the_proposal(self):
        self._sold_in(2, 1)
        self._sold_in(3, 2)
        self._sold_in(5, 1)
        with freeze_time("2026-05-20 03:00:00"):
            self._stock()
            self._buy(self._create_vehicle())
            plan = self._plan()
            self.env.invalidate_all()
            # February, March and April sold 3 cars: one a month, 1.5 for 45 days
            self.assertRecordValues(
                plan,
                [{"sales_average": 1, "stock_quantity": 1, "coming_quantity": 1, "suggested": 0}],
            )
            everywhere = self._plan(warehouse_id=False)
            self.assertEqual(everywhere.sales_average, 1)

    def test_the_wizard_plans_what_sold(self):
        self._sold_in(4, 3)
        other = self._create_trim("Lark Never Sold")
        other._dealer_get_or_create_product()
        with freeze_time("2026-05-20 03:00:00"):
            self.env.invalidate_all()
            form = Form(self._as(self.max, self.env["dealer.factory.plan.propose"]))
            form.month = "2026-06-15"
            form.warehouse_id = self.warehouse
            wizard = form.save()
            action = wizard.action_propose()
            plans = self.env["dealer.factory.plan"].search(action["domain"])
            self.assertRecordValues(
                plans, [{"model_id": self.trim.id, "quantity": 2, "sales_average": 1}]
            )
            self.assertEqual(str(plans.month), "2026-06-01")
            plans.quantity = 9
            self.assertEqual(wizard.action_propose()["domain"], action["domain"])
            self.assertEqual(plans.quantity, 9)
            plans.action_take_suggestion()
            self.assertEqual(plans.quantity, 2)

    def test_the_plan_follows_its_orders(self):
        plan = self._plan()
        orders = self.Order
        for number in range(3):
            orders |= self._order(f"D00{number}", month="2026-06-01")
        orders |= self._order("D100", month="2026-07-01")
        orders[0].reported_state = "cancelled"
        orders[1].vehicle_id = self._stock()
        self.assertRecordValues(
            plan, [{"ordered_quantity": 2, "arrived_quantity": 1, "open_quantity": 3}]
        )
        action = plan.action_view_orders()
        self.assertEqual(self.Order.search(action["domain"]), orders[:3].sorted("id"))

    def test_a_plan_is_made_once_for_the_first_of_a_month(self):
        self._plan()
        for vals, error in (
            ({}, psycopg2.errors.UniqueViolation),
            ({"month": "2026-06-02"}, psycopg2.errors.CheckViolation),
            ({"month": "2026-07-01", "quantity": -1}, psycopg2.errors.CheckViolation),
        ):
            with mute_logger("odoo.sql_db"), self.assertRaises(error), self.cr.savepoint():
                self._plan(**vals)

    def test_many_plans_are_computed_together(self):
        plans = self._plan()
        for number in range(8):
            plans |= self._plan(model_id=self._create_trim(f"Lark {number}").id)

        def count(some):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            some.mapped("suggested")
            return self.cr.sql_log_count - before

        count(plans)  # caches
        self.assertLessEqual(count(plans), count(plans[:2]) + 1)

    def test_who_may_plan(self):
        plan = self._plan()
        with self.assertRaises(AccessError):
            self._as(self.sara, plan).read(["quantity"])
        with self.assertRaises(AccessError):
            self._as(self.ken, plan).write({"quantity": 1})
