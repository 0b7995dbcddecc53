from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

from .dealer_derived_mixin import DealerDerivedMixin

#: What we collect on the order for the work of a task: kind of task by part of the deal.
COLLECTED_FOR = {
    "purchase_tax": "purchase_tax",
    "ctpl": "ctpl",
    "vessel_tax": "ctpl",
    "plate_fee": "plate",
}


class DealerRegistration(models.Model):
    """The way of a sold car to its plate: insurance, purchase tax, office, papers back.

    One for each sold new car. Tasks have legal clocks; temporary plates are counted here, because
    the law allows only some of them.
    """

    _name = "dealer.registration"
    _description = "Registration Service"
    _inherit = [DealerDerivedMixin._name, "mail.thread", "mail.activity.mixin"]
    _order = "date_due NULLS LAST, id desc"
    _rec_name = "vehicle_id"
    _check_company_auto = True

    _fixed_fields = frozenset({"sale_line_id"})

    sale_line_id = fields.Many2one(
        "sale.order.line",
        string="Order Line",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain="[('dealer_vehicle_held', '=', True)]",
    )
    order_id = fields.Many2one(
        related="sale_line_id.order_id", string="Deal", store=True, index=True
    )
    warehouse_id = fields.Many2one(
        related="order_id.warehouse_id", string="Store", store=True, index=True
    )
    vehicle_id = fields.Many2one(
        related="sale_line_id.dealer_vehicle_id", string="Car", store=True, index=True
    )
    partner_id = fields.Many2one(
        related="order_id.partner_id", string="Customer", store=True, index=True
    )
    company_id = fields.Many2one(related="sale_line_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        default=lambda self: self.env.user,
        index=True,
        tracking=True,
    )
    mode = fields.Selection(
        [("service", "We do it"), ("customer", "The customer does it")],
        required=True,
        default="service",
        tracking=True,
    )
    state = fields.Selection(
        [("open", "In progress"), ("done", "Registered"), ("cancel", "Cancelled")],
        compute="_compute_state",
        store=True,
        index=True,
        tracking=True,
    )
    invoice_date = fields.Date(
        "Invoiced On",
        compute="_compute_invoice_date",
        compute_sudo=True,  # who registers cars may not read invoices
        store=True,
        help="Date of the sales invoice of the car: the clock of the purchase tax begins.",
    )
    date_due = fields.Date("Next Deadline", compute="_compute_date_due", store=True, index=True)
    task_ids = fields.One2many("dealer.registration.task", "registration_id", string="Tasks")
    temporary_plate_ids = fields.One2many(
        "dealer.temporary.plate", "registration_id", string="Temporary Plates"
    )

    # === INSURANCE ===
    ctpl_insurer_id = fields.Many2one("res.partner", string="Insurer", ondelete="restrict")
    ctpl_number = fields.Char("Compulsory Insurance No.")
    ctpl_date_from = fields.Date("In Force From")
    ctpl_date_to = fields.Date(
        "In Force Until",
        compute="_compute_ctpl_date_to",
        store=True,
        readonly=False,
        help="Proposed by the usual term of a policy, from its first day.",
    )
    ctpl_by_customer = fields.Boolean(
        "The Customer Insures the Car",
        tracking=True,
        help="The customer has a compulsory insurance of his own: his policy is attached here.",
    )
    ctpl_attachment_ids = fields.Many2many(
        "ir.attachment", "dealer_registration_ctpl_rel", string="Policy of the Customer", copy=False
    )
    commercial_number = fields.Char("Commercial Insurance No.")
    commercial_date_to = fields.Date("Commercial Insurance Until")

    # === MONEY OF OTHERS ===
    amount_collected = fields.Monetary(
        compute="_compute_amounts",
        compute_sudo=True,  # who registers cars may not read the order
        help="What the customer pays us on the order for tax, insurance and plate.",
    )
    amount_spent = fields.Monetary(
        compute="_compute_amounts", compute_sudo=True, help="What the tasks have cost so far."
    )
    amount_left = fields.Monetary(
        "Collected, Not Spent", compute="_compute_amounts", compute_sudo=True
    )

    _one_per_line = models.UniqueIndex(
        "(sale_line_id)", "The registration of this car is there already. Open that one."
    )
    _ctpl_dates = models.Constraint(
        "CHECK (ctpl_date_from IS NULL OR ctpl_date_to IS NULL OR ctpl_date_to > ctpl_date_from)",
        "The compulsory insurance ends after it begins.",
    )

    # === COMPUTES ===
    @api.depends("task_ids.state", "order_id.state")
    def _compute_state(self):
        for registration in self:
            tasks = registration.task_ids
            if registration.order_id.state == "cancel":
                registration.state = "cancel"
            elif tasks and all(task.state != "todo" for task in tasks):
                registration.state = "done"
            else:
                registration.state = "open"

    @api.depends(
        "sale_line_id.invoice_lines.move_id.invoice_date",
        "sale_line_id.invoice_lines.parent_state",
        "sale_line_id.invoice_lines.move_id.move_type",
    )
    def _compute_invoice_date(self):
        for registration in self:
            invoices = registration.sale_line_id.invoice_lines.move_id.filtered(
                lambda move: move.state == "posted" and move.move_type == "out_invoice"
            )
            registration.invoice_date = max(invoices.mapped("invoice_date"), default=False)

    @api.depends("ctpl_date_from")
    def _compute_ctpl_date_to(self):
        """A policy of the usual term ends on the day before its anniversary."""
        for registration in self:
            start, end = registration.ctpl_date_from, registration.ctpl_date_to
            if start:
                months = self.env["dealer.parameter"]._get_value(
                    "ctpl_term_months", start, company=registration.company_id
                )
                end = fields.Date.add(start, months=int(months), days=-1)
            registration.ctpl_date_to = end

    @api.depends("task_ids.date_due", "task_ids.state")
    def _compute_date_due(self):
        for registration in self:
            waiting = registration.task_ids.filtered(
                lambda task: task.state == "todo" and task.date_due
            )
            registration.date_due = min(waiting.mapped("date_due"), default=False)

    @api.depends("task_ids.amount", "order_id.order_line.price_total")
    def _compute_amounts(self):
        for registration in self:
            collected = sum(registration._get_collected().values())
            spent = sum(registration.task_ids.mapped("amount"))
            registration.amount_collected = collected
            registration.amount_spent = spent
            registration.amount_left = collected - spent

    def _get_collected(self):
        """What the order collects for each kind of task; of several cars each has its share."""
        self.ensure_one()
        lines = self.sudo().order_id.order_line  # sudo: see amount_collected
        cars = len(lines.dealer_vehicle_id) or 1
        collected = {}
        for line in lines:
            kind = COLLECTED_FOR.get(line.product_id.dealer_deal_type)
            if kind:
                amount = self.currency_id.round(line.price_total / cars)
                collected[kind] = collected.get(kind, 0.0) + amount
        return collected

    # === CRUD ===
    @api.model_create_multi
    def create(self, vals_list):
        registrations = super().create(vals_list)
        for registration in registrations:
            registration._create_tasks()
        return registrations

    def _create_tasks(self):
        """The chain of tasks; an old car that was never registered is inspected first."""
        self.ensure_one()
        kinds = ["ctpl", "purchase_tax", "plate", "papers"]
        if self._needs_inspection():
            kinds.insert(2, "inspection")
        self.env["dealer.registration.task"].create(
            [
                {"registration_id": self.id, "kind": kind, "sequence": 10 * number}
                for number, kind in enumerate(kinds, 1)
            ]
        )

    def _needs_inspection(self):
        """Whether the car was built so long ago that the office wants it inspected first."""
        self.ensure_one()
        built = self.vehicle_id.production_date
        months = self.env["dealer.parameter"]._get_value(
            "registration_inspect_months", company=self.company_id
        )
        today = fields.Date.context_today(self)
        return bool(built) and fields.Date.add(built, months=int(months)) < today

    @api.ondelete(at_uninstall=False)
    def _unlink_except_started(self):
        if any(task.state == "done" for task in self.task_ids):
            raise ValidationError(
                self.env._("A registration that has begun is kept; cancel its order instead.")
            )

    # === STATE OF THE CAR ===
    def _is_insured_on(self, day):
        """Whether the compulsory insurance is in force on a day."""
        return not self._get_insurance_problem(day)

    def _get_insurance_problem(self, day):
        """Why the compulsory insurance is not in force on a day, in words, else nothing."""
        self.ensure_one()
        if not self._is_insurance_recorded():
            if self.ctpl_by_customer:
                return self.env._("The customer insures the car, but has not shown the policy yet.")
            return self.env._("Number and dates of the compulsory insurance are not recorded.")
        start, end = self.ctpl_date_from, self.ctpl_date_to
        if (start and day < start) or (end and day > end):
            return self.env._(
                "The compulsory insurance is in force from %(start)s to %(end)s, not on %(day)s.",
                start=format_date(self.env, start) if start else "-",
                end=format_date(self.env, end) if end else "-",
                day=format_date(self.env, day),
            )
        return None

    def _is_insurance_recorded(self):
        """Whether there is a policy of ours, or the paper of one that the customer has made."""
        self.ensure_one()
        if self.ctpl_by_customer:
            return bool(self.ctpl_attachment_ids)
        return bool(self.ctpl_number and self.ctpl_date_from and self.ctpl_date_to)

    def _has_temporary_plate_on(self, day):
        """Whether the car may be driven with a temporary plate on a day."""
        self.ensure_one()
        return any(plate.date_from <= day <= plate.date_to for plate in self.temporary_plate_ids)

    # === REMINDERS ===
    @api.model
    def _cron_remind(self):
        """Remind whoever is responsible of deadlines, some days before; never twice of one."""
        days = self.env["dealer.parameter"]._get_value("registration_remind_days")
        limit = fields.Date.add(fields.Date.context_today(self), days=int(days))
        tasks = self.env["dealer.registration.task"].search(
            [
                ("state", "=", "todo"),
                ("registration_id.state", "=", "open"),
                ("date_due", "<=", limit),
                ("is_reminded", "=", False),
            ]
        )
        for task in tasks:
            user = task.registration_id.user_id or self.env.user
            told = user._dealer_tell(task)
            told.registration_id.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=task.date_due,
                summary=told.env._(
                    "%(task)s: %(customer)s, %(car)s",
                    task=told.display_name,
                    customer=told.registration_id.partner_id.display_name,
                    car=told.vehicle_id.display_name,
                ),
                user_id=user.id,
            )
        tasks.is_reminded = True
