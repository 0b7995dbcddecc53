"""Ways by which somebody could pass by the rules of the parts store; each was found open once."""

from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .request_case import PartRequestCase


@tagged("post_install", "-at_install")
class TestPartDoors(PartRequestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pad.lst_price = 320
        cls._receive_part(cls.pad, 5, price=50)

    def _sale(self, user=None, quantity=1, **vals):
        return self._as(user or self.pat, self.env["sale.order"]).create(
            {
                "partner_id": self.customer.id,
                "warehouse_id": self.warehouse.id,
                "dealer_counter_class": "retail",
                "order_line": [
                    Command.create({"product_id": self.pad.id, "product_uom_qty": quantity})
                ],
                **vals,
            }
        )

    def test_what_another_took_at_this_moment_is_not_issued(self):
        """Stock never becomes negative, whoever looked at it before."""
        order = self._sale(quantity=5)
        self._asked([(self.pad, 3)])  # reserved after the look at the stock
        Order = type(order)
        with (
            patch.object(Order, "_dealer_get_counter_error", lambda self: None),
            self.assertRaisesRegex(UserError, "cannot be issued whole"),
        ):
            order.action_dealer_sell()

    def test_parts_without_a_car_have_their_price(self):
        order = self._sale(self.sara, dealer_counter_class=False)
        order.order_line.price_unit = 1
        with self.assertRaisesRegex(UserError, "with VAT"):
            order.action_confirm()
        order.order_line.price_unit = 320
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_who_owes_too_much_buys_nothing_at_retail_either(self):
        self.customer.dealer_price_class_id = self.env.ref("dealer_parts.price_class_wholesale")
        self.company.account_use_credit_limit = True
        self.customer.write({"use_partner_credit_limit": True, "credit_limit": 100})
        with self.assertRaisesRegex(UserError, "may owe"):
            self._sale().action_dealer_sell()

    def test_keepers_order_no_parts(self):
        order = self._as(self.pat, self.env["purchase.order"]).create(
            {
                "partner_id": self.maker.id,
                "dealer_order_type": "stock",
                "order_line": [Command.create({"product_id": self.pad.id, "price_unit": 999})],
            }
        )
        with self.assertRaisesRegex(UserError, "by a parts manager"):
            order.button_confirm()
        order.with_user(self.petra).button_confirm()
        self.assertEqual(order.state, "purchase")

    def test_nothing_goes_to_another_store_by_hand(self):
        other = self.env["stock.warehouse"].create(
            {"name": "Second Store", "code": "S2", "company_id": self.company.id}
        )
        picking = self._as(self.pat, self.env["stock.picking"]).create(
            {
                "picking_type_id": self.warehouse.int_type_id.id,
                "location_id": self.stock.id,
                "location_dest_id": other.lot_stock_id.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": self.pad.id,
                            "product_uom_qty": 1,
                            "location_id": self.stock.id,
                            "location_dest_id": other.lot_stock_id.id,
                        }
                    )
                ],
            }
        )
        picking.action_confirm()
        picking.move_ids.write({"quantity": 1, "picked": True})
        with self.assertRaisesRegex(UserError, "transfer between stores"):
            picking.button_validate()

    def test_a_captured_need_is_corrected_by_the_manager(self):
        lost = self.env["dealer.lost.sale"]._dealer_capture(
            self.clip, 1, self.warehouse, "search", partner=self.customer
        )
        with self.assertRaisesRegex(AccessError, "noted by itself"):
            self._as(self.pat, lost).quantity = 1000
        self._as(self.pat, lost).note = "wanted for Friday"
        self._as(self.petra, lost).quantity = 2

    def test_parts_are_taken_back_once(self):
        order = self._sale(quantity=3)
        order.action_dealer_sell()
        form = Form(order.env["dealer.counter.return"].with_context(default_order_id=order.id))
        form.reason = "too many"
        with form.line_ids.edit(0) as line:
            line.quantity = 1
        wizard = form.save()
        wizard.action_return()
        with self.assertRaisesRegex(UserError, "already"):
            wizard.action_return()

    def test_who_buys_a_part_at_the_counter_owes_the_old_one(self):
        self.pad.dealer_core_required = True
        order = self._sale(quantity=2)
        order.action_dealer_sell()
        cores = self.env["dealer.core"].search([("product_id", "=", self.pad.id)])
        self.assertEqual(cores.mapped("state"), ["expected"] * 2)
        self.assertEqual(cores.partner_id, self.customer)
        form = Form(order.env["dealer.counter.return"].with_context(default_order_id=order.id))
        form.reason = "wrong part"
        with form.line_ids.edit(0) as line:
            line.quantity = 1
        form.save().action_return()
        self.assertEqual(sorted(cores.mapped("state")), ["cancel", "expected"])

    def test_a_car_that_waits_makes_an_order_for_it(self):
        request = self._request([(self.clip, 4)])
        request.priority = "1"
        request.action_request()
        self.env["product.supplierinfo"].create(
            {"partner_id": self.maker.id, "product_tmpl_id": self.clip.product_tmpl_id.id}
        )
        proposal = self.env["dealer.order.proposal"]._propose(self.warehouse)
        line = proposal.line_ids.filtered(lambda line: line.product_id == self.clip)
        self.assertEqual((line.order_type, line.quantity), ("vor", 4))
        self._as(self.petra, proposal)._order_lines(line.with_user(self.petra))
        bought = line.purchase_line_id.order_id
        self.assertEqual(bought.dealer_order_type, "vor")
        self.assertEqual(bought.origin, f"{request.name} {self.order.name}")

    def test_one_demand_makes_no_stocked_part(self):
        policies = self.env["dealer.part.policy"]
        policies._update(self.warehouse)  # the first night
        new = self._part("NEW-1")
        self._receive_part(new, 1, price=10)
        self.env["dealer.lost.sale"]._dealer_capture(
            new, 1, self.warehouse, "search", partner=self.customer
        )
        self.env["dealer.part.demand"]._cron_rebuild()
        policy = policies.search(
            [("product_id", "=", new.id), ("warehouse_id", "=", self.warehouse.id)]
        )
        self.assertEqual(policy.phase, "none")

    def test_dead_stock_stays_dead_in_another_store(self):
        other = self.env["stock.warehouse"].create(
            {"name": "Second Store", "code": "S2", "company_id": self.company.id}
        )
        old = self._part("OLD-1")
        self._move(old, 5, self.env.ref("stock.stock_location_suppliers"), self.stock, "2020-01-01")
        self._move(old, 2, self.stock, other.lot_stock_id, "2026-01-01")
        self.env.flush_all()
        rows = self.env["dealer.part.stock.age"].search([("product_id", "=", old.id)])
        self.assertEqual(rows.mapped("band"), ["dead", "dead"])

    def test_the_fill_rate_ends_its_month_where_the_company_is(self):
        self.company.partner_id.tz = "Asia/Shanghai"
        with freeze_time("2026-11-30 16:30:00"):
            move = self._move(
                self.pad,
                1,
                self.stock,
                self.env.ref("stock.stock_location_customers"),
                "2026-11-30 16:30:00",
            )
        self.env.flush_all()
        rows = self.env.execute_query_dict(self.env["dealer.part.move.report"]._get_query())
        days = {row["move_id"]: row["day"] for row in rows}
        self.assertEqual(days[move.id], fields.Date.to_date("2026-12-01"))

    def test_return_to_the_supplier_leaves_stock_and_ledger_even(self):
        """domain-cn §5: at purchase price; the difference is an adjustment of the stock."""
        part = self._part("AVG-1", cost=0)
        purchase = self._as(self.petra, self.env["purchase.order"]).create(
            {
                "partner_id": self.maker.id,
                "order_line": [
                    Command.create(
                        {"product_id": part.id, "product_qty": 10, "price_unit": 60, "tax_ids": []}
                    )
                ],
            }
        )
        self._receive_part(part, 30, price=50)
        purchase.button_confirm()
        purchase.picking_ids.button_validate()
        before = part.total_value
        self.assertEqual(before, 2100)
        wizard = self.env["stock.return.picking"].create({"picking_id": purchase.picking_ids.id})
        wizard.product_return_moves.quantity = 2
        back = wizard._create_return()
        back.move_ids.write({"quantity": 2, "picked": True})
        back.button_validate()
        self.env.invalidate_all()
        self.assertEqual(part.total_value, 1995)
        entry = self.env["account.move.line"].search([("product_id", "=", part.id)])
        self.assertEqual(
            entry.filtered(lambda line: line.account_id == self.stock_account).mapped("balance"),
            [15],
        )
        # 2 × 60 of the credit note, less 15 here, are the 105 by which the stock fell
        self.assertEqual(before - 2 * 60 + 15, part.total_value)
