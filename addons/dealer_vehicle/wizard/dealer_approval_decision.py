from odoo import fields, models
from odoo.exceptions import UserError


class DealerApprovalDecision(models.TransientModel):
    """The second tap on the phone: approve or reject, with a word if need be."""

    _name = "dealer.approval.decision"
    _description = "Approve or Reject"

    order_id = fields.Many2one("sale.order", required=True, readonly=True, ondelete="cascade")
    decision = fields.Selection(
        [("approve", "Approve"), ("reject", "Reject")], required=True, default="approve"
    )
    summary = fields.Html(related="order_id.dealer_approval_summary")
    partner_id = fields.Many2one(related="order_id.partner_id")
    amount_total = fields.Monetary(related="order_id.amount_total")
    currency_id = fields.Many2one(related="order_id.currency_id")
    reason_id = fields.Many2one(related="order_id.dealer_deviation_reason_id")
    gross = fields.Monetary(
        related="order_id.dealer_gross_total",
        string="Gross of the Deal",
        groups="dealer_base.group_vehicle_cost",
    )
    comment = fields.Char()

    def action_decide(self):
        """Record the decision; who rejects says why."""
        self.ensure_one()
        if self.decision == "reject" and not self.comment:
            raise UserError(self.env._("Say in a few words why you reject."))
        self.order_id._dealer_decide(self.decision == "approve", self.comment)
        return {"type": "ir.actions.act_window_close"}
