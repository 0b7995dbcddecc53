from odoo import fields, models


class DealerFactoryOrderImportLine(models.TransientModel):
    """One order in the preview of the maker's list."""

    _name = "dealer.factory.order.import.line"
    _inherit = "dealer.import.wizard.line"
    _description = "Row of a list of factory orders"

    wizard_id = fields.Many2one("dealer.factory.order.import", required=True, ondelete="cascade")
    number = fields.Char(string="Order Number", readonly=True)
    is_new = fields.Boolean(string="New", readonly=True)
    trim = fields.Char(readonly=True)
    exterior_color = fields.Char(readonly=True)
    state = fields.Char(readonly=True)
    vin = fields.Char(string="VIN", readonly=True)
    eta = fields.Date(string="Expected Arrival", readonly=True)
