from collections import defaultdict
from datetime import datetime, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.dealer_vehicle.models.dealer_fact_mixin import DealerFactMixin

from .dealer_care_rule import CHANNELS, MESSAGES

STATES = [
    ("todo", "To Do"),
    ("sent", "Sent"),
    ("done", "Done"),
    ("skipped", "Left Out"),
]
SKIP_REASONS = [
    ("consent", "No consent"),
    ("late", "Too late"),
    ("car", "The car has another owner"),
    ("booked", "An appointment is booked"),
    ("address", "No number or address"),
    ("hand", "Left out by hand"),
]
HOLD_REASONS = [
    ("complaint", "A complaint is open"),
    ("weekly", "Enough messages this week"),
]
RESULTS = [
    ("satisfied", "Satisfied"),
    ("fair", "Fairly satisfied"),
    ("dissatisfied", "Dissatisfied"),
    ("appointment", "Will come"),
    ("not_interested", "Not interested"),
    ("unreachable", "Not reached"),
]
#: Consent that advertising by a channel needs; see dealer.consent.
PURPOSES = {"sms": "marketing_sms", "email": "marketing_sms", "call": "marketing_call"}
#: How often somebody is tried to be reached, at different times.
ATTEMPTS = 3
TIMEZONE = "Asia/Shanghai"


class DealerCareTask(models.Model):
    """One contact that a care plan asks for: a call to make, a message to send.

    Planned by the night job some days ahead; a message leaves by itself on its day, outside the
    quiet hours, a call becomes an activity. Nothing is sent while a complaint is open, without
    consent where one is needed, or more often a week than the house rule allows: then it waits,
    until it is too late.
    """

    _name = "dealer.care.task"
    _description = "Care Task"
    _rec_names_search = ["partner_id", "vehicle_id"]
    _inherit = [
        DealerFactMixin._name,
        "dealer.derived.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "due_date, id"
    _fact_fields = frozenset(
        {"state", "skip_reason", "hold_reason", "done_on", "occasion", "attempt_count"}
    )

    rule_id = fields.Many2one("dealer.care.rule", required=True, ondelete="restrict", index=True)
    plan_id = fields.Many2one(
        related="rule_id.plan_id", store=True, index=True, precompute=True, string="Plan"
    )
    partner_id = fields.Many2one("res.partner", "Customer", required=True, index=True)
    vehicle_id = fields.Many2one("dealer.vehicle", index="btree_not_null", ondelete="cascade")
    company_id = fields.Many2one("res.company", index=True)
    event_date = fields.Date(string="Day of the Event", required=True)
    occasion = fields.Char(readonly=True, help="Names the event, so that it is met once only.")
    due_date = fields.Date(string="Due On", required=True, index=True)
    channel = fields.Selection(CHANNELS, required=True, default="call")
    is_marketing = fields.Boolean(string="Marketing")
    user_id = fields.Many2one(
        "res.users", "Responsible", index="btree_not_null", domain=[("share", "=", False)]
    )
    state = fields.Selection(
        STATES, required=True, default="todo", readonly=True, copy=False, index=True
    )
    skip_reason = fields.Selection(SKIP_REASONS, "Left Out Because", readonly=True, copy=False)
    hold_reason = fields.Selection(HOLD_REASONS, "Waits Because", readonly=True, copy=False)
    done_on = fields.Datetime(readonly=True, copy=False)
    result = fields.Selection(RESULTS, copy=False)
    attempt_count = fields.Integer("Attempts", readonly=True, copy=False, aggregator=None)
    note = fields.Text(string="What Was Said", copy=False)

    _once = models.UniqueIndex(
        "(rule_id, partner_id, COALESCE(vehicle_id, 0), occasion)",
        "This care task is planned already.",
    )
    _to_process = models.Index("(due_date, id) WHERE state = 'todo'")
    _sent_to = models.Index("(partner_id, done_on) WHERE state = 'sent'")

    @api.depends("rule_id.name", "partner_id", "vehicle_id")
    def _compute_display_name(self):
        for task in self:
            parts = (task.rule_id.name, task.partner_id.name, task.vehicle_id.license_plate)
            task.display_name = " · ".join(filter(None, parts))

    # === CRUD ===
    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            self.env["res.partner"]._dealer_check_usable(
                ids=[vals.get("partner_id") for vals in vals_list]
            )
        return super().create(vals_list)

    # === ACTIONS ===
    def action_done(self):
        """The call was made: close the task and its activity."""
        for task in self:
            if not task.result:
                raise UserError(self.env._("Say first what the call brought: choose a result."))
        self.check_access("write")
        answered = self.filtered(lambda task: task.result != "unreachable")
        unreached = self - answered
        answered._close("done")
        unreached._try_again()

    def action_skip(self):
        """Leave the task out."""
        self.check_access("write")
        self._close("skipped", skip_reason="hand")

    def action_reopen(self):
        """Take a task that was left out up again."""
        self.check_access("write")
        self.env["res.partner"]._dealer_check_usable(ids=self.partner_id.ids)
        # sudo: the state is written by the steps of the task only
        self.filtered(lambda task: task.state == "skipped").sudo().write(
            {"state": "todo", "skip_reason": False, "done_on": False}
        )

    def _try_again(self):
        """Not reached: try at another time the next day, three times in all."""
        for task in self:
            if task.attempt_count + 1 >= ATTEMPTS:
                task.sudo().attempt_count += 1  # sudo: counted by the step itself
                task._close("done")
                continue
            # sudo: counted by the step itself
            task.sudo().write(
                {
                    "attempt_count": task.attempt_count + 1,
                    "due_date": fields.Date.context_today(task) + timedelta(days=1),
                    "result": False,
                }
            )
            task.activity_ids.write({"date_deadline": task.due_date})

    def _close(self, state, **vals):
        """End the tasks and what they planned."""
        if not self:
            return
        # sudo: the state is written by the steps of the task only
        tasks = self.sudo().filtered(lambda task: task.state == "todo")
        tasks.write(
            {"state": state, "hold_reason": False, "done_on": fields.Datetime.now(), **vals}
        )
        tasks.activity_ids.unlink()

    # === PLANNING ===
    @api.model
    def _cron_care(self):
        """Plan what comes up and do what is due; runs every hour, for the quiet hours' sake."""
        self._plan_tasks(self.env["dealer.care.plan"].search([("active", "=", True)]))
        self._process_due(Domain.TRUE)

    @api.model
    def _plan_tasks(self, plans):
        """Make the tasks of the plans that fall due until the horizon; each once only."""
        today = self._get_today()
        last_due = today + timedelta(days=self._get_number("care_horizon_days"))
        for plan in plans:
            rules = plan.rule_ids
            if not rules:
                continue
            first_due = today - timedelta(days=plan.grace_days)
            occasions = plan._find_occasions(
                first_due - timedelta(days=max(rules.mapped("days"))),
                last_due - timedelta(days=min(rules.mapped("days"))),
            )
            rows = [
                (rule, partner, vehicle, day, key, due)
                for rule in rules
                for partner, vehicle, day, key in occasions
                if first_due <= (due := day + timedelta(days=rule.days)) <= last_due
            ]
            self._insert_tasks(plan, rows)

    @api.model
    def _insert_tasks(self, plan, rows):
        """Insert many rows at once; one that is there already only gets its new day.

        By SQL, because the unique index decides what is new, also when a colleague runs the plan
        at the same moment.
        """
        if not rows:
            return
        responsible = self._get_responsible(plan, {row[1] for row in rows})
        companies = self._get_companies(plan, {row[2] for row in rows if row[2]})
        now = fields.Datetime.now()
        values = SQL(", ").join(
            SQL(
                "(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 'todo', 0, %s, %s, %s, %s)",
                rule.id, plan.id, partner, vehicle or None, companies[vehicle], day, key, due,
                rule.channel, plan.is_marketing, responsible[partner] or None,
                self.env.uid, now, self.env.uid, now,
            )
            for rule, partner, vehicle, day, key, due in rows
        )  # fmt: skip
        self.flush_model()
        self.env.execute_query(
            SQL(
                """
                INSERT INTO dealer_care_task (
                    rule_id, plan_id, partner_id, vehicle_id, company_id, event_date, occasion,
                    due_date, channel, is_marketing, user_id, state, attempt_count,
                    create_uid, create_date, write_uid, write_date)
                VALUES %s
                ON CONFLICT (rule_id, partner_id, COALESCE(vehicle_id, 0), occasion)
                DO UPDATE SET event_date = EXCLUDED.event_date, due_date = EXCLUDED.due_date
                 WHERE dealer_care_task.state = 'todo' AND dealer_care_task.attempt_count = 0
                RETURNING id
                """,
                values,
            )
        )
        self.invalidate_model()

    @api.model
    def _get_responsible(self, plan, partner_ids):
        """Id of the user by customer: that of the plan, else the customer's salesperson."""
        if plan.user_id:
            return dict.fromkeys(partner_ids, plan.user_id.id)
        partners = self.env["res.partner"].browse(partner_ids)
        partners.fetch(["user_id"])
        return {partner.id: partner.user_id.id for partner in partners}

    @api.model
    def _get_companies(self, plan, vehicle_ids):
        """Id of the company by car (False: no car)."""
        company = plan.company_id or self.env.company
        vehicles = self.env["dealer.vehicle"].browse(vehicle_ids)
        vehicles.fetch(["company_id"])
        found = {car.id: (plan.company_id or car.company_id or company).id for car in vehicles}
        return {False: company.id, **found}

    # === DOING ===
    @api.model
    def _process_due(self, domain):
        """Send, schedule or leave out the tasks whose day has come."""
        today = self._get_today()
        tasks = self.search(domain & Domain("state", "=", "todo") & Domain("due_date", "<=", today))
        tasks = tasks.filtered(lambda task: task.channel in MESSAGES or not task.activity_ids)
        tasks = tasks._leave_out_obsolete(today)._leave_out_unwanted()
        tasks = tasks._hold_for_complaints()
        tasks.filtered(lambda task: task.channel not in MESSAGES)._schedule_activities()
        if not self._is_quiet():
            tasks.filtered(lambda task: task.channel in MESSAGES)._send_messages()

    def _leave_out_obsolete(self, today):
        """Leave out what is too late or has no object any more; return the others."""
        late = self.filtered(
            lambda task: task.due_date + timedelta(days=task.plan_id.grace_days) < today
        )
        late._close("skipped", skip_reason="late")
        rest = self - late
        gone = rest.filtered(
            lambda task: task.vehicle_id and task.vehicle_id.partner_id != task.partner_id
        )
        gone._close("skipped", skip_reason="car")
        rest -= gone
        booked = rest.filtered(
            lambda task: (
                task.plan_id.trigger == "maintenance"
                and (task.vehicle_id.service_booked_date or today - timedelta(days=1)) >= today
            )
        )
        booked._close("skipped", skip_reason="booked")
        return rest - booked

    def _leave_out_unwanted(self):
        """Leave out advertising without consent, and people whose data are only stored."""
        refused = self.browse()
        by_purpose = defaultdict(self.browse)
        for task in self:
            wanted = PURPOSES.get(task.channel, "marketing_call")
            by_purpose[wanted if task.is_marketing else "contract"] |= task
        for purpose, tasks in by_purpose.items():
            willing = tasks.partner_id._dealer_filter_consent(purpose)
            refused |= tasks.filtered(lambda task, willing=willing: task.partner_id not in willing)
        refused._close("skipped", skip_reason="consent")
        return self - refused

    def _hold_for_complaints(self):
        """Let customers with an open complaint in peace; return the others."""
        tickets = self.env["helpdesk.ticket"]._read_group(
            [
                ("dealer_is_complaint", "=", True),
                ("stage_id.closed", "=", False),
                ("commercial_partner_id", "in", self.partner_id.commercial_partner_id.ids),
            ],
            ["commercial_partner_id"],
        )
        angry = {partner for (partner,) in tickets}
        held = self.filtered(lambda task: task.partner_id.commercial_partner_id in angry)
        held.filtered(lambda task: task.hold_reason != "complaint").hold_reason = "complaint"
        rest = self - held
        rest.filtered("hold_reason").hold_reason = False
        return rest

    def _schedule_activities(self):
        """One activity for each call or job, for the person responsible."""
        kind = {
            "call": self.env.ref("mail.mail_activity_data_call"),
            "todo": self.env.ref("mail.mail_activity_data_todo"),
        }
        model_id = self.env["ir.model"]._get_id(self._name)
        self.env["mail.activity"].create(
            [
                {
                    "res_model_id": model_id,
                    "res_id": task.id,
                    "activity_type_id": kind[task.channel].id,
                    "summary": task.with_context(lang=task.user_id.lang).rule_id.name,
                    "date_deadline": task.due_date,
                    "user_id": task.user_id.id,
                }
                for task in self
                if task.user_id
            ]
        )

    def _send_messages(self):
        """Hand the messages to Odoo's queues, as many as the week allows."""
        unreachable = self.filtered(lambda task: not task._get_address())
        unreachable._close("skipped", skip_reason="address")
        tasks = (self - unreachable)._hold_for_week()
        for rule, group in tasks.grouped("rule_id").items():
            if rule.channel == "sms":
                group._message_sms_schedule_mass(template=rule.sms_template_id)
            else:
                rule.mail_template_id.send_mail_batch(group.ids)
        tasks._close("sent")

    def _hold_for_week(self):
        """Hold advertising for customers who had enough of it in the last seven days."""
        marketing = self.filtered("is_marketing")
        limit = self._get_number("care_weekly_messages")
        counts = self._count_recent_messages(marketing.partner_id)
        held = self.browse()
        for task in marketing:
            if counts[task.partner_id.id] >= limit:
                held |= task
            counts[task.partner_id.id] += 1
        held.hold_reason = "weekly"
        return self - held

    @api.model
    def _count_recent_messages(self, partners):
        """Advertising that people got in the last seven days, from plans and from mailings."""
        since = fields.Datetime.now() - timedelta(days=7)
        counts = defaultdict(int)
        for partner, count in self._read_group(
            [
                ("partner_id", "in", partners.ids),
                ("is_marketing", "=", True),
                ("state", "=", "sent"),
                ("done_on", ">", since),
            ],
            ["partner_id"],
            ["__count"],
        ):
            counts[partner.id] += count
        for partner_id, count in self.env["mailing.trace"]._read_group(
            [
                ("model", "=", "res.partner"),
                ("res_id", "in", partners.ids),
                ("sent_datetime", ">", since),
            ],
            ["res_id"],
            ["__count"],
        ):
            counts[partner_id] += count
        return counts

    def _get_address(self):
        """Where the message goes, or False."""
        self.ensure_one()
        return self.partner_id.phone if self.channel == "sms" else self.partner_id.email

    # === THE HOUSE RULES ===
    @api.model
    def _get_now(self):
        """The moment at the store."""
        zone = pytz.timezone(self.env.company.partner_id.tz or TIMEZONE)
        return pytz.utc.localize(fields.Datetime.now()).astimezone(zone)

    @api.model
    def _get_today(self):
        return self._get_now().date()

    @api.model
    def _get_number(self, code):
        return int(self.env["dealer.parameter"]._get_value(code))

    @api.model
    def _is_quiet(self, moment: datetime | None = None):
        """Whether no message may leave now: the evening, the night, the early morning."""
        hour = (moment or self._get_now()).hour
        start, end = self._get_number("care_quiet_from"), self._get_number("care_quiet_until")
        if start > end:
            return hour >= start or hour < end
        return start <= hour < end

    # === MESSAGING ===
    def _mail_get_partner_fields(self, introspect_fields=False):
        return ["partner_id"]
