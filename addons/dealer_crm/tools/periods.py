"""Days of the store as moments of the database."""

from datetime import datetime, time, timedelta

import pytz


def days_in_utc(first, last, zone):
    """``(start, end)`` in UTC of the days of a time zone, the end not included.

    >>> from datetime import date
    >>> days_in_utc(date(2026, 6, 1), date(2026, 6, 30), "Asia/Shanghai")[0].isoformat()
    '2026-05-31T16:00:00'
    """
    zone = pytz.timezone(str(zone))
    return tuple(
        zone.localize(datetime.combine(day, time.min)).astimezone(pytz.utc).replace(tzinfo=None)
        for day in (first, last + timedelta(days=1))
    )
