from odoo import fields, models


class DealerChecklistItemMixin(models.AbstractModel):
    """What a checklist line and the template line it was copied from both say about an item."""

    _name = "dealer.checklist.item.mixin"
    _description = "Checklist Item"

    sequence = fields.Integer(default=10)
    section = fields.Char(help="Heading under which the item stands, e.g. Body or Documents.")
    name = fields.Char("Item", required=True)
    instruction = fields.Text(help="How to check it.")
    is_required = fields.Boolean("Required", default=True)
    needs_attachment = fields.Boolean(
        "Photo needed", help="The item is answered only with a photo or document."
    )
    needs_measurement = fields.Boolean(
        "Measured", help="The item is answered only with a measured value."
    )
    measure_unit = fields.Char("Unit", help="Unit of the measured value, e.g. V, mm or km.")
    measure_limit = fields.Selection(
        [
            ("none", "No limit"),
            ("min", "At least"),
            ("max", "At most"),
            ("range", "Between"),
        ],
        string="Limit",
        default="none",
        required=True,
        help="A measured value outside the limit means not OK.",
    )
    measure_min = fields.Float("Lower limit", digits=(16, 3))
    measure_max = fields.Float("Upper limit", digits=(16, 3))

    def _is_within_limit(self, value):
        """Tell whether ``value`` respects the limit, both ends included."""
        self.ensure_one()
        too_low = self.measure_limit in ("min", "range") and value < self.measure_min
        too_high = self.measure_limit in ("max", "range") and value > self.measure_max
        return not (too_low or too_high)
