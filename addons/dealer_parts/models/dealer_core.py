from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.dealer_vehicle.models.dealer_fact_mixin import DealerFactMixin

STATES = [
    ("expected", "Expected"),
    ("received", "Kept"),
    ("returned", "Sent to Supplier"),
    ("credited", "Credited"),
    ("given_back", "Given to the Customer"),
    ("scrapped", "Scrapped"),
    ("lost", "Never Came"),
    ("cancel", "Part Came Back"),
]
#: From which state each step goes.
TRANSITIONS = {
    "received": {"expected"},
    "returned": {"received"},
    "credited": {"returned"},
    "given_back": {"expected", "received"},
    "scrapped": {"received"},
    "lost": {"expected"},
    "cancel": {"expected"},
}
#: Fields that stand still once the old part is on its way to the supplier.
SENT = {"supplier_id", "expected_credit", "expected_credit_on", "return_reference"}


class DealerCore(models.Model):
    """One old part (旧件) that is due for a new one: who owes it, where it lies, what it brings.

    A piece is a record with its own tag. It has no value in the books until the supplier credits
    it; the ledger says what is expected from whom and since when (features P-05, P-20).
    """

    _name = "dealer.core"
    _description = "Old Part"
    _inherit = [DealerFactMixin._name, "mail.thread", "mail.activity.mixin"]
    _order = "date_due, id"
    _check_company_auto = True
    _fact_fields = frozenset(
        {
            "name",
            "state",
            "request_line_id",
            "issue_move_id",
            "condition",
            "received_on",
            "received_by_id",
            "returned_on",
            "returned_by_id",
            "credited_on",
            "ended_on",
            "alerted_on",
        }
    )

    name = fields.Char(string="Tag", readonly=True, copy=False, default="/", index=True)
    product_id = fields.Many2one(
        "product.product",
        string="Part",
        required=True,
        index=True,
        ondelete="restrict",
        domain=[("dealer_is_part", "=", True)],
    )
    request_line_id = fields.Many2one(
        "dealer.part.request.line", readonly=True, copy=False, index="btree_not_null"
    )
    request_id = fields.Many2one(
        related="request_line_id.request_id", string="Parts Request", store=True, index=True
    )
    issue_move_id = fields.Many2one("stock.move", readonly=True, copy=False, index="btree_not_null")
    origin = fields.Char(related="request_id.origin", string="For")
    company_id = fields.Many2one(related="warehouse_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    warehouse_id = fields.Many2one("stock.warehouse", string="Store", required=True, index=True)
    technician_id = fields.Many2one("res.users", index="btree_not_null")
    partner_id = fields.Many2one("res.partner", string="Customer", index="btree_not_null")
    state = fields.Selection(
        STATES,
        required=True,
        readonly=True,
        default="expected",
        copy=False,
        tracking=True,
        index=True,
    )
    date_due = fields.Date(string="Due On", required=True, default=fields.Date.context_today)
    is_overdue = fields.Boolean(compute="_compute_is_overdue", search="_search_is_overdue")
    alerted_on = fields.Date(readonly=True, copy=False)
    # at the store
    condition = fields.Selection(
        [("clean", "Clean"), ("dirty", "Dirty")], readonly=True, copy=False
    )
    received_on = fields.Date(readonly=True, copy=False)
    received_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    shelf = fields.Char(copy=False, help="Where the tagged old part lies.")
    keep_until = fields.Date(
        copy=False, tracking=True, help="Before this day the old part is not scrapped."
    )
    # at the supplier
    supplier_id = fields.Many2one(
        "res.partner",
        compute="_compute_supplier",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        tracking=True,
    )
    expected_credit = fields.Monetary(
        compute="_compute_supplier", store=True, readonly=False, precompute=True, tracking=True
    )
    expected_credit_on = fields.Date(string="Credit Expected On", copy=False)
    return_reference = fields.Char(string="Return Note", copy=False)
    returned_on = fields.Date(string="Sent On", readonly=True, copy=False)
    returned_by_id = fields.Many2one("res.users", string="Sent By", readonly=True, copy=False)
    credited_amount = fields.Monetary(string="Credited", copy=False, tracking=True)
    credited_on = fields.Date(readonly=True, copy=False)
    credit_move_id = fields.Many2one(
        "account.move",
        string="Credit Note",
        copy=False,
        index="btree_not_null",
        domain="[('move_type', '=', 'in_refund'), ('commercial_partner_id', '=', supplier_id)]",
    )
    open_credit = fields.Monetary(
        string="Credit Still Open",
        compute="_compute_open_credit",
        store=True,
        help="What the supplier still owes; after the credit, by how much it fell short.",
    )
    ended_on = fields.Date(readonly=True, copy=False)
    note = fields.Char()

    _tag_unique = models.UniqueIndex(
        "(company_id, name) WHERE name != '/'", "There is an old part with this tag already."
    )
    _amounts_positive = models.Constraint(
        "CHECK (coalesce(expected_credit, 0) >= 0 AND coalesce(credited_amount, 0) >= 0)",
        "Credits for old parts cannot be less than zero.",
    )
    _sent_to_somebody = models.Constraint(
        "CHECK (state NOT IN ('returned', 'credited') OR supplier_id IS NOT NULL)",
        "Say to which supplier the old part goes.",
    )

    # === FIELDS ===
    @api.depends("product_id")
    def _compute_supplier(self):
        for core in self:
            # sudo: vendors of a part are the buyers' to read
            product = core.product_id.sudo()
            sellers = product.seller_ids.filtered(
                lambda seller, core=core: seller.company_id.id in (False, core.company_id.id)
            )
            core.supplier_id = core.supplier_id or sellers[:1].partner_id
            core.expected_credit = core.expected_credit or product.dealer_core_deposit

    @api.depends("state", "expected_credit", "credited_amount")
    def _compute_open_credit(self):
        for core in self:
            is_open = core.state in ("returned", "credited")
            core.open_credit = core.expected_credit - core.credited_amount if is_open else 0

    def _get_overdue_domain(self):
        today = fields.Date.context_today(self)
        return [
            "|",
            "&",
            ("state", "=", "expected"),
            ("date_due", "<", today),
            "&",
            ("state", "=", "returned"),
            ("expected_credit_on", "<", today),
        ]

    @api.depends("state", "date_due", "expected_credit_on")
    def _compute_is_overdue(self):
        late = self.filtered_domain(self._get_overdue_domain())
        for core in self:
            core.is_overdue = core in late

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = fields.Domain(self._get_overdue_domain())
        return domain if True in value else ~domain

    @api.depends("name", "product_id")
    def _compute_display_name(self):
        for core in self:
            core.display_name = f"{core.name} {core.product_id.default_code or ''}".strip()

    @api.constrains("credit_move_id", "supplier_id")
    def _check_credit_note(self):
        for core in self:
            # sudo: keepers need not read bills
            note = core.sudo().credit_move_id
            if note and note.commercial_partner_id != core.supplier_id.commercial_partner_id:
                raise ValidationError(
                    self.env._(
                        "%(note)s is not a credit note of %(supplier)s.",
                        note=note.display_name,
                        supplier=core.supplier_id.display_name,
                    )
                )

    # === CRUD ===
    @api.model_create_multi
    def create(self, vals_list):
        cores = super().create(vals_list)
        for core in cores:
            # sudo: the tag is a fact
            core.sudo().name = (
                self.env["ir.sequence"].with_company(core.company_id).next_by_code("dealer.core")
                or "/"
            )
        return cores

    def write(self, vals):
        if not self.env.su:
            fixed = SENT & vals.keys()
            if fixed and any(core.state not in ("expected", "received") for core in self):
                raise UserError(
                    self.env._("This old part has left already: what was agreed then stays.")
                )
            if {"credited_amount", "credit_move_id"} & vals.keys():
                self._check_may_credit()
                if any(core.state == "credited" for core in self):
                    raise UserError(self.env._("What the supplier has credited stands."))
        return super().write(vals)

    # === STEPS ===
    def _go(self, state, **facts):
        """Take a step, if it is allowed from where each old part is."""
        self.check_access("write")
        for core in self:
            if core.state not in TRANSITIONS[state]:
                raise UserError(
                    self.env._(
                        "%(core)s is “%(state)s”: this step is not possible any more.",
                        core=core.display_name,
                        state=dict(core._fields["state"]._description_selection(self.env))[
                            core.state
                        ],
                    )
                )
        # sudo: facts are written by the steps only
        self.sudo().write({"state": state, **facts})
        return True

    def action_receive_clean(self):
        """The old part is here, clean and complete: it gets its tag and is kept."""
        return self._receive("clean")

    def action_receive_dirty(self):
        """The old part is here, but must be cleaned or completed before the supplier takes it."""
        return self._receive("dirty")

    def _receive(self, condition):
        self._check_keeper()
        today = fields.Date.context_today(self)
        for company, cores in self.grouped("company_id").items():
            days = int(
                self.env["dealer.parameter"]._get_value("part_core_keep_days", company=company)
            )
            cores._go(
                "received",
                condition=condition,
                received_on=today,
                received_by_id=self.env.uid,
                keep_until=today + timedelta(days=days),
            )
        self.sudo().activity_unlink(["mail.mail_activity_data_todo"])  # sudo: reminders of others
        return True

    def action_clean(self):
        """The kept old part has been cleaned."""
        self._check_keeper()
        for core in self:
            if core.state != "received":
                raise UserError(self.env._("%s is not kept here.", core.display_name))
        self.sudo().condition = "clean"  # sudo: a fact
        return True

    def action_return(self):
        """Send the old parts to their suppliers, who owe a credit from now on."""
        self._check_keeper()
        today = fields.Date.context_today(self)
        for core in self:
            if not core.supplier_id:
                raise UserError(self.env._("Say to which supplier %s goes.", core.display_name))
            if core.condition == "dirty":
                raise UserError(
                    self.env._(
                        "%s is dirty: the supplier refuses it. Clean it first.", core.display_name
                    )
                )
        for company, cores in self.grouped("company_id").items():
            days = int(
                self.env["dealer.parameter"]._get_value("part_core_credit_days", company=company)
            )
            cores._go("returned", returned_on=today, returned_by_id=self.env.uid)
            without = cores.filtered(lambda core: not core.expected_credit_on)
            # sudo: what was agreed stands once the part has left
            without.sudo().expected_credit_on = today + timedelta(days=days)
        return True

    def action_credit(self):
        """The supplier has paid; what he paid less stays visible."""
        self._check_may_credit()
        for core in self:
            # sudo: the parts manager need not read bills
            note = core.sudo().credit_move_id
            if core.credited_amount and note.state != "posted":
                raise UserError(
                    self.env._(
                        "Choose the posted credit note by which the supplier credits %s: the"
                        " money comes into the books by it.",
                        core.display_name,
                    )
                )
            if not core.credited_amount and core.expected_credit and not core.note:
                raise UserError(
                    self.env._(
                        "Enter what the supplier credits for %s; for nothing, note the reason.",
                        core.display_name,
                    )
                )
        today = fields.Date.context_today(self)
        return self._go("credited", credited_on=today, ended_on=today)

    def action_give_back(self):
        """The customer takes his old part along: it is his (机动车维修管理规定)."""
        for core in self:
            if not core.partner_id:
                raise UserError(
                    self.env._("%s was taken out of no customer's car.", core.display_name)
                )
        return self._go("given_back", ended_on=fields.Date.context_today(self))

    def action_scrap(self):
        """Throw away what nobody wants to see any more."""
        self._check_keeper()
        today = fields.Date.context_today(self)
        for core in self:
            if core.keep_until and core.keep_until > today:
                raise UserError(
                    self.env._(
                        "%(core)s is kept until %(day)s. Change the day if the maker has released"
                        " it.",
                        core=core.display_name,
                        day=core.keep_until,
                    )
                )
        return self._go("scrapped", ended_on=today)

    def action_lose(self):
        """The old part never came: a manager decides that, with a reason."""
        if not self.env.user.has_group("dealer_base.group_parts_manager"):
            raise UserError(self.env._("The parts manager decides that an old part is given up."))
        for core in self:
            if not core.note:
                raise UserError(self.env._("Note why %s never came.", core.display_name))
        return self._go("lost", ended_on=fields.Date.context_today(self))

    def _check_keeper(self):
        if not self.env.user.has_group("dealer_base.group_parts_keeper"):
            raise UserError(self.env._("The parts keeper looks after the old parts."))

    def _check_may_credit(self):
        if not self.env.user.has_group("dealer_parts.group_part_cost"):
            raise UserError(
                self.env._("The parts manager or the accountant enters what a supplier credits.")
            )

    # === ALERTS ===
    @api.model
    def _cron_alert_overdue(self):
        """Tell the technician, or who sent the part, once that it is late."""
        today = fields.Date.context_today(self)
        late = self.search([("is_overdue", "=", True), ("alerted_on", "=", False)])
        for core in late:
            is_expected = core.state == "expected"
            person = core.technician_id if is_expected else core.returned_by_id
            if not person:
                continue
            there = person._dealer_tell(core)
            there.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=there.env._("Bring the old part to the store.")
                if is_expected
                else there.env._("The supplier has not credited this old part: call him."),
                user_id=person.id,
            )
        late.alerted_on = today
