"""What becomes of deposits when a deal ends, as pure functions: Decimal in, Decimal out."""

from decimal import Decimal
from typing import NamedTuple

from odoo.addons.dealer_base.tools.taxes import ZERO, to_cents


class DepositOutcome(NamedTuple):
    """Where the money of a deposit goes when its deal ends.

    :param forfeited: stays with the dealership as income
    :param penalty: paid on top of what was received
    :param refund: paid out to the customer, the penalty included
    """

    forfeited: Decimal
    penalty: Decimal
    refund: Decimal


def split_earnest(contract_price, paid, cap_share, used=ZERO):
    """Split earnest money (定金) into the part with legal effect and the rest.

    Civil Code Art. 586: at most 20 % of the contract price has the effect of earnest money; the
    rest is a prepayment.

    :param used: earnest money of the same contract that counts before this payment
    :return: (effective part, prepayment)

    >>> share = Decimal("0.2")
    >>> split_earnest(Decimal(147800), Decimal(40000), share)
    (Decimal('29560.00'), Decimal('10440.00'))
    >>> split_earnest(Decimal(100000), Decimal(20000), share)
    (Decimal('20000.00'), Decimal('0.00'))
    >>> split_earnest(Decimal(100000), Decimal(5000), share, used=Decimal(18000))
    (Decimal('2000.00'), Decimal('3000.00'))
    """
    room = max(ZERO, to_cents(contract_price * cap_share) - used)
    effective = to_cents(min(paid, room))
    return effective, to_cents(paid - effective)


def end_deposit(paid, effective, breach, multiple=2):
    """Who gets what of a deposit (Civil Code Art. 587).

    :param effective: part of the deposit with the effect of earnest money
    :param breach: who broke the contract: ``buyer``, ``seller`` or ``none`` (agreement, force
        majeure: everything goes back, Judicial Interpretation on Contracts Art. 68)
    :param multiple: how many times the seller returns the effective part

    >>> end_deposit(Decimal(40000), Decimal(29560), "buyer").refund
    Decimal('10440.00')
    >>> end_deposit(Decimal(40000), Decimal(29560), "seller").refund
    Decimal('69560.00')
    >>> end_deposit(Decimal(40000), Decimal(29560), "none").refund
    Decimal('40000.00')
    """
    forfeited = effective if breach == "buyer" else ZERO
    penalty = to_cents(effective * (multiple - 1)) if breach == "seller" else ZERO
    return DepositOutcome(
        to_cents(forfeited), penalty, to_cents(Decimal(paid) - forfeited + penalty)
    )
