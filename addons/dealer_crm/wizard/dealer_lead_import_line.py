from odoo import fields, models


class DealerLeadImportLine(models.TransientModel):
    """One inquiry in the preview of an import of media leads."""

    _name = "dealer.lead.import.line"
    _inherit = "dealer.import.wizard.line"
    _description = "Row of a lead import"

    wizard_id = fields.Many2one("dealer.lead.import", required=True, ondelete="cascade")
    name = fields.Char(readonly=True)
    phone = fields.Char(readonly=True)
    channel = fields.Char(readonly=True)
    wish = fields.Char("Car Wished", readonly=True)
    city = fields.Char(readonly=True)
    result = fields.Selection(
        [
            ("new", "New lead"),
            ("merge", "Added to the open lead"),
            ("same", "Same person in this file"),
            ("known", "Imported before"),
        ],
        readonly=True,
    )
