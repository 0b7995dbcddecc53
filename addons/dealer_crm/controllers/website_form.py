from odoo.exceptions import ValidationError

from odoo.addons.website_crm.controllers import website_form

from ..tools.phone import phone_key


class WebsiteForm(website_form.WebsiteForm):
    """Inquiries of the website: one person, one open lead."""

    def insert_record(self, request, model_sudo, values, custom, meta=None):
        """OVERRIDE website: who asks again is found again, by the telephone."""
        if model_sudo.model != "crm.lead":
            return super().insert_record(request, model_sudo, values, custom, meta=meta)
        company = request.website.company_id
        key = phone_key(values.get("phone"), company.country_id.code)
        if values.get("phone") and not key:
            raise ValidationError(
                request.env._("This is no telephone number. We need one to call you back.")
            )
        # sudo: a visitor reads no lead
        known = request.env["crm.lead"].sudo()._dealer_find_open([key], company) if key else {}
        if not known:
            return super().insert_record(request, model_sudo, values, custom, meta=meta)
        lead = known[key]
        channel = request.env.ref("dealer_crm.dealer_channel_website").sudo()  # sudo: as above
        lead._dealer_add_touch(
            text="\n".join(filter(None, (values.get("name"), values.get("description"), custom))),
            channel=channel,
            wish_text=values.get("name"),
        )
        return lead.id
