from odoo import models


class ResUsers(models.Model):
    _inherit = "res.users"

    def _dealer_get_supplier_price_groups(self):
        """OVERRIDE: who sees the cost of parts sees what suppliers ask for them."""
        return [*super()._dealer_get_supplier_price_groups(), "dealer_parts.group_part_cost"]

    def _dealer_only_keeps_parts(self):
        """Whether the user sells nothing but parts at given prices."""
        self.ensure_one()
        return self.has_group("dealer_base.group_parts_keeper") and not any(
            self.has_group(f"dealer_base.group_{role}")
            for role in ("parts_manager", "sales_consultant", "service_advisor")
        )
