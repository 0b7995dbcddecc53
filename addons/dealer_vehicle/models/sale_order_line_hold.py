from odoo import api, models
from odoo.exceptions import UserError


class SaleOrderLine(models.Model):
    """Lines of confirmed orders that get their car later meet the holds, too."""

    _inherit = "sale.order.line"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _dealer_check_create(self, vals_list):
        res = super()._dealer_check_create(vals_list)
        for vals in vals_list:
            order = self.env["sale.order"].browse(vals.get("order_id"))
            if vals.get("dealer_vehicle_id") and order.state == "sale":
                vehicle = self.env["dealer.vehicle"].browse(vals["dealer_vehicle_id"])
                self._dealer_check_holds(vehicle, order)
        return res

    def _dealer_check_cars(self, vehicles, company):
        res = super()._dealer_check_cars(vehicles, company)
        for line in self:
            line._dealer_check_holds(vehicles, line.order_id)
        return res

    @api.model
    def _dealer_check_holds(self, vehicles, order):
        """Refuse cars that are held for another customer than that of ``order``."""
        error = vehicles._get_hold_error(order.partner_id, order)
        if error:
            raise UserError(error)

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        self.env["dealer.vehicle.hold"]._settle_lines(lines)
        lines.filtered("dealer_vehicle_id").order_id._dealer_hold_for_deposit()
        return lines

    def write(self, vals):
        if "dealer_vehicle_id" not in vals:
            return super().write(vals)
        old_vehicles = self.dealer_vehicle_id
        orders = self.order_id
        res = super().write(vals)
        Hold = self.env["dealer.vehicle.hold"]
        Hold._settle_lines(self)
        left = old_vehicles - orders.order_line.dealer_vehicle_id
        if left:
            Hold._release_orders(orders, left)
            if not self.env.context.get("dealer_keep_queue"):  # during an exchange
                Hold._activate_next(left)
        orders._dealer_hold_for_deposit()  # the money keeps the car that is named now
        return res
