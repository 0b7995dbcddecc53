from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

KINDS = [
    ("pay", "Pay on to authority or insurer"),
    ("refund", "Give the rest back to the customer"),
    ("collect", "Ask the customer for what is missing"),
]
MOVE_TYPES = {"pay": "in_invoice", "refund": "out_refund", "collect": "out_invoice"}


class DealerAgencySettlement(models.TransientModel):
    """Takes agency money of one or many deals to zero by a bill, a credit note or an invoice."""

    _name = "dealer.agency.settlement"
    _description = "Settlement of Agency Money"

    kind = fields.Selection(KINDS, string="What to Do", required=True, default="pay")
    partner_id = fields.Many2one(
        "res.partner",
        compute="_compute_partner_id",
        store=True,
        readonly=False,
        help="Tax office, insurer or vehicle office that gets the money; or the customer.",
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    line_ids = fields.One2many("dealer.agency.settlement.line", "settlement_id", string="Items")

    @api.model
    def default_get(self, fields_list):
        """One line for each chosen row of the ledger, with what is open."""
        values = super().default_get(fields_list)
        ledger_ids = self.env.context.get("default_ledger_ids") or []
        ledger = self.env["dealer.agency.ledger"].browse(ledger_ids)
        if ledger and "line_ids" in fields_list:
            values["line_ids"] = [
                Command.create(row._prepare_settlement_line_vals())
                for row in ledger
                if row.order_id and row.product_id
            ]
        return values

    @api.depends("kind")
    def _compute_partner_id(self):
        """The customer of the deals, or nobody yet: authorities are for the accountant to name."""
        for settlement in self:
            partners = settlement.line_ids.order_id.partner_invoice_id
            is_customer = settlement.kind != "pay" and len(partners) == 1
            settlement.partner_id = partners if is_customer else False

    def action_create(self):
        """Make the draft document and open it (button)."""
        self.ensure_one()
        move = self._create_move()
        return move._get_records_action(name=self.env._("Settlement of Agency Money"))

    def _create_move(self):
        """Draft bill, credit note or invoice of the items with an amount.

        :raise UserError: nothing to settle, several companies, or nobody to settle with
        """
        self.ensure_one()
        lines = self.line_ids.filtered("amount")
        if not lines:
            raise UserError(self.env._("Enter at least one amount."))
        company = lines.order_id.company_id
        if len(company) > 1:
            raise UserError(self.env._("Settle the deals of one company at a time."))
        if not self.partner_id:
            raise UserError(self.env._("Choose who gets or pays the money."))
        return (
            self.env["account.move"]
            .with_company(company)
            .create(self._prepare_move_vals(company, lines))
        )

    def _prepare_move_vals(self, company, lines):
        """Values of the document, without any tax: the money is not ours."""
        self.ensure_one()
        return {
            "move_type": MOVE_TYPES[self.kind],
            "partner_id": self.partner_id.id,
            "company_id": company.id,
            "invoice_date": self.date,
            "invoice_origin": ", ".join(lines.order_id.mapped("name")),
            "invoice_line_ids": [Command.create(line._prepare_move_line_vals()) for line in lines],
        }
