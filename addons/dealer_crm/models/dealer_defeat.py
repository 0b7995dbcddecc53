from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

TRANSITIONS = {("applied", "agreed"), ("applied", "rejected"), ("agreed", "revived")}
#: Steps of the revival of an agreed defeat, with the parameter that says after how many days
REVIVALS = ("lead_revival_days_1", "lead_revival_days_2")
REVIVAL = "dealer_crm.mail_activity_type_revival"
DEFEAT = "dealer_crm.mail_activity_type_defeat"


#: What the manager reads before he agrees.
APPLIED_WITH = {"competitor_brand_id", "competitor_model", "lead_id", "quote_id", "reason_id"}


class DealerDefeat(models.Model):
    """A salesperson says that a customer is lost (战败申请); the manager looks into it.

    Only an agreed defeat counts and closes the lead; a rejected one goes on with a contact.
    """

    _name = "dealer.defeat"
    _description = "Defeat"
    _inherit = ["dealer.fact.mixin", "dealer.derived.mixin", "mail.thread"]
    _order = "date desc, id desc"
    _rec_name = "lead_id"

    _fact_fields = frozenset(
        {"state", "reviewed_by_id", "reviewed_on", "is_verified", "revival_step", "user_id"}
    )

    lead_id = fields.Many2one(
        "crm.lead", string="Customer", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="lead_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="lead_id.company_currency")
    team_id = fields.Many2one(related="lead_id.team_id")
    store_id = fields.Many2one(related="lead_id.dealer_store_id", store=True, index=True)
    level_id = fields.Many2one(
        "dealer.intention.level", string="Level Before", readonly=True, ondelete="restrict"
    )
    date = fields.Datetime(
        string="Applied On", required=True, default=fields.Datetime.now, readonly=True, index=True
    )
    user_id = fields.Many2one(
        "res.users",
        string="Applied By",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.user,
    )
    reason_id = fields.Many2one(
        "crm.lost.reason", required=True, index=True, ondelete="restrict", tracking=True
    )
    kind = fields.Selection(related="reason_id.dealer_kind", store=True)
    asks_competitor = fields.Boolean(related="reason_id.dealer_asks_competitor")
    note = fields.Text(string="What Happened")
    quote_id = fields.Many2one(
        "dealer.competitor.quote",
        string="Bought Instead",
        index="btree_not_null",
        ondelete="set null",
        domain="[('lead_id', '=', lead_id)]",
    )
    competitor_brand_id = fields.Many2one(
        "fleet.vehicle.model.brand", string="Brand Bought", ondelete="restrict"
    )
    competitor_model = fields.Char(string="Car Bought")
    competitor_dealer = fields.Char(string="Bought From")
    competitor_price = fields.Monetary(string="Price There")
    state = fields.Selection(
        [
            ("applied", "Applied"),
            ("agreed", "Agreed"),
            ("rejected", "Rejected"),
            ("revived", "Revived"),
        ],
        required=True,
        default="applied",
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    is_verified = fields.Boolean(
        string="Reason Verified",
        readonly=True,
        copy=False,
        help="The manager has checked the reason, for instance by a call.",
    )
    reviewed_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    reviewed_on = fields.Datetime(readonly=True, copy=False)
    review_note = fields.Char(string="Word of the Manager", tracking=True)
    revival_step = fields.Integer(readonly=True, copy=False, help="How often it was tried again.")

    _one_open = models.UniqueIndex(
        "(lead_id) WHERE state = 'applied'", "A defeat of this customer waits for review already."
    )

    # === CRUD ===
    @api.model_create_multi
    def create(self, vals_list):
        defeats = super().create(vals_list)
        for defeat in defeats:
            defeat._check_application()
            # sudo: facts of the document
            defeat.sudo().level_id = defeat.lead_id.dealer_level_id
            defeat._note_competitor()
        defeats._ask_manager()
        return defeats

    def _check_application(self):
        """A defeat belongs to an open lead that the applicant looks after, with its reason."""
        self.ensure_one()
        lead = self.lead_id
        lead.check_access("write")
        if not lead.active or lead.dealer_level_kind not in ("new", "intention"):
            raise UserError(
                self.env._(
                    "%(lead)s is not an open customer: only those can be defeats.",
                    lead=lead.display_name,
                )
            )
        if self.asks_competitor and not (self.competitor_brand_id or self.competitor_model):
            raise UserError(
                self.env._("Say which car the customer has bought: brand or model at least.")
            )

    def write(self, vals):
        content = set(vals) - {"review_note", "message_follower_ids"}
        if not self.env.su and content and any(defeat.state != "applied" for defeat in self):
            raise UserError(self.env._("A reviewed defeat is not changed."))
        if not self.env.su and any(defeat.lead_id.id != vals.get("lead_id") for defeat in self):
            if vals.get("lead_id"):
                raise UserError(
                    self.env._("A defeat is of the customer whom it was applied for. Make another.")
                )
        result = super().write(vals)
        if not self.env.su and APPLIED_WITH & vals.keys():
            for defeat in self:
                defeat._check_application()
        return result

    def _note_competitor(self):
        """What the customer bought instead is a record of its own, for reports on rivals."""
        self.ensure_one()
        if not (self.competitor_brand_id or self.competitor_model):
            return
        # sudo: a fact, also of a defeat that may not be changed any more
        self.sudo().quote_id = self.env["dealer.competitor.quote"].create(
            {
                "lead_id": self.lead_id.id,
                "brand_id": self.competitor_brand_id.id,
                "model": self.competitor_model,
                "dealer": self.competitor_dealer,
                "price": self.competitor_price,
                "is_bought": True,
            }
        )

    def _ask_manager(self):
        for defeat in self:
            # sudo: whoever gives a lead up need not read teams or write activities of managers
            lead = defeat.lead_id.sudo()
            manager = lead._dealer_get_manager()
            if manager:
                lead.with_context(mail_activity_quick_update=True).activity_schedule(
                    DEFEAT,
                    user_id=manager.id,
                    summary=self.env._(
                        "Defeat to review: %(reason)s", reason=defeat.reason_id.name
                    ),
                )

    # === REVIEW ===
    def action_agree(self):
        """The manager agrees: the lead is lost with this reason."""
        self._check_reviewer()
        self._set_state("agreed")
        for defeat in self.sudo():  # sudo: levels and ends of leads are steps
            lead = defeat.lead_id
            lead.action_set_lost(lost_reason_id=defeat.reason_id.id)
            level = self.env["dealer.intention.level"]._get_by_kind("defeated")
            if level:
                lead._dealer_set_level(level, defeat.reason_id.name)
        return True

    def action_agree_verified(self):
        """Agree, and say that the reason was checked with the customer."""
        self._check_reviewer()
        self.sudo().is_verified = True  # sudo: a fact
        return self.action_agree()

    def action_reject(self):
        """The manager rejects: the customer is contacted again, tomorrow at the latest."""
        self._check_reviewer()
        for defeat in self:
            if not (defeat.review_note or "").strip():
                raise UserError(self.env._("Say why you reject the defeat."))
        self._set_state("rejected")
        now = fields.Datetime.now()
        # sudo: clocks are facts
        for lead in self.sudo().lead_id.filtered("user_id"):
            lead._dealer_plan({lead.id: now + timedelta(days=1)})
        return True

    def _check_reviewer(self):
        user = self.env.user
        if not user.has_group("dealer_base.group_sales_manager"):
            raise UserError(self.env._("Only the sales manager reviews defeats."))
        for defeat in self:
            if defeat.user_id == user or defeat.lead_id.user_id == user:
                raise UserError(
                    self.env._(
                        "Nobody reviews a defeat of his own: ask another manager about %(lead)s.",
                        lead=defeat.lead_id.display_name,
                    )
                )

    def _set_state(self, new):
        for defeat in self:
            if (defeat.state, new) not in TRANSITIONS:
                raise UserError(
                    self.env._(
                        "The defeat of %(lead)s was reviewed before.",
                        lead=defeat.lead_id.display_name,
                    )
                )
        values = {"state": new}
        if new != "revived":
            values |= {"reviewed_by_id": self.env.uid, "reviewed_on": fields.Datetime.now()}
        self.sudo().write(values)  # sudo: facts of the document
        self.lead_id.sudo().activity_unlink([DEFEAT])

    # === REVIVAL ===
    @api.model
    def _cron_revive(self):
        """Ask after 30 and after 90 days whether a lost customer may buy after all."""
        Parameter = self.env["dealer.parameter"]
        now = fields.Datetime.now()
        for step, code in enumerate(REVIVALS):
            before = now - timedelta(days=int(Parameter._get_value(code)))
            # sudo: the clock runs for everybody's defeats
            due = self.sudo().search(
                [
                    ("state", "=", "agreed"),
                    ("kind", "=", "defeat"),
                    ("revival_step", "=", step),
                    ("reviewed_on", "<=", before),
                ]
            )
            due._remind_to_revive()
            due.write({"revival_step": step + 1})

    def _remind_to_revive(self):
        for defeat in self:
            lead = defeat.lead_id
            person = defeat.user_id if defeat.user_id.active else lead._dealer_get_manager()
            if person:
                lead.with_context(mail_activity_quick_update=True).activity_schedule(
                    REVIVAL,
                    user_id=person.id,
                    summary=self.env._(
                        "Lost customer: try again (%(reason)s)", reason=defeat.reason_id.name
                    ),
                )

    def action_revive(self):
        """The customer may buy after all: his lead is open again, not graded yet."""
        self.lead_id.check_access("read")
        self._set_state("revived")
        for defeat in self:
            lead = defeat.lead_id.sudo()  # sudo: a lost lead may have lost its owner, too
            lead.action_restore()
            level = self.env["dealer.intention.level"]._get_by_kind("new")
            lead.write({"dealer_level_id": level.id, "user_id": self.env.uid})
            lead._dealer_take_over()
            lead.activity_unlink([REVIVAL])
            lead.dealer_event_ids = [Command.create({"kind": "revived", "user_id": self.env.uid})]
        return True
