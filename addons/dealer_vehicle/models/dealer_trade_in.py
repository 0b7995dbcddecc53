from odoo import api, fields, models
from odoo.exceptions import UserError


class DealerTradeIn(models.Model):
    """The old car that a customer gives when he buys another one (置换).

    Buying it is a purchase of its own with its own papers; here stands what it means for the deal:
    how much of the price it pays and whether we give more for it than it is worth.
    """

    _name = "dealer.trade.in"
    _description = "Trade-In of a Deal"
    _order = "order_id, id"
    _check_company_auto = True

    order_id = fields.Many2one(
        "sale.order", string="Deal", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="order_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="order_id.currency_id")
    vehicle_id = fields.Many2one(
        "dealer.vehicle",
        string="Old Car",
        index="btree_not_null",
        ondelete="restrict",
        help="Its record, when we know the car already.",
    )
    name = fields.Char(
        string="Description",
        compute="_compute_name",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        help="Model, year, plate: whatever tells this car from others.",
    )
    allowance = fields.Monetary(
        string="Trade-In Price",
        help="What the customer gets for his old car.",
    )
    true_value = fields.Monetary(
        string="Appraised Value",
        groups="dealer_base.group_vehicle_cost",
        help="What the car is worth to us. Empty: not appraised yet.",
    )
    over_allowance = fields.Monetary(
        compute="_compute_over_allowance",
        compute_sudo=True,
        groups="dealer_base.group_vehicle_cost",
        help="Trade-in price above the appraised value: a discount by another name.",
    )
    is_unappraised = fields.Boolean(
        string="Not Appraised",
        compute="_compute_is_unappraised",
        compute_sudo=True,
        help="The old car pays for the deal, and nobody has said what it is worth.",
    )
    payoff = fields.Monetary(
        string="Old Loan",
        help="What the customer still owes for the old car; we pay it to his bank.",
    )
    equity = fields.Monetary(
        string="Set Off",
        compute="_compute_equity",
        store=True,
        help="Trade-in price less the old loan: what the old car pays of the new one. Negative:"
        " the customer adds it.",
    )
    dealer_subsidy = fields.Monetary(
        string="Subsidy of the Store",
        help="Part of the discount that the store gives for trading in (置换补贴).",
    )
    maker_subsidy = fields.Monetary(
        string="Subsidy of the Manufacturer",
        help="Part of the discount that the manufacturer pays back to us.",
    )

    _amounts_not_negative = models.Constraint(
        "CHECK(COALESCE(allowance, 0) >= 0 AND COALESCE(true_value, 0) >= 0"
        " AND COALESCE(payoff, 0) >= 0 AND COALESCE(dealer_subsidy, 0) >= 0"
        " AND COALESCE(maker_subsidy, 0) >= 0)",
        "Amounts of a trade-in cannot be negative.",
    )
    _vehicle_once = models.UniqueIndex(
        "(order_id, vehicle_id) WHERE vehicle_id IS NOT NULL",
        "The deal has this old car already.",
    )

    # === COMPUTES ===
    @api.depends("vehicle_id")
    def _compute_name(self):
        for trade_in in self:
            trade_in.name = trade_in.vehicle_id.display_name or trade_in.name

    @api.depends("allowance", "true_value")
    def _compute_over_allowance(self):
        """Negative when we pay less than the car is worth; nothing before it is appraised."""
        for trade_in in self:
            value = trade_in.true_value
            trade_in.over_allowance = trade_in.allowance - value if value else 0.0

    @api.depends("allowance", "true_value")
    def _compute_is_unappraised(self):
        for trade_in in self:
            trade_in.is_unappraised = trade_in.allowance > 0 and not trade_in.true_value

    @api.depends("allowance", "payoff")
    def _compute_equity(self):
        for trade_in in self:
            trade_in.equity = trade_in.allowance - trade_in.payoff

    # === CRUD ===
    @api.model_create_multi
    def create(self, vals_list):
        trade_ins = super().create(vals_list)
        trade_ins._check_order_open()
        return trade_ins

    def write(self, vals):
        self._check_order_open()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_confirmed(self):
        self._check_order_open()

    def _get_reason(self):
        """How the set-off comes about, for the deal sheet."""
        self.ensure_one()
        if not self.payoff:
            return ""
        return self.env._(
            "Trade-in price %(allowance)s less old loan %(payoff)s",
            allowance=self.currency_id.format(self.allowance),
            payoff=self.currency_id.format(self.payoff),
        )

    def _check_order_open(self):
        """What was agreed is changed by a manager only."""
        if self.env.su or self.env.user.has_group("dealer_base.group_sales_manager"):
            return
        confirmed = self.order_id.filtered(lambda order: order.state == "sale")
        if confirmed:
            raise UserError(
                self.env._(
                    "%(order)s is confirmed: ask the sales manager to change its trade-in.",
                    order=confirmed[0].name,
                )
            )
