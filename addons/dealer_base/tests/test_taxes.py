"""The published tax examples, each with the rates that the shipped parameters hold on its date."""

import datetime
import doctest
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.exceptions import UserError
from odoo.tests import BaseCase, TransactionCase, tagged

from odoo.addons.dealer_base.tools import taxes

MONEY = st.decimals(min_value=0, max_value=10**8, places=2)
SHARE = st.decimals(min_value=0, max_value=1, places=4)


@tagged("post_install", "-at_install")
class TestTaxFunctions(BaseCase):
    def test_examples_in_the_docstrings_hold(self):
        self.assertEqual(doctest.testmod(taxes).failed, 0)

    def test_half_a_cent_is_rounded_up(self):
        self.assertEqual(taxes.to_cents(Decimal("2.345")), Decimal("2.35"))
        self.assertEqual(taxes.to_cents(Decimal("-2.345")), Decimal("-2.35"))

    def test_no_month_thirteen(self):
        for month in (0, 13):
            with self.assertRaises(ValueError):
                taxes.vessel_tax_first_year(Decimal(420), month)

    @settings(max_examples=200, deadline=None)
    @given(MONEY, SHARE, SHARE, MONEY)
    def test_full_is_relief_and_payable(self, price, rate, share, cap):
        tax = taxes.purchase_tax(price, Decimal("0.13"), rate, share, cap)
        self.assertEqual(tax.full, tax.relief + tax.payable)
        self.assertGreaterEqual(tax.payable, 0)
        self.assertLessEqual(tax.relief, max(cap, taxes.ZERO))

    @settings(max_examples=100, deadline=None)
    @given(MONEY, st.integers(0, 40))
    def test_a_refund_is_between_nothing_and_all(self, paid, years):
        refund = taxes.purchase_tax_refund(paid, years, Decimal("0.1"))
        self.assertGreaterEqual(refund, 0)
        self.assertLessEqual(refund, paid)
        if years >= 10:
            self.assertEqual(refund, 0)


@tagged("post_install", "-at_install")
class TestTaxVectors(TransactionCase):
    """Read the parameters that we ship: a wrong figure or date in the data fails here."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.parameters = cls.env["dealer.parameter"]
        cls.nowhere = cls.env["res.country.state"]
        cls.nobody = cls.env["res.company"]

    def value(self, code, date, region=None):
        return self.parameters._get_value(code, date, region or self.nowhere, self.nobody)

    def rate(self, code, date, region=None):
        return self.parameters._get_rate(code, date, region or self.nowhere, self.nobody)

    def purchase_tax(self, price, is_nev, date):
        relief = ()
        if is_nev:
            relief = (
                self.rate("nev_purchase_tax_relief_share", date),
                self.value("nev_purchase_tax_relief_cap", date),
            )
        return taxes.purchase_tax(
            Decimal(price),
            self.rate("vat_rate_goods", date),
            self.rate("purchase_tax_rate", date),
            *relief,
        )

    def test_purchase_tax(self):
        for price, is_nev, year, base, full, relief, payable in (
            (135600, False, 2026, "120000.00", "12000.00", "0", "12000.00"),
            (147800, False, 2026, "130796.46", "13079.65", "0", "13079.65"),
            (113000, True, 2026, "100000.00", "10000.00", "5000.00", "5000.00"),
            (226000, True, 2026, "200000.00", "20000.00", "10000.00", "10000.00"),
            (339000, True, 2026, "300000.00", "30000.00", "15000.00", "15000.00"),
            (400000, True, 2026, "353982.30", "35398.23", "15000.00", "20398.23"),
            (339000, True, 2025, "300000.00", "30000.00", "30000.00", "0.00"),
            (452000, True, 2025, "400000.00", "40000.00", "30000.00", "10000.00"),
            (226000, True, 2028, "200000.00", "20000.00", "0", "20000.00"),
        ):
            for day in ((1, 1), (6, 30), (12, 31)):
                date = datetime.date(year, *day)
                with self.subTest(price=price, is_nev=is_nev, date=date):
                    self.assertEqual(
                        self.purchase_tax(price, is_nev, date),
                        tuple(map(Decimal, (base, full, relief, payable))),
                    )

    def test_purchase_tax_refund(self):
        reduction = self.rate("purchase_tax_yearly_reduction", "2026-11-22")
        for paid_on, expected in (
            ("2026-01-05", "12000"),
            ("2025-11-22", "10800"),
            ("2023-11-21", "8400"),
        ):
            with self.subTest(paid_on):
                years = taxes.full_years(
                    datetime.date.fromisoformat(paid_on), datetime.date(2026, 11, 22)
                )
                refund = taxes.purchase_tax_refund(Decimal(12000), years, reduction)
                self.assertEqual(refund, Decimal(expected))

    def test_luxury_threshold(self):
        for date, expected in (
            ("2025-07-19", 1300000),
            ("2025-07-20", 900000),
            ("2026-11-22", 900000),
        ):
            self.assertEqual(self.value("luxury_tax_threshold", date), expected)
        self.assertEqual(self.rate("luxury_tax_rate", "2026-01-01"), Decimal("0.1"))

    def test_trade_in_subsidy(self):
        for price, kind, expected in (
            (180000, "replace_nev", 14400),
            (200000, "scrap_nev", 20000),
            (300000, "scrap_petrol", 15000),
            (100000, "replace_petrol", 6000),
        ):
            with self.subTest(kind):
                share = self.rate(f"subsidy_{kind}_share", "2026-06-01")
                cap = self.value(f"subsidy_{kind}_cap", "2026-06-01")
                self.assertEqual(min(price * share, cap), expected)

    def test_vessel_tax_of_the_first_year(self):
        for annual, month, expected in (
            (420, 8, "175.00"),
            (420, 11, "70.00"),
            (480, 1, "480.00"),
            (1200, 12, "100.00"),
        ):
            with self.subTest(annual=annual, month=month):
                self.assertEqual(
                    taxes.vessel_tax_first_year(Decimal(annual), month), Decimal(expected)
                )

    def test_vessel_tax_bands(self):
        for size, least, most in (
            ("1_0", 60, 360),
            ("1_6", 300, 540),
            ("2_0", 360, 660),
            ("2_5", 660, 1200),
            ("3_0", 1200, 2400),
            ("4_0", 2400, 3600),
            ("over_4_0", 3600, 5400),
        ):
            with self.subTest(size):
                self.assertEqual(self.value(f"vessel_tax_min_{size}", "2026-11-22"), least)
                self.assertEqual(self.value(f"vessel_tax_max_{size}", "2026-11-22"), most)

    def test_base_premiums(self):
        for use, premium in (
            ("family_under_6", 950),
            ("family_6_plus", 1100),
            ("company_under_6", 1000),
            ("company_6_to_10", 1130),
            ("government_under_6", 950),
            ("government_6_to_10", 1070),
            ("rental_under_6", 1800),
            ("rental_6_to_10", 2360),
        ):
            with self.subTest(use):
                self.assertEqual(self.value(f"ctpl_premium_{use}", "2026-11-22"), premium)

    def test_floating_premium(self):
        cases = ("no_accident_1", "no_accident_2", "no_accident_3")
        cases += ("one_accident", "two_accidents", "fatal_accident")
        for use, premiums in (
            ("family_under_6", (855, 760, 665, 950, 1045, 1235)),
            ("family_6_plus", (990, 880, 770, 1100, 1210, 1430)),
        ):
            base = self.value(f"ctpl_premium_{use}", "2026-11-22")
            for case, expected in zip(cases, premiums, strict=True):
                with self.subTest(use=use, case=case):
                    factor = self.rate(f"ctpl_float_{case}", "2026-11-22")
                    self.assertEqual(taxes.to_cents(base * (1 + factor)), expected)

    def test_floating_premium_of_the_provinces(self):
        schemes = (
            (("NM", "HI", "QH", "XZ"), (-30, -40, -50)),
            (("SN", "YN", "GX"), (-25, -35, -45)),
            (("GS", "JL", "SX", "HL", "XJ"), (-20, -30, -40)),
            (("BJ", "TJ", "HE", "NX"), (-15, -25, -35)),
            (("SH", "GD", "ZJ", "SC"), (-10, -20, -30)),
        )
        for states, expected in schemes:
            for state in states:
                region = self.env.ref(f"base.state_cn_{state}")
                for years, percent in enumerate(expected, 1):
                    with self.subTest(state=state, years=years):
                        code = f"ctpl_float_no_accident_{years}"
                        self.assertEqual(self.value(code, "2026-11-22", region), percent)
                        before = -10 * years
                        self.assertEqual(self.value(code, "2020-09-18", region), before)

    def test_vat_rates(self):
        for code, date, expected in (
            ("vat_rate_goods", "2025-12-31", "0.13"),
            ("vat_rate_goods", "2026-01-01", "0.13"),
            ("vat_rate_lease", "2026-01-01", "0.09"),
            ("vat_rate_service", "2026-01-01", "0.06"),
            ("vat_rate_simplified", "2026-01-01", "0.03"),
            ("vat_rate_used_car", "2027-12-31", "0.005"),
            ("vat_rate_small_scale", "2027-12-31", "0.01"),
        ):
            with self.subTest(code):
                self.assertEqual(self.rate(code, date), Decimal(expected))

    def test_deposit_example(self):
        """A dealer that cannot deliver returns the effective part twice and the rest once."""
        cap = taxes.to_cents(147800 * self.rate("deposit_cap_share", "2026-11-22"))
        self.assertEqual(cap, Decimal("29560.00"))
        rest = 40000 - cap
        multiple = self.value("deposit_return_multiple", "2026-11-22")
        self.assertEqual(multiple * cap + rest, 69560)
        self.assertEqual(rest, 10440)

    def test_a_tax_holiday_that_ends_leaves_no_rule(self):
        for code in ("vat_rate_used_car", "vat_rate_small_scale"):
            with self.subTest(code), self.assertRaisesRegex(UserError, "2028-01-01"):
                self.value(code, "2028-01-01")

    def test_counts_and_days(self):
        for code, expected in (
            ("temporary_plate_days", 30),
            ("temporary_plate_times", 3),
            ("stock_age_band_1", 30),
            ("stock_age_band_2", 60),
            ("stock_age_band_3", 90),
            ("stock_age_band_4", 180),
            ("invoice_number_length_paper", 8),
            ("invoice_number_length_digital", 20),
            ("purchase_tax_declare_days", 60),
        ):
            with self.subTest(code):
                self.assertEqual(self.value(code, "2026-11-22"), expected)

    def test_every_shipped_rule_says_where_it_comes_from(self):
        shipped = self.env["ir.model.data"].search(
            [("module", "=", "dealer_base"), ("model", "=", "dealer.parameter")]
        )
        self.assertGreater(len(shipped), 100)
        rules = self.parameters.browse(shipped.mapped("res_id"))
        self.assertFalse(rules.filtered(lambda rule: not rule.legal_reference))
