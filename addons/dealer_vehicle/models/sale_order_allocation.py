from odoo import api, fields, models


class SaleOrder(models.Model):
    """How many cars an order still waits for."""

    _inherit = "sale.order"  # pylint: disable=consider-merging-classes-inherited

    dealer_awaiting_count = fields.Integer(
        string="Lines Without Car", compute="_compute_dealer_awaiting_count"
    )

    @api.depends("order_line.dealer_awaits_car")
    def _compute_dealer_awaiting_count(self):
        for order in self:
            order.dealer_awaiting_count = len(order.order_line.filtered("dealer_awaits_car"))

    def action_view_dealer_allocation(self):
        """Open the board with these orders."""
        action = self.env["ir.actions.client"]._for_xml_id(
            "dealer_vehicle.dealer_allocation_action"
        )
        return dict(action, params={"query": self[:1].name})
