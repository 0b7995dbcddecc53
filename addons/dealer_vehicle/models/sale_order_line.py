from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class SaleOrderLine(models.Model):
    """Line that sells one named car, or a trim whose car is named later."""

    _name = "sale.order.line"
    _inherit = ["dealer.car.order.line", "sale.order.line"]
    _dealer_quantity_field = "product_uom_qty"

    # What a car cost is not for everybody's eyes. Precomputed fields are read as the user who
    # creates the line, so these are computed after the line has been created.
    purchase_price = fields.Float(groups="dealer_base.group_vehicle_cost", precompute=False)
    margin = fields.Float(groups="dealer_base.group_vehicle_cost", precompute=False)
    margin_percent = fields.Float(groups="dealer_base.group_vehicle_cost", precompute=False)
    dealer_vehicle_held = fields.Boolean(
        string="Car Held",
        compute="_compute_dealer_vehicle_held",
        store=True,
        help="The confirmed order keeps the car for its customer until it is delivered.",
    )

    _dealer_vehicle_quantity = models.Constraint(
        "CHECK(dealer_vehicle_id IS NULL OR product_uom_qty IN (0, 1))",
        "A line with a car sells exactly one car. Add another line for another car.",
    )
    # A refund is a credit note, a trade-in has a line of its own: nobody is paid for taking a car.
    _dealer_vehicle_price = models.Constraint(
        "CHECK(dealer_vehicle_id IS NULL OR (price_unit >= 0 AND discount <= 100))",
        "A car cannot be sold at a negative price. Enter what the customer pays; a trade-in, or"
        " money that he gets back, has its own line or credit note.",
    )
    _dealer_vehicle_held_unique = models.UniqueIndex(
        "(dealer_vehicle_id) WHERE dealer_vehicle_held",
        "Another order has just reserved this car. Choose another car for this order,"
        " or ask the colleague to release it first.",
    )

    # === COMPUTES ===
    @api.depends("dealer_vehicle_id", "state", "product_uom_qty", "move_ids.state")
    def _compute_dealer_vehicle_held(self):
        """A line holds its car from confirmation to the first delivery, never again after."""
        for line in self:
            line.dealer_vehicle_held = bool(
                line.dealer_vehicle_id
                and line.state == "sale"
                and line.product_uom_qty > 0
                and not line._dealer_was_delivered()
            )

    def _dealer_was_delivered(self):
        """Whether the line's car has gone to the customer, even if it came back since."""
        self.ensure_one()
        # sudo: salespeople may not read stock moves
        return any(
            move.state == "done" and not move.location_dest_id._should_be_valued()
            for move in self.sudo().move_ids
        )

    def _dealer_claims_car(self):
        return super()._dealer_claims_car() and not self._dealer_was_delivered()

    @api.depends("dealer_vehicle_id")
    def _compute_name(self):
        return super()._compute_name()

    def _get_sale_order_line_multiline_description_sale(self):
        """The customer reads on every document which car it is."""
        description = super()._get_sale_order_line_multiline_description_sale()
        if self.dealer_vehicle_id:
            description += "\n" + self.dealer_vehicle_id._get_document_description()
        return description

    @api.depends("dealer_vehicle_id")
    def _compute_price_unit(self):
        """The price that the customer agreed to stays when he gets another car."""
        agreed = self.filtered(lambda line: line._dealer_has_agreed_price())
        return super(SaleOrderLine, self - agreed)._compute_price_unit()

    def _reset_price_unit(self):
        """In a form, Odoo asks the price of the other product, past the method above."""
        self.ensure_one()
        if self._origin.id and self._dealer_has_agreed_price():
            return None
        return super()._reset_price_unit()

    def _dealer_has_agreed_price(self):
        self.ensure_one()
        return self.dealer_vehicle_id and self.state == "sale" and self.price_unit

    def _get_display_price(self):
        """The asking price of the car goes before the price list of its product.

        What a customer is asked, and a guide price, is what he pays: tax is included. The line
        gets the price without tax when its taxes are added on top.
        """
        vehicle = self.dealer_vehicle_id
        price = vehicle.list_price
        if not price and vehicle.kind == "used" and vehicle.product_policy == "shared":
            return 0.0  # sold new once: the price of its product is that of new cars
        if not price:
            return super()._get_display_price()
        price = vehicle.currency_id._convert(
            price, self.currency_id, self.company_id, self._get_order_date()
        )
        if self.tax_ids and not any(self.tax_ids.mapped("price_include")):
            price = self.tax_ids._get_tax_details(
                price,
                quantity=1,
                rounding_method="round_globally",
                special_mode="total_included",
            )["total_excluded"]
        return price

    @api.depends("dealer_vehicle_id")
    def _compute_purchase_price(self):
        """Before delivery the cost is that of the chosen car, not the average of its product.

        After delivery Odoo takes the value of the outgoing move, which is right.
        """
        cars = self.filtered(
            lambda line: line.dealer_vehicle_id and not line._dealer_was_delivered()
        )
        res = super(SaleOrderLine, self - cars)._compute_purchase_price()
        costs = cars.dealer_vehicle_id._get_unit_costs()
        for line in cars:
            line.purchase_price = line._convert_to_sol_currency(
                costs[line.dealer_vehicle_id.id],
                line.company_id.currency_id or self.env.company.currency_id,
            )
        return res

    # === CRUD ===
    @api.model_create_multi
    def create(self, vals_list):
        vals_list = self._dealer_add_defaults(vals_list)
        self._dealer_check_create(vals_list)
        lines = super().create(vals_list)
        # At once, like the precomputed field of Odoo: after confirmation the core leaves the
        # cost of products at standard price alone, and it would stay zero.
        # sudo: the cost is not for everybody's eyes
        lines.sudo().mapped("purchase_price")
        return lines

    def write(self, vals):
        self._dealer_check_write(vals)
        if "dealer_vehicle_id" not in vals:
            return super().write(vals)
        vehicle = self.env["dealer.vehicle"].browse(vals["dealer_vehicle_id"] or [])
        if vehicle and "product_id" not in vals:
            vals = dict(vals, product_id=vehicle._get_or_create_product().id)
        for line in self:
            before = line.dealer_vehicle_id
            swaps = line.state == "sale" and before != vehicle
            line_vals = line._dealer_prepare_write_vals(vals, swaps)
            if swaps:
                line._dealer_check_may_exchange()
                line._dealer_check_not_invoiced()
                line._dealer_release_moves(vehicle)
            super(SaleOrderLine, line).write(line_vals)
            if swaps:
                line._dealer_reserve_moves()
                line._dealer_log_exchange(before)
        return True

    def _dealer_check_may_exchange(self):
        """The car of a confirmed deal is exchanged by a manager (authority matrix, VIN swap)."""
        if self.env.su or not self.dealer_vehicle_id or self.order_id._dealer_is_manager():
            return
        raise UserError(
            self.env._(
                "%(order)s is confirmed with %(car)s. Only a manager exchanges the car or takes it"
                " away. Ask your manager.",
                order=self.order_id.name,
                car=self.dealer_vehicle_id.display_name,
            )
        )

    def _dealer_log_exchange(self, before):
        """Leave on the order which car it had; the dialog of the board gives the reason, too."""
        if before and not self.env.context.get("dealer_keep_queue"):
            self.order_id.message_post(
                body=self.env._(
                    "Car exchanged: %(before)s → %(after)s",
                    before=before.display_name,
                    after=self.dealer_vehicle_id.display_name or self.env._("none, it waits again"),
                )
            )

    def _dealer_prepare_write_vals(self, vals, swaps):
        """Values for this line when its car is written; what was agreed stays agreed."""
        self.ensure_one()
        agreed = {
            "price_unit": self.price_unit,
            "discount": self.discount,
            "tax_ids": [Command.set(self.tax_ids.ids)],
        }
        if swaps and not vals["dealer_vehicle_id"]:
            return {**agreed, **vals}  # it waits for another car at the same price
        if "product_id" not in vals:
            return vals
        if self.product_id.id == vals["product_id"]:
            return {name: value for name, value in vals.items() if name != "product_id"}
        if not swaps:
            return vals
        return {**agreed, **vals}

    # === CARS OF CONFIRMED ORDERS ===
    # Confirmation checks the cars of an order. A line that gets its car later, while the order
    # can still be edited, has missed that. The checks come before the change is made, because the
    # unique index that would refuse it too does not know which order has the car.
    @api.model
    def _dealer_add_defaults(self, vals_list):
        """Vals with what the context of a client adds to them in ``create``."""
        defaults = {
            name: self.env.context[f"default_{name}"]
            for name in ("dealer_vehicle_id", "order_id", "product_uom_qty")
            if f"default_{name}" in self.env.context
        }
        return [{**defaults, **vals} for vals in vals_list] if defaults else vals_list

    @api.model
    def _dealer_check_create(self, vals_list):
        """Refuse new lines of confirmed orders with cars that cannot be sold."""
        vehicle_ids = defaultdict(list)
        for vals in vals_list:
            if vals.get("dealer_vehicle_id") and vals.get("product_uom_qty", 1):
                vehicle_ids[vals.get("order_id")].append(vals["dealer_vehicle_id"])
        for order in self.env["sale.order"].browse(filter(None, vehicle_ids)):
            if order.state == "sale":
                self._dealer_check_once(order, vehicle_ids[order.id])
                vehicles = self.env["dealer.vehicle"].browse(vehicle_ids[order.id])
                self._dealer_check_cars(vehicles, order.company_id)

    def _dealer_check_write(self, vals):
        """Refuse to give lines of confirmed orders cars that cannot be sold."""
        if not vals.keys() & {"dealer_vehicle_id", "order_id", "product_uom_qty"}:
            return
        new_order = self.env["sale.order"].browse(vals.get("order_id") or [])
        new_vehicle = self.env["dealer.vehicle"].browse(vals.get("dealer_vehicle_id") or [])
        for line in self:
            order = new_order or line.order_id
            vehicle = new_vehicle if "dealer_vehicle_id" in vals else line.dealer_vehicle_id
            sells = vehicle and vals.get("product_uom_qty", line.product_uom_qty)
            has_it = (
                line.state == "sale" and line.dealer_vehicle_id == vehicle and line.product_uom_qty
            )
            if sells and order.state == "sale" and not has_it:
                line._dealer_check_once(order, vehicle.ids)
                line._dealer_check_cars(vehicle, order.company_id)

    def _dealer_check_once(self, order, vehicle_ids):
        """Refuse cars that another line of the same order has."""
        cars = [self.env["dealer.vehicle"].browse(vehicle_id) for vehicle_id in vehicle_ids]
        error = order._dealer_get_repeated_error(added=cars, without=self)
        if error:
            raise UserError(error)

    def _dealer_check_cars(self, vehicles, company):
        """Refuse cars that ``company`` cannot promise on these lines."""
        error = vehicles._get_sale_error(self._dealer_search_holders(vehicles), company=company)
        if error:
            raise UserError(error)

    def _dealer_search_holders(self, vehicles):
        """Lines other than these that hold one of the cars for their customer."""
        return (
            self.env["sale.order.line"]
            .sudo()  # sudo: the other order may belong to another salesperson
            .search(
                [
                    ("dealer_vehicle_id", "in", vehicles.ids),
                    ("dealer_vehicle_held", "=", True),
                    ("id", "not in", self.ids),
                ]
            )
        )

    # === ALLOCATION ===
    def action_reallocate(self, vehicle_id):
        """Give the customer of this line another car (button of the allocation dialog).

        The old car is free again, the new one is reserved.
        """
        self.ensure_one()
        self.check_access("write")
        self.write({"dealer_vehicle_id": vehicle_id})
        return True

    def _dealer_is_invoiced(self):
        """Whether invoices ask for the car of this line, drafts included, less credit notes."""
        self.ensure_one()
        # sudo: the invoice may be made by somebody else
        items = self.sudo().invoice_lines.filtered(lambda item: item.parent_state != "cancel")
        return not self.currency_id.is_zero(sum(items.mapped("amount_currency")))

    def _dealer_check_not_invoiced(self):
        """An invoice names its car and its cost, so the car stays until it has been credited."""
        self.ensure_one()
        if not self.dealer_vehicle_id:
            return  # an order of a trim gets its car whenever one is there
        if self._dealer_is_invoiced():
            # sudo: the invoice may be made by somebody else
            items = self.sudo().invoice_lines.filtered(lambda item: item.parent_state != "cancel")
            raise UserError(
                self.env._(
                    "%(car)s has been invoiced (%(invoices)s) and cannot be exchanged."
                    " Ask the accountant to credit or cancel the invoice first.",
                    car=self.dealer_vehicle_id.display_name,
                    invoices=", ".join(items.move_id.mapped("display_name")),
                )
            )

    def _dealer_release_moves(self, vehicle):
        """Undo the reservations of lines whose car is about to change."""
        for line in self:
            moves = line.sudo().move_ids  # sudo: salespeople may not touch transfers
            if any(move.state == "done" for move in moves):
                raise UserError(
                    self.env._(
                        "%(car)s has already been picked or delivered for order %(order)s and"
                        " cannot be exchanged. Return it to stock first.",
                        car=line.dealer_vehicle_id.display_name or line.product_id.display_name,
                        order=line.order_id.name,
                    )
                )
            open_moves = moves.filtered(lambda move: move.state != "cancel")
            open_moves._do_unreserve()
            if vehicle and vehicle._get_or_create_product() != line.product_id:
                # the demand itself changes: it is launched again for the new product
                open_moves._action_cancel()

    def _dealer_reserve_moves(self):
        """Reserve the new cars of the lines, with new demand where the product changed."""
        for line in self:
            moves = line.sudo().move_ids  # sudo: see _dealer_release_moves
            moves = moves.filtered(lambda move: move.state not in ("done", "cancel"))
            if moves:
                moves._action_assign()
            else:
                line._action_launch_stock_rule()

    # === INVOICE ===
    def _prepare_invoice_line(self, **optional_values):
        """Journal items of the deal know their car, accessories of a one-car deal included."""
        vals = super()._prepare_invoice_line(**optional_values)
        vehicle = self.dealer_vehicle_id or self.order_id._dealer_get_only_vehicle()
        if vehicle and not self.display_type:
            vals["dealer_vehicle_id"] = vehicle.id
        return vals
