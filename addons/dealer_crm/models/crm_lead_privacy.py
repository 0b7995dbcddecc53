from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .dealer_masked_mixin import EMAIL, PHONE


class CrmLead(models.Model):
    """Telephone and mail of an inquiry with stars."""

    _name = "crm.lead"
    _inherit = ["dealer.masked.mixin", "crm.lead"]

    _dealer_masked_fields = {
        "phone": PHONE,
        "phone_sanitized": PHONE,
        "dealer_phone_key": PHONE,
        "email_from": EMAIL,
        "email_normalized": EMAIL,
    }

    # the chatter would show what the form hides
    phone = fields.Char(tracking=False)
    email_from = fields.Char(tracking=False)
    dealer_anonymised_on = fields.Datetime("Made Anonymous on", readonly=True, copy=False)

    # === WHO SEES ===
    def _dealer_is_of_colleague(self):
        """Whether the person of the lead is looked after by somebody else than the user."""
        self.ensure_one()
        owner = self.sudo().partner_id.user_id  # sudo: only who it is
        return bool(owner) and owner != self.env.user

    def _dealer_get_opened_ids(self):
        """OVERRIDE dealer_crm: a lead of a shared customer does not open the colleague's file."""
        opened = super()._dealer_get_opened_ids()
        logged = self.env["dealer.unmask.log"]._dealer_get_open_ids(self)
        colleagues = self.filtered(lambda lead: lead._dealer_is_of_colleague())
        return opened - (set(colleagues._origin.ids) - logged)

    @api.model
    def _dealer_get_opened_domain(self):
        """OVERRIDE dealer_crm: as above."""
        logged = Domain("id", "in", self.env["dealer.unmask.log"]._dealer_get_open_ids(self))
        free = Domain("partner_id", "=", False) | Domain(
            "partner_id", "any!", [("user_id", "in", [self.env.uid, False])]
        )
        return logged | (super()._dealer_get_opened_domain() & free)

    def write(self, vals):
        """The number of a colleague's customer stays with the customer, whoever has the lead."""
        if "partner_id" in vals and self.env["res.partner"]._dealer_is_own_only():
            for lead in self.filtered(lambda lead: lead.partner_id.id != vals["partner_id"]):
                if lead._dealer_is_of_colleague():
                    raise UserError(
                        self.env._(
                            "%(lead)s is about a customer of %(owner)s: a manager moves it to"
                            " somebody else.",
                            lead=lead.display_name,
                            owner=lead.sudo().partner_id.user_id.name,  # sudo: as above
                        )
                    )
        return super().write(vals)

    def _dealer_anonymise(self):
        """Take the person out of inquiries; what statistics count stays.

        :return: number of leads
        """
        self.with_context(tracking_disable=True).write(
            {
                "name": self.env._("Anonymous inquiry"),
                "contact_name": False,
                "partner_name": False,
                "partner_id": False,
                "phone": False,
                "email_from": False,
                "email_cc": False,
                "description": False,
                "street": False,
                "street2": False,
                "dealer_anonymised_on": fields.Datetime.now(),
            }
        )
        self.dealer_touch_ids.write({"text": False})
        self.message_ids.unlink()
        self.activity_ids.unlink()
        return len(self)
