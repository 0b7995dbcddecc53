from odoo.tests import tagged

from .common import DealerVehicleCommon


@tagged("post_install", "-at_install")
class TestSale(DealerVehicleCommon):
    def test_whole_deal_of_a_new_car(self):
        vehicle = self._create_vehicle()
        order = self._buy(vehicle, 100000)
        self.assertEqual(vehicle.status, "on_order")
        picking = self._as(self.ken, order.sudo().picking_ids)
        self.assertEqual(picking.move_line_ids.lot_name, vehicle.vin)
        self._receive(order)
        self.assertEqual(vehicle.lot_id.name, vehicle.vin)
        self.assertEqual(vehicle.status, "in_stock")
        self.assertEqual(vehicle.location_id, self.warehouse.lot_stock_id)
        self._bill(order, 101000)
        self.assertEqual(vehicle._get_unit_cost(), 101000)
        self._add_landed_cost(vehicle, 700)
        self.assertEqual(vehicle._get_unit_cost(), 101700)
        sale = self._quote(vehicle, 110000)
        self.assertEqual(sale.sudo().order_line.margin, 8300)
        sale.action_confirm()
        self.assertEqual(vehicle.status, "reserved")
        self.assertEqual(sale.sudo().picking_ids.move_line_ids.lot_id, vehicle.lot_id)
        self._deliver(sale)
        self.assertEqual(vehicle.status, "sold")
        self.assertEqual(vehicle.partner_id, self.customer)
        self.assertEqual(sale.sudo().order_line.margin, 8300)
        invoice = self._invoice(sale)
        self.assertEqual(self._balance(invoice, "5401", vehicle), 101700)
        self._pay(invoice)
        self.assertIn(invoice.payment_state, ("paid", "in_payment"))
