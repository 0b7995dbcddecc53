from odoo import fields, models


class DealerAllocationSwap(models.TransientModel):
    """Why two orders exchange their cars, or why an order gives its car back."""

    _name = "dealer.allocation.swap"
    _description = "Exchange Cars"

    line_id = fields.Many2one("sale.order.line", string="Order", required=True, ondelete="cascade")
    vehicle_id = fields.Many2one(related="line_id.dealer_vehicle_id")
    product_id = fields.Many2one(related="line_id.product_id")
    company_id = fields.Many2one(related="line_id.company_id")
    other_line_id = fields.Many2one(
        "sale.order.line",
        string="Exchange With",
        ondelete="cascade",
        domain="[('product_id', '=', product_id), ('company_id', '=', company_id),"
        " ('id', '!=', line_id), '|', ('dealer_vehicle_held', '=', True),"
        " ('dealer_awaits_car', '=', True)]",
        help="Empty: the car becomes free and the order goes back into the queue.",
    )
    other_vehicle_id = fields.Many2one(
        string="Car of the Other Order", related="other_line_id.dealer_vehicle_id"
    )
    reason = fields.Char(required=True)

    def action_swap(self):
        """Exchange the cars."""
        self.ensure_one()
        self.line_id._dealer_swap_cars(self.other_line_id, self.reason)
        return {"type": "ir.actions.act_window_close"}
