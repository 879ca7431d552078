"""Values of QTI variables: base type, cardinality, exact numbers, equality.

NULL is None. Integers are `int`, floats are `Fraction` (decimal text is exact), points and pairs
are tuples, durations are seconds as `Fraction`, everything else is text. No arithmetic here.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from question_bank.qti.numbers import read_duration, read_float, read_integer, written_number


class Cardinality(StrEnum):
    """How many values a variable holds."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    ORDERED = "ordered"
    RECORD = "record"


class BaseType(StrEnum):
    """What one value is."""

    BOOLEAN = "boolean"
    INTEGER = "integer"
    FLOAT = "float"
    STRING = "string"
    IDENTIFIER = "identifier"
    POINT = "point"
    PAIR = "pair"
    DIRECTED_PAIR = "directedPair"
    DURATION = "duration"
    FILE = "file"
    URI = "uri"
    INT_OR_IDENTIFIER = "intOrIdentifier"


Scalar = bool | int | Fraction | str | tuple[str, str] | tuple[Fraction, Fraction]
NUMERIC = (BaseType.INTEGER, BaseType.FLOAT)
PAIRS = (BaseType.PAIR, BaseType.DIRECTED_PAIR)


@dataclass(frozen=True, slots=True)
class Value:
    """A value that is not NULL; an empty container and an empty text count as NULL in `is_null`."""

    base_type: BaseType | None
    items: tuple[Scalar, ...]
    cardinality: Cardinality = Cardinality.SINGLE
    fields: "Mapping[str, Value | None]" = field(default_factory=dict)

    @property
    def single(self) -> Scalar:
        """The one value of single cardinality."""
        return self.items[0]

    @property
    def is_container(self) -> bool:
        """Whether this is a multiple or ordered container."""
        return self.cardinality in (Cardinality.MULTIPLE, Cardinality.ORDERED)


def boolean(value: bool) -> Value:
    """A single boolean."""
    return Value(BaseType.BOOLEAN, (value,))


def integer(value: int) -> Value:
    """A single integer."""
    return Value(BaseType.INTEGER, (value,))


def real(value: Fraction | int) -> Value:
    """A single float, exact."""
    return Value(BaseType.FLOAT, (Fraction(value),))


def is_null(value: Value | None) -> bool:
    """Whether QTI takes the value for NULL."""
    if value is None:
        return True
    if value.cardinality is Cardinality.RECORD:
        return not value.fields
    return not value.items or (not value.is_container and value.items == ("",))


def parse_scalar(text: str, base_type: BaseType | None) -> Scalar | None:
    """One value from its text form; None where the text is no value of the type."""
    plain = text.strip()
    match base_type:
        case BaseType.BOOLEAN:
            return {"true": True, "1": True, "false": False, "0": False}.get(plain.lower())
        case BaseType.INTEGER:
            return read_integer(plain)
        case BaseType.FLOAT:
            return read_float(plain)
        case BaseType.DURATION:
            return read_duration(plain)
        case BaseType.POINT:
            return _point(plain)
        case BaseType.PAIR | BaseType.DIRECTED_PAIR:
            words = plain.split()
            return (words[0], words[1]) if len(words) == 2 else None
        case BaseType.IDENTIFIER | BaseType.URI | BaseType.INT_OR_IDENTIFIER:
            return plain
    return text


def _point(text: str) -> tuple[Fraction, Fraction] | None:
    words = text.replace(",", " ").split()
    numbers = [read_float(word) for word in words]
    if len(numbers) != 2 or numbers[0] is None or numbers[1] is None:
        return None
    return numbers[0], numbers[1]


def write_scalar(item: Scalar) -> str:
    """The text form of one value."""
    if isinstance(item, bool):
        return "true" if item else "false"
    if isinstance(item, (int, Fraction)):
        return written_number(item)
    if isinstance(item, tuple):
        return " ".join(part if isinstance(part, str) else written_number(part) for part in item)
    return item


def scalar_as(item: Scalar, held: BaseType | None, wanted: BaseType | None) -> Scalar | None:
    """One value as another base type: numbers and texts change, the rest keeps its text form."""
    if held is wanted or wanted is None:
        return item
    if wanted in NUMERIC and held in NUMERIC and isinstance(item, (int, Fraction)):
        if wanted is BaseType.FLOAT:
            return Fraction(item)
        return int(item) if item == int(item) else item
    if wanted in PAIRS and held in PAIRS:
        return item
    return parse_scalar(write_scalar(item), wanted)


def _comparable(item: Scalar, base_type: BaseType | None) -> object:
    if isinstance(item, tuple) and base_type is BaseType.PAIR:
        return ("pair", *sorted(str(part) for part in item))
    if isinstance(item, bool):
        return ("boolean", item)
    if isinstance(item, (int, Fraction)):
        return ("number", Fraction(item))
    return item


def comparables(value: Value, like: BaseType | None = None) -> tuple[object, ...]:
    """The items in a form that is equal exactly where QTI's match says so.

    Where `like` names another base type the items are read as that type first: files in the wild
    compare identifiers with strings and integers with floats.
    """
    target = like or value.base_type
    items = (scalar_as(item, value.base_type, target) for item in value.items)
    return tuple(_comparable(item, target) for item in items if item is not None)


def common_type(first: Value, second: Value) -> BaseType | None:
    """The base type in which two values are compared; a pair without direction decides."""
    if first.base_type is second.base_type:
        return first.base_type
    if {first.base_type, second.base_type} == set(PAIRS):
        return BaseType.PAIR
    if first.base_type in NUMERIC or second.base_type in NUMERIC:
        return BaseType.FLOAT
    return first.base_type if first.base_type is not BaseType.STRING else second.base_type


def same(first: Value, second: Value) -> bool:
    """Whether two values are equal: ordered containers item by item, multiple ones as bags."""
    if Cardinality.RECORD in (first.cardinality, second.cardinality):
        return _same_fields(first, second)
    wanted = common_type(first, second)
    left, right = comparables(first, wanted), comparables(second, wanted)
    if len(left) != len(first.items) or len(right) != len(second.items):
        return False
    if Cardinality.MULTIPLE in (first.cardinality, second.cardinality):
        return Counter(left) == Counter(right)
    return left == right


def _same_fields(first: Value, second: Value) -> bool:
    if first.fields.keys() != second.fields.keys():
        return False
    pairs = ((first.fields[name], second.fields[name]) for name in first.fields)
    return all(
        (a is None and b is None) or (a is not None and b is not None and same(a, b))
        for a, b in pairs
    )


def container(cardinality: Cardinality, values: Sequence[Value | None]) -> Value | None:
    """A container of the values, containers among them opened, NULL left out; NULL if empty."""
    present = [value for value in values if value is not None and value.items]
    if not present:
        return None
    base_type = present[0].base_type
    items = [
        scalar_as(item, value.base_type, base_type) for value in present for item in value.items
    ]
    return Value(base_type, tuple(item for item in items if item is not None), cardinality)


def value_as(
    value: Value | None, base_type: BaseType | None, cardinality: Cardinality
) -> Value | None:
    """A value as a variable holds it: type and cardinality of the declaration where they fit.

    A number that is no integer stays as it is in an integer variable, so that no points are lost.
    Several values for a variable of single cardinality give NULL.
    """
    if value is None or Cardinality.RECORD in (cardinality, value.cardinality):
        return value if value is None or value.cardinality is cardinality else None
    items = [scalar_as(item, value.base_type, base_type) for item in value.items]
    held = tuple(item for item in items if item is not None)
    if cardinality is Cardinality.SINGLE and len(held) != 1:
        return None
    return Value(base_type or value.base_type, held, cardinality)
