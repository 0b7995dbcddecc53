from odoo import api, models


class HelpdeskTicketSla(models.Model):
    """The service level of a complaint counts from the complaint, or from its reopening."""

    _inherit = "helpdesk.ticket.sla"

    @api.depends("ticket_id.dealer_clock_start")
    def _compute_sla_data(self):
        res = super()._compute_sla_data()
        for level in self.filtered(lambda level: level.ticket_id.dealer_is_complaint):
            if level.last_state_date:
                level.last_state_date = level.ticket_id.dealer_clock_start
        return res
