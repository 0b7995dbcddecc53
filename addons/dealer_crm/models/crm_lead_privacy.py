from odoo import fields, models

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
