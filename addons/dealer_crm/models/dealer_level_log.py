from odoo import fields, models


class DealerLevelLog(models.Model):
    """When a lead got hotter or cooler, by whom and why. Nobody changes it."""

    _name = "dealer.level.log"
    _description = "Change of Intention Level"
    _order = "date desc, id desc"
    _rec_name = "lead_id"

    lead_id = fields.Many2one("crm.lead", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="lead_id.company_id")
    date = fields.Datetime(required=True, default=fields.Datetime.now)
    user_id = fields.Many2one("res.users", string="By", default=lambda self: self.env.user)
    level_from_id = fields.Many2one(
        "dealer.intention.level", string="From Level", ondelete="restrict"
    )
    level_to_id = fields.Many2one(
        "dealer.intention.level", string="To Level", required=True, ondelete="restrict"
    )
    is_lowered = fields.Boolean(string="Lowered")
    reason = fields.Char()
