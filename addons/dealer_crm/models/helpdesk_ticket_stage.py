from odoo import fields, models


class HelpdeskTicketStage(models.Model):
    _inherit = "helpdesk.ticket.stage"

    dealer_is_waiting = fields.Boolean(
        "Waits for the Customer", help="A complaint needs a reason to be here; its clock rests."
    )
