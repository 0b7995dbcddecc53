from odoo import api, fields, models


class ResCompany(models.Model):
    """Whether consultants open the customers of their colleagues."""

    _inherit = "res.company"  # pylint: disable=consider-merging-classes-inherited

    dealer_customers_owned = fields.Boolean(
        "Customers Belong to Their Salesperson",
        default=True,
        help="A consultant opens his own customers, those of nobody and those shared with him."
        " Without it everybody who sells opens every customer, as in a small firm.",
    )

    @api.model
    def cache_invalidation_fields(self):
        """OVERRIDE base: the record rules ask for the setting."""
        return super().cache_invalidation_fields() | {"dealer_customers_owned"}
