import vobject

from odoo import api, fields, models


class CalendarEvent(models.Model):
    """A meeting with a customer is for those who hold it, and for who serves all customers.

    Odoo shows every meeting to all colleagues: its title and its guests name the customer.
    """

    _inherit = "calendar.event"

    dealer_names_customer = fields.Boolean(
        string="With a Customer",
        compute="_compute_dealer_names_customer",
        compute_sudo=True,  # sudo: also customers whom its reader may not see
        store=True,
    )

    @api.depends("opportunity_id", "partner_ids.dealer_is_customer")
    def _compute_dealer_names_customer(self):
        for meeting in self:
            meeting.dealer_names_customer = meeting.opportunity_id or any(
                meeting.partner_ids.mapped("dealer_is_customer")
            )

    @api.model
    def _get_contact_details_description(self, organizer, partners):
        """OVERRIDE calendar: no telephone and mail of a customer in the text of a meeting."""
        # sudo: only the flag
        others = partners.sudo().filtered(lambda partner: not partner.dealer_is_customer)
        return super()._get_contact_details_description(organizer, partners.browse(others.ids))

    def _get_ics_file(self):
        """OVERRIDE calendar: everybody who is invited gets the file; customers stand there by name.

        Each of them has the invitation in his own letter, with the buttons to answer.
        """
        files = super()._get_ics_file()
        for meeting in self.filtered(lambda meeting: files.get(meeting.id)):
            # sudo: only the flag and what is hidden
            people = meeting.sudo().attendee_ids.partner_id
            customers = {
                f"mailto:{person.email}".lower(): person.name
                for person in people
                if person.dealer_is_customer and person.email
            }
            if customers:
                files[meeting.id] = self._dealer_hide_attendees(files[meeting.id], customers)
        return files

    @api.model
    def _dealer_hide_attendees(self, content, names):
        """The file without the addresses of some people.

        :param names: dict address as in the file, in small letters → name of the person
        """
        calendar = vobject.readOne(content.decode())
        for attendee in calendar.vevent.contents.get("attendee", ()):
            name = names.get(attendee.value.lower())
            if name:
                attendee.value = "MAILTO:"
                attendee.params["CN"] = [name.replace('"', "'")]
        return calendar.serialize().encode()
