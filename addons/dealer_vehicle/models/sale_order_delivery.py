from odoo import api, fields, models
from odoo.exceptions import UserError


class SaleOrder(models.Model):
    """From the deal to the hand-over."""

    _name = "sale.order"
    _inherit = ["sale.order", "dealer.blocker.panel"]

    dealer_delivery_ids = fields.One2many("dealer.delivery", "order_id", string="Deliveries")
    dealer_delivery_count = fields.Integer(
        string="Hand-Overs", compute="_compute_dealer_delivery_count"
    )

    @api.depends("dealer_delivery_ids")
    def _compute_dealer_delivery_count(self):
        counts = dict(
            self.env["dealer.delivery"]._read_group(
                [("order_id", "in", self.ids)], ["order_id"], ["__count"]
            )
        )
        for order in self:
            order.dealer_delivery_count = counts.get(order, 0)

    def _get_blocker_lines(self):
        lines = self.order_line
        return lines._dealer_lines_to_deliver() | lines._dealer_lacks_lost_car()

    def action_plan_delivery(self):
        """Prepare the hand-over of the cars of this order, and open it."""
        self.ensure_one()
        self.check_access("read")
        lines = self.order_line._dealer_lines_to_deliver()
        if not lines and not self.dealer_delivery_ids:
            raise UserError(
                self.env._(
                    "The order holds no car yet. Confirm it and allocate a car, then plan the"
                    " delivery."
                )
            )
        lines._dealer_prepare_delivery()
        self._dealer_fill_jacket()
        return self.action_view_deliveries()

    def action_view_deliveries(self):
        """Open the hand-overs of this order."""
        return self.dealer_delivery_ids._get_records_action(name=self.env._("Deliveries"))

    def _action_cancel(self):
        """A cancelled deal is not handed over, and its bay is free again."""
        result = super()._action_cancel()
        # sudo: the hand-over may be prepared by somebody else
        open_ones = self.sudo().dealer_delivery_ids.filtered(
            lambda delivery: delivery.state in ("draft", "planned")
        )
        if open_ones:
            open_ones._set_state("cancel")
        return result
