from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .desk_sheet_case import DeskSheetCase


@tagged("post_install", "-at_install")
class TestDeskSheetAgency(DeskSheetCase):
    """Money that is collected for others comes in, goes out and leaves nothing behind."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tax_office = cls.env["res.partner"].create({"name": "Tax Office of Haizhou"})
        cls.insurer = cls.env["res.partner"].create({"name": "Haizhou Insurance"})

    def _invoiced_example(self):
        car = self._stock(self._create_vehicle(model_id=self.petrol.id), 132743.36)
        order = self._offer_example(car=car)
        order.action_confirm()
        self._deliver(order)
        return order, self._invoice(order)

    def _ledger(self, order=None, user=None):
        self.env.flush_all()
        ledger = self._as(user or self.fred, self.env["dealer.agency.ledger"])
        return ledger.search([("order_id", "=", order.id)] if order else [])

    def _settle(self, rows, partner=None, kind="pay", amounts=None, confirm=False):
        """The accountant settles rows of the ledger and posts the document."""
        action = rows.action_settle()
        wizard = Form(
            self._as(self.fred, self.env["dealer.agency.settlement"]).with_context(
                **action["context"]
            )
        )
        wizard.kind = kind
        if partner:
            wizard.partner_id = partner
        for index, amount in enumerate(amounts or ()):
            with wizard.line_ids.edit(index) as line:
                line.amount = amount
        if confirm:
            wizard.is_excess_confirmed = True
        move = self.env["account.move"].browse(wizard.save().action_create()["res_id"])
        move = self._as(self.fred, move)
        self.assertEqual(move.state, "draft")
        move.action_post()
        return move

    def _codes(self, move):
        return {
            (
                line.account_id.with_company(self.company).code,
                line.product_id.dealer_deal_type,
                line.balance,
            )
            for line in move.line_ids
        }

    def test_the_invoice_books_no_income_and_no_vat_for_others(self):
        order, invoice = self._invoiced_example()
        car_cost = {("540100", "car", 132743.36), ("140500", "car", -132743.36)}
        self.assertEqual(
            self._codes(invoice),
            {
                ("500100", "car", -130796.46),
                ("224101", "purchase_tax", -13079.65),
                ("224101", "ctpl", -950),
                ("224101", "vessel_tax", -70),
                ("224101", "commercial_insurance", -4200),
                ("500100", "plate_service", -471.70),
                ("500100", "accessory", -2654.87),
                ("222100", False, -17348.67),
                ("222100", False, -28.30),
                ("112200", False, 169599.65),
            }
            | car_cost,
        )
        self.assertEqual(invoice.amount_total, 169599.65)
        product_lines = invoice.line_ids.filtered("product_id")
        deal_lines = product_lines.filtered(lambda line: line.display_type != "cogs")
        self.assertEqual(deal_lines.dealer_sale_id, order)

    def test_the_ledger_lists_what_must_become_zero(self):
        order, _invoice = self._invoiced_example()
        self.assertEqual(order.dealer_agency_balance, 18299.65)
        rows = self._ledger(order).sorted("balance")
        self.assertRecordValues(
            rows,
            [
                {"deal_type": "vessel_tax", "collected": 70, "paid": 0, "balance": 70},
                {"deal_type": "ctpl", "collected": 950, "paid": 0, "balance": 950},
                {
                    "deal_type": "commercial_insurance",
                    "collected": 4200,
                    "paid": 0,
                    "balance": 4200,
                },
                {
                    "deal_type": "purchase_tax",
                    "collected": 13079.65,
                    "paid": 0,
                    "balance": 13079.65,
                },
            ],
        )
        self.assertEqual(set(rows.mapped("deal_balance")), {18299.65})
        self.assertEqual(rows.partner_id, self.customer)

    def test_paying_on_takes_the_deal_to_zero(self):
        order, invoice = self._invoiced_example()
        rows = self._ledger(order)
        tax = rows.filtered(lambda row: row.deal_type == "purchase_tax")
        bill = self._settle(tax, self.tax_office)
        self.assertRecordValues(bill, [{"move_type": "in_invoice", "amount_tax": 0}])
        self.assertEqual(
            self._codes(bill),
            {("224101", "purchase_tax", 13079.65), ("220200", False, -13079.65)},
        )
        order.invalidate_recordset()
        self.assertEqual(order.dealer_agency_balance, 5220)
        bill = self._settle(rows - tax, self.insurer)
        self.assertEqual(
            self._codes(bill),
            {
                ("224101", "ctpl", 950),
                ("224101", "vessel_tax", 70),
                ("224101", "commercial_insurance", 4200),
                ("220200", False, -5220),
            },
        )
        order.invalidate_recordset()
        self.assertEqual(order.dealer_agency_balance, 0)
        self.assertFalse(self._ledger(order).filtered(lambda row: row.balance or row.deal_balance))
        agency = self.company._dealer_get_account("agency")
        items = (invoice + bill).line_ids.filtered(lambda line: line.account_id == agency)
        self.assertTrue(all(items.mapped("reconciled")))

    def test_paying_the_bill_leaves_only_the_bank(self):
        order, _invoice = self._invoiced_example()
        bill = self._settle(self._ledger(order), self.tax_office)
        self._pay(bill)
        self.assertEqual(bill.payment_state, "paid")
        self.assertEqual(order.dealer_agency_balance, 0)

    def test_nothing_is_matched_before_the_deal_is_at_zero(self):
        order, invoice = self._invoiced_example()
        tax = self._ledger(order).filtered(lambda row: row.deal_type == "purchase_tax")
        self._settle(tax, self.tax_office)
        agency = self.company._dealer_get_account("agency")
        items = invoice.line_ids.filtered(lambda line: line.account_id == agency)
        self.assertFalse(any(items.mapped("reconciled")))

    def test_the_rest_goes_back_to_the_customer(self):
        order, _invoice = self._invoiced_example()
        tax = self._ledger(order).filtered(lambda row: row.deal_type == "purchase_tax")
        self._settle(tax, self.tax_office, amounts=[13000])
        note = self._settle(
            self._ledger(order).filtered(lambda row: row.deal_type == "purchase_tax"),
            kind="refund",
        )
        self.assertRecordValues(
            note, [{"move_type": "out_refund", "partner_id": self.customer.id, "amount_tax": 0}]
        )
        self.assertEqual(
            self._codes(note), {("224101", "purchase_tax", 79.65), ("112200", False, -79.65)}
        )
        row = self._ledger(order).filtered(lambda row: row.deal_type == "purchase_tax")
        self.assertRecordValues(row, [{"collected": 13000, "paid": 13000, "balance": 0}])

    def test_the_customer_adds_what_is_missing(self):
        order, _invoice = self._invoiced_example()
        tax = self._ledger(order).filtered(lambda row: row.deal_type == "purchase_tax")
        bill = self._settle(tax, self.tax_office, amounts=[13100], confirm=True)
        self.assertIn("20.35", bill.message_ids[0].body)
        row = self._ledger(order).filtered(lambda row: row.deal_type == "purchase_tax")
        self.assertEqual(row.balance, -20.35)
        invoice = self._settle(row, kind="collect")
        self.assertEqual(
            self._codes(invoice), {("224101", "purchase_tax", -20.35), ("112200", False, 20.35)}
        )
        row = self._ledger(order).filtered(lambda row: row.deal_type == "purchase_tax")
        self.assertEqual(row.balance, 0)

    def test_paying_more_than_collected_is_confirmed(self):
        order, _invoice = self._invoiced_example()
        tax = self._ledger(order).filtered(lambda row: row.deal_type == "purchase_tax")
        with self.assertRaisesRegex(UserError, r"open.*13,079.65.*difference.*86,919.35"):
            self._settle(tax, self.tax_office, amounts=[99999])
        with self.assertRaisesRegex(UserError, "More than what is open"):
            self._settle(tax, kind="refund", amounts=[13079.66])
        with self.assertRaisesRegex(UserError, "More than what is open"):
            self._settle(tax, kind="collect", amounts=[1])

    def test_the_open_amount_is_nobodys_to_send(self):
        order, _invoice = self._invoiced_example()
        tax = self._ledger(order).filtered(lambda row: row.deal_type == "purchase_tax")
        settlement = self._as(self.fred, self.env["dealer.agency.settlement"]).create(
            {
                "partner_id": self.tax_office.id,
                "line_ids": [
                    Command.create(
                        {
                            "order_id": order.id,
                            "product_id": tax.product_id.id,
                            "open_amount": 99999,
                            "amount": 99999,
                        }
                    )
                ],
            }
        )
        with self.assertRaisesRegex(UserError, "More than what is open"):
            settlement.action_create()

    def test_a_premium_that_the_store_gives_away_costs_the_car(self):
        car = self._stock(self._create_vehicle(model_id=self.petrol.id), 132743.36)
        order = self._offer(car=car)
        # in the quota of a salesperson: nobody has to approve it
        self._add(order, "ctpl", 450, dealer_gift_bearer="store")
        order.action_confirm()
        self._deliver(order)
        self._invoice(order)
        row = self._ledger(order)
        self.assertRecordValues(row, [{"collected": 0, "balance": 0}])
        bill = self._settle(row, self.insurer)
        self.assertEqual(self._codes(bill), {("540100", "ctpl", 450), ("220200", False, -450)})
        margin = self.env["dealer.vehicle.margin.report"].search([("vehicle_id", "=", car.id)])
        self.assertRecordValues(margin, [{"gift_cost": 450, "front_gross": -1946.90}])
        self.assertEqual(order.dealer_agency_balance, 0)

    def test_a_credit_note_takes_the_agency_money_back(self):
        order, invoice = self._invoiced_example()
        self._credit(invoice)
        order.invalidate_recordset()
        self.assertEqual(order.dealer_agency_balance, 0)

    def test_money_without_a_deal_is_seen_too(self):
        agency = self.company._dealer_get_account("agency")
        self._as(self.fred, self.env["account.move"]).create(
            {
                "move_type": "in_invoice",
                "partner_id": self.tax_office.id,
                "invoice_date": fields.Date.today(),
                "invoice_line_ids": [
                    Command.create({"name": "Tax", "price_unit": 77, "account_id": agency.id})
                ],
            }
        ).action_post()
        row = self._ledger().filtered(lambda row: not row.order_id)
        self.assertRecordValues(row, [{"paid": 77, "balance": -77}])

    def test_settling_needs_somebody_and_an_amount(self):
        order, _invoice = self._invoiced_example()
        Settlement = self._as(self.fred, self.env["dealer.agency.settlement"])
        context = self._ledger(order).action_settle()["context"]
        settlement = Settlement.with_context(**context).create({})
        with self.assertRaisesRegex(UserError, "who gets"):
            settlement.action_create()
        settlement.line_ids.amount = 0
        with self.assertRaisesRegex(UserError, "one amount"):
            settlement.action_create()

    def test_who_sees_and_who_settles(self):
        order, _invoice = self._invoiced_example()
        self.assertEqual(len(self._ledger(order, self.max)), 4)
        self.assertFalse(
            self._as(self._create_person("amy", "accountant", self.other_company), self._ledger())
            .browse()
            .search([("order_id", "=", order.id)])
        )
        with self.assertRaises(AccessError):
            self._ledger(order, self.sara)
        with self.assertRaises(AccessError):
            self._as(self.max, self.env["dealer.agency.settlement"]).create({})

    def test_the_ledger_agrees_with_the_account(self):
        order, _invoice = self._invoiced_example()
        tax = self._ledger(order).filtered(lambda row: row.deal_type == "purchase_tax")
        self._settle(tax, self.tax_office, amounts=[13000])
        agency = self.company._dealer_get_account("agency")
        items = self.env["account.move.line"].search(
            [("account_id", "=", agency.id), ("parent_state", "=", "posted")]
        )
        self.assertAlmostEqual(sum(self._ledger().mapped("balance")), -sum(items.mapped("balance")))

    def test_the_order_opens_its_own_rows(self):
        order, _invoice = self._invoiced_example()
        action = self._as(self.fred, order).action_dealer_view_agency()
        self.assertEqual(action["domain"], [("order_id", "in", order.ids)])
        row = self._ledger(order)[:1]
        items = self.env["account.move.line"].search(row.action_view_items()["domain"])
        self.assertEqual(-sum(items.mapped("balance")), row.balance)
