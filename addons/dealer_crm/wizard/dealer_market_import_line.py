from odoo import fields, models


class DealerMarketImportLine(models.TransientModel):
    """One figure in the preview."""

    _name = "dealer.market.import.line"
    _inherit = "dealer.import.wizard.line"
    _description = "Row of a list of market figures"

    wizard_id = fields.Many2one("dealer.market.import", required=True, ondelete="cascade")
    month = fields.Char(readonly=True)
    brand = fields.Char(readonly=True)
    series = fields.Char(readonly=True)
    units = fields.Integer(readonly=True)
