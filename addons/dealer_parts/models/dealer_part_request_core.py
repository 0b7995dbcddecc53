from odoo import fields, models


class DealerPartRequest(models.Model):
    """The old parts that a job owes."""

    _inherit = "dealer.part.request"

    core_ids = fields.One2many("dealer.core", "request_id", string="Old Parts", readonly=True)
    core_count = fields.Integer(compute="_compute_core_count")

    def _compute_core_count(self):
        counts = dict(
            self.env["dealer.core"]._read_group(
                [("request_id", "in", self.ids), ("state", "!=", "cancel")],
                ["request_id"],
                ["__count"],
            )
        )
        for request in self:
            request.core_count = counts.get(request, 0)

    def action_view_cores(self):
        """Old parts of the job."""
        self.ensure_one()
        return self.core_ids._get_records_action(name=self.env._("Old Parts"))
