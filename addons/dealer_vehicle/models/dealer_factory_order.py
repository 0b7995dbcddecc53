from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

STATES = [
    ("planned", "Planned"),
    ("submitted", "Sent to the maker"),
    ("confirmed", "Confirmed by the maker"),
    ("scheduled", "Scheduled for production"),
    ("built", "Built"),
    ("shipped", "On the way"),
    ("arrived", "Arrived"),
    ("cancelled", "Cancelled"),
]
REPORTED = [state for state in STATES if state[0] != "arrived"]


class DealerFactoryOrder(models.Model):
    """One car that the maker builds for us: its order number, its state and when it will come.

    The maker's list (file) brings state, VIN and expected arrival up to date. That a car has
    arrived is never typed: it follows from its receipt. A later arrival is told to the salesperson
    of the customer who waits for the car.
    """

    _name = "dealer.factory.order"
    _description = "Factory Order"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "eta, name, id"
    _rec_names_search = ["name", "vin", "model_id.name"]
    _check_company_auto = True

    name = fields.Char(string="Order Number", required=True, copy=False, tracking=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    partner_id = fields.Many2one(
        "res.partner", string="Maker", required=True, index=True, ondelete="restrict"
    )
    warehouse_id = fields.Many2one(
        "stock.warehouse", string="Store", check_company=True, index="btree_not_null"
    )
    month = fields.Date(
        string="Order Month",
        required=True,
        default=lambda self: fields.Date.start_of(fields.Date.context_today(self), "month"),
        help="First day of the month whose plan this order fulfils.",
    )
    model_id = fields.Many2one(
        "fleet.vehicle.model", string="Trim", required=True, index=True, ondelete="restrict"
    )
    series_id = fields.Many2one(related="model_id.dealer_series_id", store=True)
    exterior_color_id = fields.Many2one(
        "product.attribute.value",
        domain=lambda self: self.env["dealer.vehicle"]._dealer_color_domain("exterior"),
        ondelete="restrict",
        index="btree_not_null",
    )
    interior_color_id = fields.Many2one(
        "product.attribute.value",
        domain=lambda self: self.env["dealer.vehicle"]._dealer_color_domain("interior"),
        ondelete="restrict",
        index="btree_not_null",
    )
    vin = fields.Char(string="VIN", copy=False, index="btree_not_null", tracking=True)
    vehicle_id = fields.Many2one(
        "dealer.vehicle",
        string="Car",
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        tracking=True,
    )
    has_purchase = fields.Boolean(compute="_compute_has_purchase")
    reported_state = fields.Selection(
        REPORTED,
        string="State at the Maker",
        required=True,
        default="planned",
        copy=False,
        tracking=True,
    )
    state = fields.Selection(STATES, compute="_compute_state", store=True, index=True)
    eta = fields.Date(string="Expected Arrival", copy=False, tracking=True)
    first_eta = fields.Date(
        string="First Promised",
        compute="_compute_first_eta",
        store=True,
        precompute=True,
        copy=False,
        help="The arrival that the maker named first.",
    )
    delay = fields.Integer(
        string="Delay (days)",
        compute="_compute_delay",
        help="Between the arrival that was promised first and the one expected now, or the real"
        " one.",
    )
    is_late = fields.Boolean(compute="_compute_delay", search="_search_is_late")
    production_date = fields.Date(copy=False)
    note = fields.Char()

    _name_unique = models.UniqueIndex(
        "(company_id, partner_id, name)", "There is an order with this number already."
    )
    _vehicle_unique = models.UniqueIndex(
        "(vehicle_id) WHERE vehicle_id IS NOT NULL AND reported_state != 'cancelled'",
        "This car belongs to another factory order.",
    )
    _month_first = models.Constraint(
        "CHECK(EXTRACT(DAY FROM month) = 1)", "The order month is the first day of a month."
    )

    # === COMPUTES ===
    @api.depends("reported_state", "vehicle_id.date_in", "vehicle_id.status")
    def _compute_state(self):
        for order in self:
            vehicle = order.vehicle_id
            arrived = vehicle.date_in and vehicle.status != "on_order"
            order.state = "arrived" if arrived else order.reported_state

    @api.depends("vehicle_id.purchase_line_id")
    def _compute_has_purchase(self):
        for order in self:
            # sudo: whether it is bought is no secret, the purchase is
            order.has_purchase = bool(order.sudo().vehicle_id.purchase_line_id)

    @api.depends("eta")
    def _compute_first_eta(self):
        for order in self:
            order.first_eta = order.first_eta or order.eta

    @api.depends("eta", "first_eta", "state", "vehicle_id.date_in")
    def _compute_delay(self):
        today = fields.Date.context_today(self)
        for order in self:
            # sudo: the car may have been sold to a sister company
            date_in = order.sudo().vehicle_id.date_in
            now = date_in if order.state == "arrived" else order.eta
            order.delay = (now - order.first_eta).days if now and order.first_eta else 0
            waits = order.state not in ("arrived", "cancelled")
            order.is_late = bool(waits and order.eta and order.eta < today)

    @api.model
    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        late = Domain("state", "not in", ("arrived", "cancelled")) & Domain("eta", "<", today)
        if set(value) == {True, False}:
            return Domain.TRUE
        return late if True in value else ~late

    # === CRUD ===
    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create([self._normalize(vals) for vals in vals_list])
        orders._link_vehicles()
        return orders

    def write(self, vals):
        vals = self._normalize(vals)
        before = {order: order.eta for order in self}
        result = super().write(vals)
        if vals.get("vin"):
            self._link_vehicles()
        if "eta" in vals:
            self.filtered(
                lambda order: before[order] and order.eta and order.eta > before[order]
            )._tell_salespeople()
        return result

    @api.model
    def _normalize(self, vals):
        if "vin" not in vals:
            return vals
        return dict(vals, vin=self.env["dealer.vehicle"]._normalize_vin(vals["vin"]))

    def _tell_salespeople(self):
        """Whoever promised the car to a customer learns that it comes later."""
        for order in self:
            # sudo: the order of another salesperson
            line = order.sudo().vehicle_id.sale_line_id
            if line.dealer_vehicle_held and line.order_id.user_id:
                told = line.order_id.user_id._dealer_tell(line)
                told.order_id.activity_schedule(
                    "mail.mail_activity_data_warning",
                    user_id=line.order_id.user_id.id,
                    summary=told.env._(
                        "%(car)s is expected on %(date)s now, later than before",
                        car=told.dealer_vehicle_id.display_name,
                        date=fields.Date.to_string(order.eta),
                    ),
                )

    # === THE CAR ===
    def _link_vehicles(self):
        """Find the cars of these orders by VIN, and give cars on order the VIN that they got."""
        vins = [order.vin for order in self if order.vin and not order.vehicle_id]
        known = {
            car.vin: car
            for car in self.env["dealer.vehicle"].search([("vin", "in", vins or [False])])
        }
        for order in self.filtered("vin"):
            if not order.vehicle_id:
                order.vehicle_id = known.get(order.vin)
            elif not order.vehicle_id.vin:
                order.vehicle_id.vin = order.vin
                order._name_on_receipt()
            elif order.vehicle_id.vin != order.vin:
                raise UserError(
                    self.env._(
                        "The maker says that order %(order)s has the VIN %(vin)s, but it is linked"
                        " with %(car)s. Correct the link first.",
                        order=order.name,
                        vin=order.vin,
                        car=order.vehicle_id.display_name,
                    )
                )

    def _name_on_receipt(self):
        """The receipt that waits for the car asks for its serial number: it is known now."""
        # sudo: receipts are the stock keeper's
        moves = self.sudo().vehicle_id.purchase_line_id.move_ids
        lines = moves.filtered(lambda move: move.state not in ("done", "cancel")).move_line_ids
        lines.filtered(lambda line: not line.lot_id and not line.lot_name).lot_name = self.vin

    def action_create_purchase(self):
        """Buy these cars: one purchase order for each maker and store, one line for each car.

        Cars that have no VIN yet are made without one; prices are entered on the order.
        """
        self.env["purchase.order"].check_access("create")
        todo = self.filtered(lambda order: order.state not in ("arrived", "cancelled"))
        for order in todo:
            purchase_line = order.sudo().vehicle_id.purchase_line_id  # sudo: see has_purchase
            if purchase_line:
                raise UserError(
                    self.env._(
                        "Order %(order)s is bought already on %(purchase)s.",
                        order=order.name,
                        purchase=purchase_line.order_id.name,
                    )
                )
        lacking = todo.filtered(lambda order: not order.vehicle_id)
        cars = self.env["dealer.vehicle"].create(
            [order._prepare_vehicle_vals() for order in lacking]
        )
        for order, car in zip(lacking, cars, strict=True):
            order.vehicle_id = car
        purchases = self.env["purchase.order"].create(
            [
                orders._prepare_purchase_vals(partner, warehouse)
                for (partner, warehouse), orders in todo.grouped(
                    lambda order: (order.partner_id, order.warehouse_id)
                ).items()
            ]
        )
        return purchases._get_records_action(name=self.env._("Purchases"))

    def _prepare_vehicle_vals(self):
        self.ensure_one()
        return {
            "vin": self.vin,
            "model_id": self.model_id.id,
            "exterior_color_id": self.exterior_color_id.id,
            "interior_color_id": self.interior_color_id.id,
            "production_date": self.production_date,
            "kind": "new",
        }

    def _prepare_purchase_vals(self, partner, warehouse):
        """Draft purchase order of these cars."""
        company = self.company_id[:1]
        warehouse = warehouse or self.env["stock.warehouse"].search(
            [("company_id", "=", company.id)], limit=1
        )
        return {
            "partner_id": partner.id,
            "company_id": company.id,
            "picking_type_id": warehouse.in_type_id.id,
            "origin": ", ".join(self.mapped("name"))[:200],
            "order_line": [
                Command.create(order.vehicle_id._prepare_purchase_line_vals()) for order in self
            ],
        }

    def action_view_vehicle(self):
        """Open the car."""
        return self.vehicle_id._get_records_action()
