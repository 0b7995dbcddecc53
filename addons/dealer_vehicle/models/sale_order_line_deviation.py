from collections import defaultdict
from decimal import Decimal
from typing import Any, NamedTuple

from odoo import models

from odoo.addons.dealer_base.tools.taxes import to_cents

from ..tools import price_policy as policy
from ..tools.price_policy import to_decimal

SERVICES = ("plate_service", "extended_warranty", "finance_service", "other_service")
ZERO = Decimal("0.00")


class PriceDeviation(NamedTuple):
    """One line of a deal that is sold for less than its list price, or given away.

    Amounts are in company currency, tax included, for the whole line.

    :param kind: ``discount`` (car), ``accessory``, ``service``, ``gift``, ``trade_in`` (paid
        above the value of the old car), ``agency`` (taxes of the buyer that the dealership would
        pay; listed is what is due) or ``unappraised`` (the old car has no value yet; listed and
        price are what it counts for)
    :param listed: what policy asks for the line, promotions taken off
    :param floor: what the consultant may sell it for, None when nothing limits him
    :param price: what the customer pays
    :param net: the part of ``listed - price`` that is lost in gross, without tax
    :param level: approval that the line needs, see ``tools/price_policy.py``
    """

    line: Any
    kind: str
    listed: Decimal
    floor: Decimal | None
    price: Decimal
    net: Decimal
    level: int
    is_below_cost: bool
    rule_id: int | bool

    @property
    def amount(self):
        """What was given away, tax included."""
        return max(self.listed - self.price, ZERO)

    @property
    def is_valueless(self):
        """Whether something is given away of which nobody has said what it is worth."""
        return not self.listed and not self.price

    @property
    def exposure(self):
        """What may not grow once the deal is confirmed."""
        return self.price if self.kind == "unappraised" else self.amount

    @property
    def beyond(self):
        """What was given away beyond the authority of the consultant, tax included."""
        if self.kind in ("gift", "trade_in"):
            return self.listed if self.level else ZERO
        if self.kind == "agency":
            return self.amount
        return max((self.floor or ZERO) - self.price, ZERO)


class _Amounts(NamedTuple):
    """Fresh totals of a line in company currency; ``ratio`` is net by gross."""

    gross: Decimal
    ratio: Decimal


class SaleOrderLine(models.Model):
    """What the line of a deal costs against policy."""

    _inherit = "sale.order.line"  # pylint: disable=consider-merging-classes-inherited

    def _dealer_is_gift(self):
        """Whether the customer gets the line for nothing."""
        self.ensure_one()
        return bool(self.dealer_gift_bearer or self.product_id.dealer_deal_type == "gift")

    def _dealer_get_fresh_amounts(self):
        """Gross in company currency and net share of each line, from its price and taxes."""
        AccountTax = self.env["account.tax"]
        amounts = {}
        for line in self:
            company = line.company_id or self.env.company
            base_line = line._prepare_base_line_for_taxes_computation()
            AccountTax._add_tax_details_in_base_line(base_line, company)
            AccountTax._round_base_lines_tax_details([base_line], company)
            details = base_line["tax_details"]
            gross = line._dealer_to_company_currency(details["total_included_currency"])
            amounts[line] = _Amounts(to_decimal(gross), line._dealer_get_net_share(base_line))
        return amounts

    def _dealer_get_net_share(self, base_line):
        """Part of the price that is ours, before rounding.

        What was given away has its own tax, to the cent, and not the rounded one of the line.
        """
        self.ensure_one()
        if not self.tax_ids:
            return Decimal(1)
        self.env["account.tax"]._add_tax_details_in_base_line(
            base_line, self.company_id or self.env.company, rounding_method="round_globally"
        )
        details = base_line["tax_details"]
        gross = Decimal(repr(details["raw_total_included_currency"]))
        net = Decimal(repr(details["raw_total_excluded_currency"]))
        return net / gross if gross else Decimal(1)

    def _dealer_to_company_currency(self, amount):
        self.ensure_one()
        company_currency = self.company_id.currency_id
        if not self.currency_id or self.currency_id == company_currency:
            return amount
        return self.currency_id._convert(
            amount, company_currency, self.company_id, self._get_order_date()
        )

    def _dealer_get_line_costs(self):
        """Cost of each line without tax, in company currency.

        From the car itself and from the product: a manager may edit the cost on the line.
        """
        vehicles = self.dealer_vehicle_id.sudo()  # sudo: compared, never shown
        by_vehicle = vehicles._get_unit_costs() if vehicles else {}
        costs = {}
        for line in self:
            if line.dealer_vehicle_id:
                cost = by_vehicle.get(line.dealer_vehicle_id.id, 0.0)
            elif line._dealer_is_car_line():
                cost = 0.0  # which car it will be is not known yet
            else:
                product = line.product_id.sudo().with_company(line.company_id)  # sudo: as above
                cost = product.standard_price * line.product_uom_qty
            costs[line] = to_decimal(cost)
        return costs

    def _dealer_spread_negative_lines(self, amounts):
        """Discount lines of the deal as an amount off each sold line, by line.

        A line with a negative price lowers the price of the cars, or of everything that is sold
        when the deal has no car.
        """
        off = defaultdict(lambda: ZERO)
        negative = -sum((amounts[line].gross for line in self if amounts[line].gross < 0), ZERO)
        if not negative:
            return off
        cars = self.filtered(lambda line: line._dealer_is_car_line() and amounts[line].gross > 0)
        targets = cars or self.filtered(lambda line: amounts[line].gross > 0)
        total = sum((amounts[line].gross for line in targets), ZERO)
        for line in targets:
            off[line] = (negative * amounts[line].gross / total).quantize(policy.CENT)
        return off

    def _dealer_get_car_deviation(self, price, ratio, terms, cost, limits):
        """Deviation of a car line, in a list that is empty when there is none."""
        self.ensure_one()
        quantity = Decimal(repr(self.product_uom_qty))
        each = price / quantity
        if self.dealer_vehicle_id.kind == "used":
            level = policy.used_car_level(each, terms.floor)
        else:
            level = policy.car_level(each, terms.floor, limits["car_manager"])
        below = limits["guard_cost"] and policy.is_below_cost(
            to_cents(price * ratio), cost * quantity
        )
        if below:
            level = policy.GENERAL_MANAGER
        listed = (terms.list_price - terms.promotion) * quantity
        if listed <= price and not level:
            return []
        floor = None if terms.floor is None else terms.floor * quantity
        net = to_cents(max(listed - price, ZERO) * ratio)
        return [
            PriceDeviation(
                self, "discount", listed, floor, price, net, level, below, terms.floor_rule_id
            )
        ]

    def _dealer_get_goods_deviation(self, price, ratio, cost, limits):
        """Deviation of an accessory, a service or somebody else's money that we let off."""
        self.ensure_one()
        deal_type = self.product_id.dealer_deal_type
        is_agency = self.product_id.dealer_is_agency
        is_goods = deal_type == "accessory" or self._dealer_is_other_goods()
        if not is_agency and not is_goods and deal_type not in SERVICES:
            return []
        listed = self._dealer_get_list_amount()
        shares = limits["goods_consultant"], limits["goods_manager"]
        level = policy.share_level(price, listed, *shares)
        below = (
            limits["guard_cost"]
            and not is_agency
            and policy.is_below_cost(to_cents(price * ratio), cost)
        )
        if below or (not listed and not is_agency):
            level = policy.GENERAL_MANAGER  # also when nobody knows what is given away
        if listed <= price and not level:
            return []
        kind = "accessory" if is_goods else "service"
        floor = (listed * limits["goods_consultant"]).quantize(policy.CENT)
        net = to_cents(max(listed - price, ZERO) * ratio)
        return [PriceDeviation(self, kind, listed, floor, price, net, level, below, False)]

    def _dealer_is_other_goods(self):
        """Whether the line adds an article to a car deal that the catalogue gives no part in it.

        What is sold for a token price beside a car is a gift by another name.
        """
        self.ensure_one()
        product = self.product_id
        return (
            (product.type == "consu" or product.lst_price > 0)
            and not product.dealer_deal_type
            and not self._dealer_is_car_line()
            and self.order_id._dealer_has_car()
        )

    def _dealer_get_list_amount(self):
        """What the line would cost if nothing were given away, tax included."""
        self.ensure_one()
        details = self.tax_ids.compute_all(
            self._dealer_get_value_each(),
            currency=self.currency_id,
            quantity=self.product_uom_qty,
            product=self.product_id,
            partner=self.order_id.partner_id,
        )
        return to_decimal(self._dealer_to_company_currency(details["total_included"]))
