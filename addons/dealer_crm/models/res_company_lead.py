from bisect import bisect_right
from datetime import UTC, timedelta

from odoo import fields, models

#: How far ahead the shop must open once: over the longest holidays
HORIZON = timedelta(days=21)


class ResCompany(models.Model):
    """When the shop is open: clocks of customers stand still at night."""

    _inherit = "res.company"  # pylint: disable=consider-merging-classes-inherited

    dealer_shop_calendar_id = fields.Many2one(
        "resource.calendar",
        string="Shop Hours",
        ondelete="restrict",
        help="Opening hours and closed days. Contacts are planned, and the time to the first"
        " answer is counted, within them. Empty: every day from 9:00 to 18:00.",
    )

    def _dealer_get_shop_calendar(self):
        """Opening hours of the company, in its own time zone."""
        self.ensure_one()
        # sudo: opening hours are no secret; a portal or web visitor's request runs here, too
        return (
            self.sudo().dealer_shop_calendar_id
            or self.env.ref("dealer_crm.resource_calendar_shop").sudo()
        )

    def _dealer_get_shop_day(self):
        """First moment of today and of tomorrow in the shop, in UTC."""
        tz = self._dealer_get_shop_calendar().tz
        today = fields.Datetime.context_timestamp(self.with_context(tz=tz), fields.Datetime.now())
        start = today.replace(hour=0, minute=0, second=0, microsecond=0)
        start = start.astimezone(UTC).replace(tzinfo=None)
        return start, start + timedelta(days=1)

    def _dealer_get_openings(self, start, stop):
        """Opening times between two moments (UTC, naive), oldest first, as naive UTC pairs."""
        calendar = self._dealer_get_shop_calendar()
        intervals = calendar._work_intervals_batch(
            start.replace(tzinfo=UTC), stop.replace(tzinfo=UTC)
        )[False]
        return [
            (
                opens.astimezone(UTC).replace(tzinfo=None),
                closes.astimezone(UTC).replace(tzinfo=None),
            )
            for opens, closes, _attendances in intervals
        ]

    def _dealer_move_to_opening(self, moments):
        """Each moment, or the next opening of the shop when it is closed then.

        :param moments: naive UTC datetimes
        :return: dict moment → moment within shop hours
        """
        if not moments:
            return {}
        openings = self._dealer_get_openings(
            min(moments) - timedelta(days=1), max(moments) + HORIZON
        )
        starts = [opens for opens, _closes in openings]
        moved = {}
        for moment in moments:
            index = bisect_right(starts, moment)
            if index and moment <= openings[index - 1][1]:
                moved[moment] = moment
            else:
                moved[moment] = starts[index] if index < len(starts) else moment
        return moved

    def _dealer_count_shop_minutes(self, start, stop):
        """Minutes in which the shop was open between two moments."""
        if stop <= start:
            return 0.0
        return sum(
            (closes - opens).total_seconds() / 60
            for opens, closes in self._dealer_get_openings(start, stop)
        )

    def _dealer_add_shop_minutes(self, start, minutes):
        """The moment when the shop has been open for so many minutes since the start."""
        left = timedelta(minutes=minutes)
        for opens, closes in self._dealer_get_openings(start, start + HORIZON):
            if closes - opens >= left:
                return opens + left
            left -= closes - opens
        return start + HORIZON
