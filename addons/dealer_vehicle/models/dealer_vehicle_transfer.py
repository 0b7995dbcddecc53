from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class DealerVehicle(models.Model):
    """How cars change place: inside a store at once, between stores by way of the road."""

    _inherit = "dealer.vehicle"  # pylint: disable=consider-merging-classes-inherited

    def action_open_transfer(self):
        """Ask where these cars go (buttons of form and list)."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "dealer_vehicle.dealer_vehicle_transfer_action"
        )
        return dict(action, context={"default_vehicle_ids": [Command.set(self.ids)]})

    def _transfer(self, destination, scheduled_date=None):
        """Move cars in stock to another place of their company.

        Inside a store the transfer is posted at once. To another store the cars leave at once into
        the company's transit location, and a second transfer, chained to the first, waits for
        the other store to confirm the arrival: until then no store has them in its yard.

        :param destination: internal location
        :param scheduled_date: expected arrival at the other store
        :return: the transfers, the one that waits for the other store last
        :raise UserError: for a car that cannot travel, saying why
        """
        self._check_transfer(destination)
        transfers = self.env["stock.picking"]
        deliveries = self._release_deliveries()
        for (warehouse, source), cars in self.grouped(
            lambda car: (car.warehouse_id, car.location_id)
        ).items():
            if warehouse == destination.warehouse_id:
                transfers |= cars._create_transfer(warehouse, source, destination)
                continue
            transit = warehouse.company_id._get_transit_location()
            departure = cars._create_transfer(warehouse, source, transit)
            arrival = cars._create_transfer(
                destination.warehouse_id, transit, destination, scheduled_date, departure
            )
            transfers |= departure | arrival
        deliveries._action_assign()
        return transfers

    def _check_transfer(self, destination):
        """Refuse cars that are not there, or go to a customer of another store."""
        on_the_way = self.env["stock.move.line"].search(
            [
                ("lot_id", "in", self.lot_id.ids),
                ("state", "not in", ("draft", "done", "cancel")),
                ("picking_code", "=", "internal"),
                ("move_id.sale_line_id", "=", False),
            ]
        )
        for vehicle in self:
            error = None
            if vehicle.location_id.usage != "internal" or vehicle.lot_id in on_the_way.lot_id:
                error = self.env._("it is not in a yard, or on its way already")
            elif vehicle.company_id != destination.company_id:
                error = self.env._("the place belongs to another company: sell the car to it")
            elif vehicle.location_id == destination:
                error = self.env._("it stands there already")
            elif vehicle._is_promised_elsewhere(destination):
                error = self.env._(
                    "order %(order)s delivers it from %(store)s: change the store of the order"
                    " first, or ask a manager",
                    order=vehicle.sale_line_id.order_id.name,
                    store=vehicle.sale_line_id.order_id.warehouse_id.name,
                )
            if error:
                raise UserError(
                    self.env._(
                        "%(car)s cannot be moved to %(place)s: %(reason)s.",
                        car=vehicle.display_name,
                        place=destination.display_name,
                        reason=error,
                    )
                )

    def _is_promised_elsewhere(self, destination):
        """Whether the customer of this car waits for it at another store; managers may decide."""
        self.ensure_one()
        # sudo: stock keepers may not read the orders of the salespeople
        line = self.sudo().sale_line_id
        return (
            line.dealer_vehicle_held
            and line.order_id.warehouse_id != destination.warehouse_id
            and not self.env.user.has_group("dealer_base.group_sales_manager")
        )

    def _release_deliveries(self):
        """Free the cars from their deliveries for the time of the move; return these deliveries.

        A reserved car is bound to the place where it stood.
        """
        # sudo: whoever moves the car need not be allowed to edit deliveries
        moves = (
            self.env["stock.move.line"]
            .sudo()
            .search(
                [
                    ("lot_id", "in", self.lot_id.ids),
                    ("state", "in", ("assigned", "partially_available")),
                    ("move_id.sale_line_id", "!=", False),
                ]
            )
            .move_id
        )
        moves._do_unreserve()
        return moves

    def _create_transfer(self, warehouse, source, destination, scheduled_date=None, after=None):
        """One transfer of these very cars; posted at once unless it follows on ``after``."""
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": warehouse.int_type_id.id,
                "location_id": source.id,
                "location_dest_id": destination.id,
                "scheduled_date": scheduled_date or fields.Datetime.now(),
                "origin": after.name if after else False,
                "move_ids": [
                    Command.create(cars._prepare_transfer_move_vals(source, destination, after))
                    for cars in self.grouped("product_id").values()
                ],
            }
        )
        picking.action_confirm()
        if after:
            picking.action_assign()
        else:
            picking._dealer_check_own_end()
            picking.move_ids.picked = True
            picking._action_done()
        return picking

    def _prepare_transfer_move_vals(self, source, destination, after=None):
        """Move of cars that share a product; the serial numbers are named, not found."""
        product = self.product_id
        before = after.move_ids.filtered(lambda move: move.product_id == product) if after else None
        vals = {
            "product_id": product.id,
            "product_uom_qty": len(self),
            "product_uom": product.uom_id.id,
            "location_id": source.id,
            "location_dest_id": destination.id,
        }
        if before:
            return dict(vals, move_orig_ids=[Command.set(before.ids)])
        vals["move_line_ids"] = [
            Command.create(
                {
                    "product_id": product.id,
                    "product_uom_id": product.uom_id.id,
                    "lot_id": car.lot_id.id,
                    "quantity": 1,
                    "location_id": source.id,
                    "location_dest_id": destination.id,
                    "owner_id": car._get_stock_owner().id,
                }
            )
            for car in self
        ]
        return vals

    def _get_stock_owner(self):
        """Who owns the car as long as it stands here consigned, else nobody."""
        self.ensure_one()
        quants = self.lot_id.quant_ids.filtered(lambda quant: quant.quantity > 0)
        return quants[:1].owner_id
