from odoo import fields, models
from odoo.fields import Domain

from .crm_lead_follow_up import ESCALATION


class CrmLead(models.Model):
    """How long a new customer waits for the first talk, counted while the shop is open."""

    _inherit = "crm.lead"  # pylint: disable=consider-merging-classes-inherited

    dealer_arrived_on = fields.Datetime(
        string="Arrived",
        default=fields.Datetime.now,
        readonly=True,
        copy=False,
        help="When the customer asked: the time of the call, the form or the platform.",
    )
    dealer_response_due = fields.Datetime(
        string="First Talk Until", readonly=True, copy=False, index="btree_not_null"
    )
    dealer_answer_due = fields.Datetime(
        string="Owner's Time Until",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="Until then the salesperson has to reach the customer, or a colleague gets the lead.",
    )
    dealer_responded_on = fields.Datetime(string="First Talk", readonly=True, copy=False)
    dealer_response_minutes = fields.Float(
        string="Minutes to First Talk",
        readonly=True,
        copy=False,
        aggregator="avg",
        help="From the arrival to the first talk with the customer, while the shop was open.",
    )
    dealer_response_late = fields.Boolean(string="First Talk Late", readonly=True, copy=False)

    def _dealer_start_response(self, now):
        """Start the clock of leads that came from outside.

        Whoever enters a customer for himself is talking to him already.
        """
        outside = self.filtered(
            lambda lead: lead._dealer_is_followed() and lead.user_id.id != self.env.uid
        )
        minutes = float(self.env["dealer.parameter"]._get_value("lead_response_minutes"))
        for (company, arrived), leads in outside.grouped(
            lambda lead: (lead.company_id, lead.dealer_arrived_on or now)
        ).items():
            shop = company or self.env.company
            leads.write({"dealer_response_due": shop._dealer_add_shop_minutes(arrived, minutes)})

    def _dealer_start_answer(self, now):
        """Give a new owner his time to reach a customer whom nobody has reached yet."""
        waiting = self.filtered(
            lambda lead: lead.dealer_response_due and not lead.dealer_responded_on
        )
        minutes = float(self.env["dealer.parameter"]._get_value("lead_reassign_minutes"))
        for company, leads in waiting.grouped("company_id").items():
            shop = company or self.env.company
            leads.write({"dealer_answer_due": shop._dealer_add_shop_minutes(now, minutes)})

    def _dealer_note_response(self, date):
        """The customer was reached: stop the clock, once."""
        self.ensure_one()
        if self.dealer_responded_on:
            return
        company = self.company_id or self.env.company
        start = self.dealer_arrived_on or self.create_date
        self.write(
            {
                "dealer_responded_on": date,
                "dealer_answer_due": False,
                "dealer_response_minutes": company._dealer_count_shop_minutes(start, date),
                "dealer_response_late": bool(
                    self.dealer_response_due and date > self.dealer_response_due
                ),
            }
        )

    # === CLOCK ===
    def _dealer_watch_responses(self):
        """Tell the manager who waits too long; give the lead to a colleague."""
        now = fields.Datetime.now()
        late = self.search(
            Domain("dealer_response_due", "<=", now)
            & Domain("dealer_responded_on", "=", False)
            & Domain("dealer_response_late", "=", False)
        ).filtered(lambda lead: lead._dealer_is_followed())
        late.write({"dealer_response_late": True})
        late._dealer_tell_late()
        self.search(
            Domain("dealer_answer_due", "<=", now) & Domain("dealer_responded_on", "=", False)
        ).filtered(lambda lead: lead._dealer_is_followed())._dealer_reassign()

    def _dealer_tell_late(self):
        type_id = self.env["ir.model.data"]._xmlid_to_res_id(ESCALATION)
        events, vals_list = [], []
        for lead in self._dealer_with_shop_tz():
            manager = lead._dealer_get_manager()
            events.append(
                {"lead_id": lead.id, "kind": "late", "user_id": lead.user_id.id}
                | {"manager_id": manager.id}
            )
            if manager:
                vals = self._dealer_prepare_activity_vals(
                    lead, type_id, fields.Date.context_today(lead)
                )
                vals_list.append(
                    {
                        **vals,
                        "user_id": manager.id,
                        "summary": self.env._("New customer waits for the first talk"),
                    }
                )
        self.env["dealer.lead.event"].create(events)
        self.env["mail.activity"].with_context(mail_activity_quick_update=True).create(vals_list)

    def _dealer_reassign(self):
        """Take leads from owners who did not reach the customer in time.

        The next person is one who did not have the lead yet; when there is nobody left, the lead
        stays where it is and the manager knows about it already.
        """
        events = self.env["dealer.lead.event"]
        tried = events._read_group(
            [("lead_id", "in", self.ids), ("kind", "=", "timeout")],
            ["lead_id"],
            ["user_id:array_agg"],
        )
        had = {lead.id: set(ids) for lead, ids in tried}
        for lead in self:
            owner = lead.user_id
            without = had.get(lead.id, set()) | {owner.id}
            lead.dealer_answer_due = False
            rule = lead._dealer_get_assignment_rule()
            person = rule and rule.is_reassigned and rule._next_person(rule._open_book(), without)
            if person:
                events.create({"lead_id": lead.id, "kind": "timeout", "user_id": owner.id})
                lead.user_id = person
                rule._note_assignments(lead)
