from odoo import api, models
from odoo.fields import Domain

from ..tools.periods import days_in_utc


class DealerCareTask(models.Model):
    """How many customers came back after they were spoken to."""

    _inherit = "dealer.care.task"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _dealer_kpi_won_back(self, scope):
        """Customers who came after a contact of a churn plan / customers contacted, in per cent."""
        start, end = days_in_utc(scope.date_from, scope.date_to, self.env.tz)
        domain = (
            Domain("plan_id.trigger", "=", "churn")
            & Domain("state", "in", ("sent", "done"))
            & Domain("done_on", ">=", start)
            & Domain("done_on", "<", end)
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
