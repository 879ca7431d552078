"""Raw responses, as players and browsers send them, -> values of the declared variables.

What is no value of the declared type is NULL, as a number field that holds a word.
"""

import math
import unicodedata
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from question_bank.qti.declarations import read_base_type
from question_bank.qti.definition import Declaration
from question_bank.qti.numbers import LONGEST_NUMBER, read_float, read_integer
from question_bank.qti.values import (
    NUMERIC,
    BaseType,
    Cardinality,
    Scalar,
    Value,
    integer,
    parse_scalar,
    real,
)

LONGEST_TEXT = 200_000
MOST_VALUES = 1_000


def read_response(declared: Declaration, raw: object) -> Value | None:
    """The value of one response variable from a raw value.

    Understood are single texts, numbers and booleans, lists of them, pairs and points as "A B" or
    as lists of two, records as mappings, and the JSON of portable custom interactions
    ({"base": ...}, {"list": ...}, {"record": ...}).
    """
    raw = _opened(raw)
    if raw is None:
        return None
    if declared.cardinality is Cardinality.RECORD:
        return _record(raw)
    listed = _listed(raw, declared)
    items = [_scalar(each, declared.base_type) for each in listed[:MOST_VALUES]]
    held = tuple(item for item in items if item is not None)
    if declared.cardinality is Cardinality.SINGLE:
        if len(held) != 1 or held == ("",):
            return None
    elif listed and not held:
        return None
    return Value(declared.base_type, held, declared.cardinality)


def _opened(raw: object) -> object:
    """The value within the JSON of a portable custom interaction."""
    if isinstance(raw, Mapping) and len(raw) == 1:
        if "base" in raw:
            inner = raw["base"]
            return next(iter(inner.values()), None) if isinstance(inner, Mapping) else inner
        if "list" in raw and isinstance(raw["list"], Mapping):
            return next(iter(raw["list"].values()), None)
        if "record" in raw and isinstance(raw["record"], Sequence):
            fields = (each for each in raw["record"] if isinstance(each, Mapping))
            return {str(each.get("name", "")): each for each in fields}
    return raw


def _listed(raw: object, declared: Declaration) -> Sequence[object]:
    if isinstance(raw, (set, frozenset)):
        return sorted(raw, key=str)
    if isinstance(raw, str) or not isinstance(raw, Sequence):
        return (raw,)
    if _is_one_of_two(raw, declared.base_type):
        return (raw,)
    return raw


def _is_one_of_two(raw: Sequence[object], base_type: BaseType | None) -> bool:
    """Whether a list of two is itself one point or one pair rather than two of them."""
    if len(raw) != 2 or base_type not in (
        *(BaseType.POINT, BaseType.PAIR, BaseType.DIRECTED_PAIR),
    ):
        return False
    return all(not isinstance(each, (list, tuple)) and len(str(each).split()) == 1 for each in raw)


def _scalar(raw: object, base_type: BaseType | None) -> Scalar | None:
    if raw is None:
        return None
    if isinstance(raw, Mapping):
        return _file(raw) if base_type is BaseType.FILE else None
    if isinstance(raw, (list, tuple)):
        raw = " ".join(str(each) for each in raw)
    if isinstance(raw, bool):
        raw = "true" if raw else "false"
    if isinstance(raw, float) and not math.isfinite(raw):
        return None
    if isinstance(raw, Fraction):
        raw = str(raw.numerator) if raw.denominator == 1 else repr(float(raw))
    written = format(raw, "f") if isinstance(raw, Decimal) else str(raw)
    if base_type in NUMERIC and len(written) <= LONGEST_NUMBER:
        written = unicodedata.normalize("NFKC", written)  # full-width digits of Chinese keyboards
    return parse_scalar(written[:LONGEST_TEXT], base_type)


def _file(raw: Mapping[object, object]) -> str | None:
    """A file travels as the name of what was stored elsewhere."""
    name = raw.get("name") or raw.get("file")
    return str(name)[:LONGEST_TEXT] if name else None


def _record(raw: object) -> Value | None:
    if isinstance(raw, Mapping):
        fields = {str(name): _field(each) for name, each in raw.items()}
        return Value(None, (), Cardinality.RECORD, fields) if fields else None
    written = str(raw).strip()
    return number_record(written) if written else None


def _field(raw: object) -> Value | None:
    if isinstance(raw, Mapping):
        base = raw.get("base")
        if not isinstance(base, Mapping) or not base:
            return None
        name, inner = next(iter(base.items()))
        base_type = read_base_type(str(name))
        item = _scalar(inner, base_type)
        return None if item is None else Value(base_type, (item,))
    if isinstance(raw, bool):
        return Value(BaseType.BOOLEAN, (raw,))
    if isinstance(raw, int):
        return integer(raw)
    item = _scalar(raw, BaseType.FLOAT if isinstance(raw, float) else BaseType.STRING)
    if item is None:
        return None
    return Value(BaseType.FLOAT if isinstance(raw, float) else BaseType.STRING, (item,))


def number_record(written: str) -> Value:
    """A typed number as the record that QTI describes: its value and the digits it was typed with.

    `stringValue`, `floatValue`, `integerValue`, `leftDigits`, `rightDigits`, `ndp` (decimal
    places), `nsf` (significant figures) and `exponent` (QTI 2.1, stringInteraction). A text that
    is no number has its `stringValue` only.
    """
    fields: dict[str, Value | None] = {"stringValue": Value(BaseType.STRING, (written,))}
    found = read_float(written)
    names = ("integerValue", "leftDigits", "rightDigits", "ndp", "nsf", "exponent")
    fields |= dict.fromkeys(("floatValue", *names))
    if found is None:
        return Value(None, (), Cardinality.RECORD, fields)
    mantissa, mark, exponent = written.lower().partition("e")
    left, _, right = mantissa.lstrip("+-").partition(".")
    fields["floatValue"] = real(found)
    whole = read_integer(written)
    fields["integerValue"] = None if whole is None or "." in written else integer(whole)
    fields["leftDigits"] = integer(len(left))
    fields["rightDigits"] = integer(len(right))
    shift = int(exponent) if mark else 0
    fields["ndp"] = integer(max(0, len(right) - shift))
    fields["nsf"] = integer(_significant(left, right))
    fields["exponent"] = integer(shift) if mark else None
    return Value(None, (), Cardinality.RECORD, fields)


def _significant(left: str, right: str) -> int:
    digits = (left + right).lstrip("0")
    return len(digits) if right else len(digits.rstrip("0"))
