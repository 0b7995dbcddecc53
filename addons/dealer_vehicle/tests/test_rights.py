"""What a role may do over the API is what it may do on screen."""

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .common import DealerVehicleCommon


@tagged("post_install", "-at_install")
class TestRights(DealerVehicleCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tom = cls._create_person("tom", "technician")

    # === WHO TRADES ===
    def test_who_may_not_trade_makes_no_products(self):
        vehicle = self._create_vehicle(kind="used")
        with self.assertRaises(AccessError):
            self._as(self.tom, vehicle).action_create_quotation()
        with self.assertRaises(AccessError):
            self._as(self.sara, vehicle).action_create_purchase()
        self.assertFalse(vehicle.product_id)

    def test_traders_start_quotations_and_purchases(self):
        action = self._as(self.max, self._create_vehicle()).action_create_purchase()
        self.assertEqual(action["res_model"], "purchase.order")
        action = self._as(self.sara, self._stock()).action_create_quotation()
        self.assertEqual(action["res_model"], "sale.order")

    # === WHO SEES WHAT A CAR COST ===
    def test_salesperson_reads_no_cost_on_transfers(self):
        """Values of receipts and deliveries are what the cars cost."""
        car = self._stock()
        self._deliver(self._sell(car))
        moves = self._as(self.sara, self.env["stock.move"]).search(
            [("product_id", "=", car.product_id.id)]
        )
        self.assertEqual(len(moves), 2)
        for name in ("value", "value_manual", "remaining_value", "price_unit", "standard_price"):
            with self.subTest(name):
                self.assertNotIn(name, moves.fields_get([name]))
                with self.assertRaises(AccessError):
                    moves.read([name])
                with self.assertRaises(AccessError):
                    moves.search([(name, ">", 99999)])
        for name in ("value_justification", "value_computed_justification"):
            with self.subTest(name), self.assertRaises(AccessError):
                moves.read([name])
        for user in (self.max, self.fred):
            self.assertEqual(set(self._as(user, moves).mapped("value")), {100000})

    def test_salesperson_reads_no_stock_value_of_products(self):
        car = self._stock(self._create_vehicle(kind="used"))
        product = self._as(self.sara, car.product_id)
        for name in ("avg_cost", "total_value"):
            with self.subTest(name), self.assertRaises(AccessError):
                product.read([name])
            self.assertEqual(self._as(self.max, product)[name], 100000)

    def test_salesperson_reads_no_price_of_a_supplier(self):
        car = self._stock()
        sellers = self.env["product.supplierinfo"].create(
            {
                "partner_id": self.maker.id,
                "product_tmpl_id": car.product_id.product_tmpl_id.id,
                "price": 100000,
            }
        )
        asked = self._as(self.sara, sellers)
        self.assertFalse(asked.search([("id", "in", sellers.ids)]))
        with self.assertRaises(AccessError):
            asked.read(["price"])
        for user in (self.max, self.fred, self.ken):
            with self.subTest(user.name):
                self.assertEqual(self._as(user, sellers).price, 100000)

    def test_salesperson_reads_no_cost_on_invoices(self):
        car = self._stock()
        order = self._sell(car)
        self._deliver(order)
        invoice = self._invoice(order)
        hidden = invoice.line_ids.filtered(lambda line: line.display_type == "cogs")
        self.assertEqual(len(hidden), 2)
        own = self._as(self.sara, invoice)
        self.assertFalse(own.env["account.move.line"].search([("id", "in", hidden.ids)]))
        with self.assertRaises(AccessError):
            hidden.with_env(own.env).read(["balance"])
        self.env.invalidate_all()
        self.assertEqual(Form(own).record.amount_total, 110000)
        self.assertEqual(own.line_ids, invoice.line_ids - hidden)
        for user in (self.max, self.fred):
            self.assertEqual(self._as(user, hidden).mapped("display_type"), ["cogs"] * 2)
