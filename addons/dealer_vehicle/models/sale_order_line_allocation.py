from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .dealer_vehicle_match import OTHER_COLOR


class SaleOrderLine(models.Model):
    """Orders of a trim wait for a car; the board gives them one (配车)."""

    _inherit = "sale.order.line"  # pylint: disable=consider-merging-classes-inherited

    dealer_color_wish_1_id = fields.Many2one(
        "product.attribute.value",
        string="1st Colour",
        domain=lambda self: self.env["dealer.vehicle"]._dealer_color_domain("exterior"),
        index="btree_not_null",
        ondelete="restrict",
    )
    dealer_color_wish_2_id = fields.Many2one(
        "product.attribute.value",
        string="2nd Colour",
        domain=lambda self: self.env["dealer.vehicle"]._dealer_color_domain("exterior"),
        index="btree_not_null",
        ondelete="restrict",
    )
    dealer_color_wish_3_id = fields.Many2one(
        "product.attribute.value",
        string="3rd Colour",
        domain=lambda self: self.env["dealer.vehicle"]._dealer_color_domain("exterior"),
        index="btree_not_null",
        ondelete="restrict",
    )
    dealer_allocation_priority = fields.Selection(
        [("0", "Normal"), ("1", "High"), ("2", "Very high")],
        string="Allocation Priority",
        required=True,
        default="0",
        copy=False,
        help="Goes before the date of the order in the queue for a car.",
    )
    dealer_awaits_car = fields.Boolean(
        string="Waits for a Car",
        compute="_compute_dealer_awaits_car",
        store=True,
        help="The confirmed order sells a trim and has no car yet.",
    )
    dealer_queue_position = fields.Integer(
        string="Place in Queue", compute="_compute_dealer_queue_position"
    )

    _dealer_awaits_car_index = models.Index("(product_id) WHERE dealer_awaits_car")

    # === COMPUTES ===
    @api.depends(
        "dealer_vehicle_id",
        "state",
        "product_uom_qty",
        "product_id.categ_id.dealer_product_policy",
        "move_ids.state",
    )
    def _compute_dealer_awaits_car(self):
        for line in self:
            line.dealer_awaits_car = bool(
                line.state == "sale"
                and not line.dealer_vehicle_id
                and line.product_uom_qty > 0
                and line.product_id.categ_id.dealer_product_policy == "shared"
                and not line._dealer_was_delivered()
            )

    @api.depends("dealer_awaits_car", "dealer_allocation_priority", "order_id.date_order")
    def _compute_dealer_queue_position(self):
        """Place among all orders of the company that wait for a car of the same trim."""
        positions = self._dealer_get_queue()
        for line in self:
            line.dealer_queue_position = positions.get(line.id, 0)

    def _dealer_get_queue(self):
        """Places in the queue by line id; priority first, then the date of the order."""
        products = self.filtered("dealer_awaits_car").product_id
        if not products:
            return {}
        self.env["sale.order"].flush_model(["date_order"])
        self.flush_model(["dealer_awaits_car", "dealer_allocation_priority", "product_id"])
        return dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT line.id, ROW_NUMBER() OVER (
                               PARTITION BY line.company_id, line.product_id
                               ORDER BY line.dealer_allocation_priority DESC,
                                        sale.date_order, line.id
                           )
                      FROM sale_order_line line
                      JOIN sale_order sale ON sale.id = line.order_id
                     WHERE line.dealer_awaits_car AND line.product_id IN %s
                    """,
                    tuple(products.ids),
                )
            )
        )

    def _dealer_get_color_wishes(self):
        """Colours that the customer would take, the best first."""
        self.ensure_one()
        return (
            self.dealer_color_wish_1_id | self.dealer_color_wish_2_id | self.dealer_color_wish_3_id
        )

    # === CRUD ===
    def write(self, vals):
        priority = vals.get("dealer_allocation_priority")
        if priority and any(line.dealer_allocation_priority != priority for line in self):
            self._dealer_check_may_rank()
        return super().write(vals)

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        if any(line.dealer_allocation_priority != "0" for line in lines):
            lines._dealer_check_may_rank()
        return lines

    @api.model
    def _dealer_check_may_rank(self):
        """Who comes first is a manager's decision."""
        if not self.env.su and not self.env.user.has_group("dealer_base.group_sales_manager"):
            raise UserError(
                self.env._(
                    "Only a sales manager may put an order before others in the queue for a car."
                )
            )

    # === MATCHES ===
    def _dealer_get_matches(self, vehicles=None):
        """Free cars for each of these lines, the best first.

        Cars that are held for another customer fit nobody else.

        :param vehicles: cars to choose from, by default all free ones that the user may see
        :return: list of ``Match`` by line id; the number of statements does not depend on the
            number of lines or cars
        """
        Vehicle = self.env["dealer.vehicle"]
        if vehicles is None:
            vehicles = Vehicle.search(
                Vehicle._dealer_get_free_domain()
                & Vehicle._dealer_get_product_domain(self.product_id)
            )
        holds = {
            hold.vehicle_id.id: hold
            for hold in self.env["dealer.vehicle.hold"]._search_in_force(vehicles)
        }
        by_product = vehicles.grouped(lambda car: car._dealer_get_trade_product().id)
        matches = {}
        for line in self:
            order = line.order_id
            matches[line.id] = sorted(
                car._dealer_get_match(line)
                for car in by_product.get(line.product_id.id, ())
                if not car.company_id or car.company_id == line.company_id
                if car.id not in holds or holds[car.id]._is_for(order.partner_id, order)
            )
        return matches

    def _dealer_take_best_car(self):
        """The best car for this line that nobody is just promising, locked for us.

        A colour that the customer did not ask for is a decision of people, not of a button.
        """
        self.ensure_one()
        matches = self._dealer_get_matches()[self.id]
        wished = [match.vehicle_id for match in matches if match.wish != OTHER_COLOR]
        Vehicle = self.env["dealer.vehicle"]
        taken = self.env["dealer.vehicle.hold"]._lock_vehicles(
            Vehicle.browse(wished), skip_locked=True
        )
        if taken:
            return Vehicle.browse(taken)
        trim = self.product_id.display_name
        if wished:
            message = self.env._(
                "The last free cars of %(trim)s are being given to other orders at this moment."
                " Look at the board again.",
                trim=trim,
            )
        elif matches:
            message = self.env._(
                "No free car of %(trim)s has a colour that the customer asked for. Choose another"
                " car on the board after asking the customer, or wait for an incoming one.",
                trim=trim,
            )
        else:
            message = self.env._(
                "There is no free car of %(trim)s, neither in stock nor on its way. The order"
                " stays in the queue.",
                trim=trim,
            )
        raise UserError(message)

    # === ALLOCATE ===
    def action_dealer_allocate(self, vehicle_id=False):
        """Give this order a car, by default the best one that is free.

        :raise UserError: the order waits for no car, or somebody else has the car
        """
        self.ensure_one()
        self.check_access("write")
        if not self.dealer_awaits_car:
            raise UserError(
                self.env._(
                    "Order %(order)s does not wait for a car any more. Look at the board again.",
                    order=self.order_id.name,
                )
            )
        if self.product_uom_qty != 1:
            raise UserError(
                self.env._(
                    "The line sells %(count)s cars. Give each car a line of its own first.",
                    count=int(self.product_uom_qty),
                )
            )
        vehicle = self.env["dealer.vehicle"].browse(vehicle_id or [])
        if vehicle:
            vehicle._dealer_lock_for_promise()
        else:
            vehicle = self._dealer_take_best_car()
        self.action_reallocate(vehicle.id)
        self._dealer_log_allocation(self.env._("Car allocated: %(car)s", car=vehicle.display_name))
        return vehicle.id

    def _dealer_log_allocation(self, message):
        """Leave who and when on the order."""
        for line in self:
            line.order_id.message_post(body=message)

    # === SWAP ===
    def action_dealer_open_swap(self):
        """Open the dialog that exchanges the car of this line with another order."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "dealer_vehicle.dealer_allocation_swap_action"
        )
        action["context"] = {"default_line_id": self.id}
        return action

    def _dealer_swap_cars(self, other, reason):
        """Exchange the cars of two orders; with one that waits, the car just changes its order.

        Without another order the car becomes free and this order goes back into the queue.

        :raise UserError: no reason, or the cars are not of the same trim
        """
        self.ensure_one()
        lines = self | other
        if not (reason or "").strip():
            raise UserError(self.env._("Give the reason for the exchange."))
        if not lines.dealer_vehicle_id or (other and len(lines) != 2):
            raise UserError(self.env._("There is no car to exchange between these orders."))
        if len(lines.product_id) != 1 or len(lines.company_id) != 1:
            raise UserError(
                self.env._("Only cars of the same trim can be exchanged between two orders.")
            )
        lines._dealer_check_swap()
        lines.dealer_vehicle_id._dealer_lock_for_promise()
        mine, others = self.dealer_vehicle_id, other.dealer_vehicle_id
        vehicles = lines.dealer_vehicle_id
        # nobody in the queue may take a car between its two orders
        lines = lines.with_context(dealer_keep_queue=True)
        lines.filtered("dealer_vehicle_id").write({"dealer_vehicle_id": False})
        for line, vehicle in ((self, others if other else mine.browse()), (other, mine)):
            if line and vehicle:
                line.write({"dealer_vehicle_id": vehicle.id})
        self.env["dealer.vehicle.hold"]._activate_next(vehicles - lines.dealer_vehicle_id)
        for line in lines:
            line._dealer_log_allocation(
                self.env._(
                    "Car of this order is now %(car)s. Exchange with %(other)s: %(reason)s",
                    car=line.dealer_vehicle_id.display_name or self.env._("none, it waits again"),
                    other=(lines - line).order_id.name or self.env._("no other order"),
                    reason=reason,
                )
            )

    def _dealer_check_swap(self):
        """Only confirmed lines whose cars are not on their way out; by a manager."""
        if not self.env.su and not self.env.user.has_group("dealer_base.group_sales_manager"):
            raise UserError(
                self.env._("Only a sales manager may take a car from an order. Ask your manager.")
            )
        self.check_access("write")
        for line in self:
            if not line.dealer_vehicle_held and not line.dealer_awaits_car:
                raise UserError(
                    self.env._(
                        "Order %(order)s is not confirmed, or its car has been delivered.",
                        order=line.order_id.name,
                    )
                )

    # === BOARD ===
    @api.model
    def dealer_get_allocation_board(self, warehouse_id=False, query="", limit=200):
        """What the allocation board shows: orders that wait, free cars, and how they fit.

        The user sees the orders that are his, but the places in the queue count all.

        :param warehouse_id: store of the orders and cars; incoming cars have none and stay
        :param query: part of a trim, customer, order, VIN
        :return: dict with ``orders`` (with ``matches``: ``[vehicle_id, wish]``), ``cars``,
            ``stores`` and ``can_swap``; the number of statements is the same for any number of rows
        """
        self.check_access("read")
        lines = self.search(self._dealer_get_board_domain(warehouse_id, query), limit=limit)
        Vehicle = self.env["dealer.vehicle"]
        cars_domain = Vehicle._dealer_get_free_domain() & Domain(
            "company_id", "in", [*self.env.companies.ids, False]
        )
        if warehouse_id:
            cars_domain &= Domain("warehouse_id", "in", [warehouse_id, False])
        if query:
            wanted = Domain("model_id.name", "ilike", query) | Domain("vin", "ilike", query)
            wanted |= Domain("series_id.name", "ilike", query)
            wanted |= Vehicle._dealer_get_product_domain(lines.product_id)
            cars_domain &= wanted
        cars = Vehicle.search(cars_domain, limit=limit, order="date_in, id")
        matches = lines._dealer_get_matches(cars)
        queue = lines._dealer_get_queue()
        lines = lines.sorted(
            lambda line: (
                -int(line.dealer_allocation_priority),
                line.order_id.date_order,
                line.id,
            )
        )
        stores = self.env["stock.warehouse"].search([("company_id", "in", self.env.companies.ids)])
        return {
            "orders": [line._dealer_get_board_row(queue, matches[line.id]) for line in lines],
            "cars": [car._dealer_get_board_row() for car in cars],
            "stores": [{"id": store.id, "name": store.name} for store in stores],
            "can_swap": self.env.user.has_group("dealer_base.group_sales_manager"),
        }

    @api.model
    def _dealer_get_board_domain(self, warehouse_id=False, query=""):
        """Lines that wait for a car."""
        domain = Domain("dealer_awaits_car", "=", True) & Domain(
            "company_id", "in", self.env.companies.ids
        )
        if warehouse_id:
            domain &= Domain("order_id.warehouse_id", "=", warehouse_id)
        if query:
            domain &= Domain.OR(
                Domain(path, "ilike", query)
                for path in ("product_id.name", "order_id.name", "order_id.partner_id.name")
            )
        return domain

    def _dealer_get_board_row(self, queue, matches):
        """One order of the board."""
        self.ensure_one()
        order = self.order_id
        today = fields.Date.context_today(self)
        date = fields.Datetime.context_timestamp(self, order.date_order).date()
        return {
            "id": self.id,
            "order_id": order.id,
            "order": order.name,
            "customer": order.partner_id.display_name,
            "salesperson": order.user_id.name or "",
            "trim": self.product_id.with_context(display_default_code=False).display_name,
            "quantity": self.product_uom_qty,
            "wishes": [
                {"id": color.id, "name": color.name, "color": color.html_color or ""}
                for color in self._dealer_get_color_wishes()
            ],
            "priority": int(self.dealer_allocation_priority),
            "position": queue.get(self.id, 0),
            "days": (today - date).days,
            "store": order.warehouse_id.name,
            "matches": [[match.vehicle_id, match.wish] for match in matches],
        }

    def action_view_dealer_order(self):
        """Open the order of this line."""
        return self.order_id._get_records_action()
