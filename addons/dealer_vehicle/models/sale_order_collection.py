from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import formatLang

from .sale_order_line_gate import DeliveryBlocker

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
        """Add what the plan does not ask for yet, due today."""
        for order in self:
            gap = order.currency_id.round(order.dealer_plan_gap)
            if gap > 0:
                self.env["dealer.collection.line"].create(
                    {
                        "order_id": order.id,
                        "kind": "balance",
                        "amount": gap,
                        "due_date": fields.Date.context_today(order),
                    }
                )
        return True

    def action_dealer_approve_plan(self):
        """Let the customer pay by this plan; never by the salesperson of the order."""
        user = self.env.user
        if not (
            self.env.su or any(user.has_group(f"dealer_base.group_{role}") for role in APPROVERS)
        ):
            raise AccessError(
                self.env._("A sales manager or the finance manager approves collection plans.")
            )
        for order in self:
            if order.user_id == user:
                raise UserError(
                    self.env._("%s is your own order: somebody else approves its plan.", order.name)
                )
            if not order.dealer_collection_ids:
                raise UserError(self.env._("%s has no collection plan.", order.name))
        # sudo: finance managers do not write orders, and who approved is nobody's to write
        self.sudo()._dealer_write_plan_approval(user, fields.Datetime.now())
        return True

    def _dealer_write_plan_approval(self, user, moment):
        """The approval is no part of what the approval of the order's price protects."""
        self.with_context(skip_validation_check=True).write(
            {
                "dealer_plan_approved_by_id": user.id,
                "dealer_plan_approved_on": moment,
            }
        )

    def _dealer_reset_plan(self):
        """Another plan has not been approved."""
        # sudo: see action_dealer_approve_plan
        approved = self.sudo().filtered("dealer_plan_approved_by_id")
        if approved:
            approved._dealer_write_plan_approval(self.env["res.users"], False)

    def write(self, vals):
        if not self.env.su and {
            "dealer_plan_approved_by_id",
            "dealer_plan_approved_on",
        }.intersection(vals):
            raise AccessError(self.env._("Approve the plan with its button."))
        return super().write(vals)

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
            "%(missing)s of %(total)s has not been paid",
            missing=formatLang(self.env, missing, currency_obj=self.currency_id),
            total=formatLang(self.env, self.amount_total, currency_obj=self.currency_id),
        )
        if policy == "plan" and self.dealer_collection_ids and not self.dealer_plan_approved_by_id:
            reason = self.env._("%s, and the collection plan is not approved", reason)
        return DeliveryBlocker(
            "money", reason, self.env._("the cashier collects it, a manager may release the car")
        )
