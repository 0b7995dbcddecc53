from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import formatLang

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
    currency_id = fields.Many2one("res.currency", compute="_compute_excess_amount")
    excess_amount = fields.Monetary(string="More Than Collected", compute="_compute_excess_amount")
    is_excess_confirmed = fields.Boolean(
        string="The excess is right",
        help="The voucher says so, and the difference will be asked of the customer, or be ours.",
    )

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

    @api.depends("line_ids.excess_amount")
    def _compute_excess_amount(self):
        for settlement in self:
            settlement.currency_id = settlement.line_ids.currency_id[:1]
            settlement.excess_amount = sum(settlement.line_ids.mapped("excess_amount"))

    def action_create(self):
        """Make the draft document and open it (button)."""
        self.ensure_one()
        move = self._create_move()
        return move._get_records_action(name=self.env._("Settlement of Agency Money"))

    def _create_move(self):
        """Draft bill, credit note or invoice of the items with an amount.

        :raise UserError: nothing to settle, several companies, nobody to settle with, or more than
            what is open
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
        excess = self._get_excess_text(lines)
        if excess and not self.is_excess_confirmed:
            raise UserError(
                self.env._(
                    "More than what is open:\n%(items)s\nCorrect the amounts. If the voucher is"
                    " right, tick “The excess is right”.",
                    items=excess,
                )
            )
        move = (
            self.env["account.move"]
            .with_company(company)
            .create(self._prepare_move_vals(company, lines))
        )
        if excess:
            move.message_post(
                body=self.env._("Confirmed: more than what is open. %(items)s", items=excess)
            )
        return move

    def _get_excess_text(self, lines):
        """What goes beyond the open amounts, one line of text for each item."""
        return "\n".join(
            self.env._(
                "%(item)s of %(order)s: %(amount)s, open %(open)s, difference %(difference)s",
                item=line.product_id.display_name,
                order=line.order_id.name,
                **{
                    name: formatLang(self.env, value, currency_obj=line.currency_id)
                    for name, value in (
                        ("amount", line.amount),
                        ("open", line.open_amount),
                        ("difference", line.excess_amount),
                    )
                },
            )
            for line in lines.filtered("excess_amount")
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
