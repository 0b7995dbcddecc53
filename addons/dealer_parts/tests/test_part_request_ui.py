from odoo.tests import HttpCase, tagged

from .request_case import PartRequestCase


@tagged("post_install", "-at_install")
class TestPartRequestTour(PartRequestCase, HttpCase):
    """Parts are picked on a telephone, between the shelves."""

    browser_size = "390x844"
    touch_enabled = True

    def test_picking_on_a_telephone(self):
        self._receive_part(self.pad, 5, price=50)
        request = self._asked([(self.pad, 2)])
        self.start_tour(
            f"/odoo/parts-requests/{request.id}",
            "dealer_part_request_tour",
            login=self.pat.login,
        )
        request.invalidate_recordset()
        self.assertEqual(request.line_ids.picked_quantity, 2)
