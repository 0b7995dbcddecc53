from collections import defaultdict
from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import AccessError, LockError, UserError
from odoo.fields import Domain
from odoo.tools import format_date

from odoo.addons.dealer_base.tools.taxes import ZERO, to_cents

from ..tools.deposit import split_earnest
from .dealer_derived_mixin import DealerDerivedMixin
from .dealer_fact_mixin import DealerFactMixin

#: What an entry does with a deposit.
USES = [
    ("receipt", "Money Received"),
    ("apply", "Applied to an Invoice"),
    ("forfeit", "Forfeited"),
    ("penalty", "Penalty"),
    ("payout", "Paid Out"),
]


class DealerDeposit(models.Model):
    """Money of a customer for an order, before there is an invoice.

    Earnest money (定金) binds both sides: who breaks the contract loses it, or returns it double
    (Civil Code Art. 586-588). A prepayment (订金) and money for the car (车款) go back when the
    deal ends. All of it is a liability until it is applied to the invoice of the order.

    What has become of the money is read from the posted entries and is nobody's to write.
    """

    _name = "dealer.deposit"
    _description = "Customer Receipt"
    _inherit = [
        DealerFactMixin._name,
        DealerDerivedMixin._name,
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "date desc, id desc"
    _check_company_auto = True
    _fact_fields = frozenset(
        {"name", "state", "payment_id", "account_id", "received_by_id", "received_on"}
    )

    name = fields.Char(
        string="Receipt Number",
        readonly=True,
        copy=False,
        index="trigram",
        help="Number of the receipt (收据) in its store, given when the money is received.",
    )
    order_id = fields.Many2one(
        "sale.order",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain=[("state", "!=", "cancel")],
        tracking=True,
    )
    company_id = fields.Many2one(related="order_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    warehouse_id = fields.Many2one(
        related="order_id.warehouse_id", string="Store", store=True, index=True
    )
    user_id = fields.Many2one(related="order_id.user_id", string="Salesperson", store=True)
    customer_id = fields.Many2one(related="order_id.partner_id", string="Customer", store=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Payer",
        required=True,
        compute="_compute_partner_id",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
        help="Who paid: the customer, or the bank that pays the loan out.",
    )
    kind = fields.Selection(
        [
            ("earnest", "Earnest Money"),
            ("prepayment", "Prepayment"),
            ("price", "Money for the Car"),
        ],
        required=True,
        tracking=True,
        help="Earnest money (定金) is lost or returned double when one side breaks the contract."
        " A prepayment (订金) and money for the car go back.",
    )
    amount = fields.Monetary(required=True, tracking=True)
    date = fields.Date(required=True, default=fields.Date.context_today, tracking=True)
    journal_id = fields.Many2one(
        "account.journal",
        string="Received In",
        required=True,
        check_company=True,
        domain="[('type', 'in', ('bank', 'cash')), ('company_id', 'parent_of', company_id)]",
        compute="_compute_journal_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    memo = fields.Char(string="Note")
    state = fields.Selection(
        [("draft", "Draft"), ("received", "Money Received"), ("cancel", "Cancelled")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    received_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    received_on = fields.Datetime(readonly=True, copy=False)
    payment_id = fields.Many2one(
        "account.payment",
        readonly=True,
        copy=False,
        index="btree_not_null",
        check_company=True,
    )
    account_id = fields.Many2one(
        "account.account",
        string="Liability Account",
        readonly=True,
        copy=False,
        help="Where the money is kept; later changes of the settings do not move it.",
    )
    move_ids = fields.One2many("account.move", "dealer_deposit_id", string="Journal Entries")

    # What the books say
    applied_amount = fields.Monetary(
        string="Applied", compute="_compute_booked_amounts", store=True
    )
    forfeited_amount = fields.Monetary(
        string="Forfeited", compute="_compute_booked_amounts", store=True
    )
    penalty_amount = fields.Monetary(
        string="Penalty",
        compute="_compute_booked_amounts",
        store=True,
        help="Owed to the customer on top, because the dealership broke the contract.",
    )
    refunded_amount = fields.Monetary(
        string="Paid Out", compute="_compute_booked_amounts", store=True
    )
    residual = fields.Monetary(
        string="Open",
        compute="_compute_booked_amounts",
        store=True,
        help="Still owed to the customer: not yet applied, forfeited or paid out.",
    )
    outcome = fields.Selection(
        [
            ("open", "Open"),
            ("applied", "Applied"),
            ("refunded", "Refunded"),
            ("forfeited", "Forfeited"),
            ("doubled", "Returned Double"),
        ],
        compute="_compute_booked_amounts",
        store=True,
    )
    effective_amount = fields.Monetary(
        string="Effective Earnest Money",
        compute="_compute_effective_amount",
        help="Part of the earnest money that is lost or returned double. It is at most 20 % of the"
        " contract price (Civil Code Art. 586).",
    )
    excess_amount = fields.Monetary(
        string="Without Earnest Effect",
        compute="_compute_effective_amount",
        help="Goes back whoever breaks the contract.",
    )

    _amount_positive = models.Constraint(
        "CHECK (amount > 0)", "The amount of a deposit must be more than zero."
    )
    _received_is_booked = models.Constraint(
        "CHECK (state != 'received' OR payment_id IS NOT NULL)",
        "A received deposit needs the payment that books it.",
    )
    _payment_unique = models.UniqueIndex(
        "(payment_id) WHERE payment_id IS NOT NULL", "This payment books another deposit."
    )

    # === COMPUTES ===
    @api.depends("order_id")
    def _compute_partner_id(self):
        for deposit in self:
            deposit.partner_id = deposit.order_id.partner_invoice_id.commercial_partner_id

    @api.depends("order_id")
    def _compute_journal_id(self):
        """The first bank account; cash is chosen on purpose."""
        journals = {
            company: self.env["account.journal"].search(
                [
                    *self.env["account.journal"]._check_company_domain(company),
                    ("type", "in", ("bank", "cash")),
                ],
                limit=1,
            )
            for company in self.company_id
        }
        for deposit in self:
            if deposit.journal_id.company_id not in deposit.company_id.parent_ids:
                deposit.journal_id = journals.get(deposit.company_id)

    @api.depends(
        "account_id",
        "move_ids.state",
        "move_ids.dealer_deposit_use",
        "move_ids.line_ids.balance",
        "move_ids.line_ids.account_id",
    )
    def _compute_booked_amounts(self):
        """Sum the posted items on the liability account by what they do."""
        for deposit in self:
            totals = defaultdict(float)
            for move in deposit.move_ids.filtered(lambda move: move.state == "posted"):
                totals[move.dealer_deposit_use] += sum(
                    item.balance for item in move.line_ids if item.account_id == deposit.account_id
                )
            is_zero = deposit.currency_id.is_zero
            deposit.applied_amount = totals["apply"]
            deposit.forfeited_amount = totals["forfeit"]
            deposit.penalty_amount = -totals["penalty"]
            deposit.refunded_amount = totals["payout"]
            deposit.residual = -sum(totals.values())
            if deposit.state != "received":
                deposit.outcome = False
            elif not is_zero(deposit.residual):
                deposit.outcome = "open"
            elif not is_zero(deposit.penalty_amount):
                deposit.outcome = "doubled"
            elif not is_zero(deposit.forfeited_amount):
                deposit.outcome = "forfeited"
            elif not is_zero(deposit.refunded_amount):
                deposit.outcome = "refunded"
            else:
                deposit.outcome = "applied"

    @api.depends("kind", "amount", "state", "order_id.amount_total")
    def _compute_effective_amount(self):
        """Earlier earnest money of the same order uses up the 20 % first."""
        # sudo: all deposits of the order count, whoever may read only this one
        effective = self.order_id.sudo()._dealer_get_effective_earnest()
        for deposit in self:
            amount = effective.get(deposit._origin.id)
            if amount is None:
                amount = deposit._dealer_preview_effective(effective)
            deposit.effective_amount = float(amount)
            deposit.excess_amount = (
                deposit.amount - deposit.effective_amount if deposit.kind == "earnest" else 0.0
            )

    def _dealer_preview_effective(self, effective):
        """Effective part of a deposit that is not received yet, after those that are."""
        self.ensure_one()
        if self.kind != "earnest" or not self.order_id:
            return ZERO
        order = self.order_id.sudo()  # sudo: the cap is computed alike for everybody
        used = sum(
            (effective.get(other.id, ZERO) for other in order.dealer_deposit_ids._origin), ZERO
        )
        price, share = order._dealer_get_contract_price(), order._dealer_get_deposit_cap()
        return split_earnest(price, to_cents(Decimal(str(self.amount))), share, used)[0]

    @api.depends("name", "order_id.name", "kind")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for deposit in self:
            deposit.display_name = (
                f"{deposit.name or deposit.order_id.name or ''} {kinds.get(deposit.kind, '')}"
            ).strip()

    # === GUARDS ===
    def write(self, vals):
        """What has been received stays as it was received."""
        fixed = {"order_id", "partner_id", "kind", "amount", "date", "journal_id"} & vals.keys()
        if fixed and any(deposit.state != "draft" for deposit in self):
            raise UserError(
                self.env._(
                    "A received deposit cannot be changed any more. Let the accountant reverse the"
                    " receipt, then enter it again."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_drafts(self):
        if any(deposit.state != "draft" for deposit in self):
            raise UserError(self.env._("Only a deposit that was never received can be deleted."))

    def _dealer_check_cash_desk(self, journal):
        """Cash is the cashier's; what comes or goes through the bank, the accountant's as well."""
        user = self.env.user
        if self.env.su or user.has_group("dealer_base.group_cashier"):
            return
        if user.has_group("dealer_base.group_accountant") and journal.type == "bank":
            return
        raise AccessError(
            self.env._(
                "Money is received and paid out by the cashier; accountants do so through the bank"
                " only."
            )
        )

    def _dealer_check_accountant(self):
        """Entries that change what the dealership owes are the accountant's."""
        if not (self.env.su or self.env.user.has_group("dealer_base.group_accountant")):
            raise AccessError(self.env._("Ask the accountant: only accounting books on deposits."))

    def _dealer_lock(self):
        """Two people may not decide on the same money; the second one sees what the first did."""
        try:
            self.lock_for_update()
        except LockError as error:
            raise UserError(
                self.env._("Somebody else is working on this receipt at this moment. Try again.")
            ) from error
        self.invalidate_recordset(["state", "residual", "payment_id"])

    # === RECEIVE ===
    def action_receive(self):
        """Take the money: payment into the chosen journal, against the liability account."""
        self._dealer_lock()
        for deposit in self:
            deposit._dealer_check_cash_desk(deposit.journal_id)
            deposit._receive()
        return True

    def _receive(self):
        self.ensure_one()
        self._dealer_check_receivable()
        # sudo: cashiers choose no accounts and number no papers; the settings do
        deposit = self.sudo()
        account = deposit.company_id._dealer_get_account("deposit")
        deposit.write({"account_id": account.id, "name": self.name or self._dealer_next_number()})
        payment = self._create_payment("inbound", self.amount, self.journal_id, self.date)
        deposit.write(
            {
                "payment_id": payment.id,
                "state": "received",
                "received_by_id": self.env.uid,
                "received_on": fields.Datetime.now(),
            }
        )

    def _dealer_check_receivable(self):
        self.ensure_one()
        order = self.order_id
        if self.state != "draft":
            raise UserError(self.env._("%s has been received or cancelled.", self.display_name))
        if order.state == "cancel":
            raise UserError(self.env._("Order %s is cancelled: take no money for it.", order.name))
        if order.currency_id != self.currency_id:
            raise UserError(
                self.env._(
                    "Deposits are taken in %s, the currency of the books.", self.currency_id.name
                )
            )

        self._check_day_of_receipt()

    def _check_day_of_receipt(self):
        """Money comes for an order that is there, and is written down when it comes.

        :raise UserError: day before the order, to come, or too long ago (parameter
            ``receipt_backdate_days``)
        """
        self.ensure_one()
        Parameter = self.env["dealer.parameter"]
        # sudo: cashiers take money for orders that they need not read
        order = self.order_id.sudo()
        ordered_on = min(filter(None, (order.date_order, order.create_date)))
        days = int(Parameter._get_value("receipt_backdate_days", company=self.company_id))
        ordered_on = Parameter._get_local_day(ordered_on, self.company_id)
        today = fields.Date.context_today(self)
        if self.date < ordered_on:
            raise UserError(
                self.env._(
                    "No money can have been received on %(date)s: order %(order)s is of %(day)s."
                    " Enter the day on which it came.",
                    date=format_date(self.env, self.date),
                    order=order.name,
                    day=format_date(self.env, ordered_on),
                )
            )
        if self.date < today - timedelta(days=days):
            raise UserError(
                self.env._(
                    "%(date)s is more than %(days)s days ago. Enter the day on which the money"
                    " came, or ask the accountant.",
                    date=format_date(self.env, self.date),
                    days=days,
                )
            )
        if self.date > today:
            raise UserError(self._get_future_message(self.date))

    def _get_future_message(self, date):
        return self.env._(
            "%(date)s has not come yet: money is received on the day it comes.", date=date
        )

    def _dealer_next_number(self):
        """Next receipt number of the store."""
        self.ensure_one()
        return self.warehouse_id._dealer_next_number("receipt", self.date)

    def _create_payment(self, payment_type, amount, journal, date):
        """Posted payment of the payer against the liability account of this deposit."""
        self.ensure_one()
        self.company_id._dealer_check_open_period(date, journal)
        if fields.Date.to_date(date) > fields.Date.context_today(self):
            raise UserError(self._get_future_message(date))
        payment = self.env["account.payment"].create(
            {
                "payment_type": payment_type,
                "partner_type": "customer",
                "partner_id": self.partner_id.id,
                "amount": amount,
                "currency_id": self.currency_id.id,
                "date": date,
                "journal_id": journal.id,
                "company_id": self.company_id.id,
                "destination_account_id": self.account_id.id,
                "memo": " ".join(filter(None, [self.name, self.order_id.name])),
            }
        )
        # sudo: the link is nobody's to write, because the amounts of the deposit come from it
        payment.sudo().dealer_deposit_id = self
        payment.action_post()
        if payment.move_id.state != "posted":
            raise UserError(
                self.env._(
                    "The payment of %(date)s would be booked later only. Choose a date that has"
                    " come.",
                    date=date,
                )
            )
        return payment

    def _get_payment_label(self, payment_type):
        """Text of the journal items: kind, receipt and order, in the language of the company."""
        self.ensure_one()
        lang = self.company_id.partner_id.lang or self.env.lang
        deposit = self.with_context(lang=lang)
        values = {
            "kind": dict(deposit._fields["kind"]._description_selection(deposit.env))[self.kind],
            "number": self.name or "",
            "order": self.order_id.name,
        }
        if payment_type == "inbound":
            return deposit.env._("%(kind)s received %(number)s, order %(order)s", **values)
        return deposit.env._("%(kind)s paid out %(number)s, order %(order)s", **values)

    # === APPLY ===
    def action_apply(self):
        """Apply to the open invoices of the orders, oldest first."""
        self._dealer_check_accountant()
        self._dealer_lock()
        for deposit in self.sorted(lambda deposit: (deposit.date, deposit.id)):
            invoices = deposit.order_id.invoice_ids._dealer_filter_open_invoices()
            if not invoices:
                raise UserError(self.env._("Order %s has no open invoice.", deposit.order_id.name))
            for invoice in invoices:
                deposit._apply(invoice)
        return True

    def _apply(self, invoice, date=None):
        """Entry 2203 → receivable, matched with the invoice and with the receipt.

        :param invoice: posted customer invoice of the order with something open
        :param date: day of the entry; that of the invoice, or of the deposit when it came later
        :return: the entry, or an empty record when nothing is left to apply
        """
        self.ensure_one()
        Move = self.env["account.move"]
        amount = min(self.residual, invoice.amount_residual)
        if self.state != "received" or self.currency_id.compare_amounts(amount, 0) <= 0:
            return Move
        receivable = invoice.line_ids.filtered(
            lambda item: item.display_type == "payment_term" and not item.reconciled
        )
        move = self._create_entry(
            "apply",
            amount,
            receivable.account_id[:1],
            self.env._(
                "%(deposit)s applied to %(invoice)s",
                deposit=self.display_name,
                invoice=invoice.name,
            ),
            partner=invoice.commercial_partner_id,
            date=date or max(invoice.date, self.date),
        )
        self._reconcile_liability(move)
        counterpart = move.line_ids.filtered(
            lambda item: item.account_id == receivable.account_id[:1]
        )
        (counterpart | receivable).reconcile()
        return move

    # === ENTRIES ===
    def _create_entry(self, use, amount, account, label, partner=None, date=None):
        """Posted entry between the liability and another account.

        :param use: see ``USES``
        :param amount: taken off the liability; negative amounts add to it
        """
        self.ensure_one()
        journal = self.company_id._dealer_get_general_journal()
        date = date or fields.Date.context_today(self)
        self.company_id._dealer_check_open_period(date, journal)
        move = self.env["account.move"].create(
            {
                "move_type": "entry",
                "company_id": self.company_id.id,
                "journal_id": journal.id,
                "date": date,
                "ref": label,
                "line_ids": [
                    fields.Command.create(
                        self._prepare_item(self.account_id, amount, label, self.partner_id)
                    ),
                    fields.Command.create(
                        self._prepare_item(account, -amount, label, partner or self.partner_id)
                    ),
                ],
            }
        )
        # sudo: the link is nobody's to write, because the amounts of the deposit come from it
        move.sudo().write({"dealer_deposit_id": self.id, "dealer_deposit_use": use})
        move._post(soft=False)
        return move

    def _prepare_item(self, account, balance, label, partner):
        """Values of one journal item of an entry about this deposit."""
        return {
            "account_id": account.id,
            "balance": balance,
            "name": label,
            "partner_id": partner.id,
        }

    def _post_forfeit(self, amount, account):
        """The customer broke the contract: earnest money becomes income.

        No supply was made for it, so there is no VAT on it.
        """
        self.ensure_one()
        label = self.env._("%s forfeited", self.display_name)
        self._reconcile_liability(self._create_entry("forfeit", amount, account, label))

    def _post_penalty(self, amount, account):
        """The dealership broke the contract: it owes the earnest money once more."""
        self.ensure_one()
        label = self.env._("%s returned double", self.display_name)
        self._create_entry("penalty", -amount, account, label)

    def _reconcile_liability(self, move):
        """Match what an entry takes off the liability with the receipt, so that it is seen open."""
        self.ensure_one()
        if not self.account_id.reconcile:
            return
        items = self.move_ids.filtered(lambda other: other.state == "posted").line_ids.filtered(
            lambda item: item.account_id == self.account_id and not item.reconciled
        )
        new = items & move.line_ids
        old = (items - new).filtered(
            lambda item: item.balance and (item.balance > 0) != (new[:1].balance > 0)
        )
        if old:
            (new | old).reconcile()

    # === UNDO ===
    def action_unapply(self):
        """Take the deposits off their invoices again, by reversal."""
        self._dealer_check_accountant()
        self._dealer_lock()
        for deposit in self:
            deposit._reverse("apply", self.env._("%s taken back", deposit.display_name))
        return True

    def action_cancel(self):
        """Cancel a draft; reverse the receipt of money that was never there.

        Whoever received the money cannot undo that: somebody of accounting does.
        """
        self._dealer_lock()
        for deposit in self:
            if deposit.state == "received":
                deposit._dealer_check_accountant()
                deposit._cancel_receipt()
        # sudo: the state is written by actions only
        self.sudo().write({"state": "cancel"})
        return True

    def _cancel_receipt(self):
        self.ensure_one()
        if self.received_by_id == self.env.user and not self.env.su:
            raise UserError(
                self.env._("You received this deposit: somebody else has to reverse it.")
            )
        if self.currency_id.compare_amounts(self.residual, self.amount):
            raise UserError(
                self.env._(
                    "%s has been applied or paid out already. Take that back first.",
                    self.display_name,
                )
            )
        self._reverse("receipt", self.env._("Receipt %s reversed", self.name))
        # sudo: the payment of a deposit ends with its receipt, and by nobody alone
        self.payment_id.sudo().state = "canceled"

    def _reverse(self, use, label, date=None):
        """Reverse what was booked on the deposit for one use, in an open period.

        Nothing is ever deleted, nor put back to draft. Odoo would silently move the date of an
        entry that falls into a closed period; this refuses instead.
        """
        self.ensure_one()
        date = date or fields.Date.context_today(self)
        moves = self.move_ids.filtered(
            lambda move: (
                move.state == "posted"
                and move.dealer_deposit_use == use
                and not move.reversed_entry_id
                and not move.reversal_move_ids.filtered(lambda rev: rev.state == "posted")
            )
        )
        for move in moves:
            self.company_id._dealer_check_open_period(date, move.journal_id)
            # sudo: entries of deposits are reversed from here only, by whom the caller has asked
            move.sudo()._reverse_moves([{"date": date, "ref": label}], cancel=True)
        return moves

    # === VIEWS ===
    def action_view_entries(self):
        """Open the journal entries of these deposits."""
        return self.move_ids._get_records_action(name=self.env._("Journal Entries"))

    @api.model
    def _dealer_open_domain(self):
        """Deposits that hold money of customers."""
        return Domain("state", "=", "received") & Domain("residual", ">", 0)
