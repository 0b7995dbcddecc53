"""Who may give which price away, as pure functions: Decimal in, an approval level out.

Level 0 is within the authority of the consultant, 1 needs the sales manager, 2 the general
manager (approval matrix of the house, ``docs/howto/sales.md``). Shares are factors: 2 % is
``Decimal("0.02")``. A limit itself is still allowed.
"""

from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
CONSULTANT, MANAGER, GENERAL_MANAGER = 0, 1, 2


def to_decimal(amount):
    """A stored amount (a float) as the number that people read on the screen.

    >>> to_decimal(144843.99)
    Decimal('144843.99')
    """
    return Decimal(repr(amount)).quantize(CENT, ROUND_HALF_UP)


def car_level(price, floor, manager_share):
    """Level that a new car's price needs, tax included on both sides.

    :param floor: what the consultant may sell for, None when nothing limits him
    :param manager_share: how far below the floor the sales manager may go

    >>> floor, share = Decimal(147800), Decimal("0.02")
    >>> car_level(Decimal("147800"), floor, share)
    0
    >>> car_level(Decimal("144844.00"), floor, share)
    1
    >>> car_level(Decimal("144843.99"), floor, share)
    2
    """
    if floor is None or price >= floor:
        return CONSULTANT
    limit = (floor * (1 - manager_share)).quantize(CENT, ROUND_HALF_UP)
    return MANAGER if price >= limit else GENERAL_MANAGER


def used_car_level(price, floor):
    """Level of a used car: the manager may go down to cost, which ``is_below_cost`` guards.

    >>> used_car_level(Decimal(50000), Decimal(50000)), used_car_level(Decimal(1), Decimal(2))
    (0, 1)
    """
    return CONSULTANT if floor is None or price >= floor else MANAGER


def is_below_cost(net_price, cost):
    """Whether a price without tax is lower than a known cost.

    >>> is_below_cost(Decimal(99), Decimal(100)), is_below_cost(Decimal(99), Decimal(0))
    (True, False)
    """
    return bool(cost) and net_price < cost


def share_level(price, list_price, consultant_share, manager_share):
    """Level of an accessory or service by the share of its list price that is asked.

    >>> shares = Decimal("0.90"), Decimal("0.85")
    >>> [share_level(Decimal(p), Decimal(1000), *shares) for p in ("900", "899.99", "850", "849")]
    [0, 1, 1, 2]
    """
    if price >= list_price * consultant_share:
        return CONSULTANT
    return MANAGER if price >= list_price * manager_share else GENERAL_MANAGER


def quota_level(value, consultant_quota, manager_quota):
    """Level of all the gifts of a deal together.

    >>> quotas = Decimal(500), Decimal(3000)
    >>> [quota_level(Decimal(v), *quotas) for v in ("500", "500.01", "3000", "3000.01")]
    [0, 1, 1, 2]
    """
    if value <= consultant_quota:
        return CONSULTANT
    return MANAGER if value <= manager_quota else GENERAL_MANAGER
