from odoo import fields, models


class HelpdeskTicketTeam(models.Model):
    _inherit = "helpdesk.ticket.team"

    dealer_is_complaint = fields.Boolean(
        "Handles Complaints", help="Complaints come to this team by themselves."
    )
