from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"  # pylint: disable=consider-merging-classes-inherited

    dealer_price_without_rule = fields.Selection(
        [
            ("list", "The price asked is the floor"),
            ("free", "No floor, only the cost is guarded"),
        ],
        string="Cars without Price Rule",
        required=True,
        default="list",
        help="What a consultant may sell a car for when no price rule fits it.",
    )
    dealer_price_guard_cost = fields.Boolean(
        string="Approval Below Cost",
        default=True,
        help="A sale below cost needs the general manager, whatever the floor is.",
    )
    dealer_price_guard_tax = fields.Boolean(
        string="Taxes Chosen by Accounting",
        default=True,
        help="Lines of a deal keep the tax of their product and the fiscal position of the"
        " customer; only accounting and the general manager set another one.",
    )
