from odoo import fields, models

FACTORS = [
    ("delivery_process", "Delivery process"),
    ("salesperson", "Salesperson"),
    ("deal", "Deal terms"),
    ("delivery_time", "Delivery on time"),
    ("advertising", "Advertising and information"),
    ("extras", "Insurance and accessories"),
    ("facility", "Facilities"),
    ("paperwork", "Paperwork"),
    ("test_drive", "Test drive"),
    ("service_start", "Service reception"),
    ("adviser", "Service adviser"),
    ("pick_up", "Pick-up of the car"),
    ("quality", "Quality of the work"),
    ("price", "Fair price"),
]


class SurveyQuestion(models.Model):
    """A question that counts in the index of satisfaction or of recommendation."""

    _inherit = "survey.question"

    dealer_factor = fields.Selection(
        FACTORS, "Factor", help="Questions of one factor are averaged before they are weighted."
    )
    dealer_weight = fields.Float(
        "Weight",
        digits=(6, 3),
        help="Of the factor in the index; equal for all questions of one factor. The weights of"
        " the answered factors are brought to 1.",
    )
    dealer_is_nps = fields.Boolean(
        "Recommendation",
        help="Would the customer recommend us, from 0 to 10: the question of the net promoter"
        " score.",
    )
