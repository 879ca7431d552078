"""Numbers as people type them in forms: full-width digits and thousands commas are read too."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal, InvalidOperation
from fractions import Fraction

LARGEST_EXPONENT = 30
FRACTION = re.compile(r"(-?[0-9]{1,9})/([0-9]{1,9})")


def read_decimal(text: str) -> str | None:
    """A number in plain digits; None for anything else."""
    plain = in_plain_digits(text).replace(",", "").replace("−", "-")
    try:
        number = Decimal(plain)
    except InvalidOperation:
        return None
    if not number.is_finite() or "_" in plain or len(plain) > LARGEST_EXPONENT:
        return None
    return plain if abs(number.adjusted()) < LARGEST_EXPONENT else None


def read_share(text: str) -> Fraction | None:
    """A number or a fraction such as 1/3, exactly."""
    found = FRACTION.fullmatch(in_plain_digits(text).replace(" ", "").replace("−", "-"))
    if found:
        return Fraction(int(found[1]), int(found[2])) if int(found[2]) else None
    plain = read_decimal(text)
    return None if plain is None else Fraction(plain)


def read_whole(text: str) -> int | None:
    """A whole number of at most six digits."""
    plain = in_plain_digits(text)
    return int(plain) if re.fullmatch(r"[0-9]{1,6}", plain) else None


def in_plain_digits(text: str) -> str:
    """Full-width digits as plain ones; nothing where a digit is raised, as in ten squared."""
    if any(unicodedata.category(sign) == "No" for sign in text):
        return ""
    return unicodedata.normalize("NFKC", text).strip()
