from odoo import fields, models


class DealerArrivalImportLine(models.TransientModel):
    """One car in the preview of an arrival list."""

    _name = "dealer.arrival.import.line"
    _inherit = "dealer.import.wizard.line"
    _description = "Row of an arrival list"

    wizard_id = fields.Many2one("dealer.arrival.import", required=True, ondelete="cascade")
    vin = fields.Char(string="VIN", readonly=True)
    trim = fields.Char(readonly=True)
    exterior_color = fields.Char(readonly=True)
    interior_color = fields.Char(readonly=True)
    engine_number = fields.Char(readonly=True)
    certificate_number = fields.Char(readonly=True)
    price = fields.Float(string="Purchase Price", readonly=True, digits=(16, 2))
    place = fields.Char(readonly=True)
    vendor = fields.Char(readonly=True)
