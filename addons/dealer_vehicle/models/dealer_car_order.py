from collections import Counter

from odoo import models


class DealerCarOrder(models.AbstractModel):
    """An order that sells or buys cars, each on one line."""

    _name = "dealer.car.order"
    _inherit = "dealer.car.document"
    _description = "Order of Cars"
    _dealer_car_paths = ("order_line.dealer_vehicle_id",)

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
