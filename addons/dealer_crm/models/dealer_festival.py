from datetime import timedelta

from odoo import api, fields, models

from ..tools import care_dates
from ..tools.lunar import lunar_between


class DealerFestival(models.Model):
    """A day that is the same for everybody, by the solar or the lunar calendar."""

    _name = "dealer.festival"
    _description = "Festival"
    _order = "is_lunar desc, month, day"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    is_lunar = fields.Boolean(string="Lunar Calendar")
    month = fields.Integer(required=True, default=1, aggregator=None)
    day = fields.Integer(required=True, default=1, aggregator=None)
    next_date = fields.Date(string="Next Time", compute="_compute_next_date")

    _date_possible = models.Constraint(
        "CHECK (month BETWEEN 1 AND 12 AND day BETWEEN 1 AND 31)",
        "A month is a number from 1 to 12, a day one from 1 to 31.",
    )

    @api.depends("is_lunar", "month", "day")
    def _compute_next_date(self):
        today = fields.Date.context_today(self)
        for festival in self:
            days = festival._get_days(today, today + timedelta(days=400))
            festival.next_date = days[0] if days else False

    def _get_days(self, first, last):
        """Days of the period on which the festival falls."""
        self.ensure_one()
        if self.is_lunar:
            return lunar_between(self.month, self.day, first, last)
        key = f"{self.month:02d}{self.day:02d}"
        days = []
        for year in range(first.year, last.year + 1):
            start = max(first, first.replace(year=year, month=1, day=1))
            end = min(last, last.replace(year=year, month=12, day=31))
            if key in (found := care_dates.anniversaries(start, end)):
                days.append(found[key])
        return days
