from decimal import Decimal
from typing import NamedTuple

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command

from odoo.addons.dealer_base.tools import taxes

from ..tools.finance import to_decimal

#: Upper end in millilitres of the bands of the vehicle and vessel tax, with their codes.
VESSEL_TAX_BANDS = (
    (1000, "1_0"),
    (1600, "1_6"),
    (2000, "2_0"),
    (2500, "2_5"),
    (3000, "3_0"),
    (4000, "4_0"),
    (None, "over_4_0"),
)
#: Most seats of the premium classes of compulsory insurance by use of the car, with their codes.
CTPL_CLASSES = {
    "family": ((5, "family_under_6"), (None, "family_6_plus")),
    "company": ((5, "company_under_6"), (10, "company_6_to_10")),
    "government": ((5, "government_under_6"), (10, "government_6_to_10")),
    "rental": ((5, "rental_under_6"), (10, "rental_6_to_10")),
}
SERVICE_METHODS = {
    "purchase_tax": "_dealer_get_purchase_tax",
    "ctpl": "_dealer_get_ctpl",
    "vessel_tax": "_dealer_get_vessel_tax",
}
FREE_FUELS = ("electric", "hydrogen")
#: Fields of a car's line that its taxes follow from.
TAXED_FIELDS = {
    "dealer_vehicle_id",
    "discount",
    "price_unit",
    "product_id",
    "product_uom_qty",
    "tax_ids",
}


class Service(NamedTuple):
    """An amount that somebody else asks for a car.

    :param amount: for one car, in the currency of the company
    :param reason: how it comes about, in the reader's language
    """

    amount: Decimal
    reason: str


class SaleOrderLine(models.Model):
    """What State and insurer ask for the car of a line, from the rules of the invoice's day."""

    _inherit = "sale.order.line"  # pylint: disable=consider-merging-classes-inherited

    def write(self, vals):
        """Taxes that were right stay right when the price of their car changes.

        Who lowered a price after the taxes were computed had it approved, sent and signed with
        too much tax. An amount that somebody entered by hand stays, with the warning.
        """
        if not TAXED_FIELDS & vals.keys():
            return super().write(vals)
        services = self._dealer_get_right_services()
        result = super().write(vals)
        for service in services:
            service._dealer_refresh_service()
        return result

    def _dealer_get_right_services(self):
        """Lines with taxes and premiums of these cars, as computed, while nothing is confirmed."""
        cars = self.filtered(lambda line: line.state in ("draft", "sent"))
        return cars.order_id.order_line.filtered(
            lambda line: line.dealer_for_line_id in cars and not line._dealer_get_service_warning()
        )

    def _dealer_refresh_service(self):
        """Write what is due now; what cannot be computed any more is warned of on the order."""
        self.ensure_one()
        car, deal_type = self.dealer_for_line_id, self.product_id.dealer_deal_type
        try:
            service = car._dealer_get_service(deal_type)
        except UserError:
            return
        self.order_id._dealer_for_customer()._dealer_set_service(car, deal_type, service)

    def _dealer_get_service_debt(self):
        """What is due for the taxes and premiums that the deal of this car collects.

        :return: (due, collected) in the currency of the company; ``Decimal``. A tax without a line
            is paid by the customer himself and counts for neither; one at nil is a promise.
        """
        self.ensure_one()
        due = paid = Decimal(0)
        if not self._dealer_is_untaxed_car():
            return due, paid
        for deal_type in SERVICE_METHODS:
            lines = self.order_id.order_line.filtered(
                lambda line, deal_type=deal_type: (
                    line.product_id.dealer_deal_type == deal_type
                    and line.dealer_for_line_id in (self, line.browse())
                    and not line._dealer_is_gift()  # those are counted by what they are worth
                )
            )
            if not lines:
                continue
            collected = self._dealer_to_company_currency(sum(lines.mapped("price_total")))
            try:
                service = self._dealer_get_service(deal_type)
            except UserError:  # no rule: the warning of the order says so
                continue
            amount = service.amount * to_decimal(self.product_uom_qty)
            due += amount
            paid += min(to_decimal(collected), amount)
        return due, paid

    def _dealer_is_untaxed_car(self):
        """Whether the line sells a car on which the buyer still owes purchase tax."""
        self.ensure_one()
        vehicle = self.dealer_vehicle_id
        if vehicle:
            return vehicle.kind in ("new", "demo") and not vehicle.first_registration_date
        return self.product_id.dealer_product_policy == "shared"

    def _dealer_get_unit_total(self):
        """What one car costs, tax included, in the currency of the company; ``Decimal``."""
        self.ensure_one()
        unit = self.price_total / (self.product_uom_qty or 1)
        return to_decimal(
            self.currency_id._convert(
                unit, self.company_id.currency_id, self.company_id, self._get_order_date()
            )
        )

    def _dealer_get_rule(self, code, rate=False):
        """A rule on the day of the invoice, for the company of the order."""
        lookup = self.env["dealer.parameter"].with_company(self.company_id)
        method = lookup._get_rate if rate else lookup._get_value
        return method(code, self.order_id.dealer_invoice_date, company=self.company_id)

    def _dealer_get_service(self, deal_type):
        """What is due for one car of the line.

        :param deal_type: ``purchase_tax``, ``ctpl`` or ``vessel_tax``
        :return: ``Service``
        :raise UserError: a fact of the trim or a rule is missing; says who can enter it
        """
        self.ensure_one()
        return getattr(self, SERVICE_METHODS[deal_type])()

    def _dealer_get_service_warning(self):
        """Why the amount on this line of a tax or premium is no longer right, else nothing."""
        self.ensure_one()
        try:
            service = self.dealer_for_line_id._dealer_get_service(self.product_id.dealer_deal_type)
        except UserError as error:
            return error.args[0]
        amount = self._dealer_from_company_currency(service.amount)
        if not self.currency_id.compare_amounts(amount, self.price_unit):
            return None
        return self.env._(
            "%(service)s is %(new)s now, the deal says %(old)s.",
            service=self.product_id.display_name,
            new=self.currency_id.format(amount),
            old=self.currency_id.format(self.price_unit),
        )

    def _dealer_from_company_currency(self, amount):
        """An amount of the company's rules in the currency of the order."""
        self.ensure_one()
        return self.company_id.currency_id._convert(
            float(amount), self.currency_id, self.company_id, self._get_order_date()
        )

    def _dealer_prepare_service_vals(self, service):
        """Values of the line with one amount for the car of this line."""
        self.ensure_one()
        return {
            "dealer_for_line_id": self.id,
            "product_uom_qty": self.product_uom_qty,
            "price_unit": self._dealer_from_company_currency(service.amount),
            "tax_ids": [Command.clear()],
        }

    def _dealer_compute_purchase_tax(self, price):
        """Purchase tax of a car at this price; the rules are those of the invoice's day.

        :param Decimal price: with VAT, in the currency of the company
        """
        self.ensure_one()
        relief = {}
        if self.dealer_model_id.dealer_has_nev_relief:
            relief = {
                "relief_share": self._dealer_get_rule("nev_purchase_tax_relief_share", rate=True),
                "relief_cap": self._dealer_get_rule("nev_purchase_tax_relief_cap"),
            }
        return taxes.purchase_tax(
            price,
            self._dealer_get_rule("vat_rate_goods", rate=True),
            self._dealer_get_rule("purchase_tax_rate", rate=True),
            **relief,
        )

    def _dealer_get_purchase_tax(self):
        """Vehicle purchase tax (车辆购置税) of the price on the line."""
        tax = self._dealer_compute_purchase_tax(self._dealer_get_unit_total())
        currency = self.company_id.currency_id
        if tax.relief:
            reason = self.env._(
                "Price without VAT %(base)s, tax %(full)s less new-energy relief %(relief)s",
                base=currency.format(float(tax.base)),
                full=currency.format(float(tax.full)),
                relief=currency.format(float(tax.relief)),
            )
        else:
            reason = self.env._(
                "Price without VAT %(base)s × %(rate)s %%",
                base=currency.format(float(tax.base)),
                rate=f"{self._dealer_get_rule('purchase_tax_rate'):f}",
            )
        return Service(tax.payable, reason)

    def _dealer_get_vessel_tax(self):
        """Vehicle and vessel tax (车船税) from the month of the invoice to the end of the year."""
        trim = self.dealer_model_id
        if trim.default_fuel_type in FREE_FUELS or trim.dealer_is_vessel_tax_exempt:
            return Service(taxes.ZERO, self.env._("Free of vehicle and vessel tax"))
        if not trim.dealer_displacement_ml:
            raise UserError(
                self.env._(
                    "The displacement of %(trim)s is missing: ask a manager to enter it in the"
                    " catalogue.",
                    trim=trim.display_name or self.product_id.display_name,
                )
            )
        band = next(
            code
            for limit, code in VESSEL_TAX_BANDS
            if limit is None or trim.dealer_displacement_ml <= limit
        )
        annual = self._dealer_get_vessel_tax_year(band)
        month = self.order_id.dealer_invoice_date.month
        reason = self.env._(
            "%(annual)s a year, %(months)s months",
            annual=self.company_id.currency_id.format(float(annual)),
            months=13 - month,
        )
        return Service(taxes.vessel_tax_first_year(annual, month), reason)

    def _dealer_get_vessel_tax_year(self, band):
        """The province's figure, which the law allows inside a band only."""
        annual = self._dealer_get_rule(f"vessel_tax_year_{band}")
        least = self._dealer_get_rule(f"vessel_tax_min_{band}")
        most = self._dealer_get_rule(f"vessel_tax_max_{band}")
        if not least <= annual <= most:
            raise UserError(
                self.env._(
                    "The parameter “%(code)s” is %(annual)s, but the law allows %(least)s to"
                    " %(most)s. Ask the finance manager to correct it.",
                    code=f"vessel_tax_year_{band}",
                    annual=f"{annual:f}",
                    least=f"{least:f}",
                    most=f"{most:f}",
                )
            )
        return annual

    def _dealer_get_ctpl(self):
        """First year's premium of the compulsory insurance (交强险): no accidents count yet."""
        seats = self.dealer_model_id.seats
        trim_name = self.dealer_model_id.display_name or self.product_id.display_name
        if not seats:
            raise UserError(
                self.env._(
                    "The number of seats of %(trim)s is missing: ask a manager to enter it in the"
                    " catalogue.",
                    trim=trim_name,
                )
            )
        use = self.order_id.dealer_car_use
        for most, code in CTPL_CLASSES[use]:
            if most is None or seats <= most:
                premium = self._dealer_get_rule(f"ctpl_premium_{code}")
                reason = self.env._("%(seats)s seats, first year", seats=seats)
                return Service(premium, reason)
        raise UserError(
            self.env._(
                "There is no compulsory premium for %(seats)s seats (%(trim)s): enter what the"
                " insurer asks.",
                seats=seats,
                trim=trim_name,
            )
        )
