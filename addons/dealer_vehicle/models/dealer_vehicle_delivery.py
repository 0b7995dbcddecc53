from odoo import models


class DealerVehicle(models.Model):
    """What keeps a sold car here."""

    _name = "dealer.vehicle"
    _inherit = ["dealer.vehicle", "dealer.blocker.panel"]

    def _get_blocker_lines(self):
        return self.sale_line_id._dealer_lines_to_deliver()
