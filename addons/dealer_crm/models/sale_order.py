from odoo import api, models


class SaleOrder(models.Model):
    """Nobody makes an order for the customer of a colleague."""

    _inherit = "sale.order"

    _dealer_customer_field = "partner_id"

    @api.model_create_multi
    def create(self, vals_list):
        self.env["res.partner"]._dealer_check_customers(vals_list, "partner_id")
        self._dealer_check_people_usable(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        self.env["res.partner"]._dealer_check_customers([vals], "partner_id")
        self._dealer_check_people_usable([vals])
        return super().write(vals)

    @api.model
    def _dealer_check_people_usable(self, vals_list):
        """No quotation for somebody whose data are only stored; old orders are wound up."""
        if not self.env.su:
            self.env["res.partner"]._dealer_check_usable(
                ids=[vals.get("partner_id") for vals in vals_list]
            )

    def action_confirm(self):
        """A buyer is a customer, looked after by who sold the car unless somebody does already."""
        result = super().action_confirm()
        for order in self:
            order.partner_id._dealer_become_customer(order.user_id)
        return result

    def _dealer_get_buyer_number(self):
        """OVERRIDE: people have the number of their ID; a contract prints it in full."""
        number = super()._dealer_get_buyer_number()
        # sudo: hidden on screens, yet without it the contract does not say who buys
        return number or self.partner_id.sudo().dealer_id_number
