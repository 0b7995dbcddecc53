from odoo import fields, models


class DealerChecklistTester(models.Model):
    """A record that carries checklists, for tests only."""

    _name = "dealer.checklist.tester"
    _description = "Checklist Tester"
    _inherit = ["dealer.checklist.mixin"]
    _checklist_company_field = "company_id"

    name = fields.Char()
    company_id = fields.Many2one("res.company", default=lambda self: self.env.company)
    keeper_id = fields.Many2one("res.users")
