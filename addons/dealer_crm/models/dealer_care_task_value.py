from odoo import api, fields, models
from odoo.fields import Domain


class DealerCareTask(models.Model):
    """How many customers came back after they were spoken to."""

    _inherit = "dealer.care.task"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _dealer_kpi_won_back(self, scope):
        """Customers who came after a contact of a churn plan / customers contacted, in per cent."""
        domain = (
            Domain("plan_id.trigger", "=", "churn")
            & Domain("state", "in", ("sent", "done"))
            & Domain("done_on", ">=", fields.Datetime.to_datetime(scope.date_from))
            & Domain("done_on", "<", fields.Date.add(scope.date_to, days=1))
        )
        if scope.person_id:
            domain &= Domain("user_id", "=", scope.person_id)
        return self._dealer_kpi_won_back_rows(self.search(domain), scope), domain

    @api.model
    def _dealer_kpi_won_back_rows(self, rows, scope):
        contacted = rows.partner_id
        back = rows.filtered(
            lambda task: (
                task.partner_id.dealer_last_visit
                and task.partner_id.dealer_last_visit > task.done_on.date()
            )
        ).partner_id
        return 100.0 * len(back) / len(contacted) if contacted else None
