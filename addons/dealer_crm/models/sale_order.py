from odoo import api, models


class SaleOrder(models.Model):
    """Nobody makes an order for the customer of a colleague."""

    _inherit = "sale.order"

    @api.model_create_multi
    def create(self, vals_list):
        self.env["res.partner"]._dealer_check_customers(vals_list, "partner_id")
        return super().create(vals_list)

    def write(self, vals):
        self.env["res.partner"]._dealer_check_customers([vals], "partner_id")
        return super().write(vals)

    def action_confirm(self):
        """A buyer is a customer, looked after by who sold the car unless somebody does already."""
        result = super().action_confirm()
        for order in self:
            order.partner_id._dealer_become_customer(order.user_id)
        return result
