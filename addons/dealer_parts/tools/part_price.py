"""Arithmetic of the price matrix: Decimal in, Decimal out."""

from decimal import ROUND_HALF_UP, ROUND_UP, Decimal


def get_matrix_price(method, percent, retail, cost, vat=0, rounding="0.01", floor=None):
    """Price with VAT by one line of a matrix (features P-18).

    :param method: ``discount`` off the retail price, or ``markup`` on the cost without VAT
    :param percent: discount or markup in percent
    :param retail: retail price with VAT
    :param cost: cost without VAT
    :param vat: VAT rate in percent
    :param rounding: step to which the price is rounded
    :param floor: lowest markup on cost in percent that a price may leave; None: no floor

    >>> get_matrix_price("markup", 40, 0, Decimal("54"), vat=13)
    Decimal('85.43')
    """
    percent, retail, cost, vat = (Decimal(str(value)) for value in (percent, retail, cost, vat))
    step = Decimal(str(rounding))
    with_vat = 1 + vat / 100
    if method == "discount":
        price = retail * (1 - percent / 100)
    else:
        price = cost * (1 + percent / 100) * with_vat
    price = _round(max(price, Decimal(0)), step, ROUND_HALF_UP)
    if floor is None:
        return price
    lowest = _round(cost * (1 + Decimal(str(floor)) / 100) * with_vat, step, ROUND_UP)
    return max(price, lowest)


def _round(value, step, mode):
    return (value / step).quantize(Decimal(1), rounding=mode) * step
