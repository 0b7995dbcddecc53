"""A simulated year of a parts store: our policy against fixed minima and maxima.

Both stores see the same customers on the same days and wait the same time for their supplier; an
order on the same day for the same part takes as long in both. Both begin with the same stock, and
look at each part on the same day of the week. A customer who finds too little takes what is there
and goes: the rest is lost. Each store knows its own past only.

*Fixed*: a careful clerk sets once, from the full demand of last year, a minimum of the mean demand
of lead time and review with 50 % on top, and a maximum one month above.
*Proposed*: each month the levels are set anew with ``replenishment``, from sales, days without
stock and those lost sales that somebody wrote down.

    cd addons/dealer_parts && python -m tools.stock_simulation --seed 21 22 --parts 300
"""

import argparse
import sys
from collections import namedtuple
from math import ceil, exp, log
from random import Random

from .replenishment import MONTH_DAYS, Month, Rule, next_phase, stocking_level

YEAR = 365
REVIEW_DAYS = 7
#: Share of lost sales that somebody writes down.
RECORDED = 0.5
#: Wanted share of pieces by how dear a part is: a cheap part costs little to keep. These and the
#: cost of an order line are the defaults of the parameters; they were chosen on the seeds 1 to 8,
#: so judge them on others.
SERVICES = ((100, 96), (1000, 90), (float("inf"), 88))
ORDER_LINE_COST = 5

#: A part: unit cost, price, lead time of its supplier, hits a year, size of a hit, trend.
Part = namedtuple("Part", "cost price lead_days hits size growth")

#: Figures of a store and year. Fill rates in percent, of lines and of pieces.
Result = namedtuple("Result", "fill_lines fill_pieces stock_value lost_value orders")


# === THE WORLD ===
def make_parts(random, count):
    """A third fast, a third slow, a third lumpy; some grow, some fade, some are new."""
    parts = []
    for number in range(count):
        kind = number % 3
        hits, size, dear = (
            (random.uniform(60, 500), 1.3, 60),
            (random.uniform(3, 24), 1.1, 300),
            (random.uniform(5, 24), 4.0, 80),
        )[kind]
        cost = round(dear * exp(random.gauss(0, 0.9)), 2)
        growth = random.choice((0, 0, 0.5, 1.0, -0.4, -0.7))
        parts.append(
            Part(cost, round(cost * 1.4, 2), random.choice((5, 7, 10, 14)), hits, size, growth)
        )
    return parts


def make_demand(random, part, days):
    """Hits of each day, as lists of quantities; ``growth`` is the change over the second year."""
    stream = []
    for day in range(days):
        share = max(day - YEAR / 2, 0) / (days - YEAR / 2)
        chance = part.hits / YEAR * (1 + part.growth * share)
        stream.append([_size(random, part.size) for _hit in range(_poisson(random, chance))])
    return stream


def _poisson(random, mean):
    limit, count, product = exp(-mean), 0, random.random()
    while product > limit:
        count += 1
        product *= random.random()
    return count


def _size(random, mean):
    if mean <= 1:
        return 1
    return max(ceil(log(1 - random.random()) / log(1 - 1 / mean)), 1)


def _lead_time(seed, number, day, lead_days):
    """Days until an order of that day arrives: the same for whoever orders."""
    return max(round(Random(f"{seed}:{number}:{day}").gauss(lead_days, lead_days * 0.2)), 1)


# === THE TWO POLICIES ===
class FixedPolicy:
    """Minimum and maximum set once, from all that was asked for last year."""

    def __init__(self, part, past):
        daily = sum(map(sum, past)) / len(past)
        self.minimum = ceil(daily * (part.lead_days + REVIEW_DAYS) * 1.5)
        self.maximum = self.minimum + ceil(daily * MONTH_DAYS)

    def get_levels(self, _day, _book):
        return self.minimum, self.maximum


class ProposedPolicy:
    """Order point and maximum of ``replenishment``, each month anew, from one's own past."""

    def __init__(self, part, past):
        service = next(service for cost, service in SERVICES if part.cost <= cost)
        self.part = part
        self.rule = Rule(
            part.lead_days, part.lead_days * 0.2, REVIEW_DAYS, service, ORDER_LINE_COST
        )
        self.phase = "none"
        self.levels = (0, 0)
        self.set_on = None

    def get_levels(self, day, book):
        month = int(day / MONTH_DAYS)
        if self.set_on != month:
            self.set_on = month
            months = book.get_months()
            hits = [month.hits for month in months]
            self.phase = next_phase(self.phase, sum(hits[-6:]), sum(hits))
            level = stocking_level(months, self.rule, self.part.cost)
            stocked = self.phase == "stock"
            self.levels = (level.order_point, level.maximum) if stocked else (-1, 0)
        return self.levels


# === A YEAR IN A STORE ===
class Book:
    """What a store knows about a part: its sales, its days without stock, what was written down."""

    def __init__(self, past):
        self.days = [(sum(hits), len(hits), max(hits, default=0), 0, 0) for hits in past]

    def add(self, served, lost, is_out):
        self.days.append((sum(served), len(served), max(served, default=0), lost, is_out))

    def get_months(self):
        """The last twelve stretches of a mean month each, oldest first."""
        months = []
        for number in range(12, 0, -1):
            first = len(self.days) - round(number * MONTH_DAYS)
            last = len(self.days) - round((number - 1) * MONTH_DAYS)
            rows = self.days[max(first, 0) : last]
            sold, hits, largest, lost, out = zip(*rows, strict=True)
            months.append(Month(sum(sold), sum(hits), max(largest), sum(lost), len(rows), sum(out)))
        return months


def run_store(policy_class, seed, parts, streams):
    """One year of one store, after a year of which the demand is known."""
    lines = filled_lines = pieces = filled = orders = 0
    lost_value = stock_value = 0.0
    for number, (part, stream) in enumerate(zip(parts, streams, strict=True)):
        past, future = stream[:YEAR], stream[YEAR:]
        policy, book, coming = policy_class(part, past), Book(past), {}
        stock = FixedPolicy(part, past).minimum  # both begin alike
        records = Random(f"{seed}:{number}:records")
        for day, hits in enumerate(future):
            stock += coming.pop(day, 0)
            if day % REVIEW_DAYS == number % REVIEW_DAYS:
                minimum, maximum = policy.get_levels(day, book)
                position = stock + sum(coming.values())
                if position <= minimum and maximum > position:
                    due = day + _lead_time(seed, number, day, part.lead_days)
                    coming[due] = coming.get(due, 0) + maximum - position
                    orders += 1
            was_out = stock <= 0
            served, lost = [], 0
            for quantity in hits:
                given = min(quantity, stock)
                stock -= given
                lines += 1
                pieces += quantity
                filled += given
                filled_lines += given == quantity
                lost_value += (quantity - given) * part.price
                if given:
                    served.append(given)
                if given < quantity and records.random() < RECORDED:
                    lost += quantity - given
            book.add(served, lost, was_out)
            stock_value += stock * part.cost
    return Result(
        100 * filled_lines / max(lines, 1),
        100 * filled / max(pieces, 1),
        stock_value / YEAR,
        lost_value,
        orders,
    )


def compare(seed, count=300):
    """The same year in both stores.

    :return: results of the fixed and of the proposed policy
    """
    random = Random(seed)
    parts = make_parts(random, count)
    streams = [make_demand(random, part, 2 * YEAR) for part in parts]
    return (
        run_store(FixedPolicy, seed, parts, streams),
        run_store(ProposedPolicy, seed, parts, streams),
    )


def format_results(fixed, proposed):
    """Lines of a table of both stores."""
    rows = [("", "fixed min/max", "proposed")]
    for label, name, form in (
        ("Fill rate, lines (%)", "fill_lines", "{:.2f}"),
        ("Fill rate, pieces (%)", "fill_pieces", "{:.2f}"),
        ("Average stock value", "stock_value", "{:,.0f}"),
        ("Lost sales value", "lost_value", "{:,.0f}"),
        ("Order lines", "orders", "{:,d}"),
    ):
        rows.append((label, *(form.format(getattr(result, name)) for result in (fixed, proposed))))
    return [f"{label:24}{left:>16}{right:>16}" for label, left, right in rows]


def main(arguments=None):
    """Print the figures of one or more seeds."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, nargs="+", default=[1])
    parser.add_argument("--parts", type=int, default=300)
    options = parser.parse_args(arguments)
    for seed in options.seed:
        lines = [f"Seed {seed}, {options.parts} parts, {YEAR} days"]
        sys.stdout.write("\n".join(lines + format_results(*compare(seed, options.parts))) + "\n")


if __name__ == "__main__":
    main()
