"""Numbers of QTI: exact reading and writing, rounding, and a bound on their size."""

import math
import re
from fractions import Fraction

LONGEST_NUMBER = 60
LARGEST_EXPONENT = 308
LARGEST_BINARY_EXPONENT = 1000
BITS = 4096
"""A float keeps its exact value up to this many bits, and is the nearest double beyond."""
_INTEGER = re.compile(r"[+-]?[0-9]+(\.0*)?")
_FLOAT = re.compile(r"([+-]?([0-9]+\.?[0-9]*|\.[0-9]+))([eE]([+-]?[0-9]{1,4}))?")
_DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?", re.ASCII)
_DURATION_SECONDS = (86400, 3600, 60, 1)


def read_integer(text: str) -> int | None:
    """An integer from its text form; `4.0` counts, `4.5` does not."""
    plain = text.strip()
    if len(plain) > LONGEST_NUMBER or not _INTEGER.fullmatch(plain):
        return None
    return int(plain.partition(".")[0])


def read_float(text: str) -> Fraction | None:
    """A decimal number, exact; None for anything else, for INF and NaN, and for a huge exponent."""
    plain = text.strip()
    found = _FLOAT.fullmatch(plain) if len(plain) <= 2 * LONGEST_NUMBER else None
    if found is None:
        return None
    exponent = int(found[4] or 0)
    if abs(exponent) > LARGEST_EXPONENT:
        return None
    return Fraction(found[1]) * Fraction(10) ** exponent


def read_duration(text: str) -> Fraction | None:
    """Seconds, as a number (QTI 2.x) or as an ISO 8601 duration of days and less."""
    found = _DURATION.fullmatch(text) if 2 < len(text) <= LONGEST_NUMBER else None
    if found is None:
        return read_float(text)
    parts = zip(found.groups(), _DURATION_SECONDS, strict=True)
    return sum((Fraction(part) * unit for part, unit in parts if part), Fraction(0))


def from_double(number: float) -> Fraction | None:
    """A double as an exact fraction; None for infinities and for what is not a number."""
    return Fraction(number) if math.isfinite(number) else None


def to_double(number: Fraction | int) -> float:
    """The nearest double; infinite beyond its range."""
    try:
        return float(number)
    except OverflowError:
        return math.inf if number > 0 else -math.inf


def bounded(number: Fraction) -> Fraction | None:
    """The number, at most `BITS` long: the nearest double beyond, None outside a double's range."""
    numerator, denominator = number.numerator.bit_length(), number.denominator.bit_length()
    if numerator - denominator < LARGEST_BINARY_EXPONENT and numerator + denominator <= BITS:
        return number
    return from_double(to_double(number))


def round_half_up(number: Fraction) -> int:
    """The nearest integer, ties towards positive infinity (QTI: 6.5 -> 7, -6.5 -> -6)."""
    return math.floor(number + Fraction(1, 2))


def round_to(number: Fraction, figures: int, significant: bool) -> Fraction | None:
    """QTI's roundTo: the digit after the last one kept decides, 5 and more raise it.

    Raising works on the digits, so ties go away from zero. None where `figures` makes no sense.
    """
    if abs(figures) > LARGEST_EXPONENT or (significant and figures < 1):
        return None
    if number == 0:
        return Fraction(0)
    places = figures - 1 - _magnitude(abs(number)) if significant else figures
    scale = Fraction(10) ** places
    rounded = Fraction(math.floor(abs(number) * scale + Fraction(1, 2))) / scale
    return rounded if number > 0 else -rounded


def _magnitude(number: Fraction) -> int:
    """The power of ten of the first digit of a positive number."""
    guess = len(str(number.numerator)) - len(str(number.denominator))
    return guess if number >= Fraction(10) ** guess else guess - 1


def written_number(number: Fraction | int) -> str:
    """The shortest text form: `7` for 7.0, `0.1` for one tenth, a double's digits for the rest."""
    if number == int(number):
        return str(int(number))
    return repr(to_double(number))
