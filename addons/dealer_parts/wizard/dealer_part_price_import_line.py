from odoo import fields, models


class DealerPartPriceImportLine(models.TransientModel):
    """One line in the preview of a price file."""

    _name = "dealer.part.price.import.line"
    _inherit = "dealer.import.wizard.line"
    _description = "Row of a price file"

    wizard_id = fields.Many2one("dealer.part.price.import", required=True, ondelete="cascade")
    number = fields.Char(string="Part Number", readonly=True)
    name = fields.Char(string="Part Name", readonly=True)
    brand = fields.Char(readonly=True)
    price = fields.Float(string="Retail Price", readonly=True, digits="Product Price")
    purchase = fields.Float(
        string="Purchase Price",
        readonly=True,
        digits="Product Price",
        groups="dealer_parts.group_part_cost",
    )
    successor = fields.Char(string="Replaced By", readonly=True)
    result = fields.Selection(
        [("new", "New part"), ("known", "Known part")], string="Part", readonly=True
    )
