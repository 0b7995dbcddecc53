from odoo import fields, models


class DealerPartReturnLine(models.TransientModel):
    """How many of an issued part come back."""

    _name = "dealer.part.return.line"
    _description = "Returned Part"

    return_id = fields.Many2one("dealer.part.return", required=True, ondelete="cascade")
    request_line_id = fields.Many2one("dealer.part.request.line", required=True)
    product_id = fields.Many2one(related="request_line_id.product_id")
    uom_id = fields.Many2one(related="request_line_id.uom_id")
    issued_quantity = fields.Float(related="request_line_id.issued_quantity")
    returned_quantity = fields.Float(related="request_line_id.returned_quantity")
    quantity = fields.Float(string="Comes Back", digits="Product Unit")
