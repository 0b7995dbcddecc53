from odoo import fields, models
from odoo.exceptions import UserError

from .dealer_part_request_issue import ISSUING


class StockMove(models.Model):
    """Parts of a request leave by its own steps only: scanned, signed for, for an open document."""

    _inherit = "stock.move"

    dealer_part_request_line_id = fields.Many2one(
        "dealer.part.request.line",
        string="Requested Part",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )

    def write(self, vals):
        """A move stays with its request: cut off, it would leave without a signature."""
        if "dealer_part_request_line_id" in vals and not self.env.su:
            raise UserError(self.env._("A transfer cannot be taken from its parts request."))
        return super().write(vals)

    def _action_done(self, cancel_backorder=False):
        self._dealer_check_issued_by_request()
        return super()._action_done(cancel_backorder=cancel_backorder)

    def _dealer_check_issued_by_request(self):
        if self.env.su or self.env.context.get("dealer_part_issuing") is ISSUING:
            return
        for move in self:
            line = move.dealer_part_request_line_id
            if line and move.picked:
                raise UserError(
                    self.env._(
                        "%(part)s is issued on parts request %(request)s, where the technician"
                        " signs for it. Open the request.",
                        part=move.product_id.display_name,
                        request=line.request_id.name,
                    )
                )

    def _dealer_after_issue(self):
        """Hook: parts of requests have just been handed out."""

    def _dealer_after_part_return(self):
        """Hook: parts of requests have just come back."""
