from odoo import fields, models


class DealerPartCountImportLine(models.TransientModel):
    """One line in the preview of a filled count sheet."""

    _name = "dealer.part.count.import.line"
    _inherit = "dealer.import.wizard.line"
    _description = "Row of a count sheet"

    wizard_id = fields.Many2one("dealer.part.count.import", required=True, ondelete="cascade")
    place = fields.Char(string="Bin", readonly=True)
    number = fields.Char(string="Part Number", readonly=True)
    lot = fields.Char(readonly=True)
    quantity = fields.Float(string="Counted Quantity", readonly=True, digits="Product Unit")
