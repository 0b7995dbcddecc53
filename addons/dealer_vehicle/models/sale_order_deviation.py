from decimal import Decimal

from odoo import fields, models

from ..tools import price_policy as policy
from ..tools.price_policy import to_decimal
from .sale_order_line_deviation import ZERO, PriceDeviation


class SaleOrder(models.Model):
    """Where a deal leaves the price policy, and by how much."""

    _inherit = "sale.order"  # pylint: disable=consider-merging-classes-inherited

    def _dealer_get_deviations(self):
        """Deviations of each deal as list of ``PriceDeviation``, by order.

        Computed from prices, discounts and taxes of the lines, never from stored totals, which
        a client could have written. Lines of down payments of Odoo's own have no quantity.
        """
        if not self:
            return {}
        lines = self.order_line.filtered(
            lambda line: not line.display_type and line.product_id and line.product_uom_qty
        )
        amounts = lines._dealer_get_fresh_amounts()
        terms = lines._dealer_get_price_terms()
        costs = lines._dealer_get_line_costs()
        return {
            order: order._dealer_get_order_deviations(
                lines.filtered(lambda line, order=order: line.order_id == order),
                amounts,
                terms,
                costs,
            )
            for order in self
        }

    def _dealer_get_order_deviations(self, lines, amounts, terms, costs):
        """Deviations of one deal; see ``_dealer_get_deviations``."""
        limits = self._dealer_get_limits()
        off = lines._dealer_spread_negative_lines(amounts)
        found, gifts = [], []
        for line in lines:
            price = amounts[line].gross - off[line]
            if line._dealer_is_gift():
                gifts.append((line, line._dealer_get_list_amount()))
            elif line._dealer_is_car_line():
                found += line._dealer_get_car_deviation(
                    price, amounts[line].ratio, terms.get(line), costs.get(line, ZERO), limits
                )
            elif amounts[line].gross >= 0:
                found += line._dealer_get_goods_deviation(
                    price, amounts[line].ratio, costs.get(line, ZERO), limits
                )
        found += self._dealer_get_payout_deviation(lines, amounts)
        found += self._dealer_get_trade_in_deviation(lines, amounts, terms, limits)
        found += self._dealer_get_agency_deviations(lines, amounts, terms, limits)
        found += self._dealer_get_unappraised_deviation(lines)
        return found + self._dealer_get_gift_deviations(gifts, costs, limits)

    def _dealer_get_payout_deviation(self, lines, amounts):
        """Negative lines that are no discount on anything: the deal would pay the customer.

        An order without a car that only the system touched, as connectors do, or its
        administrators, was entered by nobody who could overstep an authority.
        """
        if not self._dealer_has_car() and not self._dealer_was_entered_by_employee():
            return []
        total = sum((amounts[line].gross for line in lines), ZERO)
        negative = lines.filtered(lambda line: amounts[line].gross < 0)[:1]
        if not negative or total >= 0:
            return []
        level = policy.GENERAL_MANAGER
        net = (-total * amounts[negative].ratio).quantize(policy.CENT)
        return [PriceDeviation(negative, "service", -total, None, ZERO, net, level, False, False)]

    def _dealer_was_entered_by_employee(self):
        """Whether somebody with a role in the dealership made or changed the order."""
        people = self.create_uid | self.write_uid or self.env.user  # new ones: who enters them
        return any(
            person.has_group("dealer_base.group_employee") and not person._is_system()
            for person in people
        )

    def _dealer_get_unappraised_deviation(self, lines):
        """An old car that pays for the deal although nobody has said what it is worth.

        How much is given away is not known, so that a manager answers for the whole amount.
        """
        # sudo: whether the old car was appraised is no secret, its value is not read
        trade_ins = self.sudo().dealer_trade_in_ids.filtered("is_unappraised")
        line = lines.filtered(lambda line: line._dealer_is_car_line())[:1] or lines[:1]
        if not trade_ins or not line:
            return []
        allowance = to_decimal(line._dealer_to_company_currency(sum(trade_ins.mapped("allowance"))))
        return [
            PriceDeviation(
                line, "unappraised", allowance, None, allowance, ZERO, policy.MANAGER, False, False
            )
        ]

    def _dealer_get_trade_in_deviation(self, lines, amounts, terms, limits):
        """What is paid above the value of old cars counts as if the new car were cheaper."""
        # sudo: the value of the old car is compared, never shown
        over = sum(self.sudo().dealer_trade_in_ids.mapped("over_allowance"))
        car = lines.filtered(lambda line: line._dealer_is_car_line())[:1]
        if over <= 0 or not car:
            return []
        over = to_decimal(car._dealer_to_company_currency(over))
        quantity = Decimal(repr(car.product_uom_qty))
        each = (amounts[car].gross - over) / quantity
        level = policy.car_level(each, terms[car].floor, limits["car_manager"])
        return [PriceDeviation(car, "trade_in", over, None, ZERO, over, level, False, False)]

    def _dealer_get_agency_deviations(self, lines, amounts, terms, limits):
        """Taxes of which the customer pays less than is due: the dealership would pay the rest."""
        # sudo: the value of the old car is compared, never shown
        over = sum(self.sudo().dealer_trade_in_ids.mapped("over_allowance"))
        found = []
        for car in lines.filtered(lambda line: line._dealer_is_car_line()):
            due, paid = car._dealer_get_service_debt()
            if paid >= due:
                continue
            short = due - paid
            lost = short + to_decimal(car._dealer_to_company_currency(over))
            quantity = Decimal(repr(car.product_uom_qty)) or Decimal(1)
            each = (amounts[car].gross - lost) / quantity
            level = policy.car_level(each, terms[car].floor, limits["car_manager"])
            level = max(level, policy.MANAGER)  # what others are owed is nobody's discount
            found.append(PriceDeviation(car, "agency", due, None, paid, short, level, False, False))
        return found

    def _dealer_get_gift_deviations(self, gifts, costs, limits):
        """The quota is for all gifts of a deal, whoever is said to pay for them.

        A gift counts for what it costs us at least; one that has no value is beyond every quota.
        What neither price list nor cost tells is worth what its giver says, which a manager reads.
        """
        total = sum((max(value, costs.get(line, ZERO)) for line, value in gifts), ZERO)
        quota = policy.quota_level(total, limits["gift_consultant"], limits["gift_manager"])
        found = []
        for line, value in gifts:
            level = quota if value else policy.GENERAL_MANAGER
            if not line._dealer_get_value_known():
                level = max(level, policy.MANAGER)
            net = costs.get(line, ZERO) or value
            found.append(PriceDeviation(line, "gift", value, None, ZERO, net, level, False, False))
        return found

    def _dealer_get_limits(self):
        """Limits of the roles on the day of the deal, from the dated parameters."""
        self.ensure_one()
        Parameter = self.env["dealer.parameter"]
        company = self.company_id or self.env.company
        day = self._dealer_price_day()
        share, value = Parameter._get_rate, Parameter._get_value
        return {
            # sudo: policy of the own company, for customers who confirm on the portal too
            "guard_cost": company.sudo().dealer_price_guard_cost,
            "car_manager": share("discount_share_manager", day, company=company),
            "goods_consultant": share("accessory_share_consultant", day, company=company),
            "goods_manager": share("accessory_share_manager", day, company=company),
            "gift_consultant": value("gift_quota_consultant", day, company=company),
            "gift_manager": value("gift_quota_manager", day, company=company),
        }

    def _dealer_price_day(self):
        """Day whose policy counts: today until the deal is confirmed, then its date.

        The date of a quotation is free to edit; with it a promotion of last month would be too.
        """
        self.ensure_one()
        if self.state != "sale" or not self.date_order:
            return fields.Date.context_today(self)
        return fields.Datetime.context_timestamp(self, self.date_order).date()
