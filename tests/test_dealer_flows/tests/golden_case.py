"""The three product policies and the journal entries that every deal must make."""

from dataclasses import dataclass

from .common import DealerFlowsCommon


@dataclass(frozen=True)
class Figures:
    """A car's prices with tax and what the ledger makes of them (domain figures)."""

    price: float  # what the bill says
    cost: float  # without input tax
    input_vat: float
    sale: float  # what the customer pays
    revenue: float
    output_vat: float


# New car: 150,000 with 13 % bought, 147,800 sold (a loss that the rebate makes good).
NEW = Figures(150000, 132743.36, 17256.64, 147800, 130796.46, 17003.54)
# Used car: bought from an individual without input tax, sold under the 0.5 % rule.
USED = Figures(78000, 78000, 0, 88000, 87562.19, 437.81)
# Consigned car: nothing of it is ours, so it costs nothing.
CONSIGNED = Figures(0, 0, 0, 88000, 87562.19, 437.81)


class GoldenCase(DealerFlowsCommon):
    """A golden for one product policy; subclasses set ``policy`` and ``figures``."""

    policy = "shared"
    figures = NEW

    # === VERBS FOR THE POLICY UNDER TEST ===

    @property
    def _buying_tax(self):
        return self.tax_buy if self.policy == "shared" else self.env["account.tax"]

    @property
    def _selling_tax(self):
        return self.tax_sell if self.policy == "shared" else self.tax_used

    def _order_car(self, price=None, **vals):
        """Order a car of this policy; return car and purchase order."""
        car = self._car(self.policy, **vals)
        price = self.figures.price if price is None else price
        return car, self._buy(car, price, tax=self._buying_tax)

    def _stock_car(self, extra=0):
        """Return a car in stock, billed at the policy's price plus ``extra`` (net).

        A consigned car is only received: its owner keeps it, and nobody bills it.
        """
        if self.policy == "consigned":
            car = self._car(self.policy)
            self._receive_consigned(car)
            return car
        bought_at = self.figures.price + extra * (1.13 if self.policy == "shared" else 1)
        car, order = self._order_car(bought_at)
        self._receive(order)
        self.seen.add(self._bill(order).id)
        return car

    def _cost(self, extra=0):
        """Return the cost of a car from ``_stock_car(extra)``."""
        return 0 if self.policy == "consigned" else round(self.figures.cost + extra, 2)

    def _offer(self, car, **kwargs):
        return self._quote(car, self.figures.sale, tax=self._selling_tax, **kwargs)

    def _sign(self, car, **kwargs):
        return self._sell(car, self.figures.sale, tax=self._selling_tax, **kwargs)

    # === ENTRIES ===

    def _billed(self, car, net, vat):
        """Lines of a vendor bill: stock and input tax against the vendor."""
        return self._kept(
            [
                ("stock", net, 0, car),
                ("vat", vat, 0),
                ("payable", 0, net + vat),
            ]
        )

    def _invoiced(self, *cars_and_costs):
        """Lines of a customer invoice: revenue, output tax and cost of each car."""
        figures, lines = self.figures, []
        for car, cost in cars_and_costs:
            lines += [
                ("revenue", 0, figures.revenue, car),
                ("cogs", cost, 0, car),
                ("stock", 0, cost, car),
            ]
        count = len(cars_and_costs)
        lines += [
            ("vat", 0, figures.output_vat * count),
            ("receivable", figures.sale * count, 0),
        ]
        return self._kept(lines)

    def _paid(self, amount):
        return [("bank", amount, 0), ("receivable", 0, amount)]

    def _kept(self, lines):
        return [line for line in lines if line[1] or line[2]]
