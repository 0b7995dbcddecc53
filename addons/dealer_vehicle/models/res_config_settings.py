from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """Decisions of a dealership for its desk."""

    _inherit = "res.config.settings"

    dealer_agency_account_id = fields.Many2one(
        related="company_id.dealer_agency_account_id", readonly=False
    )
    dealer_deposit_account_id = fields.Many2one(
        related="company_id.dealer_deposit_account_id", readonly=False
    )
    dealer_forfeit_income_account_id = fields.Many2one(
        related="company_id.dealer_forfeit_income_account_id", readonly=False
    )
    dealer_penalty_expense_account_id = fields.Many2one(
        related="company_id.dealer_penalty_expense_account_id", readonly=False
    )
    dealer_car_tax_id = fields.Many2one(related="company_id.dealer_car_tax_id", readonly=False)
    dealer_service_tax_id = fields.Many2one(
        related="company_id.dealer_service_tax_id", readonly=False
    )
