from odoo import api, models


class TierDefinition(models.Model):
    """Refunds, losses and purchases of cars are approved."""

    _inherit = "tier.definition"

    @api.model
    def _get_tier_validation_model_names(self):
        return super()._get_tier_validation_model_names() + [
            "dealer.refund.request",
            "dealer.stocktake",
            "purchase.order",
            "stock.scrap",
        ]
