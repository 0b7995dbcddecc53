"""The hand-over: appointment, bay, five legal steps, signature, gate pass and what follows."""

import threading
from contextlib import closing

import psycopg2

from odoo import api, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.modules.registry import Registry
from odoo.tests import Form, freeze_time, tagged
from odoo.tests.common import BaseCase, get_db_name
from odoo.tools import mute_logger

from odoo.addons.dealer_vehicle.models.dealer_delivery import LEGAL_STEPS

from .delivery_case import DealerDeliveryCommon


@tagged("post_install", "-at_install")
class TestAppointment(DealerDeliveryCommon):
    def test_an_order_without_a_car_has_nothing_to_plan(self):
        order = self._quote(self._stock())
        with self.assertRaisesRegex(UserError, "holds no car"):
            order.action_plan_delivery()

    def test_the_delivery_knows_its_deal(self):
        order = self._deal()
        delivery = self._prepare_delivery(order)
        self.assertRecordValues(
            delivery,
            [
                {
                    "order_id": order.id,
                    "vehicle_id": order.order_line.dealer_vehicle_id.id,
                    "partner_id": self.customer.id,
                    "user_id": self.sara.id,
                    "warehouse_id": self.warehouse.id,
                    "bay_id": self.bay.id,
                    "state": "draft",
                }
            ],
        )
        self.assertTrue(delivery.name.startswith(self.warehouse.code))

    def test_planning_twice_opens_the_same_delivery(self):
        order = self._deal()
        self.assertEqual(self._prepare_delivery(order), self._prepare_delivery(order))

    def test_two_cars_of_an_order_have_two_deliveries(self):
        cars = self._stock() | self._stock()
        self.assertEqual(len(self._prepare_delivery(self._sell(cars))), 2)

    def test_an_appointment_needs_a_time(self):
        with self.assertRaisesRegex(UserError, "time of the appointment"):
            self._prepare_delivery(self._deal()).action_plan()

    def test_an_appointment_lies_ahead(self):
        delivery = self._prepare_delivery(self._deal())
        with freeze_time("2096-12-01 04:30:00"), self.assertRaisesRegex(UserError, "has passed"):
            self._plan(delivery)
        with freeze_time("2096-12-01 03:30:00"):  # the customer is here already
            self._plan(delivery)
            with self.assertRaisesRegex(UserError, "has passed"):
                delivery.date_start = "2020-01-01 02:00:00"

    def test_the_end_follows_from_the_hours(self):
        delivery = self._plan(self._prepare_delivery(self._deal()), duration=2)
        self.assertEqual(delivery.date_stop, fields.Datetime.to_datetime("2096-12-01 04:00:00"))

    @mute_logger("odoo.sql_db")
    def test_a_bay_holds_one_car_at_a_time(self):
        self._plan(self._prepare_delivery(self._deal()))
        other = self._prepare_delivery(self._deal())
        with self.assertRaises(psycopg2.errors.ExclusionViolation), self.cr.savepoint():
            self._plan(other, "2096-12-01 03:00:00")

    @mute_logger("odoo.sql_db")
    def test_moving_an_appointment_respects_the_bay(self):
        self._plan(self._prepare_delivery(self._deal()))
        other = self._plan(self._prepare_delivery(self._deal()), "2096-12-01 05:00:00")
        with self.assertRaises(psycopg2.errors.ExclusionViolation), self.cr.savepoint():
            other.date_start = "2096-12-01 03:00:00"
            other.flush_recordset()

    def test_one_car_after_the_other_is_fine(self):
        self._plan(self._prepare_delivery(self._deal()))
        other = self._plan(self._prepare_delivery(self._deal()), "2096-12-01 03:30:00")
        self.assertEqual(other.state, "planned")

    def test_a_postponed_appointment_frees_its_bay(self):
        first = self._plan(self._prepare_delivery(self._deal()))
        first.action_unplan()
        self.assertEqual(self._plan(self._prepare_delivery(self._deal())).state, "planned")

    def test_a_cancelled_deal_frees_its_bay(self):
        order = self._deal()
        delivery = self._plan(self._prepare_delivery(order))
        self._as(self.max, order)._action_cancel()
        self.assertEqual(delivery.state, "cancel")

    def test_a_bay_of_another_store_is_refused(self):
        store = self.env["stock.warehouse"].create(
            {"name": "East", "code": "EAST", "company_id": self.company.id}
        )
        bay = self.env["dealer.delivery.bay"].create({"name": "Hall", "warehouse_id": store.id})
        with self.assertRaisesRegex(ValidationError, "another store"):
            self._prepare_delivery(self._deal()).bay_id = bay

    def test_every_store_has_a_bay_at_once(self):
        store = self.env["stock.warehouse"].create(
            {"name": "East", "code": "EAST", "company_id": self.company.id}
        )
        self.assertEqual(len(store.dealer_delivery_bay_ids), 1)
        store._dealer_create_bays()
        self.assertEqual(len(store.dealer_delivery_bay_ids), 1)

    def test_a_store_without_bay_says_so_and_how_to_make_one(self):
        delivery = self._prepare_delivery(self._deal())
        self.assertFalse(delivery.has_no_bay)
        self.bay.active = False
        self.warehouse._dealer_create_bays()  # who archived the bays wants none
        delivery = self._prepare_delivery(self._deal())
        self.assertTrue(delivery.has_no_bay)
        action = self._as(self.max, delivery).action_make_bay()
        with Form(
            self._as(self.max, self.env["dealer.delivery.bay"]).with_context(**action["context"])
        ) as form:
            form.name = "Hall 2"
        delivery.invalidate_recordset()
        self.assertFalse(delivery.has_no_bay)
        delivery.write({"date_start": "2096-12-01 02:00:00"})
        delivery.action_plan()
        self.assertEqual(delivery.state, "planned")

    def test_the_consultant_plans_in_the_form(self):
        delivery = self._prepare_delivery(self._deal())
        with Form(delivery) as form:
            form.date_start = "2096-12-02 02:00:00"
            form.bay_id = self.bay
            form.note = "Flowers"
        delivery.action_plan()
        self.assertRecordValues(delivery, [{"state": "planned", "note": "Flowers"}])


@tagged("post_install", "-at_install")
class TestHandOver(DealerDeliveryCommon):
    def test_the_customer_gets_the_car(self):
        order = self._deal()
        delivery = self._hand_over(order)
        car = delivery.vehicle_id
        self.assertRecordValues(delivery, [{"state": "done", "handed_over_by_id": self.sara.id}])
        self.assertRecordValues(
            car.sudo(), [{"status": "sold", "partner_id": self.customer.id, "odometer": 12}]
        )
        self.assertEqual(set(order.sudo().picking_ids.mapped("state")), {"done"})

    def test_keys_and_papers_in_hand_go_along(self):
        order = self._deal()
        car = self._as(self.ken, order.order_line.dealer_vehicle_id)
        car.action_dealer_register_custody()
        car.custody_ids.action_receive()
        lent = self._as(self.ken, self.env["dealer.custody"]).create(
            {"vehicle_id": car.id, "kind": "key", "name": "Spare"}
        )
        delivery = self._hand_over(order)
        given = car.custody_ids - lent
        self.assertEqual(set(given.mapped("state")), {"handed_over"})
        self.assertEqual(given.holder_id, self.customer)
        self.assertEqual(given.move_id.user_id, self.sara)
        self.assertEqual(set(given.move_id.mapped("note")), {delivery.name})
        self.assertEqual(lent.state, "at_oem")

    def test_only_the_keys_that_were_signed_for_go_along(self):
        order = self._deal()
        car = self._as(self.ken, order.order_line.dealer_vehicle_id)
        car.action_dealer_register_custody()
        car.custody_ids.action_receive()
        self._sign(self._prepare_delivery(order), key_count=1).action_hand_over()
        keys = car.custody_ids.filtered(lambda thing: thing.kind == "key").sorted("id")
        self.assertEqual(keys.mapped("state"), ["handed_over", "in_hand"])

    def test_keys_that_nobody_received_end_with_the_customer_too(self):
        car = self._as(self.ken, self._create_vehicle())
        car.action_dealer_register_custody()  # before the car came; nobody looked again
        self._stock(car.sudo())
        order = self._sell(car.sudo())
        self._pass_pdi(car.sudo())
        self.assertEqual(set(car.custody_ids.mapped("state")), {"at_oem"})
        delivery = self._sign(self._prepare_delivery(order), key_count=1)
        delivery.action_hand_over()
        things = car.custody_ids.sorted("id")
        self.assertEqual(things.mapped("kind"), ["certificate", "key", "key"])
        self.assertEqual(things.mapped("state"), ["handed_over", "handed_over", "at_oem"])
        self.assertEqual(things[:2].holder_id, self.customer)

    def test_every_legal_step_is_needed(self):
        for step in LEGAL_STEPS:
            delivery = self._sign(self._prepare_delivery(self._deal()), **{step: False})
            label = delivery._fields[step]._description_string(self.env)
            with self.subTest(step=step), self.assertRaisesRegex(UserError, label.split(":")[0]):
                delivery.action_hand_over()

    @mute_logger("odoo.sql_db")
    def test_the_database_knows_the_law_too(self):
        delivery = self._sign(self._prepare_delivery(self._deal()), is_safety_reminded=False)
        with self.assertRaises(psycopg2.errors.CheckViolation), self.cr.savepoint():
            delivery.sudo().write(
                {
                    "state": "done",
                    "handed_over_by_id": self.sara.id,
                    "handed_over_on": "2026-12-01 02:00:00",
                }
            )
            self.env.flush_all()

    @mute_logger("odoo.sql_db")
    def test_kilometres_and_keys_are_not_negative(self):
        for vals in ({"odometer": -5}, {"key_count": -1}):
            delivery = self._prepare_delivery(self._deal())
            with self.assertRaises(psycopg2.errors.CheckViolation), self.cr.savepoint():
                delivery.write(vals)
                self.env.flush_all()

    def test_no_signature_no_car(self):
        delivery = self._sign(self._prepare_delivery(self._deal()), signature=False)
        with self.assertRaisesRegex(UserError, "has not signed"):
            delivery.action_hand_over()

    def test_a_gate_holds_the_hand_over_and_says_who_can_act(self):
        car = self._stock()
        delivery = self._sign(self._prepare_delivery(self._sell(car)))
        with self.assertRaisesRegex(UserError, "PDI.*inspector"):
            delivery.action_hand_over()
        self.assertEqual(delivery.state, "draft")

    def test_the_transfer_waits_for_the_signature(self):
        with self.assertRaisesRegex(UserError, "has not signed the hand-over list.*consultant"):
            self._deliver(self._deal())

    def test_many_kilometres_need_a_word(self):
        delivery = self._sign(self._prepare_delivery(self._deal()), odometer=51)
        with self.assertRaisesRegex(UserError, "51 km"):
            delivery.action_hand_over()
        delivery.odometer_note = "Brought from the east store, agreed"
        delivery.action_hand_over()
        self.assertEqual(delivery.state, "done")

    def test_the_odometer_is_read(self):
        delivery = self._sign(self._prepare_delivery(self._deal()), odometer=0)
        with self.assertRaisesRegex(UserError, "has not been read"):
            delivery.action_hand_over()

    def test_accessories_go_with_the_car(self):
        mat = self.env["product.product"].create(
            {"name": "Floor mats", "type": "consu", "is_storable": True}
        )
        self.env["stock.quant"]._update_available_quantity(mat, self.warehouse.lot_stock_id, 1)
        car = self._stock()
        order = self._quote(car)
        order.order_line = [(0, 0, {"product_id": mat.id, "product_uom_qty": 1})]
        order.action_confirm()
        self._pass_pdi(car)
        self._hand_over(order)
        self.assertEqual(order.order_line.mapped("qty_delivered"), [1, 1])

    def test_what_is_not_there_stays_on_a_backorder(self):
        mat = self.env["product.product"].create(
            {"name": "Floor mats", "type": "consu", "is_storable": True}
        )
        car = self._stock()
        order = self._quote(car)
        order.order_line = [(0, 0, {"product_id": mat.id, "product_uom_qty": 1})]
        order.action_confirm()
        self._pass_pdi(car)
        self._hand_over(order)
        self.assertEqual(order.order_line.mapped("qty_delivered"), [1, 0])

    def test_one_car_of_two_leaves_alone(self):
        cars = self._stock() | self._stock()
        order = self._sell(cars)
        self._pass_pdi(cars[0])
        delivery = self._prepare_delivery(order).filtered(lambda d: d.vehicle_id == cars[0])
        self._sign(delivery).action_hand_over()
        self.assertEqual(cars.mapped("status"), ["sold", "reserved"])

    def test_a_signed_list_is_not_changed(self):
        delivery = self._hand_over(self._deal())
        for vals in ({"odometer": 9}, {"signature": False}, {"is_tools_given": False}):
            with self.assertRaisesRegex(UserError, "has signed"):
                delivery.write(vals)
        with self.assertRaises(UserError):
            delivery.sudo().unlink()

    def test_nobody_writes_the_state(self):
        delivery = self._prepare_delivery(self._deal())
        for vals in ({"state": "done"}, {"signed_on": "2026-12-01 00:00:00"}):
            with self.assertRaisesRegex(UserError, "by hand"):
                self._as(self.max, delivery).write(vals)

    def test_the_car_of_a_colleague_is_not_handed_over(self):
        delivery = self._prepare_delivery(self._deal())
        colleague = self._create_person("sam", "sales_consultant")
        with self.assertRaises(AccessError):
            self._as(colleague, delivery).action_hand_over()

    def test_another_company_sees_nothing(self):
        delivery = self._prepare_delivery(self._deal())
        with self.assertRaises(AccessError):
            self._as(self.charlie, delivery).read(["name"])


@tagged("post_install", "-at_install")
class TestAfterHandOver(DealerDeliveryCommon):
    @freeze_time("2026-01-10 04:00:00")
    def test_the_guarantee_begins_on_the_day_of_the_hand_over(self):
        car = self._hand_over(self._deal()).vehicle_id
        self.assertRecordValues(
            car,
            [
                {
                    "warranty_start_date": fields.Date.to_date("2026-01-10"),
                    "warranty_end_date": fields.Date.to_date("2029-01-10"),
                    "guarantee_end_date": fields.Date.to_date("2028-01-10"),
                }
            ],
        )

    def test_a_firm_has_the_makers_guarantee_only(self):
        self.customer.is_company = True
        car = self._hand_over(self._deal()).vehicle_id
        self.assertTrue(car.warranty_end_date)
        self.assertFalse(car.guarantee_end_date)

    @freeze_time("2026-01-10 04:00:00")
    def test_a_maker_may_promise_more(self):
        self._as(self.max, self.trim).dealer_warranty_months = 60
        car = self._hand_over(self._deal()).vehicle_id
        self.assertEqual(car.warranty_end_date, fields.Date.to_date("2031-01-10"))

    def test_no_maker_promises_less_than_the_law(self):
        for vals in (
            {"dealer_warranty_months": 35},
            {"dealer_warranty_km": 59999},
            {"dealer_guarantee_months": 23},
            {"dealer_guarantee_km": 49999},
            {"dealer_usage_factor": 0.501},
        ):
            with self.subTest(vals), self.assertRaisesRegex(ValidationError, "law"):
                self._as(self.max, self.trim).write(vals)

    @freeze_time("2026-11-22 04:00:00")
    def test_the_calls_after_the_delivery_are_planned(self):
        delivery = self._hand_over(self._deal())
        activities = delivery.activity_ids.sorted("date_deadline")
        self.assertEqual(set(activities.user_id.ids), {self.sara.id})
        self.assertEqual(
            [str(day) for day in activities.mapped("date_deadline")],
            [
                "2026-11-23",
                "2026-11-25",
                "2026-11-29",
                "2026-12-22",
                "2027-04-22",
                "2027-10-18",
                "2027-11-22",
            ],
        )

    def test_the_calls_speak_the_language_of_who_makes_them(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.sara.lang = "zh_CN"
        self.max.lang = "en_US"
        delivery = self._hand_over(self._deal())
        summaries = delivery.activity_ids.mapped("summary")
        self.assertEqual(len(summaries), 7)
        self.assertFalse([summary for summary in summaries if summary.isascii()])
        other = self._deal()
        other.sudo().user_id = self.max
        self.assertIn(
            "Birthday of the car", self._hand_over(other, self.max).activity_ids.mapped("summary")
        )

    def test_the_plan_is_kept_in_the_language_of_the_house(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        steps = self.env.ref("dealer_vehicle.mail_activity_plan_delivery").template_ids
        steps[0].summary = "Our own call"
        steps._dealer_translate_followup("zh_CN")
        self.assertEqual(steps[0].summary, "Our own call")
        self.assertFalse([step.summary for step in steps[1:] if step.summary.isascii()])
        steps._dealer_translate_followup("en_US")
        self.assertEqual(steps[-1].summary, "Birthday of the car")

    def test_a_company_has_its_own_plan(self):
        self.env["mail.activity.plan"].create(
            {
                "name": "Ours",
                "res_model": "dealer.delivery",
                "company_id": self.company.id,
                "template_ids": [
                    (
                        0,
                        0,
                        {
                            "activity_type_id": self.env.ref(
                                "dealer_vehicle.mail_activity_type_followup"
                            ).id,
                            "summary": "Only one call",
                            "responsible_type": "other",
                            "responsible_id": self.max.id,
                        },
                    )
                ],
            }
        )
        delivery = self._hand_over(self._deal())
        self.assertRecordValues(
            delivery.activity_ids, [{"summary": "Only one call", "user_id": self.max.id}]
        )

    def test_a_gate_pass_is_printed_for_released_cars_only(self):
        report = self.env["ir.actions.report"]
        delivery = self._prepare_delivery(self._deal())
        with self.assertRaisesRegex(UserError, "before it has been handed over"):
            report._render_qweb_html("dealer_vehicle.report_gate_pass", delivery.ids)
        self._sign(delivery).action_hand_over()
        html = report._render_qweb_html("dealer_vehicle.report_gate_pass", delivery.ids)[0].decode()
        self.assertIn(delivery.vehicle_id.vin, html)
        self.assertIn("data:image/png;base64,", html)
        self.assertTrue(delivery._get_gate_url().endswith(f"/odoo/hand-overs/{delivery.id}"))

    def test_a_gate_pass_is_good_for_one_exit(self):
        delivery = self._hand_over(self._deal())
        guard = self._as(self.ken, delivery)
        guard.action_left()
        self.assertRecordValues(delivery, [{"left_by_id": self.ken.id}])
        with self.assertRaisesRegex(UserError, "was used on"):
            guard.action_left()

    def test_the_gate_stays_shut_before_the_hand_over(self):
        delivery = self._prepare_delivery(self._deal())
        with self.assertRaisesRegex(UserError, "no gate pass"):
            self._as(self.ken, delivery).action_left()
        with self.assertRaises(AccessError):
            delivery.action_left()  # Sara is no guard

    def test_the_list_is_printed_with_the_law_on_it(self):
        delivery = self._hand_over(self._deal())
        html = (
            self.env["ir.actions.report"]
            ._render_qweb_html("dealer_vehicle.report_handover", delivery.ids)[0]
            .decode()
        )
        for text in ("60000", "50000", "0.5 %", "Safety notes", delivery.vehicle_id.vin):
            self.assertIn(text, html)


@tagged("post_install", "-at_install")
class TestReadiness(DealerDeliveryCommon):
    def test_a_blocked_car_is_red(self):
        delivery = self._prepare_delivery(self._sell(self._stock()))
        self.assertEqual(delivery.readiness, "blocked")
        self.assertIn('text-bg-danger me-1 mb-1" title="Inspected"', delivery.readiness_html)

    def test_a_car_without_plate_is_amber(self):
        self.assertEqual(self._prepare_delivery(self._deal()).readiness, "waiting")

    def test_open_deliveries_are_found_by_their_light(self):
        blocked = self._prepare_delivery(self._sell(self._stock()))
        waiting = self._prepare_delivery(self._deal())
        done = self._hand_over(self._deal())
        found = self.env["dealer.delivery"].search(
            [("id", "in", (blocked | waiting | done).ids), ("readiness", "=", "blocked")]
        )
        self.assertEqual(found, blocked)

    def test_a_delivery_whose_car_was_taken_away_breaks_no_list(self):
        order = self._deal()
        delivery = self._prepare_delivery(order)
        self._as(self.max, order.order_line).dealer_vehicle_id = False
        deliveries = self._as(self.sara, self.env["dealer.delivery"])
        rows = deliveries.search_read([("id", "=", delivery.id)], ["readiness", "readiness_html"])
        self.assertIn('text-bg-danger me-1 mb-1" title="Inspected"', rows[0]["readiness_html"])
        self.assertNotEqual(rows[0]["readiness"], "ready")

    def test_nobody_puts_another_picture_in_the_place_of_a_signature(self):
        delivery = self._sign(self._prepare_delivery(self._deal()))
        files = (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", "dealer.delivery"),
                    ("res_id", "=", delivery.id),
                    ("res_field", "=", "signature"),
                ]
            )
        )
        self.assertTrue(files)
        for user in (self.sara, self.ken):
            for change in (
                lambda file: file.write({"raw": b"another"}),
                lambda file: file.unlink(),
            ):
                with self.assertRaises(AccessError):
                    change(self._as(user, files))
        self.assertTrue(delivery.signature)

    def test_a_finished_delivery_has_no_light(self):
        self.assertFalse(self._hand_over(self._deal()).readiness)


@tagged("post_install", "-at_install")
class TestBayRace(BaseCase):
    """Ten consultants want the same bay at the same hour: real transactions, committed."""

    CONSULTANTS = 10

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with closing(self.registry.cursor()) as cr:
            self._make_data(self._env(cr))
            cr.commit()  # pylint: disable=invalid-commit
        self.addCleanup(self._clean)

    def _env(self, cr):
        return api.Environment(cr, api.SUPERUSER_ID, {"tracking_disable": True})

    def _make_data(self, env):
        warehouse = env["stock.warehouse"].search([("company_id", "=", env.company.id)], limit=1)
        self.bay_id = (
            env["dealer.delivery.bay"].create({"name": "Race", "warehouse_id": warehouse.id}).id
        )
        partner = env["res.partner"].create({"name": "Racing customer"})
        product = env["product.product"].create({"name": "Race ticket", "type": "service"})
        orders = env["sale.order"].create(
            [
                {
                    "partner_id": partner.id,
                    "warehouse_id": warehouse.id,
                    "order_line": [(0, 0, {"product_id": product.id})],
                }
                for _number in range(self.CONSULTANTS)
            ]
        )
        deliveries = env["dealer.delivery"].create(
            [{"sale_line_id": line.id} for line in orders.order_line]
        )
        self.delivery_ids, self.order_ids = deliveries.ids, orders.ids
        self.partner_id, self.product = partner.id, (product.id, product.product_tmpl_id.id)

    def _clean(self):
        with closing(self.registry.cursor()) as cr:
            for query, ids in (
                ("DELETE FROM dealer_delivery WHERE id IN %s", self.delivery_ids),
                ("DELETE FROM dealer_delivery_bay WHERE id IN %s", [self.bay_id]),
                ("DELETE FROM sale_order WHERE id IN %s", self.order_ids),
                ("DELETE FROM product_product WHERE id IN %s", self.product[:1]),
                ("DELETE FROM product_template WHERE id IN %s", self.product[1:]),
                ("DELETE FROM res_partner WHERE id IN %s", [self.partner_id]),
            ):
                cr.execute(query, [tuple(ids)])
            cr.commit()  # pylint: disable=invalid-commit
        self.registry.clear_cache()

    @mute_logger("odoo.sql_db")
    def test_one_of_ten_gets_the_bay(self):
        ready = threading.Barrier(self.CONSULTANTS, timeout=30)
        results = [None] * self.CONSULTANTS

        def plan(index):
            with closing(self.registry.cursor()) as cr:
                try:
                    delivery = self._env(cr)["dealer.delivery"].browse(self.delivery_ids[index])
                    delivery.read(["state"])
                    ready.wait()
                    delivery.write({"date_start": "2096-12-24 02:00:00", "bay_id": self.bay_id})
                    delivery.action_plan()
                    cr.commit()  # pylint: disable=invalid-commit
                    results[index] = "planned"
                except psycopg2.Error as error:
                    cr.rollback()
                    results[index] = type(error).__name__

        threads = [threading.Thread(target=plan, args=(n,)) for n in range(self.CONSULTANTS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        self.assertEqual(results.count("planned"), 1, results)
        with closing(self.registry.cursor()) as cr:
            planned = self._env(cr)["dealer.delivery"].search_count(
                [("id", "in", self.delivery_ids), ("state", "=", "planned")]
            )
        self.assertEqual(planned, 1)

    def test_the_loser_reads_what_to_do(self):
        objects = {
            obj.full_name(model): obj
            for model in [self.registry["dealer.delivery"]]
            for obj in model._table_objects.values()
        }
        message = objects["dealer_delivery_bay_free"].message
        self.assertIn("Choose another bay or time", str(message))
