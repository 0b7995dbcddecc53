from odoo.exceptions import ValidationError

from odoo.addons.website_crm.controllers import website_form

from ..tools.phone import phone_key

#: The tick of the contact form; a technical name, because each language labels it otherwise.
CONSENT = "dealer_consent"


class WebsiteForm(website_form.WebsiteForm):
    """Inquiries of the website: one person, one open lead."""

    def extract_data(self, model_sudo, values):
        """OVERRIDE website: the tick is a statement of the person, no line of the question."""
        is_given = bool(values.pop(CONSENT, False))
        data = super().extract_data(model_sudo, values)
        if is_given and model_sudo.model == "crm.lead":
            data["record"][CONSENT] = True
        return data

    def insert_record(self, request, model_sudo, values, custom, meta=None):
        """OVERRIDE website: who asks again is found again, by the telephone."""
        if model_sudo.model != "crm.lead":
            return super().insert_record(request, model_sudo, values, custom, meta=meta)
        is_given = values.pop(CONSENT, False)
        lead_id = self._touch_open_lead(request, values, custom) or super().insert_record(
            request, model_sudo, values, custom, meta=meta
        )
        if is_given:
            # sudo: a visitor keeps no consents
            request.env["crm.lead"].sudo().browse(lead_id)._dealer_set_consent("inquiry")
        return lead_id

    def _touch_open_lead(self, request, values, custom):
        """Note the question on the open lead of who asks again.

        :return: id of the lead, or None when there is none
        :raise ValidationError: what was entered is no telephone number
        """
        company = request.website.company_id
        key = phone_key(values.get("phone"), company.country_id.code)
        if values.get("phone") and not key:
            raise ValidationError(
                request.env._("This is no telephone number. We need one to call you back.")
            )
        # sudo: a visitor reads no lead
        known = request.env["crm.lead"].sudo()._dealer_find_open([key], company) if key else {}
        if not known:
            return None
        lead = known[key]
        channel = request.env.ref("dealer_crm.dealer_channel_website").sudo()  # sudo: as above
        lead._dealer_add_touch(
            text="\n".join(filter(None, (values.get("name"), values.get("description"), custom))),
            channel=channel,
            wish_text=values.get("name"),
        )
        return lead.id
