from odoo import models


class DealerVehicle(models.Model):
    """A car that gets a price, or comes into the yard, may be what somebody waits for."""

    _inherit = "dealer.vehicle"  # pylint: disable=consider-merging-classes-inherited

    def write(self, vals):
        res = super().write(vals)
        if {"asking_price", "for_sale", "blocked"}.intersection(vals):
            self._dealer_match_wishes()
        return res

    def _dealer_match_wishes(self):
        """Tell salespeople whose customers look for these cars."""
        # sudo: who receives a car, or prices it, may not see the customers of others
        self.env["dealer.lead.wish"].sudo()._match_vehicles(self.sudo())
