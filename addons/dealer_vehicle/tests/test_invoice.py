from odoo import Command
from odoo.tests import tagged

from .common import DealerVehicleCommon


@tagged("post_install", "-at_install")
class TestInvoice(DealerVehicleCommon):
    """Cost of sales is that of the very car, in every order of events."""

    def test_items_of_the_invoice_name_their_car(self):
        vehicle = self._stock()
        order = self._sell(vehicle)
        self._deliver(order)
        invoice = self._invoice(order)
        lines = invoice.line_ids.filtered(lambda line: line.display_type in ("product", "cogs"))
        self.assertEqual(lines.dealer_vehicle_id, vehicle)
        self.assertTrue(all(line.dealer_vehicle_id for line in lines))
        self.assertEqual(invoice.dealer_vehicle_ids, vehicle)

    def test_items_of_the_bill_name_their_car(self):
        vehicle = self._create_vehicle()
        order = self._buy(vehicle)
        self._receive(order)
        bill = self._bill(order)
        self.assertEqual(bill.invoice_line_ids.dealer_vehicle_id, vehicle)
        self.assertEqual(self._balance(bill, "1405", vehicle), 100000)

    def test_invoice_before_delivery_takes_the_cost_of_the_car(self):
        self._stock(price=80000)
        vehicle = self._stock(price=100000)
        invoice = self._invoice(self._sell(vehicle))
        self.assertEqual(self._balance(invoice, "5401", vehicle), 100000)
        self.assertEqual(self._balance(invoice, "1405", vehicle), -100000)

    def test_two_invoices_of_one_order_keep_the_cars_apart(self):
        first, second = self._stock(price=100000), self._stock(price=130000)
        order = self._sell(first | second, 150000)
        self._deliver(order)
        first_invoice = self._as(self.fred, order)._create_invoices()
        first_invoice.invoice_line_ids.filtered(
            lambda line: line.dealer_vehicle_id == second
        ).unlink()
        first_invoice.invoice_date = "2026-11-20"
        first_invoice.action_post()
        second_invoice = self._invoice(order)
        self.assertEqual(self._balance(first_invoice, "5401"), 100000)
        self.assertEqual(self._balance(second_invoice, "5401"), 130000)

    def test_credit_note_for_the_second_car_gives_back_its_own_cost(self):
        first, second = self._stock(price=100000), self._stock(price=130000)
        order = self._sell(first | second, 150000)
        self._deliver(order)
        invoice = self._invoice(order)
        credit = invoice._reverse_moves([{"invoice_date": invoice.invoice_date}])
        credit.invoice_line_ids.filtered(lambda line: line.dealer_vehicle_id == first).unlink()
        credit.action_post()
        self.assertEqual(self._balance(credit, "5401", second), -130000)
        self.assertEqual(self._balance(credit, "5401", first), 0)

    def test_credit_note_is_red_throughout(self):
        vehicle = self._stock(price=100000)
        order = self._sell(vehicle)
        self._deliver(order)
        invoice = self._invoice(order)
        credit = invoice._reverse_moves([{"invoice_date": invoice.invoice_date}])
        credit.action_post()
        cogs = credit.line_ids.filtered(lambda line: line.display_type == "cogs")
        self.assertEqual(sorted(cogs.mapped("debit")), [-100000, 0])
        self.assertEqual(sorted(cogs.mapped("credit")), [-100000, 0])

    def test_invoice_after_buy_back_takes_the_cost_at_delivery(self):
        for kind, price in (("new", 100000), ("used", 100000)):
            with self.subTest(kind=kind):
                vehicle = self._stock(self._create_vehicle(kind=kind), price=price)
                order = self._sell(vehicle)
                self._deliver(order)
                self._stock(vehicle, price=70000, partner=self.customer)
                invoice = self._invoice(order)
                self.assertEqual(self._balance(invoice, "5401", vehicle), 100000)

    def test_return_and_credit_note_bring_stock_and_cost_back(self):
        vehicle = self._stock(price=100000)
        order = self._sell(vehicle)
        picking = self._deliver(order)
        invoice = self._invoice(order)
        self._return(picking)
        credit = self._credit(invoice)
        self.assertEqual(self._balance(invoice | credit, "5401", vehicle), 0)
        self.assertEqual(self._balance(invoice | credit, "1405", vehicle), 0)
        self.assertEqual(vehicle.product_id.total_value, 100000)

    def test_stock_account_is_empty_after_the_last_car(self):
        vehicle = self._create_vehicle()
        purchase = self._buy(vehicle)
        self._receive(purchase)
        bill = self._bill(purchase)
        cost = self._add_landed_cost(vehicle, 900)
        order = self._sell(vehicle)
        self._deliver(order)
        invoice = self._invoice(order)
        entries = bill | cost.account_move_id | invoice
        self.assertEqual(self._balance(entries, "1405"), 0)
        self.assertEqual(self._balance(entries, "1405", vehicle), 0)

    def test_vin_is_on_the_printed_invoice(self):
        vehicle = self._stock()
        order = self._sell(vehicle)
        self._deliver(order)
        values = self._invoice(order)._get_invoiced_lot_values()
        self.assertEqual([value["lot_name"] for value in values], [vehicle.vin])

    def test_buttons_lead_from_the_invoice_to_the_car_and_back(self):
        vehicle = self._stock()
        order = self._sell(vehicle)
        self._deliver(order)
        invoice = self._invoice(order)
        self.assertEqual(invoice.action_view_dealer_vehicles()["res_id"], vehicle.id)
        action = vehicle.action_view_invoices()
        self.assertIn(invoice.id, action["domain"][0][2])
        self.assertRecordValues(
            vehicle,
            [
                {
                    "sale_order_count": 1,
                    "purchase_order_count": 1,
                    "picking_count": 2,
                    "invoice_count": 2,
                }
            ],
        )

    def test_unnamed_car_of_the_trim_is_not_the_named_one(self):
        vehicle, mat = self._stock(), self.env["product.product"].create({"name": "Floor mat"})
        order = self._quote(vehicle, 110000)
        order.write(
            {
                "order_line": [
                    Command.create(
                        {"product_id": product.id, "price_unit": price, "tax_ids": False}
                    )
                    for product, price in ((vehicle.product_id, 95000), (mat, 500))
                ]
            }
        )
        order.action_confirm()
        self.assertEqual(
            [line._prepare_invoice_line().get("dealer_vehicle_id") for line in order.order_line],
            # the mat may belong to either car
            [vehicle.id, None, None],
        )
