"""The three fill rates of a month of requests (domain-cn §4.10); they differ, so say which one."""

from collections import namedtuple

#: In percent, None where nothing was requested. The one that is shown unless told is ``lines``.
FillRates = namedtuple("FillRates", "lines quantity orders")


def fill_rates(lines):
    """Fill rates at first request, by lines, by quantity and by orders.

    :param lines: tuples (order, quantity requested, quantity filled at the first request)

    >>> fill_rates([("A", 2, 2), ("A", 2, 1), ("B", 4, 4)])
    FillRates(lines=66.66666666666667, quantity=87.5, orders=50.0)
    """
    lines = list(lines)
    whole = sum(filled >= asked for _order, asked, filled in lines)
    asked_total = sum(asked for _order, asked, _filled in lines)
    filled_total = sum(min(asked, filled) for _order, asked, filled in lines)
    short = {order for order, asked, filled in lines if filled < asked}
    orders = {order for order, _asked, _filled in lines}
    return FillRates(
        _percent(whole, len(lines)),
        _percent(filled_total, asked_total),
        _percent(len(orders - short), len(orders)),
    )


def _percent(part, whole):
    return 100 * part / whole if whole else None
