from collections import Counter

from odoo import api, fields, models


class DealerCarOrder(models.AbstractModel):
    """An order that sells or buys cars, each on one line."""

    _name = "dealer.car.order"
    _description = "Order of Cars"

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

    def action_view_dealer_vehicles(self):
        """Open the cars of these orders."""
        return self.dealer_vehicle_ids._get_records_action(name=self.env._("Cars"))

    def _dealer_get_repeated_error(self, added=(), without=()):
        """Why the order cannot have a car on two lines, else nothing.

        :param added: cars of lines that are about to be made; may repeat a car
        :param without: lines that are about to change
        """
        for order in self:
            lines = order.order_line.filtered("dealer_vehicle_id")
            counts = Counter(line.dealer_vehicle_id for line in lines)
            counts.update(added)
            repeated = [car for car, count in counts.items() if count > 1]
            for car in repeated:
                claims = lines.filtered(
                    lambda line, car=car: (
                        line not in without
                        and line.dealer_vehicle_id == car
                        and line._dealer_claims_car()
                    )
                )
                if len(claims) + sum(other == car for other in added) > 1:
                    return self.env._(
                        "%(car)s stands on two lines of order %(order)s. Remove one of the two"
                        " lines, or choose another car for it.",
                        car=car.sudo().display_name,  # sudo: it may stand in another company
                        order=order.name,
                    )
        return None
