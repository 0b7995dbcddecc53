"""Goldens of what happens after a sale: return, buy-back, late invoice, late cost."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .golden_case import CONSIGNED, NEW, USED, GoldenCase


class AftermathGoldens:
    """What happens to a car that we have sold, told once for all product policies."""

    def _sold_car(self, invoiced=True):
        """Return car, order, delivery and invoice of a finished sale."""
        car = self._stock_car()
        order = self._sign(car)
        delivery = self._deliver(order)
        invoice = self.env["account.move"]
        if invoiced:
            invoice = self._invoice(order)
            self.assertEntry(invoice, self._invoiced((car, self._cost())))
        return car, order, delivery, invoice

    def _buy_back(self, car, price):
        """Max buys the car from its owner, an individual: no input tax."""
        order = self._buy(car, price, partner=self.customer, tax=self.env["account.tax"])
        self._receive(order)
        bill = self._bill(order)
        self.assertEntry(bill, self._billed(car, price, 0))
        return order

    def _owner_of_stock(self):
        """Return who owns a car of this policy while it stands in our yard."""
        return self.consignor if self.policy == "consigned" else self.env["res.partner"]

    # === RETURN ===

    def test_returned_car_is_back_in_stock_at_its_cost(self):
        car, _order, delivery, _invoice = self._sold_car()
        self._return(delivery)
        self.assertCar(car, status="in_stock", unit_cost=self._cost())
        held = car.lot_id.quant_ids.filtered(lambda quant: quant.quantity > 0)
        self.assertEqual(held.location_id.usage, "internal")
        self.assertEqual(held.owner_id, self._owner_of_stock())

    def test_credit_note_of_a_return_reverses_every_line_in_red(self):
        car, order, delivery, invoice = self._sold_car()
        self._return(delivery)
        credit_note = self._credit(invoice)
        self.assertCreditNote(credit_note, self._invoiced((car, self._cost())))
        self.assertReportedMargin(car, 0, 0)
        self.assertEqual(order.order_line.qty_delivered, 0)
        self.assertNothingElsePosted()
        self.assertLedgerIsStock()

    def test_returned_car_is_sold_again_at_its_old_cost(self):
        car, _order, delivery, invoice = self._sold_car()
        self._return(delivery)
        self.seen.add(self._credit(invoice).id)
        order = self._sign(car, partner=self.other_customer)
        self._deliver(order)
        self.assertEntry(self._invoice(order), self._invoiced((car, self._cost())))
        self.assertCar(car, status="sold", partner_id=self.other_customer)
        self.assertReportedMargin(car, self.figures.revenue, self._cost())
        self.assertNothingElsePosted()
        self.assertLedgerIsStock()

    def test_return_ends_the_ownership_of_the_customer(self):
        car, _order, delivery, _invoice = self._sold_car()
        self._return(delivery)
        self.assertEqual(car.partner_id, self._owner_of_stock())
        self.assertTrue(car.owner_ids.filtered(lambda row: row.partner_id == self.customer).date_to)

    # === BUY-BACK ===

    def test_buy_back_restarts_the_cost_and_keeps_the_first_margin(self):
        car, first_order, _delivery, _invoice = self._sold_car()
        lot = car.lot_id
        self._buy_back(car, 60000)
        self.assertCar(car, status="in_stock", unit_cost=60000, lot_id=lot)
        self.assertEqual(lot.sudo().location_id.usage, "internal")
        self.assertMargin(first_order, self.figures.revenue, self._cost())
        self.assertNothingElsePosted()
        self.assertLedgerIsStock()

    def test_car_bought_back_is_sold_at_its_new_cost(self):
        car, _first_order, _delivery, _invoice = self._sold_car()
        self._buy_back(car, 60000)
        order = self._sign(car, partner=self.other_customer)
        self._deliver(order)
        self.assertEntry(self._invoice(order), self._invoiced((car, 60000)))
        self.assertMargin(order, self.figures.revenue, 60000)
        self.assertReportedMargin(car, 2 * self.figures.revenue, self._cost() + 60000)
        self.assertNothingElsePosted()
        self.assertLedgerIsStock()

    def test_invoice_posted_after_the_buy_back_takes_the_old_cost(self):
        car, first_order, _delivery, _invoice = self._sold_car(invoiced=False)
        self._buy_back(car, 60000)
        self.assertEntry(self._invoice(first_order), self._invoiced((car, self._cost())))
        self.assertCar(car, status="in_stock", unit_cost=60000)
        self.assertNothingElsePosted()
        self.assertLedgerIsStock()

    def test_buy_back_continues_the_owner_history(self):
        car, _order, _delivery, _invoice = self._sold_car()
        self._buy_back(car, 60000)
        self._deliver(self._sign(car, partner=self.other_customer))
        rows = car.owner_ids.filtered(lambda row: row.source == "delivery").sorted("id")
        self.assertEqual(rows.partner_id, self.customer | self.other_customer)
        self.assertTrue(rows[0].date_to)
        self.assertFalse(rows[1].date_to)
        self.assertEqual(car.partner_id, self.other_customer)

    # === LATE COST ===

    def test_late_cost_is_expensed_and_lowers_the_reported_margin(self):
        car, order, _delivery, _invoice = self._sold_car()
        bill = self._create_late_cost_bill(car, self.maker, 300)
        bill.invoice_line_ids.tax_ids = False
        bill.action_post()
        self.assertEntry(bill, [("cogs", 300, 0, car), ("payable", 0, 300)])
        self.assertCar(car, late_cost=300)
        self.assertReportedMargin(car, self.figures.revenue, self._cost(), late_cost=300)
        self.assertMargin(order, self.figures.revenue, self._cost())
        self.assertNothingElsePosted()
        self.assertLedgerIsStock()

    def test_landed_cost_on_a_sold_car_is_refused(self):
        """Stock Odoo posts nothing then, and raises the cost of a lot that has left."""
        car, _order, _delivery, _invoice = self._sold_car()
        with self.assertRaisesRegex(UserError, "late cost"):
            self._add_landed_cost(car, 300)
        self.assertCar(car, unit_cost=self._cost())
        self.assertNothingElsePosted()


@tagged("post_install", "-at_install")
class TestNewCarAftermath(AftermathGoldens, GoldenCase):
    """Shared product, FIFO, valued by lot."""

    policy, figures = "shared", NEW


@tagged("post_install", "-at_install")
class TestUsedCarAftermath(AftermathGoldens, GoldenCase):
    """One product per car, FIFO, not valued by lot."""

    policy, figures = "own", USED


@tagged("post_install", "-at_install")
class TestConsignedCarAftermath(AftermathGoldens, GoldenCase):
    """One product per car, AVCO, owned by somebody else until it is sold."""

    policy, figures = "consigned", CONSIGNED
