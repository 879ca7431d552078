"""Typed look-ups in one mapping of a content file, with the place in every error."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from question_bank.errors import MalformedItem

_FRACTION = re.compile(r"-?\d{1,40}(/\d{1,40}|\.\d{1,40})?")
LARGEST_EXPONENT = 400
"""Powers of ten that a number may span: all of a float's, and still small for exact arithmetic."""


class FieldReader:
    """Typed look-ups in one mapping that raise MalformedItem with the place."""

    def __init__(self, data: Mapping[str, Any], where: str) -> None:
        self.data = data
        self.where = where

    def fault(self, name: str, expected: str, found: object) -> MalformedItem:
        return MalformedItem(
            where=f"{self.where}, field {name}", expected=expected, found=repr(found)[:80]
        )

    def text(self, name: str, default: str | None = None) -> str:
        value = self.data.get(name, default)
        if not isinstance(value, str):
            raise self.fault(name, "text", value)
        return value

    def choice(self, name: str, allowed: Iterable[str], default: str | None = None) -> str:
        value = self.text(name, default)
        if value not in tuple(allowed):
            raise self.fault(name, f"one of {', '.join(allowed)}", value)
        return value

    def integer(self, name: str) -> int:
        value = self.data.get(name)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.fault(name, "a whole number", value)
        return value

    def decimal(self, name: str, default: str | None = None) -> Decimal:
        value = self.data.get(name, default)
        try:
            number = Decimal(str(value))
        except InvalidOperation:
            raise self.fault(name, "a number", value) from None
        if not number.is_finite():
            raise self.fault(name, "a finite number", value)
        if number.adjusted() >= LARGEST_EXPONENT or _decimals(number) > LARGEST_EXPONENT:
            limit = f"a number below 1e{LARGEST_EXPONENT} of at most {LARGEST_EXPONENT} decimals"
            raise self.fault(name, limit, value)
        return number

    def fraction(self, name: str, default: Fraction | None) -> Fraction | None:
        """An exact number such as 2, 0.5 or 1/3; None where it says null or the default does."""
        value = self.data.get(name, default)
        if value is None:
            return None
        if isinstance(value, float | bool) or not _FRACTION.fullmatch(str(value)):
            raise self.fault(name, "a number such as 2, 1/3 or 0.5 in quotation marks", value)
        try:
            return Fraction(str(value))
        except ZeroDivisionError:
            raise self.fault(name, "a fraction not divided by zero", value) from None

    def fractions(self, name: str) -> dict[str, Fraction]:
        """A mapping of names to exact numbers; empty where it is missing."""
        part = FieldReader(self.data.get(name) or {}, f"{self.where}, field {name}")
        if not isinstance(part.data, Mapping):
            raise self.fault(name, "a mapping", part.data)
        return {str(key): part.fraction(key, None) or Fraction(0) for key in part.data}

    def flag(self, name: str, *, default: bool = False) -> bool:
        value = self.data.get(name, default)
        if not isinstance(value, bool):
            raise self.fault(name, "true or false", value)
        return value

    def names(self, name: str, expected: str) -> tuple[str, ...]:
        values = self.entries(name)
        if not all(isinstance(value, str) for value in values):
            raise self.fault(name, expected, values)
        return tuple(values)

    def date(self, name: str) -> dt.date | None:
        value = self.data.get(name)
        if value is None or (isinstance(value, dt.date) and not isinstance(value, dt.datetime)):
            return value
        try:
            return dt.date.fromisoformat(str(value))
        except ValueError:
            raise self.fault(name, "a date such as 2027-10-31", value) from None

    def entries(self, name: str) -> list[Any]:
        value = self.data.get(name) or []
        if not isinstance(value, list):
            raise self.fault(name, "a list", value)
        return value

    def part(self, name: str) -> "FieldReader":
        value = self.data.get(name)
        if not isinstance(value, Mapping):
            raise self.fault(name, "a mapping", value)
        return FieldReader(value, f"{self.where}, field {name}")

    def parts(self, name: str) -> list["FieldReader"]:
        readers = []
        for number, entry in enumerate(self.entries(name), start=1):
            if not isinstance(entry, Mapping):
                raise self.fault(name, "a list of mappings", entry)
            readers.append(FieldReader(entry, f"{self.where}, {name} {number}"))
        return readers


def _decimals(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0
