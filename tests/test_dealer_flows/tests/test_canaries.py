"""Canaries: each test shows a defect of stock Odoo 19 that the suite works around.

A canary that fails is good news: the defect is gone upstream. Its docstring says what to
delete then. Our own overrides are made transparent while a canary looks (``upstream``).
Row numbers are those of the table "What Odoo 19 really does with lots" in
``docs/decisions``; numbers like odoo#268664 are issues and pull requests of odoo/odoo.
"""

from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.modules import Manifest
from odoo.tests import new_test_user, tagged

from .core_common import CoreFlowsCommon

OVERRIDDEN = (
    "account.move",
    "account.move.line",
    "product.product",
    "purchase.order",
    "purchase.order.line",
    "sale.order",
    "sale.order.line",
    "stock.landed.cost",
    "stock.lot",
    "stock.move",
    "stock.move.line",
    "stock.picking",
    "stock.quant",
)


class CanaryCase(CoreFlowsCommon):
    """Every canary runs with the overrides of our addons made transparent."""

    def setUp(self):
        super().setUp()
        upstream = self.upstream(*OVERRIDDEN)
        upstream.__enter__()
        self.addCleanup(upstream.__exit__, None, None, None)


@tagged("post_install", "-at_install")
class TestPurchaseCanaries(CanaryCase):
    """Costs that enter with the car."""

    def test_two_cars_on_one_purchase_line_share_one_cost(self):
        """Row 1. Lines of two cars cannot carry two costs.

        When it fails: the constraint "one car, one purchase line" may become a choice.
        """
        product = self._product()
        order = self.env["purchase.order"].create(
            {
                "partner_id": self.maker.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_qty": 2,
                            "price_unit": 100,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )
        order.button_confirm()
        self._core_validate(order.picking_ids, ["ROW1A", "ROW1B"])
        order.action_create_invoice()
        bill = order.invoice_ids
        bill.invoice_date = "2026-01-15"
        bill.invoice_line_ids.quantity = 1
        bill.invoice_line_ids = [
            Command.create(
                {
                    "product_id": product.id,
                    "quantity": 1,
                    "price_unit": 140,
                    "tax_ids": [Command.clear()],
                    "purchase_line_id": order.order_line.id,
                }
            )
        ]
        bill.action_post()
        lots = self.env["stock.lot"].search([("product_id", "=", product.id)], order="name")
        self.assertEqual(lots.mapped("standard_price"), [120, 120])

    def test_landed_cost_on_receipt_without_order_counts_earlier_ones_twice(self):
        """Row 3, odoo#286672. 500 + 100 + 200 makes 900 without a purchase order, 800 with one.

        When it fails: the rule "cars enter only through a purchase line" loses this reason.
        """
        product = self._product(standard_price=500)
        receipt = self.env["stock.picking"].create(
            {
                "picking_type_id": self.warehouse.in_type_id.id,
                "location_id": self.vendors.id,
                "location_dest_id": self.stock_location.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_qty": 1,
                            "product_uom": product.uom_id.id,
                            "location_id": self.vendors.id,
                            "location_dest_id": self.stock_location.id,
                        }
                    )
                ],
            }
        )
        receipt.action_confirm()
        self._core_validate(receipt, ["ROW3"])
        ordered_lot = self._core_buy(self._product(standard_price=500), 500)
        unordered_lot = receipt.move_ids.lot_ids
        for lot in unordered_lot + ordered_lot:
            self._core_landed_cost(self._incoming(lot), 100)
            self._core_landed_cost(self._incoming(lot), 200)
        self.assertEqual(ordered_lot.standard_price, 800)
        self.assertEqual(unordered_lot.standard_price, 900)

    def test_landed_cost_on_the_oldest_car_posts_nothing_once_the_newest_is_sold(self):
        """Row 7, odoo#268664 and odoo#272411. What remains of a move is blind to lots.

        When it fails: delete our ``stock.move._compute_remaining_qty``.
        """
        product = self._product()
        lots = self.env["stock.lot"].union(
            *(self._core_buy(product, price) for price in (100, 200, 300))
        )
        order = self._core_quote(product)
        order.action_confirm()
        self._core_deliver(order, lots[2])
        oldest, _middle, newest = (self._incoming(lot) for lot in lots)
        self.assertRecordValues(oldest + newest, [{"remaining_qty": 0}, {"remaining_qty": 1}])
        self.assertFalse(self._core_landed_cost(oldest, 30).account_move_id)
        wrong_entry = self._core_landed_cost(newest, 40).account_move_id
        self.assertRecordValues(
            wrong_entry.line_ids.sorted("balance"),
            [
                {"account_id": self.account("5601").id, "balance": -40},
                {"account_id": self.account("1405").id, "balance": 40},
            ],
        )

    def test_bill_after_the_sale_leaves_its_difference_on_the_stock_account(self):
        """Found here. The bill corrects the receipt; the posted cost of sales stays.

        When it fails: delete ``dealer.vehicle._dealer_settle_costs``.
        """
        order = self._core_order(self._product(), 100)
        self._core_validate(order.picking_ids, ["LATEBILL"])
        lot = order.picking_ids.move_ids.lot_ids
        deal = self._core_quote(lot.product_id, 150)
        deal.action_confirm()
        self._core_deliver(deal, lot)
        self.assertEqual(self._cogs(self._core_invoice(deal)), 100)
        self._core_bill(order, 90)
        left = self.env["account.move.line"].search(
            [
                ("account_id", "=", self.account("1405").id),
                ("parent_state", "=", "posted"),
            ]
        )
        self.assertEqual(sum(left.mapped("balance")), -10)
        self.assertEqual(lot.product_id.total_value, 0)

    def test_late_landed_cost_raises_the_lot_but_neither_ledger_nor_margin(self):
        """Row 8, odoo#249198 and odoo#282371. A cost after the sale is lost.

        When it fails: look again at our late cost action; landed costs may do its work.
        """
        lot = self._core_buy(self._product(), 100)
        order = self._core_quote(lot.product_id, 150)
        order.action_confirm()
        self._core_deliver(order, lot)
        self._core_invoice(order)
        cost = self._core_landed_cost(self._incoming(lot), 20)
        self.assertFalse(cost.account_move_id)
        self.assertEqual(lot.standard_price, 120)
        self.assertRecordValues(order.order_line, [{"purchase_price": 100, "margin": 50}])

    def test_buy_back_from_vendors_leaves_the_car_at_the_customer_too(self):
        """Row 9. Received from Vendors, the lot is in two places at once.

        When it fails: delete the source location in our
        ``purchase.order.line._prepare_stock_move_vals``.
        """
        lot = self._core_buy(self._product(), 100)
        order = self._core_quote(lot.product_id, 150)
        order.action_confirm()
        self._core_deliver(order, lot)
        back = self._core_order(lot.product_id, 90, partner=self.buyer)
        receipt = back.picking_ids
        receipt.move_line_ids.unlink()
        receipt.move_ids.move_line_ids = [
            Command.create(
                {
                    "product_id": lot.product_id.id,
                    "lot_id": lot.id,
                    "quantity": 1,
                    "picked": True,
                    "location_id": receipt.location_id.id,
                    "location_dest_id": receipt.location_dest_id.id,
                    "picking_id": receipt.id,
                }
            )
        ]
        receipt.move_ids.picked = True
        self._finish(receipt.button_validate(), receipt)
        held = lot.quant_ids.filtered(lambda quant: quant.quantity > 0).location_id
        self.assertEqual(held, self.customers | self.stock_location)
        self.assertFalse(lot.location_id)

    def test_consigned_lot_is_worth_the_product_price(self):
        """Row 10. A car of somebody else inflates the value of a lot-valuated product.

        When it fails: consigned cars may be lot-valuated, and may share a product.
        """
        product = self._product(standard_price=0)
        self._core_buy(product, 100)
        consigned = self._core_order(product, 0)
        consigned.picking_ids.owner_id = self.buyer
        self._core_validate(consigned.picking_ids, ["ROW10"])
        lot = consigned.picking_ids.move_ids.lot_ids
        self.assertEqual(consigned.picking_ids.move_ids.value, 0)
        self.assertGreater(lot.total_value, 0)
        self.assertGreater(product.total_value, 100)


@tagged("post_install", "-at_install")
class TestSaleCanaries(CanaryCase):
    """Costs that leave with the car."""

    def test_quote_shows_the_average_cost_and_not_the_reserved_car(self):
        """Row 4. Before delivery the margin uses the cost of the product.

        When it fails: delete our ``sale.order.line._compute_purchase_price``.
        """
        lots = self._core_buy(self._product(), 21700, 30250)
        order = self._core_quote(lots.product_id, 40000)
        order.action_confirm()
        self.assertEqual(order.picking_ids.move_line_ids.lot_id, lots[0])
        self.assertEqual(order.order_line.purchase_price, 25975)

    def test_average_cost_posts_the_product_average_for_a_delivered_car(self):
        """Row 5, odoo#246821, odoo#280044, odoo#283778. FIFO is exact, AVCO is not.

        When it fails: shared products may use AVCO too.
        """
        posted = {}
        for cost_method in ("fifo", "average"):
            lots = self._core_buy(self._product(cost_method), 21700, 30250)
            order = self._core_quote(lots.product_id, 40000)
            order.action_confirm()
            self._core_deliver(order, lots[0])
            posted[cost_method] = self._cogs(self._core_invoice(order))
        self.assertEqual(posted, {"fifo": 21700, "average": 25975})

    def test_invoice_before_delivery_posts_the_cost_of_another_car(self):
        """Row 6. Nothing tells the invoice which car will leave: FIFO takes the oldest.

        When it fails: look whether our ``account.move.line._get_cogs_value`` is needed.
        """
        posted = {}
        for cost_method in ("fifo", "average"):
            lots = self._core_buy(self._product(cost_method), 21700, 30250)
            order = self._core_quote(lots.product_id, 40000)
            order.action_confirm()
            order.picking_ids.move_line_ids.lot_id = lots[1]
            posted[cost_method] = self._cogs(self._core_invoice(order))
        self.assertEqual(posted, {"fifo": 21700, "average": 25975})

    def test_second_car_of_an_order_absorbs_the_difference_to_the_first(self):
        """Found here. Two invoices of one order: the second posts twice its cost less the first.

        ``_get_cogs_qty`` and ``_get_posted_cogs_value`` count all lines of the order with
        the same product. When it fails: our COGS of vehicle lines may trust the core.
        """
        lots = self._core_buy(self._product(), 100, 130)
        order = self._core_quote(lots.product_id, 150, count=2)
        order.action_confirm()
        self._core_deliver(order, *lots)
        first = self._core_invoice(order, post=False)
        first.invoice_line_ids[1].unlink()
        first.action_post()
        second = self._core_invoice(order)
        self.assertEqual((self._cogs(first), self._cogs(second)), (100, 160))

    def test_credit_note_takes_the_cost_of_the_first_car_of_the_product(self):
        """Found here. A credit note for the second car gives back the cost of the first.

        ``_get_cogs_value`` looks for the original cost by product only. When it fails: our
        COGS of vehicle lines on credit notes may trust the core.
        """
        lots = self._core_buy(self._product(), 100, 130)
        order = self._core_quote(lots.product_id, 150, count=2)
        order.action_confirm()
        self._core_deliver(order, *lots)
        invoice = self._core_invoice(order)
        self.assertEqual(self._cogs(invoice), 230)
        credit_note = invoice._reverse_moves([{"invoice_date": invoice.invoice_date}])
        credit_note.invoice_line_ids[0].unlink()
        credit_note.action_post()
        self.assertEqual(self._cogs(credit_note), -100)

    def test_cost_lines_of_a_credit_note_are_black_under_storno(self):
        """Found here. Revenue comes back in red, cost of sales in black.

        When it fails: delete ``is_storno`` in our
        ``account.move._stock_account_prepare_realtime_out_lines_vals``.
        """
        lot = self._core_buy(self._product(), 100)
        order = self._core_quote(lot.product_id, 150)
        order.action_confirm()
        self._core_deliver(order, lot)
        invoice = self._core_invoice(order)
        credit_note = invoice._reverse_moves([{"invoice_date": invoice.invoice_date}])
        credit_note.action_post()
        revenue = credit_note.invoice_line_ids
        cogs = credit_note.line_ids.filtered(lambda line: line.display_type == "cogs")
        self.assertRecordValues(revenue, [{"debit": 0, "credit": -150}])
        self.assertRecordValues(
            cogs.sorted("balance"),
            [
                {"debit": 0, "credit": 100},
                {"debit": 100, "credit": 0},
            ],
        )

    def test_vat_of_a_full_credit_note_is_black(self):
        """Found here. The output tax of a credited invoice moves to the debit side.

        No override of ours. When it fails: compare debit and credit in ``assertCreditNote``.
        """
        tax = self.env["account.tax"].search(
            [("company_id", "=", self.company.id), ("type_tax_use", "=", "sale")], limit=1
        )
        order = self._core_quote(self._product(), 100)
        order.order_line.tax_ids = tax
        order.action_confirm()
        invoice = self._core_invoice(order)
        credit_note = invoice._reverse_moves([{"invoice_date": invoice.invoice_date}])
        credit_note.action_post()
        vat = credit_note.line_ids.filtered("tax_repartition_line_id")
        self.assertRecordValues(vat, [{"debit": tax.amount, "credit": 0}])

    def test_accountant_cannot_bill_a_car_valued_by_lot(self):
        """Found here. Posting a bill writes the cost of the lot as the accountant.

        When it fails: delete our ``stock.lot._update_standard_price``.
        """
        accountant = new_test_user(
            self.env,
            "canary_accountant",
            groups="account.group_account_user,purchase.group_purchase_user",
            company_id=self.company.id,
        )
        order = self._core_order(self._product(), 100)
        self._core_validate(order.picking_ids, ["BILLED"])
        with self.assertRaisesRegex(AccessError, "stock.lot"):
            self._core_bill(order.with_user(accountant), 90)

    def test_showroom_outside_the_stock_location_cannot_be_reserved(self):
        """Row 13. Delivery orders look only below the stock location of the warehouse.

        When it fails: places need not be children of the stock location any more.
        """
        lot = self._core_buy(self._product(), 100)
        outside = self.env["stock.location"].create(
            {
                "name": "Showroom across the street",
                "location_id": self.warehouse.view_location_id.id,
                "usage": "internal",
            }
        )
        lot.location_id = outside
        order = self._core_quote(lot.product_id)
        order.action_confirm()
        order.picking_ids.action_assign()
        self.assertFalse(order.picking_ids.move_line_ids)
        self.assertEqual(order.picking_ids.state, "confirmed")


@tagged("post_install", "-at_install")
class TestPerformanceCanaries(CanaryCase):
    """Two traps of lot valuation; our flat sum of ``_get_value_from_lots`` avoids both."""

    def _statements(self, action, *args):
        """Return how many statements an action costs on cold records."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        action(*args)
        self.env.flush_all()
        return self.cr.sql_log_count - before

    def _statements_to_sell(self, stock):
        """Return the statements of receiving and delivering one car beside ``stock`` others."""
        product = self._product()
        if stock:
            self._core_buy(product, *[100] * stock)
        receipt = self._core_order(product, 110).picking_ids
        received = self._statements(self._core_validate, receipt, [f"TRAP{stock}"])
        order = self._core_quote(product)
        order.action_confirm()
        lot = receipt.move_ids.lot_ids
        return received, self._statements(self._core_deliver, order, lot)

    def test_value_from_lots_asks_for_every_car_of_the_database(self):
        """Trap 1. ``product_qty != 0`` becomes the list of all lots in stock, of any product.

        When it fails: our ``product.product._get_value_from_lots`` loses this reason.
        """
        product, other = self._product(), self._product()
        others = self._core_buy(other, 100, 100, 100)
        domain = Domain([("product_id", "=", product.id), ("product_qty", "!=", 0)])
        where = str(self.env["stock.lot"]._search(domain).where_clause.code)
        params = str(self.env["stock.lot"]._search(domain).where_clause.params)
        for lot in others:
            self.assertIn(str(lot.id), params, where)

    def test_a_deal_grows_with_the_cars_of_the_same_model_in_stock(self):
        """Trap 3. Receipt and delivery cost more statements for every car of that model.

        When it fails: our ``product.product._get_value_from_lots`` may go (compare with the
        benchmark first).
        """
        self._statements_to_sell(0)  # warm
        few = self._statements_to_sell(2)
        many = self._statements_to_sell(12)
        for before, after in zip(few, many, strict=True):
            self.assertGreater(after, before + 10 * 5)


@tagged("post_install", "-at_install")
class TestPlatformCanaries(CoreFlowsCommon):
    """Gaps of the installation and of the Chinese localisation."""

    def test_unpatched_wkhtmltopdf_refuses_several_documents(self):
        """Debian's build converts one document at a time, so our layout renders one by one.

        When it fails: delete the one-by-one rendering in ``dealer_base`` (a patched build
        makes it fail too, and does not need the rendering either).
        """
        report = self.env["ir.actions.report"]
        self.assertNotEqual(report.get_wkhtmltopdf_state(), "install", "wkhtmltopdf is missing")
        # While it knows of a running test, the core skips that test instead of refusing.
        unnoticed = patch("odoo.modules.module.current_test", None)
        page = "<html><body><p>%s</p></body></html>"
        with self.upstream("ir.actions.report"), unnoticed, self.assertRaises(UserError):
            report._run_wkhtmltopdf([page % 1, page % 2])

    def test_fapiao_number_takes_eight_digits_only(self):
        """``account.move.fapiao`` cuts a digital fapiao of 20 digits to 8, silently.

        When it fails: our own fapiao field may give way to the core one.
        """
        entry = self.env["account.move"].create({"move_type": "entry"})
        entry.fapiao = "24312000000012345678"
        self.env.flush_all()
        self.assertEqual(entry._fields["fapiao"].size, 8)
        entry.invalidate_recordset()
        self.assertEqual(entry.fapiao, "24312000")

    def test_mail_lists_an_asset_that_the_package_leaves_out(self):
        """Debian strips ``selfie_segmentation.js`` but ``mail`` still lists it.

        When it fails: the launcher need not add the empty file any more.
        """
        assets = Manifest.for_addon("mail")["assets"]
        listed = str(assets)
        self.assertIn("mail/static/lib/selfie_segmentation/selfie_segmentation.js", listed)
