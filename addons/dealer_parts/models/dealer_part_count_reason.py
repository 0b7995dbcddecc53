from odoo import fields, models


class DealerPartCountReason(models.Model):
    """Why a count differs from the books; each difference needs one."""

    _name = "dealer.part.count.reason"
    _description = "Reason of a Count Difference"
    _order = "sequence, id"

    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    name = fields.Char(required=True, translate=True)
    direction = fields.Selection(
        [("both", "Shortage or surplus"), ("short", "Shortage"), ("over", "Surplus")],
        required=True,
        default="both",
    )

    transfers_tax = fields.Boolean(
        string="Gives Input VAT Back",
        help="The loss comes from bad keeping: its input VAT is transferred out (进项税额转出).",
    )

    _name_uniq = models.UniqueIndex("(name)", "There is a reason with this name already.")
