"""How a campaign stands: green, yellow or red. Pure functions."""

#: Shares of what should have been reached by now below which a campaign is yellow or red.
YELLOW_SHARE, RED_SHARE = 0.8, 0.5
#: Share of the budget above which the spending is yellow before the end.
BUDGET_WARNING = 0.9


def elapsed_share(first, last, today):
    """Part of the days that are over, from 0 to 1, both days included.

    >>> from datetime import date
    >>> elapsed_share(date(2026, 6, 1), date(2026, 6, 10), date(2026, 6, 5))
    0.5
    """
    days = (last - first).days + 1
    return min(1.0, max(0.0, ((today - first).days + 1) / days))


def traffic_light(elapsed, budget, cost, target, leads):
    """``green``, ``yellow`` or ``red``, from dates, spending and leads.

    Red: over budget, or less than half of the leads that should be there by now. Yellow: more than
    nine tenths of the budget before the end, or less than eight tenths of the leads.

    >>> traffic_light(0.5, 1000, 1000.01, 100, 50), traffic_light(0.5, 1000, 0, 100, 24)
    ('red', 'red')
    >>> traffic_light(0.5, 1000, 901, 100, 50), traffic_light(0.5, 1000, 0, 100, 39)
    ('yellow', 'yellow')
    >>> traffic_light(0.5, 1000, 900, 100, 40), traffic_light(1, 1000, 1000, 100, 80)
    ('green', 'green')
    """
    expected = target * elapsed
    if (budget and cost > budget) or leads < expected * RED_SHARE:
        return "red"
    if (budget and elapsed < 1 and cost > budget * BUDGET_WARNING) or (
        leads < expected * YELLOW_SHARE
    ):
        return "yellow"
    return "green"
