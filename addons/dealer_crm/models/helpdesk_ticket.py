from odoo import fields, models


class HelpdeskTicket(models.Model):
    """Complaints among the tickets: nothing else is sent to who has one open."""

    _inherit = "helpdesk.ticket"

    dealer_is_complaint = fields.Boolean("Complaint", index=True)
