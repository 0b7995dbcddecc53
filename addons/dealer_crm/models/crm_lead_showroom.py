from odoo import fields, models


class CrmLead(models.Model):
    """What a lead did in the showroom."""

    _inherit = "crm.lead"  # pylint: disable=consider-merging-classes-inherited

    dealer_visit_ids = fields.One2many("dealer.visit", "lead_id", string="Visits")
    dealer_visit_count = fields.Integer(compute="_compute_dealer_visit_count")

    def _compute_dealer_visit_count(self):
        counts = dict(
            self.env["dealer.visit"]._read_group(
                [("lead_id", "in", self.ids)], ["lead_id"], ["__count"]
            )
        )
        for lead in self:
            lead.dealer_visit_count = counts.get(lead, 0)

    def action_dealer_view_visits(self):
        """The visits of this customer."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("dealer_crm.dealer_visit_action")
        return dict(
            action,
            domain=[("lead_id", "=", self.id)],
            context={"default_lead_id": self.id, "default_kind": "repeat"},
        )

    def _merge_dependences(self, opportunities):
        """OVERRIDE crm: visits follow the lead that remains."""
        result = super()._merge_dependences(opportunities)
        # sudo: whoever may merge the leads need not have received every visit
        opportunities.sudo().dealer_visit_ids.lead_id = self
        return result
