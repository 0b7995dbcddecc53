from odoo import fields, models


class PurchaseOrderLine(models.Model):
    """A line knows the proposal it was made from."""

    _inherit = "purchase.order.line"

    dealer_proposal_line_ids = fields.One2many(
        "dealer.order.proposal.line",
        "purchase_line_id",
        string="Proposed By",
        copy=False,
        groups="dealer_base.group_parts_keeper",
    )
