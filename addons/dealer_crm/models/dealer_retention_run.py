from odoo import fields, models


class DealerRetentionRun(models.Model):
    """What one run of a retention rule did, or would do."""

    _name = "dealer.retention.run"
    _description = "Retention Run"
    _order = "id desc"
    _rec_name = "rule_id"

    rule_id = fields.Many2one("dealer.retention.rule", required=True, ondelete="restrict")
    is_dry = fields.Boolean("Only a Look", readonly=True)
    due_count = fields.Integer("Due", readonly=True)
    kept_count = fields.Integer("Kept by Law", readonly=True)
    report = fields.Text("Records", readonly=True)
    create_uid = fields.Many2one("res.users", "Run by", readonly=True)
