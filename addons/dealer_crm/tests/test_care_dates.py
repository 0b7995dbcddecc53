from datetime import date, timedelta

from odoo.tests import BaseCase

from ..tools import care_dates
from ..tools.lunar import lunar_to_solar, solar_to_lunar


class TestCareDates(BaseCase):
    """When something falls due, with the figures of the papers."""

    def _schedule(self, scheme, years):
        return [
            (day.strftime("%Y-%m"), kind)
            for day, kind in care_dates.inspections_between(
                date(2020, 3, 18), date(2020, 4, 1), date(2020 + years, 12, 31), scheme
            )
        ]

    def test_inspections_in_practice_since_2022(self):
        self.assertEqual(
            self._schedule(care_dates.PRACTICE, 13),
            [
                ("2022-03", "mark"),
                ("2024-03", "mark"),
                ("2026-03", "test"),
                ("2028-03", "mark"),
                ("2030-03", "test"),
                ("2031-03", "test"),
                ("2032-03", "test"),
                ("2033-03", "test"),
            ],
        )

    def test_inspections_by_the_regulation(self):
        days = self._schedule(care_dates.REGULATION, 17)
        self.assertEqual({kind for _day, kind in days}, {"test"})
        self.assertEqual(
            [day for day, _kind in days],
            ["2022-03", "2024-03", "2026-03"]
            + [f"{year}-03" for year in range(2027, 2036)]
            + ["2035-09", "2036-03", "2036-09", "2037-03", "2037-09"],
        )

    def test_a_mark_is_good_until_the_end_of_its_month(self):
        self.assertEqual(
            care_dates.next_inspection(date(2020, 2, 29), date(2024, 2, 29)),
            (date(2024, 2, 29), "mark"),
        )
        self.assertEqual(
            care_dates.next_inspection(date(2020, 3, 18), date(2022, 4, 1)),
            (date(2024, 3, 31), "mark"),
        )

    def test_maintenance_by_time_or_by_distance(self):
        readings = [(date(2025, 11, 10), 21850), (date(2026, 5, 10), 30000)]
        self.assertAlmostEqual(care_dates.daily_distance(readings, 40), 45.03, 2)
        last = (date(2026, 5, 10), 30000, readings, 10000)
        self.assertEqual(care_dates.maintenance_due(*last, 0), date(2026, 12, 18))
        self.assertEqual(care_dates.maintenance_due(*last, 6), date(2026, 11, 10))

    def test_a_car_with_one_reading_drives_forty_kilometres_a_day(self):
        self.assertEqual(care_dates.daily_distance([(date(2026, 5, 10), 30000)], 40.0), 40.0)
        self.assertEqual(
            care_dates.maintenance_due(date(2026, 1, 1), 0, [], 3000, 3), date(2026, 3, 17)
        )

    def test_who_is_born_on_the_29th_of_february(self):
        days = care_dates.anniversaries(date(2027, 2, 1), date(2027, 3, 1))
        self.assertEqual(days["0229"], date(2027, 2, 28))
        days = care_dates.anniversaries(date(2028, 2, 1), date(2028, 3, 1))
        self.assertEqual(days["0229"], date(2028, 2, 29))

    def test_lunar_festivals_on_their_published_days(self):
        new_year = {2024: "0210", 2025: "0129", 2026: "0217", 2027: "0206", 2033: "0131"}
        mid_autumn = {2024: "0917", 2025: "1006", 2026: "0925", 2027: "0915", 2033: "0908"}
        for days, lunar in ((new_year, (1, 1)), (mid_autumn, (8, 15))):
            for year, day in days.items():
                self.assertEqual(lunar_to_solar(year, *lunar).strftime("%m%d"), day, (year, lunar))

    def test_lunar_dates_there_and_back(self):
        """Every day of a century: without the leap months, which are their ordinary ones."""
        day, leap_days = date(1950, 2, 17), 0
        while day < date(2050, 1, 1):
            month, number = solar_to_lunar(day)
            years = (day.year, day.year - 1)
            back = {lunar_to_solar(year, month, number) for year in years} | {
                lunar_to_solar(year, month, number, is_leap=True) for year in years
            }
            self.assertIn(day, back)
            day += timedelta(days=1)
            leap_days += len(back) > 2
        self.assertGreater(leap_days, 1000)
