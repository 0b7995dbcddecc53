from datetime import timedelta

from odoo import api, fields, models

from .dealer_derived_mixin import DealerDerivedMixin
from .dealer_fact_mixin import DealerFactMixin

#: Changing one of these makes it another plan, which nobody has approved.
PLANNED = {"order_id", "amount", "due_date", "kind"}


class DealerCollectionLine(models.Model):
    """One payment that a customer has promised for an order (回款计划).

    What has been paid is not entered here: the money that came for the order pays the oldest
    promise first.
    """

    _name = "dealer.collection.line"
    _inherit = [DealerFactMixin._name, DealerDerivedMixin._name]
    _description = "Collection Plan Line"
    _order = "due_date, sequence, id"
    _rec_names_search = ["order_id"]
    _check_company_auto = True
    # The reminder is the cron's: else nobody is reminded who says that he has been
    _fact_fields = frozenset({"warning_activity_id", "warned_overdue", "is_void"})
    _fixed_fields = frozenset({"order_id"})

    order_id = fields.Many2one(
        "sale.order", required=True, index=True, ondelete="cascade", check_company=True
    )
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(related="order_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="order_id.currency_id")
    partner_id = fields.Many2one(related="order_id.partner_id", string="Customer", store=True)
    user_id = fields.Many2one(related="order_id.user_id", string="Salesperson", store=True)
    warehouse_id = fields.Many2one(related="order_id.warehouse_id", string="Store", store=True)
    order_state = fields.Selection(related="order_id.state", string="Order Status", store=True)
    kind = fields.Selection(
        [
            ("deposit", "Earnest Money"),  # 定金, and so it was printed on every contract
            ("prepayment", "Prepayment"),
            ("instalment", "Instalment"),
            ("loan", "Loan Disbursement"),
            ("trade_in", "Trade-in Set-off"),
            ("balance", "Balance"),
        ],
        required=True,
        default="balance",
    )
    due_date = fields.Date(required=True, index=True)
    amount = fields.Monetary(required=True)
    note = fields.Char()
    paid_amount = fields.Monetary(
        string="Paid", compute="_compute_paid", store=True, help="Oldest promise first."
    )
    open_amount = fields.Monetary(string="Open", compute="_compute_paid", store=True)
    state = fields.Selection(
        [("open", "Open"), ("partial", "Partly Paid"), ("paid", "Paid"), ("void", "Void")],
        compute="_compute_paid",
        store=True,
    )
    is_void = fields.Boolean(
        string="Void",
        readonly=True,
        copy=False,
        help="The car came back: nobody asks for this any more.",
    )
    is_overdue = fields.Boolean(
        string="Overdue", compute="_compute_is_overdue", search="_search_is_overdue"
    )
    warning_activity_id = fields.Many2one(
        "mail.activity",
        copy=False,
        ondelete="set null",
        index="btree_not_null",
        help="Reminder of the salesperson that is open for this line.",
    )
    warned_overdue = fields.Boolean(copy=False, help="The salesperson knows that it is overdue.")

    _amount_positive = models.Constraint(
        "CHECK (amount > 0)", "A promised payment must be more than zero."
    )

    # === COMPUTES ===
    @api.depends(
        "order_id.dealer_received_total",
        "order_id.state",
        "is_void",
        "order_id.dealer_collection_ids.amount",
        "order_id.dealer_collection_ids.due_date",
        "order_id.dealer_collection_ids.sequence",
    )
    def _compute_paid(self):
        """Money pays the oldest promise of the order first."""
        for order, lines in self.grouped("order_id").items():
            left = order.dealer_received_total
            shares = {}
            plan = order.dealer_collection_ids | lines
            for line in plan.sorted(lambda line: line._dealer_plan_key()):
                shares[line] = min(line.amount, max(left, 0.0))
                left -= line.amount
            for line in lines:
                line.paid_amount = shares[line]
                line.open_amount = line.amount - shares[line]
                if line.is_void or order.state == "cancel":
                    line.open_amount = 0.0
                    line.state = "void"
                    continue
                is_paid = line.currency_id and line.currency_id.is_zero(line.open_amount)
                line.state = "paid" if is_paid else "partial" if shares[line] else "open"

    def _dealer_plan_key(self):
        """Order in which promises are paid."""
        self.ensure_one()
        return (self.due_date or fields.Date.today(), self.sequence, self._origin.id or 0)

    @api.depends("due_date", "state")
    def _compute_is_overdue(self):
        today = fields.Date.context_today(self)
        for line in self:
            line.is_overdue = bool(
                line.state not in ("paid", "void") and line.due_date and line.due_date < today
            )

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        return [("state", "not in", ("paid", "void")), ("due_date", "<", today)]

    @api.depends("order_id.name", "kind", "due_date")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for line in self:
            line.display_name = f"{line.order_id.name or ''} {kinds.get(line.kind, '')}"

    # === WHO APPROVED ===
    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.order_id._dealer_reset_plan()
        return lines

    def write(self, vals):
        if PLANNED & vals.keys():
            self.order_id._dealer_reset_plan()
        result = super().write(vals)
        if PLANNED & vals.keys():
            self.order_id._dealer_reset_plan()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_resets_approval(self):
        self.order_id._dealer_reset_plan()

    def _void_rest(self):
        """Nobody asks for these payments any more, nor reminds of them."""
        # sudo: the end of a deal voids them, nobody by hand
        lines = self.sudo()
        lines.is_void = True
        lines.warning_activity_id.unlink()

    # === WARNINGS ===
    @api.model
    def _cron_warn(self):
        """Remind salespeople of payments that fall due, once before and once after the day."""
        today = fields.Date.context_today(self)
        done = self.search([("state", "=", "paid"), ("warning_activity_id", "!=", False)])
        for company, lines in done.grouped("company_id").items():
            told = lines.with_context(lang=company.partner_id.lang or self.env.lang)
            told.warning_activity_id.action_feedback(feedback=told.env._("Paid"))
        done.warning_activity_id = False
        waiting = self._read_group(
            [("order_state", "=", "sale"), ("state", "not in", ("paid", "void"))], ["company_id"]
        )
        for (company,) in waiting:
            days = self.env["dealer.parameter"]._get_value(
                "collection_warning_days", company=company
            )
            lines = self.search(
                [
                    ("company_id", "=", company.id),
                    ("order_state", "=", "sale"),
                    ("state", "not in", ("paid", "void")),
                    ("due_date", "<=", today + timedelta(days=int(days))),
                    ("warned_overdue", "=", False),
                ]
            )
            for line in lines:
                line._warn(is_overdue=line.due_date < today)

    def _warn(self, is_overdue):
        """One open reminder for a line; the one before the day is replaced after it."""
        self.ensure_one()
        if self.warning_activity_id and not is_overdue:
            return
        self.warning_activity_id.unlink()
        order = self.order_id
        user = order.user_id or self.env.user
        line = self.with_context(lang=user.lang)  # the job that reminds has no language
        words = {
            "kind": dict(line._fields["kind"]._description_selection(line.env))[line.kind],
            "amount": line.open_amount,
            "customer": order.partner_id.name,
        }
        summary = (
            line.env._("Payment overdue: %(customer)s, %(kind)s %(amount).2f", **words)
            if is_overdue
            else line.env._("Payment falls due: %(customer)s, %(kind)s %(amount).2f", **words)
        )
        self.warning_activity_id = order.activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=self.due_date,
            summary=summary,
            user_id=user.id,
        )
        self.warned_overdue = is_overdue

    def action_view_order(self):
        """Open the order."""
        return self.order_id._get_records_action()
