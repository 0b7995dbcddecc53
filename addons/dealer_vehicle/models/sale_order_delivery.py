from odoo import models


class SaleOrder(models.Model):
    """From the deal to the hand-over."""

    _name = "sale.order"
    _inherit = ["sale.order", "dealer.blocker.panel"]

    def _get_blocker_lines(self):
        return self.order_line._dealer_lines_to_deliver()
