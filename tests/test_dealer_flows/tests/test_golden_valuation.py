"""Our flat valuation changes the price of a deal in statements, never in money.

``product.product._get_value_from_lots`` is ours; each story here is told twice, with ours
and with the core's, and every journal line and cost must be the same.
"""

from odoo.tests import tagged

from .golden_case import NEW, GoldenCase


@tagged("post_install", "-at_install")
class TestFlatValuation(GoldenCase):
    """Shared products only: own and consigned ones are not valued by lot."""

    policy, figures = "shared", NEW

    def _story(self):
        """Buy four, prepare, sell three in odd orders, return one, buy one back."""
        cars = [self._stock_car(extra) for extra in (-1000, 0, 1000, 2000)]
        self._add_landed_cost(cars[0], 300)
        early = self._sign(cars[1])
        self._invoice(early)
        self._deliver(early)
        newest = self._sign(cars[3])
        delivery = self._deliver(newest)
        invoice = self._invoice(newest)
        self._add_landed_cost(cars[2], 200)
        self._return(delivery)
        self._credit(invoice)
        back = self._buy(cars[1], 60000, partner=self.customer, tax=self.env["account.tax"])
        self._receive(back)
        self._bill(back)
        self._deliver(self._sign(cars[0]))
        return cars

    def _told(self, cars):
        """Return everything that is money: entries, costs, values, margins."""
        self.env.flush_all()
        self.env.invalidate_all()
        names = {car.vin: f"car {index}" for index, car in enumerate(cars)}
        entries = self.env["account.move"].search(
            [("company_id", "=", self.company.id), ("state", "=", "posted")], order="id"
        )
        moves = self.env["stock.move"].search(
            [("company_id", "=", self.company.id), ("state", "=", "done")], order="id"
        )
        product = cars[0].product_id
        return {
            "entries": [
                [(*line[:3], names.get(line[3], "")) for line in self._journal(entry)]
                for entry in entries
            ],
            "moves": moves.mapped("value"),
            "lots": [(car.lot_id.standard_price, car.lot_id.total_value) for car in cars],
            "product": (product.total_value, product.standard_price, product.avg_cost),
            "costs": [car.unit_cost for car in cars],
            "margins": [car.sale_line_ids.mapped("margin") for car in cars],
        }

    def test_every_journal_line_is_the_same_without_our_flat_valuation(self):
        point = self.cr.savepoint(flush=True)
        ours = self._told(self._story())
        point.rollback()
        self.env.invalidate_all(flush=False)
        self.env.registry.clear_cache()
        with self.without("product.product", "_get_value_from_lots"):
            cores = self._told(self._story())
        self.assertEqual(len(ours["entries"]), len(cores["entries"]))
        for mine, theirs in zip(ours["entries"], cores["entries"], strict=True):
            self.assertEqual(mine, theirs)
        self.assertEqual(ours, cores)

    def test_value_of_the_product_is_the_sum_of_its_cars(self):
        cars = [self._stock_car(extra) for extra in (-1000, 0, 1000)]
        product = cars[0].product_id
        self.assertAlmostEqual(product.total_value, 3 * NEW.cost, 2)
        with self.without("product.product", "_get_value_from_lots"):
            product.invalidate_recordset()
            self.assertAlmostEqual(product.total_value, 3 * NEW.cost, 2)

    def test_value_at_a_past_date_goes_the_way_of_the_core(self):
        car = self._stock_car()
        product = car.product_id
        yesterday = product.with_context(to_date="2000-01-01")
        self.assertEqual(yesterday.total_value, 0)

    def test_deal_takes_as_many_statements_beside_twelve_cars_as_beside_two(self):
        few, many = self._statements_beside(2), self._statements_beside(10)
        self.assertLessEqual(many, few * 1.05)

    def _statements_beside(self, count):
        """Add ``count`` cars of the model to the stock; return a deal's statements."""
        for _n in range(count):
            self._stock_car()
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        order = self._sign(self._stock_car())
        self._deliver(order)
        self._invoice(order)
        self.env.flush_all()
        return self.cr.sql_log_count - before
