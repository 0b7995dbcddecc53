from datetime import timedelta
from decimal import Decimal

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import format_date

from odoo.addons.dealer_base.tools.taxes import (
    ZERO,
    full_years,
    purchase_tax_refund,
    to_cents,
)

from ..tools.guarantee import add_working_days, fraud_damages, usage_fee

#: Working days in which the law wants an answer, and the end, of a request (三包 Art. 28).
ANSWER_DAYS, FINISH_DAYS = 10, 20


class DealerRefundRequest(models.Model):
    """Taking a delivered car back (退车): the reason in the law decides what is paid.

    The car comes back by a return of its delivery, the invoice is credited; then accounting books
    the usage fee and the compensation, and the cashier pays out what the customer is owed.
    """

    _inherit = "dealer.refund.request"  # pylint: disable=consider-merging-classes-inherited
    _asked_fields = frozenset(
        {
            "order_id",
            "reason",
            "note",
            "kind",
            "return_line_id",
            "legal_basis",
            "odometer",
            "usage_factor",
            "compensation_amount",
        }
    )
    _decided_fields = (
        "paid_total",
        "effective_total",
        "forfeit_amount",
        "penalty_amount",
        "refund_amount",
        "is_invoiced",
        "return_price",
        "usage_fee",
        "damages_amount",
        "loan_paid_amount",
        "loan_open_amount",
        "lender_amount",
        "customer_amount",
    )

    kind = fields.Selection(
        [("cancel", "Cancellation"), ("return", "Return of a Car")],
        default="cancel",
        required=True,
    )
    return_line_id = fields.Many2one(
        "sale.order.line",
        string="Returned Car",
        index="btree_not_null",
        domain="[('order_id', '=', order_id), ('dealer_vehicle_id', '!=', False)]",
    )
    return_vehicle_id = fields.Many2one(
        related="return_line_id.dealer_vehicle_id", string="Vehicle", store=True
    )
    legal_basis = fields.Selection(
        [
            ("seven_days", "7 days: engine, transmission, battery or motor (Art. 22)"),
            ("sixty_days", "60 days or 3,000 km: serious safety fault (Art. 23)"),
            ("guarantee", "Three-guarantee period: repeated or long repairs (Art. 24)"),
            ("fraud", "Deception of the customer (Consumer Law Art. 55)"),
            ("agreement", "Agreement"),
        ],
        help="Articles of the regulation on repair, replacement and return of family cars (三包).",
    )
    return_date = fields.Date(
        string="Asked on",
        default=fields.Date.context_today,
        help="Day on which the customer asked to give the car back.",
    )
    odometer = fields.Integer(string="Odometer (km)")
    usage_factor = fields.Float(
        string="Usage Factor (%)",
        digits=(16, 3),
        compute="_compute_usage_factor",
        store=True,
        readonly=False,
        help="Coefficient n of the warranty booklet, for 1,000 km; at most 0.5 % (Art. 27).",
    )
    return_price = fields.Monetary(
        string="Price of the Car", compute="_compute_amounts", store=True
    )
    usage_fee = fields.Monetary(
        compute="_compute_amounts",
        store=True,
        help="Price × km / 1,000 × n, in cases of Art. 24 only (Art. 27).",
    )
    compensation_amount = fields.Monetary(
        string="Compensation",
        help="Registration fees, accessories less depreciation and service fees that the customer"
        " paid (Art. 26).",
    )
    damages_amount = fields.Monetary(
        string="Damages",
        compute="_compute_amounts",
        store=True,
        help="Three times the price, 500 at least, when the customer was deceived.",
    )
    loan_paid_amount = fields.Monetary(
        string="Loan Received",
        compute="_compute_amounts",
        store=True,
        help="What the lender has paid, by the collection plan.",
    )
    loan_open_amount = fields.Monetary(
        string="Loan That Never Came",
        compute="_compute_amounts",
        store=True,
        help="Not paid back to anybody: the loan is cancelled with its lender.",
    )
    lender_amount = fields.Monetary(
        string="Of It to the Lender",
        compute="_compute_amounts",
        store=True,
        help="The loan is paid back first; agree with the lender on the amount that redeems it.",
    )
    customer_amount = fields.Monetary(
        string="Of It to the Customer", compute="_compute_amounts", store=True
    )
    legal_warning = fields.Text(
        string="Outside the Law",
        compute="_compute_legal_warning",
        compute_sudo=True,  # approvers need not read deliveries
        help="The dealership may be more generous than the law asks; approvers should know.",
    )
    answer_due = fields.Date(
        compute="_compute_dues",
        store=True,
        help="10 working days, public holidays not counted out.",
    )
    finish_due = fields.Date(
        compute="_compute_dues",
        store=True,
        help="20 working days, public holidays not counted out.",
    )
    purchase_tax_paid = fields.Monetary(help="Vehicle purchase tax that the customer paid.")
    purchase_tax_date = fields.Date(string="Purchase Tax Paid on")
    purchase_tax_refund = fields.Monetary(
        compute="_compute_purchase_tax_refund",
        help="What the tax office pays back to the customer: 10 % less for each full year"
        " (Purchase Tax Law Art. 15). It is no money of the dealership.",
    )

    _return_is_complete = models.Constraint(
        "CHECK (kind != 'return' OR (return_line_id IS NOT NULL AND legal_basis IS NOT NULL"
        " AND return_date IS NOT NULL))",
        "The return of a car needs the car, the reason in the law and the day of the request.",
    )
    _odometer_not_negative = models.Constraint(
        "CHECK (odometer >= 0)", "An odometer does not show less than zero."
    )
    _compensation_not_negative = models.Constraint(
        "CHECK (compensation_amount >= 0)", "A compensation is not negative."
    )

    # === COMPUTES ===
    @api.depends("return_line_id")
    def _compute_usage_factor(self):
        for request in self:
            model = request.return_line_id.dealer_vehicle_id.model_id
            request.usage_factor = (
                model._dealer_get_guarantee("dealer_usage_factor", request.return_date)
                if model
                else 0
            )

    @api.constrains("usage_factor", "kind")
    def _check_usage_factor(self):
        """No maker's booklet asks for more than the law allows."""
        for request in self.filtered(lambda request: request.kind == "return"):
            limit = self.env["fleet.vehicle.model"]._dealer_get_legal_guarantee(
                "dealer_usage_factor", request.return_date
            )
            if not 0 <= request.usage_factor <= limit:
                raise UserError(
                    self.env._("The usage factor is between 0 and %(limit)s %%.", limit=limit)
                )

    @api.depends("return_date")
    def _compute_dues(self):
        for request in self:
            day = request.return_date
            request.answer_due = day and add_working_days(day, ANSWER_DAYS)
            request.finish_due = day and add_working_days(day, FINISH_DAYS)

    @api.depends("purchase_tax_paid", "purchase_tax_date", "return_date")
    def _compute_purchase_tax_refund(self):
        for request in self:
            paid, since = request.purchase_tax_paid, request.purchase_tax_date
            until = request.return_date
            refund = ZERO
            if paid and since and until:
                rate = self.env["dealer.parameter"]._get_rate(
                    "purchase_tax_yearly_reduction", until, company=request.company_id
                )
                refund = purchase_tax_refund(Decimal(str(paid)), full_years(since, until), rate)
            request.purchase_tax_refund = float(refund)

    @api.depends(
        "kind",
        "return_line_id.price_total",
        "legal_basis",
        "odometer",
        "usage_factor",
        "compensation_amount",
        "order_id.dealer_received_total",
        "order_id.dealer_collection_ids.paid_amount",
    )
    def _compute_amounts(self):
        return super()._compute_amounts()

    # === THE LAW ===
    @api.depends("kind", "legal_basis", "return_date", "odometer", "return_line_id.qty_delivered")
    def _compute_legal_warning(self):
        for request in self:
            problems = request._get_legal_problems() if request.kind == "return" else []
            request.legal_warning = "\n".join(problems)

    def _get_delivery_day(self):
        """Day on which the customer got the car, in his time zone; nothing before that."""
        self.ensure_one()
        moves = self.return_line_id.sudo().move_ids.filtered(  # sudo: who asks reads no transfers
            lambda move: move.state == "done" and not move.location_dest_id._should_be_valued()
        )
        moment = max(moves.mapped("date"), default=False)
        return moment and fields.Datetime.context_timestamp(self, moment).date()

    def _get_legal_limits(self):
        """Last day and most kilometres of the reason in the law, ``None`` where it sets none.

        A period begins on the day after the delivery (Civil Code Art. 201).
        """
        self.ensure_one()
        day = self._get_delivery_day()
        Parameter = self.env["dealer.parameter"]

        def value(code):
            return int(Parameter._get_value(code, date=day, company=self.company_id))

        if self.legal_basis == "seven_days":
            return day + timedelta(days=value("guarantee_exchange_days")), None
        if self.legal_basis == "sixty_days":
            return day + timedelta(days=value("guarantee_safety_days")), value(
                "guarantee_safety_km"
            )
        if self.legal_basis == "guarantee":
            model = self.return_vehicle_id.model_id
            months = model._dealer_get_guarantee("dealer_guarantee_months", day)
            kilometres = model._dealer_get_guarantee("dealer_guarantee_km", day)
            return day + relativedelta(months=int(months)), int(kilometres)
        return None, None

    def _get_legal_problems(self):
        """In what the request is outside the reason in the law that it names."""
        self.ensure_one()
        if not self._get_delivery_day() or not self.legal_basis or not self.return_date:
            return []
        last, most = self._get_legal_limits()
        problems = []
        if last and self.return_date > last:
            problems.append(
                self.env._(
                    "Asked on %(day)s: the period of this reason ended on %(last)s (the car was"
                    " delivered on %(delivered)s).",
                    day=format_date(self.env, self.return_date),
                    last=format_date(self.env, last),
                    delivered=format_date(self.env, self._get_delivery_day()),
                )
            )
        if most and not self.odometer:
            problems.append(
                self.env._("The odometer is not filled in: this reason ends at %(km)s km.", km=most)
            )
        elif most and self.odometer > most:
            problems.append(
                self.env._(
                    "The car has run %(now)s km: this reason ends at %(km)s km.",
                    now=self.odometer,
                    km=most,
                )
            )
        return problems

    def _check_return_day(self):
        """The customer asks after he got the car, and not tomorrow."""
        self.ensure_one()
        day, today = self._get_delivery_day(), fields.Date.context_today(self)
        if day and not day <= self.return_date <= today:
            raise UserError(
                self.env._(
                    "The car was delivered on %(delivered)s: the customer cannot have asked on"
                    " %(day)s. Correct the day.",
                    delivered=format_date(self.env, day),
                    day=format_date(self.env, self.return_date),
                )
            )

    @api.depends("kind")
    def _compute_approval_level(self):
        """A car that comes back is the general manager's."""
        returns = self.filtered(lambda request: request.kind == "return")
        returns.approval_level = 2
        return super(DealerRefundRequest, self - returns)._compute_approval_level()

    def _get_outcomes(self):
        """The deposits of a delivered car are part of its paid invoice."""
        return {} if self.kind == "return" else super()._get_outcomes()

    def _get_amounts(self):
        amounts = super()._get_amounts()
        price = fee = damages = refund = ZERO
        if self.kind == "return":
            # sudo: the return may be of another salesperson's deal
            price = to_cents(Decimal(str(self.return_line_id.sudo().price_total)))
            if self.legal_basis == "guarantee":
                fee = usage_fee(price, self.odometer, Decimal(str(self.usage_factor)))
            if self.legal_basis == "fraud":
                damages = fraud_damages(price)
            compensation = to_cents(Decimal(str(self.compensation_amount)))
            # nobody gets back what he has not paid: an open loan is settled with its bank
            order = self.order_id.sudo()  # sudo: as above
            paid = to_cents(Decimal(str(max(0, order.dealer_received_total))))
            refund = max(ZERO, min(price, paid) - fee + damages + compensation)
        returned = {"return_price": price, "usage_fee": fee, "damages_amount": damages}
        loans = self.order_id.sudo().dealer_collection_ids.filtered(  # sudo: as above
            lambda line: line.kind == "loan"
        )
        lent = to_cents(Decimal(str(sum(loans.mapped("paid_amount")))))
        returned.update(
            loan_paid_amount=lent,
            loan_open_amount=to_cents(Decimal(str(sum(loans.mapped("open_amount"))))),
            lender_amount=min(lent, refund),
            customer_amount=refund - min(lent, refund),
        )
        if self.kind == "return":
            returned.update(paid_total=paid, refund_amount=refund)
        return amounts | returned

    # === STEPS ===
    def _check_may_end(self):
        if self.kind != "return":
            return super()._check_may_end()
        if not self.return_line_id.qty_delivered:
            raise UserError(
                self.env._(
                    "%s has not been delivered: cancel the order instead.",
                    self.return_vehicle_id.display_name,
                )
            )
        self._check_return_day()
        return None

    def _cancel_order(self):
        """An order of which nothing is left ends; until the car is back it stays.

        Else what was taken back would be asked for once more: by reminders of its payments, and
        by accounting, which would find a confirmed deal without an invoice. Where other cars stay
        with the customer, or services that he has paid, only the line of the car ends.
        """
        if self.kind != "return":
            return super()._cancel_order()
        # sudo: accountants need not be salespeople
        line = self.return_line_id.sudo()
        if line.qty_delivered:
            return None
        others = line.order_id.order_line.filtered("dealer_vehicle_id") - line
        if not self._has_invoices() and not any(others.mapped("product_uom_qty")):
            return super()._cancel_order()
        line.order_id._dealer_end_line(line)
        return None

    def _check_credited(self):
        """Of a car that comes back, its own price is credited; services may stay invoiced."""
        if self.kind != "return":
            return super()._check_credited()
        # sudo: cashiers read no orders
        invoiced = self.return_line_id.sudo()._dealer_get_invoiced_amount()
        if not self.currency_id.is_zero(invoiced):
            raise UserError(
                self.env._(
                    "%(car)s is invoiced (%(amount).2f). Credit the invoice (红冲) first.",
                    car=self.return_vehicle_id.display_name,
                    amount=invoiced,
                )
            )
        return None

    def _approve(self):
        result = super()._approve()
        if self.kind == "return" and not self.return_line_id.sudo().qty_delivered:  # sudo: as above
            self._hold_vehicle()
        return result

    def _hold_vehicle(self):
        """Nobody sells a car that came back before its return has been settled."""
        for request in self:
            vehicle = request.return_vehicle_id.sudo()  # sudo: who receives it writes no cars
            if vehicle.location_id and not vehicle.blocked:
                vehicle.write(
                    {
                        "blocked": True,
                        "block_reason": self.env._(
                            "Came back (%s): its return is not settled yet.",
                            request.name or request.order_id.name,
                        ),
                    }
                )

    def _has_invoices(self):
        """Whether something of the order is invoiced and not credited."""
        # sudo: as above
        return not self.currency_id.is_zero(self.order_id.sudo()._dealer_get_invoiced_total())

    def _post_outcomes(self):
        if self.kind != "return":
            return super()._post_outcomes()
        self._check_credited()
        if self.return_line_id.qty_delivered:
            raise UserError(
                self.env._(
                    "%s has to come back first: return its delivery.",
                    self.return_vehicle_id.display_name,
                )
            )
        self._post_return_entry()
        self._mark_vehicle()
        return None

    def _post_return_entry(self):
        """Usage fee owed by the customer, compensation and damages owed to him, one entry."""
        self.ensure_one()
        extra = self.compensation_amount + self.damages_amount
        company, label = self.company_id, self.env._("Return of a car, %s", self.name)
        if not (self.usage_fee or extra):
            return
        receivable = self._get_credit_items().account_id[:1] or (
            self.partner_id.with_company(company).property_account_receivable_id
        )
        rows = []
        if self.usage_fee:
            rows += [
                (receivable, self.usage_fee),
                (company._dealer_get_account("forfeit_income"), -self.usage_fee),
            ]
        if extra:
            rows += [
                (company._dealer_get_account("penalty_expense"), extra),
                (receivable, -extra),
            ]
        journal = company._dealer_get_general_journal()
        date = fields.Date.context_today(self)
        company._dealer_check_open_period(date, journal)
        partner = self.order_id.partner_invoice_id.commercial_partner_id
        move = self.env["account.move"].create(
            {
                "move_type": "entry",
                "company_id": company.id,
                "journal_id": journal.id,
                "date": date,
                "ref": label,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": account.id,
                            "balance": balance,
                            "name": label,
                            "partner_id": partner.id,
                            "dealer_vehicle_id": self.return_vehicle_id.id,
                        }
                    )
                    for account, balance in rows
                ],
            }
        )
        # sudo: the link is nobody's to write
        move.sudo().dealer_refund_id = self
        move._post(soft=False)
        debits = move.line_ids.filtered(
            lambda item: item.account_id == receivable and item.balance > 0
        )
        (debits | self._get_credit_items().filtered(lambda item: item.balance < 0)).reconcile()

    def _get_credit_items(self):
        """Open receivable items of the credit notes and entries of this return."""
        self.ensure_one()
        # sudo: cashiers read no invoices of others
        request = self.sudo()
        notes = request.return_line_id.invoice_lines.move_id.filtered(
            lambda move: move.move_type == "out_refund" and move.state == "posted"
        )
        entries = request.env["account.move"].search([("dealer_refund_id", "=", self.id)])
        return (notes | entries).line_ids.filtered(
            lambda item: item.account_id.account_type == "asset_receivable" and not item.reconciled
        )

    @api.model
    def _get_disclosed_returns(self, vehicles):
        """Returns of these cars of which their next buyers are told (三包 Art. 33)."""
        return self.search(
            [
                ("kind", "=", "return"),
                ("return_vehicle_id", "in", vehicles.ids),
                ("state", "in", ("posted", "done")),
            ]
        )

    def _get_disclosed_text(self):
        """What the next buyer reads of the return; nothing of the first one."""
        self.ensure_one()
        basis = dict(self._fields["legal_basis"]._description_selection(self.env))
        return self.env._(
            "%(date)s: taken back from its first buyer at %(odometer)s km (%(basis)s)",
            date=format_date(self.env, self.approved_on),
            odometer=self.odometer,
            basis=basis.get(self.legal_basis, "-"),
        )

    def _mark_vehicle(self):
        """A car that was taken back is sold again only after that is told in writing (Art. 33)."""
        # sudo: accountants do not write cars
        vehicle = self.return_vehicle_id.sudo()
        if self.odometer > vehicle.odometer:
            vehicle.odometer = self.odometer
        vehicle.write(
            {
                "blocked": True,
                "block_reason": self.env._(
                    "Taken back (%s): inspect it, and disclose the return in writing before it is"
                    " sold again.",
                    self.name,
                ),
            }
        )

    def _get_pay_amount(self):
        """What is open for the customer of a returned car, else what was approved."""
        if self.kind != "return":
            return super()._get_pay_amount()
        return self.currency_id.round(-sum(self._get_credit_items().mapped("amount_residual")))

    def _pay_out(self, journal, date):
        if self.kind != "return":
            return super()._pay_out(journal, date)
        self.env["dealer.deposit"]._dealer_check_cash_desk(journal)
        items = self._get_credit_items()
        open_amount = self._get_pay_amount()
        if self.currency_id.compare_amounts(open_amount, 0) <= 0:
            raise UserError(self.env._("Nothing is open for this customer: he has not paid yet."))
        if self.currency_id.compare_amounts(open_amount, self.refund_amount) > 0:
            raise UserError(
                self.env._(
                    "%(open).2f is open, but %(approved).2f was approved. Ask the accountant.",
                    open=open_amount,
                    approved=self.refund_amount,
                )
            )
        self.company_id._dealer_check_open_period(date, journal)
        payments = self.env["account.payment"]
        for amount in self._split_payment(open_amount):
            payments |= self._create_payment(items, amount, journal, date)
        # sudo: cashiers match no entries
        paid = payments.sudo().move_id.line_ids.filtered(
            lambda item: item.account_id == items.account_id[:1]
        )
        (paid | items).reconcile()
        return None

    def _split_payment(self, amount):
        """What goes to the customer and what redeems his loan are two transfers of money."""
        lender = min(self.lender_amount, amount)
        parts = (self.currency_id.round(amount - lender), self.currency_id.round(lender))
        return [part for part in parts if part]

    def _create_payment(self, items, amount, journal, date):
        """Posted payment of a part of what is open for the customer."""
        self.ensure_one()
        payment = self.env["account.payment"].create(
            {
                "payment_type": "outbound",
                "partner_type": "customer",
                "partner_id": items.partner_id[:1].id,
                "amount": amount,
                "currency_id": self.currency_id.id,
                "date": date,
                "journal_id": journal.id,
                "company_id": self.company_id.id,
                "destination_account_id": items.account_id[:1].id,
                "memo": self.name,
            }
        )
        payment.action_post()
        return payment
