"""Rules for single fields of a credential: each raises CredentialFieldError with the field.

Knows nothing of how the fields belong together; see credential.py.
"""

from __future__ import annotations

import math
import re
import unicodedata
from datetime import datetime, timedelta
from typing import NoReturn

from certificates.errors import CredentialFieldError

MAX_TEXT = 200
HEX_64 = re.compile(r"[0-9a-f]{64}")
SALT = re.compile(r"(?:[0-9a-f]{2}){16,64}")
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")


def reject(field: str, expected: str, found: object) -> NoReturn:
    raise CredentialFieldError(field=field, expected=expected, found=repr(found))


def check_text(field: str, value: object) -> None:
    """One line of printable text: what cannot be seen on the page may not stand in the claim."""
    if not isinstance(value, str) or not value or len(value) > MAX_TEXT:
        reject(field, f"1 to {MAX_TEXT} characters of text", value)
    if value != value.strip():
        reject(field, "no blanks at either end", value)
    for character in value:
        # Cc, Cf, Cs, Co, Cn: controls, bidi overrides, surrogates, private use, unassigned.
        if unicodedata.category(character)[0] == "C" or character in "\u2028\u2029":
            reject(field, "visible characters only", f"U+{ord(character):04X}")


def check_pattern(field: str, value: object, pattern: re.Pattern[str], expected: str) -> None:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        reject(field, expected, value)


def check_number(field: str, value: object, low: float, high: float) -> None:
    # bool is an int in Python but never a measurement.
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        reject(field, "a number", value)
    if not math.isfinite(value) or not low <= value <= high:
        reject(field, f"a number from {low:g} to {high:g}", value)


def check_count(field: str, value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        reject(field, "a count", value)


def check_instant(field: str, value: object) -> None:
    if not isinstance(value, datetime) or value.utcoffset() != timedelta(0):
        reject(field, "a date and time in UTC", value)
