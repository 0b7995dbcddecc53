"""Every vector of the rules on identifiers, and properties that hold for all numbers."""

import csv
import datetime
import doctest
from decimal import Decimal
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.dealer_base.tools import identifiers

DATA = Path(__file__).parent / "data"
VIN_SIGNS = sorted(identifiers.VIN_VALUES)


def load_tests(_loader, tests, _ignore):
    tests.addTests(doctest.DocTestSuite(identifiers))
    return tests


@tagged("post_install", "-at_install")
class TestVin(BaseCase):
    def codes(self, vin, level=None):
        return {p.code for p in identifiers.check_vin(vin) if level in (None, p.level)}

    def test_examples_in_the_docstrings_hold(self):
        self.assertEqual(doctest.testmod(identifiers).failed, 0)

    def test_right_vins_have_no_error(self):
        for vin, year in (
            ("1M8GDM9AXKP042788", 2019),
            ("LFV3A23C6N3123456", 2022),
            ("LVGBE40K9MG765432", 2021),
            ("LSVAB2BRXRN000008", 2024),
            ("LB37624S0NL112233", 2022),
            ("LRW3E7EK1PC654321", 2023),
            ("LC0CE4CB2T0123456", 2026),
            ("LGWEF4A58SF000017", 2025),
            ("LSGPC52U6AF104580", 2010),
        ):
            with self.subTest(vin):
                self.assertFalse(self.codes(vin, "error"))
                self.assertEqual(identifiers.vin_model_year(vin, 2026), year)

    def test_the_check_sum_of_ones_is_right(self):
        self.assertNotIn("check_digit", self.codes("1" * 17))

    def test_wrong_vins_of_chinese_makers_are_errors(self):
        for vin, code in (
            ("LFV3A23C5N3123456", "check_digit"),
            ("LFV3A23C6N312345", "length"),
            ("LFV3A23C6N31234567", "length"),
            ("LFV3A23C6NO123456", "alphabet"),
            ("LHGCV165508000123", "model_year"),
            ("LFV3A23C8U3123456", "model_year"),
            ("LFV3A23C7N312345A", "serial"),
        ):
            with self.subTest(vin):
                level = "warning" if code == "serial" else "error"
                self.assertEqual(self.codes(vin, level), {code})

    def test_wrong_check_digit_names_the_right_one(self):
        [problem] = identifiers.check_vin("LFV3A23C5N3123456")
        self.assertEqual(problem.params, {"expected": "6"})

    def test_foreign_vin_with_another_check_digit_is_a_warning(self):
        self.assertEqual(self.codes("WVWZZZ1JZXW000001", "error"), set())
        self.assertIn("check_digit", self.codes("WVWZZZ1JZXW000001", "warning"))

    def test_a_vin_typed_badly_is_the_same_vin(self):
        self.assertEqual(identifiers.normalize_vin("ＬＦＶ3a23c-6n 3123456"), "LFV3A23C6N3123456")

    def test_the_year_code_is_read_by_the_date_we_know(self):
        vin = "LSGPC52U6AF104580"
        self.assertEqual(identifiers.vin_model_year(vin, 1985), 1980)
        self.assertEqual(identifiers.vin_model_year(vin, 2009), 2010)
        self.assertEqual(identifiers.vin_model_year(vin, 2039), 2040)

    def test_vins_of_public_sources(self):
        """Real VINs, trimmed from public test suites: our verdict is the one computed there."""
        with open(DATA / "vin_cases.csv", encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
        self.assertGreater(len(rows), 100)
        for row in rows:
            with self.subTest(row["vin"]):
                codes = self.codes(row["vin"]) & {"length", "alphabet", "check_digit"}
                expected = {
                    "valid": set(),
                    "check_digit_mismatch": {"check_digit"},
                    "bad_character": {"alphabet"},
                    "bad_length": {"length"},
                }[row["status"]]
                self.assertEqual(codes, expected)
                if row["status"] == "valid" and row["model_year"]:
                    year = int(row["model_year"])
                    self.assertEqual(identifiers.vin_model_year(row["vin"], year), year)

    def test_makers_of_demo_brands(self):
        for wmi, maker in (("LFV", "FAW"), ("LSV", "SAIC"), ("LGX", "BYD"), ("LRW", "Tesla")):
            self.assertIn(maker.lower(), identifiers.vin_maker(f"{wmi}3A23C6N3123456").lower())
        self.assertEqual(identifiers.vin_maker("QQQ3A23C6N3123456"), "")

    @settings(max_examples=200, deadline=None)
    @given(st.text(VIN_SIGNS, min_size=17, max_size=17))
    def test_a_vin_with_its_check_digit_has_a_right_check_digit(self, vin):
        vin = vin[:8] + identifiers.vin_check_digit(vin) + vin[9:]
        self.assertNotIn("check_digit", self.codes(vin))

    @settings(max_examples=200, deadline=None)
    @given(
        st.text(VIN_SIGNS, min_size=17, max_size=17), st.integers(0, 16), st.sampled_from(VIN_SIGNS)
    )
    def test_one_wrong_character_of_another_value_is_found(self, vin, position, sign):
        vin = vin[:8] + identifiers.vin_check_digit(vin) + vin[9:]
        if position == 8 or identifiers.VIN_VALUES[vin[position]] == identifiers.VIN_VALUES[sign]:
            return
        self.assertIn("check_digit", self.codes(vin[:position] + sign + vin[position + 1 :]))


@tagged("post_install", "-at_install")
class TestNumbers(BaseCase):
    def test_plates(self):
        for kind, plates in {
            "normal": "京A12345 粤B8K88Z 沪AD1234 粤Z1234港 京A1234学 川A1234挂 鲁B1234警",
            "nev_small": "沪AD12345 粤BF12345 浙AA12345",
            "nev_large": "京A12345D 苏E12345F",
            "": "京I12345 京A1234O 京AI2345 AB12345 京A1234 京A123456 粤BDI2345 粤BD123A5 "
            "京A12345X 港A12345",
        }.items():
            for plate in plates.split():
                with self.subTest(plate):
                    self.assertEqual(identifiers.plate_kind(plate), kind)

    def test_plates_typed_badly(self):
        self.assertEqual(identifiers.plate_kind("粤b12345"), "normal")
        self.assertEqual(identifiers.normalize_plate("京A·12345"), "京A12345")

    def test_id_cards(self):
        for number, sex in (
            ("11010519491231002X", "female"),
            ("320102198505120016", "male"),
            ("510107199202290028", "female"),
            ("31010120000101123X", "male"),
            ("440301198811110029", "female"),
            ("440524188001010014", "male"),
        ):
            with self.subTest(number):
                self.assertEqual(identifiers.id_card_problem(number), "")
                self.assertEqual(identifiers.id_card_sex(number), sex)
        for number, problem in (
            ("110105194912310021", "check_digit"),
            ("320102198513120016", "birth_date"),
            ("510107199302290028", "birth_date"),
            ("32010219850512001", "length"),
            ("3201021985051200AB", "alphabet"),
        ):
            with self.subTest(number):
                self.assertEqual(identifiers.id_card_problem(number), problem)

    def test_id_card_born_in_the_future_is_refused(self):
        self.assertEqual(identifiers.id_card_problem("110105299912310020"), "birth_date")

    def test_credit_codes(self):
        for number in (
            "91110000600037341L",
            "91110000802100433B",
            "91310000MA1FL8XT6J",
            "91440300MA5EQY1A1A",
            "91210106MA0TURHE35",
            "92330102MA2B1C3D48",
        ):
            with self.subTest(number):
                self.assertEqual(identifiers.credit_code_problem(number), "")
        for number, problem in (
            ("91320594MA1N0MMY8F", "check_digit"),
            ("91110000600037341I", "alphabet"),
            ("9111000060003734", "length"),
        ):
            with self.subTest(number):
                self.assertEqual(identifiers.credit_code_problem(number), problem)

    def test_phones(self):
        self.assertEqual(identifiers.normalize_mobile("13800138000"), "13800138000")
        self.assertEqual(identifiers.normalize_mobile("0086 199 1234 5678"), "19912345678")
        for number in ("12345678901", "1380013800", ""):
            self.assertEqual(identifiers.normalize_mobile(number), "")
        self.assertTrue(identifiers.is_landline("0571-8765432"))

    def test_full_width_digits_are_read_and_foreign_digits_refused(self):
        self.assertEqual(identifiers.id_card_problem("１１010519491231002Ｘ"), "")
        self.assertEqual(identifiers.normalize_mobile("１3800138000"), "13800138000")
        self.assertEqual(identifiers.normalize_mobile("1380013800٠"), "")
        self.assertEqual(identifiers.invoice_number_kind("1234567٠"), "")

    def test_bank_cards(self):
        for number in (
            "6222021234567894",
            "6225880123456783",
            "6228480012345678903",
            "6217001234567890122",
        ):
            with self.subTest(number):
                self.assertTrue(identifiers.is_bank_card(number))
        self.assertFalse(identifiers.is_bank_card("6222021234567895"))
        self.assertFalse(identifiers.is_bank_card("123456"))

    def test_invoice_numbers(self):
        self.assertEqual(identifiers.invoice_number_kind("25537000000148553858"), "digital")
        self.assertEqual(identifiers.invoice_number_kind("12345678"), "paper")
        self.assertEqual(identifiers.invoice_number_kind("2553700000014855385"), "")


def read_capital(text):
    """The amount behind capitals: the way back, for the property below."""
    units = {"拾": 10, "佰": 100, "仟": 1000}
    sign = -1 if text.startswith("负") else 1
    text = text.removeprefix("负").removesuffix("整")
    whole, _, part = text.rpartition("元") if "元" in text else ("", "", text)
    cents = 0
    for unit, size in (("角", 10), ("分", 1)):
        if unit in part:
            cents += identifiers.DIGITS.index(part[part.index(unit) - 1]) * size
    total = section = digit = 0
    for sign_ in whole:
        if sign_ in identifiers.DIGITS:
            digit = identifiers.DIGITS.index(sign_)
        elif sign_ in units:
            section, digit = section + digit * units[sign_], 0
        elif sign_ == "万":
            section, digit = (section + digit) * 10**4, 0
            total, section = total + section, 0
        else:
            total, section, digit = (total + section + digit) * 10**8, 0, 0
    return sign * (Decimal(total + section + digit) + Decimal(cents) / 100)


@tagged("post_install", "-at_install")
class TestCapitals(BaseCase):
    def test_amounts(self):
        for amount, text in (
            ("1409.50", "壹仟肆佰零玖元伍角"),
            ("6007.14", "陆仟零柒元壹角肆分"),
            ("1680.32", "壹仟陆佰捌拾元零叁角贰分"),
            ("107000.53", "壹拾万柒仟元零伍角叁分"),
            ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
            ("325.04", "叁佰贰拾伍元零肆分"),
            ("0", "零元整"),
            ("0.05", "伍分"),
            ("0.56", "伍角陆分"),
            ("10", "壹拾元整"),
            ("10.05", "壹拾元零伍分"),
            ("101", "壹佰零壹元整"),
            ("1001", "壹仟零壹元整"),
            ("10001", "壹万零壹元整"),
            ("101000", "壹拾万壹仟元整"),
            ("10010000", "壹仟零壹万元整"),
            ("100010001", "壹亿零壹万零壹元整"),
            ("147800", "壹拾肆万柒仟捌佰元整"),
            ("169599.65", "壹拾陆万玖仟伍佰玖拾玖元陆角伍分"),
            ("2000000.07", "贰佰万元零柒分"),
            ("-88.80", "负捌拾捌元捌角"),
        ):
            with self.subTest(amount):
                self.assertEqual(identifiers.rmb_capital(Decimal(amount)), text)

    @settings(max_examples=300, deadline=None)
    @given(st.decimals("-999999999999.99", "999999999999.99", places=2))
    def test_every_amount_can_be_read_back(self, amount):
        self.assertEqual(read_capital(identifiers.rmb_capital(amount)), amount)

    def test_half_a_cent_is_rounded_up(self):
        self.assertEqual(identifiers.rmb_capital("0.005"), "壹分")

    def test_dates(self):
        for day, text in (
            ((2026, 1, 15), "贰零贰陆年零壹月壹拾伍日"),
            ((2026, 10, 20), "贰零贰陆年零壹拾月零贰拾日"),
            ((2026, 12, 9), "贰零贰陆年壹拾贰月零玖日"),
            ((2026, 2, 28), "贰零贰陆年零贰月贰拾捌日"),
        ):
            self.assertEqual(identifiers.rmb_capital_date(datetime.date(*day)), text)
