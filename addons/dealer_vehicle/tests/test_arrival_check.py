"""A car is looked at when it arrives, and what was found is kept with the car."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import DealerVehicleCommon


@tagged("post_install", "-at_install")
class TestArrivalCheck(DealerVehicleCommon):
    def _check(self, car):
        self._as(self.ken, car).action_start_arrival_check()
        return self._as(self.ken, car).checklist_ids

    def _answer(self, checklist):
        """Everything is as it should be."""
        for line in checklist.line_ids:
            vals = {"result": "ok"}
            if line.needs_measurement:
                vals["measured_value"] = 2 if line.measure_limit == "min" else 8
            line.write(vals)
            if line.needs_attachment:
                attachment = self.env["ir.attachment"].create(
                    {"name": "vin.jpg", "raw": b"photo", "res_model": line._name, "res_id": line.id}
                )
                line.attachment_ids = attachment

    def test_each_car_of_a_receipt_gets_its_own_checklist(self):
        cars = self._create_vehicle() | self._create_vehicle()
        order = self._buy(cars)
        picking = self._as(self.ken, order.sudo().picking_ids)
        picking.action_start_arrival_check()
        picking.action_start_arrival_check()
        self.assertEqual(cars.mapped("checklist_count"), [1, 1])

    def test_an_answered_check_is_done_by_the_stock_keeper(self):
        checklist = self._check(self._create_vehicle())
        self._answer(checklist)
        checklist.action_done()
        self.assertRecordValues(checklist, [{"state": "done", "done_by_id": self.ken.id}])

    def test_a_check_with_a_paper_missing_cannot_be_done(self):
        checklist = self._check(self._create_vehicle())
        with self.assertRaisesRegex(UserError, "合格证"):
            checklist.action_done()

    def test_too_many_kilometres_are_not_ok(self):
        checklist = self._check(self._create_vehicle())
        odometer = checklist.line_ids.filtered(lambda line: line.measure_limit == "max")
        odometer.write({"measured_value": 51})
        self.assertEqual(odometer.result, "not_ok")

    def test_cars_with_open_checks_are_found(self):
        checked, other = self._create_vehicle(), self._create_vehicle()
        self._check(checked)
        found = self.env["dealer.vehicle"].search(
            [("id", "in", (checked | other).ids), ("checklist_ids.state", "=", "open")]
        )
        self.assertEqual(found, checked)
