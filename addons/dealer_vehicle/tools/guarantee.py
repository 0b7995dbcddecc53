"""Taking a car back by the regulation on the three guarantees (三包), as pure functions."""

from datetime import timedelta
from decimal import Decimal

from odoo.addons.dealer_base.tools.taxes import ZERO, to_cents


def usage_fee(price, kilometres, percent):
    """What the buyer pays for having used a car that he returns (Art. 27).

    :param price: price of the car, tax included
    :param percent: coefficient n of the warranty booklet, at most 0.5

    >>> usage_fee(Decimal(150000), 12000, Decimal("0.5"))
    Decimal('9000.00')
    >>> usage_fee(Decimal(239800), 7654, Decimal("0.5"))
    Decimal('9177.15')
    >>> usage_fee(Decimal(180000), 4321, Decimal("0.5"))
    Decimal('3888.90')
    """
    return to_cents(price * Decimal(kilometres) / 1000 * percent / 100)


def fraud_damages(price):
    """What a seller who has deceived pays on top of the price (Consumer Law Art. 55).

    >>> fraud_damages(Decimal(147800)), fraud_damages(Decimal(100))
    (Decimal('443400.00'), Decimal('500.00'))
    """
    return to_cents(max(price * 3, Decimal(500))) if price else ZERO


def add_working_days(date, days):
    """The day that many working days later, Monday to Friday; public holidays are not known.

    >>> from datetime import date as day
    >>> add_working_days(day(2026, 11, 20), 10)
    datetime.date(2026, 12, 4)
    """
    while days:
        date += timedelta(days=1)
        days -= date.weekday() < 5
    return date
