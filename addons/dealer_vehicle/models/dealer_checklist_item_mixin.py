from odoo import fields, models


class DealerChecklistItemMixin(models.AbstractModel):
    """Items by which paint and body are judged."""

    _inherit = "dealer.checklist.item.mixin"

    dealer_is_body = fields.Boolean(
        "Body or Paint",
        help="An item about body or paint: when it is repaired on a new car, the buyer must be told"
        " and sign, unless the inspector states that no paint or body work was done.",
    )
