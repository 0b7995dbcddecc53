from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.dealer_base.tools.taxes import ZERO, to_cents

from ..tools.deposit import end_deposit
from .dealer_derived_mixin import DealerDerivedMixin
from .dealer_fact_mixin import DealerFactMixin

#: Who broke the contract, by the reason of a request (Civil Code Art. 586-588).
BREACH = {
    "buyer": "buyer",
    "seller": "seller",
    "agreement": "none",
    "force_majeure": "none",
}

#: Allowed changes of state. Nothing that has been posted goes back.
TRANSITIONS = {
    ("draft", "submitted"),
    ("draft", "cancel"),
    ("submitted", "approved"),
    ("submitted", "rejected"),
    ("submitted", "cancel"),
    ("rejected", "draft"),
    ("approved", "posted"),
    ("approved", "cancel"),
    ("posted", "done"),
}


class DealerRefundRequest(models.Model):
    """Cancelling an order and giving its deposits back (退订), with approval.

    The requester says who broke the contract; what goes back follows from the law. A sales
    manager and finance decide up to a limit, above it the general manager; money that stays with
    the dealership, or is returned double, is always the general manager's. The approved request
    frees the car; accounting books what is forfeited or owed on top; the cashier pays out.
    """

    _name = "dealer.refund.request"
    _description = "Refund Request"
    _inherit = [
        DealerFactMixin._name,
        DealerDerivedMixin._name,  # approvers read customer, store and amounts of the deal
        "mail.thread",
        "mail.activity.mixin",
        "tier.validation",
    ]
    _order = "id desc"
    _check_company_auto = True
    _state_from = ["submitted"]
    _state_to = ["approved"]
    _tier_validation_manual_config = False
    # What the requester says
    _asked_fields = frozenset({"order_id", "reason", "note"})
    # What is approved: fixed as soon as others decide on it
    _decided_fields = (
        "paid_total",
        "effective_total",
        "forfeit_amount",
        "penalty_amount",
        "refund_amount",
        "is_invoiced",
    )
    _fact_fields = frozenset(
        {
            "name",
            "state",
            "requested_by_id",
            "requested_on",
            "approved_on",
            "posted_by_id",
            "paid_by_id",
            "paid_on",
        }
    )

    name = fields.Char(string="Number", readonly=True, copy=False, index="trigram")
    order_id = fields.Many2one(
        "sale.order", required=True, index=True, ondelete="restrict", check_company=True
    )
    company_id = fields.Many2one(related="order_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(related="order_id.partner_id", string="Customer", store=True)
    user_id = fields.Many2one(related="order_id.user_id", string="Salesperson", store=True)
    warehouse_id = fields.Many2one(related="order_id.warehouse_id", string="Store", store=True)
    reason = fields.Selection(
        [
            ("buyer", "The customer breaks the contract"),
            ("seller", "The dealership cannot keep the contract"),
            ("agreement", "Both sides agree"),
            ("force_majeure", "Force majeure"),
        ],
        required=True,
        tracking=True,
        help="Earnest money is forfeited when the customer breaks the contract and returned double"
        " when the dealership does; otherwise all money goes back.",
    )
    note = fields.Text(string="What Happened", required=True)
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("submitted", "To Approve"),
            ("approved", "Approved"),
            ("posted", "To Be Paid"),
            ("done", "Done"),
            ("rejected", "Rejected"),
            ("cancel", "Cancelled"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    requested_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    requested_on = fields.Datetime(readonly=True, copy=False)
    approved_on = fields.Datetime(readonly=True, copy=False)
    posted_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    paid_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    paid_on = fields.Date(readonly=True, copy=False)

    # What was decided on: fixed once the request has been submitted
    paid_total = fields.Monetary(
        string="Money Held", compute="_compute_amounts", store=True, tracking=True
    )
    effective_total = fields.Monetary(
        string="Effective Earnest Money", compute="_compute_amounts", store=True
    )
    forfeit_amount = fields.Monetary(
        string="Stays with Us", compute="_compute_amounts", store=True, tracking=True
    )
    penalty_amount = fields.Monetary(
        string="Paid on Top", compute="_compute_amounts", store=True, tracking=True
    )
    refund_amount = fields.Monetary(
        string="To Pay Out", compute="_compute_amounts", store=True, tracking=True
    )
    is_invoiced = fields.Boolean(string="Invoiced", compute="_compute_amounts", store=True)
    approval_level = fields.Integer(
        compute="_compute_approval_level",
        store=True,
        aggregator=None,
        help="1: sales manager and finance. 2: general manager and finance.",
    )

    _one_open_request = models.UniqueIndex(
        "(order_id) WHERE state IN ('draft', 'submitted', 'approved', 'posted')",
        "There is an open refund request for this order already.",
    )

    # === COMPUTES ===
    @api.depends(
        "order_id.amount_total",
        "order_id.invoice_status",
        "order_id.dealer_deposit_ids.state",
        "order_id.dealer_deposit_ids.residual",
        "order_id.dealer_deposit_ids.applied_amount",
        "reason",
    )
    def _compute_amounts(self):
        """What goes where if the order ended now; fixed as soon as others decide on it."""
        for request in self:
            if request.state not in ("draft", False):
                for name in self._decided_fields:
                    request[name] = request[name]
                continue
            for name, amount in request._get_amounts().items():
                request[name] = float(amount)
            # sudo: who asks for a refund may not read the invoices
            request.is_invoiced = not request.currency_id.is_zero(
                request.order_id.sudo()._dealer_get_invoiced_total()
            )

    def _get_amounts(self):
        """Amounts to decide on, as ``Decimal`` by field."""
        self.ensure_one()
        outcomes = self._get_outcomes().values()
        return {
            "paid_total": sum((held for held, _effective, _outcome in outcomes), ZERO),
            "effective_total": sum((effective for _held, effective, _out in outcomes), ZERO),
            "forfeit_amount": sum((out.forfeited for _held, _eff, out in outcomes), ZERO),
            "penalty_amount": sum((out.penalty for _held, _eff, out in outcomes), ZERO),
            "refund_amount": sum((out.refund for _held, _eff, out in outcomes), ZERO),
        }

    @api.depends("refund_amount", "forfeit_amount", "penalty_amount", "is_invoiced")
    def _compute_approval_level(self):
        """By the matrix of the house: money kept or doubled is the general manager's."""
        for request in self:
            limit = self.env["dealer.parameter"]._get_value(
                "refund_manager_limit", company=request.company_id or self.env.company
            )
            beyond = Decimal(str(request.refund_amount)) > limit
            special = request.forfeit_amount or request.penalty_amount or request.is_invoiced
            request.approval_level = 2 if beyond or special else 1

    def _get_outcomes(self):
        """What each deposit of the order comes to.

        :return: (held, effective part, ``DepositOutcome``) by deposit
        """
        self.ensure_one()
        order = self.order_id.sudo()  # sudo: amounts are alike for everybody who may ask
        shares = order._dealer_get_effective_earnest()
        multiple = self.env["dealer.parameter"]._get_value(
            "deposit_return_multiple", date=order.date_order, company=order.company_id
        )
        outcomes = {}
        for deposit in order.dealer_deposit_ids.filtered(lambda d: d.state == "received"):
            booked = deposit.residual + deposit.applied_amount - deposit.penalty_amount
            held = to_cents(Decimal(str(booked)))
            if held <= 0:
                continue
            effective = min(shares.get(deposit.id, ZERO), held)
            breach = BREACH.get(self.reason, "none")
            outcomes[deposit] = (held, effective, end_deposit(held, effective, breach, multiple))
        return outcomes

    # === STATES ===
    def _set_state(self, state, **vals):
        """The only writer of the state."""
        self._check_step(state)
        # sudo: steps are checked before, and reviewers may only read the request; the engine
        # would refuse the rejection because the review is still open
        self.sudo().with_context(skip_validation_check=True).write({"state": state, **vals})

    def _check_step(self, state):
        """Refuse a step that does not follow from where the requests are."""
        for request in self:
            if (request.state, state) not in TRANSITIONS:
                raise UserError(
                    self.env._(
                        "Request %(name)s is “%(state)s”; this step is not possible now.",
                        name=request.name or request.order_id.name,
                        state=dict(self._fields["state"]._description_selection(self.env)).get(
                            request.state
                        ),
                    )
                )

    def write(self, vals):
        """What others decide on does not change under their eyes."""
        if not self.env.su and self._asked_fields & vals.keys():
            if any(request.state != "draft" for request in self):
                raise UserError(
                    self.env._("A submitted request is not changed any more. Cancel it first.")
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_drafts(self):
        if any(request.state != "draft" for request in self):
            raise UserError(self.env._("Only a draft request can be deleted."))
        if self.env.su or self.env.user.has_group("dealer_base.group_sales_manager"):
            return
        if any(request.create_uid != self.env.user or request.requested_by_id for request in self):
            raise UserError(
                self.env._(
                    "A salesperson deletes his own drafts that nobody has decided on. Ask the sales"
                    " manager."
                )
            )

    def action_submit(self):
        """Ask for approval."""
        self.check_access("write")
        self._check_step("submitted")
        for request in self:
            request._check_submit()
            request._set_state(
                "submitted",
                name=request.name or request._next_number(),
                requested_by_id=self.env.uid,
                requested_on=fields.Datetime.now(),
            )
            if not request.request_validation():
                raise UserError(
                    self.env._(
                        "No approval rule covers this request. Ask the administrator to restore"
                        " the rules under Settings → Tier Validations."
                    )
                )
        return True

    def _next_number(self):
        self.ensure_one()
        return self.order_id.warehouse_id._dealer_next_number("refund")

    def _check_submit(self):
        self.ensure_one()
        # before the state fixes the amounts: the ORM computes as late as it can
        # sudo: what follows from the deal is nobody's to write
        self.sudo()._compute_amounts()
        self._check_may_end()

    def _check_may_end(self):
        """Whether the order can end this way."""
        self.ensure_one()
        if self.order_id.state == "cancel" and not self.paid_total:
            raise UserError(
                self.env._("Order %s is cancelled and holds no money.", self.order_id.name)
            )
        self.order_id.sudo()._dealer_check_not_delivered()  # sudo: it may be another's deal

    def action_cancel(self):
        """Withdraw the request; money that has been booked stays booked."""
        self.check_access("write")
        self._set_state("cancel")
        return True

    def action_draft(self):
        """Change a rejected request and try again."""
        self.check_access("write")
        for request in self:
            request._set_state("draft")
            request.sudo().review_ids.unlink()  # sudo: reviews are the engine's
        self.sudo()._compute_amounts()  # sudo: as in _check_submit
        return True

    # === APPROVAL ===
    def _dealer_get_makers(self):
        """OVERRIDE engine: nobody decides on the end of a deal of his own."""
        people = self.order_id._dealer_get_people()
        return super()._dealer_get_makers() | self.requested_by_id | people

    def _validate_tier(self, tiers=False):
        """The last review approves the request and frees the car."""
        if self.env.user == self.requested_by_id:
            raise UserError(self.env._("You asked for this refund: somebody else decides on it."))
        result = super()._validate_tier(tiers)
        self.invalidate_recordset(["validation_status", "need_validation"])
        if self.state == "submitted" and self.validation_status == "validated":
            self._approve()
        return result

    def _rejected_tier(self, tiers=False):
        result = super()._rejected_tier(tiers)
        self.invalidate_recordset(["validation_status", "need_validation"])
        if self.state == "submitted" and self.validation_status == "rejected":
            self._set_state("rejected")
        return result

    def _approve(self):
        self.ensure_one()
        self._set_state("approved", approved_on=fields.Datetime.now())
        if not self.is_invoiced:
            self._cancel_order()

    def _cancel_order(self):
        """Cancel the order, so that its car is free for others."""
        self.ensure_one()
        # sudo: reviewers and accountants need not be salespeople
        order = self.order_id.sudo()
        if order.state != "cancel":
            if order.locked:
                order.action_unlock()
            order._action_cancel()
            order.message_post(
                body=self.env._("Cancelled by refund request %s", self.name or self.display_name)
            )

    # === BOOKS ===
    def action_post(self):
        """Book what the dealership keeps or owes on top; accounting does that, nobody else."""
        for request in self:
            request._check_poster()
            request._post_outcomes()
            request._cancel_order()
            request._set_state("posted", posted_by_id=self.env.uid)
            if request.currency_id.is_zero(request.refund_amount):
                request._set_state("done")
        return True

    def _check_poster(self):
        self.ensure_one()
        if not self.env.user.has_group("dealer_base.group_accountant"):
            raise AccessError(self.env._("Ask the accountant: only accounting books on deposits."))
        if self.env.user == self.requested_by_id:
            raise UserError(self.env._("You asked for this refund: somebody else books it."))
        if self.state != "approved":
            raise UserError(self.env._("Only an approved request can be booked."))

    def _post_outcomes(self):
        """Take deposits off credited invoices, then book forfeiture and penalty."""
        self.ensure_one()
        self._check_credited()
        company = self.company_id
        outcomes = self._get_outcomes()
        deposits = self.env["dealer.deposit"].union(*outcomes).sudo(False)
        deposits._dealer_lock()
        total = sum((outcome.refund for *_held, outcome in outcomes.values()), ZERO)
        if total != to_cents(Decimal(str(self.refund_amount))):
            raise UserError(
                self.env._(
                    "The deposits of order %(order)s have changed since the approval: %(now).2f"
                    " would be paid out, %(approved).2f was approved. Cancel the request and ask"
                    " again.",
                    order=self.order_id.name,
                    now=total,
                    approved=self.refund_amount,
                )
            )
        for deposit in deposits:
            outcome = outcomes[deposit][2]
            if deposit.applied_amount:
                deposit._reverse("apply", self.env._("%s taken back", deposit.display_name))
            if outcome.forfeited:
                deposit._post_forfeit(
                    float(outcome.forfeited), company._dealer_get_account("forfeit_income")
                )
            if outcome.penalty:
                deposit._post_penalty(
                    float(outcome.penalty), company._dealer_get_account("penalty_expense")
                )

    def _check_credited(self):
        """Money goes back only when no invoice asks for it any more."""
        self.ensure_one()
        # sudo: cashiers read no orders
        invoiced = self.order_id.sudo()._dealer_get_invoiced_total()
        if not self.currency_id.is_zero(invoiced):
            raise UserError(
                self.env._(
                    "Order %(order)s is invoiced (%(amount).2f). Credit the invoice (红冲) first.",
                    order=self.order_id.name,
                    amount=invoiced,
                )
            )

    # === PAY ===
    def action_pay(self):
        """Choose the account and pay out."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Pay Out"),
            "res_model": "dealer.refund.pay",
            "view_mode": "form",
            "target": "new",
            "context": {"default_request_id": self.id},
        }

    def _pay(self, journal, date):
        """Pay out what was approved.

        :param journal: bank or cash journal
        :param date: day of the payment, in an open period
        """
        self.ensure_one()
        if self.state != "posted":
            raise UserError(self.env._("Accounting has to book the approved request first."))
        label = self._get_payment_label()
        self.with_context(dealer_payment_label=label)._pay_out(journal, date)
        self._set_state("done", paid_by_id=self.env.uid, paid_on=date)

    def _get_payment_label(self):
        """What the entry of the payment says, in the language of who gets the money."""
        self.ensure_one()
        env = self.with_context(lang=self.partner_id.lang or self.env.lang).env
        return env._("Refund %(request)s", request=self.name)

    def _get_pay_amount(self):
        """What the cashier pays now."""
        self.ensure_one()
        return self.refund_amount

    def _pay_out(self, journal, date):
        """Pay the rest of every deposit of the order to whom it came from."""
        self.ensure_one()
        # sudo: who received a deposit and what became of it is the same for everybody
        deposits = self.order_id.dealer_deposit_ids.filtered(
            lambda deposit: (
                deposit.state == "received"
                and deposit.currency_id.compare_amounts(deposit.residual, 0) > 0
            )
        )
        deposits._dealer_lock()
        total = sum(deposits.mapped("residual"))
        if self.currency_id.compare_amounts(total, self.refund_amount):
            raise UserError(
                self.env._(
                    "%(total).2f is open, but %(approved).2f was approved. Ask the accountant.",
                    total=total,
                    approved=self.refund_amount,
                )
            )
        for deposit in deposits:
            deposit._dealer_check_cash_desk(journal)
            payment = deposit._create_payment("outbound", deposit.residual, journal, date)
            # sudo: cashiers match no entries
            deposit.sudo()._reconcile_liability(payment.move_id.sudo())

    # === VIEWS ===
    @api.depends("name", "order_id.name")
    def _compute_display_name(self):
        for request in self:
            request.display_name = request.name or request.order_id.name or ""

    def action_view_order(self):
        """Open the order."""
        return self.order_id._get_records_action()
