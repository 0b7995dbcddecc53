from odoo import fields, models


class ResPartner(models.Model):
    """Complaints and answers on the customer's file."""

    _inherit = "res.partner"  # pylint: disable=consider-merging-classes-inherited

    dealer_complaint_count = fields.Integer("Complaints", compute="_compute_dealer_complaint_count")

    def _compute_dealer_complaint_count(self):
        counts = dict(
            # sudo: that a customer has complained is what everybody who meets them must know
            self.env["helpdesk.ticket"]
            .sudo()
            ._read_group(
                [("partner_id", "in", self.ids), ("dealer_is_complaint", "=", True)],
                ["partner_id"],
                ["__count"],
            )
        )
        for partner in self:
            # sudo: the key of the numbers above
            partner.dealer_complaint_count = counts.get(partner.sudo(), 0)

    def action_view_dealer_complaints(self):
        """Open the complaints of this customer, as far as the user handles complaints."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "dealer_crm.helpdesk_ticket_action_complaint"
        )
        action["domain"] = [("partner_id", "in", self.ids), ("dealer_is_complaint", "=", True)]
        action["context"] = {"default_partner_id": self.id, "default_dealer_is_complaint": True}
        return action

    def _dealer_get_events(self):
        events = super()._dealer_get_events()
        for ticket in self.env["helpdesk.ticket"].search(
            [("partner_id", "=", self.id), ("dealer_is_complaint", "=", True)], limit=30
        ):
            events.append(
                {
                    "date": ticket.dealer_clock_start,
                    "kind": self.env._("Complaint"),
                    "text": f"{ticket.display_name} · {ticket.stage_id.name}",
                    "icon": "fa-exclamation-triangle",
                    "record": ticket,
                }
            )
        for task in self.env["dealer.care.task"].search(
            [("partner_id", "=", self.id), ("state", "in", ("sent", "done"))], limit=30
        ):
            labels = dict(task._fields["result"]._description_selection(self.env))
            events.append(
                {
                    "date": task.done_on,
                    "kind": self.env._("Care"),
                    "text": " · ".join(filter(None, (task.rule_id.name, labels.get(task.result)))),
                    "icon": "fa-heart-o",
                    "record": task,
                }
            )
        return events
