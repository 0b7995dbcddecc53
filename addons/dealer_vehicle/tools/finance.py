"""Instalments and prices, as pure functions: Decimal in, Decimal out, cents rounded half-up.

Annual rates are factors (4.75 % is ``Decimal("0.0475")``), a month is a twelfth of a year, and
instalments are paid at the end of each month (等额本息).
"""

from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
ZERO = Decimal("0.00")


def to_decimal(amount):
    """A money amount of the ORM, which is a ``float``, as whole cents.

    >>> to_decimal(13079.65)
    Decimal('13079.65')
    """
    return Decimal(repr(amount)).quantize(CENT, ROUND_HALF_UP)


def instalment(principal, annual_rate, months):
    """What a loan costs every month.

    >>> instalment(Decimal(103460), Decimal("0.0475"), 36)
    Decimal('3089.19')
    >>> instalment(Decimal(100000), Decimal("0.06"), 24)
    Decimal('4432.06')
    >>> instalment(Decimal(120000), Decimal(0), 24)
    Decimal('5000.00')
    """
    if months < 1:
        raise ValueError(f"a loan runs for a month at least, not {months}")
    rate = annual_rate / 12
    if not rate:
        return (principal / months).quantize(CENT, ROUND_HALF_UP)
    growth = (1 + rate) ** months
    return (principal * rate * growth / (growth - 1)).quantize(CENT, ROUND_HALF_UP)


def largest_amount(fits, high):
    """The largest amount from zero to ``high``, in whole cents, that ``fits``.

    :param fits: tells whether an amount is not too much; when one fits, so do all smaller ones
    :return: ``None`` when not even zero fits

    >>> largest_amount(lambda amount: amount * 3 <= 100, Decimal(1000))
    Decimal('33.33')
    """
    low, top = -1, int(high / CENT)
    while low < top:
        middle = (low + top + 1) // 2
        if fits(middle * CENT):
            low = middle
        else:
            top = middle - 1
    return None if low < 0 else low * CENT


def largest_loan(payment, annual_rate, months):
    """The largest loan that this instalment pays off.

    >>> largest_loan(Decimal("3089.19"), Decimal("0.0475"), 36)
    Decimal('103460.18')
    """
    # without interest the loan is months × payment, and rounding gives half a cent more a month
    return largest_amount(
        lambda loan: instalment(loan, annual_rate, months) <= payment, (payment + CENT) * months
    )


def shortest_term(principal, annual_rate, payment, longest):
    """The fewest months in which this instalment pays off a loan, ``None`` when too many.

    >>> shortest_term(Decimal(103460), Decimal("0.0475"), Decimal(3100), 60)
    36
    >>> shortest_term(Decimal(103460), Decimal("0.0475"), Decimal(400), 60) is None
    True
    """
    low, top = 1, longest + 1
    while low < top:
        middle = (low + top) // 2
        if instalment(principal, annual_rate, middle) <= payment:
            top = middle
        else:
            low = middle + 1
    return low if low <= longest else None


def highest_rate(principal, months, payment, step=Decimal("0.0001"), highest=Decimal(1)):
    """The highest annual rate, in whole steps, at which the instalment is not more than this.

    :return: ``None`` when the instalment does not even pay back the loan without interest

    >>> highest_rate(Decimal(103460), 36, Decimal("3089.19"))
    Decimal('0.0475')
    """
    low, top = -1, int(highest / step)
    while low < top:
        middle = (low + top + 1) // 2
        if instalment(principal, middle * step, months) <= payment:
            low = middle
        else:
            top = middle - 1
    return None if low < 0 else low * step


def down_payment(price, share):
    """The part of a price that is paid at once, ``share`` as a factor.

    >>> down_payment(Decimal(147800), Decimal("0.3"))
    Decimal('44340.00')
    """
    return (price * share).quantize(CENT, ROUND_HALF_UP)


def price_for_instalment(payment, annual_rate, months, share):
    """The highest price whose loan, after a down payment by share, costs this much a month.

    :return: ``None`` when everything is paid down: then no instalment tells the price

    >>> price_for_instalment(Decimal("3089.19"), Decimal("0.0475"), 36, Decimal("0.3"))
    Decimal('147800.26')
    """
    if share >= 1:
        return None

    def fits(price):
        loan = price - down_payment(price, share)
        return instalment(loan, annual_rate, months) <= payment

    # the loan itself is never more than all instalments, and the price follows from its share
    return largest_amount(fits, (payment + CENT) * months / (1 - share) + 1)
