from odoo import fields, models


class DealerApprovalRequest(models.TransientModel):
    """Why a price leaves the policy: asked before the request goes to the manager."""

    _name = "dealer.approval.request"
    _description = "Ask for Approval"

    order_id = fields.Many2one("sale.order", required=True, readonly=True, ondelete="cascade")
    summary = fields.Html(related="order_id.dealer_approval_summary")
    level = fields.Selection(related="order_id.dealer_approval_level")
    reason_id = fields.Many2one(
        "dealer.deviation.reason",
        required=True,
        default=lambda self: (
            self.env["sale.order"]
            .browse(self.env.context.get("default_order_id"))
            .dealer_deviation_reason_id
        ),
    )
    note = fields.Text(string="Note to the Approver")

    def action_request(self):
        """Put the reason on the deal and ask."""
        self.ensure_one()
        self.order_id._dealer_check_may_ask()
        self.order_id.write(
            {"dealer_deviation_reason_id": self.reason_id.id, "dealer_approval_note": self.note}
        )
        self.order_id.request_validation()
        return {"type": "ir.actions.act_window_close"}
