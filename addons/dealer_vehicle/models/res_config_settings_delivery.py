from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """The gates before delivery, switched by company."""

    _inherit = "res.config.settings"  # pylint: disable=consider-merging-classes-inherited

    dealer_gate_pdi = fields.Boolean(related="company_id.dealer_gate_pdi", readonly=False)
    dealer_gate_handover = fields.Boolean(related="company_id.dealer_gate_handover", readonly=False)
    dealer_gate_insured = fields.Boolean(related="company_id.dealer_gate_insured", readonly=False)
    dealer_gate_papers = fields.Boolean(related="company_id.dealer_gate_papers", readonly=False)
