from odoo import models

from .product_template_desk import DEAL_TYPES


class SaleOrder(models.Model):
    """The deal sheet that the customer takes home."""

    _inherit = "sale.order"  # pylint: disable=consider-merging-classes-inherited

    def action_dealer_print_sheet(self):
        """Print the deal sheet (button)."""
        return self.env.ref("dealer_vehicle.action_report_deal_sheet").report_action(self)

    def _dealer_get_sheet(self):
        """All that is printed, in the language of the context.

        :return: dict of ``cars``, ``rows`` (name, reason, amount, is_total), ``gifts``,
            ``scenarios`` and ``terms`` (name, values by scenario, is_total)
        """
        self.ensure_one()
        cars = self.order_line.filtered(lambda line: line.dealer_deal_type == "car")
        return {
            "cars": [
                {
                    "name": line.dealer_model_id._dealer_full_name()
                    if line.dealer_model_id
                    else line.product_id.display_name,
                    "vin": line.dealer_vehicle_id.vin,
                }
                for line in cars
            ],
            "rows": self._dealer_get_sheet_rows(),
            "gifts": self.order_line.filtered(lambda line: line.dealer_deal_type == "gift"),
            "scenarios": self.dealer_scenario_ids,
            "terms": self._dealer_get_sheet_terms(),
        }

    def _dealer_get_sheet_rows(self):
        """From the guide price to what is left to pay: each row with what it rests on."""
        self.ensure_one()
        rows = []

        def add(name, amount, reason="", is_total=False):
            rows.append({"name": name, "amount": amount, "reason": reason, "is_total": is_total})

        subsidies = self.dealer_trade_in_ids
        dealer_subsidy = sum(subsidies.mapped("dealer_subsidy"))
        maker_subsidy = sum(subsidies.mapped("maker_subsidy"))
        add(self.env._("Guide price"), self.dealer_guide_total)
        if self.dealer_discount_total:
            add(self.env._("Cash discount"), -self.dealer_discount_total)
        if dealer_subsidy:
            add(self.env._("Trade-in subsidy of the store"), -dealer_subsidy)
        if maker_subsidy:
            add(self.env._("Trade-in subsidy of the manufacturer"), -maker_subsidy)
        add(
            self.env._("Bare price"),
            self.dealer_bare_price,
            self.env._("Amount of the car invoice, VAT included"),
            is_total=True,
        )
        for line in self._dealer_get_sheet_lines():
            add(line.product_id.display_name, line.price_total, line._dealer_get_reason())
        add(self.env._("Drive-away price"), self.dealer_drive_away_total, is_total=True)
        for trade_in in self.dealer_trade_in_ids.filtered("equity"):
            add(
                self.env._("Set off: %(car)s", car=trade_in.name),
                -trade_in.equity,
                trade_in._get_reason(),
            )
        if self.dealer_trade_in_equity:
            add(self.env._("Left to pay"), self.dealer_amount_due, is_total=True)
        return rows

    def _dealer_get_sheet_lines(self):
        """Lines around the car in the order of the trade: taxes, insurance, plates, goods."""
        places = {deal_type: place for place, (deal_type, _name) in enumerate(DEAL_TYPES)}
        places["accessory"] = places["plate_service"] + 0.5
        return self.order_line.filtered(
            lambda line: not line.display_type and line.dealer_deal_type not in ("car", "gift")
        ).sorted(
            lambda line: (places.get(line.dealer_deal_type, len(places)), line.sequence, line.id)
        )

    def _dealer_get_sheet_terms(self):
        """The scenarios beside each other, one row for each term."""
        scenarios = self.dealer_scenario_ids
        loans = scenarios.filtered(lambda scenario: scenario.method == "loan")
        money = self.currency_id.format

        def values(name):
            return [money(scenario[name]) for scenario in scenarios]

        def loan_values(show):
            return [show(scenario) if scenario in loans else "—" for scenario in scenarios]

        rows = [(self.env._("Bare price"), values("bare_price"), False)]
        if loans:
            rows += [
                (
                    self.env._("Down payment"),
                    loan_values(lambda scenario: money(scenario.down_payment)),
                    False,
                ),
                (
                    self.env._("Loan"),
                    loan_values(lambda scenario: money(scenario.loan_amount)),
                    False,
                ),
                (
                    self.env._("Annual rate"),
                    loan_values(lambda scenario: f"{scenario.annual_rate:.2f} %"),
                    False,
                ),
                (
                    self.env._("Term in months"),
                    loan_values(lambda scenario: str(scenario.months)),
                    False,
                ),
                (
                    self.env._("Monthly instalment"),
                    loan_values(lambda scenario: money(scenario.instalment)),
                    True,
                ),
            ]
        rows += [
            (self.env._("Cash at pick-up"), values("pickup_cash"), True),
            (self.env._("Drive-away price"), values("drive_away_price"), False),
        ]
        if loans:
            rows.append(
                (
                    self.env._("Interest"),
                    loan_values(lambda scenario: money(scenario.interest)),
                    False,
                )
            )
        return [
            {"name": name, "values": cells, "is_total": is_total} for name, cells, is_total in rows
        ]
