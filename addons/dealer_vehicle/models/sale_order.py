from odoo import api, fields, models


class SaleOrder(models.Model):
    """A deal: the order on which a car goes to a customer."""

    _inherit = "sale.order"

    # What we earn on a deal is not for everybody's eyes
    margin = fields.Monetary(groups="dealer_base.group_vehicle_cost")
    margin_percent = fields.Float(groups="dealer_base.group_vehicle_cost")
    dealer_vehicle_ids = fields.Many2many(
        "dealer.vehicle", string="Cars", compute="_compute_dealer_vehicle_ids"
    )
    dealer_vehicle_count = fields.Integer(
        string="Number of Cars", compute="_compute_dealer_vehicle_ids"
    )

    @api.depends_context("uid", "allowed_company_ids")
    @api.depends("order_line.dealer_vehicle_id")
    def _compute_dealer_vehicle_ids(self):
        """Cars that the user may see; one may stand with a sister company by now."""
        readable = self.order_line.dealer_vehicle_id._filtered_access("read")
        for order in self:
            order.dealer_vehicle_ids = order.order_line.dealer_vehicle_id & readable
            order.dealer_vehicle_count = len(order.dealer_vehicle_ids)

    def _dealer_get_only_vehicle(self):
        """The car of a deal with one car; none while another car of the deal has no name yet."""
        self.ensure_one()
        lines = self.order_line.filtered(
            lambda line: line.product_id.categ_id.dealer_product_policy
        )
        vehicles = lines.dealer_vehicle_id
        is_only = len(vehicles) == 1 and all(line.dealer_vehicle_id for line in lines)
        return vehicles if is_only else vehicles.browse()

    def action_view_dealer_vehicles(self):
        """Open the cars of these orders."""
        return self.dealer_vehicle_ids._get_records_action(name=self.env._("Cars"))

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
        return vehicles._get_sale_error(
            self.order_line._dealer_search_holders(vehicles), company=self.company_id
        ) or vehicles._get_line_error(self.order_line)
