from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import DealerVehicleCommon
from .money_case import MoneyCase


@tagged("post_install", "-at_install")
class TestHold(DealerVehicleCommon):
    """A car is kept for a customer who thinks about it, for a while."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tom = cls._create_person("tom", "sales_consultant")
        cls.vehicle = cls._create_vehicle()

    def setUp(self):
        super().setUp()
        self._receive(self._buy(self.vehicle))

    def _hold(self, vehicle=None, partner=None, user=None, **vals):
        return self._as(user or self.sara, self.env["dealer.vehicle.hold"]).create(
            {
                "vehicle_id": (vehicle or self.vehicle).id,
                "partner_id": (partner or self.customer).id,
                **vals,
            }
        )

    def _wait(self, partner, user, **vals):
        Hold = self._as(user, self.env["dealer.vehicle.hold"]).with_context(dealer_hold_wait=True)
        return Hold.create({"vehicle_id": self.vehicle.id, "partner_id": partner.id, **vals})

    def _lapse(self, hold):
        hold.sudo().date_to = fields.Datetime.now() - timedelta(minutes=1)

    # === TERM ===
    def test_hold_ends_after_the_days_of_the_parameter(self):
        hold = self._hold()
        self.assertEqual(hold.date_to - hold.date_from, timedelta(days=3))
        self.assertRecordValues(self.vehicle, [{"hold_id": hold.id, "held_by_id": self.sara.id}])

    def test_hold_is_made_from_the_form_of_the_car(self):
        action = self._as(self.sara, self.vehicle).action_hold()
        Hold = self._as(self.sara, self.env["dealer.vehicle.hold"])
        form = Form(Hold.with_context(**action["context"]))
        form.partner_id = self.customer
        hold = form.save()
        self.assertRecordValues(
            hold, [{"vehicle_id": self.vehicle.id, "user_id": self.sara.id, "state": "active"}]
        )

    def test_job_ends_holds_whose_time_is_over(self):
        hold = self._hold()
        other = self._hold(self._create_vehicle())
        self._lapse(hold)
        self.env["dealer.vehicle.hold"]._cron_expire()
        self.assertRecordValues(hold | other, [{"state": "expired"}, {"state": "active"}])
        self.assertFalse(self.vehicle.hold_id)

    def test_lapsed_hold_binds_nobody_before_the_job_comes(self):
        hold = self._hold()
        self._lapse(hold)
        self.assertTrue(self._hold(partner=self.other_customer, user=self.tom))
        self.assertEqual(hold.state, "expired")

    def test_consultant_extends_once_and_a_manager_again(self):
        hold = self._hold()
        before = hold.date_to
        hold.action_extend()
        self.assertEqual(hold.date_to, before + timedelta(days=3))
        with self.assertRaisesRegex(UserError, "extended already"):
            hold.action_extend()
        self._as(self.max, hold).action_extend()
        self.assertEqual(hold.extension_count, 2)

    # === WHO GETS THE CAR ===
    def test_second_hold_is_refused_with_the_name_of_the_holder(self):
        self._hold()
        with self.assertRaisesRegex(UserError, "held by Sara"):
            self._hold(partner=self.other_customer, user=self.tom)

    def test_order_of_another_customer_is_refused_while_held(self):
        self._hold()
        order = self._quote(self.vehicle, partner=self.other_customer, user=self.tom)
        with self.assertRaisesRegex(UserError, "held by Sara"):
            order.action_confirm()
        self.assertEqual(order.state, "draft")

    def test_order_of_the_customer_uses_the_hold(self):
        hold = self._hold()
        order = self._sell(self.vehicle)
        self.assertRecordValues(hold, [{"state": "used", "reason": f"Order {order.name}"}])
        self.assertRecordValues(self.vehicle, [{"status": "reserved", "hold_id": False}])

    def test_confirmed_order_cannot_take_a_held_car_later(self):
        self._hold()
        free = self._stock()
        order = self._sell(free, partner=self.other_customer, user=self.tom)
        with self.assertRaisesRegex(UserError, "held by Sara"):
            self._as(self.max, order.order_line).action_reallocate(self.vehicle.id)
        with self.assertRaisesRegex(UserError, "held by Sara"):
            order.order_line.create({"order_id": order.id, "dealer_vehicle_id": self.vehicle.id})
        self.assertEqual(order.order_line.dealer_vehicle_id, free)

    def test_reserved_car_cannot_be_held(self):
        order = self._sell(self.vehicle)
        with self.assertRaisesRegex(UserError, order.name):
            self._hold(partner=self.other_customer, user=self.tom)

    def test_blocked_car_cannot_be_held(self):
        self.vehicle.write({"blocked": True, "block_reason": "scratched"})
        with self.assertRaisesRegex(UserError, "scratched"):
            self._hold()

    # === QUOTATION ===
    def test_quotation_holds_its_cars(self):
        order = self._quote(self.vehicle | self._create_vehicle())
        order.action_dealer_hold_cars()
        self.assertRecordValues(
            order.dealer_hold_ids,
            [{"partner_id": self.customer.id, "state": "active", "user_id": self.sara.id}] * 2,
        )
        self.assertEqual(order.dealer_hold_count, 2)

    def test_holding_twice_makes_no_second_hold(self):
        order = self._quote(self.vehicle)
        order.action_dealer_hold_cars()
        order.action_dealer_hold_cars()
        self.assertEqual(len(order.dealer_hold_ids), 1)

    def test_hold_goes_when_the_quotation_takes_another_car(self):
        order = self._quote(self.vehicle)
        order.action_dealer_hold_cars()
        order.order_line.dealer_vehicle_id = self._create_vehicle()
        self.assertEqual(order.dealer_hold_ids.state, "released")

    def test_cancelled_quotation_frees_its_cars(self):
        order = self._quote(self.vehicle)
        order.action_dealer_hold_cars()
        order.action_cancel()
        self.assertEqual(order.dealer_hold_ids.state, "released")
        self.assertFalse(self.vehicle.hold_id)

    def test_hold_cannot_hide_behind_the_order_of_another_customer(self):
        order = self._quote(self.vehicle, partner=self.other_customer)
        with self.assertRaisesRegex(UserError, "another customer"):
            self._hold(order_id=order.id)

    # === QUEUE ===
    def test_first_in_the_queue_gets_the_car_when_the_hold_ends(self):
        first = self._hold()
        second = self._wait(self.other_customer, self.tom)
        self.assertRecordValues(second, [{"state": "waiting", "date_to": False}])
        first.action_release()
        self.assertRecordValues(first | second, [{"state": "released"}, {"state": "active"}])
        self.assertEqual(second.date_to - second.date_from, timedelta(days=3))

    def test_priority_goes_before_the_date_in_the_queue(self):
        first = self._hold()
        early = self._wait(self.customer, self.tom)
        late = self._wait(self.other_customer, self.max, priority="2")
        first.action_release()
        self.assertRecordValues(early | late, [{"state": "waiting"}, {"state": "active"}])

    def test_queue_moves_when_an_order_is_cancelled(self):
        order = self._sell(self.vehicle)
        waiting = self._wait(self.other_customer, self.tom)
        self.assertEqual(waiting.state, "waiting")
        self._as(self.max, order).action_cancel()
        self.assertEqual(waiting.state, "active")

    # === RIGHTS ===
    def test_consultant_does_not_see_the_holds_of_colleagues(self):
        hold = self._hold()
        Hold = self._as(self.tom, self.env["dealer.vehicle.hold"])
        self.assertFalse(Hold.search([("id", "=", hold.id)]))
        self.assertEqual(self._as(self.tom, self.vehicle).held_by_id, self.sara)
        with self.assertRaises(AccessError):
            self._as(self.tom, hold).action_release()

    def test_consultant_cannot_hold_in_the_name_of_a_colleague(self):
        with self.assertRaises(AccessError):
            self._hold(user_id=self.tom.id)

    def test_expiry_priority_and_state_are_not_the_consultant_s(self):
        hold = self._hold()
        for vals in ({"date_to": "2030-01-01"}, {"priority": "2"}, {"state": "used"}):
            with self.assertRaisesRegex(UserError, "follows from the rules"):
                hold.write(vals)
        with self.assertRaisesRegex(UserError, "follows from the rules"):
            hold.write({"vehicle_id": self._create_vehicle().id})
        with self.assertRaisesRegex(UserError, "follows from"):
            self._as(self.sara, self.vehicle).write({"hold_id": False})

    def test_other_companies_see_nothing(self):
        hold = self._hold()
        self.assertFalse(
            self._as(self.charlie, self.env["dealer.vehicle.hold"]).search([("id", "=", hold.id)])
        )

    def test_manager_releases_the_hold_of_a_consultant(self):
        hold = self._hold()
        self._as(self.max, hold).action_release()
        self.assertRecordValues(hold, [{"state": "released", "ended_by_id": self.max.id}])

    # === DATABASE ===
    def test_database_keeps_one_hold_per_car(self):
        objects = self.env["dealer.vehicle.hold"]._table_objects.values()
        index = next(obj for obj in objects if "active_unique" in obj.name)
        self.assertIn("UNIQUE", index.get_definition(self.env.registry).upper())
        self.assertIn("Choose another car", str(index.message))

    def test_holding_many_cars_asks_nothing_per_car(self):
        def statements(number):
            cars = self.env["dealer.vehicle"].create(
                [{"model_id": self.trim.id, "vin": self._new_vin()} for _i in range(number)]
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["dealer.vehicle.hold"].create(
                [{"vehicle_id": car.id, "partner_id": self.customer.id} for car in cars]
            )
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        statements(2)
        self.assertLessEqual(statements(22), statements(2) + 2)


@tagged("post_install", "-at_install")
class TestHoldWithDeposit(MoneyCase):
    """Money of the customer makes the hold of his quotation firm."""

    def test_hold_with_a_deposit_does_not_expire(self):
        vehicle = self._stock()
        order = self._quote(vehicle, 147800)
        order.action_dealer_hold_cars()
        hold = order.dealer_hold_ids
        self.assertFalse(hold.is_hard)
        self._deposit(order, 5000)
        self.assertTrue(hold.is_hard)
        hold.sudo().date_to = fields.Datetime.now() - timedelta(days=1)
        self.env["dealer.vehicle.hold"]._cron_expire()
        self.assertEqual(hold.state, "active")
        other = self._quote(vehicle, 150000, partner=self.other_customer)
        with self.assertRaisesRegex(UserError, "who has paid a deposit"):
            other.action_confirm()
