from odoo import fields, models


class SurveySurvey(models.Model):
    """Which index of satisfaction a survey feeds."""

    _inherit = "survey.survey"

    dealer_kind = fields.Selection(
        [("ssi", "Sale (SSI)"), ("csi", "Service (CSI)")],
        "Satisfaction",
        help="Answers of these surveys feed the index, and bad ones open a complaint.",
    )
