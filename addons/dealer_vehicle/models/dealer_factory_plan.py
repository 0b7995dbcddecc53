from math import ceil

from odoo import api, fields, models
from odoo.tools import SQL

#: full months whose sales the forecast averages
SALES_MONTHS = 3


class DealerFactoryPlan(models.Model):
    """How many cars of a trim (and colour) a store wants to order from the maker in a month.

    The proposal covers the sales of the target number of days at the rate of the last three full
    months, less the cars that are free or on the way: ceil(a × d / 30 - s - o).
    """

    _name = "dealer.factory.plan"
    _description = "Factory Order Plan"
    _order = "month desc, warehouse_id, model_id, id"
    _rec_names_search = ["warehouse_id", "model_id"]
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    month = fields.Date(
        required=True,
        default=lambda self: fields.Date.start_of(
            fields.Date.add(fields.Date.context_today(self), months=1), "month"
        ),
    )
    warehouse_id = fields.Many2one(
        "stock.warehouse", string="Store", check_company=True, index="btree_not_null"
    )
    model_id = fields.Many2one(
        "fleet.vehicle.model", string="Trim", required=True, index=True, ondelete="cascade"
    )
    series_id = fields.Many2one(related="model_id.dealer_series_id", store=True)
    brand_id = fields.Many2one(related="model_id.brand_id", store=True)
    exterior_color_id = fields.Many2one(
        "product.attribute.value",
        domain=lambda self: self.env["dealer.vehicle"]._dealer_color_domain("exterior"),
        index="btree_not_null",
        ondelete="cascade",
        help="Empty: all colours together.",
    )
    quantity = fields.Integer(string="Planned", required=True)
    suggested = fields.Integer(compute="_compute_figures")
    sales_average = fields.Float(
        string="Sales a Month", digits=(16, 1), compute="_compute_figures", aggregator=None
    )
    stock_quantity = fields.Integer(string="Free", compute="_compute_figures")
    coming_quantity = fields.Integer(string="On Order", compute="_compute_figures")
    ordered_quantity = fields.Integer(string="Ordered", compute="_compute_ordered")
    arrived_quantity = fields.Integer(string="Arrived", compute="_compute_ordered")
    open_quantity = fields.Integer(string="Still to Order", compute="_compute_ordered")
    note = fields.Char()

    _quantity_positive = models.Constraint(
        "CHECK(quantity >= 0)", "A planned number cannot be negative."
    )
    _month_first = models.Constraint(
        "CHECK(EXTRACT(DAY FROM month) = 1)", "The month of a plan is the first day of a month."
    )
    _once = models.UniqueIndex(
        "(company_id, month, COALESCE(warehouse_id, 0), model_id, COALESCE(exterior_color_id, 0))",
        "There is a plan for this month, store and trim already.",
    )

    @api.depends("model_id.display_name", "month", "warehouse_id.name")
    def _compute_display_name(self):
        for plan in self:
            parts = [plan.warehouse_id.name, plan.model_id.display_name]
            parts.append(fields.Date.to_string(plan.month)[:7] if plan.month else "")
            plan.display_name = " ".join(part for part in parts if part)

    # === FORECAST ===
    @api.depends("company_id", "month", "warehouse_id", "model_id", "exterior_color_id")
    def _compute_figures(self):
        days = int(self.env["dealer.parameter"]._get_value("stock_target_days"))
        stock = self._count_stock()
        sales = self._count_sales()
        for plan in self:
            plan.stock_quantity = plan._sum(stock["in_stock"])
            plan.coming_quantity = plan._sum(stock["on_order"])
            plan.sales_average = plan._sum(sales) / SALES_MONTHS
            plan.suggested = self._get_suggestion(
                plan.sales_average, days, plan.stock_quantity, plan.coming_quantity
            )

    @api.model
    def _get_suggestion(self, average, days, stock, coming):
        """Cars to order: those that sell in the target time, less those that we shall have."""
        return max(ceil(round(average * days / 30 - stock - coming, 6)), 0)

    def _sum(self, groups):
        """Cars of groups {(company, store, trim, colour): number} that this plan covers."""
        self.ensure_one()
        wanted = (
            self.company_id.id,
            self.warehouse_id.id,
            self.model_id.id,
            self.exterior_color_id.id,
        )
        return sum(
            number
            for key, number in groups.items()
            if all(not want or want == have for want, have in zip(wanted, key, strict=True))
        )

    def _count_stock(self):
        """Free cars and cars on order by company, store, trim and colour, in one statement."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                  SELECT car.status, car.company_id,
                         COALESCE(car.warehouse_id, type.warehouse_id), car.model_id,
                         car.exterior_color_id, COUNT(*)
                    FROM dealer_vehicle car
               LEFT JOIN purchase_order_line line
                      ON line.id = car.purchase_line_id AND car.status = 'on_order'
               LEFT JOIN purchase_order purchase ON purchase.id = line.order_id
               LEFT JOIN stock_picking_type type ON type.id = purchase.picking_type_id
                   WHERE car.kind = 'new' AND car.active AND car.model_id IN %s
                     AND (car.status = 'on_order'
                          OR (car.status = 'in_stock' AND car.for_sale
                              AND car.blocked IS NOT TRUE))
                GROUP BY 1, 2, 3, 4, 5
                """,
                tuple(self.model_id.ids) or (0,),
            )
        )
        groups = {"in_stock": {}, "on_order": {}}
        for status, *key, number in rows:
            groups[status][tuple(key)] = number
        return groups

    def _count_sales(self):
        """New cars delivered in the last full months, by company, store, trim and colour."""
        last = fields.Date.start_of(fields.Date.context_today(self), "month")
        first = fields.Date.subtract(last, months=SALES_MONTHS)
        rows = self.env.execute_query(
            SQL(
                """
                  SELECT sale.company_id, sale.warehouse_id, car.model_id, car.exterior_color_id,
                         COUNT(*)
                    FROM dealer_vehicle car
                    JOIN sale_order_line line ON line.id = car.sale_line_id
                    JOIN sale_order sale ON sale.id = line.order_id
                   WHERE car.kind = 'new' AND car.date_out >= %s AND car.date_out < %s
                     AND car.model_id IN %s
                GROUP BY 1, 2, 3, 4
                """,
                first,
                last,
                tuple(self.model_id.ids) or (0,),
            )
        )
        return {tuple(key): number for *key, number in rows}

    def action_take_suggestion(self):
        """Plan what the forecast proposes."""
        self.check_access("write")
        for plan in self:
            plan.quantity = plan.suggested

    # === TRACKING ===
    @api.depends("company_id", "month", "warehouse_id", "model_id", "exterior_color_id", "quantity")
    def _compute_ordered(self):
        groups = self.env["dealer.factory.order"]._read_group(
            [
                ("month", "in", self.mapped("month")),
                ("model_id", "in", self.model_id.ids),
                ("state", "!=", "cancelled"),
            ],
            ["company_id", "warehouse_id", "model_id", "exterior_color_id", "month:day", "state"],
            ["__count"],
        )
        for plan in self:
            ordered = {}
            arrived = {}
            for *path, month, state, number in groups:
                if month != plan.month:
                    continue
                key = tuple(record.id for record in path)
                ordered[key] = ordered.get(key, 0) + number
                if state == "arrived":
                    arrived[key] = arrived.get(key, 0) + number
            plan.ordered_quantity = plan._sum(ordered)
            plan.arrived_quantity = plan._sum(arrived)
            plan.open_quantity = max(plan.quantity - plan.ordered_quantity, 0)

    def action_view_orders(self):
        """Open the factory orders that this plan counts."""
        self.ensure_one()
        domain = [
            ("company_id", "=", self.company_id.id),
            ("month", "=", self.month),
            ("model_id", "=", self.model_id.id),
        ]
        if self.warehouse_id:
            domain.append(("warehouse_id", "=", self.warehouse_id.id))
        if self.exterior_color_id:
            domain.append(("exterior_color_id", "=", self.exterior_color_id.id))
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "dealer_vehicle.dealer_factory_order_action"
        )
        return dict(
            action,
            domain=domain,
            context={
                "default_month": self.month,
                "default_model_id": self.model_id.id,
                "default_warehouse_id": self.warehouse_id.id,
                "default_exterior_color_id": self.exterior_color_id.id,
            },
        )

    @api.model
    def _propose(self, month, warehouse):
        """Plans of a store and month for all trims that it sold or has; existing ones stay.

        :return: the plans of that store and month
        """
        trims = self.env["fleet.vehicle.model"].search([("dealer_product_id", "!=", False)])
        drafts = self.union(
            *(
                self.new(
                    {
                        "company_id": warehouse.company_id.id,
                        "month": month,
                        "warehouse_id": warehouse.id,
                        "model_id": trim.id,
                    }
                )
                for trim in trims
            )
        )
        drafts._compute_figures()  # as one batch
        plans = self.search(
            [
                ("month", "=", month),
                ("warehouse_id", "=", warehouse.id),
                ("exterior_color_id", "=", False),
            ]
        )
        return plans | self.create(
            [
                {
                    "company_id": warehouse.company_id.id,
                    "month": month,
                    "warehouse_id": warehouse.id,
                    "model_id": draft.model_id.id,
                    "quantity": draft.suggested,
                }
                for draft in drafts
                if (draft.suggested or draft.sales_average) and draft.model_id not in plans.model_id
            ]
        )
