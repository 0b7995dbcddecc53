from odoo import api, fields, models
from odoo.exceptions import ValidationError

MAX_REASONS = 8


class DealerDeviationReason(models.Model):
    """Why a price left the policy: a short list, so that reports mean something."""

    _name = "dealer.deviation.reason"
    _description = "Reason of a Price Deviation"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    @api.constrains("active")
    def _check_short_list(self):
        """Nobody reads a list of twenty reasons, and “other” wins."""
        if self.search_count([]) > MAX_REASONS:
            raise ValidationError(
                self.env._(
                    "Keep the list short: at most %(count)s reasons. Archive one first.",
                    count=MAX_REASONS,
                )
            )
