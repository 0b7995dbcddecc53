from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .care_case import PartCareCase


@tagged("post_install", "-at_install")
class TestPartTransfer(PartCareCase):
    """Pat keeps parts in store A, Paul in store B, Petra manages both."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.store_a = cls.warehouse
        cls.store_b = cls.env["stock.warehouse"].create(
            {"name": "Store B", "code": "STB", "company_id": cls.company.id}
        )
        cls.pat.dealer_store_ids = cls.store_a
        cls.paul.dealer_store_ids = cls.store_b
        cls.pad = cls._part("04465-0K290")
        cls.clip = cls._part("90467-07041")
        cls._receive_part(cls.pad, 5, cls.store_b.lot_stock_id)
        cls._receive_part(cls.clip, 9, cls.store_b.lot_stock_id)

    def _ask(self, lines, user=None, giver=None):
        form = Form(self._as(user or self.pat, self.env["dealer.part.transfer"]))
        form.warehouse_id = giver or self.store_b
        for part, quantity in lines:
            with form.line_ids.new() as line:
                line.product_id = part
                line.quantity = quantity
        return form.save()

    def _send(self, lines):
        """Asked by Pat, given and shipped by Paul."""
        transfer = self._ask(lines)
        transfer.action_request()
        there = self._as(self.paul, transfer)
        there.action_accept()
        there.action_ship()
        return transfer

    def _count(self, transfer, numbers, user=None):
        here = self._as(user or self.pat, transfer)
        with Form(here) as form:
            for index, number in enumerate(numbers):
                with form.line_ids.edit(index) as line:
                    line.arrived_quantity = number
        here.action_receive()

    def _in(self, store, part=None):
        return self._stock_of(part or self.pad, store.lot_stock_id)

    # === LOOK-UP ===
    def test_keeper_sees_what_other_stores_have(self):
        Stock = self._as(self.pat, self.env["dealer.part.store.stock"])
        rows = Stock.search_read(
            [("product_id", "=", self.pad.id)], ["store_name", "free_quantity"]
        )
        self.assertEqual(
            [(row["store_name"], row["free_quantity"]) for row in rows], [("Store B", 5)]
        )
        self.assertFalse([name for name in Stock._fields if "cost" in name or "value" in name])
        row = Stock.search([("product_id", "=", self.pad.id)])
        self.assertTrue(row.can_ask)
        transfer = self.env["dealer.part.transfer"].browse(row.action_ask()["res_id"])
        self.assertEqual(
            (transfer.warehouse_id, transfer.dest_warehouse_id), (self.store_b, self.store_a)
        )

    def test_only_by_right(self):
        with self.assertRaises(AccessError):
            self._as(self.sara, self.env["dealer.part.store.stock"]).search([])

    def test_promised_parts_are_not_free(self):
        transfer = self._ask([(self.pad, 4)])
        transfer.action_request()
        self._as(self.paul, transfer).action_accept()
        row = self.env["dealer.part.store.stock"].search([("product_id", "=", self.pad.id)])
        self.assertEqual(row.free_quantity, 1)

    # === STEPS ===
    def test_from_shelf_to_shelf(self):
        transfer = self._ask([(self.pad, 3)])
        self.assertEqual(transfer.dest_warehouse_id, self.store_a)
        transfer.action_request()
        self.assertEqual(transfer.sudo().activity_ids.user_id, self.paul)
        there = self._as(self.paul, transfer)
        with Form(there) as form, form.line_ids.edit(0) as line:
            line.accepted_quantity = 2
        there.action_accept()
        self.assertFalse(transfer.sudo().activity_ids)
        there.action_ship()
        self.assertEqual(transfer.state, "shipped")
        self.assertEqual((self._in(self.store_a), self._in(self.store_b)), (0, 3))
        transfer.action_fill_in()
        transfer.action_receive()
        self.assertEqual(transfer.state, "received")
        self.assertEqual((self._in(self.store_a), self._in(self.store_b)), (2, 3))
        self.assertEqual(transfer.received_by_id, self.pat)

    def test_inside_a_company_nothing_changes_in_value(self):
        value = self.pad.with_company(self.company).total_value
        entries = self._entries()
        transfer = self._send([(self.pad, 3)])
        self.pad.invalidate_recordset()
        self.assertEqual(self.pad.with_company(self.company).total_value, value)
        self._count(transfer, [3])
        self.pad.invalidate_recordset()
        self.assertEqual(self.pad.with_company(self.company).total_value, value)
        self.assertEqual(self._entries(), entries)

    def test_each_store_confirms_its_own_end(self):
        transfer = self._ask([(self.pad, 3)])
        transfer.action_request()
        with self.assertRaisesRegex(UserError, "people of Store B"):
            transfer.action_accept()
        there = self._as(self.paul, transfer)
        there.action_accept()
        with self.assertRaisesRegex(UserError, "people of Store B"):
            transfer.action_ship()
        there.action_ship()
        with self.assertRaisesRegex(UserError, "this is confirmed by the people"):
            there.action_receive()

    def test_who_works_everywhere_does_not_receive_what_he_sent(self):
        transfer = self._ask([(self.pad, 3)])
        transfer.action_request()
        boss = self._as(self.petra, transfer)
        boss.action_accept()
        boss.action_ship()
        boss.action_fill_in()
        with self.assertRaisesRegex(UserError, "Ask Pat"):
            boss.action_receive()
        self._as(self.pat, transfer).action_receive()
        self.assertEqual(transfer.state, "received")

    def test_nobody_gives_what_is_not_free(self):
        transfer = self._ask([(self.pad, 8)])
        transfer.action_request()
        with self.assertRaisesRegex(UserError, "5.0 free in Store B"):
            self._as(self.paul, transfer).action_accept()

    def test_refusal_has_a_reason_and_frees_the_parts(self):
        transfer = self._ask([(self.pad, 3)])
        transfer.action_request()
        there = self._as(self.paul, transfer)
        there.action_accept()
        with self.assertRaisesRegex(UserError, "why"):
            there.action_refuse()
        there.refusal = "Sold this morning"
        there.action_refuse()
        self.assertEqual(transfer.state, "refused")
        self.assertEqual(self.pad.with_context(warehouse_id=self.store_b.id).free_qty, 5)

    def test_a_company_of_the_group_sells(self):
        other = self.env["stock.warehouse"].search(
            [("company_id", "=", self.other_company.id)], limit=1
        )
        self.petra.company_ids = [Command.link(self.other_company.id)]
        Transfer = self.env["dealer.part.transfer"].with_user(self.petra)
        Transfer = Transfer.with_context(
            allowed_company_ids=(self.company | self.other_company).ids
        )
        with self.assertRaisesRegex(ValidationError, "Silver Cars, another company"):
            Transfer.create({"warehouse_id": other.id, "dest_warehouse_id": self.store_a.id})

    def test_no_way_round_by_the_stock_transfer(self):
        transfer = self._ask([(self.pad, 3)])
        transfer.action_request()
        self._as(self.paul, transfer).action_accept()
        picking = self._as(self.paul, transfer.sudo().picking_ids)
        picking.move_ids.picked = True
        with self.assertRaisesRegex(UserError, "ship and receive it there"):
            picking.button_validate()

    def test_steps_are_not_written_by_hand(self):
        transfer = self._ask([(self.pad, 3)])
        transfer.action_request()
        with self.assertRaisesRegex(UserError, "buttons"):
            transfer.step = "shipped"
        with self.assertRaisesRegex(UserError, "gone on"):
            transfer.line_ids.quantity = 1
        with self.assertRaisesRegex(UserError, "people of Store B"):
            transfer.line_ids.accepted_quantity = 1

    def test_other_stores_do_not_see_it(self):
        transfer = self._ask([(self.pad, 3)])
        store_c = self.env["stock.warehouse"].create(
            {"name": "Store C", "code": "STC", "company_id": self.company.id}
        )
        self.paul.dealer_store_ids = store_c
        Transfer = self._as(self.paul, self.env["dealer.part.transfer"])
        self.assertNotIn(transfer, Transfer.search([]))

    # === DIFFERENCES ===
    def test_missing_parts_stay_on_the_way(self):
        transfer = self._send([(self.pad, 3), (self.clip, 4)])
        with self.assertRaisesRegex(UserError, "Count what has arrived"):
            transfer.action_receive()
        self._count(transfer, [2, 4])
        self.assertEqual(transfer.state, "difference")
        self.assertEqual(transfer.line_ids.mapped("missing_quantity"), [1, 0])
        self.assertEqual(self._in(self.store_a), 2)
        self._count(transfer, [1, 0])  # it lay at the bottom of the box
        self.assertEqual(transfer.state, "received")
        self.assertEqual(self._in(self.store_a), 3)

    def test_no_more_arrives_than_was_sent(self):
        transfer = self._send([(self.pad, 3)])
        with self.assertRaisesRegex(UserError, "only 3.0 are on the way"):
            self._count(transfer, [4])

    def test_never_sent_comes_back(self):
        transfer = self._send([(self.pad, 3)])
        self._count(transfer, [2])
        with self.assertRaisesRegex(UserError, "people of Store B"):
            transfer.action_never_sent()
        self._as(self.paul, transfer).action_never_sent()
        self.assertEqual(transfer.state, "received")
        self.assertEqual((self._in(self.store_a), self._in(self.store_b)), (2, 3))

    def test_a_loss_waits_for_its_approval(self):
        transfer = self._send([(self.pad, 3)])
        self._count(transfer, [2])
        transfer.action_report_loss()
        transfer.action_report_loss()  # once only
        scrap = self.env["stock.scrap"].search(
            [("dealer_part_transfer_line_id", "in", transfer.line_ids.ids)]
        )
        self.assertRecordValues(scrap, [{"state": "draft", "scrap_qty": 1}])
        self.assertEqual(transfer.state, "difference")
        with self.assertRaises(UserError):
            self._as(self.pat, scrap).action_validate()
        scrap.with_user(self.env.ref("base.user_root")).do_scrap()  # as if it were approved
        self.assertEqual(transfer.state, "received")
        self.assertEqual(transfer.line_ids.settled_quantity, 1)
