from odoo import fields, models
from odoo.exceptions import UserError


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    def _prepare_new_lot_vals(self):
        """The serial number of a bought car is made as its car says."""
        vals = super()._prepare_new_lot_vals()
        vehicle = self.move_id.purchase_line_id.dealer_vehicle_id
        if vehicle:
            vals.update(vehicle._prepare_lot_vals(self.product_id, self.lot_name))
        return vals

    def _apply_putaway_strategy(self):
        """A car that arrives at a store, bought or returned, stands in its yard at first.

        The stock location of a store is no place where somebody would find a car. A putaway rule,
        or a place chosen by hand afterwards, goes first.
        """
        super()._apply_putaway_strategy()
        if self.env.context.get("avoid_putaway_rules"):
            return
        for line in self:
            if not line.product_id.categ_id.dealer_product_policy:
                continue
            store = line.location_dest_id.warehouse_id
            arrives = not line.location_id._should_be_valued()
            if arrives and store and line.location_dest_id == store.lot_stock_id:
                line.location_dest_id = store._dealer_place("yard")

    def _dealer_check_delivery(self):
        """The customer gets the car of the order, and no blocked car."""
        self.ensure_one()
        vehicle = self.lot_id.dealer_vehicle_ids
        sale_line = self.move_id.sale_line_id
        ordered = sale_line.dealer_vehicle_id
        if ordered and ordered != vehicle:
            raise UserError(
                self.env._(
                    "Order %(order)s is for the car %(ordered)s, not for %(vin)s."
                    " Deliver the right car, or exchange the car on the order first.",
                    order=sale_line.order_id.name,
                    ordered=ordered.vin or ordered.display_name,
                    vin=self.lot_id.name,
                )
            )
        if vehicle.blocked:
            raise UserError(
                self.env._(
                    "%(car)s is blocked (%(reason)s) and cannot be delivered.",
                    car=vehicle.display_name,
                    reason=vehicle.block_reason or self.env._("no reason given"),
                )
            )
        if vehicle and not sale_line and not self.env.su:
            self._dealer_check_leaves_by_a_document()
        if vehicle and sale_line and not ordered:
            # somebody picked a car for an order of the trim: that names the car
            sale_line.sudo().dealer_vehicle_id = vehicle  # sudo: stock keepers may not edit orders
        if vehicle and sale_line:
            sale_line._dealer_check_delivery_gates()

    def _dealer_check_leaves_by_a_document(self):
        """A car goes to a customer by his order, and back to whom it came from."""
        move = self.move_id
        came_from = move.origin_returned_move_id.location_id
        if move.purchase_line_id:
            came_from |= move.purchase_line_id.order_id.picking_type_id.default_location_src_id
        if came_from and self.location_dest_id.usage in came_from.mapped("usage"):
            return
        if self.location_dest_id.usage not in ("internal", "transit", "inventory"):
            raise UserError(
                self.env._(
                    "%(vin)s leaves by a sales order, or back to its vendor by the return of its"
                    " receipt: price, money, inspection and papers are asked there.",
                    vin=self.lot_id.name,
                )
            )

    def _dealer_check_loss(self):
        """A car is written off by a document that others have approved, never by one person.

        Odoo applies a count with all rights, so that the person is asked, not the environment.
        """
        if self.env.user._is_superuser() or not self.lot_id.dealer_vehicle_ids:
            return
        move = self.move_id.sudo()  # sudo: what was approved is the same for everybody
        if move.scrap_id and move.scrap_id.lot_id == self.lot_id:
            move.scrap_id._dealer_check_loss_approved()
            return
        counted = move.env["dealer.stocktake.line"].search_count(
            [
                ("move_id", "=", move.id),
                ("vehicle_id.lot_id", "=", self.lot_id.id),
                ("stocktake_id.validation_status", "=", "validated"),
            ]
        )
        if not counted:
            raise UserError(
                self.env._(
                    "%(vin)s is taken out of the stock by a stocktake, or by a scrap order: others"
                    " approve the loss there.",
                    vin=self.lot_id.name,
                )
            )

    def _dealer_check_one_store(self):
        """From one store to another a car goes over the road: both confirm, see ``_transfer``."""
        if self.env.su:
            return
        for line in self:
            here, there = line.location_id.warehouse_id, line.location_dest_id.warehouse_id
            if here and there and here != there:
                raise UserError(
                    self.env._(
                        "%(car)s goes from %(here)s to %(there)s: use “Transfer” on the car, so"
                        " that both stores confirm.",
                        car=line.lot_id.name or line.product_id.display_name,
                        here=here.name,
                        there=there.name,
                    )
                )

    def _dealer_check_found(self):
        """A car comes into the books by its purchase or by an approved count, never by typing.

        Odoo applies a count with all rights, so that the person is asked, not the environment;
        whoever sets up the stock enters what was there before.
        """
        user = self.env.user
        if user._is_superuser() or user.has_group("stock.group_stock_manager"):
            return
        found = self.filtered(
            lambda line: (
                line.location_id.usage in ("inventory", "production", "supplier")
                and line.location_dest_id._should_be_valued()
                and not line.move_id.purchase_line_id
                and not line.move_id.origin_returned_move_id
                and not line.owner_id  # left with us for sale
            )
        )
        if not found:
            return
        counted = self.env["dealer.stocktake.line"].sudo()  # sudo: as in _dealer_check_loss
        approved = counted.search(
            [
                ("move_id", "in", found.move_id.ids),
                ("stocktake_id.validation_status", "=", "validated"),
            ]
        )
        for line in found:
            vehicles = approved.filtered(lambda one, move=line.move_id: one.move_id == move)
            if not line.lot_id or line.lot_id not in vehicles.vehicle_id.lot_id:
                raise UserError(
                    self.env._(
                        "%(car)s: a car comes into the stock by its purchase order, or by a"
                        " stocktake that others have approved.",
                        car=line.lot_id.name or line.product_id.display_name,
                    )
                )

    def _dealer_check_return(self):
        """A delivered car comes back by a return that others have approved, or by a purchase."""
        sale_line = self.move_id.sale_line_id.sudo()  # sudo: keepers may not read orders
        if (
            not sale_line
            or not sale_line.company_id.sudo().dealer_gate_return  # sudo: policy of the company
            or self.env.user._is_superuser()
        ):
            return
        approved = (
            self.env["dealer.refund.request"]
            .sudo()  # sudo: keepers need not read what the customer gets
            .search_count(
                [
                    ("kind", "=", "return"),
                    ("return_line_id", "=", sale_line.id),
                    ("state", "in", ("approved", "posted", "done")),
                ],
                limit=1,
            )
        )
        if not approved:
            raise UserError(
                self.env._(
                    "%(car)s was delivered on %(order)s. It is taken back when its return has been"
                    " approved: the salesperson asks with “Cancel and Refund” on the order.",
                    car=self.lot_id.name,
                    order=sale_line.order_id.name,
                )
            )

    def _dealer_record_delivery(self, vehicle):
        """The customer of the order owns the car from the day of delivery."""
        self.ensure_one()
        order = self.move_id.sale_line_id.order_id
        customer = order.sudo().partner_id  # sudo: stock keepers may not read orders
        partner = customer or self.picking_id.partner_id
        if partner:
            vehicle._dealer_set_owner(
                partner,
                fields.Date.context_today(self),
                source="delivery",
                sale_line=self.move_id.sale_line_id,
            )

    def _dealer_record_arrival(self, vehicle):
        """A bought or returned car is nobody else's; a consigned one is its owner's (again)."""
        self.ensure_one()
        today = fields.Date.context_today(self)
        registered = vehicle.first_registration_date or vehicle.license_plate
        source = self.location_id.usage
        if source == "customer" or (registered and source == "supplier"):
            vehicle._dealer_came_back()
        if source == "customer":
            self._dealer_hold_returned(vehicle)
        if not self.owner_id:
            vehicle._dealer_end_ownership(today)
        elif self.owner_id != vehicle.sudo().partner_id:  # sudo: as in _dealer_set_owner
            vehicle._dealer_set_owner(self.owner_id, today)

    def _dealer_hold_returned(self, vehicle):
        """A car whose return is being settled is for nobody else yet."""
        # sudo: stock keepers read no refunds
        self.env["dealer.refund.request"].sudo().search(
            [
                ("return_vehicle_id", "in", vehicle.ids),
                ("kind", "=", "return"),
                ("state", "in", ("draft", "submitted", "approved", "posted")),
            ]
        )._hold_vehicle()
