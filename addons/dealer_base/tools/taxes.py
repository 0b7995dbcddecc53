"""Taxes a car buyer pays, as pure functions: Decimal in, Decimal out, cents rounded half-up.

Rates and caps are arguments, as factors (10 % is ``Decimal("0.1")``); callers look them up for
the date of the invoice in ``dealer.parameter``.
"""

from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

CENT = Decimal("0.01")
ZERO = Decimal("0.00")


class PurchaseTax(NamedTuple):
    """The vehicle purchase tax of one car and how it comes about."""

    base: Decimal
    full: Decimal
    relief: Decimal
    payable: Decimal


def to_cents(amount):
    """The amount in whole cents.

    >>> to_cents(Decimal("0.125"))
    Decimal('0.13')
    """
    return amount.quantize(CENT, ROUND_HALF_UP)


def purchase_tax(price, vat_rate, tax_rate, relief_share=ZERO, relief_cap=ZERO):
    """Vehicle purchase tax (车辆购置税) on an invoice total with VAT.

    :param relief_share: part of the tax that is let off, 0 when the car has no relief
    :param relief_cap: the relief is never more than this

    >>> rates = Decimal("0.13"), Decimal("0.1")
    >>> purchase_tax(Decimal(147800), *rates).payable
    Decimal('13079.65')
    >>> purchase_tax(Decimal(400000), *rates, Decimal("0.5"), Decimal(15000)).payable
    Decimal('20398.23')
    """
    base = to_cents(price / (1 + vat_rate))
    full = to_cents(base * tax_rate)
    relief = to_cents(min(full * relief_share, relief_cap))
    return PurchaseTax(base, full, relief, full - relief)


def purchase_tax_refund(paid, full_years, yearly_reduction):
    """What comes back of a paid purchase tax when the car is returned, never less than nothing.

    >>> purchase_tax_refund(Decimal(12000), 3, Decimal("0.1"))
    Decimal('8400.00')
    """
    return to_cents(paid * max(ZERO, 1 - yearly_reduction * full_years))


def full_years(date_from, date_to):
    """Years completed between two dates; the anniversary completes one.

    >>> from datetime import date
    >>> full_years(date(2024, 2, 29), date(2025, 2, 28))
    0
    >>> full_years(date(2024, 5, 3), date(2027, 5, 3))
    3
    """
    before_anniversary = (date_to.month, date_to.day) < (date_from.month, date_from.day)
    return max(0, date_to.year - date_from.year - before_anniversary)


def vessel_tax_first_year(annual, month):
    """Vehicle and vessel tax (车船税) of the year of purchase: the month of purchase counts.

    >>> vessel_tax_first_year(Decimal(420), 11)
    Decimal('70.00')
    """
    if not 1 <= month <= 12:
        raise ValueError(f"not a month: {month}")
    return to_cents(annual * (13 - month) / 12)
