from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.dealer_base.tools.taxes import ZERO

from ..tools.finance import to_decimal


class SaleOrder(models.Model):
    """Ways to pay a deal, and what another price of its car changes."""

    _inherit = "sale.order"  # pylint: disable=consider-merging-classes-inherited

    dealer_scenario_ids = fields.One2many(
        "dealer.deal.scenario", "order_id", string="Scenarios", copy=True
    )

    def _dealer_get_tax_change(self, bare_price):
        """How much more purchase tax another price of the only car means; less is negative.

        :param Decimal bare_price: in the currency of the order
        """
        self.ensure_one()
        car = self._dealer_get_car_line()
        taxes = self.order_line.filtered(
            lambda line: (
                line.dealer_deal_type == "purchase_tax"
                and line.dealer_for_line_id in (car, car._origin)
            )
        )
        if not car or not taxes or bare_price == to_decimal(self.dealer_bare_price):
            return ZERO
        company_currency = self.company_id.currency_id
        price = self.currency_id._convert(
            float(bare_price), company_currency, self.company_id, self.date_order
        )
        tax = car._dealer_compute_purchase_tax(to_decimal(price)).payable
        return to_decimal(car._dealer_from_company_currency(tax)) - to_decimal(taxes.price_total)

    def _dealer_get_net_of_price(self, amount):
        """What an amount of car price, tax included, leaves in our books."""
        self.ensure_one()
        tax = self._dealer_get_car_line().tax_ids
        if not tax or not amount:
            return amount
        sign = -1 if amount < 0 else 1
        details = tax._get_tax_details(
            abs(amount),
            quantity=1,
            rounding_method="round_globally",
            special_mode="total_included",
        )
        return sign * self.currency_id.round(details["total_excluded"])

    def _dealer_set_bare_price(self, price):
        """Write another price, tax included, on the only car; its taxes follow.

        :param Decimal price: what the customer pays for the car
        """
        self.ensure_one()
        car = self._dealer_get_car_line()
        if not car:
            raise UserError(
                self.env._(
                    "%(order)s does not sell exactly one car: change the prices on its lines.",
                    order=self.name,
                )
            )
        unit = float(price)
        if car.tax_ids and not any(car.tax_ids.mapped("price_include")):
            unit = car.tax_ids._get_tax_details(
                unit,
                quantity=1,
                rounding_method="round_globally",
                special_mode="total_included",
            )["total_excluded"]
        car.write({"price_unit": unit, "discount": 0.0})
        if self.order_line.filtered(lambda line: line.dealer_for_line_id == car):
            self._dealer_compute_services()
