from odoo import api, fields, models
from odoo.exceptions import UserError

PURPOSES = [
    ("inquiry", "Answering an inquiry"),
    ("contract", "Performing the contract"),
    ("marketing_sms", "Marketing by SMS or mail"),
    ("marketing_call", "Marketing calls"),
    ("profiling", "Profiling and offers made for the person"),
    ("share_oem", "Sharing with the manufacturer"),
    ("share_bank", "Sharing with banks"),
    ("share_insurer", "Sharing with insurers"),
    ("survey", "Surveys"),
    ("sensitive", "Identity documents and driving tracks"),
]


class DealerConsent(models.Model):
    """What a person agreed to, or took back: one row for each statement, never rewritten.

    The newest statement on a purpose counts. Taking back is as easy as giving and counts at once
    (Personal Information Protection Law Art. 13-15, 23, 29). Who asks on the website has no file
    yet: the statement is of the inquiry, and of the person once the inquiry has one.
    """

    _name = "dealer.consent"
    _description = "Consent"
    _order = "date desc, id desc"
    _rec_names_search = ["partner_id"]

    partner_id = fields.Many2one(
        "res.partner", "Person", index="btree_not_null", ondelete="cascade"
    )
    lead_id = fields.Many2one(
        "crm.lead", "Inquiry", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    purpose = fields.Selection(PURPOSES, required=True)
    state = fields.Selection(
        [("given", "Given"), ("withdrawn", "Withdrawn")], required=True, default="given"
    )
    date = fields.Datetime("When", required=True, default=fields.Datetime.now)
    notice_id = fields.Many2one(
        "dealer.consent.notice",
        "Text",
        ondelete="restrict",
        help="The version of the notice that the person was shown.",
    )
    way = fields.Selection(
        [
            ("paper", "Signed paper"),
            ("screen", "Signed on the screen"),
            ("web", "Web form"),
            ("phone", "By telephone"),
            ("message", "By message"),
            ("portal", "Customer portal"),
        ],
        "How",
        required=True,
        default="paper",
    )
    evidence = fields.Binary(attachment=True)
    evidence_name = fields.Char()
    note = fields.Char()
    create_uid = fields.Many2one("res.users", "Recorded by", readonly=True)

    _of_somebody = models.Constraint(
        "CHECK (partner_id IS NOT NULL OR lead_id IS NOT NULL)", "Say whose consent it is."
    )
    _newest = models.Index("(partner_id, purpose, date DESC, id DESC)")

    @api.depends("purpose", "state", "date")
    def _compute_display_name(self):
        purposes = dict(self._fields["purpose"]._description_selection(self.env))
        states = dict(self._fields["state"]._description_selection(self.env))
        for consent in self:
            consent.display_name = f"{purposes.get(consent.purpose)}: {states.get(consent.state)}"

    @api.model_create_multi
    def create(self, vals_list):
        consents = super().create(vals_list)
        for consent in consents:
            if consent.state == "given" and not consent.notice_id:
                consent._dealer_take_notice()
        return consents

    def _dealer_take_notice(self):
        """The text in force when the person agreed, if none was named."""
        notice = self.env["dealer.consent.notice"]._dealer_get_current(
            self.purpose, fields.Date.to_date(self.date)
        )
        if notice:
            self.sudo().notice_id = notice  # sudo: the one writing of a statement by the program

    def write(self, vals):
        """:raise UserError: a statement is history; a new one takes it back"""
        if not self.env.su and set(vals) - {"note", "evidence", "evidence_name"}:
            raise UserError(
                self.env._("A consent is not rewritten. Record what the person says now.")
            )
        return super().write(vals)

    def action_withdraw(self):
        """Take consents back, at once."""
        for consent in self.filtered(lambda consent: consent.state == "given"):
            if consent.partner_id:
                consent.partner_id._dealer_set_consent(
                    consent.purpose, "withdrawn", way=consent.way
                )
            else:
                consent.lead_id._dealer_set_consent(consent.purpose, "withdrawn", way=consent.way)
