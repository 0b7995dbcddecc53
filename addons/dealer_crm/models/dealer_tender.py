from odoo import api, fields, models
from odoo.exceptions import UserError

TRANSITIONS = {
    ("draft", "submitted"),
    ("draft", "cancel"),
    ("submitted", "won"),
    ("submitted", "lost"),
    ("submitted", "cancel"),
    ("cancel", "draft"),
}
#: What was handed in: it is changed by opening the tender again, with a reason
HANDED_IN = frozenset(
    {
        "agency_id",
        "amount",
        "bond",
        "ceiling",
        "company_id",
        "currency_id",
        "date_deadline",
        "lead_id",
        "name",
        "number",
        "partner_id",
        "quantity",
    }
)
#: What is known when the bids are opened
RESULT = frozenset({"date_opening", "winner", "winner_amount"})


class DealerTender(models.Model):
    """A bid for the cars of a public body or a fleet (招投标)."""

    _name = "dealer.tender"
    _description = "Tender"
    _inherit = ["dealer.fact.mixin", "dealer.linked.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "date_deadline desc, id desc"
    _check_company_auto = True

    _fact_fields = frozenset({"state", "date_submitted"})
    _linked_fields = {"lead_id": "read", "partner_id": "read", "agency_id": "read"}

    name = fields.Char(string="Project", required=True, tracking=True)
    number = fields.Char(string="Tender Number", copy=False)
    lead_id = fields.Many2one(
        "crm.lead",
        string="Opportunity",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Buyer",
        required=True,
        compute="_compute_partner_id",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
        ondelete="restrict",
    )
    agency_id = fields.Many2one("res.partner", string="Tender Agency", ondelete="set null")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one(
        "res.users", string="Salesperson", default=lambda self: self.env.user, index=True
    )
    date_deadline = fields.Datetime(string="Bids Until", required=True, tracking=True)
    date_opening = fields.Datetime(string="Opening of Bids")
    date_submitted = fields.Datetime(string="Submitted On", readonly=True, copy=False)
    quantity = fields.Integer(string="Number of Cars", default=1)
    ceiling = fields.Monetary(string="Price Limit", help="Most that the buyer will pay.")
    amount = fields.Monetary(string="Our Bid", tracking=True)
    bond = fields.Monetary(string="Bid Bond")
    is_bond_returned = fields.Boolean(string="Bond Returned", tracking=True)
    winner = fields.Char(help="Who won when it was not us.")
    winner_amount = fields.Monetary(string="Winning Bid")
    note = fields.Html()
    reopen_reason = fields.Char(
        string="Why Opened Again", copy=False, help="A manager writes down what was wrong."
    )
    state = fields.Selection(
        [
            ("draft", "In Preparation"),
            ("submitted", "Submitted"),
            ("won", "Won"),
            ("lost", "Not Won"),
            ("cancel", "Cancelled"),
        ],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )

    _amounts_positive = models.Constraint(
        "CHECK (quantity > 0 AND COALESCE(amount, 0) >= 0 AND COALESCE(bond, 0) >= 0)",
        "A bid is for one car at least, and its amounts are not negative.",
    )

    @api.depends("lead_id")
    def _compute_partner_id(self):
        for tender in self:
            tender.partner_id = tender.lead_id.partner_id or tender.partner_id

    def write(self, vals):
        """What was handed in stays as it was, and so does the result of a closed tender."""
        if not self.env.su:
            self._check_not_handed_in(vals)
        return super().write(vals)

    def _check_not_handed_in(self, vals):
        """:raise UserError: facts of a tender that was handed in would change"""
        for tender in self:
            locked = frozenset()
            if tender.state in ("submitted", "won", "lost"):
                locked = HANDED_IN if tender.state == "submitted" else HANDED_IN | RESULT
            if locked & set(vals):
                raise UserError(
                    self.env._(
                        "The bid %(name)s was handed in: a manager opens it again, with the"
                        " reason, before it is changed.",
                        name=tender.display_name,
                    )
                )

    def _set_state(self, new):
        for tender in self:
            if (tender.state, new) not in TRANSITIONS:
                raise UserError(
                    self.env._(
                        "The tender %(name)s cannot take this step now.", name=tender.display_name
                    )
                )
        self.check_access("write")
        values = {"state": new}
        if new == "submitted":
            values["date_submitted"] = fields.Datetime.now()
        self.sudo().write(values)  # sudo: state is a fact

    def action_submit(self):
        """Hand the bid in, in time."""
        for tender in self:
            if not tender.amount:
                raise UserError(self.env._("Enter our bid before you submit it."))
            if fields.Datetime.now() > tender.date_deadline:
                raise UserError(self.env._("Bids were taken until the deadline only."))
            if tender.ceiling and tender.amount > tender.ceiling:
                raise UserError(self.env._("Our bid is above the price limit of the buyer."))
        self._set_state("submitted")

    def action_won(self):
        """We have won."""
        self._set_state("won")

    def action_lost(self):
        """Somebody else has won."""
        self._set_state("lost")

    def action_cancel(self):
        """We do not bid."""
        self._set_state("cancel")

    def action_reopen(self):
        """A manager corrects what was handed in; the reason stays in the chatter."""
        if not self.env.user.has_group("dealer_base.group_sales_manager"):
            raise UserError(self.env._("Ask the sales manager to open the tender again."))
        self.check_access("write")
        for tender in self:
            if tender.state not in ("submitted", "won", "lost"):
                raise UserError(
                    self.env._(
                        "The tender %(name)s cannot take this step now.", name=tender.display_name
                    )
                )
            reason = (tender.reopen_reason or "").strip()
            if not reason:
                raise UserError(self.env._("Write down why the tender is opened again."))
            tender.message_post(body=self.env._("Opened again: %(reason)s", reason=reason))
            # sudo: state is a fact
            tender.sudo().write({"state": "draft", "date_submitted": False, "reopen_reason": False})

    def action_draft(self):
        """Prepare it again."""
        self._set_state("draft")
