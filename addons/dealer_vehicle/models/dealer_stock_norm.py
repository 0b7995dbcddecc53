from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class DealerStockNorm(models.Model):
    """How many cars of a brand, series or trim a store wants to have (库存标准).

    Limits are numbers of cars that are free to be sold, and shares of all free new cars of the
    same store (结构占比). What is outside its limits becomes an alert with an owner.
    """

    _name = "dealer.stock.norm"
    _description = "Stock Norm"
    _order = "warehouse_id, brand_id, series_id, model_id, id"
    _rec_names_search = ["warehouse_id", "model_id", "series_id", "brand_id"]
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    warehouse_id = fields.Many2one(
        "stock.warehouse",
        string="Store",
        check_company=True,
        index="btree_not_null",
        help="Empty: all stores of the company together.",
    )
    model_id = fields.Many2one(
        "fleet.vehicle.model", string="Trim", index="btree_not_null", ondelete="cascade"
    )
    series_id = fields.Many2one(
        "dealer.vehicle.series",
        compute="_compute_series_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        ondelete="cascade",
    )
    brand_id = fields.Many2one(
        "fleet.vehicle.model.brand",
        compute="_compute_brand_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
        ondelete="cascade",
    )
    exterior_color_id = fields.Many2one(
        "product.attribute.value",
        domain=lambda self: self.env["dealer.vehicle"]._dealer_color_domain("exterior"),
        index="btree_not_null",
        ondelete="cascade",
        help="Empty: all colours together.",
    )
    min_quantity = fields.Integer(
        string="Minimum", default=0, help="Fewer free cars raise an alert. 0: none."
    )
    max_quantity = fields.Integer(
        string="Maximum", default=0, help="More free cars raise an alert. 0: none."
    )
    min_share = fields.Float(
        string="Minimum Share (%)",
        digits=(5, 1),
        default=0,
        help="Of all free new cars there. 0: none.",
    )
    max_share = fields.Float(
        string="Maximum Share (%)",
        digits=(5, 1),
        default=0,
        help="Of all free new cars there. 0: none.",
    )
    include_on_order = fields.Boolean(
        string="Count Cars on Order",
        help="Cars that are bought and not yet here count towards the minimum.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Owner of Alerts",
        compute="_compute_user_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
    )
    active = fields.Boolean(default=True)
    alert_ids = fields.One2many("dealer.stock.alert", "norm_id")
    open_alert_count = fields.Integer(string="Open Alerts", compute="_compute_open_alert_count")
    quantity = fields.Integer(string="Free", compute="_compute_quantity")
    on_order_quantity = fields.Integer(string="On Order", compute="_compute_quantity")
    share = fields.Float(string="Share (%)", digits=(5, 1), compute="_compute_quantity")
    situation = fields.Selection(
        [("ok", "Within limits"), ("low", "Too few"), ("high", "Too many")],
        compute="_compute_quantity",
    )

    _limits_in_order = models.Constraint(
        "CHECK(min_quantity >= 0 AND max_quantity >= 0"
        " AND (max_quantity = 0 OR max_quantity >= min_quantity))",
        "The maximum may not be less than the minimum.",
    )
    _shares_in_order = models.Constraint(
        "CHECK(min_share BETWEEN 0 AND 100 AND max_share BETWEEN 0 AND 100"
        " AND (max_share = 0 OR max_share >= min_share))",
        "Shares lie between 0 and 100 %, and the maximum may not be less than the minimum.",
    )
    _some_limit = models.Constraint(
        "CHECK(min_quantity > 0 OR max_quantity > 0 OR min_share > 0 OR max_share > 0)",
        "Enter at least one limit.",
    )
    _scope_unique = models.UniqueIndex(
        "(company_id, COALESCE(warehouse_id, 0), brand_id, COALESCE(series_id, 0),"
        " COALESCE(model_id, 0), COALESCE(exterior_color_id, 0)) WHERE active",
        "There is a norm for this store and these cars already. Change that one.",
    )

    # === COMPUTES ===
    @api.depends("model_id")
    def _compute_series_id(self):
        for norm in self:
            if norm.model_id:
                norm.series_id = norm.model_id.dealer_series_id

    @api.depends("series_id", "model_id")
    def _compute_brand_id(self):
        for norm in self:
            norm.brand_id = norm.model_id.brand_id or norm.series_id.brand_id or norm.brand_id

    @api.depends("warehouse_id")
    def _compute_user_id(self):
        for norm in self:
            norm.user_id = norm.warehouse_id.dealer_stock_user_id or norm.user_id or self.env.user

    @api.depends("model_id", "series_id", "brand_id", "exterior_color_id", "warehouse_id")
    def _compute_display_name(self):
        for norm in self:
            names = [
                norm.warehouse_id.name,
                (norm.model_id or norm.series_id or norm.brand_id).display_name,
                norm.exterior_color_id.name,
            ]
            norm.display_name = " ".join(name for name in names if name)

    def _compute_open_alert_count(self):
        counts = dict(
            self.env["dealer.stock.alert"]._read_group(
                [("norm_id", "in", self.ids), ("state", "in", ("open", "doing"))],
                ["norm_id"],
                ["__count"],
            )
        )
        for norm in self:
            norm.open_alert_count = counts.get(norm, 0)

    @api.depends(
        "model_id", "series_id", "brand_id", "exterior_color_id", "warehouse_id", "company_id",
        "min_quantity", "max_quantity", "min_share", "max_share", "include_on_order",
    )  # fmt: skip
    def _compute_quantity(self):
        measures = self._measure()
        for norm in self:
            norm.quantity, norm.on_order_quantity, norm.share = measures[norm]
            kinds = norm._get_broken_limits(measures[norm])
            norm.situation = (
                "low" if {"below_min", "share_low"} & kinds.keys() else "high" if kinds else "ok"
            )

    # === CONSTRAINTS ===
    @api.constrains("model_id", "series_id", "brand_id")
    def _check_scope(self):
        """Trim, series and brand belong together."""
        for norm in self:
            series, model = norm.series_id, norm.model_id
            if (series and series.brand_id != norm.brand_id) or (
                model and (model.brand_id != norm.brand_id or model.dealer_series_id != series)
            ):
                raise ValidationError(
                    self.env._("Trim, series and brand of the norm do not belong together.")
                )

    # === MEASURING ===
    @api.model
    def _get_free_domain(self):
        """New cars that a customer could have today."""
        return Domain(
            [
                ("kind", "=", "new"),
                ("status", "=", "in_stock"),
                ("for_sale", "=", True),
                ("blocked", "=", False),
            ]
        )

    def _measure(self):
        """Free cars, cars on order and share of each norm, from two grouped queries.

        :return: {norm: (free, on order, share in percent)}
        """
        # sudo: a norm is the same number whoever looks at it
        Vehicle = self.env["dealer.vehicle"].sudo()
        path = ["company_id", "warehouse_id", "brand_id", "series_id", "model_id"]
        path.append("exterior_color_id")
        company = Domain("company_id", "in", self.company_id.ids)
        free = Vehicle._read_group(self._get_free_domain() & company, path, ["__count"])
        ordered = Vehicle._read_group(
            Domain([("kind", "=", "new"), ("status", "=", "on_order")]) & company,
            [
                "company_id",
                "purchase_line_id",
                "brand_id",
                "series_id",
                "model_id",
                "exterior_color_id",
            ],
            ["__count"],
        )
        ordered = [
            (owner, line.order_id.picking_type_id.warehouse_id, *rest)
            for owner, line, *rest in ordered
        ]
        measures = {}
        for norm in self:
            quantity = sum(row[-1] for row in free if norm._covers(row))
            total = sum(row[-1] for row in free if norm._covers(row[:2]))
            coming = sum(row[-1] for row in ordered if norm._covers(row))
            share = 100 * quantity / total if total else 0.0
            measures[norm] = (quantity, coming, share)
        return measures

    def _covers(self, row):
        """Whether a group of cars (company, store[, brand, series, trim, colour]) counts here."""
        self.ensure_one()
        wanted = (
            self.company_id,
            self.warehouse_id,
            self.brand_id,
            self.series_id,
            self.model_id,
            self.exterior_color_id,
        )
        return all(not want or want == have for want, have in zip(wanted, row, strict=False))

    def _get_broken_limits(self, measure):
        """Limits that a measure breaks: {kind: (measured, limit)}."""
        self.ensure_one()
        quantity, coming, share = measure
        counted = quantity + (coming if self.include_on_order else 0)
        broken = {}
        if counted < self.min_quantity:
            broken["below_min"] = (counted, self.min_quantity)
        if self.max_quantity and quantity > self.max_quantity:
            broken["above_max"] = (quantity, self.max_quantity)
        if share < self.min_share:
            broken["share_low"] = (share, self.min_share)
        if self.max_share and share > self.max_share:
            broken["share_high"] = (share, self.max_share)
        return broken

    # === ALERTS ===
    @api.model
    def _cron_check(self):
        """Compare all norms with the stock: new alerts, and alerts that have settled themselves."""
        self.search([("active", "=", True)])._check()

    def action_check(self):
        """Compare these norms with the stock now."""
        self.check_access("write")
        self._check()

    def _check(self):
        """Open an alert for each limit that is newly broken; close those that are kept again."""
        Alert = self.env["dealer.stock.alert"].sudo()  # sudo: alerts are made by norms only
        open_alerts = defaultdict(dict)
        for alert in Alert.search(
            [("norm_id", "in", self.ids), ("state", "in", ("open", "doing"))]
        ):
            open_alerts[alert.norm_id.id][alert.kind] = alert
        measures = self._measure()
        vals_list, settled = [], Alert
        for norm in self:
            broken = norm._get_broken_limits(measures[norm])
            for kind, (measured, limit) in broken.items():
                alert = open_alerts[norm.id].get(kind)
                if alert:
                    alert.measured = measured
                else:
                    vals_list.append(norm._prepare_alert_vals(kind, measured, limit))
            for kind, alert in open_alerts[norm.id].items():
                if kind not in broken:
                    settled |= alert
        settled._settle()
        return Alert.create(vals_list)

    def _prepare_alert_vals(self, kind, measured, limit):
        self.ensure_one()
        return {
            "norm_id": self.id,
            "kind": kind,
            "measured": measured,
            "limit": limit,
            "user_id": self.user_id.id,
        }

    def action_view_cars(self):
        """Open the free cars that this norm counts."""
        self.ensure_one()
        domain = self._get_free_domain() & Domain("company_id", "=", self.company_id.id)
        for name in (
            "warehouse_id",
            "brand_id",
            "series_id",
            "model_id",
            "exterior_color_id",
        ):
            if self[name]:
                domain &= Domain(name, "=", self[name].id)
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": "dealer.vehicle",
            "view_mode": "list,kanban,form",
            "domain": list(domain),
        }

    def action_view_alerts(self):
        """Open the alerts of these norms."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "dealer_vehicle.dealer_stock_alert_action"
        )
        return dict(action, domain=[("norm_id", "in", self.ids)], context={})
