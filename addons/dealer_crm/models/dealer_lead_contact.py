from odoo import api, fields, models
from odoo.exceptions import UserError

#: What is a talk with the customer; the rest is preparation
TALKS = ("call", "message", "visit", "test_drive", "email", "other")


class DealerLeadContact(models.Model):
    """One contact with a customer, or an attempt. Saving it plans the next one.

    Only a customer who was reached restarts the clock of the pool; an attempt is noted and tried
    again on the next working day.
    """

    _name = "dealer.lead.contact"
    _description = "Contact with a Lead"
    _inherit = "dealer.linked.mixin"
    _order = "date desc, id desc"
    _rec_name = "lead_id"

    _linked_fields = {"lead_id": "write"}

    lead_id = fields.Many2one("crm.lead", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="lead_id.company_id")
    date = fields.Datetime(required=True, default=fields.Datetime.now, index=True)
    user_id = fields.Many2one(
        "res.users", string="By", required=True, default=lambda self: self.env.user, index=True
    )
    kind = fields.Selection(
        [
            ("call", "Phone call"),
            ("message", "WeChat or text message"),
            ("visit", "Visit"),
            ("test_drive", "Test drive"),
            ("email", "E-mail"),
            ("other", "Other talk"),
            ("plan", "Only plan the next contact"),
        ],
        required=True,
        default="call",
    )
    is_reached = fields.Boolean(string="Reached", default=True)
    note = fields.Text(string="What was said")
    level_id = fields.Many2one(
        "dealer.intention.level",
        compute="_compute_level_id",
        store=True,
        readonly=False,
        precompute=True,
        domain=[("kind", "in", ("new", "intention"))],
        ondelete="restrict",
    )
    level_reason = fields.Char(
        string="Why lower", help="A lead gets a lower level only with a reason."
    )
    is_lowered = fields.Boolean(compute="_compute_is_lowered")
    next_date = fields.Datetime(
        string="Next Contact",
        compute="_compute_next_date",
        store=True,
        readonly=False,
        precompute=True,
        help="Planned by the level. Choose an earlier or later time within what the level allows.",
    )

    @api.depends("lead_id")
    def _compute_level_id(self):
        for contact in self:
            contact.level_id = contact.lead_id.dealer_level_id

    @api.depends("level_id", "lead_id")
    def _compute_is_lowered(self):
        for contact in self:
            before = contact.lead_id.dealer_level_id
            contact.is_lowered = bool(
                before and contact.level_id and contact.level_id._is_lower_than(before)
            )

    @api.depends("level_id", "is_reached", "kind", "lead_id")
    def _compute_next_date(self):
        for contact in self:
            contact.next_date = contact.lead_id._dealer_get_next_date(
                contact.level_id, contact.date or fields.Datetime.now(), contact._is_talk()
            )

    def _is_talk(self):
        """Whether the customer was spoken to."""
        self.ensure_one()
        return self.is_reached and self.kind in TALKS

    # === CRUD ===
    @api.model_create_multi
    def create(self, vals_list):
        """Note contacts of own or free leads and plan what comes next."""
        if not self.env.su:
            for vals in vals_list:
                vals["user_id"] = self.env.uid
        contacts = super().create(vals_list)
        contacts.lead_id.check_access("write")
        if not self.env.su:
            contacts._check_dates()
        contacts._apply()
        return contacts

    def write(self, vals):
        """What was noted stays; its wording may be completed."""
        if not self.env.su and set(vals) - {"note"}:
            raise UserError(
                self.env._("A contact that was noted is not changed. Note another one instead.")
            )
        return super().write(vals)

    def _check_dates(self):
        """A next date is compulsory, ahead of us and within the longest time of the level."""
        now = fields.Datetime.now()
        is_manager = self.env.user.has_group("dealer_base.group_sales_manager")
        for contact in self:
            if contact.date > now:
                raise UserError(self.env._("A contact is noted when it has taken place."))
            level = contact.level_id
            if not level._get_interval():
                continue
            if not contact.next_date or contact.next_date <= contact.date:
                raise UserError(self.env._("Say when you will contact the customer again."))
            base = contact.date if contact._is_talk() else contact.lead_id._dealer_get_base()
            limit = contact.lead_id._dealer_move_to_opening(
                max(base, contact.date if contact.kind in TALKS else base) + level._get_longest()
            )
            if contact.next_date > limit and not is_manager:
                raise UserError(
                    self.env._(
                        "Level %(level)s asks for the next contact by %(limit)s. Choose an earlier"
                        " time, or a lower level with its reason.",
                        level=level.code,
                        limit=fields.Datetime.context_timestamp(
                            contact.lead_id._dealer_with_shop_tz(), limit
                        ).strftime("%Y-%m-%d %H:%M"),
                    )
                )

    def _apply(self):
        """Carry the contact over to its lead: level, clocks and the next activity."""
        for contact in self:
            lead = contact.lead_id
            if contact.level_id and contact.level_id != lead.dealer_level_id:
                lead._dealer_set_level(contact.level_id, contact.level_reason, replan=False)
            lead._dealer_note_contact(contact)
