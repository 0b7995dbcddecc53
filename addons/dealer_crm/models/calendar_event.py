from odoo import api, models


class CalendarEvent(models.Model):
    """Meetings are seen by all colleagues, the telephones of the customers in them are not."""

    _inherit = "calendar.event"

    @api.model
    def _get_contact_details_description(self, organizer, partners):
        """OVERRIDE calendar: no telephone and mail of a customer in the text of a meeting."""
        # sudo: only the flag
        others = partners.sudo().filtered(lambda partner: not partner.dealer_is_customer)
        return super()._get_contact_details_description(organizer, partners.browse(others.ids))
