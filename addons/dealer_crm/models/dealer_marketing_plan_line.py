from odoo import fields, models


class DealerMarketingPlanLine(models.Model):
    """One kind of activity of a year with its budget, its goal and its campaigns."""

    _name = "dealer.marketing.plan.line"
    _description = "Planned Marketing Activity"
    _order = "plan_id, sequence, id"

    plan_id = fields.Many2one(
        "dealer.marketing.plan", required=True, ondelete="cascade", index=True
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(string="Activity", required=True)
    currency_id = fields.Many2one(related="plan_id.currency_id")
    budget = fields.Monetary()
    target_leads = fields.Integer(string="Leads Wanted")
    campaign_ids = fields.One2many("utm.campaign", "dealer_plan_line_id", string="Campaigns")
    spent = fields.Monetary(compute="_compute_actual")
    leads = fields.Integer(string="Leads Got", compute="_compute_actual")

    _not_negative = models.Constraint(
        "CHECK (budget >= 0 AND target_leads >= 0)", "Budget and goal may not be negative."
    )

    def _compute_actual(self):
        for line in self:
            line.spent = sum(line.campaign_ids.mapped("dealer_net_cost"))
            line.leads = sum(line.campaign_ids.mapped("dealer_lead_count"))
