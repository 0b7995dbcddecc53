from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.dealer_base.tools.identifiers import plate_kind

from .dealer_derived_mixin import DealerDerivedMixin
from .dealer_fact_mixin import DealerFactMixin

KINDS = [
    ("ctpl", "Compulsory insurance and vessel tax"),
    ("purchase_tax", "Purchase tax declared and paid"),
    ("inspection", "Safety inspection before registration"),
    ("plate", "First registration and plate"),
    ("papers", "Papers given back to the customer"),
]
#: What the office wants to see before it does something (机动车登记规定 Art. 12).
NEEDED_BEFORE = {"plate": ("ctpl", "purchase_tax", "inspection"), "papers": ("plate",)}


class DealerRegistrationTask(models.Model):
    """One step on the way to the plate, with its legal clock and what it cost."""

    _name = "dealer.registration.task"
    _description = "Registration Task"
    _inherit = [DealerFactMixin._name, DealerDerivedMixin._name]
    # not by registration, which is sorted by its deadline: to look for its tasks would compute that
    # before the tasks know of a moved appointment
    _order = "sequence, id"
    _rec_name = "kind"

    _fixed_fields = frozenset({"registration_id", "kind"})
    _fact_fields = frozenset({"state", "done_by_id", "done_on", "is_reminded"})

    registration_id = fields.Many2one(
        "dealer.registration", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="registration_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="registration_id.currency_id")
    vehicle_id = fields.Many2one(related="registration_id.vehicle_id", string="Car")
    kind = fields.Selection(KINDS, string="Task", required=True)
    sequence = fields.Integer(default=10)
    state = fields.Selection(
        [("todo", "To do"), ("done", "Done"), ("skipped", "Not needed")],
        required=True,
        default="todo",
        readonly=True,
        index=True,
    )
    submitted_on = fields.Date(help="When the papers were handed in at the office.")
    date_due = fields.Date(
        "Deadline",
        compute="_compute_date_due",
        store=True,
        help="By law: purchase tax within 60 days of the invoice, the office answers within two"
        " working days, a plate before the temporary one ends.",
    )
    is_overdue = fields.Boolean(compute="_compute_is_overdue", search="_search_is_overdue")
    reference = fields.Char(help="Policy, tax voucher or plate number.")
    amount = fields.Monetary("Paid", help="What was paid for the customer at this step.")
    done_by_id = fields.Many2one("res.users", readonly=True)
    done_on = fields.Date(readonly=True)
    attachment_ids = fields.Many2many("ir.attachment", string="Office Receipts")
    is_reminded = fields.Boolean()

    _one_of_a_kind = models.UniqueIndex(
        "(registration_id, kind)", "Each task is there once in a registration."
    )
    _amount_positive = models.Constraint(
        "CHECK (amount >= 0)", "What was paid at a task cannot be negative."
    )

    # === COMPUTES ===
    @api.depends("kind")
    def _compute_display_name(self):
        names = dict(self._fields["kind"]._description_selection(self.env))
        for task in self:
            task.display_name = names.get(task.kind, "")

    @api.depends(
        "kind",
        "submitted_on",
        "registration_id.invoice_date",
        "registration_id.sale_line_id.dealer_delivery_ids.date_start",
        "registration_id.temporary_plate_ids.date_to",
    )
    def _compute_date_due(self):
        for task in self:
            task.date_due = task._get_date_due()

    def _get_date_due(self):
        """The legal clock of this task, or False while it has not begun to run."""
        self.ensure_one()
        registration = self.registration_id
        if self.kind == "purchase_tax" and registration.invoice_date:
            days = self._get_days("purchase_tax_declare_days", registration.invoice_date)
            return registration.invoice_date + timedelta(days=days)
        if self.kind == "ctpl":
            # sudo: who registers cars need not see the deliveries
            starts = registration.sudo().sale_line_id.dealer_delivery_ids.mapped("date_start")
            first = min(filter(None, starts), default=False)
            return first and self.env["dealer.parameter"]._get_local_day(
                first, registration.company_id
            )
        if self.kind == "plate":
            if self.submitted_on:
                days = self._get_days("registration_working_days", self.submitted_on)
                return self._add_working_days(self.submitted_on, days)
            return max(registration.temporary_plate_ids.mapped("date_to"), default=False)
        return False

    def _get_days(self, code, day):
        value = self.env["dealer.parameter"]._get_value(
            code, day, company=self.registration_id.company_id
        )
        return int(value)

    @api.model
    def _add_working_days(self, day, days):
        """The day some working days later; weekends do not count, public holidays are not known."""
        while days:
            day += timedelta(days=1)
            days -= day.weekday() < 5
        return day

    @api.depends("date_due", "state")
    def _compute_is_overdue(self):
        today = fields.Date.context_today(self)
        for task in self:
            task.is_overdue = bool(task.state == "todo" and task.date_due and task.date_due < today)

    @api.model
    def _search_is_overdue(self, operator, value):
        if operator != "in" or set(value) != {True}:
            return NotImplemented
        return [("state", "=", "todo"), ("date_due", "<", fields.Date.context_today(self))]

    # === ACTIONS ===
    def action_done(self):
        """The step has been made; the next one may follow."""
        self.check_access("write")
        for task in self:
            task._check_order()
            task._check_complete()
            task._tell_vehicle()
        self._set_state("done")

    def action_skip(self):
        """The step is not needed for this car, e.g. an exemption."""
        self.check_access("write")
        self._set_state("skipped")

    def action_reopen(self):
        """The step has to be made again."""
        self.check_access("write")
        self._set_state("todo")

    def _set_state(self, state):
        """The only writer of ``state``, who and when."""
        for task in self:
            if (task.state == "todo") == (state == "todo"):
                raise UserError(self.env._("This task is in that state already."))
        done = state != "todo"
        # sudo: state, who and when are written by the steps, never by hand
        self.sudo().write(
            {
                "state": state,
                "done_by_id": self.env.uid if done else False,
                "done_on": fields.Date.context_today(self) if done else False,
            }
        )

    def _check_order(self):
        """The office registers a car that is insured and taxed, and nothing else."""
        self.ensure_one()
        needed = self.registration_id.task_ids.filtered(
            lambda task: task.kind in NEEDED_BEFORE.get(self.kind, ()) and task.state == "todo"
        )
        if needed:
            raise UserError(
                self.env._(
                    "“%(task)s” comes after: %(needed)s.",
                    task=self.display_name,
                    needed=", ".join(needed.mapped("display_name")),
                )
            )

    def _check_complete(self):
        """A step that is done has its number, an insurance its dates."""
        self.ensure_one()
        registration = self.registration_id
        if self.kind == "ctpl" and not registration._is_insurance_recorded():
            raise UserError(self.env._("Enter number and dates of the compulsory insurance first."))
        if self.kind in ("purchase_tax", "plate") and not self.reference:
            raise UserError(
                self.env._("Enter the number for “%(task)s” first.", task=self.display_name)
            )
        if self.kind == "plate" and not plate_kind(self.reference):
            raise UserError(
                self.env._(
                    "%(number)s is no plate number of the mainland: province, letter, then five"
                    " characters (six for new energy).",
                    number=self.reference,
                )
            )

    def _tell_vehicle(self):
        """The plate belongs to the car from now on."""
        self.ensure_one()
        if self.kind != "plate":
            return
        # sudo: who registers cars for customers need not have the right to edit them
        self.registration_id.sudo().vehicle_id.write(
            {
                "license_plate": self.reference,
                "first_registration_date": fields.Date.context_today(self),
            }
        )
