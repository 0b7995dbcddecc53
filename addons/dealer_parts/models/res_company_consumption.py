from odoo import models


class ResCompany(models.Model):
    _inherit = "res.company"

    def _dealer_part_consumption_location(self):
        """Where parts go that the shop uses itself; its account is the expense."""
        self.ensure_one()
        # sudo: technicians and keepers may not make locations
        Location = self.env["stock.location"].sudo()
        location = Location.search(
            [("company_id", "=", self.id), ("dealer_is_part_consumption", "=", True)], limit=1
        )
        return location or Location.create(
            {
                "name": self.env._("Used by the Shop"),
                "usage": "production",
                "company_id": self.id,
                "dealer_is_part_consumption": True,
                "valuation_account_id": self.sudo().expense_account_id.id,  # sudo: an account
            }
        )
