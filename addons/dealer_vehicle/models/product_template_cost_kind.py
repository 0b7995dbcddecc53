from odoo import api, fields, models

COST_KINDS = [
    ("freight", "Freight"),
    ("storage", "Storage"),
    ("preparation", "Preparation"),
    ("fitment", "Fitment"),
    ("repair", "Repair"),
    ("interest", "Interest"),
    ("other", "Other cost"),
]


class ProductTemplate(models.Model):
    """Services that become part of the cost of a car say which part."""

    _inherit = "product.template"  # pylint: disable=consider-merging-classes-inherited

    dealer_cost_kind = fields.Selection(
        COST_KINDS,
        string="Kind of Vehicle Cost",
        help="Under which heading the full cost of a car shows this service.",
    )

    @api.model
    def _dealer_setup_cost_kinds(self):
        """The freight that was shipped before has a kind as well; run at every update."""
        freight = self.env.ref("dealer_vehicle.product_freight", raise_if_not_found=False)
        if freight and not freight.dealer_cost_kind:
            freight.product_tmpl_id.dealer_cost_kind = "freight"
