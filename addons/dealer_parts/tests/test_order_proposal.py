from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .replenishment_case import ReplenishmentCase


@tagged("post_install", "-at_install")
class TestOrderProposal(ReplenishmentCase):
    """What is proposed each night, what the buyer makes of it, and that nothing is bought twice."""

    # === PROPOSING ===
    def test_a_part_at_its_order_point_is_proposed_with_a_reason(self):
        part = self._part_with_past("R-1", hits=24)
        line = self._line(self._compute(), part)
        policy = self._policy(part)
        self.assertRecordValues(
            line,
            [
                {
                    "on_hand": 0,
                    "incoming": 0,
                    "order_point": policy.order_point,
                    "maximum": policy.maximum,
                    "proposed_quantity": policy.maximum,
                    "quantity": policy.maximum,
                    "supplier_id": self.supplier.id,
                    "order_type": "stock",
                    "is_edited": False,
                }
            ],
        )
        self.assertIn("0 on hand", line.reason)
        self.assertIn("24 demands in 12 months", line.reason)

    def test_the_reason_speaks_the_language_of_the_reader(self):
        part = self._part_with_past("R-1L", hits=24)
        line = self._line(self._compute(), part)
        self.assertTrue(line.with_context(lang="en_US").reason)
        self.assertFalse(line._fields["reason"].store)

    def test_a_part_above_its_order_point_is_not(self):
        part = self._part_with_past("R-2", hits=12, stock=50)
        self.assertFalse(self._line(self._compute(), part))

    def test_what_is_on_its_way_counts(self):
        part = self._part_with_past("R-3", hits=24)
        self._buy(part, 50)
        self.assertFalse(self._line(self._compute(), part))

    def test_a_request_for_quotation_counts_too(self):
        part = self._part_with_past("R-4", hits=24)
        self._buy(part, 50, confirm=False)
        self.assertFalse(self._line(self._compute(), part))

    def test_what_comes_for_one_customer_does_not_count(self):
        part = self._part_with_past("R-5", hits=24)
        self._buy(part, 50, order_type="special")
        line = self._line(self._compute(), part)
        self.assertEqual(line.incoming, 0)
        self.assertTrue(line.proposed_quantity)

    def test_what_somebody_waits_for_is_urgent(self):
        part = self._part_with_past("R-6", hits=24)
        self._promise(part, 3)
        proposal = self._compute()
        urgent, stock = self._line(proposal, part, "urgent"), self._line(proposal, part)
        self.assertEqual(urgent.proposed_quantity, 3)
        self.assertEqual(stock.proposed_quantity, self._policy(part).maximum)
        self.assertIn("3 promised", urgent.reason)

    def test_a_part_that_is_not_stocked_is_bought_for_those_who_wait_only(self):
        part = self._part("R-7")
        self._sold_by(part)
        self._promise(part, 2)
        proposal = self._compute()
        self.assertEqual(self._line(proposal, part, "urgent").proposed_quantity, 2)
        self.assertFalse(self._line(proposal, part))

    def test_minimum_and_package_of_the_supplier_are_kept(self):
        part = self._part_with_past("R-8", hits=24, minimum=10, package=4)
        line = self._line(self._compute(), part)
        self.assertGreaterEqual(line.proposed_quantity, 10)
        self.assertEqual(line.proposed_quantity % 4, 0)

    def test_the_supplier_in_force_today_is_proposed(self):
        part = self._part_with_past("R-9", hits=24, date_end="2026-09-01")
        self._sold_by(part, supplier=self.other_supplier)
        self.assertEqual(self._line(self._compute(), part).supplier_id, self.other_supplier)

    def test_oil_is_ordered_in_whole_drums(self):
        litre = self.env.ref("uom.product_uom_litre")
        drum = self.env["uom.uom"].create(
            {"name": "Drum", "relative_factor": 200, "relative_uom_id": litre.id}
        )
        oil = self._part("OIL-2", cost=32, uom_id=litre.id)
        self._sold_by(oil, product_uom_id=drum.id, minimum=1)
        self._promise(oil, 30)
        proposal = self._compute()
        self.assertEqual(self._line(proposal, oil, "urgent").proposed_quantity, 200)

    def test_old_stock_that_must_not_be_fitted_counts_for_nothing(self):
        old = self._part_with_past("R-9O", hits=24, stock=50)
        new = self._part("R-9N")
        self._sold_by(new)
        row = self.env["dealer.part.supersession"].create(
            {"old_product_id": old.id, "new_product_id": new.id, "date_from": "2026-01-01"}
        )
        self.assertFalse(self._line(self._compute(), new), "50 old ones are sold first")
        row.use_old = False
        self.assertEqual(self._line(self._compute(), new).on_hand, 0)

    # === BUYER ===
    def test_the_buyer_changes_a_quantity_and_the_night_keeps_it(self):
        part = self._part_with_past("R-10", hits=24)
        proposal = self._compute()
        line = self._line(proposal, part).with_user(self.pat)
        with Form(proposal.with_user(self.pat)) as form, form.line_ids.edit(0) as row:
            row.quantity = 7
            row.note = "Campaign"
        self.assertEqual((line.quantity, line.is_edited), (7, True))
        self.assertEqual(self._compute(), proposal, "the open one is brought up to date")
        line = self._line(proposal, part)
        self.assertEqual((line.quantity, line.note), (7, "Campaign"))
        self.assertEqual(line.proposed_quantity, self._policy(part).maximum)

    def test_a_changed_line_keeps_true_figures_when_nothing_is_proposed_any_more(self):
        part = self._part_with_past("R-11", hits=24)
        proposal = self._compute()
        self._line(proposal, part).with_user(self.pat).quantity = 7
        self._receive_part(part, 60)
        self._compute()
        line = self._line(proposal, part)
        self.assertRecordValues(
            line, [{"quantity": 7, "on_hand": 60, "proposed_quantity": 0, "is_edited": True}]
        )

    def test_an_untouched_line_goes_when_the_need_goes(self):
        part = self._part_with_past("R-12", hits=24)
        proposal = self._compute()
        self._receive_part(part, 60)
        self._compute()
        self.assertFalse(self._line(proposal, part))

    def test_the_buyer_adds_a_part(self):
        part = self._part("R-13", cost=12)
        self._sold_by(part)
        proposal = self._compute()
        with Form(proposal.with_user(self.pat)) as form, form.line_ids.new() as row:
            row.product_id = part
            row.quantity = 2
        line = self._line(proposal, part)
        self.assertEqual((line.supplier_id, line.unit_cost), (self.supplier, 12))
        self.assertEqual(line.reason, "Added by the buyer.")

    def test_figures_are_not_written_by_hand(self):
        part = self._part_with_past("R-14", hits=24)
        line = self._line(self._compute(), part).with_user(self.petra)
        for name, value in (("proposed_quantity", 1), ("on_hand", 9), ("is_ordered", True)):
            with self.subTest(field=name), self.assertRaises(UserError):
                line.write({name: value})

    def test_a_negative_quantity_is_refused(self):
        part = self._part_with_past("R-15", hits=24)
        line = self._line(self._compute(), part)
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            line.quantity = -1
            line.flush_recordset()

    # === ORDERING ===
    def test_there_is_one_order_for_each_supplier_and_type(self):
        first = self._part_with_past("R-16", hits=24)
        second = self._part_with_past("R-17", hits=24)
        third = self._part_with_past("R-18", hits=24, supplier=self.other_supplier)
        self._promise(first, 2)
        proposal = self._compute().with_user(self.petra)
        orders = self.env["purchase.order"].search(proposal.action_order()["domain"])
        self.assertEqual(
            sorted((order.partner_id.name, order.dealer_order_type) for order in orders),
            [
                ("Other Wholesale", "stock"),
                ("Parts Wholesale", "stock"),
                ("Parts Wholesale", "urgent"),
            ],
        )
        self.assertEqual(proposal.state, "done")
        self.assertEqual(set(orders.mapped("state")), {"draft"})
        self.assertEqual(orders.picking_type_id.warehouse_id, self.warehouse)
        self.assertEqual(orders.order_line.product_id, first | second | third)
        self.assertEqual(proposal.order_count, 3)
        self.assertEqual(orders[0].with_user(self.petra).dealer_proposal_count, 1)

    def test_the_order_is_raised_to_minimum_and_package(self):
        part = self._part_with_past("R-19", hits=24, minimum=10, package=4)
        proposal = self._compute()
        self._line(proposal, part).with_user(self.pat).quantity = 3
        proposal.with_user(self.petra).action_order()
        line = self._line(proposal, part)
        self.assertEqual((line.purchase_line_id.product_qty, line.quantity), (12, 12))

    def test_nothing_is_ordered_twice(self):
        part = self._part_with_past("R-20", hits=24)
        proposal = self._compute().with_user(self.petra)
        line = self._line(proposal, part)
        proposal.action_order()
        with self.assertRaisesRegex(UserError, "not open any more"):
            proposal.action_order()
        with self.assertRaises(UserError):
            line.quantity = 50
        again = self._compute()
        self.assertNotEqual(again, proposal)
        self.assertFalse(self._line(again, part), "the request for quotation counts")

    def test_selected_lines_are_ordered_alone(self):
        first = self._part_with_past("R-21", hits=24)
        second = self._part_with_past("R-22", hits=24)
        proposal = self._compute().with_user(self.petra)
        line = self._line(proposal, first)
        line.action_order()
        self.assertEqual(proposal.state, "draft")
        with self.assertRaises(UserError):
            line.action_order()
        self._promise(first, 500)
        self._compute()
        self.assertTrue(
            self._line(proposal, first, "urgent"), "a new need is a new line of the open proposal"
        )
        self.assertFalse(self._line(proposal, second).is_ordered)

    def test_an_ordered_part_is_proposed_again_once_its_request_is_cancelled(self):
        part = self._part_with_past("R-23", hits=24)
        other = self._part_with_past("R-24", hits=24)
        proposal = self._compute().with_user(self.petra)
        line = self._line(proposal, part)
        line.action_order()
        line.purchase_id.button_cancel()
        self._compute()
        self.assertEqual(self._line(proposal, part).mapped("is_ordered").count(False), 1)
        self.assertTrue(self._line(proposal, other))

    def test_a_part_without_supplier_stops_the_order(self):
        part = self._part("R-25")
        self._promise(part, 2)
        proposal = self._compute().with_user(self.petra)
        with self.assertRaisesRegex(UserError, "Choose the supplier"):
            proposal.action_order()
        self.assertFalse(proposal.order_count)
        self._line(proposal, part, "urgent").supplier_id = self.other_supplier
        proposal.action_order()
        self.assertEqual(proposal.order_count, 1)

    def test_an_empty_proposal_orders_nothing(self):
        proposal = self._compute()
        with self.assertRaisesRegex(UserError, "Nothing is left"):
            proposal.with_user(self.petra).action_order()

    def test_quantity_zero_is_left_out(self):
        part = self._part_with_past("R-26", hits=24)
        other = self._part_with_past("R-27", hits=24)
        proposal = self._compute()
        self._line(proposal, part).with_user(self.pat).quantity = 0
        proposal.with_user(self.petra).action_order()
        self.assertFalse(self._line(proposal, part).purchase_line_id)
        self.assertTrue(self._line(proposal, other).purchase_line_id)
        self.assertEqual(proposal.state, "done")

    # === ROLES ===
    def test_keepers_prepare_and_managers_order(self):
        part = self._part_with_past("R-28", hits=24)
        proposal = self._compute().with_user(self.pat)
        self._line(proposal, part).quantity = 4
        proposal.action_update()
        with self.assertRaises(AccessError):
            proposal.action_order()
        with self.assertRaises(AccessError):
            self._line(proposal, part).action_order()
        with self.assertRaises(AccessError):
            proposal.action_cancel()
        with self.assertRaises(UserError):
            proposal.state = "done"
        proposal.with_user(self.petra).action_cancel()
        self.assertEqual(proposal.state, "cancel")

    def test_outside_purchases_are_the_managers(self):
        part = self._part_with_past("R-29", hits=24)
        line = self._line(self._compute(), part)
        with self.assertRaises(AccessError):
            line.with_user(self.pat).order_type = "direct"
        line.with_user(self.petra).order_type = "direct"
        line.proposal_id.with_user(self.petra).action_order()
        order = line.purchase_id
        self.assertEqual(order.dealer_order_type, "direct")
        with self.assertRaisesRegex(UserError, "parts manager"):
            order.with_user(self.pat).button_confirm()
        order.with_user(self.petra).button_confirm()
        self.assertEqual(order.state, "purchase")

    def test_costs_show_to_those_who_may_see_them(self):
        part = self._part_with_past("R-30", hits=24, cost=25)
        line = self._line(self._compute(), part)
        self.assertEqual(line.amount, line.quantity * 25)
        self.assertNotIn("unit_cost", line.with_user(self.pat).fields_get())
        self.assertNotIn("amount", line.proposal_id.with_user(self.pat).fields_get())
        self.assertEqual(line.with_user(self.petra).unit_cost, 25)
        self.assertEqual(line.proposal_id.with_user(self.petra).amount, line.amount)

    def test_people_of_other_jobs_see_nothing(self):
        self._part_with_past("R-31", hits=24)
        proposal = self._compute()
        sara = self._create_person("sara_parts", "sales_consultant")
        with self.assertRaises(AccessError):
            proposal.with_user(sara).read(["date"])

    def test_there_is_one_open_proposal_a_store(self):
        self._compute()
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.Proposal.create({"warehouse_id": self.warehouse.id})

    def test_an_ordered_line_is_closed(self):
        part = self._part_with_past("R-32", hits=24)
        self._part_with_past("R-33", hits=24)
        line = self._line(self._compute(), part).with_user(self.petra)
        line.action_order()
        with self.assertRaisesRegex(UserError, "was ordered with"):
            line.quantity = 1
        with self.assertRaises(UserError):
            line.unlink()

    # === NIGHT ===
    def test_the_night_does_it_all(self):
        part = self._part_with_past("R-34", hits=24)
        self.Demand._cron_rebuild()
        proposal = self.Proposal.search(
            [("warehouse_id", "=", self.warehouse.id), ("state", "=", "draft")]
        )
        self.assertTrue(self._line(proposal, part))
