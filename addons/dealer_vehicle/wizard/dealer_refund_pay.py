from odoo import api, fields, models


class DealerRefundPay(models.TransientModel):
    """Asks the cashier from which account an approved refund is paid."""

    _name = "dealer.refund.pay"
    _description = "Pay Out a Refund"

    request_id = fields.Many2one("dealer.refund.request", required=True, readonly=True)
    company_id = fields.Many2one(related="request_id.company_id")
    currency_id = fields.Many2one(related="request_id.currency_id")
    partner_id = fields.Many2one(related="request_id.partner_id")
    amount = fields.Monetary(compute="_compute_amount")
    lender_amount = fields.Monetary(related="request_id.lender_amount")
    journal_id = fields.Many2one(
        "account.journal",
        string="Paid From",
        required=True,
        domain="[('type', 'in', ('bank', 'cash')), ('company_id', 'parent_of', company_id)]",
    )
    date = fields.Date(required=True, default=fields.Date.context_today)

    @api.depends("request_id")
    def _compute_amount(self):
        for wizard in self:
            wizard.amount = wizard.request_id._get_pay_amount() if wizard.request_id else 0

    def action_pay(self):
        """Pay out and show the request."""
        self.ensure_one()
        self.request_id._pay(self.journal_id, self.date)
        return {"type": "ir.actions.act_window_close"}
