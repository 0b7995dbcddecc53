"""Numbers that identify cars, people, companies and payments in China, as pure functions.

Nothing here knows a database: models call these and put the problems into words. The published test
vectors are in ``tests/test_identifiers.py``.
"""

import datetime
import re
from collections import namedtuple
from decimal import ROUND_HALF_UP, Decimal

from stdnum import luhn
from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError
from vininfo.dicts.wmi import WMI

#: One thing that is wrong with a number: ``level`` is "error" or "warning", ``code`` a word that
#: the caller puts into a sentence, ``params`` what the sentence needs.
Problem = namedtuple("Problem", "level code params")

FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}


def normalize_number(text, keep=""):
    """A number as it is stored: half-width, upper-case, without blanks and hyphens.

    :param keep: separators that stay

    >>> normalize_number("９1110000-600037341l")
    '91110000600037341L'
    """
    text = (text or "").translate(FULL_WIDTH).upper()
    return "".join(sign for sign in text if not (sign.isspace() or sign in "-‐–—") or sign in keep)


# === VIN (GB 16735, ISO 3779) ===

VIN_LETTERS = dict(
    zip("ABCDEFGHJKLMNPRSTUVWXYZ", (*range(1, 9), *range(1, 6), 7, 9, *range(2, 10)), strict=True)
)
VIN_VALUES = VIN_LETTERS | {str(digit): digit for digit in range(10)}
VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
#: position 10, from 1980 and again from 2010: no I, O, Q, U, Z and no 0
YEAR_CODES = "ABCDEFGHJKLMNPRSTVWXY123456789"


def normalize_vin(text):
    """The VIN as it is stored: half-width, upper-case, without blanks and hyphens.

    >>> normalize_vin(" lfv3a23c-6n3123456 ")
    'LFV3A23C6N3123456'
    """
    return normalize_number(text)


def vin_check_digit(vin):
    """The character that belongs at position 9.

    >>> vin_check_digit("1M8GDM9AXKP042788")
    'X'
    """
    rest = (
        sum(VIN_VALUES[sign] * weight for sign, weight in zip(vin, VIN_WEIGHTS, strict=True)) % 11
    )
    return "X" if rest == 10 else str(rest)


def check_vin(vin):
    """What is wrong with a VIN, worst first; an empty list when nothing is.

    A wrong check digit or model year is an error only where the law asks for them: cars made in
    China (``L…``). Elsewhere position 9 may hold anything, so it is a warning.

    >>> check_vin("LFV3A23C6N3123456")
    []
    >>> check_vin("LFV3A23C5N3123456")[0].code
    'check_digit'
    """
    vin = normalize_vin(vin)
    if len(vin) != 17:
        return [Problem("error", "length", {"length": len(vin)})]
    wrong = sorted(set(vin) - VIN_VALUES.keys())
    if wrong:
        return [Problem("error", "alphabet", {"characters": " ".join(wrong)})]
    strict = "error" if vin[0] == "L" else "warning"
    problems = []
    if vin[8] != vin_check_digit(vin):
        problems.append(Problem(strict, "check_digit", {"expected": vin_check_digit(vin)}))
    if vin[9] not in YEAR_CODES:
        problems.append(Problem(strict, "model_year", {"character": vin[9]}))
    if vin[0] == "L" and not vin[13:].isdigit():
        problems.append(Problem("warning", "serial", {"serial": vin[13:]}))
    if not vin_maker(vin):
        problems.append(Problem("warning", "maker", {"wmi": vin[:3]}))
    return problems


def vin_model_year(vin, reference_year):
    """Model year of a VIN, or None: the largest candidate not beyond ``reference_year`` + 1.

    :param reference_year: year of first registration or production, else the present one

    >>> vin_model_year("LFV3A23C6N3123456", 2026), vin_model_year("LSGPC52U6AF104580", 2026)
    (2022, 2010)
    """
    vin = normalize_vin(vin)
    if len(vin) != 17 or vin[9] not in YEAR_CODES:
        return None
    first = 1980 + YEAR_CODES.index(vin[9])
    candidates = [year for year in range(first, reference_year + 2, 30)]
    return candidates[-1] if candidates else None


def vin_maker(vin):
    """Name of the maker by the world manufacturer identifier, or an empty text.

    The table is that of the kept library ``vininfo``; it knows most makers, not all.

    >>> vin_maker("LFV3A23C6N3123456")
    'FAW-Volkswagen'
    """
    vin = normalize_vin(vin)
    maker = WMI.get(vin[:3]) or WMI.get(vin[:2]) or ""
    return maker if isinstance(maker, str) else maker.title


# === LICENCE PLATE (GA 36-2018) ===

PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
PLATE_KINDS = {
    "normal": re.compile(rf"[{PROVINCES}][A-HJ-NP-Z][A-HJ-NP-Z0-9]{{4}}[A-HJ-NP-Z0-9挂学警港澳]"),
    "nev_small": re.compile(rf"[{PROVINCES}][A-HJ-NP-Z][DABCEFGHJK][A-HJ-NP-Z0-9][0-9]{{4}}"),
    "nev_large": re.compile(rf"[{PROVINCES}][A-HJ-NP-Z][0-9]{{5}}[DABCEFGHJK]"),
}


def normalize_plate(text):
    """The plate as it is stored: upper-case, without blanks, dots and hyphens.

    >>> normalize_plate("京a·12345")
    '京A12345'
    """
    return re.sub(r"[\s·•・.\-]", "", (text or "").translate(FULL_WIDTH)).upper()


def plate_kind(text):
    """ "normal", "nev_small", "nev_large", or an empty text for no plate of the mainland.

    >>> plate_kind("沪AD12345"), plate_kind("沪AD1234"), plate_kind("京I12345")
    ('nev_small', 'normal', '')
    """
    plate = normalize_plate(text)
    return next((kind for kind, form in PLATE_KINDS.items() if form.fullmatch(plate)), "")


# === PEOPLE AND COMPANIES ===


def id_card_problem(text):
    """Why a resident ID card number (GB 11643) is wrong: "length", "alphabet", "birth_date",
    "check_digit"; an empty text when it is right.

    An unknown region is no reason: codes of abolished districts stay valid on cards.

    >>> id_card_problem("11010519491231002X"), id_card_problem("110105194912310021")
    ('', 'check_digit')
    """
    number = normalize_number(text)
    if len(number) != 18:
        return "length"
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        return "alphabet"
    try:
        born = ric.get_birth_date(number)
    except ValidationError:
        return "birth_date"
    if born > datetime.date.today():
        return "birth_date"
    return "" if number[-1] == ric.calc_check_digit(number) else "check_digit"


def id_card_sex(text):
    """ "male" or "female" by the 17th digit of a right ID card number.

    >>> id_card_sex("320102198505120016")
    'male'
    """
    return "male" if int(normalize_number(text)[16]) % 2 else "female"


def credit_code_problem(text):
    """Why a unified social credit code (GB 32100) is wrong: "length", "alphabet", "check_digit".

    >>> credit_code_problem("91110000600037341L"), credit_code_problem("91320594MA1N0MMY8F")
    ('', 'check_digit')
    """
    number = normalize_number(text)
    if len(number) != 18:
        return "length"
    try:
        uscc.validate(number)
    except ValidationError:
        right = set(number) <= set("0123456789ABCDEFGHJKLMNPQRTUWXY")
        return "check_digit" if right else "alphabet"
    return ""


def normalize_mobile(text):
    """A Chinese mobile number as eleven digits, or an empty text when it is none.

    >>> normalize_mobile("+86 138-0013-8000"), normalize_mobile("12345678901")
    ('13800138000', '')
    """
    number = re.sub(r"[\s\-()]", "", (text or "").translate(FULL_WIDTH))
    number = re.sub(r"^(\+86|0086)", "", number)
    return number if re.fullmatch(r"1[3-9][0-9]{9}", number) else ""


def is_landline(text):
    """Whether a text is a landline number with its area code.

    >>> is_landline("021-12345678"), is_landline("12345678")
    (True, False)
    """
    return bool(re.fullmatch(r"0[0-9]{2,3}-?[0-9]{7,8}", normalize_number(text, keep="-")))


def is_bank_card(text):
    """Whether a text is the number of a personal bank card (Luhn); corporate accounts are not.

    >>> is_bank_card("6222021234567894"), is_bank_card("6222021234567895")
    (True, False)
    """
    number = normalize_number(text)
    return bool(re.fullmatch(r"[0-9]{16,19}", number)) and luhn.is_valid(number)


def invoice_number_kind(text):
    """ "digital" for a 20-digit invoice number, "paper" for an 8-digit one, else an empty text.

    >>> invoice_number_kind("25537000000148553858"), invoice_number_kind("12345678")
    ('digital', 'paper')
    """
    number = normalize_number(text)
    if re.fullmatch(r"[0-9]{20}", number):
        return "digital"
    return "paper" if re.fullmatch(r"[0-9]{8}", number) else ""


# === AMOUNTS AND DATES IN CAPITALS (正确填写票据和结算凭证的基本规定) ===

DIGITS = "零壹贰叁肆伍陆柒捌玖"
CENT = Decimal("0.01")


def rmb_capital(amount):
    """An amount in RMB capitals, with the optional 零 where 元 ends in zero and 角 follows.

    :param amount: Decimal, int or text, rounded half up to cents

    >>> rmb_capital("107000.53"), rmb_capital(0), rmb_capital("-88.80")
    ('壹拾万柒仟元零伍角叁分', '零元整', '负捌拾捌元捌角')
    """
    amount = Decimal(str(amount)).quantize(CENT, ROUND_HALF_UP)
    sign = "负" if amount < 0 else ""
    cents = int(abs(amount) * 100)
    yuan, jiao, fen = cents // 100, cents // 10 % 10, cents % 10
    if not cents:
        return "零元整"
    text = f"{_capital_integer(yuan)}元" if yuan else ""
    if not jiao and not fen:
        return f"{sign}{text}整"
    if yuan and (not jiao or yuan % 10 == 0):
        text += "零"
    if jiao:
        text += f"{DIGITS[jiao]}角"
    if fen:
        text += f"{DIGITS[fen]}分"
    return sign + text


def _capital_integer(number):
    """Capitals of a positive integer below 10**16, grouped by 万 and 亿."""
    for size, unit in ((10**8, "亿"), (10**4, "万")):
        high, low = divmod(number, size)
        if high:
            text = f"{_capital_integer(high)}{unit}"
            if low:
                # a gap between the groups is one 零; a full low group needs none
                text += ("零" if low < size // 10 else "") + _capital_integer(low)
            return text
    text, gap = "", False
    for power, unit in ((1000, "仟"), (100, "佰"), (10, "拾"), (1, "")):
        digit = number // power % 10
        if digit:
            text += ("零" if gap and text else "") + DIGITS[digit] + unit
            gap = False
        else:
            gap = True
    return text


def rmb_capital_date(date):
    """A bill's issue date in capitals, with the 零 that keeps it from being altered.

    >>> rmb_capital_date(datetime.date(2026, 1, 15)), rmb_capital_date(datetime.date(2026, 10, 20))
    ('贰零贰陆年零壹月壹拾伍日', '贰零贰陆年零壹拾月零贰拾日')
    """
    year = "".join(DIGITS[int(digit)] for digit in f"{date.year:04d}")
    month, day = _capital_integer(date.month), _capital_integer(date.day)
    month = f"零{month}" if date.month in (1, 2, 10) else month
    day = f"零{day}" if date.day < 10 or date.day in (10, 20, 30) else day
    return f"{year}年{month}月{day}日"
