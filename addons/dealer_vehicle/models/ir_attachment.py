from odoo import fields, models


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    dealer_document_type_id = fields.Many2one(
        "dealer.document.type",
        string="Kind of Vehicle Paper",
        ondelete="set null",
        index="btree_not_null",
    )
