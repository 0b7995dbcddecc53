"""Damage found on arrival, and the claim on the carrier."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged

from .common import DealerVehicleCommon


@tagged("post_install", "-at_install")
class TestDamage(DealerVehicleCommon):
    def setUp(self):
        super().setUp()
        self.car = self._create_vehicle()
        self.carrier = self.env["res.partner"].create({"name": "Long Road Carriers"})

    def _found(self, user=None, **vals):
        form = Form(self._as(user or self.ken, self.env["dealer.vehicle.damage"]))
        form.vehicle_id = self.car
        form.description = "Scratch on the left rear door"
        for name, value in vals.items():
            form[name] = value
        return form.save()

    def test_the_stock_keeper_writes_down_what_he_found(self):
        damage = self._found(estimate=800)
        self.assertRecordValues(
            damage, [{"state": "draft", "user_id": self.ken.id, "part": "body", "estimate": 800}]
        )
        self.assertEqual(self.car.open_damage_count, 1)

    def test_a_claim_needs_somebody_liable(self):
        damage = self._found()
        with self.assertRaisesRegex(UserError, "who is liable"):
            damage.action_claim()

    def test_a_claim_goes_from_found_to_settled(self):
        damage = self._found(partner_id=self.carrier)
        damage.action_claim()
        damage.action_accept()
        with self.assertRaisesRegex(UserError, "Enter the settlement"):
            damage.action_settle()
        damage.settlement = 750
        damage.action_settle()
        self.assertEqual(damage.state, "settled")
        self.assertEqual(self.car.open_damage_count, 0)

    def test_a_rejected_claim_can_be_raised_again(self):
        damage = self._found(partner_id=self.carrier)
        damage.action_reject()
        damage.action_claim()
        self.assertEqual(damage.state, "claimed")

    def test_steps_cannot_be_jumped(self):
        damage = self._found(partner_id=self.carrier, estimate=100)
        damage.settlement = 100
        with self.assertRaisesRegex(UserError, "is Found and cannot become Settled"):
            damage.action_settle()

    def test_nobody_writes_the_state_by_hand(self):
        damage = self._found(partner_id=self.carrier)
        with self.assertRaisesRegex(UserError, "Use its buttons"):
            damage.write({"state": "settled"})
        with self.assertRaisesRegex(UserError, "Use its buttons"):
            damage.create({"vehicle_id": self.car.id, "description": "Dent", "state": "settled"})
        other = damage.with_context(default_state="settled").create(
            {"vehicle_id": self.car.id, "description": "Dent"}
        )
        self.assertRecordValues(damage | other, [{"state": "draft"}] * 2)

    def test_steps_need_the_right_to_write(self):
        damage = self._found(partner_id=self.carrier)
        reader = new_test_user(self.env, "reader_damage", groups="dealer_base.group_employee")
        with self.assertRaises(AccessError):
            self._as(reader, damage).action_claim()

    def test_cars_with_open_damages_can_be_found(self):
        sound = self._create_vehicle()
        self._found()
        Vehicle = self.env["dealer.vehicle"]
        both = [("id", "in", (self.car | sound).ids)]
        self.assertEqual(Vehicle.search([*both, ("open_damage_count", ">", 0)]), self.car)
        self.assertEqual(Vehicle.search([*both, ("open_damage_count", "=", 0)]), sound)

    def test_a_claimed_damage_is_not_deleted(self):
        damage = self._found(partner_id=self.carrier)
        damage.action_claim()
        with self.assertRaisesRegex(UserError, "reject it instead"):
            self._as(self.max, damage).unlink()

    def test_only_managers_delete(self):
        with self.assertRaises(AccessError):
            self._found().unlink()

    def test_another_company_sees_nothing(self):
        damage = self._found()
        found = self._as(self.charlie, self.env["dealer.vehicle.damage"]).search([])
        self.assertNotIn(damage, found)


@tagged("post_install", "-at_install")
class TestDamageOfInspection(DealerVehicleCommon):
    """A failed item of the inspection is a damage with one click."""

    def setUp(self):
        super().setUp()
        self.tom = self._create_person("tom", "technician")
        self.car = self._stock()
        action = self._as(self.tom, self.car).action_start_pdi()
        checklist = self._as(self.tom, self.env["dealer.checklist"]).browse(action["res_id"])
        self.line = checklist.line_ids[0]

    def _record(self, user=None):
        action = self._as(user or self.tom, self.line).action_record_damage()
        return self.env["dealer.vehicle.damage"].browse(action["res_id"])

    def test_the_technician_records_it_with_what_he_found(self):
        self.line.write({"result": "not_ok", "note": "Dent in the roof"})
        photo = self.env["ir.attachment"].create(
            {
                "name": "roof.jpg",
                "raw": b"photo",
                "res_model": self.line._name,
                "res_id": self.line.id,
            }
        )
        self.line.attachment_ids = photo
        damage = self._record()
        self.assertRecordValues(
            damage,
            [
                {
                    "vehicle_id": self.car.id,
                    "company_id": self.company.id,
                    "user_id": self.tom.id,
                    "state": "draft",
                    "description": f"{self.line.name}: Dent in the roof",
                }
            ],
        )
        self.assertEqual(damage.message_ids.attachment_ids.mapped("name"), ["roof.jpg"])
        self.assertEqual(self.car.open_damage_count, 1)

    def test_a_second_click_opens_the_same(self):
        self.line.result = "not_ok"
        self.assertEqual(self._record(), self._record(self.ken))

    def test_a_good_item_is_no_damage(self):
        self.line.result = "ok"
        with self.assertRaisesRegex(UserError, "not OK"):
            self._record()

    def test_nobody_says_which_item_it_was(self):
        with self.assertRaisesRegex(UserError, "written by the steps"):
            self._as(self.ken, self.env["dealer.vehicle.damage"]).create(
                {
                    "vehicle_id": self.car.id,
                    "description": "Dent",
                    "checklist_line_id": self.line.id,
                }
            )


@tagged("post_install", "-at_install")
class TestRepairAtInspection(DealerVehicleCommon):
    """Paint work of the inspection is disclosed like any other (guiding case 17)."""

    def setUp(self):
        super().setUp()
        self.tom = self._create_person("tom", "technician")
        self.car = self._stock()
        self.line = self._start()

    def _start(self, car=None):
        action = self._as(self.tom, car or self.car).action_start_pdi()
        checklist = self._as(self.tom, self.env["dealer.checklist"]).browse(action["res_id"])
        line = checklist.line_ids.filtered("dealer_is_body")
        self.assertEqual(line.name, "Paint, panels and gaps")
        return line

    def _repair(self, line=None, **vals):
        line = line or self.line
        line.write({"result": "not_ok", "note": "Scratch on the left front door"})
        form = Form(line)
        form.result = "repaired"
        form.note = "Door resprayed"
        for name, value in vals.items():
            form[name] = value
        return form.save()

    def _codes(self, order):
        blockers = order.order_line.sudo()._dealer_get_delivery_blockers()
        return [blocker.code for found in blockers.values() for blocker in found]

    def test_the_shipped_inspections_know_their_body_items(self):
        names = (
            "checklist_template_arrival_11",
            "checklist_template_pdi_03",
            "checklist_template_pdi_nev_03",
        )
        for name in names:
            self.assertTrue(self.env.ref(f"dealer_vehicle.{name}").dealer_is_body, name)
        self.assertFalse(self.env.ref("dealer_vehicle.checklist_template_pdi_08").dealer_is_body)

    def test_the_buyer_signs_before_the_car_leaves(self):
        order = self._sell(self.car)
        self._repair()
        damage = self.car.damage_ids
        self.assertRecordValues(
            damage,
            [
                {
                    "checklist_line_id": self.line.id,
                    "part": "body",
                    "description": "Paint, panels and gaps: Scratch on the left front door",
                    "is_repaired": True,
                    "repair_note": "Door resprayed",
                    "repaired_by_id": self.tom.id,
                }
            ],
        )
        self.assertEqual(order.dealer_disclosure_ids.damage_ids, damage)
        self.assertIn("Door resprayed", order.dealer_disclosure_ids.text)
        self.assertEqual(self._codes(order), ["disclosure"])
        disclosure = self._as(self.sara, order.dealer_disclosure_ids)
        disclosure.write({"signature": b"iVBORw0KGgo=", "signed_by": "Li Ming"})
        disclosure.action_sign()
        self.assertEqual(self._codes(order), [])

    def test_who_buys_the_car_later_is_told_too(self):
        self._repair()
        self.assertEqual(self._codes(self._sell(self.car)), ["disclosure"])

    def test_a_damage_that_was_recorded_is_completed(self):
        self.line.write({"result": "not_ok", "note": "Scratch on the left front door"})
        damage = self.env["dealer.vehicle.damage"].browse(
            self.line.action_record_damage()["res_id"]
        )
        self._repair()
        self.assertEqual(self.car.damage_ids, damage)
        self.assertRecordValues(damage, [{"is_repaired": True, "repair_note": "Door resprayed"}])

    def test_the_inspector_states_that_it_was_no_body_work(self):
        order = self._sell(self.car)
        self._repair(note="Sticker taken off", dealer_no_body_work=True)
        self.assertFalse(self.car.damage_ids)
        self.assertEqual(self._codes(order), [])
        self.assertEqual(self.line.dealer_no_body_work_by_id, self.tom)
        self.assertTrue(self.line.dealer_no_body_work_on)
        message = self.line.checklist_id.message_ids[:1]
        self.assertIn("no paint or body work was done. Sticker taken off", message.body)
        self.assertEqual(message.author_id, self.tom.partner_id)

    def test_the_statement_needs_a_note_and_ends_with_the_repair(self):
        with self.assertRaisesRegex(ValidationError, "write in the note"), self.cr.savepoint():
            self.line.write({"result": "repaired", "dealer_no_body_work": True})
        self._repair(note="Sticker taken off", dealer_no_body_work=True)
        self.line.action_set_not_ok()
        self.assertFalse(self.line.dealer_no_body_work)
        self._repair()
        self.assertTrue(self.car.damage_ids.is_repaired)

    def test_nobody_says_who_stated_it(self):
        with self.assertRaises(AccessError):
            self.line.write({"dealer_no_body_work_by_id": self.ken.id})

    def test_a_recorded_repair_is_not_taken_back(self):
        self._repair()
        for vals in ({"result": "ok"}, {"dealer_no_body_work": True}, {"note": "Nothing"}):
            with self.assertRaisesRegex(UserError, "this repair is recorded"):
                self.line.write(vals)

    def test_other_items_are_no_body_work(self):
        line = self.line.checklist_id.line_ids.filtered(lambda item: "wipers" in item.name)
        line.write({"result": "repaired", "note": "Wiper exchanged"})
        self.assertFalse(self.car.damage_ids)

    def test_used_cars_have_their_own_disclosure(self):
        used = self._stock(self._create_vehicle(kind="used"))
        self._repair(self._start(used))
        self.assertFalse(used.damage_ids)
