from odoo import models


class AccountMove(models.Model):
    """Entries that collect money for others or pay it on."""

    _inherit = "account.move"  # pylint: disable=consider-merging-classes-inherited

    def _post(self, soft=True):
        """A deal whose agency money is at zero has nothing open any more."""
        posted = super()._post(soft)
        posted.line_ids._dealer_match_agency()
        return posted
