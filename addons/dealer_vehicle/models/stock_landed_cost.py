from odoo import fields, models
from odoo.exceptions import UserError


class StockLandedCost(models.Model):
    """Freight, preparation or reconditioning that is added to the cost of chosen cars."""

    _inherit = "stock.landed.cost"

    target_model = fields.Selection(
        selection_add=[("vehicle", "Cars")], ondelete={"vehicle": "set default"}
    )
    dealer_vehicle_ids = fields.Many2many("dealer.vehicle", string="Cars", copy=False)

    def _get_targeted_move_ids(self):
        """A cost on a car belongs to the receipt by which the car last came in."""
        moves = super()._get_targeted_move_ids()
        if self.dealer_vehicle_ids:
            # sudo: an accountant may not read lots of the store
            last_in = self.dealer_vehicle_ids.sudo().lot_id._dealer_last_in_moves()
            moves |= self.env["stock.move"].union(*last_in.values()).sudo(False)
        return moves

    def _check_can_validate(self):
        """A car that has left, or is consigned, carries no stock value to add a cost to."""
        for vehicle in self.dealer_vehicle_ids:
            if not vehicle._dealer_has_stock_value():
                raise UserError(
                    self.env._(
                        "%(car)s has no stock value of ours (it has left, or belongs to"
                        " somebody else), so nothing can be added to it."
                        " Enter a late cost on the car instead.",
                        car=vehicle.display_name,
                    )
                )
        return super()._check_can_validate()

    def button_validate(self):
        """Refuse a negative cost that takes more off a car than the car cost.

        It is checked afterwards, with the shares that Odoo has given to each car; the error takes
        everything back.
        """
        res = super().button_validate()
        lines = self.valuation_adjustment_lines.filtered(
            lambda line: line.additional_landed_cost < 0
        )
        # sudo: an accountant may not read lots of the store
        vehicles = lines.sudo().move_id.move_line_ids.lot_id.dealer_vehicle_ids
        costs = vehicles._get_unit_costs()
        for vehicle in vehicles:
            if vehicle.currency_id.compare_amounts(costs[vehicle.id], 0) < 0:
                raise UserError(
                    self.env._(
                        "%(car)s would cost %(cost)s after this landed cost: less than nothing."
                        " Check the amount, its sign and the cars that share it.",
                        car=vehicle.display_name,
                        cost=vehicle.currency_id.format(costs[vehicle.id]),
                    )
                )
        return res


class StockValuationAdjustmentLines(models.Model):
    _inherit = "stock.valuation.adjustment.lines"

    def _create_account_move_line(self, credit_account_id, debit_account_id, remaining_qty):
        """The stock value item names its car, so that the account can be read by car.

        The other item clears the bill of the carrier or workshop and names no car: it would
        count as a negative cost of sales of the car.
        """
        commands = super()._create_account_move_line(
            credit_account_id, debit_account_id, remaining_qty
        )
        # sudo: an accountant may not read lots of the store
        vehicle = self.sudo().move_id.move_line_ids.lot_id.dealer_vehicle_ids
        if commands and len(vehicle) == 1:
            commands[0][2]["dealer_vehicle_id"] = vehicle.id
        return commands
