from odoo import fields, models


class DealerCatalogueImportLine(models.TransientModel):
    """One trim in the preview of a catalogue import."""

    _name = "dealer.catalogue.import.line"
    _inherit = "dealer.import.wizard.line"
    _description = "Row of a catalogue import"

    wizard_id = fields.Many2one("dealer.catalogue.import", required=True, ondelete="cascade")
    brand = fields.Char(readonly=True)
    series = fields.Char(readonly=True)
    trim = fields.Char(readonly=True)
    model_code = fields.Char(readonly=True)
    model_year = fields.Char(readonly=True)
    guide_price = fields.Float(readonly=True, digits=(16, 2), aggregator=None)
    model_id = fields.Many2one("fleet.vehicle.model", string="Known Trim", readonly=True)
