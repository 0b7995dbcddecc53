"""How many of a part to keep: the formulas of domain-cn §5, as plain functions.

Nothing here knows Odoo. Quantities are numbers in the unit of stock; ``step`` is the smallest
quantity of that unit (1 for pieces, 0.01 for litres).
"""

from collections import namedtuple
from math import ceil, exp, floor, inf, isfinite, sqrt
from statistics import fmean, pstdev

#: z of the normal distribution for a service level in percent (domain-cn §5).
Z_VALUES = {90: 1.28, 95: 1.65, 98: 2.05, 99: 2.33}
#: Days of a mean month.
MONTH_DAYS = 365 / 12
#: Rounding noise of floating point, in steps.
NOISE = 1e-9
#: Beyond this mean demand of the lead time, single hits do not matter: the bell curve serves.
MANY_HITS = 30
#: Weight of the newest month in the forecast of a part that is asked for often.
SMOOTHING = 0.2
#: The same for a part with few demands: a year tells more than a month.
SMOOTHING_FEW = 0.08
#: Demands a month from which on a part is asked for often.
OFTEN = 2
#: What was missed without stock is guessed up to this multiple of what was sold in a mean month.
MOST_CORRECTION = 3
#: No order for more than so many months: what is sold later than that is likely sold never.
MOST_MONTHS = 6

#: One month of a part: quantity served, single demands (hits), largest of them, lost sales,
#: days of the month, days without stock.
Month = namedtuple(
    "Month",
    "quantity hits largest lost days days_out",
    defaults=(0.0, 0, 0.0, 0.0, MONTH_DAYS, 0.0),
)

#: What to keep. ``method``: ``normal``, ``hits`` or ``none``.
Level = namedtuple("Level", "order_point maximum safety quantity daily method")

#: What the store decides once for a class of parts; ``service`` in percent.
Rule = namedtuple(
    "Rule",
    "lead_days lead_sigma review_days service order_cost holding_rate step",
    defaults=(0.0, 7, 95, 30.0, 0.2, 1.0),
)


# === ROUNDING ===
def round_up(quantity, step=1.0):
    """The least whole number of steps that covers a quantity.

    >>> round_up(7.425), round_up(8.0000000000001), round_up(0.3, 0.1)
    (8.0, 8.0, 0.3)
    """
    return _clean(float(ceil(quantity / step - NOISE) * step))


def round_to_package(quantity, minimum=0.0, package=0.0):
    """What can be ordered: at least the supplier's minimum, in whole packages.

    >>> round_to_package(3, minimum=10), round_to_package(11, minimum=10, package=4)
    (10, 12.0)
    """
    if quantity <= 0:
        return 0.0
    quantity = max(quantity, minimum)
    return round_up(quantity, package) if package > 0 else quantity


def _clean(quantity):
    return round(quantity, 6)


# === CLASSES ===
def abc_classes(values, limit_a=0.8, limit_b=0.95):
    """Classes by yearly issue value; the cumulative share *includes* the item (domain-cn §5).

    :param values: yearly issue values in any order
    :return: list of ``A``, ``B``, ``C`` in the same order

    >>> "".join(abc_classes([50000, 20000, 12000, 8000, 5000, 3000, 1500, 500]))
    'AABBBCCC'
    """
    values = [max(value, 0) for value in values]
    total = sum(values)
    classes = ["C"] * len(values)
    reached = 0
    for index in sorted(range(len(values)), key=lambda index: -values[index]):
        reached += values[index]
        if not values[index] or reached > total * limit_b * (1 + NOISE):
            break  # all that follow are worth less
        classes[index] = "A" if reached <= total * limit_a * (1 + NOISE) else "B"
    return classes


def variation(demands):
    """Coefficient of variation of the whole population; None where nothing was asked for.

    >>> round(variation([10, 12, 9, 11, 10, 8]), 3)
    0.129
    """
    demands = list(demands)
    mean = fmean(demands) if demands else 0
    return pstdev(demands) / mean if mean > 0 else None


def xyz_class(demands, limit_x=0.5, limit_y=1.0):
    """Class by steadiness of demand; a part without any demand is a Z.

    >>> xyz_class([2, 9, 1, 7, 8, 3]), xyz_class([0, 0, 6, 0, 0, 12]), xyz_class([])
    ('Y', 'Z', 'Z')
    """
    share = variation(demands)
    if share is None or share > limit_y:
        return "Z"
    return "X" if share <= limit_x else "Y"


# === PHASES ===
def next_phase(current, hits_short, hits_long, needed=3):
    """Whether to stock a part: three demands in six months in, none in twelve months out.

    :param current: ``none`` never stocked, ``stock`` stocked, ``out`` phased out
    :param hits_short: demands of the short window (6 months)
    :param hits_long: demands of the long window (12 months)

    >>> next_phase("none", 2, 5), next_phase("none", 3, 3), next_phase("stock", 0, 1)
    ('none', 'stock', 'stock')
    >>> next_phase("stock", 0, 0), next_phase("out", 1, 1)
    ('out', 'out')
    """
    if hits_short >= needed:
        return "stock"
    if current == "stock" and hits_long <= 0:
        return "out"
    return current


# === DEMAND ===
def demand_rate(quantity, days, days_out=0.0, lost=0.0):
    """Demand a day, where days without stock are no days without demand (idea 11).

    What was missed on the days without stock is as much as the other days sold, or the recorded
    lost sales where these are more: nobody records all of them.

    >>> demand_rate(20, 30, days_out=10)
    1.0
    >>> demand_rate(20, 30, days_out=10, lost=25)
    1.5
    >>> demand_rate(0, 30, days_out=30, lost=6)
    0.2
    """
    if days <= 0:
        return 0.0
    open_days = max(days - days_out, 0)
    missed = quantity / open_days * (days - open_days) if open_days else 0.0
    return (max(quantity, 0) + max(missed, lost, 0)) / days


def uncensored(months):
    """Demand of each month as it would have been with stock on each day.

    The rate of the days with stock is taken over all months together: one open day in a month
    would tell little.
    """
    days = sum(month.days for month in months)
    open_days = sum(max(month.days - month.days_out, 0) for month in months)
    sold = sum(max(month.quantity, 0) for month in months)
    # few open days tell little, as of a part that is ordered for each customer anew
    rate = min(sold / open_days, MOST_CORRECTION * sold / days) if open_days else 0.0
    return [
        max(month.quantity, 0) + max(rate * min(month.days_out, month.days), month.lost, 0)
        for month in months
    ]


def smoothed(demands, weight=SMOOTHING):
    """Forecast of the next period; older periods weigh less and less, and the sum of weights is 1.

    >>> smoothed([4, 4, 4])
    4.0
    """
    total = weights = 0.0
    power = 1.0
    for demand in reversed(list(demands)):
        total += power * demand
        weights += power
        power *= 1 - weight
    return total / weights if weights else 0.0


def croston(demands, weight=0.1):
    """Demand a period when most periods have none, with the correction of Syntetos and Boylan.

    Size of a demand and distance between two are smoothed apart (Croston 1972); their quotient is
    too high by the factor 1 ÷ (1 − weight/2).

    >>> round(croston([0, 0, 6, 0, 0, 6, 0, 0, 6]), 6)
    1.9
    """
    size = distance = None
    gap = 1
    for demand in demands:
        if demand <= 0:
            gap += 1
            continue
        size = demand if size is None else size + weight * (demand - size)
        distance = gap if distance is None else distance + weight * (gap - distance)
        gap = 1
    return (1 - weight / 2) * size / distance if size else 0.0


# === LEVELS ===
def z_value(service):
    """z of a service level in percent: the nearest published level that is not lower.

    >>> z_value(95), z_value(96), z_value(99.9)
    (1.65, 2.05, 2.33)
    """
    return next((z for level, z in sorted(Z_VALUES.items()) if level >= service), Z_VALUES[99])


def safety_stock(daily, sigma, lead_days, sigma_lead=0.0, z=1.65):
    """``z × √(L·σd² + d²·σL²)``, not rounded.

    >>> round(safety_stock(4, 1.5, 9), 3), round(safety_stock(4, 1.5, 9, 2), 2)
    (7.425, 15.14)
    """
    return z * sqrt(max(lead_days, 0) * sigma**2 + daily**2 * sigma_lead**2)


def order_point(daily, lead_days, safety, step=1.0):
    """``d × L + SS`` in whole steps; the safety stock is rounded up before.

    >>> order_point(4, 9, 7.425), order_point(4, 9, 15.145)
    (44.0, 52.0)
    """
    return round_up(daily * lead_days + round_up(safety, step), step)


def economic_quantity(yearly, order_cost, unit_cost, holding_rate):
    """``√(2·D·S ÷ (c·h))``; infinite where keeping costs nothing.

    >>> round(economic_quantity(1440, 30, 25, 0.2), 2)
    131.45
    """
    keeping = unit_cost * holding_rate
    if yearly <= 0 or order_cost <= 0:
        return 0.0
    return sqrt(2 * yearly * order_cost / keeping) if keeping > 0 else inf


def best_stocking_level(daily, days_supply, step=1.0):
    """The trade's rule of thumb: stock for so many days, one at least where there is demand.

    >>> best_stocking_level(0.4, 45), best_stocking_level(0.01, 45), best_stocking_level(0, 45)
    (18.0, 1.0, 0.0)
    """
    return round_up(daily * days_supply, step)


def hit_sizes(months):
    """Sizes of the single demands, as far as the months tell: the largest, and the mean rest."""
    sizes = []
    for month in months:
        hits = int(month.hits)
        if hits < 1 or month.quantity <= 0:
            continue
        largest = min(max(month.largest, month.quantity / hits), month.quantity)
        sizes.append(largest)
        if hits > 1:
            sizes += [(month.quantity - largest) / (hits - 1)] * (hits - 1)
    return [size for size in sizes if size > 0]


def level_for_hits(hits, sizes, service, spread=0.0):
    """Least stock that serves all hits of the lead time with a probability, for few hits.

    Hits come at random (Poisson), each is as large as one of the past (Panjer's recursion gives
    the exact distribution, so the same history always gives the same level).

    :param hits: hits to expect in the lead time
    :param sizes: sizes of past hits, in steps
    :param service: percent
    :param spread: share by which the lead time is at times shorter, at times longer
    :return: steps

    >>> level_for_hits(0.5, [1], 90), level_for_hits(0.5, [1], 99), level_for_hits(0.5, [4], 90)
    (1, 3, 4)
    """
    target = min(service, 99.9) / 100 - NOISE
    reached = 0.0
    for level, chance in enumerate(_hit_chances(hits, sizes, spread)):
        reached += chance
        if reached >= target:
            return level
    return 0


def level_for_fill(hits, sizes, service, quantity, spread=0.0):
    """Least stock with which no more than a share of an order is missed in its lead time.

    An order that lasts long is at risk seldom: what counts is the share of all pieces that is
    served at once (fill rate), not the share of lead times without a shortage.

    :param quantity: what is ordered at a time, in steps
    :param service: percent of pieces

    >>> [level_for_fill(1, [1], 95, quantity) for quantity in (1, 4, 12)]
    [3, 2, 1]
    """
    allowed = (1 - min(service, 99.9) / 100) * quantity
    mean = _mean_size(sizes) * hits
    missed, above = mean, 1.0
    for level, chance in enumerate(_hit_chances(hits, sizes, spread)):
        # one more piece is missed less often by the chance that more than that is asked for
        if missed <= allowed + NOISE:
            return level
        above -= chance
        missed -= above
    return 0


def _hit_chances(hits, sizes, spread):
    """Chances of 0, 1, 2 … steps, until next to nothing is left."""
    sizes = _whole(sizes)
    if hits <= 0 or not sizes:
        return
    shares = {size: sizes.count(size) / len(sizes) for size in set(sizes)}
    means = [hits * (1 - spread), hits * (1 + spread)] if spread else [hits]
    rows = [[exp(-mean)] for mean in means]
    level, left = 0, 1.0
    while True:
        chance = fmean(row[level] for row in rows)
        left -= chance
        yield chance
        if left < 1e-7 and level >= hits:
            return
        level += 1
        for mean, row in zip(means, rows, strict=True):
            row.append(
                mean
                / level
                * sum(
                    size * share * row[level - size]
                    for size, share in shares.items()
                    if size <= level
                )
            )


def _whole(sizes):
    return [max(ceil(size - NOISE), 1) for size in sizes]


def _mean_size(sizes):
    return fmean(_whole(sizes)) if sizes else 0.0


def stocking_level(months, rule, unit_cost):
    """Order point and maximum of a part that is stocked.

    Parts with few hits in the lead time get the least level that serves the wanted share of pieces;
    others safety stock and order point of the bell curve. An order is of economic size, but for one
    review at least and half a year at most.

    :param months: months of the past, oldest first, the running one left out
    :param rule: ``Rule``
    """
    step = rule.step
    demands = uncensored(months)
    hits = sum(month.hits for month in months)
    if hits <= 0 or not any(demands):
        return Level(0.0, 0.0, 0.0, 0.0, 0.0, "none")
    days = sum(month.days for month in months)
    exposure = rule.lead_days + rule.review_days
    daily = _daily_forecast(months, demands, days, hits)
    expected = daily * exposure
    sizes = hit_sizes(months) or [1.0]
    quantity = _order_quantity(daily, rule, unit_cost)
    expected_hits = expected / fmean(sizes)
    if expected_hits <= MANY_HITS:
        spread = min(rule.lead_sigma / exposure, 0.9) if exposure else 0.0
        level = step * level_for_fill(
            expected_hits,
            [size / step for size in sizes],
            rule.service,
            quantity / step,
            spread,
        )
        # the level is what must be there after the order is placed: order at one step less
        point, method = max(level - step, 0.0), "hits"
        safety = max(level - expected, 0.0)
    else:
        sigma = pstdev(demands) / sqrt(MONTH_DAYS)
        safety = safety_stock(daily, sigma, exposure, rule.lead_sigma, z_value(rule.service))
        point, method = order_point(daily, exposure, safety, step), "normal"
    return Level(
        _clean(point), _clean(point + quantity), round_up(safety, step), quantity, daily, method
    )


def _daily_forecast(months, demands, days, hits):
    """The trend shows in a few months where demands are many, and only in a year where few."""
    weight = SMOOTHING if hits >= OFTEN * len(months) else SMOOTHING_FEW
    return smoothed(demands, weight) * len(months) / days


def _order_quantity(daily, rule, unit_cost):
    economic = economic_quantity(daily * 365, rule.order_cost, unit_cost, rule.holding_rate)
    quantity = min(economic, daily * MONTH_DAYS * MOST_MONTHS)
    quantity = max(quantity, daily * rule.review_days)
    if not isfinite(quantity):
        quantity = daily * MONTH_DAYS
    return _clean(max(floor(quantity / rule.step + 0.5), 1) * rule.step)
