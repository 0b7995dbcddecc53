"""Damage found on arrival, and the claim on the carrier."""

from odoo.exceptions import AccessError, UserError
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
