from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"  # pylint: disable=consider-merging-classes-inherited

    dealer_gate_money = fields.Selection(related="company_id.dealer_gate_money", readonly=False)
    dealer_gate_return = fields.Boolean(related="company_id.dealer_gate_return", readonly=False)
