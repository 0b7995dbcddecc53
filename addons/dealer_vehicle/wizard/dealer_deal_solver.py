from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import finance

TARGETS = [("instalment", "Monthly Instalment"), ("drive_away", "Drive-Away Price")]
UNKNOWNS = [
    ("price", "Price of the Car"),
    ("down_payment", "Down Payment"),
    ("months", "Term"),
    ("rate", "Annual Rate"),
]
LONGEST_TERM = 120


class DealerDealSolver(models.TransientModel):
    """From what the customer wants to pay back to price, down payment, term or rate (D-04)."""

    _name = "dealer.deal.solver"
    _description = "Deal Solver"

    scenario_id = fields.Many2one("dealer.deal.scenario", required=True, ondelete="cascade")
    currency_id = fields.Many2one(related="scenario_id.currency_id")
    target = fields.Selection(TARGETS, required=True, default="instalment")
    amount = fields.Monetary(string="Wish", help="What the customer wants to pay.")
    unknown = fields.Selection(UNKNOWNS, string="Solve For", required=True, default="down_payment")
    is_possible = fields.Boolean(compute="_compute_solution")
    solution = fields.Float(compute="_compute_solution", digits=(16, 4))
    explanation = fields.Text(compute="_compute_solution")
    gross_change = fields.Monetary(
        compute="_compute_gross_change",
        compute_sudo=True,
        groups="dealer_base.group_vehicle_cost",
        help="What the deal earns more, or less, than now; without VAT.",
    )

    @api.depends("scenario_id", "target", "amount", "unknown")
    def _compute_solution(self):
        for solver in self:
            solution = solver._solve() if solver.scenario_id and solver.amount > 0 else None
            solver.is_possible = solution is not None
            solver.solution = float(solution or 0)
            solver.explanation = solver._get_explanation(solution)

    @api.depends("is_possible", "solution", "unknown", "scenario_id")
    def _compute_gross_change(self):
        for solver in self:
            solver.gross_change = 0.0
            if solver.is_possible and solver.unknown == "price":
                order = solver.scenario_id.order_id
                change = solver.solution - order.dealer_bare_price
                solver.gross_change = order._dealer_get_net_of_price(
                    order.currency_id.round(change)
                )

    # === SOLVING ===
    def _solve(self):
        """The unknown that meets the wish, ``None`` when nothing does.

        :return: price and down payment in the currency of the deal, months, or percent a year
        """
        self.ensure_one()
        scenario = self.scenario_id
        wish = finance.to_decimal(self.amount)
        if self.target == "drive_away":
            return self._solve_drive_away(wish)
        if scenario.method != "loan":
            return None
        price = scenario._get_bare_price()
        loan = price - finance.to_decimal(scenario.down_payment)
        rate, months = scenario._get_rate(), max(1, scenario.months)
        if self.unknown == "price":
            share = Decimal(repr(scenario.down_payment_share)) / 100
            return finance.price_for_instalment(wish, rate, months, share)
        if self.unknown == "down_payment":
            return max(finance.ZERO, price - finance.largest_loan(wish, rate, months))
        if self.unknown == "months":
            return finance.shortest_term(loan, rate, wish, LONGEST_TERM)
        solved = finance.highest_rate(loan, months, wish)
        return None if solved is None else solved * 100

    def _solve_drive_away(self, wish):
        """The price of the car at which everything together costs the wish."""
        if self.unknown != "price" or not self.scenario_id.order_id._dealer_get_car_line():
            return None
        return (
            finance.largest_amount(
                lambda price: self.scenario_id._get_drive_away_price(price) <= wish, wish
            )
            or None
        )

    def _get_explanation(self, solution):
        """The answer in words; what stands in the way when there is none."""
        self.ensure_one()
        if not self.scenario_id or self.amount <= 0:
            return False
        if solution is None:
            return self._get_obstacle()
        money = self.currency_id.format(float(solution))
        if self.unknown == "price":
            price = self.scenario_id.order_id.dealer_bare_price
            return self.env._(
                "The car would cost %(price)s, %(change)s against now.",
                price=money,
                change=self.currency_id.format(float(solution) - price),
            )
        if self.unknown == "down_payment":
            return self.env._("The customer pays %(amount)s down.", amount=money)
        if self.unknown == "months":
            return self.env._("The loan runs for %(months)s months.", months=solution)
        return self.env._("The loan may cost %(rate)s %% a year.", rate=f"{solution:.2f}")

    def _get_obstacle(self):
        if self.target == "drive_away" and self.unknown != "price":
            return self.env._("Only the price of the car changes the drive-away price.")
        if self.target == "instalment" and self.scenario_id.method != "loan":
            return self.env._("A scenario without a loan has no instalments.")
        return self.env._("No value meets this wish. Try another one, or solve for something else.")

    def action_apply(self):
        """Take the solution over into the scenario (button)."""
        self.ensure_one()
        self.scenario_id.order_id.check_access("write")
        if not self.is_possible:
            raise UserError(self.explanation or self._get_obstacle())
        self.scenario_id.write(self._prepare_scenario_vals())
        return {"type": "ir.actions.act_window_close"}

    def _prepare_scenario_vals(self):
        """Terms of the scenario with the solution in them."""
        self.ensure_one()
        if self.unknown == "price":
            return {"price_change": self.solution - self.scenario_id.order_id.dealer_bare_price}
        if self.unknown == "months":
            return {"months": int(self.solution)}
        if self.unknown == "rate":
            return {"annual_rate": self.solution}
        price = float(self.scenario_id._get_bare_price())
        share = 100 * self.solution / price if price else 0.0
        return {"down_payment_share": share, "down_payment": self.solution}
