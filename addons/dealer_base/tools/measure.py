import re
import unicodedata

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")


def parse_measure(text):
    """Return the number that somebody typed on a phone, or None when it is not one.

    An empty text means "not measured", which a float column could not tell from 0. Digits of
    Chinese input methods and a decimal comma are understood; a comma that may separate
    thousands is not guessed at.

    >>> parse_measure(" 12.6 "), parse_measure("12,6"), parse_measure("１２．６")
    (12.6, 12.6, 12.6)
    >>> parse_measure("0"), parse_measure("-3.5"), parse_measure("−3.5")
    (0.0, -3.5, -3.5)
    >>> [parse_measure(text) for text in (None, "", "abc", "1.2.3", "1,234", "nan", "1e9")]
    [None, None, None, None, None, None, None]
    """
    number = unicodedata.normalize("NFKC", text or "").strip().replace("\N{MINUS SIGN}", "-")
    if re.fullmatch(r"[+-]?\d+,\d{1,2}", number):
        number = number.replace(",", ".")
    return float(number) if _NUMBER.fullmatch(number) else None
