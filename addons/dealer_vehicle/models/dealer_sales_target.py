import calendar

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL


class DealerSalesTarget(models.Model):
    """How many cars are to be delivered in a month: by a person, a store, a series or a trim.

    What is empty does not matter: a target with nothing but a month is that of the company. The
    actual number is read from deliveries; a car that comes back counts back.
    """

    _name = "dealer.sales.target"
    _description = "Sales Target"
    _order = "month desc, company_id, id"
    _rec_names_search = ["user_id", "warehouse_id", "series_id", "model_id"]
    _check_company_auto = True

    month = fields.Date(
        required=True,
        default=lambda self: fields.Date.context_today(self).replace(day=1),
        help="Any day of the month; its first day is kept.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    user_id = fields.Many2one("res.users", string="Salesperson", ondelete="cascade")
    warehouse_id = fields.Many2one(
        "stock.warehouse", string="Store", check_company=True, ondelete="cascade"
    )
    series_id = fields.Many2one("dealer.vehicle.series", ondelete="cascade")
    model_id = fields.Many2one("fleet.vehicle.model", string="Trim", ondelete="cascade")
    quantity = fields.Integer(string="Target", required=True, default=1)
    actual = fields.Integer(string="Delivered", compute="_compute_pace")
    expected = fields.Float(
        string="Due by Today",
        digits=(16, 1),
        compute="_compute_pace",
        help="The part of the target that the days gone by should have brought.",
    )
    pace = fields.Float(
        string="Pace (%)",
        digits=(16, 0),
        compute="_compute_pace",
        help="Delivered in proportion to what was due by today.",
    )
    projection = fields.Float(
        string="Month-End at This Pace", digits=(16, 1), compute="_compute_pace"
    )
    missing = fields.Integer(string="Still Missing", compute="_compute_pace")

    _quantity_positive = models.Constraint("CHECK (quantity > 0)", "A target is at least one car.")
    _month_first_day = models.Constraint(
        "CHECK (EXTRACT(DAY FROM month) = 1)", "A target is kept by the first day of its month."
    )
    _terms_unique = models.UniqueIndex(
        """(company_id, month, COALESCE(user_id, 0), COALESCE(warehouse_id, 0),
            COALESCE(series_id, 0), COALESCE(model_id, 0))""",
        "This target exists already. Change its number instead.",
    )

    @api.depends("month", "user_id.name", "warehouse_id.name", "series_id.name", "model_id.name")
    def _compute_display_name(self):
        for target in self:
            names = (target.user_id, target.warehouse_id, target.series_id, target.model_id)
            what = " · ".join(name.display_name for name in names if name)
            month = target.month and f"{target.month:%Y-%m}"
            target.display_name = f"{month} {what or target.company_id.name}"

    @api.depends_context("tz")
    @api.depends("month", "quantity", "user_id", "warehouse_id", "series_id", "model_id")
    def _compute_pace(self):
        delivered = self._get_delivered()
        today = fields.Date.context_today(self)
        for target in self:
            actual = delivered.get(target._origin.id, 0)
            share = target._get_elapsed_share(today)
            target.actual = actual
            target.expected = target.quantity * share
            target.pace = actual / target.expected * 100 if target.expected else 0.0
            target.projection = actual / share if share else 0.0
            target.missing = max(target.quantity - actual, 0)

    def _get_elapsed_share(self, today):
        """Part of the target's month that has gone by, today included."""
        self.ensure_one()
        if not self.month or today < self.month:
            return 0.0
        days = calendar.monthrange(self.month.year, self.month.month)[1]
        return min((today - self.month).days + 1, days) / days

    def _get_delivered(self):
        """Cars delivered for each target, by id, in one statement."""
        ids = tuple(self._origin.ids)
        if not ids:
            return {}
        self.env.flush_all()
        return dict(
            self.env.execute_query(
                SQL(
                    """
                      SELECT target.id, SUM(delivery.units)::integer
                        FROM dealer_sales_target target
                        JOIN (%s) delivery ON %s
                       WHERE target.id IN %s
                    GROUP BY target.id
                    """,
                    self._get_deliveries_query(),
                    self._get_match_condition(),
                    ids,
                )
            )
        )

    @api.model
    def _get_match_condition(self):
        """Whether a row of ``delivery`` counts for a row of ``target``."""
        return SQL(
            """
            delivery.company_id = target.company_id
            AND delivery.day >= target.month
            AND delivery.day < target.month + INTERVAL '1 month'
            AND (target.user_id IS NULL OR delivery.user_id = target.user_id)
            AND (target.warehouse_id IS NULL OR delivery.warehouse_id = target.warehouse_id)
            AND (target.series_id IS NULL OR delivery.series_id = target.series_id)
            AND (target.model_id IS NULL OR delivery.model_id = target.model_id)
            """
        )

    @api.model
    def _get_deliveries_query(self):
        """Deliveries of cars to customers, and their returns, with who and what sold them."""
        zone = self.env.context.get("tz") or self.env.user.tz or "Asia/Shanghai"
        return SQL(
            """
            SELECT sale.company_id, sale.user_id, sale.warehouse_id,
                   vehicle.series_id, vehicle.model_id,
                   (move.date AT TIME ZONE 'UTC' AT TIME ZONE %s)::date AS day,
                   CASE WHEN dest.usage = 'customer' THEN 1 ELSE -1 END AS units
              FROM stock_move move
              JOIN stock_location source ON source.id = move.location_id
              JOIN stock_location dest ON dest.id = move.location_dest_id
              JOIN sale_order_line line ON line.id = move.sale_line_id
              JOIN sale_order sale ON sale.id = line.order_id
              JOIN dealer_vehicle vehicle ON vehicle.id = line.dealer_vehicle_id
             WHERE move.state = 'done'
               AND (dest.usage = 'customer') != (source.usage = 'customer')
            """,
            zone,
        )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._keep_first_day(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._keep_first_day(vals))

    @api.model
    def _keep_first_day(self, vals):
        if vals.get("month"):
            return dict(vals, month=fields.Date.to_date(vals["month"]).replace(day=1))
        return vals

    def copy_data(self, default=None):
        """A copy is the target of the next month."""
        vals_list = super().copy_data(default)
        for target, vals in zip(self, vals_list, strict=True):
            if "month" not in (default or {}):
                vals["month"] = target.month + relativedelta(months=1)
        return vals_list

    def action_view_pace(self):
        """Open the pace line of this target."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "dealer_vehicle.dealer_sales_pace_action"
        )
        return dict(action, domain=[("target_id", "=", self.id)], context={})
