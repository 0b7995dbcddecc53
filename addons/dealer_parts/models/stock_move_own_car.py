from odoo import models
from odoo.fields import Command


class StockMove(models.Model):
    """Parts for a car of ours become part of what the car costs (domain-cn §6.4, entry 4)."""

    _inherit = "stock.move"

    def _dealer_after_issue(self):
        result = super()._dealer_after_issue()
        self._dealer_add_to_car(1)
        return result

    def _dealer_after_part_return(self):
        result = super()._dealer_after_part_return()
        self._dealer_add_to_car(-1)
        return result

    def _dealer_add_to_car(self, sign):
        """Carry the value of the parts on to the car, request by request.

        What comes back after the car was sold stays where the issue was booked, as an income of
        the account of the fitment location.
        """
        by_request = self.grouped(lambda move: move.dealer_part_request_line_id.request_id)
        for request, moves in by_request.items():
            # sudo: keepers see neither costs nor landed costs; the amounts are those of the stock
            car = request.sudo().vehicle_id
            moves = moves.sudo().filtered(
                lambda move: not move.company_currency_id.is_zero(move.value)
            )
            if request.usage != "own_car" or not moves or not car._dealer_has_stock_value():
                continue
            cost = moves.env["stock.landed.cost"].create(
                {
                    "company_id": request.company_id.id,
                    "target_model": "vehicle",
                    "dealer_vehicle_ids": [Command.set(car.ids)],
                    "cost_lines": [
                        Command.create(move._prepare_car_cost_vals(sign)) for move in moves
                    ],
                }
            )
            cost.button_validate()

    def _prepare_car_cost_vals(self, sign):
        """Values of the cost line by which a part becomes part of a car's cost."""
        self.ensure_one()
        places = self.location_id | self.location_dest_id
        return {
            "product_id": self.env.ref("dealer_vehicle.product_fitment").id,
            "name": f"{self.dealer_part_request_line_id.request_id.name}"
            f" {self.product_id.display_name}",
            "price_unit": sign * self.value,
            "split_method": "equal",
            "account_id": places.valuation_account_id[:1].id,
        }
