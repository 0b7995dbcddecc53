from odoo import api, fields, models
from odoo.exceptions import UserError

#: States of a request that is on its way.
ENDING = ("submitted", "approved", "posted")
#: States of a request that has been approved.
APPROVED = ("approved", "posted", "done")


class SaleOrder(models.Model):
    """An order with a customer's money in it ends by a refund request, not by a click."""

    _inherit = "sale.order"  # pylint: disable=consider-merging-classes-inherited

    dealer_refund_ids = fields.One2many(
        "dealer.refund.request", "order_id", string="Refund Requests"
    )
    dealer_is_returned = fields.Boolean(
        string="Returned",
        compute="_compute_dealer_is_returned",
        store=True,
        help="The customer gave the car of this order back.",
    )
    dealer_refund_count = fields.Integer(
        string="Number of Refund Requests", compute="_compute_dealer_refund_count"
    )

    @api.depends("dealer_refund_ids")
    def _compute_dealer_refund_count(self):
        # sudo: whoever reads the order may know that it is being cancelled
        counts = dict(
            self.env["dealer.refund.request"]
            .sudo()
            ._read_group([("order_id", "in", self.ids)], ["order_id"], ["__count"])
        )
        counts = {order.id: count for order, count in counts.items()}
        for order in self:
            order.dealer_refund_count = counts.get(order._origin.id, 0)

    @api.depends("dealer_refund_ids.kind", "dealer_refund_ids.state")
    def _compute_dealer_is_returned(self):
        for order in self:
            order.dealer_is_returned = any(
                request.kind == "return" and request.state in ("posted", "done")
                for request in order.dealer_refund_ids
            )

    def _dealer_end_line(self, line):
        """One car of the order came back: nothing is asked for it any more, the rest stays.

        Called as superuser by the return.
        """
        self.ensure_one()
        if self.locked:
            self.action_unlock()
        line.product_uom_qty = 0
        self.dealer_collection_ids._void_rest()
        self.dealer_deviation_ids.filtered(
            lambda row: row.state == "granted" and row.line_id == line
        ).state = "void"
        self.message_post(
            body=self.env._("Taken back: %(car)s", car=line.dealer_vehicle_id.display_name)
        )

    def write(self, vals):
        # sudo: money counts, whoever may see it
        if vals.get("state") == "cancel":
            self.sudo()._dealer_check_cancel()
        elif "state" in vals:
            # sudo: as above
            self.sudo()._dealer_check_not_ending(vals["state"])
        return super().write(vals)

    def _dealer_check_not_ending(self, state):
        """What was approved for the end of a deal does not end another life of it."""
        for order in self.filtered(lambda order: order.state != state):
            ending = order.dealer_refund_ids.filtered(
                lambda request: request.kind != "return" and request.state in ENDING
            )
            if ending:
                raise UserError(
                    self.env._(
                        "Order %(order)s is being ended by refund request %(request)s. Withdraw the"
                        " request first, or write a new order.",
                        order=order.name,
                        request=ending[0].display_name,
                    )
                )

    def _dealer_check_cancel(self):
        """Refuse to cancel deals that are delivered, invoiced or hold money."""
        for order in self.filtered(lambda order: order.state != "cancel"):
            order._dealer_check_not_delivered()
            if order.order_line.dealer_vehicle_id and not order.currency_id.is_zero(
                order._dealer_get_invoiced_total()
            ):
                raise UserError(
                    self.env._(
                        "Order %s is invoiced. The accountant has to credit the invoice (红冲)"
                        " before the order can be cancelled.",
                        order.name,
                    )
                )
            held = order.dealer_deposit_ids.filtered(
                lambda deposit: deposit.state == "received" and deposit.outcome == "open"
            )
            approved = order.dealer_refund_ids.filtered(lambda req: req.state in APPROVED)
            if held and not approved:
                raise UserError(
                    self.env._(
                        "Order %(order)s holds %(amount).2f of its customer. Ask for its"
                        " cancellation with “Cancel and Refund”: a refund needs approval.",
                        order=order.name,
                        amount=sum(held.mapped("residual")),
                    )
                )

    def _dealer_check_not_delivered(self):
        """A delivered car comes back as a return; its order is not cancelled."""
        self.ensure_one()
        gone = self.order_line.filtered(lambda line: line.dealer_vehicle_id and line.qty_delivered)
        if gone:
            raise UserError(
                self.env._(
                    "%(car)s of order %(order)s has been delivered. Take the car back (return)"
                    " instead of cancelling the order.",
                    car=gone[0].dealer_vehicle_id.display_name,
                    order=self.name,
                )
            )

    def _dealer_get_invoiced_total(self):
        """Posted invoices less credit notes of the lines of this order, tax included."""
        self.ensure_one()
        return sum(line._dealer_get_invoiced_amount() for line in self.order_line)

    def action_dealer_request_refund(self):
        """Ask for the cancellation of this order; opens the request that is already there."""
        self.ensure_one()
        request = self.dealer_refund_ids.filtered(
            lambda request: request.state not in ("done", "cancel")
        )[:1]
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Cancel and Refund"),
            "res_model": "dealer.refund.request",
            "view_mode": "form",
            "context": {"default_order_id": self.id, **self._dealer_get_return_defaults()},
        }
        return dict(action, res_id=request.id) if request else action

    def _dealer_get_return_defaults(self):
        """A delivered car comes back as a return."""
        self.ensure_one()
        lines = self.order_line.filtered(
            lambda line: line.dealer_vehicle_id and line.qty_delivered > 0
        )
        if not lines:
            return {}
        return {
            "default_kind": "return",
            "default_reason": "agreement",
            "default_return_line_id": lines[0].id,
        }

    def action_view_dealer_refunds(self):
        """Open the refund requests of these orders."""
        return self.dealer_refund_ids._get_records_action(name=self.env._("Refund Requests"))
