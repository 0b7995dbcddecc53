from odoo import api, fields, models
from odoo.exceptions import UserError

#: What makes the amount of an order.
PRICED = frozenset(
    {
        "discount",
        "order_id",
        "price_unit",
        "product_id",
        "product_qty",
        "product_uom_id",
        "tax_ids",
    }
)


class PurchaseOrder(models.Model):
    """Cars are bought within limits: beyond them somebody else than the buyer approves.

    Up to ``vehicle_purchase_manager_limit`` the buyer confirms himself, up to
    ``vehicle_purchase_finance_limit`` the finance manager approves, beyond the general manager
    (approval matrix of the house). What was approved is an amount: a dearer order asks again.
    """

    _name = "purchase.order"
    _inherit = ["purchase.order", "tier.validation"]
    _state_from = ["draft", "sent", "to approve"]
    _state_to = ["purchase"]
    _tier_validation_manual_config = False

    dealer_approval_level = fields.Selection(
        [("0", "Nobody else"), ("1", "Finance manager"), ("2", "General manager")],
        string="Purchase Approved by",
        compute="_compute_dealer_approval_level",
        compute_sudo=True,
    )
    dealer_asked_total = fields.Monetary(
        string="Amount Asked For",
        currency_field="company_currency_id",
        readonly=True,
        copy=False,
        help="Tax included: what the approvers have seen.",
    )

    @api.depends(
        "amount_total_cc",
        "order_line.dealer_vehicle_id",
        "order_line.product_id",
        "company_id",
        "date_order",
    )
    def _compute_dealer_approval_level(self):
        Parameter = self.env["dealer.parameter"]
        for order in self:
            company = order.company_id or self.env.company
            order.dealer_approval_level = "0"
            if not company.dealer_gate_purchase or not order._dealer_buys_cars():
                continue
            total = order.amount_total_cc
            for level, code in (
                ("1", "vehicle_purchase_manager_limit"),
                ("2", "vehicle_purchase_finance_limit"),
            ):
                limit = Parameter._get_value(code, date=order.date_order, company=company)
                if company.currency_id.compare_amounts(total, float(limit)) > 0:
                    order.dealer_approval_level = level

    def _dealer_buys_cars(self):
        """Whether a car is bought here, one that is named or one of a trim."""
        self.ensure_one()
        return any(
            line.dealer_vehicle_id or line.product_id.categ_id.dealer_product_policy
            for line in self.order_line
        )

    # === APPROVAL ===
    def _dealer_get_makers(self):
        """OVERRIDE engine: the buyer too."""
        return super()._dealer_get_makers() | self.sudo().user_id  # sudo: as in super

    def _dealer_get_store(self):
        return self.picking_type_id.warehouse_id

    def _check_state_conditions(self, vals):
        """OVERRIDE engine: Odoo itself (superuser) is not asked."""
        return not self.env.user._is_superuser() and super()._check_state_conditions(vals)

    def request_validation(self):
        """OVERRIDE engine: remember what is asked for."""
        reviews = super().request_validation()
        for order in self.browse(set(reviews.mapped("res_id"))):
            # sudo: what was asked is nobody's to write; the order waits from now on
            order.sudo().with_context(
                skip_validation_check=True
            ).dealer_asked_total = order.amount_total_cc
        return reviews

    def _dealer_is_purchase_approved(self):
        """Whether nobody has to approve this amount, or somebody with the right has."""
        self.ensure_one()
        if self.dealer_approval_level == "0":
            return True
        order = self.sudo()  # sudo: what was decided is the same for everybody
        definitions = order.env["tier.definition"].search(
            [("model", "=", self._name), ("company_id", "in", [False, self.company_id.id])]
        )
        needed = definitions.filtered(order.evaluate_tier)
        reviews = order.review_ids
        return (
            needed <= reviews.definition_id
            and all(review.status == "approved" for review in reviews)
            and self.company_id.currency_id.compare_amounts(
                order.amount_total_cc, order.dealer_asked_total
            )
            <= 0
        )

    def _dealer_check_purchase_approved(self):
        """Refuse to buy cars for more than the person may, before somebody has approved it."""
        if self.env.user._is_superuser():
            return
        for order in self:
            if order._dealer_is_purchase_approved():
                continue
            waiting = order._dealer_get_reviews("waiting", "pending")
            who = dict(order._fields["dealer_approval_level"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "%(order)s buys cars for %(total)s: that needs approval (%(who)s). %(next)s",
                    order=order.name,
                    total=order.company_currency_id.format(order.amount_total_cc),
                    who=who[order.dealer_approval_level],
                    next=self.env._("Approval has been asked already; wait for the decision.")
                    if waiting
                    else self.env._(
                        "Press “Request Validation”; take an earlier request back first. An order"
                        " that is confirmed becomes no dearer: make another one."
                    ),
                )
            )

    def _dealer_confirm_or_ask(self):
        """Confirm what the person may buy, and ask for the approval of the rest."""
        waiting = self.filtered(
            lambda order: (
                not self.env.user._is_superuser() and not order._dealer_is_purchase_approved()
            )
        )
        (self - waiting).button_confirm()
        for order in waiting:
            try:
                with self.env.cr.savepoint():
                    order.request_validation()
            except UserError as error:  # nobody has the role: the order itself is all right
                order._message_log(body=error.args[0])

    def _dealer_check_bought(self):
        """Confirmed orders of this person do not grow beyond what was approved."""
        self.filtered(lambda order: order.state == "purchase")._dealer_check_purchase_approved()

    def button_approve(self, force=False):
        """OVERRIDE purchase: the last step before the vendor is bound."""
        self._dealer_check_purchase_approved()
        self.invalidate_recordset(["need_validation"])  # the engine caches it from before
        return super().button_approve(force=force)

    # === CRUD ===
    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [
                {name: value for name, value in vals.items() if name != "dealer_asked_total"}
                for vals in vals_list
            ]
        orders = super().create(vals_list)
        asked = orders.filtered("dealer_asked_total")  # a default of the client's
        if asked:
            asked.sudo().dealer_asked_total = False  # sudo: see write
        return orders

    def write(self, vals):
        if "dealer_asked_total" in vals and not self.env.su:
            raise UserError(self.env._("The amount is asked for by the button of the order."))
        return super().write(vals)


class PurchaseOrderLine(models.Model):
    """Lines of a confirmed order stay within what was approved."""

    _inherit = "purchase.order.line"  # pylint: disable=consider-merging-classes-inherited

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.order_id._dealer_check_bought()
        return lines

    def write(self, vals):
        result = super().write(vals)
        if PRICED & vals.keys():
            self.order_id._dealer_check_bought()
        return result
