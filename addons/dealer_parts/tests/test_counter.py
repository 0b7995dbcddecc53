from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from odoo.addons.dealer_vehicle.tests.common import DealerVehicleCommon


@tagged("post_install", "-at_install")
class TestCounter(DealerVehicleCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.keeper = cls._create_person("keeper", "parts_keeper")
        cls.boss = cls._create_person("boss", "parts_manager")
        cls.pad = cls.env["product.product"].create(
            {
                "name": "Brake Pad",
                "default_code": "04465-0K290",
                "categ_id": cls.env.ref("dealer_parts.product_category_maintenance").id,
                "is_storable": True,
                "list_price": 113.0,
                "standard_price": 50.0,
                "invoice_policy": "delivery",
                "taxes_id": [Command.set(cls.company._dealer_get_car_tax().ids)],
            }
        )
        cls.env["stock.quant"]._update_available_quantity(cls.pad, cls.warehouse.lot_stock_id, 5.0)

    def _create_sale(self, quantity=2, user=None):
        form = Form(
            self.env["sale.order"]
            .with_user(user or self.keeper)
            .with_context(default_dealer_counter_class="retail")
        )
        form.partner_id = self.customer
        with form.order_line.new() as line:
            line.product_id = self.pad
            line.product_uom_qty = quantity
        return form.save()

    def test_keeper_sells_in_one_click(self):
        order = self._create_sale()
        order.action_dealer_sell()
        self.assertEqual(order.picking_ids.state, "done")
        invoice = order.sudo().invoice_ids
        self.assertEqual(invoice.state, "posted")
        self.assertEqual(invoice.amount_total, 226.0)

    def test_stock_never_becomes_negative(self):
        order = self._create_sale(6)
        with self.assertRaisesRegex(UserError, "special order"):
            order.action_dealer_sell()

    def test_keeper_changes_no_price(self):
        order = self._create_sale()
        with self.assertRaisesRegex(AccessError, "parts manager"):
            order.order_line.price_unit = 100
        with self.assertRaisesRegex(AccessError, "parts manager"):
            order.order_line.discount = 5
        order.with_user(self.boss).order_line.price_unit = 100
        self.assertEqual(order.order_line.price_unit, 100)

    def test_a_car_has_its_own_deal(self):
        with self.assertRaisesRegex(UserError, "car cannot be sold"):
            self.env["sale.order"].create(
                {
                    "partner_id": self.customer.id,
                    "dealer_counter_class": "retail",
                    "order_line": [
                        Command.create({"product_id": self.trim._dealer_get_or_create_product().id})
                    ],
                }
            )

    def test_one_need_counts_once(self):
        Lost = self.env["dealer.lost.sale"].with_user(self.keeper)
        first = Lost._dealer_capture(self.pad, 1, self.warehouse, "search", self.customer)
        again = Lost._dealer_capture(self.pad, 2, self.warehouse, "quote", self.customer)
        self.assertEqual(first, again)
        self.assertEqual((again.ask_count, again.quantity), (2, 2.0))
        self.assertEqual(again.value, 200.0)
        other = Lost._dealer_capture(self.pad, 1, self.warehouse, "search", self.other_customer)
        self.assertNotEqual(first, other)

    def test_refused_price_is_no_demand(self):
        order = self._create_sale()
        order.action_dealer_lose()
        lost = self.env["dealer.lost.sale"].search([("product_id", "=", self.pad.id)])
        self.assertEqual((lost.reason, lost.is_demand, lost.value), ("price", False, 0.0))
        self.assertEqual(order.state, "cancel")

    def test_short_quote_is_a_lost_sale(self):
        self._create_sale(6).action_dealer_lose()
        lost = self.env["dealer.lost.sale"].search([("product_id", "=", self.pad.id)])
        self.assertEqual((lost.reason, lost.source, lost.is_demand), ("no_stock", "quote", True))

    def test_special_order_waits_for_its_deposit(self):
        special = (
            self.env["dealer.special.order"]
            .with_user(self.keeper)
            .create(
                {
                    "order_id": self._create_sale().id,
                    "product_id": self.pad.id,
                    "quantity": 2,
                    "vendor_id": self.maker.id,
                }
            )
        )
        with self.assertRaisesRegex(UserError, "113.00"):
            special.action_order()
        with self.assertRaisesRegex(UserError, "buttons"):
            special.state = "arrived"
        journal = self.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", self.company.id)], limit=1
        )
        deposit = self.env["dealer.deposit"].create(
            {
                "order_id": special.order_id.id,
                "kind": "prepayment",
                "amount": 113,
                "journal_id": journal.id,
            }
        )
        deposit.sudo().action_receive()
        special.action_order()
        purchase = special.purchase_line_id.order_id.sudo()
        purchase.button_confirm()
        purchase.picking_ids.button_validate()
        self.assertEqual(special.state, "arrived")
        self.assertEqual(len(special.activity_ids), 1)
        special.sudo().arrived_on = "2026-01-01"
        self.env["dealer.special.order"]._cron_no_show()
        self.assertEqual(special.no_show_step, 2)
        self.env["dealer.special.order"]._cron_no_show()
        self.assertEqual(len(special.activity_ids), 3)

    def test_search_at_zero_stock_is_a_lost_sale(self):
        Lookup = self.env["dealer.part.lookup"].with_user(self.keeper)
        values = {
            "number": "04465 0k290",
            "partner_id": self.customer.id,
            "warehouse_id": self.warehouse.id,
        }
        domain = [("product_id", "=", self.pad.id)]
        lookup = Lookup.create(values)
        lookup.action_search()
        self.assertEqual(lookup.product_ids, self.pad)
        self.assertFalse(self.env["dealer.lost.sale"].search(domain))
        self.env["stock.quant"]._update_available_quantity(
            self.pad, self.warehouse.lot_stock_id, -5.0
        )
        self.env.invalidate_all()  # a search of another moment
        lookup.action_search()
        Lookup.create(values).action_search()
        self.assertEqual(self.env["dealer.lost.sale"].search(domain).ask_count, 2)
