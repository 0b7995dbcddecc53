"""Value of customers: RFM scores, life value, churn stages. Pure functions.

Recency, frequency and money are scored from 1 to 5, by thresholds or by quintiles of all
customers; a score of 4 or more is high. The eight groups are read R, F, M.
"""

from decimal import ROUND_HALF_UP, Decimal

from dateutil.relativedelta import relativedelta

#: Days since the last visit (at most), visits and money of twelve months (at least), for 5 to 2.
RECENCY_DAYS = (90, 180, 270, 365)
FREQUENCY = (5, 4, 3, 2)
MONEY = (10000, 6000, 3000, 1000)
HIGH = 4
#: High or low R, F, M by group.
GROUPS = {
    "HHH": "important_value",
    "LHH": "important_keep",
    "HLH": "important_develop",
    "LLH": "important_retain",
    "HHL": "general_value",
    "LHL": "general_keep",
    "HLL": "general_develop",
    "LLL": "general_retain",
}
#: Churn stages, the latest first.
STAGES = ("dormant", "lost", "pre_lost", "at_risk")
CENT = Decimal("0.01")


def score_at_most(value, limits):
    """5 for at most the first limit, 4 for at most the second …, else 1.

    >>> [score_at_most(days, RECENCY_DAYS) for days in (45, 90, 91, 365, 366)]
    [5, 5, 4, 2, 1]
    """
    return next((5 - i for i, limit in enumerate(limits) if value <= limit), 1)


def score_at_least(value, limits):
    """5 for at least the first limit, 4 for at least the second …, else 1.

    >>> [score_at_least(visits, FREQUENCY) for visits in (7, 5, 4, 2, 1, 0)]
    [5, 5, 4, 2, 1, 1]
    """
    return next((5 - i for i, limit in enumerate(limits) if value >= limit), 1)


def rfm_by_thresholds(
    days, visits, money, recency=RECENCY_DAYS, frequency=FREQUENCY, amounts=MONEY
):
    """Scores of one customer.

    :param days: since the last visit; :param visits: and :param money: of twelve months

    >>> rfm_by_thresholds(45, 4, 7200), rfm_by_thresholds(400, 1, 300)
    ((5, 4, 4), (1, 1, 1))
    """
    return (
        score_at_most(days, recency),
        score_at_least(visits, frequency),
        score_at_least(money, amounts),
    )


def quintile_scores(values, highest_is_best=True):
    """Scores from 1 to 5 of many customers by their place among all.

    Equal values get the same score, that of their middle place: half of the equal ones counted as
    below. So the result does not hang on the order of the rows.

    :param values: dict of customer to value

    >>> quintile_scores({name: number for number, name in enumerate("abcdefghij")})["a"]
    1
    >>> sorted(quintile_scores({"a": 1, "b": 1, "c": 1}).values())
    [3, 3, 3]
    """
    counts = {}
    for value in values.values():
        counts[value] = counts.get(value, 0) + 1
    scores, below, total = {}, 0, len(values)
    for value in sorted(counts, reverse=not highest_is_best):
        # in halves, so that no float decides at the border of two fifths
        middle = 2 * below + counts[value]
        scores[value] = min(5, 1 + 5 * middle // (2 * total))
        below += counts[value]
    return {customer: scores[value] for customer, value in values.items()}


def rfm_by_quintiles(customers):
    """Scores of all customers.

    :param customers: dict of customer to ``(days, visits, money)``
    :return: dict of customer to ``(r, f, m)``
    """
    recency = quintile_scores({key: row[0] for key, row in customers.items()}, False)
    frequency = quintile_scores({key: row[1] for key, row in customers.items()})
    money = quintile_scores({key: row[2] for key, row in customers.items()})
    return {key: (recency[key], frequency[key], money[key]) for key in customers}


def rfm_group(scores, high=HIGH):
    """Group of scores.

    >>> rfm_group((3, 4, 4)), rfm_group((5, 1, 5)), rfm_group((1, 1, 1))
    ('important_keep', 'important_develop', 'general_retain')
    """
    return GROUPS["".join("H" if score >= high else "L" for score in scores)]


def life_value(yearly_spend, margin, years):
    """Simple life value: yearly spend × margin × years expected.

    >>> life_value(2400, Decimal("0.35"), 5)
    Decimal('4200.00')
    """
    value = Decimal(str(yearly_spend)) * Decimal(str(margin)) * Decimal(str(years))
    return value.quantize(CENT, ROUND_HALF_UP)


def life_value_retained(yearly_margin, retention, discount):
    """Life value with retention: margin × r / (1 + d − r).

    >>> life_value_retained(840, "0.8", "0.1")
    Decimal('2240.00')
    """
    rate = Decimal(str(retention))
    value = Decimal(str(yearly_margin)) * rate / (1 + Decimal(str(discount)) - rate)
    return value.quantize(CENT, ROUND_HALF_UP)


def visit_class(visits):
    """Class by visits in twelve months: A from 4, B 2 to 3, C 1, D none.

    >>> [visit_class(number) for number in (6, 4, 3, 1, 0)]
    ['A', 'A', 'B', 'C', 'D']
    """
    return "A" if visits >= 4 else "B" if visits >= 2 else "C" if visits else "D"


def churn_stage(last_visit, today, own_interval, limits, factor):
    """Stage of a customer who has not been here for a while, or None.

    :param last_visit: day of the last visit
    :param own_interval: own average days between visits; None with fewer than two visits
    :param limits: months more than which a customer is at risk, nearly lost, lost, dormant
    :param factor: times the own interval more than which a customer is at risk already

    >>> from datetime import date
    >>> months, day = (6, 9, 12, 24), date(2026, 1, 31)
    >>> [churn_stage(day, date(2026, *end), None, months, 1.2) for end in ((7, 31), (8, 1))]
    [None, 'at_risk']
    >>> churn_stage(day, date(2026, 6, 1), 100, months, 1.2)
    'at_risk'
    >>> churn_stage(day, date(2028, 2, 1), 100, months, 1.2)
    'dormant'
    """
    for stage, limit in zip(STAGES, reversed(limits), strict=True):
        if today > last_visit + relativedelta(months=limit):
            return stage
    days = (today - last_visit).days
    if own_interval and Decimal(days) > Decimal(str(factor)) * Decimal(str(own_interval)):
        return "at_risk"
    return None
