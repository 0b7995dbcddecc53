from odoo.tests import HttpCase, tagged

from .request_case import PartRequestCase


@tagged("post_install", "-at_install")
class TestCounterTour(PartRequestCase, HttpCase):
    """A keeper serves a customer at the counter, from the number to the invoice."""

    def test_from_the_number_to_the_invoice(self):
        self.customer.country_id = self.env.ref("base.cn")
        self.pad.lst_price = 320
        new = self._part("04465-0K291")
        self.env["dealer.part.supersession"].create(
            {"old_product_id": self.pad.id, "new_product_id": new.id}
        )
        self._receive_part(self.pad, 5, price=50)
        self.start_tour("/odoo/part-lookup", "dealer_part_counter_tour", login=self.pat.login)
        order = self.env["sale.order"].search(
            [("partner_id", "=", self.customer.id), ("dealer_counter_class", "=", "retail")]
        )
        self.assertEqual(order.order_line.product_id, self.pad)
        self.assertEqual(order.order_line.qty_delivered, 1)
        self.assertEqual(order.invoice_ids.amount_total, 320)
        self.assertEqual(order.invoice_ids.state, "posted")
