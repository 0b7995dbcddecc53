"""Goldens of papers in another order than the car: the sum must be right whatever comes first.

Stock Odoo values the bill, the delivery and the invoice each at its own moment. What becomes
known later must still reach the cost of sales of that car, and nothing may stay behind on the
stock account once the car has gone.
"""

from odoo.tests import tagged

from .golden_case import NEW, USED, GoldenCase


class TimingGoldens:
    """Sold, and only then is everything known; told for cars that we own."""

    def assertClosed(self, car, revenue, cost):
        """All cost of the car has reached its margin, and the stock account is right."""
        self.env.flush_all()
        rows = self.env["dealer.vehicle.margin.report"].sudo().search([("vehicle_id", "=", car.id)])
        self.assertEqual(
            (round(sum(rows.mapped("revenue")), 2), round(sum(rows.mapped("margin")), 2)),
            (revenue, round(revenue - cost, 2)),
        )
        self.assertLedgerIsStock()

    def _sold_unbilled(self, difference):
        """Return a car ordered too dear by ``difference``, sold and invoiced, and its order."""
        car, order = self._order_car(self.figures.price + difference)
        self._receive(order)
        deal = self._sign(car)
        self._deliver(deal)
        self.seen.add(self._invoice(deal).id)
        return car, order

    def _settlement(self, bill):
        """Return the entry that the bill has caused, which is the only other new one."""
        return self.env["account.move"].search(
            [("company_id", "=", self.company.id), ("id", "not in", [*self.seen, bill.id])]
        )

    def test_cheaper_bill_after_the_sale_lowers_its_cost_in_red(self):
        car, order = self._sold_unbilled(1000)
        bill = self._bill(order, self.figures.price)
        settlement = self._settlement(bill)
        self.assertEntry(bill, self._billed(car, self.figures.cost, self.figures.input_vat))
        gone = 1000 if self.policy == "own" else 884.96
        self.assertEntry(settlement, [("cogs", -gone, 0, car), ("stock", 0, -gone, car)])
        self.assertNothingElsePosted()
        self.assertClosed(car, self.figures.revenue, self.figures.cost)

    def test_dearer_bill_after_the_sale_raises_its_cost(self):
        car, order = self._sold_unbilled(-1000)
        bill = self._bill(order, self.figures.price)
        settlement = self._settlement(bill)
        self.assertEntry(bill, self._billed(car, self.figures.cost, self.figures.input_vat))
        more = 1000 if self.policy == "own" else 884.95
        self.assertEntry(settlement, [("cogs", more, 0, car), ("stock", 0, more, car)])
        self.assertNothingElsePosted()
        self.assertClosed(car, self.figures.revenue, self.figures.cost)

    def test_bill_at_the_ordered_price_after_the_sale_settles_nothing(self):
        car, order = self._sold_unbilled(0)
        bill = self._bill(order)
        self.assertEntry(bill, self._billed(car, self.figures.cost, self.figures.input_vat))
        self.assertNothingElsePosted()
        self.assertClosed(car, self.figures.revenue, self.figures.cost)

    def test_bill_between_invoice_and_delivery_at_another_price(self):
        car, order = self._order_car(self.figures.price + 1000)
        self._receive(order)
        deal = self._sign(car)
        self._invoice(deal)
        self._bill(order, self.figures.price)
        self._deliver(deal)
        self.assertClosed(car, self.figures.revenue, self.figures.cost)

    def test_bill_between_delivery_and_invoice_at_another_price(self):
        car, order = self._order_car(self.figures.price + 1000)
        self._receive(order)
        deal = self._sign(car)
        self._deliver(deal)
        self._bill(order, self.figures.price)
        self._invoice(deal)
        self.assertClosed(car, self.figures.revenue, self.figures.cost)

    def test_preparation_between_invoice_and_delivery(self):
        car = self._stock_car()
        deal = self._sign(car)
        self._invoice(deal)
        self._add_landed_cost(car, 300)
        self._deliver(deal)
        self.assertClosed(car, self.figures.revenue, self._cost() + 300)
        self.assertMargin(deal, self.figures.revenue, self._cost() + 300)

    def test_invoice_reset_to_draft_posts_the_same_again(self):
        car = self._stock_car()
        deal = self._sign(car)
        self._deliver(deal)
        invoice = self._invoice(deal)
        self.assertEntry(invoice, self._invoiced((car, self._cost())))
        invoice.button_draft()
        self.assertLedgerIsStockPlus(self._cost())
        invoice.action_post()
        self.assertEntry(invoice, self._invoiced((car, self._cost())))
        self.assertClosed(car, self.figures.revenue, self._cost())

    def assertLedgerIsStockPlus(self, amount):
        """While nothing is invoiced, the delivered car is still on the stock account."""
        self.assertAlmostEqual(self._balance("stock") - amount, self._worth(), 2)


@tagged("post_install", "-at_install")
class TestNewCarTiming(TimingGoldens, GoldenCase):
    """Shared product, FIFO, valued by lot."""

    policy, figures = "shared", NEW


@tagged("post_install", "-at_install")
class TestUsedCarTiming(TimingGoldens, GoldenCase):
    """One product per car, FIFO, not valued by lot."""

    policy, figures = "own", USED
