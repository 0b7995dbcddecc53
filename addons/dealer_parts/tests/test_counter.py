from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
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

    def test_keeper_changes_no_tax_and_sells_nothing_backwards(self):
        order = self._create_sale()
        with self.assertRaisesRegex(AccessError, "follows from the part"):
            order.order_line.tax_ids = False
        with self.assertRaisesRegex(UserError, "Take Back"):
            order.order_line.product_uom_qty = -1

    def test_what_was_handed_out_is_not_cancelled_but_taken_back(self):
        order = self._create_sale()
        order.action_dealer_sell()
        with self.assertRaisesRegex(UserError, "Take it back first"):
            order.action_cancel()
        quote = self._create_sale()
        quote.action_cancel()
        self.assertEqual(quote.state, "cancel")

    def test_parts_leave_and_come_on_a_document_only(self):
        store = self.warehouse
        customers = self.env.ref("stock.stock_location_customers")
        suppliers = self.env.ref("stock.stock_location_suppliers")
        for kind, source, destination in (
            (store.out_type_id, store.lot_stock_id, customers),
            (store.in_type_id, suppliers, store.lot_stock_id),
        ):
            with self.subTest(kind.name), self.assertRaisesRegex(UserError, "no document"):
                picking = self._as(self.keeper, self.env["stock.picking"]).create(
                    {
                        "picking_type_id": kind.id,
                        "location_id": source.id,
                        "location_dest_id": destination.id,
                        "move_ids": [
                            Command.create(
                                {
                                    "product_id": self.pad.id,
                                    "product_uom_qty": 1,
                                    "location_id": source.id,
                                    "location_dest_id": destination.id,
                                }
                            )
                        ],
                    }
                )
                picking.action_confirm()
                picking.move_ids.write({"quantity": 1, "picked": True})
                picking.button_validate()

    def test_keeper_gives_no_discount_by_a_service(self):
        order = self._create_sale()
        wash = self.env["product.product"].create(
            {"name": "Wash", "type": "service", "list_price": 50}
        )
        Line = order.env["sale.order.line"]
        for vals in ({"price_unit": -50}, {"price_unit": 20}, {"discount": 10}):
            with self.subTest(vals), self.assertRaisesRegex(AccessError, "at least"):
                Line.create({"order_id": order.id, "product_id": wash.id, **vals})
        self.assertTrue(Line.create({"order_id": order.id, "product_id": wash.id}))

    def test_wholesale_is_for_wholesale_customers(self):
        Order = self._as(self.keeper, self.env["sale.order"])
        vals = {"partner_id": self.customer.id, "dealer_counter_class": "wholesale"}
        with self.assertRaisesRegex(AccessError, "retail prices"):
            Order.create(vals)
        wholesale = self.env.ref("dealer_parts.price_class_wholesale")
        with self.assertRaisesRegex(AccessError, "parts manager"):
            self._as(self.keeper, self.customer).dealer_price_class_id = wholesale
        self._as(self.boss, self.customer).dealer_price_class_id = wholesale
        self.assertTrue(Order.create(vals))

    def test_nothing_is_sold_for_nothing(self):
        self.pad.list_price = 0
        order = self._create_sale()
        with self.assertRaisesRegex(UserError, "no price in force"):
            order.action_dealer_sell()
        self.assertTrue(order.with_user(self.boss).action_dealer_sell())

    def test_advisor_and_technician_look_parts_up(self):
        for role in ("service_advisor", "technician"):
            person = self._create_person(role, role)
            lookup = self._as(person, self.env["dealer.part.lookup"]).create(
                {"number": "04465-0K290", "warehouse_id": self.warehouse.id}
            )
            lookup.action_search()
            self.assertEqual(lookup.line_ids.free_here, 5)
            self.env.invalidate_all()
            template = self._as(person, self.pad.product_tmpl_id)
            self.assertEqual(template.qty_available, 5)
            self.assertEqual(self._as(person, self.pad).qty_available, 5)

    def test_a_stranger_has_one_need_for_each_look_up(self):
        self.env["stock.quant"]._update_available_quantity(
            self.pad, self.warehouse.lot_stock_id, -5.0
        )
        lookup = self._as(self.keeper, self.env["dealer.part.lookup"]).create(
            {"number": "04465-0K290", "warehouse_id": self.warehouse.id}
        )
        for _press in range(3):
            lookup.action_search()
        lost = self.env["dealer.lost.sale"].search([("product_id", "=", self.pad.id)])
        self.assertEqual((len(lost), lost.ask_count), (1, 3))

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

    def _create_special(self, quantity=2):
        return (
            self.env["dealer.special.order"]
            .with_user(self.keeper)
            .create(
                {
                    "order_id": self._create_sale(quantity).id,
                    "product_id": self.pad.id,
                    "quantity": quantity,
                    "vendor_id": self.maker.id,
                }
            )
        )

    def _pay_deposit(self, special, amount):
        journal = self.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", self.company.id)], limit=1
        )
        deposit = self.env["dealer.deposit"].create(
            {
                "order_id": special.order_id.id,
                "kind": "prepayment",
                "amount": amount,
                "journal_id": journal.id,
            }
        )
        deposit.sudo().action_receive()

    def _receive_special(self, special):
        purchase = special.purchase_line_id.order_id.sudo()
        purchase.button_confirm()
        purchase.picking_ids.button_validate()

    def test_special_order_waits_for_its_deposit(self):
        special = self._create_special()
        with self.assertRaisesRegex(UserError, "113.00"):
            special.action_order()
        with self.assertRaisesRegex(UserError, "buttons"):
            special.state = "arrived"
        self._pay_deposit(special, 113)
        special.action_order()
        self._receive_special(special)
        self.assertEqual(special.state, "arrived")
        self.assertEqual(len(special.activity_ids), 1)
        special.sudo().arrived_on = "2026-01-01"
        self.env["dealer.special.order"]._cron_no_show()
        self.assertEqual(special.no_show_step, 2)
        self.env["dealer.special.order"]._cron_no_show()
        self.assertEqual(len(special.activity_ids), 3)

    def test_what_came_for_a_customer_is_kept_for_him(self):
        """Nobody else gets the part that he paid for; he does."""
        special = self._create_special(quantity=3)
        self._pay_deposit(special, 170)
        special.action_order()
        self._receive_special(special)
        pad = self.pad.with_context(warehouse_id=self.warehouse.id)
        self.assertEqual((pad.qty_available, pad.free_qty), (8, 5))
        with self.assertRaisesRegex(UserError, "5.0 free"):
            self._create_sale(6).action_dealer_sell()
        self._create_sale(5).action_dealer_sell()
        special.order_id.with_user(self.keeper).action_dealer_sell()
        self.assertEqual(special.state, "done")
        self.assertEqual(special.sudo().hold_picking_id.state, "cancel")
        self.env.invalidate_all()
        self.assertEqual(pad.qty_available, 0)

    def test_a_special_order_that_is_given_up_is_free_again(self):
        special = self._create_special()
        self._pay_deposit(special, 113)
        special.action_order()
        self._receive_special(special)
        special.action_cancel()
        self.env.invalidate_all()
        pad = self.pad.with_context(warehouse_id=self.warehouse.id)
        self.assertEqual(pad.free_qty, 7)

    def test_what_was_ordered_stays_on_the_quote(self):
        special = self._create_special()
        self._pay_deposit(special, 113)
        special.action_order()
        line = special.order_id.order_line.with_user(self.keeper)
        with self.assertRaisesRegex(ValidationError, "Put what is ordered on it"):
            line.product_uom_qty = 1
        with self.assertRaisesRegex(ValidationError, "Put what is ordered on it"):
            line.unlink()
        self._receive_special(special)
        self.assertEqual(special.state, "arrived")

    def test_what_was_ordered_for_the_customer_was_not_lost(self):
        Lost = self.env["dealer.lost.sale"]
        lost = Lost._dealer_capture(self.pad, 2, self.warehouse, "search", partner=self.customer)
        self.assertTrue(lost.value)
        special = self._create_special()
        self._pay_deposit(special, 113)
        special.action_order()
        self.assertFalse(lost.is_demand)
        self.assertFalse(lost.value)
        special.purchase_line_id.order_id.sudo().button_cancel()
        special.action_cancel()
        self.assertTrue(lost.is_demand)

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
        self.assertEqual(lookup.line_ids.product_id, self.pad)
        self.assertEqual(lookup.line_ids.free_here, 5)
        self.assertFalse(self.env["dealer.lost.sale"].search(domain))
        self.env["stock.quant"]._update_available_quantity(
            self.pad, self.warehouse.lot_stock_id, -5.0
        )
        self.env.invalidate_all()  # a search of another moment
        lookup.action_search()
        Lookup.create(values).action_search()
        self.assertEqual(self.env["dealer.lost.sale"].search(domain).ask_count, 2)

    # === MONEY ===

    def _get_booking(self, invoice):
        return {
            (line.account_id.code[:4], line.balance) for line in invoice.line_ids if line.balance
        }

    def test_golden_of_a_sale_and_its_return(self):
        order = self._create_sale()
        order.action_dealer_sell()
        invoice = order.sudo().invoice_ids
        # 226 with VAT; the parts cost 50 each
        self.assertEqual(
            self._get_booking(invoice),
            {("1122", 226), ("5001", -200), ("2221", -26), ("5401", 100), ("1405", -100)},
        )
        wizard = Form(
            self.env["dealer.counter.return"]
            .with_user(self.keeper)
            .with_context(default_order_id=order.id)
        )
        wizard.reason = "Wrong part"
        with wizard.line_ids.edit(0) as line:
            line.quantity = 1
        wizard.save().action_return()
        self.assertEqual(order.order_line.qty_delivered, 1)
        credit = order.sudo().invoice_ids - invoice
        self.assertEqual(credit.move_type, "out_refund")
        self.assertEqual(
            self._get_booking(credit),
            {("1122", -113), ("5001", 100), ("2221", 13), ("5401", -50), ("1405", 50)},
        )
        self.assertEqual(self.pad.qty_available, 4)

    def test_no_more_comes_back_than_was_issued(self):
        order = self._create_sale()
        order.action_dealer_sell()
        Return = (
            self.env["dealer.counter.return"]
            .with_user(self.keeper)
            .with_context(default_order_id=order.id)
        )
        wizard = Return.create({"reason": "x"})
        wizard.line_ids.quantity = 3
        with self.assertRaisesRegex(UserError, "no more can come back"):
            wizard.action_return()
        wizard.line_ids.quantity = 2
        wizard.action_return()
        self.assertFalse(Return.create({"reason": "x"}).line_ids)

    # === COUNTER ===

    def _create_part(self, number):
        return self.env["product.product"].create(
            {"name": "Other Pad", "default_code": number, "categ_id": self.pad.categ_id.id}
        )

    def test_a_keeper_sells_parts_over_the_counter_only(self):
        with self.assertRaises(AccessError):
            self.env["sale.order"].with_user(self.keeper).create(
                {
                    "partner_id": self.customer.id,
                    "order_line": [Command.create({"product_id": self.pad.id, "price_unit": 1})],
                }
            )

    def test_wholesale_customer_gets_his_prices(self):
        wholesale = self.env.ref("dealer_parts.price_class_wholesale")
        self.customer.dealer_price_class_id = wholesale
        self.env["dealer.part.price"].create(
            {"product_tmpl_id": self.pad.product_tmpl_id.id, "class_id": wholesale.id, "price": 90}
        )
        order = self._create_sale()
        self.assertEqual(order.dealer_counter_class, "wholesale")
        self.assertEqual(order.order_line.price_unit, 90)
        # 90 / 1.13 = 79.65; (79.65 - 50) / 79.65 = 37.2 %
        line = order.with_user(self.boss).order_line
        self.assertAlmostEqual(line.dealer_part_margin_percent, 37.2, 1)
        with self.assertRaises(AccessError):
            order.order_line.with_user(self.keeper).read(["dealer_part_margin"])

    def test_who_does_not_pay_buys_no_more_on_account(self):
        self.customer.dealer_price_class_id = self.env.ref("dealer_parts.price_class_wholesale")
        first = self._create_sale(1)
        first.action_dealer_sell()
        invoice = first.sudo().invoice_ids
        second = self._create_sale(1)
        invoice.line_ids.filtered("date_maturity").date_maturity = "2026-01-01"
        with self.assertRaisesRegex(UserError, "overdue"):
            second.action_dealer_sell()
        second.with_user(self.boss).action_dealer_sell()
        self.assertEqual(second.state, "sale")

    def test_the_credit_limit_of_a_wholesale_customer(self):
        self.customer.dealer_price_class_id = self.env.ref("dealer_parts.price_class_wholesale")
        self.company.account_use_credit_limit = True
        self.customer.write({"use_partner_credit_limit": True, "credit_limit": 200})
        with self.assertRaisesRegex(UserError, "may owe"):
            self._create_sale(2).action_dealer_sell()
        self._create_sale(1).action_dealer_sell()

    def test_what_is_reserved_for_others_is_not_sold(self):
        order = self._create_sale(2)
        order.action_confirm()
        order.picking_ids.do_unreserve()
        self.env["stock.quant"]._update_available_quantity(
            self.pad, self.warehouse.lot_stock_id, -4.0
        )
        with self.assertRaisesRegex(UserError, "cannot be issued whole"):
            order.action_dealer_sell()

    def test_old_stock_goes_first(self):
        new = self._create_part("04465-0K300")
        self.env["dealer.part.supersession"].create(
            {"old_product_id": self.pad.id, "new_product_id": new.id}
        )
        self.env["stock.quant"]._update_available_quantity(new, self.warehouse.lot_stock_id, 5.0)
        form = Form(
            self.env["sale.order"]
            .with_user(self.keeper)
            .with_context(default_dealer_counter_class="retail")
        )
        form.partner_id = self.customer
        with form.order_line.new() as line, self.assertLogs("odoo.tests.form", "WARNING") as logs:
            line.product_id = new
        self.assertIn("04465-0K290", logs.output[0])
        lookup = (
            self.env["dealer.part.lookup"]
            .with_user(self.keeper)
            .create(
                {
                    "number": "04465-0K300",
                    "partner_id": self.customer.id,
                    "warehouse_id": self.warehouse.id,
                    "quantity": 2,
                }
            )
        )
        lookup.action_search()
        self.assertEqual(lookup.line_ids[0].product_id, new)
        order = self.env["sale.order"].browse(lookup.line_ids[0].action_sell()["res_id"])
        self.assertEqual(order.order_line.product_id, self.pad)
        lookup.quantity = 5.0
        lookup.line_ids[1].action_sell()  # five old ones are still free
        special = self.env["dealer.special.order"].browse(
            lookup.line_ids[1].action_special()["res_id"]
        )
        self.assertEqual(special.product_id, new)

    def test_what_is_not_on_the_quote_is_not_ordered(self):
        with self.assertRaisesRegex(ValidationError, "share of its total"):
            self.env["dealer.special.order"].with_user(self.keeper).create(
                {"order_id": self._create_sale(2).id, "product_id": self.pad.id, "quantity": 3}
            )

    def test_one_need_along_a_chain_that_grows(self):
        Lost = self.env["dealer.lost.sale"].with_user(self.keeper)
        first = Lost._dealer_capture(self.pad, 1, self.warehouse, "search", self.customer)
        old = self._create_part("04465-0K200")
        self.env["dealer.part.supersession"].create(
            {"old_product_id": old.id, "new_product_id": self.pad.id}
        )
        again = Lost._dealer_capture(old, 1, self.warehouse, "quote", self.customer)
        self.assertEqual(first, again)

    def test_an_unknown_number_is_noted(self):
        lookup = (
            self.env["dealer.part.lookup"]
            .with_user(self.keeper)
            .create({"number": "NOBODY-1", "warehouse_id": self.warehouse.id})
        )
        lookup.action_search()
        self.assertFalse(lookup.line_ids)
        lookup.action_note_unknown()
        lost = self.env["dealer.lost.sale"].search([("asked_number", "=", "NOBODY-1")])
        self.assertEqual(lost.reason, "unknown")
