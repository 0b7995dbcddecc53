from odoo import fields, models


class DealerPurchaseImportLine(models.TransientModel):
    """One purchase in the preview."""

    _name = "dealer.purchase.import.line"
    _inherit = "dealer.import.wizard.line"
    _description = "Row of a list of earlier purchases"

    wizard_id = fields.Many2one("dealer.purchase.import", required=True, ondelete="cascade")
    customer = fields.Char(readonly=True)
    date = fields.Date(readonly=True)
    amount = fields.Float(readonly=True, digits=(16, 2))
