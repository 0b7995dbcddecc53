from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import formatLang

from .sale_order_line_gate import DeliveryBlocker

#: Written by the steps of the plan and by nobody else, by whatever client he comes.
PLAN_FACTS = {"dealer_plan_approved_by_id", "dealer_plan_approved_on", "dealer_plan_maker_ids"}
APPROVERS = ("sales_manager", "usedcar_manager", "finance_manager")


class SaleOrder(models.Model):
    """When a customer pays: the plan, what is due, and whether the car may leave."""

    _inherit = "sale.order"  # pylint: disable=consider-merging-classes-inherited

    dealer_collection_ids = fields.One2many(
        "dealer.collection.line", "order_id", string="Collection Plan", copy=False
    )
    dealer_plan_gap = fields.Monetary(
        string="Not Planned",
        compute="_compute_dealer_plan",
        help="Part of the order that no line of the plan asks for. It is due at once.",
    )
    dealer_due_total = fields.Monetary(string="Due Now", compute="_compute_dealer_plan")
    dealer_plan_approved_by_id = fields.Many2one(
        "res.users",
        string="Plan Approved by",
        readonly=True,
        copy=False,
        help="A plan lets a car go before everything is paid, so somebody else than the"
        " salesperson approves it. A change of the plan asks again.",
    )
    dealer_plan_approved_on = fields.Datetime(string="Plan Approved on", readonly=True, copy=False)
    dealer_plan_maker_ids = fields.Many2many(
        "res.users",
        "dealer_sale_order_plan_maker_rel",
        "order_id",
        "user_id",
        string="Plan Made by",
        readonly=True,
        copy=False,
        help="Who changed the plan since it was approved the last time.",
    )

    @api.depends(
        "amount_total",
        "dealer_collection_ids.amount",
        "dealer_collection_ids.due_date",
        "dealer_plan_approved_by_id",
    )
    def _compute_dealer_plan(self):
        for order in self:
            planned = sum(order.dealer_collection_ids.mapped("amount"))
            order.dealer_plan_gap = order.amount_total - planned
            order.dealer_due_total = order._dealer_get_due(fields.Date.context_today(order))

    def _dealer_get_due(self, date):
        """What must have been paid by a day.

        Without an approved plan that is everything. What the plan does not ask for is due at once.
        """
        self.ensure_one()
        if not self.dealer_plan_approved_by_id:
            return self.amount_total
        later = sum(
            line.amount
            for line in self.dealer_collection_ids
            if line.due_date and line.due_date > date
        )
        return max(0.0, self.amount_total - later)

    # === PLAN ===
    def action_dealer_fill_plan(self):
        """Fit the plan to the order: ask for what is missing, ask no more than is owed."""
        for order in self:
            gap = order.currency_id.round(order.dealer_plan_gap)
            if gap > 0:
                order._dealer_extend_plan(gap)
            elif gap < 0:
                order._dealer_shorten_plan(-gap)
        return True

    def _dealer_extend_plan(self, gap):
        """Plan what is not asked for yet: what has come already by its name, then the rest."""
        self.ensure_one()
        planned = sum(self.dealer_collection_ids.mapped("amount"))
        came = min(gap, max(self.currency_id.round(self.dealer_received_total - planned), 0.0))
        deposits = self.sudo().dealer_deposit_ids  # sudo: only what the receipts were for is read
        is_earnest = "earnest" in deposits.filtered(lambda one: one.state != "cancel").mapped(
            "kind"
        )
        parts = [("deposit" if is_earnest else "prepayment", came), ("balance", gap - came)]
        self.env["dealer.collection.line"].create(
            [
                {
                    "order_id": self.id,
                    "kind": kind,
                    "amount": self.currency_id.round(amount),
                    "due_date": fields.Date.context_today(self),
                }
                for kind, amount in parts
                if not self.currency_id.is_zero(amount)
            ]
        )

    def _dealer_shorten_plan(self, surplus):
        """The order became cheaper: the last promises shrink, never what was paid of them."""
        self.ensure_one()
        lines = self.dealer_collection_ids.sorted(lambda line: line._dealer_plan_key())
        for line in reversed(lines):
            less = min(surplus, line.open_amount)
            surplus = self.currency_id.round(surplus - less)
            if self.currency_id.is_zero(line.amount - less):
                line.unlink()
            elif less:
                line.amount = self.currency_id.round(line.amount - less)

    def _dealer_get_plan_error(self):
        """Why customers cannot be shown the plan: it asks for more than the order. Else nothing."""
        self.ensure_one()
        known = self.sudo()  # sudo: plans are read by who sells cars; others confirm orders, too
        plan = known.dealer_collection_ids.filtered(lambda line: not line.is_void)
        if not plan or self.currency_id.compare_amounts(known.dealer_plan_gap, 0) >= 0:
            return None
        return self.env._(
            "The collection plan of %(order)s asks for %(more)s more than the order. Press “Fit to"
            " Order” on its page, or change its lines.",
            order=self._dealer_get_title(),
            more=formatLang(self.env, -known.dealer_plan_gap, currency_obj=self.currency_id),
        )

    def _dealer_check_plan(self):
        for order in self:
            error = order._dealer_get_plan_error()
            if error:
                raise UserError(error)

    def _confirmation_error_message(self):
        return super()._confirmation_error_message() or self._dealer_get_plan_error()

    def action_dealer_approve_plan(self):
        """Let the customer pay by this plan; never by who made the order or the plan."""
        user = self.env.user
        if not (
            self.env.su or any(user.has_group(f"dealer_base.group_{role}") for role in APPROVERS)
        ):
            raise AccessError(
                self.env._("A sales manager or the finance manager approves collection plans.")
            )
        for order in self:
            if user in order._dealer_get_people():
                raise UserError(
                    self.env._("%s is your own order: somebody else approves its plan.", order.name)
                )
            if user in order._dealer_get_plan_makers():
                raise UserError(
                    self.env._(
                        "You changed the collection plan of %s: somebody else approves it.",
                        order.name,
                    )
                )
            if not order.dealer_collection_ids:
                raise UserError(self.env._("%s has no collection plan.", order.name))
        self._dealer_check_plan()
        # sudo: finance managers do not write orders, and who approved is nobody's to write
        self.sudo()._dealer_write_plan_approval(user, fields.Datetime.now())
        return True

    def _dealer_write_plan_approval(self, user, moment):
        """The approval is no part of what the approval of the order's price protects."""
        self.with_context(skip_validation_check=True).write(
            {
                "dealer_plan_approved_by_id": user.id,
                "dealer_plan_approved_on": moment,
                # who changes it from now on is a maker of the next plan
                "dealer_plan_maker_ids": [Command.clear()],
            }
        )

    def _dealer_get_people(self):
        """Whose deal it is: its salesperson and who entered it. They approve nothing of it."""
        self.ensure_one()
        order = self.sudo()  # sudo: approvers of money need not read orders
        return order.user_id | order.create_uid

    def _dealer_get_plan_makers(self):
        """Who wrote the plan since the last approval.

        A plan from before that was kept names who entered and who last changed its lines.
        """
        self.ensure_one()
        lines = self.dealer_collection_ids
        return self.dealer_plan_maker_ids or lines.create_uid | lines.write_uid

    def _dealer_reset_plan(self):
        """Another plan has not been approved, and never is by who made it."""
        # sudo: see action_dealer_approve_plan
        orders = self.sudo()
        approved = orders.filtered("dealer_plan_approved_by_id")
        if approved:
            approved._dealer_write_plan_approval(self.env["res.users"], False)
        new = orders.filtered(lambda order: self.env.user not in order.dealer_plan_maker_ids)
        if new:
            new.with_context(skip_validation_check=True).write(
                {"dealer_plan_maker_ids": [Command.link(self.env.uid)]}
            )

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        # after it: a client may send a default instead of a value
        if not self.env.su and orders.filtered("dealer_plan_approved_by_id"):
            raise AccessError(self.env._("Approve the plan with its button."))
        return orders

    def write(self, vals):
        if not self.env.su and PLAN_FACTS.intersection(vals):
            raise AccessError(self.env._("Approve the plan with its button."))
        result = super().write(vals)
        if vals.get("state") == "cancel":
            # sudo: reminders of payments that nobody owes any more
            self.sudo().dealer_collection_ids.warning_activity_id.unlink()
        return result

    # === GATE ===
    def _dealer_get_money_blocker(self):
        """Why money keeps the cars of this order here, else nothing."""
        self.ensure_one()
        policy = self.company_id.dealer_gate_money
        if policy == "none":
            return None
        due = self.amount_total
        if policy == "plan":
            due = self._dealer_get_due(fields.Date.context_today(self))
        missing = self.currency_id.round(due - self.dealer_received_total)
        if self.currency_id.compare_amounts(missing, 0) <= 0:
            return None
        reason = self.env._(
            "%(due)s is due now, %(missing)s of it has not been paid",
            due=formatLang(self.env, due, currency_obj=self.currency_id),
            missing=formatLang(self.env, missing, currency_obj=self.currency_id),
        )
        if policy == "plan" and self.dealer_collection_ids and not self.dealer_plan_approved_by_id:
            reason = self.env._("%s, and the collection plan is not approved", reason)
        return DeliveryBlocker(
            "money", reason, self.env._("the cashier collects it, a manager may release the car")
        )
