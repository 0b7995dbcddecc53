from odoo import api, fields, models

#: Class to days: expires after, not issued before, warned before. House rule; labels say more.
DEFAULTS = {
    "dealer_parts.product_category_oil": (1825, 30, 90),
    "dealer_parts.product_category_paint": (730, 15, 60),
    "dealer_parts.product_category_battery": (365, 30, 60),
}


class ProductCategory(models.Model):
    """Oils, paints and batteries grow old: their class says how their lots are kept."""

    _inherit = "product.category"

    dealer_use_expiry = fields.Boolean(
        string="Kept by Lots with Expiry",
        help="New parts of this class are kept by lots that expire; what expires first is issued"
        " first (FEFO).",
    )
    dealer_expiry_days = fields.Integer(string="Expires after (days)")
    dealer_removal_days = fields.Integer(
        string="Not Issued Before Expiry (days)",
        help="So many days before it expires, a lot is not issued any more.",
    )
    dealer_alert_days = fields.Integer(string="Warn Before Expiry (days)")

    _expiry_in_order = models.Constraint(
        "CHECK(COALESCE(dealer_expiry_days, 0) >= 0 AND COALESCE(dealer_removal_days, 0) >= 0"
        " AND COALESCE(dealer_alert_days, 0) >= 0)",
        "Days of expiry cannot be negative.",
    )

    def _dealer_get_expiry_vals(self):
        """What the class says about its parts, as values of a product."""
        self.ensure_one()
        if not self.dealer_use_expiry:
            return {}
        return {
            "tracking": "lot",
            "use_expiration_date": True,
            "expiration_time": self.dealer_expiry_days,
            "removal_time": self.dealer_removal_days,
            "alert_time": self.dealer_alert_days,
        }

    @api.model
    def _dealer_setup_expiry(self):
        """Let oils, paints and batteries expire, unless somebody has settled it already."""
        removal = self.env.ref("product_expiry.removal_fefo", raise_if_not_found=False)
        for name, (expiry, before, alert) in DEFAULTS.items():
            category = self.env.ref(name, raise_if_not_found=False)
            if not category or category.dealer_expiry_days:
                continue
            category.write(
                {
                    "dealer_use_expiry": True,
                    "dealer_expiry_days": expiry,
                    "dealer_removal_days": before,
                    "dealer_alert_days": alert,
                    "removal_strategy_id": removal and removal.id,
                }
            )
