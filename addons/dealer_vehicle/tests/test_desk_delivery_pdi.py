"""The inspection before delivery: per trim, on the phone, and the gate that asks for it."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import DealerVehicleCommon


class DealerPdiCommon(DealerVehicleCommon):
    """Ida inspects; the gate of the inspection is on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ida = cls._create_person("ida", "inspector")
        cls.company.dealer_gate_pdi = True

    def _start_pdi(self, car, user=None):
        action = self._as(user or self.ida, car).action_start_pdi()
        return self._as(user or self.ida, self.env["dealer.checklist"]).browse(action["res_id"])

    def _answer(self, checklist):
        """Everything is as it should be."""
        for line in checklist.line_ids:
            vals = {"result": "ok"}
            if line.needs_measurement:
                vals["measured_value"] = line.measure_max if line.measure_limit == "max" else 200
            line.write(vals)
            if line.needs_attachment:
                line.attachment_ids = self.env["ir.attachment"].create(
                    {"name": "vin.jpg", "raw": b"photo", "res_model": line._name, "res_id": line.id}
                )

    def _pass_pdi(self, car):
        checklist = self._start_pdi(car)
        self._answer(checklist)
        checklist.action_done()
        return checklist

    def _blockers(self, order, code=None):
        found = order.order_line.sudo()._dealer_get_delivery_blockers()
        return [
            blocker for reasons in found.values() for blocker in reasons if blocker.code == code
        ]


@tagged("post_install", "-at_install")
class TestPdi(DealerPdiCommon):
    def setUp(self):
        super().setUp()
        self.car = self._stock()

    def test_a_trim_has_its_own_inspection(self):
        own = self.env["dealer.checklist.template"].create(
            {
                "name": "Lark inspection",
                "model": "dealer.vehicle",
                "dealer_is_pdi": True,
                "line_ids": [(0, 0, {"name": "Roof rails"})],
            }
        )
        self._as(self.max, self.trim).dealer_pdi_template_id = own
        self.assertEqual(self._start_pdi(self.car).line_ids.mapped("name"), ["Roof rails"])

    def test_an_electric_car_is_inspected_for_its_battery(self):
        self.trim.default_fuel_type = "electric"
        sections = self._start_pdi(self.car).line_ids.mapped("section")
        self.assertIn("High voltage", sections)

    def test_the_state_follows_the_inspection(self):
        states = [self.car.pdi_state]
        checklist = self._start_pdi(self.car)
        states.append(self.car.pdi_state)
        self._answer(checklist)
        checklist.action_done()
        self.car.invalidate_recordset(["pdi_state"])
        self.assertEqual([*states, self.car.pdi_state], ["none", "open", "done"])

    def test_starting_twice_goes_on_with_the_same_inspection(self):
        self.assertEqual(self._start_pdi(self.car), self._start_pdi(self.car, self.ken))

    def test_a_sold_car_does_not_leave_without_inspection(self):
        order = self._sell(self.car)
        with self.assertRaisesRegex(UserError, "PDI.*has not been made.*inspector"):
            self._deliver(order)

    def test_an_inspected_car_leaves(self):
        order = self._sell(self.car)
        self._pass_pdi(self.car)
        self._deliver(order)
        self.assertEqual(self.car.status, "sold")

    def test_a_failed_item_blocks_and_is_named(self):
        order = self._sell(self.car)
        checklist = self._start_pdi(self.car)
        self._answer(checklist)
        checklist.line_ids[2].result = "not_ok"
        checklist.action_done()
        blocker = self._blockers(order, "pdi")[0]
        self.assertIn(checklist.line_ids[2].name, blocker.message)
        with self.assertRaisesRegex(UserError, checklist.line_ids[2].name):
            self._deliver(order)

    def test_a_repair_needs_a_word_about_it(self):
        line = self._start_pdi(self.car).line_ids[2]
        with self.assertRaisesRegex(ValidationError, "write in the note"):
            line.result = "repaired"

    def test_a_repaired_measure_is_measured_again(self):
        line = self._start_pdi(self.car).line_ids.filtered(lambda item: item.measure_unit == "V")
        line.measured_value = 11.9
        with self.assertRaisesRegex(ValidationError, "measure again"), self.cr.savepoint():
            line.write({"result": "repaired", "note": "Battery charged"})
        line.write({"measured_text": "12.7", "result": "repaired", "note": "Battery charged"})
        self.assertEqual(line.result, "repaired")

    def test_a_repaired_item_lets_the_car_go(self):
        order = self._sell(self.car)
        checklist = self._start_pdi(self.car)
        self._answer(checklist)
        checklist.line_ids[2].write({"result": "repaired", "note": "Polished"})
        checklist.action_done()
        self.assertFalse(self._blockers(order, "pdi"))

    def test_after_a_failed_inspection_a_new_one_is_made(self):
        checklist = self._start_pdi(self.car)
        self._answer(checklist)
        checklist.line_ids[2].result = "not_ok"
        checklist.action_done()
        again = self._start_pdi(self.car)
        self.assertNotEqual(again, checklist)
        self._answer(again)
        again.action_done()
        self.assertEqual(self.car.pdi_state, "done")

    def test_an_inspection_before_the_car_came_back_says_nothing(self):
        checklist = self._pass_pdi(self.car)
        checklist.sudo().done_on = "2020-01-01 08:00:00"
        self.car.invalidate_recordset(["pdi_state"])
        self.assertEqual(self.car.pdi_state, "none")

    def test_used_cars_are_not_inspected_by_the_makers_list(self):
        used = self._stock(self._create_vehicle(kind="used"))
        self.assertFalse(self._blockers(self._sell(used), "pdi"))

    def test_a_company_may_leave_the_gate_open(self):
        self.company.dealer_gate_pdi = False
        self._deliver(self._sell(self.car))
        self.assertEqual(self.car.status, "sold")

    def test_cars_to_inspect_are_found(self):
        other = self._stock()
        self._pass_pdi(other)
        found = self.env["dealer.vehicle"].search(
            [("id", "in", (self.car | other).ids), ("pdi_state", "in", ["none", "failed"])]
        )
        self.assertEqual(found, self.car)

    def test_the_order_and_the_car_say_why_and_who(self):
        order = self._sell(self.car)
        for record in (self._as(self.sara, order), self._as(self.sara, self.car)):
            self.assertEqual(record.dealer_blocker_count, 1)
            self.assertIn("has not been made", record.dealer_blocker_html)
            self.assertIn("inspector", record.dealer_blocker_html)
        self._pass_pdi(self.car)
        order.invalidate_recordset()
        self.assertIn("Nothing stands in the way", order.dealer_blocker_html)


@tagged("post_install", "-at_install")
class TestWhoInspects(DealerPdiCommon):
    """Whoever sells the car does not say that it is fit to leave."""

    def setUp(self):
        super().setUp()
        self.car = self._stock()
        self.order = self._sell(self.car)

    def _refused(self):
        return self.assertRaisesRegex(AccessError, "never by the salesperson")

    def test_the_seller_neither_starts_nor_answers_nor_closes(self):
        with self._refused(), self.cr.savepoint():
            self._start_pdi(self.car, self.sara)
        checklist = self._start_pdi(self.car)
        lines = self._as(self.sara, checklist.line_ids)
        with self._refused():
            lines[0].action_set_ok()
        with self._refused():
            lines[0].write({"result": "ok"})
        self._answer(checklist)
        with self._refused():
            self._as(self.sara, checklist).action_done()
        self.assertEqual(checklist.state, "open")

    def test_nor_does_his_manager(self):
        checklist = self._start_pdi(self.car)
        with self._refused():
            self._as(self.max, checklist.line_ids[0]).action_set_ok()

    def test_nor_does_an_inspector_who_sells_the_car_himself(self):
        self.order.sudo().user_id = self.ida
        with self._refused(), self.cr.savepoint():
            self._start_pdi(self.car)
        self.assertTrue(self._start_pdi(self.car, self.ken))

    def test_photos_follow(self):
        checklist = self._start_pdi(self.car)
        with self.assertRaises(AccessError):
            self._as(self.sara, self.env["ir.attachment"]).create(
                {
                    "name": "vin.jpg",
                    "raw": b"photo",
                    "res_model": "dealer.checklist.line",
                    "res_id": checklist.line_ids[0].id,
                }
            )

    def test_workshop_and_stock_inspect(self):
        roles = ("technician", "foreman", "stock_keeper", "service_manager", "inspector")
        for role in roles:
            person = self._create_person(f"pdi_{role}", role)
            checklist = self._start_pdi(self.car, person)
            checklist.line_ids[0].action_set_ok()
            self.assertEqual(checklist.line_ids[0].checked_by_id, person, role)

    def test_the_seller_reads_the_result(self):
        checklist = self._pass_pdi(self.car)
        self.assertEqual(self._as(self.sara, checklist.line_ids)[0].result, "ok")
        action = self._as(self.sara, self.car).action_start_pdi()
        self.assertEqual(action["res_id"], checklist.id)

    def test_other_checklists_are_as_they_were(self):
        self._as(self.ken, self.car).action_start_arrival_check()
        checklist = self.car.checklist_ids.filtered(
            lambda check: not check.template_id.dealer_is_pdi
        )
        self._as(self.sara, checklist.line_ids[0]).action_set_ok()
        self.assertEqual(checklist.line_ids[0].result, "ok")
