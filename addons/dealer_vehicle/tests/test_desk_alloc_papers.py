import base64
from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import DealerVehicleCommon

SIGNATURE = base64.b64encode(b"\x89PNG signature")


class PapersCase(DealerVehicleCommon):
    """A car in stock, and whoever deals with its papers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tom = cls._create_person("tom", "sales_consultant")
        cls.wanda = cls._create_person("wanda", "service_manager")
        cls.bank = cls.env["res.partner"].create({"name": "Bank of the River", "is_company": True})
        cls.vehicle = cls._create_vehicle(certificate_number="YW31000001", key_number="K1")

    def setUp(self):
        super().setUp()
        self._receive(self._buy(self.vehicle))

    def _codes(self, order):
        lines = order.order_line
        blockers = lines._dealer_get_delivery_blockers()
        return {blocker.code for line in lines for blocker in blockers[line.id]} & {
            "pledge",
            "recall",
            "disclosure",
        }


@tagged("post_install", "-at_install")
class TestCustody(PapersCase):
    """Where certificates and keys are, and what may not leave because of it."""

    def setUp(self):
        self._as(self.ken, self.vehicle).action_dealer_register_custody()  # it has not come yet
        super().setUp()
        self.things = self._as(self.ken, self.vehicle).custody_ids
        self.certificate = self.things.filtered(lambda thing: thing.kind == "certificate")
        self.keys = self.things - self.certificate

    def _move(self, thing, state, user=None, **vals):
        return self._as(user or self.ken, self.env["dealer.custody.move"]).create(
            {"custody_id": thing.id, "state": state, **vals}
        )

    def _pledge(self):
        return self._move(self.certificate, "pledged", user=self.fred, holder_id=self.bank.id)

    def test_standard_set_is_a_certificate_and_two_keys(self):
        self.assertRecordValues(
            self.things.sorted("id"),
            [
                {"kind": "certificate", "name": "YW31000001", "state": "at_oem"},
                {"kind": "key", "name": "K1 1", "state": "at_oem"},
                {"kind": "key", "name": "K1 2", "state": "at_oem"},
            ],
        )
        self._as(self.ken, self.vehicle).action_dealer_register_custody()
        self.assertEqual(len(self.vehicle.custody_ids), 3)

    def test_keys_of_a_car_in_the_yard_are_there_too(self):
        car = self._create_vehicle(certificate_number="YW31000002")
        self._receive(self._buy(car), place=self.warehouse._dealer_place("yard"))
        self._as(self.ken, car).action_dealer_register_custody()
        things = car.custody_ids
        self.assertEqual(set(things.mapped("state")), {"in_hand"})
        self.assertEqual(set(things.mapped("place")), {car.location_id.display_name})
        self.assertEqual(things.move_ids.user_id, self.ken)

    def test_thing_is_what_its_last_move_says(self):
        key = self.keys[0]
        key.action_receive()
        back = fields.Date.today() + timedelta(days=1)
        with Form(
            self._as(self.ken, self.env["dealer.custody.move"]).with_context(
                **key.action_move()["context"]
            )
        ) as form:
            form.holder_id = self.sara.partner_id
            form.date_back = back
            form.note = "test drive"
        self.assertRecordValues(
            key,
            [{"state": "in_hand", "holder_id": self.sara.partner_id.id, "date_back": back}],
        )
        self.assertRecordValues(
            key.move_ids.sorted("id"),
            [
                {"state_from": "at_oem", "state": "in_hand", "user_id": self.ken.id},
                {"state_from": "in_hand", "state": "in_hand", "user_id": self.ken.id},
            ],
        )
        self._move(key, "in_hand", place="Safe")
        self.assertRecordValues(
            key, [{"holder_id": False, "place": "Safe", "date_back": False, "state": "in_hand"}]
        )
        self.assertEqual(key.move_id.holder_from_id, self.sara.partner_id)

    def test_chain_is_neither_changed_nor_deleted(self):
        self.keys.action_receive()
        move = self.keys[0].move_ids
        with self.assertRaisesRegex(UserError, "cannot be changed"):
            move.write({"state": "lost"})
        with self.assertRaises(AccessError):
            move.unlink()
        with self.assertRaises(AccessError):
            self.keys[0].unlink()
        with self.assertRaisesRegex(UserError, "written by the steps"):
            self.keys[0].write({"state": "handed_over"})
        with self.assertRaisesRegex(UserError, "cannot change its car"):
            self.keys[0].write({"vehicle_id": self._create_vehicle().id})
        with self.assertRaisesRegex(UserError, "written by the steps"):
            self._move(self.keys[0], "lost", state_from="at_oem")

    def test_impossible_steps_are_refused(self):
        with self.assertRaisesRegex(UserError, "cannot become"):
            self._move(self.certificate, "handed_over", holder_id=self.customer.id)
        with self.assertRaisesRegex(UserError, "cannot become"):
            self._move(self.certificate, "redeemed", user=self.fred)

    def test_pledge_and_release_are_the_accountants(self):
        with self.assertRaisesRegex(UserError, "recorded by an accountant"):
            self._move(self.certificate, "pledged", holder_id=self.bank.id)
        with self.assertRaisesRegex(UserError, "who has got it"):
            self._move(self.certificate, "pledged", user=self.fred)
        self._pledge()
        for state in ("redeem_requested", "redeemed"):
            with self.assertRaisesRegex(UserError, "recorded by an accountant"):
                self._move(self.certificate, state)
        with self.assertRaises(AccessError):
            self._move(self.keys[0], "in_hand", user=self.sara)

    def test_car_with_a_pledged_certificate_is_not_delivered(self):
        self._pledge()
        order = self._sell(self.vehicle)
        self.assertEqual(self._codes(order), {"pledge"})
        with self.assertRaisesRegex(
            UserError, r"YW31000001 is pledged to Bank of the River \(accountant"
        ):
            self._deliver(order)
        self._move(self.certificate, "redeem_requested", user=self.fred, reference="R-1")
        self.assertEqual(self._codes(order), {"pledge"})
        self._move(self.certificate, "redeemed", user=self.fred)
        self.assertEqual(self._codes(order), set())
        self._deliver(order)
        self.assertEqual(self.vehicle.status, "sold")

    def test_release_is_linked_to_its_payment(self):
        self._pledge()
        payment = self._as(self.fred, self.env["account.payment"]).create(
            {
                "payment_type": "outbound",
                "partner_type": "supplier",
                "partner_id": self.bank.id,
                "amount": 100000,
                "date": fields.Date.today(),
            }
        )
        move = self._move(
            self.certificate, "redeemed", user=self.fred, reference="R-1", payment_id=payment.id
        )
        self.assertEqual(move.payment_id, payment)

    def test_pledged_cars_are_found(self):
        self._pledge()
        Vehicle = self._as(self.sara, self.env["dealer.vehicle"])
        own = [("id", "=", self.vehicle.id)]
        self.assertTrue(Vehicle.search([("is_pledged", "=", True), *own]))
        self.assertFalse(Vehicle.search([("is_pledged", "=", False), *own]))
        self.assertEqual(self._as(self.sara, self.vehicle).certificate_state, "pledged")

    def test_owner_gets_the_keys_after_delivery(self):
        self.things.action_receive()
        with self.assertRaisesRegex(UserError, "has no owner yet"):
            self.keys.action_hand_over()
        self._deliver(self._sell(self.vehicle))
        self.things.action_hand_over()
        self.assertEqual(set(self.things.mapped("state")), {"handed_over"})
        self.assertEqual(self.things.holder_id, self.customer)

    def test_what_is_not_back_in_time_is_reminded_once(self):
        key = self.keys[0]
        key.action_receive()
        self._move(
            key,
            "in_hand",
            holder_id=self.sara.partner_id.id,
            date_back=fields.Date.today() - timedelta(days=1),
        )
        Custody = self.env["dealer.custody"]
        self.assertIn(key, Custody.search([("is_overdue", "=", True)]))
        self.assertNotIn(key, Custody.search([("is_overdue", "=", False)]))
        Custody._cron_remind()
        Custody._cron_remind()
        self.assertEqual(key.activity_ids.user_id, self.ken)
        self.assertEqual(len(key.activity_ids), 1)
        self._move(key, "in_hand", place="Safe")
        self.assertFalse(key.activity_ids)
        self.assertFalse(key.is_overdue)

    def test_other_companies_see_nothing(self):
        found = self._as(self.charlie, self.env["dealer.custody"]).search(
            [("id", "in", self.things.ids)]
        )
        self.assertFalse(found)

    def test_gates_ask_nothing_per_car(self):
        def statements(number):
            cars = self.env["dealer.vehicle"].create(
                [{"model_id": self.trim.id, "vin": self._new_vin()} for _i in range(number)]
            )
            order = self._quote(cars)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            order.order_line._dealer_get_delivery_blockers()
            return self.env.cr.sql_log_count - before

        statements(2)
        self.assertLessEqual(statements(20), statements(2) + 2)


@tagged("post_install", "-at_install")
class TestRecall(PapersCase):
    """A recall stops sale, allocation and delivery of its cars."""

    def _recall(self, vehicles=None, user=None, **vals):
        vehicles = self.vehicle if vehicles is None else vehicles
        recall = self._as(user or self.wanda, self.env["dealer.recall"]).create(
            {
                "code": f"R-{self.env['dealer.recall'].search_count([])}",
                "name": "Brake hose",
                "brand_id": self.brand.id,
                "line_ids": [Command.create({"vehicle_id": car.id}) for car in vehicles],
                **vals,
            }
        )
        recall.action_open()
        return recall

    def test_car_of_an_open_recall_is_not_sold(self):
        order = self._quote(self.vehicle)
        self._recall()
        with self.assertRaisesRegex(UserError, "Brake hose: its sale is stopped"):
            order.action_confirm()

    def test_car_of_an_open_recall_is_not_allocated(self):
        line = self._as(self.sara, self.env["sale.order"]).create(
            {
                "partner_id": self.customer.id,
                "order_line": [Command.create({"product_id": self.vehicle.product_id.id})],
            }
        )
        line.action_confirm()
        line = line.order_line
        self.assertTrue(line._dealer_get_matches()[line.id])
        self._recall()
        self.assertFalse(line._dealer_get_matches()[line.id])
        with self.assertRaisesRegex(UserError, "sale is stopped"):
            line.action_dealer_allocate(self.vehicle.id)

    def test_car_of_an_open_recall_is_not_held(self):
        self._recall()
        with self.assertRaisesRegex(UserError, "sale is stopped"):
            self._as(self.sara, self.env["dealer.vehicle.hold"]).create(
                {"vehicle_id": self.vehicle.id, "partner_id": self.customer.id}
            )

    def test_sold_car_is_not_delivered_until_it_is_done(self):
        order = self._sell(self.vehicle)
        recall = self._recall()
        self.assertEqual(self._codes(order), {"recall"})
        self.assertIn("Stop of sale", order.message_ids[0].body)
        with self.assertRaisesRegex(UserError, r"Brake hose is open \(service manager"):
            self._deliver(order)
        recall.line_ids.action_done()
        self.assertRecordValues(
            recall.line_ids,
            [{"state": "done", "done_by_id": self.wanda.id, "date_done": fields.Date.today()}],
        )
        self._deliver(order)
        self.assertEqual(self.vehicle.status, "sold")

    def test_recall_without_stop_of_sale_stops_nothing(self):
        self._recall(stop_sale=False)
        self.assertEqual(self._codes(self._sell(self.vehicle)), set())

    def test_closed_recall_and_car_without_the_defect_are_free(self):
        order = self._sell(self.vehicle)
        recall = self._recall()
        recall.line_ids.action_not_affected()
        self.assertEqual(self._codes(order), set())
        other = self._recall()
        self.assertEqual(self._codes(order), {"recall"})
        other.close_reason = "The maker has withdrawn the recall"
        other.action_close()
        self.assertEqual(self._codes(order), set())

    def test_open_cars_are_let_go_by_the_manager_for_a_reason(self):
        clerk = self._create_person("clara", "warranty_clerk")
        order = self._sell(self.vehicle)
        recall = self._recall()
        refusals = (
            self._as(clerk, recall).action_close,
            recall.action_close,
            lambda: self._as(clerk, recall).write({"stop_sale": False}),
            lambda: self._as(clerk, recall).write({"stop_sale": False, "close_reason": "Hurry"}),
        )
        for refused in refusals:
            with self.assertRaisesRegex(UserError, self.vehicle.vin[-6:]), self.cr.savepoint():
                refused()
        self.assertEqual(self._codes(order), {"recall"})
        recall.close_reason = "The maker has withdrawn the recall"
        with self.assertRaisesRegex(UserError, "not done"):
            self._as(clerk, recall).action_close()
        recall.action_close()
        self.assertEqual(recall.state, "closed")
        self.assertIn("withdrawn", recall.message_ids[0].body)

    def test_a_recall_whose_cars_are_done_is_closed_by_the_clerk(self):
        clerk = self._create_person("clara", "warranty_clerk")
        recall = self._as(clerk, self._recall())
        recall.line_ids.action_done()
        recall.action_close()
        self.assertEqual(recall.state, "closed")

    def test_whoever_sells_does_not_decide_that_the_car_is_safe(self):
        recall = self._as(self.max, self._recall(user=self.max))
        line = recall.line_ids
        for function in (
            line.action_done,
            line.action_not_affected,
            line.unlink,
            recall.action_close,
            lambda: recall.write({"stop_sale": False}),
            lambda: recall.write({"line_ids": [Command.clear()]}),
        ):
            with self.assertRaisesRegex(UserError, "Only the warranty clerk"):
                function()
        with self.assertRaisesRegex(UserError, "written by the steps"):
            line.write({"state": "done"})
        with self.assertRaises(AccessError):
            self._as(self.sara, recall).write({"name": "nothing"})

    def test_list_of_the_maker_is_pasted(self):
        recall = self._recall(vehicles=self.vehicle.browse())
        recall.vin_text = f"{self.vehicle.vin.lower()}，LGXC16AF4T9999999\n"
        recall.action_add_vins()
        self.assertEqual(recall.line_ids.vehicle_id, self.vehicle)
        self.assertEqual(recall.unknown_vins, "LGXC16AF4T9999999")
        self.assertTrue(self.vehicle.is_sale_stopped)

    def test_cars_are_found_by_trim_and_production_date(self):
        self.vehicle.production_date = "2026-01-15"
        later = self._create_vehicle(production_date="2026-02-15")
        recall = self._recall(
            vehicles=later.browse(),
            model_ids=[Command.set(self.trim.ids)],
            production_from="2026-01-01",
            production_to="2026-01-31",
        )
        recall.action_find_cars()
        recall.action_find_cars()
        self.assertEqual(recall.line_ids.vehicle_id, self.vehicle)

    def test_list_of_the_maker_names_cars_of_sister_companies(self):
        theirs = self._create_vehicle()
        order = self._as(self.env.user, self.env["purchase.order"]).with_company(self.other_company)
        order = order.with_context(allowed_company_ids=self.other_company.ids).create(
            {
                "partner_id": self.maker.id,
                "order_line": [
                    Command.create({"dealer_vehicle_id": theirs.id, "price_unit": 100000})
                ],
            }
        )
        order.button_confirm()
        self.assertEqual(theirs.company_id, self.other_company)
        recall = self._recall(vehicles=theirs.browse())
        recall.vin_text = theirs.vin
        recall.action_add_vins()
        self.assertFalse(recall.unknown_vins)
        self.assertTrue(theirs.sudo().is_sale_stopped)

    def test_recall_in_force_is_kept(self):
        recall = self._recall()
        with self.assertRaisesRegex(UserError, "five years"):
            recall.unlink()

    def test_stopped_cars_are_found(self):
        self._recall()
        Vehicle = self._as(self.sara, self.env["dealer.vehicle"])
        self.assertIn(self.vehicle, Vehicle.search([("is_sale_stopped", "=", True)]))
        self.assertNotIn(self.vehicle, Vehicle.search([("is_sale_stopped", "=", False)]))


@tagged("post_install", "-at_install")
class TestDisclosure(PapersCase):
    """The buyer of a repaired new car signs that he knows (guiding case 17)."""

    def _repair(self, vehicle=None, **vals):
        damage = self._as(self.ken, self.env["dealer.vehicle.damage"]).create(
            {
                "vehicle_id": (vehicle or self.vehicle).id,
                "description": "Scratch on the left rear door",
                "repair_note": "Door resprayed",
                "estimate": 800,
                **vals,
            }
        )
        damage.action_repaired()
        return damage

    def _sign(self, disclosure):
        disclosure.write({"signature": SIGNATURE, "signed_by": "Li Ming"})
        disclosure.action_sign()

    def test_repaired_car_is_not_delivered_before_its_buyer_has_signed(self):
        damage = self._repair()
        order = self._sell(self.vehicle)
        disclosure = order.dealer_disclosure_ids
        self.assertRecordValues(
            disclosure,
            [
                {
                    "vehicle_id": self.vehicle.id,
                    "partner_id": self.customer.id,
                    "damage_ids": damage.ids,
                    "state": "draft",
                }
            ],
        )
        self.assertIn("Door resprayed", disclosure.text)
        self.assertNotIn("800", disclosure.text)
        self.assertEqual(self._codes(order), {"disclosure"})
        with self.assertRaisesRegex(UserError, r"has not signed .* \(salesperson"):
            self._deliver(order)
        self._sign(disclosure)
        self.assertRecordValues(
            disclosure, [{"state": "signed", "witness_id": self.sara.id, "signed_by": "Li Ming"}]
        )
        self.assertEqual(disclosure.content_hash, disclosure._get_hash())
        self._deliver(order)
        self.assertEqual(self.vehicle.status, "sold")

    def test_repair_after_the_order_asks_for_a_signature(self):
        order = self._sell(self.vehicle)
        self.assertEqual(self._codes(order), set())
        self._repair()
        self.assertEqual(self._codes(order), {"disclosure"})
        self.assertTrue(order.dealer_disclosure_missing)

    def test_repair_after_the_signature_asks_for_another(self):
        self._repair()
        order = self._sell(self.vehicle)
        self._sign(order.dealer_disclosure_ids)
        second = self._repair(description="Stone chip")
        self.assertEqual(self._codes(order), {"disclosure"})
        draft = order.dealer_disclosure_ids.filtered(lambda d: d.state == "draft")
        self.assertEqual(draft.damage_ids, second)

    def test_second_repair_joins_the_unsigned_disclosure(self):
        first = self._repair()
        order = self._quote(self.vehicle)
        second = self._repair(description="Stone chip")
        self.assertEqual(order.dealer_disclosure_ids.damage_ids, first | second)

    def test_another_car_needs_no_signature(self):
        self._repair()
        order = self._sell(self.vehicle)
        self._as(self.max, order.order_line).action_reallocate(self._stock().id)
        self.assertEqual(self._codes(order), set())
        self.assertEqual(order.dealer_disclosure_ids.state, "void")

    def test_used_cars_and_missing_papers_are_not_meant(self):
        self._repair(part="missing")
        used = self._stock(self._create_vehicle(kind="used"))
        self._repair(used)
        self.assertFalse(self._sell(self.vehicle | used).dealer_disclosure_ids)

    def test_kind_of_the_car_cannot_hide_the_repair(self):
        self._repair()
        order = self._sell(self.vehicle)
        self._as(self.max, self.vehicle).kind = "used"
        self.assertEqual(self._codes(order), {"disclosure"})

    def test_cancelled_order_needs_no_signature(self):
        self._repair()
        order = self._quote(self.vehicle)
        order.action_cancel()
        self.assertEqual(order.dealer_disclosure_ids.state, "void")

    def test_claimed_but_unrepaired_damage_is_not_meant(self):
        self._as(self.ken, self.env["dealer.vehicle.damage"]).create(
            {"vehicle_id": self.vehicle.id, "description": "Scratch"}
        )
        self.assertEqual(self._codes(self._sell(self.vehicle)), set())

    def test_signature_and_name_are_needed(self):
        self._repair()
        disclosure = self._sell(self.vehicle).dealer_disclosure_ids
        with self.assertRaisesRegex(UserError, "signs first"):
            disclosure.action_sign()
        with self.assertRaisesRegex(UserError, "written by the steps"):
            disclosure.write({"state": "signed"})

    def test_signed_disclosure_is_never_changed(self):
        self._repair()
        disclosure = self._sell(self.vehicle).dealer_disclosure_ids
        self._sign(disclosure)
        with self.assertRaisesRegex(UserError, "cannot be changed"):
            disclosure.write({"signed_by": "Somebody else"})
        with self.assertRaises(AccessError):
            disclosure.unlink()
        with self.assertRaisesRegex(UserError, "kept"):
            disclosure.sudo().unlink()

    def test_repair_cannot_be_hidden_again(self):
        damage = self._repair()
        with self.assertRaisesRegex(UserError, "cannot be undone"):
            damage.write({"is_repaired": False})
        with self.assertRaisesRegex(UserError, "cannot be rewritten"):
            damage.write({"part": "missing"})
        with self.assertRaisesRegex(UserError, "buyer of the car is told"):
            self._as(self.max, damage).unlink()

    def test_repair_needs_words_for_the_buyer(self):
        with self.assertRaisesRegex(UserError, "what was repaired"):
            self._repair(repair_note=False)

    def test_colleagues_do_not_see_it(self):
        self._repair()
        disclosure = self._sell(self.vehicle).dealer_disclosure_ids
        Disclosure = self._as(self.tom, self.env["dealer.disclosure"])
        self.assertFalse(Disclosure.search([("id", "=", disclosure.id)]))
        self.assertTrue(self._as(self.max, disclosure).text)

    def test_disclosure_is_printed(self):
        self._repair()
        disclosure = self._sell(self.vehicle).dealer_disclosure_ids
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "dealer_vehicle.report_disclosure", disclosure.ids
        )
        self.assertIn(self.vehicle.vin, html.decode())
        self.assertIn("Door resprayed", html.decode())
