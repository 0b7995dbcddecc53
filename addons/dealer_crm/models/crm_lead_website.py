from odoo import models


class CrmLead(models.Model):
    """Inquiries of the website are shared out like all others."""

    _inherit = "crm.lead"  # pylint: disable=consider-merging-classes-inherited

    def website_form_input_filter(self, request, values):
        """OVERRIDE website_crm: the leader of the default team is nobody's salesperson.

        Odoo gives him every inquiry, so neither the person's own salesperson nor the rules of
        assignment were asked. Whoever is set on the website itself stays.
        """
        values = super().website_form_input_filter(request, values)
        values["user_id"] = request.website.crm_default_user_id.id
        return values
