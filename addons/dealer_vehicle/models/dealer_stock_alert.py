from odoo import api, fields, models
from odoo.exceptions import UserError


class DealerStockAlert(models.Model):
    """A limit of a stock norm that is broken: who sees to it, and what came of it."""

    _name = "dealer.stock.alert"
    _description = "Stock Alert"
    _rec_names_search = ["norm_id"]
    _inherit = ["dealer.fact.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "state, date desc, id desc"
    _fact_fields = frozenset(
        {"norm_id", "kind", "date", "measured", "limit", "state", "closed_on", "closed_by_id"}
    )

    norm_id = fields.Many2one("dealer.stock.norm", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(
        related="norm_id.company_id", store=True, precompute=True, index=True
    )
    warehouse_id = fields.Many2one(
        string="Store", related="norm_id.warehouse_id", store=True, precompute=True
    )
    brand_id = fields.Many2one(related="norm_id.brand_id", store=True, precompute=True)
    series_id = fields.Many2one(related="norm_id.series_id", store=True, precompute=True)
    model_id = fields.Many2one(
        string="Trim", related="norm_id.model_id", store=True, precompute=True
    )
    kind = fields.Selection(
        [
            ("below_min", "Fewer than the minimum"),
            ("above_max", "More than the maximum"),
            ("share_low", "Share too small"),
            ("share_high", "Share too great"),
        ],
        required=True,
        readonly=True,
    )
    date = fields.Date(
        string="Raised On", required=True, readonly=True, default=fields.Date.context_today
    )
    measured = fields.Float(
        readonly=True, digits=(16, 1), aggregator="avg", help="Cars, or percent for shares."
    )
    limit = fields.Float(readonly=True, digits=(16, 1), aggregator="avg")
    user_id = fields.Many2one(
        "res.users", string="Responsible", required=True, index=True, tracking=True
    )
    state = fields.Selection(
        [("open", "Open"), ("doing", "In progress"), ("done", "Closed")],
        required=True,
        readonly=True,
        default="open",
        tracking=True,
        index=True,
    )
    outcome = fields.Selection(
        [
            ("ordered", "Cars ordered"),
            ("transferred", "Cars moved between stores"),
            ("promoted", "Price or promotion changed"),
            ("norm_changed", "Norm corrected"),
            ("accepted", "Accepted as it is"),
            ("recovered", "Settled by itself"),
        ],
        tracking=True,
    )
    note = fields.Text(string="What Was Done")
    closed_on = fields.Date(readonly=True)
    closed_by_id = fields.Many2one("res.users", readonly=True)
    days_open = fields.Integer(compute="_compute_days_open")

    _one_open = models.UniqueIndex(
        "(norm_id, kind) WHERE state != 'done'",
        "There is an open alert for this limit already.",
    )
    _outcome_when_closed = models.Constraint(
        "CHECK(state != 'done' OR outcome IS NOT NULL)", "Say what came of the alert."
    )

    @api.depends("norm_id.display_name", "kind")
    def _compute_display_name(self):
        names = dict(self._fields["kind"]._description_selection(self.env))
        for alert in self:
            alert.display_name = f"{alert.norm_id.display_name}: {names.get(alert.kind, '')}"

    @api.depends("date", "closed_on")
    def _compute_days_open(self):
        today = fields.Date.context_today(self)
        for alert in self:
            alert.days_open = ((alert.closed_on or today) - alert.date).days if alert.date else 0

    @api.model_create_multi
    def create(self, vals_list):
        """The owner finds the alert among the activities, not only in a report."""
        alerts = super().create(vals_list)
        for alert in alerts:
            told = alert.user_id._dealer_tell(alert)
            told.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=alert.user_id.id,
                summary=told.display_name,
            )
        return alerts

    def action_start(self):
        """Say that somebody is at it."""
        self.check_access("write")
        for alert in self:
            if alert.state != "open":
                raise UserError(self.env._("“%(name)s” is not open.", name=alert.display_name))
        self.sudo().state = "doing"  # sudo: a fact

    def action_close(self):
        """Close with an outcome."""
        self.check_access("write")
        for alert in self:
            if not alert.outcome or alert.outcome == "recovered":
                raise UserError(
                    self.env._("Say what came of “%(name)s” first.", name=alert.display_name)
                )
        self._close()

    def _settle(self):
        """The stock is within its limits again."""
        for alert in self:
            alert.outcome = alert.outcome or "recovered"
        self._close()

    def _close(self):
        # sudo: facts
        self.sudo().write(
            {
                "state": "done",
                "closed_on": fields.Date.context_today(self),
                "closed_by_id": self.env.uid,
            }
        )
        self.activity_ids.action_feedback()

    def action_view_cars(self):
        """Open the cars that the norm counts."""
        self.ensure_one()
        return self.norm_id.action_view_cars()
