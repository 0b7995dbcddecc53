"""Dates of the Chinese lunisolar calendar (农历): birthdays and festivals.

The calendar is astronomy, not arithmetic, so the years are a table: day of the year on which the
lunar year begins, its leap month, and which of its months have 30 days.
"""

from datetime import date, timedelta

FIRST_YEAR = 1930
#: One hexadecimal number a year: offset of New Year's Day from 1 January (bits 17 and up), leap
#: month or 0 (bits 13 to 16), one bit for each month in their order that has 30 days (bits 0-12).
#: Checked against two independent libraries (lunardate, zhdate).
_YEARS = (
    "3acd26 5e052b 480a57 32b2d6 580b5a 4406d4 2e6ec9 520749 3cf693 620a93 4c052b 34ca5b "
    "5a0aad 46056a 309b55 560ba4 400b49 2a5a93 500a95 38f52d 5e0536 480aad 34b5aa 5805b2 "
    "420ba5 2e7d4a 540d4a 3d0a95 600a97 4c0556 36cab5 5a0ad5 4606d2 308ea5 560ea5 40064a "
    "286c97 4e0a9b 3af55a 5e056a 480b69 34b752 5a0b52 420b25 2c964b 520a4b 3d14ab 6002ad "
    "4a056d 36cb69 5c0da9 460d92 309d25 560d25 415a4d 640a56 4e02b6 38c5b5 5e06d5 480ea9 "
    "34be92 5a0e92 440d26 2c6a56 500a57 3d14d6 62035a 4a06d5 36b6c9 5c0749 460693 2e952b "
    "54052b 3e0a5b 2a555a 4e056a 38fb55 600ba4 4a0b49 32ba93 580a95 42052d 2c8aad 500ab5 "
    "3d35aa 6205d2 4c0da5 36dd4a 5c0d4a 460c95 30952e 540556 3e0ab5 2a55b2 5006d2 38cea5 "
    "5e0725 48064b 32ac97 560cab 42055a 2c6ad6 520b69 3d7752 620b52 4c0b25 36da4b 5a0a4b "
    "4404ab 2ea55b 5405ad 3e0b6a 2a5b52 500d92 3afd25 5e0d25 480a55 32b4ad 5804b6 4005b5 "
    "2c6daa 520ec9 3f1e92 620e92 4c0d26 36ca56 5a0a57 440556 2e86d5 540755 400749 286e93 "
    "4e0693 38f52b 5e052b 460a5b 32b55a 58056a 420b65 2c974a 520b4a 3d1a95 620a95 4a052d "
    "34caad 5a0ab5 4605aa 2e8ba5 540da5 400d4a 2a7c95 4e0c96 38f94e 5e0556 480ab5 32b5b2 "
    "5806d2 420ea5 2e8e4a 50068b 3b0c97 6004ab 4a055b 34cad6 5a0b6a 460752 309725 540b45 "
    "3e0a8b "
).split()
LAST_YEAR = FIRST_YEAR + len(_YEARS) - 1


def lunar_to_solar(year, month, day, is_leap=False):
    """The day on which a lunar date falls.

    A leap month that the year does not have is its ordinary month; the 30th of a month with 29
    days is its last day, as families keep such birthdays.

    :param year: lunar year, named by the solar year in which it begins
    :return: date, or None outside the table

    >>> lunar_to_solar(2026, 1, 1)
    datetime.date(2026, 2, 17)
    >>> lunar_to_solar(2026, 8, 15)
    datetime.date(2026, 9, 25)
    """
    if not FIRST_YEAR <= year <= LAST_YEAR or not 1 <= month <= 12 or not 1 <= day <= 30:
        return None
    code = int(_YEARS[year - FIRST_YEAR], 16)
    leap = code >> 13 & 15
    index = month - 1
    if leap and (month > leap or (is_leap and month == leap)):
        index += 1
    days = sum(_month_days(code, i) for i in range(index))
    start = date(year, 1, 1) + timedelta(days=(code >> 17) + days)
    return start + timedelta(days=min(day, _month_days(code, index)) - 1)


def lunar_between(month, day, first, last):
    """Days in the period, both ends included, on which a lunar month and day fall."""
    found = (lunar_to_solar(year, month, day) for year in range(first.year - 1, last.year + 1))
    return [found_day for found_day in found if found_day and first <= found_day <= last]


def solar_to_lunar(day):
    """Lunar month and day of a date, a leap month as the ordinary one; None outside the table.

    >>> solar_to_lunar(date(2026, 9, 25))
    (8, 15)
    """
    for year in (day.year, day.year - 1):
        start = lunar_to_solar(year, 1, 1)
        if not start or start > day:
            continue
        code = int(_YEARS[year - FIRST_YEAR], 16)
        left, leap = (day - start).days, code >> 13 & 15
        for index in range(13 if leap else 12):
            length = _month_days(code, index)
            if left < length:
                return index + (0 if leap and index >= leap else 1), left + 1
            left -= length
    return None


def _month_days(code, index):
    return 30 if code >> index & 1 else 29
