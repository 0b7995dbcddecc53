from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import finance

COST = "dealer_base.group_vehicle_cost"
METHODS = [("cash", "Cash"), ("loan", "Loan")]


class DealerDealScenario(models.Model):
    """One way to pay a deal; several stand side by side on the deal sheet.

    A scenario follows the lines of its order. It may ask for another price of the car: then the
    purchase tax follows, and choosing the scenario writes the price on the order.
    """

    _name = "dealer.deal.scenario"
    _description = "Payment Scenario"
    _order = "order_id, sequence, id"
    _check_company_auto = True

    order_id = fields.Many2one(
        "sale.order", string="Deal", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="order_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="order_id.currency_id")
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True)
    method = fields.Selection(METHODS, required=True, default="loan")
    is_chosen = fields.Boolean(string="Chosen", readonly=True, copy=False)
    # Terms
    price_change = fields.Monetary(
        help="Other price of the car in this scenario: less than zero is a further discount.",
    )
    down_payment_share = fields.Float(
        string="Down Payment %",
        digits=(16, 4),
        min_display_digits=0,
        default=30,
        help="Of the bare price.",
    )
    down_payment = fields.Monetary(
        compute="_compute_down_payment", store=True, readonly=False, precompute=True
    )
    annual_rate = fields.Float(
        string="Annual Rate %", digits=(16, 4), min_display_digits=0, default=0.0
    )
    months = fields.Integer(default=36)
    # Results
    bare_price = fields.Monetary(compute="_compute_amounts")
    tax_change = fields.Monetary(compute="_compute_amounts")
    drive_away_price = fields.Monetary(compute="_compute_amounts")
    loan_amount = fields.Monetary(compute="_compute_amounts")
    instalment = fields.Monetary(string="Monthly Instalment", compute="_compute_amounts")
    interest = fields.Monetary(compute="_compute_amounts", help="All instalments less the loan.")
    pickup_cash = fields.Monetary(
        string="Cash at Pick-Up",
        compute="_compute_amounts",
        help="Down payment and everything around the car, before an old car is set off.",
    )
    total_cost = fields.Monetary(
        compute="_compute_amounts", help="What the customer has paid when the loan is over."
    )
    gross = fields.Monetary(
        string="Gross of the Deal", compute="_compute_gross", compute_sudo=True, groups=COST
    )

    _months_positive = models.Constraint(
        "CHECK(method = 'cash' OR months BETWEEN 1 AND 120)",
        "A loan runs for 1 to 120 months.",
    )
    _rate_sensible = models.Constraint(
        "CHECK(annual_rate BETWEEN 0 AND 100)", "An annual rate is 0 to 100 %."
    )
    _down_payment_not_negative = models.Constraint(
        "CHECK(COALESCE(down_payment, 0) >= 0)", "A down payment cannot be negative."
    )
    _one_chosen = models.UniqueIndex(
        "(order_id) WHERE is_chosen", "A deal is paid in one way: another one is chosen already."
    )

    # === COMPUTES ===
    @api.depends("down_payment_share", "order_id.dealer_bare_price", "price_change")
    def _compute_down_payment(self):
        for scenario in self:
            share = Decimal(repr(scenario.down_payment_share)) / 100
            price = scenario._get_bare_price()
            scenario.down_payment = float(finance.down_payment(price, share))

    @api.depends(
        "method",
        "price_change",
        "down_payment",
        "annual_rate",
        "months",
        "order_id.dealer_bare_price",
        "order_id.dealer_drive_away_total",
        "order_id.dealer_invoice_date",
    )
    def _compute_amounts(self):
        for scenario in self:
            for name, amount in scenario._get_amounts().items():
                scenario[name] = float(amount)

    @api.depends("price_change", "order_id.dealer_gross_total")
    def _compute_gross(self):
        for scenario in self:
            change = scenario.order_id._dealer_get_net_of_price(scenario.price_change)
            scenario.gross = scenario.order_id.dealer_gross_total + change

    def _get_bare_price(self):
        """Bare price of the scenario, ``Decimal``."""
        self.ensure_one()
        return finance.to_decimal(self.order_id.dealer_bare_price) + finance.to_decimal(
            self.price_change
        )

    def _get_drive_away_price(self, bare_price):
        """Drive-away price at another bare price: everything else stays, the tax follows.

        :param Decimal bare_price: in the currency of the order
        """
        self.ensure_one()
        order = self.order_id
        now = finance.to_decimal(order.dealer_bare_price)
        total = finance.to_decimal(order.dealer_drive_away_total)
        return total - now + bare_price + order._dealer_get_tax_change(bare_price)

    def _get_amounts(self):
        """All results of the scenario as ``Decimal`` by field."""
        self.ensure_one()
        price = self._get_bare_price()
        drive_away = self._get_drive_away_price(price)
        loan = instalment = interest = finance.ZERO
        if self.method == "loan":
            loan = max(finance.ZERO, price - finance.to_decimal(self.down_payment))
            months = max(1, self.months)
            instalment = finance.instalment(loan, self._get_rate(), months)
            interest = instalment * months - loan
        return {
            "bare_price": price,
            "tax_change": self.order_id._dealer_get_tax_change(price),
            "drive_away_price": drive_away,
            "loan_amount": loan,
            "instalment": instalment,
            "interest": interest,
            "pickup_cash": drive_away - loan,
            "total_cost": drive_away + interest,
        }

    def _get_rate(self):
        """Annual rate as a factor."""
        self.ensure_one()
        return Decimal(repr(self.annual_rate)) / 100

    # === ACTIONS ===
    def action_choose(self):
        """The customer takes this scenario (button)."""
        self.ensure_one()
        self.order_id.check_access("write")
        self._choose()
        return True

    def _choose(self):
        """Mark the scenario and write its price on the order.

        The other columns keep the prices and down payments that the customer has seen.
        """
        self.ensure_one()
        scenarios = self.order_id.dealer_scenario_ids
        scenarios.is_chosen = False
        # the index of the database sees each statement
        scenarios.flush_recordset(["is_chosen"])
        change = self.price_change
        if change:
            down_payments = {scenario: scenario.down_payment for scenario in scenarios}
            self.order_id._dealer_set_bare_price(self._get_bare_price())
            for scenario in scenarios:
                scenario.price_change -= change
            for scenario, down_payment in down_payments.items():
                scenario.down_payment = down_payment
        self.is_chosen = True

    def action_copy(self):
        """Another column with the same terms (button)."""
        self.ensure_one()
        self.copy({"name": self.env._("%(name)s (copy)", name=self.name)})
        return True

    def action_solve(self):
        """Start from what the customer wants to pay (button)."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("What the customer wants to pay"),
            "res_model": "dealer.deal.solver",
            "view_mode": "form",
            "target": "new",
            "context": {"default_scenario_id": self.id},
        }

    @api.constrains("price_change", "order_id")
    def _check_price_change(self):
        for scenario in self.filtered("price_change"):
            if not scenario.order_id._dealer_get_car_line():
                raise ValidationError(
                    self.env._(
                        "%(order)s does not sell exactly one car: change the prices on its lines.",
                        order=scenario.order_id.name,
                    )
                )
