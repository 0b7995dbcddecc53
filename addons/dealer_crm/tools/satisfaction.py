"""Indexes of satisfaction (SSI, CSI) and of recommendation (NPS)."""

from decimal import ROUND_HALF_UP, Decimal

#: A score of this or less opens a complaint by itself.
COMPLAINT_SCORE = 6
PROMOTER, DETRACTOR = 9, 6
TENTH = Decimal("0.1")


def to_ten(score, scale_max):
    """A score on the scale to 10: of 1-5 the double.

    >>> to_ten(4, 5), to_ten(9, 10)
    (Decimal('8'), Decimal('9'))
    """
    return Decimal(score) * 10 / Decimal(scale_max)


def satisfaction_index(factors):
    """Σ weight × mean score × 10, with the weights brought to 1; None without a factor.

    :param factors: list of ``(weight, mean score from 1 to 10)``

    >>> satisfaction_index([(".20", 9), (".25", 8), (".15", "9.5"), (".15", 7), (".25", "8.5")])
    Decimal('84.0')
    """
    pairs = [(Decimal(str(weight)), Decimal(str(score))) for weight, score in factors]
    total = sum(weight for weight, _score in pairs)
    if not total:
        return None
    index = sum(weight * score for weight, score in pairs) / total * 10
    return index.quantize(TENTH, ROUND_HALF_UP)


def net_promoter_score(scores):
    """Share of promoters (9-10) less share of detractors (0-6) in per cent; None without scores.

    >>> net_promoter_score([9] * 31 + [8] * 12 + [3] * 7)
    Decimal('48.0')
    """
    scores = list(scores)
    if not scores:
        return None
    promoters = sum(score >= PROMOTER for score in scores)
    detractors = sum(score <= DETRACTOR for score in scores)
    share = Decimal(100 * (promoters - detractors)) / len(scores)
    return share.quantize(TENTH, ROUND_HALF_UP)
