from odoo.tests import HttpCase, tagged

from .test_part_count import PartCountCase


@tagged("post_install", "-at_install")
class TestPartCountTour(PartCountCase, HttpCase):
    """A count on a telephone, bin by bin."""

    browser_size = "390x844"
    touch_enabled = True

    def test_count_on_a_telephone(self):
        count = self._as(self.pat, self.env["dealer.part.count"]).create({"kind": "cycle"})
        self.start_tour("/odoo/part-counts", "dealer_part_count_tour", login=self.pat.login)
        self.assertRecordValues(
            count, [{"state": "review", "difference_count": 1, "counted_count": 3}]
        )
