"""Several cars on one transfer of which only some move: nobody asks about the others."""

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import DealerVehicleCommon


@tagged("post_install", "-at_install")
class TestPartialTransfer(DealerVehicleCommon):
    def _pick(self, order, lines):
        """Ken moves some lines of the transfer and leaves the others for later."""
        picking = self._as(self.ken, order.sudo().picking_ids)
        picking.move_line_ids.filtered(lines).picked = True
        picking.with_context(skip_backorder=True).button_validate()
        return picking

    def test_blocked_car_does_not_stop_the_other_one(self):
        first, second = self._stock(), self._stock()
        order = self._sell(first | second)
        second.write({"blocked": True, "block_reason": "recall"})
        picking = self._pick(order, lambda line: line.lot_id == first.sudo().lot_id)
        self.assertEqual(picking.state, "done")
        self.assertRecordValues(first | second, [{"status": "sold"}, {"status": "reserved"}])
        with self.assertRaisesRegex(UserError, "recall"):
            self._deliver(order)

    def test_half_typed_vin_does_not_stop_the_other_car(self):
        cars = self._create_vehicle() | self._create_vehicle()
        order = self._buy(cars)
        lines = self._as(self.ken, order.sudo().picking_ids).move_line_ids
        first, second = lines.sorted("id")
        second.lot_name = "LGX"
        self._pick(order, lambda line: line == first)
        self.assertRecordValues(cars, [{"status": "in_stock"}, {"status": "on_order"}])

    def test_car_that_stays_is_not_named_on_the_order(self):
        first, second = self._stock(), self._stock()
        product = self.trim.dealer_product_id
        order = self._as(self.sara, self.env["sale.order"]).create(
            {
                "partner_id": self.customer.id,
                "order_line": [
                    Command.create({"product_id": product.id, "name": name, "price_unit": price})
                    for name, price in (("first", 110000), ("second", 111000))
                ],
            }
        )
        order.action_confirm()
        picking = self._as(self.ken, order.sudo().picking_ids)
        for move, car in zip(picking.move_ids.sorted("id"), first | second, strict=True):
            vals = move._prepare_move_line_vals(quantity=1)
            move.move_line_ids = [Command.create(dict(vals, lot_id=car.sudo().lot_id.id))]
        self._pick(order, lambda line: line.lot_id == first.sudo().lot_id)
        self.assertEqual(order.order_line.dealer_vehicle_id, first)
