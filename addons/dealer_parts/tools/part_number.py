"""Part numbers as printed, and as they are compared."""

import re
import unicodedata

_SEPARATORS = re.compile(r"[^0-9A-Z]+")


def normalise(number):
    """Key of a part number: upper case, letters and digits only (domain-cn §5).

    Full-width characters, as Chinese keyboards type them, count as plain ones.

    >>> normalise("04465-0k290")
    '044650K290'
    """
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", number or "").upper())
