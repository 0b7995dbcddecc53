"""When a car is due: inspection, maintenance, anniversaries. Pure functions on dates."""

from datetime import timedelta

from dateutil.relativedelta import relativedelta

from .lunar import solar_to_lunar

#: Schemes of the yearly inspection, as the parameter ``inspection_scheme`` counts them.
REGULATION, PRACTICE = 1, 2
#: Years after registration in which a car is tested or only gets its mark, until yearly begins.
_SCHEDULES = {
    # Regulation on the Implementation of the Road Traffic Safety Law Art. 16: every 2 years up to
    # 6, yearly to 15, then every half-year
    REGULATION: {2: "test", 4: "test", 6: "test", 7: "test", 8: "test", 9: "test", 10: "test"},
    # Ministry practice since 2022-10-01: tests in years 6 and 10 only, marks between
    PRACTICE: {2: "mark", 4: "mark", 6: "test", 8: "mark", 10: "test"},
}
_LAST_LISTED_YEAR = 10
_HALF_YEARLY_AFTER = 15


def month_end(day):
    """Last day of the month: an inspection mark is good until then."""
    return day + relativedelta(day=31)


def inspections_between(registered, first, last, scheme=PRACTICE):
    """Inspections of a small non-commercial passenger car that fall due in a period.

    :param registered: day of first registration
    :param scheme: ``REGULATION`` or ``PRACTICE``; a car that lost its exemption (injury accident,
        illegal change) follows the regulation
    :return: list of ``(last day, "mark" or "test")`` in the order of time

    >>> from datetime import date
    >>> inspections_between(date(2020, 3, 18), date(2022, 1, 1), date(2024, 12, 31))
    [(datetime.date(2022, 3, 31), 'mark'), (datetime.date(2024, 3, 31), 'mark')]
    """
    found = []
    for half_year in range(2, 2 * (last.year - registered.year) + 3):
        kind = _get_inspection_kind(half_year, scheme)
        if not kind:
            continue
        due = month_end(registered + relativedelta(months=6 * half_year))
        if first <= due <= last:
            found.append((due, kind))
    return found


def next_inspection(registered, after, scheme=PRACTICE):
    """The first inspection due on or after a day: ``(last day, kind)``."""
    return inspections_between(registered, after, after + relativedelta(years=3), scheme)[0]


def _get_inspection_kind(half_year, scheme):
    year, is_half = divmod(half_year, 2)
    if is_half:
        return "test" if scheme == REGULATION and year >= _HALF_YEARLY_AFTER else None
    if year <= _LAST_LISTED_YEAR:
        return _SCHEDULES[scheme].get(year)
    return "test"


def daily_distance(readings, default):
    """Kilometres a day between the first and the last of the readings.

    :param readings: list of ``(date, km)``; fewer than two days give the default
    """
    if readings:
        (first_day, first_km), (last_day, last_km) = min(readings), max(readings)
        days = (last_day - first_day).days
        if days > 0 and last_km > first_km:
            return (last_km - first_km) / days
    return default


def maintenance_due(last_date, last_km, readings, interval_km, interval_months, default_rate=40.0):
    """Day on which a car needs maintenance: by time or by distance, whichever comes first.

    The day by distance is rounded down to whole days after the last service.

    >>> from datetime import date
    >>> maintenance_due(date(2026, 5, 10), 30000,
    ...     [(date(2025, 11, 10), 21850), (date(2026, 5, 10), 30000)], 10000, 6)
    datetime.date(2026, 11, 10)
    >>> maintenance_due(date(2026, 5, 10), 30000,
    ...     [(date(2025, 11, 10), 21850), (date(2026, 5, 10), 30000)], 10000, 12)
    datetime.date(2026, 12, 18)
    """
    days = []
    if interval_months:
        days.append(last_date + relativedelta(months=interval_months))
    rate = daily_distance(readings, default_rate)
    if interval_km and rate:
        days.append(last_date + timedelta(days=int(interval_km / rate)))
    return min(days, default=None)


def anniversaries(first, last):
    """Day of each month and day of the period, as ``{"0229": date}``.

    Who was born on 29 February has the birthday on the 28th in other years.

    >>> from datetime import date
    >>> anniversaries(date(2027, 2, 27), date(2027, 2, 28))["0229"]
    datetime.date(2027, 2, 28)
    """
    days = {}
    day = first
    while day <= last:
        days[day.strftime("%m%d")] = day
        if (day.month, day.day) == (2, 28) and (day + timedelta(days=1)).month == 3:
            days["0229"] = day
        day += timedelta(days=1)
    return days


def lunar_anniversaries(first, last):
    """The same for lunar months and days; the 30th of a short month is its 29th.

    >>> from datetime import date
    >>> lunar_anniversaries(date(2026, 9, 25), date(2026, 9, 25))
    {'0815': datetime.date(2026, 9, 25)}
    """
    days = {}
    day = first
    while day <= last:
        lunar = solar_to_lunar(day)
        following = solar_to_lunar(day + timedelta(days=1))
        if lunar:
            # of a month and its leap month the first counts
            days.setdefault(f"{lunar[0]:02d}{lunar[1]:02d}", day)
            if lunar[1] == 29 and following and following[1] == 1:
                days.setdefault(f"{lunar[0]:02d}30", day)
        day += timedelta(days=1)
    return days
