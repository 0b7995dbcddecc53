from odoo import fields, models


class IrAttachment(models.Model):
    """Papers of cars and of deals."""

    _inherit = "ir.attachment"

    dealer_document_type_id = fields.Many2one(
        "dealer.document.type",
        string="Kind of Vehicle Paper",
        ondelete="set null",
        index="btree_not_null",
    )

    def _dealer_get_fixed_files(self):
        """OVERRIDE dealer_base: papers of a deal stay when its cars have been handed over."""
        fixed = super()._dealer_get_fixed_files()
        # sudo: who may not read the deal is refused as well
        papers = self.env["dealer.jacket.paper"].sudo().search([("attachment_ids", "in", self.ids)])
        delivered = papers.filtered(
            lambda paper: any(line._dealer_was_delivered() for line in paper.order_id.order_line)
        )
        # sudo: as above
        return fixed | (self.sudo() & delivered.attachment_ids)
