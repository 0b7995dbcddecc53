from odoo import fields, models
from odoo.fields import Domain

from .res_partner_value import CHURN_STAGES


class DealerCarePlan(models.Model):
    """Plans for customers who stay away, and for the people of a segment."""

    _inherit = "dealer.care.plan"

    trigger = fields.Selection(
        selection_add=[("churn", "Churn warning"), ("segment", "Segment")],
        ondelete={"churn": "cascade", "segment": "cascade"},
    )
    churn_stage = fields.Selection(CHURN_STAGES, "Stage")
    segment_id = fields.Many2one("dealer.segment", ondelete="restrict", index="btree_not_null")
    segment_date = fields.Date("Day", default=fields.Date.context_today)

    _churn_stage_set = models.Constraint(
        "CHECK (trigger != 'churn' OR churn_stage IS NOT NULL)",
        "Choose the stage of the warning.",
    )
    _segment_set = models.Constraint(
        "CHECK (trigger != 'segment' OR (segment_id IS NOT NULL AND segment_date IS NOT NULL))",
        "Choose the segment and the day.",
    )

    def _find_churn(self, first, last):
        """Everybody who came to the stage in the period."""
        partners = self.env["res.partner"].search_fetch(
            self._get_customer_domain()
            & Domain("dealer_churn_stage", "=", self.churn_stage)
            & Domain("dealer_churn_since", ">=", first)
            & Domain("dealer_churn_since", "<=", last),
            ["dealer_churn_since"],
        )
        return [
            (partner.id, False, partner.dealer_churn_since, str(partner.dealer_churn_since))
            for partner in partners
        ]

    def _find_segment(self, first, last):
        if not first <= self.segment_date <= last:
            return []
        people = self.segment_id._get_people()
        return [(person.id, False, self.segment_date, str(self.segment_date)) for person in people]
