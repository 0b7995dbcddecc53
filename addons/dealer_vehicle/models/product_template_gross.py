from odoo import api, fields, models

GROSS_PARTS = [
    ("front", "Car"),
    ("rebate", "Rebate"),
    ("accessory", "Accessories"),
    ("service", "Services"),
    ("finance", "Finance Commission"),
    ("insurance", "Insurance Commission"),
    ("gift", "Gifts"),
    ("interest", "Stock Interest"),
    ("other", "Other Cost"),
]
PART_OF_DEAL_TYPE = {
    "car": "front",
    "accessory": "accessory",
    "plate_service": "service",
    "extended_warranty": "service",
    "finance_service": "service",
    "other_service": "service",
    "gift": "gift",
    # somebody else's money reaches income and expense only when we give it away
    "purchase_tax": "gift",
    "ctpl": "gift",
    "vessel_tax": "gift",
    "commercial_insurance": "gift",
    "plate_fee": "gift",
}


class ProductTemplate(models.Model):
    """Where income and cost of a product stand in the composite gross (综合毛利) of a car."""

    _inherit = "product.template"  # pylint: disable=consider-merging-classes-inherited

    dealer_gross_part = fields.Selection(
        GROSS_PARTS,
        string="Part of the Gross",
        compute="_compute_dealer_gross_part",
        store=True,
        readonly=False,
        precompute=True,
        help="Column of the margin report for entries of this product that name a car.",
    )

    @api.depends("dealer_deal_type")
    def _compute_dealer_gross_part(self):
        for product in self:
            product.dealer_gross_part = PART_OF_DEAL_TYPE.get(
                product.dealer_deal_type, product.dealer_gross_part
            )
