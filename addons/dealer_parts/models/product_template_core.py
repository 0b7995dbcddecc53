from odoo import fields, models


class ProductTemplate(models.Model):
    """Parts whose old piece (旧件) is wanted back."""

    _inherit = "product.template"

    dealer_core_required = fields.Boolean(
        string="Old Part Due",
        help="The technician brings the old part back: the supplier pays for it, or the maker wants"
        " to see it.",
    )
    dealer_core_deposit = fields.Monetary(
        string="Core Deposit",
        help="What the supplier gives back for one old part.",
    )

    _dealer_core_deposit_positive = models.Constraint(
        "CHECK (dealer_core_deposit IS NULL OR dealer_core_deposit >= 0)",
        "The core deposit of a part cannot be less than zero.",
    )
