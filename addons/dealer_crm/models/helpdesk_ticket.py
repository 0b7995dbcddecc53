from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from odoo.addons.dealer_vehicle.models.dealer_fact_mixin import DealerFactMixin

from ..tools.periods import days_in_utc

OUTCOMES = [
    ("explained", "Explained"),
    ("repaired", "Put right"),
    ("compensated", "Compensated"),
    ("refund", "Money back"),
    ("buy_back", "Car taken back"),
]
#: Outcomes that a manager agrees to first.
APPROVED_OUTCOMES = ("refund", "buy_back")
#: What a closed complaint was closed with.
CLOSED_WITH = {
    "dealer_confirmation",
    "dealer_confirmed_how",
    "dealer_cost",
    "dealer_grade_id",
    "dealer_measure",
    "dealer_outcome",
    "dealer_root_cause",
    "duplicate_id",
    "partner_id",
    "team_id",
}
#: Who says that a complaint is less serious than it was.
GRADE_LOWERED_BY = ("general_manager", "sales_manager", "service_manager")
CONFIRMATIONS = [
    ("phone", "By telephone"),
    ("visit", "In person"),
    ("written", "In writing"),
    ("chat", "By chat"),
]


class HelpdeskTicket(models.Model):
    """A complaint: graded, answered and closed by the clock, closed with the customer's word only.

    The clock to the answer is here; that to the end is the service level of the grade, which rests
    in the stages that wait for the customer. What is late goes up: to the role of the grade, then
    to the general manager.
    """

    _name = "helpdesk.ticket"
    _inherit = ["helpdesk.ticket", DealerFactMixin._name, "dealer.derived.mixin"]

    _derived_prefix = "dealer_"
    _fact_fields = frozenset(
        {
            "dealer_answered_on",
            "dealer_answered_by_id",
            "dealer_approved_by_id",
            "dealer_approved_on",
            "dealer_reopen_count",
            "dealer_clock_start",
            "dealer_escalation",
            "dealer_survey_input_id",
        }
    )

    dealer_is_complaint = fields.Boolean("Complaint", index=True, tracking=True)
    dealer_grade_id = fields.Many2one(
        "dealer.complaint.grade",
        string="Grade",
        compute="_compute_dealer_grade_id",
        store=True,
        readonly=False,
        tracking=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    dealer_vehicle_id = fields.Many2one("dealer.vehicle", "Car", index="btree_not_null")
    dealer_order_id = fields.Many2one("sale.order", "Order", index="btree_not_null")
    dealer_survey_input_id = fields.Many2one(
        "survey.user_input", "Answers", readonly=True, index="btree_not_null", copy=False
    )
    # === CLOCK ===
    dealer_clock_start = fields.Datetime(
        "Complained On", default=fields.Datetime.now, readonly=True, copy=False
    )
    dealer_answer_due = fields.Datetime(
        "Answer Until", compute="_compute_dealer_answer_due", store=True, index="btree_not_null"
    )
    dealer_answered_on = fields.Datetime("Answered On", readonly=True, copy=False, tracking=True)
    dealer_answered_by_id = fields.Many2one(
        "res.users", "Answered By", readonly=True, copy=False, index="btree_not_null"
    )
    dealer_wait_reason = fields.Char(
        "Waiting For", copy=False, tracking=True, help="What the customer has to do or decide."
    )
    dealer_escalation = fields.Selection(
        [("answer", "Answer late"), ("close", "Closing late")],
        "Escalated",
        readonly=True,
        copy=False,
        tracking=True,
    )
    # === CASE ===
    dealer_whys = fields.Text("Five Whys", copy=False)
    dealer_root_cause = fields.Char("Root Cause", copy=False, tracking=True)
    dealer_measure = fields.Text("What We Did", copy=False)
    dealer_prevention = fields.Text("So That It Does Not Happen Again", copy=False)
    dealer_outcome = fields.Selection(OUTCOMES, "Outcome", copy=False, tracking=True)
    dealer_currency_id = fields.Many2one(related="company_id.currency_id")
    dealer_cost = fields.Monetary(
        "Cost", currency_field="dealer_currency_id", copy=False, tracking=True
    )
    dealer_approved_by_id = fields.Many2one("res.users", "Agreed By", readonly=True, copy=False)
    dealer_approved_on = fields.Datetime("Agreed On", readonly=True, copy=False)
    # === THE CUSTOMER'S WORD ===
    dealer_confirmation = fields.Text(
        "The Customer's Word", copy=False, help="What the customer said about the result."
    )
    dealer_confirmed_how = fields.Selection(CONFIRMATIONS, "Confirmed", copy=False, tracking=True)
    dealer_reopen_count = fields.Integer(
        "Reopened", readonly=True, copy=False, tracking=True, aggregator="sum"
    )

    # === COMPUTES ===
    @api.depends("dealer_is_complaint")
    def _compute_dealer_grade_id(self):
        lowest = self.env["dealer.complaint.grade"].search([], limit=1)
        for ticket in self:
            if ticket.dealer_is_complaint:
                ticket.dealer_grade_id = ticket.dealer_grade_id or lowest
            else:
                ticket.dealer_grade_id = False

    @api.depends("dealer_grade_id.answer_hours", "dealer_clock_start", "team_id", "company_id")
    def _compute_dealer_answer_due(self):
        for ticket in self:
            grade, start = ticket.dealer_grade_id, ticket.dealer_clock_start
            # sudo: the hours of the shop are no secret
            calendar = (
                ticket.team_id.sudo().resource_calendar_id
                or ticket.company_id.sudo().resource_calendar_id
            )
            ticket.dealer_answer_due = (
                calendar.plan_hours(grade.answer_hours, start, compute_leaves=True)
                if grade and start
                else False
            )

    @api.model
    def _dealer_get_team(self, company):
        """The team that handles complaints of a company, made when there is none."""
        company = company or self.env.company
        Team = self.env["helpdesk.ticket.team"].sudo()  # sudo: configuration
        domain = [("dealer_is_complaint", "=", True), ("company_id", "in", (company.id, False))]
        return Team.search(domain, order="company_id", limit=1) or Team.create(
            {
                "name": self.env._("Complaints"),
                "company_id": company.id,
                "dealer_is_complaint": True,
                "use_sla": True,
                "resource_calendar_id": company.resource_calendar_id.id,
            }
        )

    # === CRUD ===
    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [self._dealer_complete_team(vals) for vals in vals_list]
        for vals in vals_list:
            if vals.get("dealer_is_complaint") and not vals.get("team_id"):
                company = self.env["res.company"].browse(vals.get("company_id"))
                vals["team_id"] = self._dealer_get_team(company).id
        tickets = super().create(vals_list)
        complaints = tickets.filtered("dealer_is_complaint")
        complaints.filtered("stage_id.closed")._dealer_check_stage()
        complaints._dealer_tell_role()
        return tickets

    def write(self, vals):
        vals = self._dealer_complete_team(vals)
        self._dealer_check_stays(vals)
        self._dealer_check_closed_with(vals)
        self._dealer_check_grade(vals)
        self._dealer_check_team(vals)
        self._dealer_check_outcome_kept(vals)
        stage = self.env["helpdesk.ticket.stage"].browse(vals.get("stage_id"))
        reopened = self.browse()
        if stage:
            moving = self.filtered(
                lambda ticket: ticket.dealer_is_complaint and ticket.stage_id != stage
            )
            reopened = moving.filtered("stage_id.closed") if not stage.closed else reopened
        before = {ticket: ticket.dealer_grade_id for ticket in self}
        others = self.filtered(lambda ticket: not ticket.dealer_is_complaint)
        res = super().write(vals)
        # who ticks a case that is closed already has to bring the customer's word, too
        others.filtered(
            lambda ticket: ticket.dealer_is_complaint and ticket.stage_id.closed
        )._dealer_check_stage()
        if stage:
            moving._dealer_check_stage()
            if not stage.dealer_is_waiting:
                moving.filtered("dealer_wait_reason").dealer_wait_reason = False
            reopened._dealer_restart_clock()
        if "dealer_grade_id" in vals or "dealer_is_complaint" in vals:
            graded = self.filtered(lambda ticket: before[ticket] != ticket.dealer_grade_id)
            for ticket in graded:
                ticket.sudo().refresh_sla()  # sudo: service levels are read by their team only
            graded.filtered("dealer_is_complaint")._dealer_tell_role()
        return res

    def _dealer_check_stays(self, vals):
        """Once a complaint, always a complaint; an open one is not put out of sight.

        Otherwise a case could be closed without the customer's word, and the clocks that the
        maker judges the store by would be stopped by whoever is late.
        """
        complaints = self.filtered("dealer_is_complaint")
        unticked = "dealer_is_complaint" in vals and not vals["dealer_is_complaint"]
        if unticked and complaints and not self.env.su:
            raise UserError(
                self.env._(
                    "%(ticket)s is a complaint and stays one: close it with the customer's word.",
                    ticket=complaints[0].display_name,
                )
            )
        if "active" in vals and not vals["active"]:
            still_open = complaints.filtered(lambda ticket: not ticket.stage_id.closed)
            if still_open:
                raise UserError(
                    self.env._(
                        "%(ticket)s is an open complaint: close it with the customer's word"
                        " before it is archived.",
                        ticket=still_open[0].display_name,
                    )
                )

    def _dealer_check_closed_with(self, vals):
        """What a complaint was closed with stays: people have agreed to it."""
        names = CLOSED_WITH & vals.keys()
        stage = self.env["helpdesk.ticket.stage"].browse(vals.get("stage_id"))
        if self.env.su or not names or (stage and not stage.closed):
            return
        for ticket in self.filtered(lambda t: t.dealer_is_complaint and t.stage_id.closed):
            told = ticket._convert_to_write({name: ticket[name] for name in names})
            if any((told[name] or False) != (vals[name] or False) for name in names):
                raise UserError(
                    self.env._(
                        "%(ticket)s is closed: reopen it to change with what.",
                        ticket=ticket.display_name,
                    )
                )

    def _dealer_check_grade(self, vals):
        """Refuse a milder grade, with its longer clock, by who has to answer."""
        grade = self.env["dealer.complaint.grade"].browse(vals.get("dealer_grade_id"))
        user = self.env.user
        if self.env.su or not grade:
            return
        if any(user.has_group(f"dealer_base.group_{role}") for role in GRADE_LOWERED_BY):
            return
        for ticket in self.filtered("dealer_is_complaint"):
            if grade.level < ticket.dealer_grade_id.level:
                raise UserError(
                    self.env._(
                        "%(ticket)s: a manager says that a complaint is less serious.",
                        ticket=ticket.display_name,
                    )
                )

    @api.model
    def _dealer_complete_team(self, vals):
        """What the team of complaints gets is a complaint, whoever brings it."""
        # sudo: what a team is for
        team = self.env["helpdesk.ticket.team"].browse(vals.get("team_id") or []).sudo()
        return {**vals, "dealer_is_complaint": True} if team.dealer_is_complaint else vals

    def _dealer_check_team(self, vals):
        """A complaint has a team, by whose hours its clocks run."""
        if "team_id" in vals and not vals["team_id"] and any(self.mapped("dealer_is_complaint")):
            raise UserError(
                self.env._("Say which team answers for the complaint: its hours make the clock.")
            )
        if vals.get("dealer_is_complaint") and not vals.get("team_id"):
            for ticket in self.filtered(lambda ticket: not ticket.team_id):
                ticket.team_id = self._dealer_get_team(ticket.company_id)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_complaint(self):
        complaints = self.filtered("dealer_is_complaint")
        if complaints:
            raise UserError(
                self.env._(
                    "%(ticket)s is a complaint: it is closed and archived, never deleted.",
                    ticket=complaints[0].display_name,
                )
            )

    def _dealer_check_outcome_kept(self, vals):
        """What a manager agreed to is not changed behind the manager's back."""
        if {"dealer_outcome", "dealer_cost"} & set(vals):
            # sudo: the agreement is a fact
            agreed = self.sudo().filtered("dealer_approved_by_id")
            agreed.write({"dealer_approved_by_id": False, "dealer_approved_on": False})

    def _dealer_check_stage(self):
        """Waiting needs a reason, closing the customer's word."""
        for ticket in self:
            stage = ticket.stage_id
            if stage.dealer_is_waiting and not ticket.dealer_wait_reason:
                raise UserError(
                    self.env._(
                        "Say what %(ticket)s waits for: the clock rests only while the customer"
                        " has to do something.",
                        ticket=ticket.display_name,
                    )
                )
            if stage.closed and not ticket._dealer_is_handled_elsewhere():
                ticket._dealer_check_closing()

    def _dealer_is_handled_elsewhere(self):
        """Whether another complaint of the same customer carries this one to its end."""
        first = self.duplicate_id
        if first.closed_date and first.closed_date < self.dealer_clock_start:
            return False  # what the customer said then was not about this one
        return (
            first.dealer_is_complaint
            and first != self
            and not first.duplicate_id
            and first.commercial_partner_id
            and first.commercial_partner_id == self.commercial_partner_id
        )

    def _dealer_check_closing(self):
        missing = [
            self._fields[name]._description_string(self.env)
            for name in (
                "dealer_root_cause",
                "dealer_measure",
                "dealer_outcome",
                "dealer_confirmed_how",
                "dealer_confirmation",
            )
            if not self[name]
        ]
        if missing:
            raise UserError(
                self.env._(
                    "%(ticket)s cannot be closed yet. Fill in: %(fields)s.",
                    ticket=self.display_name,
                    fields=", ".join(missing),
                )
            )
        if self.dealer_outcome in APPROVED_OUTCOMES and not self.dealer_approved_by_id:
            raise UserError(
                self.env._(
                    "The general manager must agree to this outcome of %(ticket)s first.",
                    ticket=self.display_name,
                )
            )

    def _dealer_restart_clock(self):
        """A reopened complaint is answered anew, and the customer's word is asked for again."""
        for ticket in self.sudo():  # sudo: the clock is a fact
            ticket.write(
                {
                    "dealer_reopen_count": ticket.dealer_reopen_count + 1,
                    "dealer_clock_start": fields.Datetime.now(),
                    "dealer_answered_on": False,
                    "dealer_answered_by_id": False,
                    "dealer_escalation": False,
                    "dealer_confirmed_how": False,
                    "dealer_confirmation": False,
                    "closed_date": False,
                }
            )
            ticket.ticket_sla_ids.unlink()
            ticket.refresh_sla()

    # === ACTIONS ===
    def action_dealer_answered(self):
        """The customer was called: stop the clock to the answer."""
        self.check_access("write")
        # sudo: the time is a fact
        self.sudo().filtered(lambda ticket: not ticket.dealer_answered_on).write(
            {"dealer_answered_on": fields.Datetime.now(), "dealer_answered_by_id": self.env.uid}
        )

    def action_dealer_approve(self):
        """Agree to give money back or to take the car back; never by who handles the case."""
        self.check_access("read")
        if not self.env.user.has_group("dealer_base.group_general_manager"):
            raise AccessError(self.env._("Only the general manager agrees to this."))
        for ticket in self:
            if self.env.user == ticket.user_id:
                raise UserError(
                    self.env._("You handle this complaint yourself: somebody else must agree.")
                )
            # sudo: the agreement is a fact
            ticket.sudo().write(
                {
                    "dealer_approved_by_id": self.env.uid,
                    "dealer_approved_on": fields.Datetime.now(),
                }
            )

    # === ESCALATION ===
    def _dealer_tell_role(self):
        """Tell the role of the grade at once."""
        for ticket in self:
            grade = ticket.dealer_grade_id
            if grade.group_id:
                summary = (
                    self.env._("Report this complaint to the maker today")
                    if grade.is_reported
                    else self.env._("Serious complaint")
                )
                ticket._dealer_schedule_for(grade.group_id, summary)

    @api.model
    def _cron_dealer_escalate(self):
        """Complaints that are late go up; runs every quarter of an hour."""
        now = fields.Datetime.now()
        is_open = Domain("dealer_is_complaint", "=", True) & Domain("stage_id.closed", "=", False)
        unanswered = self.search(
            is_open
            & Domain("dealer_answered_on", "=", False)
            & Domain("dealer_answer_due", "<", now)
            & Domain("dealer_escalation", "=", False)
        )
        manager = self.env.ref("dealer_base.group_sales_manager")
        for ticket in unanswered:
            group = ticket.dealer_grade_id.group_id or manager
            ticket._dealer_escalate("answer", group, self.env._("Complaint not answered in time"))
        late = self.search(
            is_open
            & Domain(
                "ticket_sla_ids",
                "any",
                Domain("state", "=", "expired")
                | (Domain("state", "=", "in_progress") & Domain("deadline", "<", now)),
            )
            & Domain("dealer_escalation", "!=", "close")
        )
        boss = self.env.ref("dealer_base.group_general_manager")
        for ticket in late:
            ticket._dealer_escalate("close", boss, self.env._("Complaint not closed in time"))

    def _dealer_escalate(self, step, group, summary):
        self.dealer_escalation = step
        self._dealer_schedule_for(group, summary)

    def _dealer_schedule_for(self, group, summary):
        """One activity for each person of a role in the company of the complaint."""
        self.ensure_one()
        users = group.sudo().all_user_ids.filtered(  # sudo: who has a role is asked of the group
            lambda user: self.company_id in user.company_ids and not user.share and user.active
        )
        for user in users:
            self.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=user.id,
                summary=summary,
                date_deadline=fields.Date.context_today(self),
            )

    # === KEY FIGURES ===
    @api.model
    def _dealer_kpi_complaints_closed(self, scope):
        """Closed / (closed + open for more than two weeks), of the complaints of the period."""
        start, end = days_in_utc(scope.date_from, scope.date_to, self.env.tz)
        domain = (
            Domain("dealer_is_complaint", "=", True)
            & Domain("dealer_clock_start", ">=", start)
            & Domain("dealer_clock_start", "<", end)
        )
        return self._dealer_kpi_complaints_closed_rows(self.search(domain), scope), domain

    @api.model
    def _dealer_kpi_complaints_closed_rows(self, rows, scope):
        limit = fields.Datetime.subtract(fields.Datetime.now(), weeks=2)
        closed = rows.filtered("closed")
        old = (rows - closed).filtered(lambda ticket: ticket.dealer_clock_start < limit)
        total = len(closed) + len(old)
        return 100.0 * len(closed) / total if total else None
