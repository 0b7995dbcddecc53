from odoo import fields, models
from odoo.exceptions import UserError

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

    _dealer_person_field = "partner_id"

    # the chatter would show what the form hides
    phone = fields.Char(tracking=False)
    email_from = fields.Char(tracking=False)
    dealer_anonymised_on = fields.Datetime("Made Anonymous on", readonly=True, copy=False)

    def write(self, vals):
        """The number of a colleague's customer stays with the customer, whoever has the lead."""
        if "partner_id" in vals and self.env["res.partner"]._dealer_is_own_only():
            for lead in self.filtered(lambda lead: lead.partner_id.id != vals["partner_id"]):
                owner = lead.sudo().partner_id.user_id  # sudo: only who it is
                if owner and owner != self.env.user:
                    raise UserError(
                        self.env._(
                            "%(lead)s is about a customer of %(owner)s: a manager moves it to"
                            " somebody else.",
                            lead=lead.display_name,
                            owner=owner.name,
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
