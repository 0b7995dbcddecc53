from odoo import fields, models


class DealerDocumentType(models.Model):
    """Kind of paper that belongs to a car (certificate, registration, invoice copy …)."""

    _name = "dealer.document.type"
    _description = "Vehicle Document Type"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _code_unique = models.UniqueIndex("(code)", "There is already a document type with this code.")
