from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .product_template import COST_GROUPS

#: What a move of a car that is being posted carries: no client can send this very object.
POSTING = object()


class StockMove(models.Model):
    """Moves of cars: the right car is reserved, and posting a move tells the car about it."""

    _inherit = "stock.move"

    # Salespeople may read transfers: the value of a car's receipt is what the car cost. Odoo makes
    # the moves of their orders as superuser.
    value = fields.Monetary(groups=COST_GROUPS)
    value_justification = fields.Text(groups=COST_GROUPS)
    value_computed_justification = fields.Text(groups=COST_GROUPS)
    value_manual = fields.Monetary(groups=COST_GROUPS)
    standard_price = fields.Float(groups=COST_GROUPS)
    price_unit = fields.Float(groups=COST_GROUPS)
    remaining_value = fields.Monetary(groups=COST_GROUPS)

    # === WHICH CAR ===
    def _dealer_car_moves(self):
        """Moves of products that are cars."""
        return self.filtered(lambda move: move.product_id.categ_id.dealer_product_policy)

    def _dealer_line_vehicle(self):
        """Car that the order behind the move names, if any."""
        self.ensure_one()
        return self.purchase_line_id.dealer_vehicle_id or self.sale_line_id.dealer_vehicle_id

    # === RESERVATION ===
    def _prepare_move_line_vals(self, quantity=None, reserved_quant=None):
        """Fill in the serial number of the car that arrives or comes back."""
        vals = super()._prepare_move_line_vals(quantity, reserved_quant)
        if reserved_quant or self.location_id._should_be_valued():
            return vals
        vehicle = self._dealer_line_vehicle()
        if vehicle.lot_id and vehicle.lot_id.product_id == self.product_id:
            vals["lot_id"] = vehicle.lot_id.id
            vals["lot_name"] = vehicle.lot_id.name
        elif vehicle.vin:
            vals["lot_name"] = vehicle.vin
        return vals

    def _update_reserved_quantity_vals(
        self, need, location_id, lot_id=None, package_id=None, owner_id=None, strict=True
    ):
        """A sale reserves its own car and no other.

        Without a named car, or while the named car has not arrived, nothing is reserved:
        otherwise the first order would take whatever car of the trim came first.
        """
        sale_line = self.sale_line_id
        if not sale_line or not self.product_id.categ_id.dealer_product_policy:
            return super()._update_reserved_quantity_vals(
                need, location_id, lot_id, package_id, owner_id, strict
            )
        lot = sale_line.dealer_vehicle_id.lot_id
        if not lot or (lot_id and lot_id != lot):
            return [], 0
        return super()._update_reserved_quantity_vals(
            need, location_id, lot, package_id, owner_id, strict
        )

    # === POSTING ===
    def _action_done(self, cancel_backorder=False):
        """Check the cars before they move and record what happened to them afterwards."""
        car_moves = self._dealer_car_moves()
        if not car_moves:
            return super()._action_done(cancel_backorder=cancel_backorder)
        car_moves._dealer_fill_serials()
        car_moves._dealer_pick_where_cars_stand()
        car_moves._dealer_lock_vehicles()
        car_moves._dealer_check_cars()
        posting = self.with_context(dealer_posting=POSTING)
        moves = super(StockMove, posting)._action_done(cancel_backorder=cancel_backorder)
        moves = moves.with_env(self.env)
        moves.filtered(lambda m: m.state == "done")._dealer_car_moves()._dealer_record_cars()
        return moves

    def _dealer_lines_to_post(self):
        """Lines that Odoo is about to post; the others stay, perhaps on a backorder."""
        return self.move_line_ids.filtered(lambda line: line.picked and line.quantity > 0)

    def _dealer_fill_serials(self):
        """Name the serial numbers of arriving cars whose VIN was not known at confirmation."""
        for move in self:
            vehicle = move.purchase_line_id.dealer_vehicle_id
            if not vehicle or move.location_id._should_be_valued():
                continue
            for line in move._dealer_lines_to_post():
                if not line.lot_id and not line.lot_name and vehicle.vin:
                    line.lot_name = vehicle.vin
                number = line.lot_id.name or self.env["dealer.vehicle"]._normalize_vin(
                    line.lot_name
                )
                if not line.lot_id and number != (line.lot_name or False):
                    line.lot_name = number
                if vehicle.vin and number and number != vehicle.vin:
                    raise UserError(
                        self.env._(
                            "Order %(order)s expects the car %(vin)s here, but the receipt says"
                            " %(number)s. Correct the serial number, or the car on the order.",
                            order=move.purchase_line_id.order_id.name,
                            vin=vehicle.vin,
                            number=number,
                        )
                    )

    def _dealer_pick_where_cars_stand(self):
        """A car chosen by its number alone is taken from the place where it stands.

        Otherwise Odoo would take it from the store as a whole, and leave it in its yard as well.
        """
        for line in self._dealer_lines_to_post().filtered("lot_id"):
            stands = line.lot_id.location_id
            if (
                stands  # else it arrives for the first time
                and stands != line.location_id
                and stands._should_be_valued()
                and stands._child_of(line.move_id.location_id)
            ):
                line.location_id = stands

    def _dealer_lock_vehicles(self):
        """Let nobody else move the same cars until this transaction ends.

        When somebody did so since our transaction began, PostgreSQL refuses the lock, Odoo runs
        the request again, and the checks then see where the car is by now.
        """
        lines = self._dealer_lines_to_post()
        vehicle_ids = [0]
        for move in lines.move_id:
            vehicle_ids += move._dealer_line_vehicle().ids
        self.env.cr.execute(
            SQL(
                "SELECT id FROM dealer_vehicle WHERE id IN %s OR lot_id IN %s"
                " ORDER BY id FOR NO KEY UPDATE",
                tuple(vehicle_ids),
                tuple(lines.lot_id.ids) or (0,),
            )
        )

    def _dealer_check_cars(self):
        """Refuse moves that would put a car in two places or give a customer another's car."""
        lines = self._dealer_lines_to_post()
        lines._dealer_check_found()
        lines._dealer_check_one_store()
        for line in lines.filtered("lot_id"):
            vehicle = line.lot_id.dealer_vehicle_ids
            place = line.lot_id.location_id
            is_inside = place and place._should_be_valued()
            goes_in = not line.location_id._should_be_valued()
            stays_in = line.location_dest_id._should_be_valued()
            if goes_in and is_inside and stays_in:
                raise UserError(
                    self.env._(
                        "%(vin)s is in stock already (%(place)s) and cannot be received again."
                        " Check the VIN.",
                        vin=line.lot_id.name,
                        place=line.lot_id.location_id.display_name,
                    )
                )
            if goes_in and stays_in and vehicle:
                line._dealer_check_return()
            if not goes_in and not is_inside and vehicle:
                raise UserError(
                    self.env._(
                        "%(vin)s is not in stock, somebody has moved or delivered it already."
                        " Look at the transfers of the car.",
                        vin=line.lot_id.name,
                    )
                )
            if not goes_in and not stays_in and line.location_dest_id.usage != "inventory":
                line._dealer_check_delivery()
            elif not goes_in and not stays_in:
                line._dealer_check_loss()

    def _dealer_record_cars(self):
        """Serial number, owner and dates of the cars whose moves have been posted."""
        lines = self.move_line_ids.filtered("lot_id")
        vehicles = lines.lot_id.dealer_vehicle_ids
        for line in lines:
            bought = line.move_id.purchase_line_id.dealer_vehicle_id
            if bought and line.location_dest_id._should_be_valued():
                bought._dealer_set_lot(line.lot_id)
                vehicles |= bought
        for line in lines:
            vehicle = line.lot_id.dealer_vehicle_ids
            if not vehicle:
                continue
            if line.move_id.sale_line_id and not line.location_dest_id._should_be_valued():
                line._dealer_record_delivery(vehicle)
            elif not line.location_id._should_be_valued():
                line._dealer_record_arrival(vehicle)
        vehicles._dealer_facts_changed()
        sent = self.filtered(lambda move: move.location_dest_id.usage == "transit").picking_id
        if sent:
            sent.sudo().dealer_sent_by_id = self.env.user  # sudo: nobody's to write
        for company in self.company_id:
            vehicles._dealer_settle_costs(company)

    # === COST ===
    def _get_account_move_line_vals(self):
        """The stock value item of a loss or a find names its car, so that it balances by car.

        The other item is a loss, or a gain, of the company and no cost of a sale of the car.
        """
        vals_list = super()._get_account_move_line_vals()
        vehicle = self.move_line_ids.lot_id.dealer_vehicle_ids
        if len(vehicle) == 1:
            account = self.product_id._get_product_accounts()["stock_valuation"]
            for vals in vals_list:
                if vals["account_id"] == account.id:
                    vals["dealer_vehicle_id"] = vehicle.id
        return vals_list

    def _set_value(self, correction_quantity=None):
        """Quotations and open orders follow the cost of their car (bill, landed cost)."""
        res = super()._set_value(correction_quantity=correction_quantity)
        moves = self.filtered("is_in")._dealer_car_moves()
        if moves:
            # sudo: who posts a bill may not read the orders of the salespeople
            vehicles = moves.sudo().move_line_ids.lot_id.dealer_vehicle_ids
            vehicles._dealer_refresh_sale_costs()
        return res
