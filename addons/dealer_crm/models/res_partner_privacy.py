from odoo import api, fields, models

from .dealer_masked_mixin import EMAIL, PHONE, mask_email, mask_id_number, mask_phone


class ResPartner(models.Model):
    """What a person agreed to, and personal data with stars."""

    _name = "res.partner"
    _inherit = ["dealer.masked.mixin", "dealer.derived.mixin", "res.partner"]

    _derived_prefix = "dealer_"

    _dealer_masked_fields = {
        "phone": PHONE,
        "phone_sanitized": PHONE,
        "dealer_phone_key": PHONE,
        "email": EMAIL,
        "email_normalized": EMAIL,
        "email_formatted": EMAIL,
        "dealer_wechat": PHONE,
    }

    dealer_consent_ids = fields.One2many("dealer.consent", "partner_id", "Consents")
    dealer_id_number_masked = fields.Char(
        "ID Number (hidden)", compute="_compute_dealer_id_number_masked", compute_sudo=True
    )
    dealer_id_number_entry = fields.Char(
        "Enter the ID Number",
        compute="_compute_dealer_id_number_entry",
        inverse="_inverse_dealer_id_number_entry",
        help="For those who take down a number, and may not read the numbers of others.",
    )
    dealer_restricted = fields.Boolean(
        "Storage Only",
        readonly=True,
        copy=False,
        tracking=True,
        help="The person asked for erasure, and the law demands that records are kept: they are "
        "stored and used for nothing else.",
    )
    dealer_anonymised_on = fields.Datetime("Made Anonymous on", readonly=True, copy=False)
    dealer_is_masked = fields.Boolean(compute="_compute_dealer_is_masked")

    @api.depends_context("uid")
    @api.depends("dealer_id_number")
    def _compute_dealer_id_number_masked(self):
        """With stars, until the user gives a reason to see it (logged)."""
        opened = self.env["dealer.unmask.log"]._dealer_get_open_ids(self)
        for partner in self:
            number = partner.dealer_id_number
            is_open = partner._origin.id in opened
            partner.dealer_id_number_masked = number if is_open else mask_id_number(number)

    def _compute_dealer_id_number_entry(self):
        self.dealer_id_number_entry = False

    def _inverse_dealer_id_number_entry(self):
        for partner in self.filtered("dealer_id_number_entry"):
            number = partner.dealer_id_number_entry
            # sudo: entering is allowed to who may change the contact, reading is not
            partner.sudo().dealer_id_number = number

    @api.depends_context("uid")
    def _compute_dealer_is_masked(self):
        # of the person at the screen, also where a program (sudo) asks
        needs = self._dealer_user_is_masked()
        opened = self._dealer_get_opened_ids() if needs else set()
        for partner in self:
            partner.dealer_is_masked = needs and partner._origin.id not in opened

    # === OTHER WAYS TO SEE ===

    @api.depends_context("uid")
    def _compute_display_name(self):
        """OVERRIDE base: stars in the mail address that some screens put behind the name.

        Screens read the name with sudo: it goes by the person, not by the rights.
        """
        super()._compute_display_name()
        if not self.env.context.get("show_email") or not self._dealer_user_is_masked():
            return
        for partner in self.filtered("email").filtered("dealer_is_masked"):
            partner.display_name = partner.display_name.replace(
                partner.email, mask_email(partner.email)
            )

    def _build_vcard(self):
        """OVERRIDE web: a card to take along, with stars for who sees stars."""
        card = super()._build_vcard()
        if card and self._dealer_needs_mask() and self.dealer_is_masked:
            for name, mask in (("tel", mask_phone), ("email", mask_email)):
                for line in card.contents.get(name) if name in card.contents else ():
                    line.value = mask(line.value)
        return card

    # === CONSENT ===

    def _dealer_has_consent(self, purpose):
        """Whether a person agrees to a purpose today (see ``dealer.consent``).

        Performing a contract needs no consent (PIPL Art. 13); a person whose data are only stored
        agrees to nothing else.
        """
        self.ensure_one()
        return self in self._dealer_filter_consent(purpose)

    def _dealer_filter_consent(self, purpose):
        """The people who agree to a purpose, with one query for all."""
        # sudo: the flag decides whether something is sent, whoever sends it
        people = self.sudo().filtered(lambda partner: not partner.dealer_restricted)
        if purpose == "contract":
            return self & people.sudo(self.env.su)
        newest = {}
        for consent in (
            self.env["dealer.consent"]
            .sudo()  # sudo: as above
            .search_fetch(
                [("partner_id", "in", people.ids), ("purpose", "=", purpose)],
                ["partner_id", "state"],
                order="date desc, id desc",
            )
        ):
            newest.setdefault(consent.partner_id.id, consent.state)
        return self.filtered(lambda partner: newest.get(partner.id) == "given")

    def _dealer_set_consent(self, purpose, state="given", way="paper", **vals):
        """Record what people say about a purpose."""
        return self.env["dealer.consent"].create(
            [
                {
                    "partner_id": partner.id,
                    "purpose": purpose,
                    "state": state,
                    "way": way,
                    **vals,
                }
                for partner in self
            ]
        )

    def action_dealer_withdraw_all(self):
        """The person wants nothing any more: every consent given is taken back."""
        self.ensure_one()
        purposes = dict(self.env["dealer.consent"]._fields["purpose"].selection)
        for purpose in purposes:
            if purpose != "contract" and self._dealer_has_consent(purpose):
                self._dealer_set_consent(purpose, "withdrawn", way="phone")
