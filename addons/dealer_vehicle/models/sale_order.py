from odoo import api, fields, models


class SaleOrder(models.Model):
    """A deal: the order on which a car goes to a customer."""

    _name = "sale.order"
    _inherit = ["dealer.car.order", "sale.order"]

    # What we earn on a deal is not for everybody's eyes
    margin = fields.Monetary(groups="dealer_base.group_vehicle_cost")
    margin_percent = fields.Float(groups="dealer_base.group_vehicle_cost")

    @api.depends("partner_id")
    def _compute_user_id(self):
        """Who sees only his own deals sells what he quotes, whoever looks after the customer.

        Odoo takes the salesperson of the customer, and a consultant could not open any more what
        he has just written. Managers still quote for the salesperson of the customer.
        """
        user = self.env.user
        super()._compute_user_id()
        if not user.has_group("sales_team.group_sale_salesman") or user.has_group(
            "sales_team.group_sale_salesman_all_leads"
        ):
            return
        for order in self:
            if order.partner_id and not order._origin.id:
                order.user_id = user

    def _dealer_get_only_vehicle(self):
        """The car of a deal with one car; none while another car of the deal has no name yet."""
        self.ensure_one()
        lines = self.order_line.filtered(
            lambda line: line.product_id.categ_id.dealer_product_policy
        )
        vehicles = lines.dealer_vehicle_id
        is_only = len(vehicles) == 1 and all(line.dealer_vehicle_id for line in lines)
        return vehicles if is_only else vehicles.browse()

    def _confirmation_error_message(self):
        """Refuse to promise a car that cannot be given to this customer."""
        return super()._confirmation_error_message() or self._dealer_vehicle_error_message()

    def _dealer_vehicle_error_message(self):
        """Why a car of the order cannot be sold, else nothing.

        The unique index on held cars guards against two people at the same moment; this check
        gives everybody else the name of the order that has the car.
        """
        self.ensure_one()
        vehicles = self.order_line.dealer_vehicle_id
        if not vehicles:
            return None
        holders = self.order_line._dealer_search_holders(vehicles)
        return (
            self._dealer_get_repeated_error()
            or vehicles._get_sale_error(holders, company=self.company_id)
            or vehicles._get_line_error(self.order_line)
        )
