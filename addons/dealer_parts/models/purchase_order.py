from odoo import api, fields, models

#: Why parts are bought (domain-cn §5, order types).
ORDER_TYPES = [
    ("stock", "Stock Order"),
    ("urgent", "Urgent Order"),
    ("vor", "Vehicle off Road"),
    ("special", "Special Order"),
    ("accident", "Accident Parts"),
    ("direct", "Outside Purchase"),
]
#: Bought because the shelf was empty: no success of stock keeping (fill rate, features P-17).
EMERGENCY_TYPES = frozenset({"urgent", "vor", "direct"})
#: Bought for one customer: what comes is no stock for others.
CUSTOMER_TYPES = frozenset({"special", "accident"})


class PurchaseOrder(models.Model):
    """A purchase of parts has a type: it decides discount, freight and who may confirm it."""

    _inherit = "purchase.order"

    dealer_order_type = fields.Selection(
        ORDER_TYPES,
        string="Order Type",
        required=True,
        default="stock",
        index=True,
        tracking=True,
        help="Stock orders have the best discount. Urgent and vehicle-off-road orders cost a"
        " surcharge; outside purchases need the parts manager.",
    )
    dealer_proposal_count = fields.Integer(
        string="Order Proposals",
        compute="_compute_dealer_proposal_count",
        groups="dealer_base.group_parts_keeper",
    )

    @api.depends("order_line.dealer_proposal_line_ids")
    def _compute_dealer_proposal_count(self):
        for order in self:
            order.dealer_proposal_count = len(order.order_line.dealer_proposal_line_ids.proposal_id)

    def _confirmation_error_message(self):
        """The parts manager orders parts; what a customer paid for, the keeper orders."""
        return super()._confirmation_error_message() or self._dealer_parts_error_message()

    def _dealer_parts_error_message(self):
        self.ensure_one()
        user = self.env.user
        if self.env.su or user.has_group("dealer_base.group_parts_manager"):
            return None
        # sudo: who orders cars need not read special orders
        special = self.env["dealer.special.order"].sudo()
        paid = special.search([("purchase_line_id", "in", self.order_line.ids)]).purchase_line_id
        parts = self.order_line.filtered("product_id.dealer_is_part") - paid
        if self.dealer_order_type == "direct" or parts:
            return self.env._("Parts are ordered by a parts manager. Ask one.")
        return None

    def action_view_dealer_proposals(self):
        """Proposals that this order was made from."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Order Proposals"),
            "res_model": "dealer.order.proposal",
            "view_mode": "list,form",
            "domain": [("line_ids.purchase_line_id.order_id", "in", self.ids)],
        }
