from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class CrmLead(models.Model):
    """Where the next contact of a lead stands: the colours above the columns of the pipeline.

    Odoo's own colours sum up all activities of all leads before it looks at those in sight, which
    took a manager of 10,000 leads as long as the rest of the page. Each lead has one next contact,
    by the clock of its level, so the lead itself knows.
    """

    _inherit = "crm.lead"  # pylint: disable=consider-merging-classes-inherited

    dealer_contact_state = fields.Selection(
        [("overdue", "Overdue"), ("today", "Today"), ("planned", "Planned")],
        "State of Next Contact",
        compute="_compute_dealer_contact_state",
        search="_search_dealer_contact_state",
        help="Overdue: its hour has passed. Today: it is due before the day ends in the shop.",
    )

    @api.depends("dealer_next_contact_date")
    @api.depends_context("company")
    def _compute_dealer_contact_state(self):
        now, end = self._dealer_get_contact_limits()
        for lead in self:
            date = lead.dealer_next_contact_date
            lead.dealer_contact_state = date and (
                "overdue" if date <= now else "today" if date < end else "planned"
            )

    def _search_dealer_contact_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        now, end = self._dealer_get_contact_limits()
        name = "dealer_next_contact_date"
        domains = {
            "overdue": Domain(name, "<=", now),
            "today": Domain(name, ">", now) & Domain(name, "<", end),
            "planned": Domain(name, ">", now) & Domain(name, ">=", end),
            False: Domain(name, "=", False),
        }
        return Domain.OR(domains[state] for state in value if state in domains)

    @api.model
    def _dealer_get_contact_limits(self):
        """What is due until now is overdue, what is due before the end of the day is for today."""
        return fields.Datetime.now(), self.env.company._dealer_get_shop_day()[1]

    def _read_group_groupby(self, alias, groupby_spec, query):
        if groupby_spec != "dealer_contact_state":
            return super()._read_group_groupby(alias, groupby_spec, query)
        now, end = self._dealer_get_contact_limits()
        date = self._field_to_sql(alias, "dealer_next_contact_date", query)
        return SQL(
            "CASE WHEN %(date)s <= %(now)s THEN 'overdue' WHEN %(date)s < %(end)s THEN 'today'"
            " WHEN %(date)s IS NOT NULL THEN 'planned' END",
            date=date,
            now=now,
            end=end,
        )

    def _read_group_orderby(self, order, groupby_terms, query):
        """Sort the stages of a pipeline once each: Odoo joins the stage to every lead for it."""
        stage = groupby_terms.get("stage_id")
        if order != "stage_id" or not stage or len(groupby_terms) > 1:
            return super()._read_group_orderby(order, groupby_terms, query)
        return SQL("(SELECT sequence FROM crm_stage WHERE id = %s), %s", stage, stage)
