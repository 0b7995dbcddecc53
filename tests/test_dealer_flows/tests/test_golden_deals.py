"""Goldens of a deal: bought, received, billed, prepared, quoted, delivered, invoiced, paid.

Every journal line is asserted under each product policy. A golden is never weakened.
"""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .golden_case import CONSIGNED, NEW, USED, GoldenCase


class DealGoldens:
    """The deal, told once; the classes below tell it for each product policy."""

    def _prepare(self, car):
        """Put 300 of preparation on the car; return what that adds to its cost."""
        entry = self._add_landed_cost(car, 300).account_move_id
        self.assertEntry(entry, [("stock", 300, 0, car), ("freight", 0, 300)])
        return 300

    # === BUYING ===

    def test_car_enters_at_the_ordered_price_and_the_bill_corrects_it(self):
        car, order = self._order_car(self.figures.price + 1000)
        self.assertCar(car, status="on_order")
        yard = self.warehouse._dealer_place("yard")
        self._receive(order, yard)
        rate = 1.13 if self.policy == "shared" else 1
        ordered = round((self.figures.price + 1000) / rate, 2)
        self.assertCar(car, status="in_stock", location_id=yard, unit_cost=ordered)
        self.assertEqual(car.lot_id.name, car.vin)
        bill = self._bill(order, self.figures.price)
        self.assertEntry(bill, self._billed(car, self.figures.cost, self.figures.input_vat))
        self.assertCar(car, unit_cost=self.figures.cost)
        self.assertNothingElsePosted()
        self.assertLedgerIsStock()

    def test_preparation_on_one_car_leaves_the_others_alone(self):
        older, prepared, newer = (self._stock_car(extra) for extra in (-1000, 0, 1000))
        added = self._prepare(prepared)
        self.assertCar(older, unit_cost=self._cost(-1000))
        self.assertCar(prepared, unit_cost=self._cost() + added)
        self.assertCar(newer, unit_cost=self._cost(1000))
        self.assertNothingElsePosted()
        self.assertLedgerIsStock()

    def test_two_preparations_add_up(self):
        car = self._stock_car()
        added = self._prepare(car) + self._prepare(car)
        self.assertCar(car, unit_cost=self._cost() + added)
        self.assertLedgerIsStock()

    def test_landed_cost_on_oldest_car_after_newest_was_sold(self):
        oldest, newest = self._stock_car(), self._stock_car(1000)
        self._deliver(self._sign(newest))
        self.assertCar(oldest, unit_cost=self._cost() + self._prepare(oldest))

    # === QUOTING AND RESERVING ===

    def test_margin_on_quote_uses_cost_of_chosen_car(self):
        cars = {extra: self._stock_car(extra) for extra in (-1000, 0, 1000)}
        for extra, car in cars.items():
            self.assertMargin(self._offer(car), self.figures.revenue, self._cost(extra))

    def test_preparation_after_the_quote_lowers_its_margin(self):
        car = self._stock_car()
        order = self._offer(car)
        self.assertMargin(order, self.figures.revenue, self._cost() + self._prepare(car))

    def test_order_reserves_that_very_car_of_three(self):
        _first, chosen, _last = (self._stock_car(extra) for extra in (-1000, 0, 1000))
        order = self._sign(chosen)
        self.assertEqual(order.sudo().picking_ids.move_line_ids.lot_id, chosen.lot_id)
        self.assertCar(chosen, status="reserved", sale_line_id=order.order_line)
        self.assertCar(_first, status="in_stock")

    def test_two_step_delivery_keeps_that_very_car(self):
        self.warehouse.delivery_steps = "pick_ship"
        _first, chosen, _last = (self._stock_car(extra) for extra in (-1000, 0, 1000))
        order = self._sign(chosen)
        self._deliver(order)
        moves = order.sudo().picking_ids.move_ids
        self.assertEqual(len(moves), 2)
        self.assertEqual(moves.lot_ids, chosen.lot_id)
        self.assertCar(chosen, status="sold", location_id=False, partner_id=self.customer)
        self.assertEntry(self._invoice(order), self._invoiced((chosen, self._cost())))
        self.assertMargin(order, self.figures.revenue, self._cost())
        self.assertNothingElsePosted()
        self.assertLedgerIsStock()

    def test_reallocated_order_delivers_the_other_car(self):
        first, other = self._stock_car(), self._stock_car(1000)
        order = self._sign(first)
        line = self._as(self.max, order).order_line
        line.write({"dealer_vehicle_id": other.id, "product_id": other.product_id.id})
        self.assertCar(first, status="in_stock")
        self.assertCar(other, status="reserved")
        self.assertMargin(order, self.figures.revenue, self._cost(1000))
        delivery = self._deliver(order)
        self.assertEqual(delivery.move_line_ids.lot_id, other.lot_id)
        self.assertEntry(self._invoice(order), self._invoiced((other, self._cost(1000))))
        self.assertNothingElsePosted()
        self.assertLedgerIsStock()

    # === DELIVERING, INVOICING, PAYING ===

    def test_deal_invoiced_after_delivery(self):
        _older, car, _newer = (self._stock_car(extra) for extra in (-1000, 0, 1000))
        cost = self._cost() + self._prepare(car)
        order = self._sign(car)
        self._deliver(order)
        self.assertCar(car, status="sold", location_id=False, partner_id=self.customer)
        invoice = self._invoice(order)
        self.assertEntry(invoice, self._invoiced((car, cost)))
        self.assertEntry(self._pay(invoice), self._paid(self.figures.sale))
        self.assertMargin(order, self.figures.revenue, cost)
        self.assertReportedMargin(car, self.figures.revenue, cost)
        self.assertNothingElsePosted()
        self.assertLedgerIsStock()

    def test_deal_invoiced_before_delivery(self):
        _older, car, _newer = (self._stock_car(extra) for extra in (-1000, 0, 1000))
        order = self._sign(car)
        invoice = self._invoice(order)
        self.assertEntry(invoice, self._invoiced((car, self._cost())))
        self.assertCar(car, status="reserved")
        self._deliver(order)
        self.assertCar(car, status="sold", partner_id=self.customer)
        self.assertMargin(order, self.figures.revenue, self._cost())
        self.assertReportedMargin(car, self.figures.revenue, self._cost())
        self.assertNothingElsePosted()
        self.assertLedgerIsStock()

    def test_delivery_writes_the_owner_history(self):
        car = self._stock_car()
        order = self._sign(car)
        self.assertFalse(car.owner_ids.filtered(lambda row: row.source == "delivery"))
        self._deliver(order)
        self.assertRecordValues(
            car.owner_ids.filtered(lambda row: row.source == "delivery"),
            [
                {
                    "partner_id": self.customer.id,
                    "role": "owner",
                    "date_from": car.date_out,
                    "date_to": False,
                    "sale_line_id": order.order_line.id,
                }
            ],
        )

    # === SEVERAL CARS OF ONE MODEL ON ONE ORDER ===

    def _fleet_order(self, *cars):
        """Sara sells several cars on one order."""
        order = self._offer(cars[0])
        for car in cars[1:]:
            order.order_line = [self._sale_line(car, self.figures.sale, self._selling_tax)]
        order.action_confirm()
        return order

    def test_two_cars_on_one_order_leave_at_their_own_costs(self):
        cheap, dear = self._stock_car(), self._stock_car(1000)
        order = self._fleet_order(cheap, dear)
        self._deliver(order)
        lines = self._as(self.max, order).order_line
        costs = {line.dealer_vehicle_id: line.purchase_price for line in lines}
        self.assertEqual(costs, {cheap: self._cost(), dear: self._cost(1000)})
        self.assertEntry(
            self._invoice(order),
            self._invoiced((cheap, self._cost()), (dear, self._cost(1000))),
        )
        self.assertNothingElsePosted()
        self.assertLedgerIsStock()

    def test_two_cars_of_one_order_on_two_invoices(self):
        cheap, dear = self._stock_car(), self._stock_car(1000)
        order = self._fleet_order(cheap, dear)
        self._deliver(order)
        first = self._invoice(order, post=False)
        first.invoice_line_ids.filtered(lambda line: line.dealer_vehicle_id == dear).unlink()
        first.action_post()
        self.assertEntry(first, self._invoiced((cheap, self._cost())))
        self.assertEntry(self._invoice(order), self._invoiced((dear, self._cost(1000))))
        self.assertNothingElsePosted()
        self.assertLedgerIsStock()

    def test_credit_note_for_the_second_car_gives_back_its_own_cost(self):
        cheap, dear = self._stock_car(), self._stock_car(1000)
        order = self._fleet_order(cheap, dear)
        self._deliver(order)
        invoice = self._invoice(order)
        self.seen.add(invoice.id)
        line = invoice.invoice_line_ids.filtered(lambda line: line.dealer_vehicle_id == dear)
        self.assertCreditNote(self._credit(invoice, line), self._invoiced((dear, self._cost(1000))))
        self.assertNothingElsePosted()


@tagged("post_install", "-at_install")
class TestNewCarDeals(DealGoldens, GoldenCase):
    """Shared product, FIFO, valued by lot."""

    policy, figures = "shared", NEW


@tagged("post_install", "-at_install")
class TestUsedCarDeals(DealGoldens, GoldenCase):
    """One product per car, FIFO, not valued by lot."""

    policy, figures = "own", USED


@tagged("post_install", "-at_install")
class TestConsignedCarDeals(DealGoldens, GoldenCase):
    """One product per car, AVCO, owned by somebody else until it is sold."""

    policy, figures = "consigned", CONSIGNED

    def _prepare(self, car):
        """What we spend on somebody else's car is never stock: a late cost, not a landed one."""
        with self.assertRaisesRegex(UserError, "late cost"):
            self._add_landed_cost(car, 300)
        return 0

    def test_car_enters_at_the_ordered_price_and_the_bill_corrects_it(self):
        """There is no order and no bill: the car comes in without value and stays its owner's."""
        car = self._car(self.policy)
        self._receive_consigned(car)
        self.assertCar(car, status="in_stock", unit_cost=0, partner_id=self.consignor)
        self.assertEqual(
            car.lot_id.quant_ids.filtered(lambda quant: quant.quantity > 0).owner_id,
            self.consignor,
        )
        self.assertNothingElsePosted()
        self.assertLedgerIsStock()

    def test_delivery_of_a_consigned_car_posts_nothing_and_settling_is_its_cost(self):
        """The owner gets 85,000 of the 88,000; his bill is what the sale has cost us."""
        car = self._stock_car()
        order = self._sign(car)
        self._deliver(order)
        self.assertEntry(self._invoice(order), self._invoiced((car, 0)))
        bill = self._create_late_cost_bill(car, self.consignor, 85000)
        bill.invoice_line_ids.tax_ids = False
        bill.action_post()
        self.assertEntry(bill, [("cogs", 85000, 0, car), ("payable", 0, 85000)])
        self.assertReportedMargin(car, self.figures.revenue, 0, late_cost=85000)
        self.assertNothingElsePosted()
        self.assertLedgerIsStock()
