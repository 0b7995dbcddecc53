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


class DealerTender(models.Model):
    """A bid for the cars of a public body or a fleet (招投标)."""

    _name = "dealer.tender"
    _description = "Tender"
    _inherit = ["dealer.fact.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "date_deadline desc, id desc"
    _check_company_auto = True

    _fact_fields = frozenset({"state", "date_submitted"})

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

    def action_draft(self):
        """Prepare it again."""
        self._set_state("draft")
