from odoo import fields, models


class ResCompany(models.Model):
    """What a company has its customers sign before they drive."""

    _inherit = "res.company"  # pylint: disable=consider-merging-classes-inherited

    dealer_test_drive_terms = fields.Html(
        "Terms of Test Drives",
        translate=True,
        help="Empty: the usual terms. Agreements keep the text that was signed.",
    )
