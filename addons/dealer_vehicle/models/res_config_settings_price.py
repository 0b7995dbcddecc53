from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"  # pylint: disable=consider-merging-classes-inherited

    dealer_price_without_rule = fields.Selection(
        related="company_id.dealer_price_without_rule", readonly=False, required=True
    )
    dealer_gate_purchase = fields.Boolean(related="company_id.dealer_gate_purchase", readonly=False)
    dealer_price_guard_cost = fields.Boolean(
        related="company_id.dealer_price_guard_cost", readonly=False
    )
    dealer_price_guard_tax = fields.Boolean(
        related="company_id.dealer_price_guard_tax", readonly=False
    )
