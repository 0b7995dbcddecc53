from odoo import fields, models


class DealerVisitImportLine(models.TransientModel):
    """One party in the preview of a traffic sheet."""

    _name = "dealer.visit.import.line"
    _inherit = "dealer.import.wizard.line"
    _description = "Row of a traffic sheet"

    wizard_id = fields.Many2one("dealer.visit.import", required=True, ondelete="cascade")
    day = fields.Char(readonly=True)
    kind = fields.Char("Visit", readonly=True)
    card = fields.Char(readonly=True)
    customer = fields.Char(readonly=True)
    person = fields.Char("Received By", readonly=True)
    result = fields.Char(readonly=True)
    is_known = fields.Boolean("Imported Before", readonly=True)
