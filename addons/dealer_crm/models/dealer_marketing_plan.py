from odoo import api, fields, models


class DealerMarketingPlan(models.Model):
    """Marketing of a year: budget and goals by kind of activity, and what became of them."""

    _name = "dealer.marketing.plan"
    _description = "Marketing Plan"
    _inherit = ["dealer.derived.mixin"]
    _order = "year desc, id desc"

    name = fields.Char(required=True)
    year = fields.Integer(
        required=True, default=lambda self: fields.Date.context_today(self).year, aggregator=None
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    line_ids = fields.One2many("dealer.marketing.plan.line", "plan_id", string="Activities")
    budget = fields.Monetary(compute="_compute_totals", store=True)
    target_leads = fields.Integer(string="Leads Wanted", compute="_compute_totals", store=True)

    _year_uniq = models.UniqueIndex("(company_id, year)", "There is a plan for this year already.")
    _year_possible = models.Constraint(
        "CHECK (year BETWEEN 2000 AND 2100)", "Enter the year with four digits."
    )

    @api.depends("line_ids.budget", "line_ids.target_leads")
    def _compute_totals(self):
        for plan in self:
            plan.budget = sum(plan.line_ids.mapped("budget"))
            plan.target_leads = sum(plan.line_ids.mapped("target_leads"))
