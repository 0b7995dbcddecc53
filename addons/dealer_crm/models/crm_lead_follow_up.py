from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .dealer_intention_level import FOLLOWED_KINDS, OPEN_KINDS

FOLLOW_UP = "dealer_crm.mail_activity_type_follow_up"
ESCALATION = "dealer_crm.mail_activity_type_escalation"
#: Stage that a talk brings a lead to at least; all others make the profile
REACHED = {"visit": "visit", "test_drive": "test_drive"}
#: Somebody who did not pick up is tried again after this time, whatever the level
RETRY = timedelta(days=1)


class CrmLead(models.Model):
    """A customer who may buy: how keen he is, and when he is spoken to next.

    The next contact follows from the level and the last one; nobody has to plan it. All clocks
    are moments in UTC, moved into the shop's opening hours.
    """

    _name = "crm.lead"
    _inherit = ["dealer.fact.mixin", "dealer.derived.mixin", "crm.lead"]

    _derived_prefix = "dealer_"

    _fact_fields = frozenset(
        {
            "date_closed",
            "dealer_arrived_on",
            "dealer_assigned_on",
            "dealer_card_result",
            "dealer_escalated_on",
            "dealer_first_touch",
            "dealer_in_pool",
            "dealer_last_contact_date",
            "dealer_last_touch",
            "dealer_next_contact_date",
            "dealer_overdue",
            "dealer_pooled_on",
            "dealer_answer_due",
            "dealer_responded_on",
            "dealer_response_due",
            "dealer_response_late",
            "dealer_response_minutes",
        }
    )

    dealer_level_id = fields.Many2one(
        "dealer.intention.level",
        string="Level",
        default=lambda self: self.env["dealer.intention.level"]._get_by_kind("new"),
        index=True,
        copy=False,
        tracking=True,
        ondelete="restrict",
        group_expand="_read_group_dealer_levels",
        help="How soon the customer will buy. It plans the next contact.",
    )
    dealer_level_kind = fields.Selection(related="dealer_level_id.kind", string="Kind of Level")
    dealer_level_color = fields.Integer(related="dealer_level_id.color", string="Level Colour")
    dealer_level_log_ids = fields.One2many("dealer.level.log", "lead_id", string="Level Changes")
    dealer_contact_ids = fields.One2many("dealer.lead.contact", "lead_id", string="Contacts")
    dealer_event_ids = fields.One2many("dealer.lead.event", "lead_id", string="What the Clock Did")
    dealer_assigned_on = fields.Datetime(
        string="Owner Since", readonly=True, copy=False, help="Since when the salesperson has it."
    )
    dealer_last_contact_date = fields.Datetime(
        string="Last Contact", readonly=True, copy=False, help="When the customer was reached."
    )
    dealer_next_contact_date = fields.Datetime(
        string="Next Contact", readonly=True, copy=False, index="btree_not_null"
    )
    dealer_overdue = fields.Boolean(
        string="Overdue", readonly=True, copy=False, index=True, help="The contact was not made."
    )
    dealer_escalated_on = fields.Datetime(
        string="Told to Manager", readonly=True, copy=False, index="btree_not_null"
    )
    dealer_in_pool = fields.Boolean(
        string="In the Pool",
        readonly=True,
        copy=False,
        index=True,
        help="Nobody followed it up: any salesperson may take it.",
    )
    dealer_pooled_on = fields.Datetime(string="In the Pool Since", readonly=True, copy=False)
    dealer_pool_date = fields.Datetime(
        string="Pool From",
        compute="_compute_dealer_pool_date",
        compute_sudo=True,
        store=True,
        index="btree_not_null",
        help="When the pool takes the lead back if the customer is not reached before: twice the"
        " longest time that its level allows.",
    )

    _dealer_due_index = models.Index("(user_id, dealer_next_contact_date) WHERE active")

    def _check_no_facts(self, names):
        """OVERRIDE dealer_vehicle: Odoo dates a lead that is made in the stage of orders."""
        if self and all(lead.stage_id.is_won and not lead.date_closed for lead in self):
            names = set(names) - {"date_closed"}
        return super()._check_no_facts(names)

    # === COMPUTES ===
    @api.depends(
        "dealer_last_contact_date",
        "dealer_assigned_on",
        "user_id",
        "dealer_level_id.kind",
        "dealer_level_id.interval_max",
        "dealer_level_id.interval_unit",
    )
    def _compute_dealer_pool_date(self):
        for lead in self:
            level = lead.dealer_level_id
            base = lead._dealer_get_base()
            owned = lead.user_id and level.kind in OPEN_KINDS and base
            lead.dealer_pool_date = owned and base + 2 * level._get_longest()

    @api.depends("user_id", "team_id", "partner_id")
    def _compute_company_id(self):
        """A lead in the pool keeps its company: Odoo would show it to every one of them."""
        pooled = self.filtered(lambda lead: lead.dealer_in_pool and lead.company_id)
        return super(CrmLead, self - pooled)._compute_company_id()

    @api.model
    def _read_group_dealer_levels(self, levels, domain):
        return levels.search([("kind", "in", FOLLOWED_KINDS)])

    # === CRUD ===
    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            self._dealer_check_levels_by_hand(vals_list)
        leads = super().create(vals_list)
        leads._dealer_start_follow_up()
        return leads

    def write(self, vals):
        if not self:  # Odoo dates new leads in the stage of orders, mostly none
            return True
        if "dealer_level_id" in vals and not self.env.su:
            self._dealer_check_levels_by_hand([vals])
        if "user_id" in vals and not self.env.su:
            self._dealer_check_owner_by_hand(vals["user_id"])
        owners = {lead.id: lead.user_id for lead in self} if "user_id" in vals else {}
        levels = {}
        if "dealer_level_id" in vals:
            levels = {lead.id: lead.dealer_level_id for lead in self}
            self._dealer_check_lowered(vals["dealer_level_id"])
        res = super().write(vals)
        if levels:
            self._dealer_log_levels(levels)
        if owners:
            moved = self.filtered(lambda lead: lead.user_id != owners[lead.id])
            moved._dealer_hand_over_customers(owners)
            moved._dealer_take_over()
        if "active" in vals or "stage_id" in vals:
            self.filtered(lambda lead: not lead._dealer_is_followed())._dealer_stop_follow_up()
        return res

    def _dealer_check_owner_by_hand(self, user_id):
        """Consultants take what they have entered themselves and nobody had; managers hand over.

        Else the clock would begin anew whenever somebody lets his lead go and takes it back, the
        pool would have no limits, and leads that wait for a rule would go to the quickest.
        """
        user = self.env.user
        if user._dealer_serves_all_customers():
            return
        for lead in self.filtered(lambda lead: lead.user_id.id != user_id):
            if lead.dealer_in_pool:
                raise UserError(
                    self.env._(
                        "%(lead)s is in the pool. Take it there with “Take Customer”.",
                        lead=lead.display_name,
                    )
                )
            if lead.user_id or user_id != user.id:
                raise UserError(
                    self.env._(
                        "%(lead)s changes its salesperson through a manager. Ask yours, or share"
                        " the customer with your colleague.",
                        lead=lead.display_name,
                    )
                )
            if lead.create_uid != user or lead.dealer_assigned_on:
                raise UserError(
                    self.env._(
                        "%(lead)s waits for its salesperson: the rules or a manager give it to"
                        " somebody.",
                        lead=lead.display_name,
                    )
                )

    # === LEVELS ===
    @api.model
    def _dealer_check_levels_by_hand(self, vals_list):
        """Ordered, defeated and delivered are set by what has happened, not by hand."""
        if any("dealer_level_id" in vals and not vals["dealer_level_id"] for vals in vals_list):
            raise UserError(self.env._("Every lead has a level. Choose one."))
        ids = {vals["dealer_level_id"] for vals in vals_list if vals.get("dealer_level_id")}
        levels = self.env["dealer.intention.level"].browse(ids)
        forbidden = levels.filtered(lambda level: level.kind not in OPEN_KINDS)
        if forbidden:
            raise UserError(
                self.env._(
                    "Level %(level)s is not chosen by hand: orders, deliveries and agreed defeats"
                    " set it.",
                    level=forbidden[0].display_name,
                )
            )

    def _dealer_check_lowered(self, level_id):
        """A lower level goes through a contact, where its reason is written down."""
        if self.env.su:  # our own steps bring their reason
            return
        level = self.env["dealer.intention.level"].browse(level_id)
        for lead in self:
            if level and level._is_lower_than(lead.dealer_level_id):
                raise UserError(
                    self.env._(
                        "%(lead)s would get a lower level. Note a contact with the reason why.",
                        lead=lead.display_name,
                    )
                )

    def _dealer_set_level(self, level, reason=None, replan=True):
        """Give leads a level as a step of a document; a lower one needs a reason.

        :param level: the new level
        :param reason: why it gets lower
        :param replan: move the next contact with it; no when the caller plans himself
        :raise UserError: the level gets lower and there is no reason
        """
        lowered = self.filtered(lambda lead: level._is_lower_than(lead.dealer_level_id))
        if lowered and not (reason or "").strip():
            raise UserError(
                self.env._(
                    "%(lead)s gets a lower level: write down why.", lead=lowered[0].display_name
                )
            )
        # sudo: steps set levels that are not chosen by hand
        leads = self.sudo().with_context(
            dealer_level_reason=reason, dealer_level_no_replan=not replan
        )
        leads.write({"dealer_level_id": level.id})

    def _dealer_log_levels(self, before):
        reason = self.env.su and self.env.context.get("dealer_level_reason")
        changed = self.filtered(lambda lead: lead.dealer_level_id != before[lead.id])
        # sudo: the log is read by everybody and written by nobody
        self.env["dealer.level.log"].sudo().create(
            [
                {
                    "lead_id": lead.id,
                    "user_id": self.env.uid,
                    "level_from_id": before[lead.id].id,
                    "level_to_id": lead.dealer_level_id.id,
                    "is_lowered": lead.dealer_level_id._is_lower_than(before[lead.id]),
                    "reason": reason,
                }
                for lead in changed
                if lead.dealer_level_id
            ]
        )
        if not self.env.context.get("dealer_level_no_replan"):
            changed._dealer_replan(before)

    def _dealer_replan(self, before):
        """Move the next contact after a change of level alone.

        A hotter lead is contacted earlier, never later; a cooler one later, but what is overdue
        stays overdue. By hand the warning of the manager stays too: nobody was spoken to.
        """
        now = fields.Datetime.now()
        plans = {}
        for lead in self.filtered("user_id"):
            level, old = lead.dealer_level_id, lead.dealer_next_contact_date
            if not level._get_interval():
                plans[lead.id] = False
            elif level._is_lower_than(before[lead.id]):
                base = lead._dealer_get_base() or now
                plans[lead.id] = old if old and old <= now else base + level._get_interval()
            else:
                planned = now + level._get_interval()
                plans[lead.id] = min(old, planned) if old else planned
        self._dealer_plan(plans, keep_warning=not self.env.su)

    # === FOLLOW-UP ===
    def _dealer_with_shop_tz(self):
        """The leads in the time zone of their shop: days begin there, not in UTC."""
        company = self[:1].company_id or self.env.company
        return self.with_context(tz=company._dealer_get_shop_calendar().tz)

    def _dealer_move_to_opening(self, moment):
        company = self[:1].company_id or self.env.company
        return company._dealer_move_to_opening([moment])[moment]

    def _dealer_get_base(self):
        """From when the pool counts: the last contact, or since when somebody owns the lead."""
        self.ensure_one()
        return max(
            filter(None, (self.dealer_last_contact_date, self.dealer_assigned_on)), default=False
        )

    def _dealer_is_followed(self):
        """Whether somebody has to call this customer one day."""
        self.ensure_one()
        return bool(self.active and self.dealer_level_id.kind in FOLLOWED_KINDS)

    def _dealer_get_next_date(self, level, date, is_talk):
        """When the customer is contacted next.

        :param level: level of the lead after the contact
        :param date: when the contact took place
        :param is_talk: whether he was reached; else he is tried again the next day
        """
        interval = (level or self.dealer_level_id)._get_interval()
        if not interval:
            return False
        return self._dealer_move_to_opening(date + (interval if is_talk else min(interval, RETRY)))

    def _dealer_start_follow_up(self):
        """Begin the clocks of leads that have just been made, whoever made them.

        Imports that insert leads themselves call this once for all of them.
        """
        now = fields.Datetime.now()
        # sudo: clocks are facts
        self.sudo()._dealer_start_response(now)
        self.filtered("user_id")._dealer_take_over()

    def _dealer_take_over(self):
        """The salesperson changed: the new one has to introduce himself within the interval."""
        now = fields.Datetime.now()
        leads = self.sudo()  # sudo: clocks are facts
        owned = leads.filtered("user_id")
        values = {"dealer_assigned_on": now, "dealer_escalated_on": False}
        owned.write({**values, "dealer_in_pool": False, "dealer_pooled_on": False})
        owned._dealer_fill_store()
        (leads - owned)._dealer_stop_follow_up()
        followed = owned.filtered(lambda lead: lead._dealer_is_followed())
        followed._dealer_plan(
            {
                lead.id: lead.dealer_level_id._get_interval()
                and now + min(lead.dealer_level_id._get_interval(), RETRY)
                for lead in followed
            }
        )
        followed._dealer_start_answer(now)

    def _dealer_hand_over_customers(self, owners):
        """The customer goes with his lead: to the new owner, or free with it into the pool.

        He stays with whoever has another open lead of his, or never was the owner of this one.

        :param owners: dict lead id → former owner
        """
        for lead in self.sudo().filtered("partner_id"):  # sudo: files are given by steps only
            former = owners[lead.id]
            partner = lead.partner_id
            if not former or partner.user_id != former:
                continue
            # sudo: leads of the former owner, which the new one need not read
            others = self.sudo().search_count(
                Domain("partner_id", "=", partner.id)
                & Domain("user_id", "=", former.id)
                & Domain("dealer_level_id.kind", "in", FOLLOWED_KINDS),
                limit=1,
            )
            if not others:
                partner.user_id = lead.user_id

    def _dealer_plan(self, plans, keep_warning=False):
        """Set the next contact of leads, and the activity that reminds of it.

        :param plans: dict lead id → moment, or False for none
        :param keep_warning: the manager still has to look: the customer was not reached
        """
        leads = self.browse(plans).sudo()  # sudo: clocks are facts
        for company, group in leads.grouped(lambda lead: lead.company_id).items():
            moments = [plans[lead.id] for lead in group if plans[lead.id]]
            moved = (company or self.env.company)._dealer_move_to_opening(moments)
            by_date = defaultdict(leads.browse)
            for lead in group:
                by_date[moved.get(plans[lead.id], False)] |= lead
            now = fields.Datetime.now()
            cleared = {} if keep_warning else {"dealer_escalated_on": False}
            for date, same in by_date.items():
                same.write(
                    {
                        "dealer_next_contact_date": date,
                        "dealer_overdue": bool(date and date <= now),
                        **cleared,
                    }
                )
        leads._dealer_update_activities()

    def _dealer_update_activities(self):
        """One open follow-up activity for each lead with an owner, on the planned day."""
        type_id = self.env["ir.model.data"]._xmlid_to_res_id(FOLLOW_UP)
        # quick update: nobody gets an e-mail about every planned call
        # sudo: also of the salesperson who had the lead before
        Activity = self.env["mail.activity"].sudo().with_context(mail_activity_quick_update=True)
        found = Activity.search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("activity_type_id", "=", type_id),
            ]
        ).grouped("res_id")
        wanted = self.filtered(lambda lead: lead.user_id and lead.dealer_next_contact_date)
        vals_list, moves = [], defaultdict(Activity.browse)
        for lead in wanted._dealer_with_shop_tz():
            day = fields.Datetime.context_timestamp(lead, lead.dealer_next_contact_date).date()
            activity = found.pop(lead.id, Activity)
            if activity:
                moves[day, lead.user_id.id] |= activity
            else:
                vals_list.append(self._dealer_prepare_activity_vals(lead, type_id, day))
        for (day, user_id), activities in moves.items():
            activities.write({"date_deadline": day, "user_id": user_id})
        Activity.union(*found.values()).unlink()
        Activity.create(vals_list)
        self._dealer_close_escalations()

    @api.model
    def _dealer_prepare_activity_vals(self, lead, type_id, day):
        return {
            "res_model_id": self.env["ir.model"]._get_id(self._name),
            "res_id": lead.id,
            "activity_type_id": type_id,
            "user_id": lead.user_id.id,
            "date_deadline": day,
            "automated": True,
        }

    def _dealer_close_escalations(self):
        """The manager need not look any more."""
        type_id = self.env["ir.model.data"]._xmlid_to_res_id(ESCALATION)
        # sudo: activities of the manager
        self.env["mail.activity"].sudo().search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.filtered(lambda lead: not lead.dealer_escalated_on).ids),
                ("activity_type_id", "=", type_id),
            ]
        ).unlink()

    def _dealer_stop_follow_up(self):
        self._dealer_plan(dict.fromkeys(self.ids, False))

    # === CONTACTS ===
    def _dealer_register_contact(
        self, kind="call", is_reached=True, date=None, note=None, next_date=None
    ):
        """Note a contact that another document knows of: a visit, a test drive, a phone call.

        :param kind: one of ``dealer.lead.contact.kind``
        :param is_reached: whether the customer was spoken to
        :param date: when, now when not given
        :param next_date: when he is contacted again; the level plans it when not given
        :return: the contacts
        """
        values = {"kind": kind, "is_reached": is_reached, "note": note}
        if date:
            # held earlier than planned; a day to come would stop all clocks until then
            values["date"] = min(date, fields.Datetime.now())
        if next_date:
            values["next_date"] = next_date
        # sudo: who receives a visitor may note it on the lead of a colleague
        return (
            self.env["dealer.lead.contact"]
            .sudo()
            .create([{**values, "lead_id": lead.id, "user_id": self.env.uid} for lead in self])
        )

    def _dealer_note_contact(self, contact):
        """Take over what a contact says about its lead."""
        self.ensure_one()
        lead = self.sudo()  # sudo: clocks are facts
        if contact._is_talk():
            lead.dealer_last_contact_date = max(
                contact.date, lead.dealer_last_contact_date or contact.date
            )
            lead._dealer_note_response(contact.date)
            lead._dealer_to_stage(REACHED.get(contact.kind, "profile"))
        if lead.user_id and lead._dealer_is_followed():
            lead._dealer_plan({lead.id: contact.next_date}, keep_warning=not contact._is_talk())
        kinds = dict(contact._fields["kind"]._description_selection(self.env))
        reached = "" if contact._is_talk() or contact.kind == "plan" else self.env._("Not reached")
        lead.message_post(
            body=" · ".join(filter(None, (kinds[contact.kind], reached, contact.note))),
            author_id=contact.user_id.partner_id.id,
        )

    @api.model
    def action_dealer_pipeline(self):
        """Open the customers in sight: consultants their own, managers those of their store."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "dealer_crm.crm_lead_action_pipeline"
        )
        if self.env.user._dealer_serves_all_customers():
            action["context"] = {"default_type": "opportunity"}
        return action

    def action_dealer_contact(self):
        """Open the page on which a contact is noted."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Note a Contact"),
            "res_model": "dealer.lead.contact",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_lead_id": self.id,
                "default_kind": self.env.context.get("dealer_contact_kind", "call"),
            },
        }

    # === CLOCK ===
    @api.model
    def _dealer_get_followed_domain(self):
        return Domain("dealer_level_id.kind", "in", FOLLOWED_KINDS) & Domain("user_id", "!=", False)

    @api.model
    def _cron_dealer_follow_up(self):
        """Overdue first, then the manager, then the pool: nobody loses a lead unwarned."""
        # sudo: the clock runs for everybody's leads
        leads = self.sudo()
        leads._dealer_mark_overdue()
        leads._dealer_escalate()
        leads._dealer_return_to_pool()
        leads._dealer_watch_responses()
        leads._dealer_assign_waiting()

    def _dealer_get_hours(self, code):
        return timedelta(hours=float(self.env["dealer.parameter"]._get_value(code)))

    def _dealer_mark_overdue(self):
        now = fields.Datetime.now()
        self.search(
            self._dealer_get_followed_domain()
            & Domain("dealer_next_contact_date", "<=", now)
            & Domain("dealer_overdue", "=", False)
        ).write({"dealer_overdue": True})

    def _dealer_sort_by_urgency(self):
        """The hottest first, and of those the one that waits longest."""
        return self.sorted(
            lambda lead: (
                lead.dealer_level_id.sequence,
                lead.dealer_next_contact_date or lead.create_date,
                lead.id,
            )
        )

    def _dealer_escalate(self):
        """Tell the manager about leads that have been overdue for a day.

        And of those whose customer is called again and again and never reached: they are not
        overdue, yet the pool is about to take them.
        """
        now = fields.Datetime.now()
        overdue = Domain("dealer_overdue", "=", True) & Domain(
            "dealer_next_contact_date", "<=", now - self._dealer_get_hours("lead_escalate_hours")
        )
        unreached = Domain("dealer_level_id.kind", "in", OPEN_KINDS) & Domain(
            "dealer_pool_date", "<=", now
        )
        late = self.search(
            self._dealer_get_followed_domain()
            & Domain("dealer_escalated_on", "=", False)
            & (overdue | unreached)
        )._dealer_sort_by_urgency()
        late.write({"dealer_escalated_on": now})
        vals_list, events = [], []
        type_id = self.env["ir.model.data"]._xmlid_to_res_id(ESCALATION)
        for lead in late._dealer_with_shop_tz():
            manager = lead._dealer_get_manager()
            events.append(
                {"lead_id": lead.id, "kind": "escalated", "user_id": lead.user_id.id}
                | {"manager_id": manager.id}
            )
            if manager:
                day = fields.Date.context_today(lead)
                vals = self._dealer_prepare_activity_vals(lead, type_id, day)
                vals_list.append(
                    {
                        **vals,
                        "user_id": manager.id,
                        "summary": self.env._(
                            "%(level)s overdue: %(person)s",
                            level=lead.dealer_level_id.code,
                            person=lead.user_id.name,
                        ),
                    }
                )
        self.env["dealer.lead.event"].create(events)
        self.env["mail.activity"].with_context(mail_activity_quick_update=True).create(vals_list)

    def _dealer_get_manager(self):
        """Who answers for the salesperson: the leader of the team, else a sales manager."""
        self.ensure_one()
        leader = self.team_id.user_id
        if leader and leader != self.user_id:
            return leader
        company = self.company_id or self.env.company
        managers = self.env.ref("dealer_base.group_sales_manager").all_user_ids
        return managers.filtered(
            lambda user: company in user.company_ids and user != self.user_id and user.active
        ).sorted("id")[:1]

    def _dealer_return_to_pool(self):
        """Take back leads whose customer was not reached for twice the longest interval.

        The manager has some hours after he was told, even when the clock had stood still.
        """
        now = fields.Datetime.now()
        told = now - self._dealer_get_hours("lead_pool_grace_hours")
        forgotten = self.search(
            self._dealer_get_followed_domain()
            & Domain("dealer_level_id.kind", "in", OPEN_KINDS)
            & Domain("dealer_pool_date", "<=", now)
            & Domain("dealer_escalated_on", "<=", told)
        )._dealer_sort_by_urgency()
        forgotten._dealer_put_in_pool()

    def _dealer_put_in_pool(self, note=None):
        now = fields.Datetime.now()
        # sudo: the log is written by steps only
        self.env["dealer.lead.event"].sudo().create(
            [
                {"lead_id": lead.id, "kind": "pooled", "user_id": lead.user_id.id, "note": note}
                for lead in self
            ]
        )
        for lead in self:
            lead.message_post(
                body=self.env._(
                    "Back to the pool: %(person)s did not reach the customer in time.",
                    person=lead.user_id.name,
                )
            )
        self.write({"dealer_in_pool": True, "dealer_pooled_on": now, "user_id": False})

    # === POOL ===
    def action_dealer_grab(self):
        """Take leads from the pool for oneself, within the limits of the day."""
        for lead in self:
            lead._dealer_grab()
        return True

    def _dealer_grab(self):
        """Take one lead; of two people who press at the same moment one gets it."""
        self.ensure_one()
        self.check_access("read")
        user = self.env.user
        if not user.has_group("sales_team.group_sale_salesman"):
            raise UserError(self.env._("Only salespeople take customers from the pool."))
        lead = self.sudo()  # sudo: nobody owns it yet; all conditions are checked here
        if not lead.try_lock_for_update(allow_referencing=True):
            raise self._dealer_get_gone_error()
        lead.invalidate_recordset(["dealer_in_pool", "user_id"])
        if not lead.dealer_in_pool or lead.user_id:
            raise self._dealer_get_gone_error()
        lead._dealer_check_may_grab(user)
        today = fields.Date.context_today(lead._dealer_with_shop_tz())
        number = self._dealer_count_grabs(user, today)
        limit = int(self.env["dealer.parameter"]._get_value("lead_pool_daily_grabs"))
        if number >= limit and not user.has_group("dealer_base.group_sales_manager"):
            raise UserError(
                self.env._(
                    "You have taken %(number)s customers from the pool today. Look after them"
                    " first; tomorrow you may take more.",
                    number=number,
                )
            )
        # sudo: the log is written by steps only
        self.env["dealer.lead.event"].sudo().create(
            {
                "lead_id": lead.id,
                "kind": "grabbed",
                "user_id": user.id,
                "grab_day": today,
                "grab_number": number + 1,
            }
        )
        lead.write({"user_id": user.id, "dealer_in_pool": False})

    def _dealer_get_gone_error(self):
        return UserError(
            self.env._(
                "A colleague has just taken %(lead)s. Choose another customer.",
                lead=self.sudo().display_name,  # sudo: it was in his list a moment ago
            )
        )

    @api.model
    def _dealer_count_grabs(self, user, day):
        # sudo: the own number of the day, whoever has the leads now
        return (
            self.env["dealer.lead.event"]
            .sudo()
            .search_count(
                [("user_id", "=", user.id), ("grab_day", "=", day), ("kind", "=", "grabbed")]
            )
        )

    def _dealer_check_may_grab(self, user):
        """Whoever let a customer go may not have him straight back."""
        days = int(self.env["dealer.parameter"]._get_value("lead_pool_own_days"))
        since = fields.Datetime.now() - timedelta(days=days)
        # sudo: the log of a lead that nobody owns yet
        lost = (
            self.env["dealer.lead.event"]
            .sudo()
            .search_count(
                [
                    ("lead_id", "=", self.id),
                    ("kind", "=", "pooled"),
                    ("user_id", "=", user.id),
                    ("date", ">", since),
                ],
                limit=1,
            )
        )
        if lost and not user.has_group("dealer_base.group_sales_manager"):
            raise UserError(
                self.env._(
                    "The pool took %(lead)s back from you. For %(days)s days a colleague may try.",
                    lead=self.display_name,
                    days=days,
                )
            )

    def action_dealer_release(self):
        """The manager puts leads into the pool at once."""
        if not self.env.user.has_group("dealer_base.group_sales_manager"):
            raise UserError(self.env._("Ask the sales manager to put leads into the pool."))
        self.check_access("write")
        open_leads = self.filtered(
            lambda lead: lead.user_id and lead.dealer_level_kind in OPEN_KINDS
        )
        # sudo: a step; the role and the right to write are checked above
        open_leads.sudo()._dealer_put_in_pool(self.env._("By %(name)s", name=self.env.user.name))
        return True
