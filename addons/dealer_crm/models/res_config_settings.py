from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """Decisions of a dealership about its customers."""

    _inherit = "res.config.settings"

    dealer_customers_owned = fields.Boolean(
        related="company_id.dealer_customers_owned", readonly=False
    )
