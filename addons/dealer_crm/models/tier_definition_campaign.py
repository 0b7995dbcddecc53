from odoo import api, fields, models


class TierDefinition(models.Model):
    """Campaigns are approved, each level within its days."""

    _inherit = "tier.definition"

    dealer_deadline_days = fields.Integer(
        "Days to Decide", help="After so many days the reviewers are reminded. 0: no limit."
    )

    @api.model
    def _get_tier_validation_model_names(self):
        return super()._get_tier_validation_model_names() + ["utm.campaign"]
