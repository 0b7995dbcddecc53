"""What a car costs while it stands here: pure functions, exact to the cent."""

from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
#: banks count a year as 360 days
YEAR = 360


def stock_interest(principal, rate, days, free_days=0):
    """Interest on a car in stock: principal × annual rate × days / 360.

    :param rate: percent a year
    :param days: days in stock; the free days are taken off
    :return: amount, rounded to the cent

    >>> stock_interest(150000, Decimal("6.5"), 60)
    Decimal('1625.00')
    >>> stock_interest(150000, Decimal("6.5"), 60, free_days=30)
    Decimal('812.50')
    >>> stock_interest(Decimal("132743.36"), 5, 45)
    Decimal('829.65')
    >>> stock_interest(150000, 5, 20, free_days=30)
    Decimal('0.00')
    """
    charged = max(days - free_days, 0)
    amount = Decimal(str(principal)) * Decimal(str(rate)) / 100 * charged / YEAR
    return amount.quantize(CENT, ROUND_HALF_UP)
