from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    dealer_gate_money = fields.Selection(related="company_id.dealer_gate_money", readonly=False)
