import datetime

from odoo import fields, models

from odoo.addons.dealer_base.tools.identifiers import check_vin, normalize_vin
from odoo.addons.dealer_base.tools.table_reader import Column

from .car_columns import get_car_columns
from .dealer_catalogue_import import name_key

# How makers call the states of an order; compared without case and blanks.
STATE_WORDS = {
    "planned": ("planned", "计划", "计划中", "未提报"),
    "submitted": ("submitted", "已提报", "提报", "待确认", "已提交"),
    "confirmed": ("confirmed", "已确认", "确认", "已审核", "已接收"),
    "scheduled": ("scheduled", "排产", "已排产", "排产中", "生产中", "in production"),
    "built": ("built", "produced", "已下线", "下线", "已生产", "已入库", "待发运"),
    "shipped": (
        "shipped",
        "in transit",
        "on the way",
        "已发运",
        "发运",
        "在途",
        "运输中",
        "已发车",
    ),
    "cancelled": ("cancelled", "canceled", "已取消", "取消", "作废"),
}


class DealerFactoryOrderImport(models.TransientModel):
    """The maker's list of our orders: new orders are made, known ones brought up to date.

    An order is known by its number. A file for tracking needs no more than number and state; an
    empty cell changes nothing.
    """

    _name = "dealer.factory.order.import"
    _inherit = "dealer.import.wizard"
    _description = "Import Factory Orders"
    _max_rows = 5_000

    line_ids = fields.One2many("dealer.factory.order.import.line", "wizard_id", readonly=True)
    bad_line_ids = fields.One2many(
        "dealer.factory.order.import.line",
        "wizard_id",
        domain=[("status", "!=", "ok")],
        readonly=True,
    )
    company_id = fields.Many2one(
        "res.company", default=lambda self: self.env.company, required=True, readonly=True
    )
    partner_id = fields.Many2one("res.partner", string="Maker", required=True)
    warehouse_id = fields.Many2one(
        "stock.warehouse",
        string="Store",
        domain="[('company_id', '=', company_id)]",
        help="Store of the orders whose line names none.",
    )
    month = fields.Date(
        string="Order Month",
        required=True,
        default=lambda self: fields.Date.start_of(fields.Date.context_today(self), "month"),
        help="Month of the orders whose line names none.",
    )

    # === COLUMNS ===
    def _get_columns(self):
        car = get_car_columns(self.env)
        return [
            Column(
                "number",
                self.env._("Order Number"),
                ("订单号", "订单编号", "厂家订单号", "提车单号", "order no", "order"),
                required=True,
                example="D2026110001",
            ),
            car["model_code"],
            car["brand"],
            car["series"],
            car["trim"],
            car["exterior_color"],
            car["interior_color"],
            Column(
                "state",
                self.env._("State"),
                ("订单状态", "状态", "物流状态", "status"),
                example="已发运",
            ),
            car["vin"],
            Column(
                "eta",
                self.env._("Expected Arrival"),
                ("预计到店", "预计到店日期", "预计到货", "预计到达", "到店日期", "eta"),
                kind="date",
                example=datetime.date(2026, 12, 15),
            ),
            Column(
                "production_date",
                self.env._("Production Date"),
                ("生产日期", "下线日期", "制造日期"),
                kind="date",
            ),
            Column("month", self.env._("Order Month"), ("订单月份", "月份"), kind="date"),
            Column("store", self.env._("Store"), ("门店", "店", "经销店", "warehouse")),
        ]

    def _get_template_filename(self):
        return self.env._("factory orders.xlsx")

    def _get_template_notes(self):
        return [
            self.env._("A known order needs only its number and what has changed."),
            self.env._("A new order needs its model code or trim."),
        ]

    # === CHECKING ===
    def _check_rows(self, rows):
        for row in rows:
            row.values["vin"] = normalize_vin(row.values["vin"] or "")
            self._check_vin(row)
            self._check_state(row)
        self._match_orders(rows)
        self._check_repeated(rows, "number", self.env._("The order %(value)s"))
        self._check_repeated(rows, "vin", self.env._("The VIN %(value)s"))
        arrivals = self.env["dealer.arrival.import"]
        new = [row for row in rows if row.values["model_code"] or row.values["trim"]]
        for row in rows:
            row.values["model"] = row.values["order"].model_id
            if row not in new and not row.values["order"]:
                row.errors.append(self.env._("The order is new: name its model code or trim."))
        arrivals._match_models(new)
        arrivals._check_colors(rows)
        self._match_stores(rows)
        self._check_vehicles(rows)

    def _check_vin(self, row):
        for problem in check_vin(row.values["vin"]) if row.values["vin"] else ():
            text = self.env._(
                "VIN %(vin)s: %(problem)s",
                vin=row.values["vin"],
                problem=self.env["dealer.vehicle"]._get_vin_problem_text(problem),
            )
            blocking = problem.code in ("length", "alphabet")
            (row.errors if blocking else row.warnings).append(text)

    def _check_state(self, row):
        """Put our state into ``values["reported"]``; an arrival is not told by a file."""
        word = name_key(row.values["state"] or "")
        row.values["reported"] = False
        if not word:
            return
        for state, words in STATE_WORDS.items():
            if word in map(name_key, words):
                row.values["reported"] = state
                return
        row.warnings.append(
            self.env._(
                "The state “%(state)s” is not known and is left as it is. Arrivals follow from"
                " receipts.",
                state=row.values["state"],
            )
        )

    def _match_orders(self, rows):
        orders = self.env["dealer.factory.order"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("partner_id", "=", self.partner_id.id),
                ("name", "in", [row.values["number"] for row in rows if row.values["number"]]),
            ]
        )
        by_name = {order.name: order for order in orders}
        for row in rows:
            order = by_name.get(row.values["number"], orders.browse())
            row.values["order"] = order
            if order.state == "arrived":
                row.warnings.append(self.env._("The car has arrived already."))

    def _check_repeated(self, rows, name, what):
        groups = self.env["dealer.arrival.import"]._group_rows(rows, name)
        for value, same in groups.items():
            for row in same[1:]:
                row.errors.append(
                    self.env._(
                        "%(what)s stands in lines %(lines)s.",
                        what=what % {"value": value},
                        lines=", ".join(str(item.number) for item in same),
                    )
                )

    def _match_stores(self, rows):
        stores = self.env["stock.warehouse"].search([("company_id", "=", self.company_id.id)])
        known = {name_key(name): store for store in stores for name in (store.name, store.code)}
        for row in rows:
            name = row.values["store"]
            row.values["warehouse"] = known.get(name_key(name), stores.browse()) if name else None
            if name and not row.values["warehouse"]:
                row.errors.append(self.env._("There is no store %(name)s.", name=name))

    def _check_vehicles(self, rows):
        """A VIN that we know must be the same trim, and not belong to another order."""
        vins = [row.values["vin"] for row in rows if row.values["vin"]]
        cars = self.env["dealer.vehicle"].search_fetch([("vin", "in", vins)], ["vin", "model_id"])
        by_vin = {car.vin: car for car in cars}
        owners = {
            order.vehicle_id: order
            for order in self.env["dealer.factory.order"].search(
                [("vehicle_id", "in", cars.ids), ("reported_state", "!=", "cancelled")]
            )
        }
        for row in rows:
            car = by_vin.get(row.values["vin"])
            order = row.values["order"]
            if not car:
                continue
            if row.values["model"] and car.model_id != row.values["model"]:
                row.errors.append(
                    self.env._("The car is known as %(trim)s.", trim=car.model_id.display_name)
                )
            if owners.get(car, order) != order:
                row.errors.append(
                    self.env._("The car belongs to order %(name)s.", name=owners[car].name)
                )
            if order.vehicle_id and order.vehicle_id != car:
                row.errors.append(
                    self.env._(
                        "The order is linked with %(car)s.", car=order.vehicle_id.display_name
                    )
                )

    def _prepare_line_vals(self, row):
        values = row.values
        return {
            **super()._prepare_line_vals(row),
            "number": values["number"],
            "trim": values["model"].display_name or values["trim"] or values["model_code"],
            "exterior_color": values["exterior_color"],
            "state": values["state"],
            "vin": values["vin"],
            "eta": values["eta"],
            "is_new": not values["order"],
        }

    # === IMPORTING ===
    def _import_rows(self, rows):
        """Make and update the orders, which find their cars.

        :return: the orders
        """
        arrivals = self.env["dealer.arrival.import"]
        colors = {side: arrivals._import_colors(rows, side) for side in ("exterior", "interior")}
        Order = self.env["dealer.factory.order"]
        pending = []
        orders = Order
        for row in rows:
            vals = self._prepare_order_vals(row, colors)
            order = row.values["order"].with_env(self.env)
            if order:
                changed = {name: value for name, value in vals.items() if value}
                order.write(changed)
                orders |= order
            else:
                pending.append(vals)
        new = Order.create([self._prepare_new_order_vals(vals) for vals in pending])
        return orders | new

    def _prepare_order_vals(self, row, colors):
        """What the row says about an order; empty cells are False."""
        values = row.values
        exterior = colors["exterior"].get(name_key(values["exterior_color"] or ""))
        interior = colors["interior"].get(name_key(values["interior_color"] or ""))
        month = values["month"]
        return {
            "name": values["number"],
            "model_id": values["model"].id,
            "exterior_color_id": exterior and exterior.id,
            "interior_color_id": interior and interior.id,
            "reported_state": values["reported"],
            "vin": values["vin"] or False,
            "eta": values["eta"],
            "production_date": values["production_date"],
            "month": month and fields.Date.start_of(month, "month"),
            "warehouse_id": values["warehouse"].id if values["warehouse"] else False,
        }

    def _prepare_new_order_vals(self, vals):
        """A new order takes from the window what its row does not say."""
        return dict(
            vals,
            company_id=self.company_id.id,
            partner_id=self.partner_id.id,
            reported_state=vals["reported_state"] or "submitted",
            month=vals["month"] or fields.Date.start_of(self.month, "month"),
            warehouse_id=vals["warehouse_id"] or self.warehouse_id.id,
        )

    def _get_result_action(self, result):
        return result._get_records_action(name=self.env._("Imported Factory Orders"))
