from odoo import models


class DealerPartRequestLine(models.Model):
    _inherit = "dealer.part.request.line"

    def action_other_stores(self):
        """Which store has the part that is missing here."""
        return self.product_id.action_dealer_other_stores()
