"""What is right, by type of item. Only `response_processing` reads it to score."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class ChoiceKey:
    """The ids of the right options (`true` or `false` for true/false items)."""

    correct: frozenset[str]


@dataclass(frozen=True, slots=True)
class NumericKey:
    """A number with a tolerance, absolute or a share of the value.

    `formula`, where given, recomputes `value` exactly.
    """

    value: Decimal
    tolerance: Decimal
    decimals: int
    unit: str = ""
    formula: str = ""
    relative: bool = False


@dataclass(frozen=True, slots=True)
class AcceptedAnswer:
    """One answer a blank accepts; a tolerance makes it a number. `share` is the credit, 0 to 1."""

    text: str
    share: Fraction = Fraction(1)
    tolerance: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Blank:
    """One blank of a fill-in item; the stem marks its place with `{{id}}`."""

    id: str
    accepted: tuple[AcceptedAnswer, ...]
    case_sensitive: bool = False


@dataclass(frozen=True, slots=True)
class BlanksKey:
    """The blanks of a fill-in item, in the order of the stem."""

    blanks: tuple[Blank, ...]


@dataclass(frozen=True, slots=True)
class OrderKey:
    """All option ids in the right order."""

    sequence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MatchKey:
    """The right pairs of option id and target id."""

    pairs: frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class EssayKey:
    """An answer that people mark; `reference` is for them. 0 characters means no limit."""

    reference: str = ""
    most_characters: int = 0


AnswerKey = ChoiceKey | NumericKey | BlanksKey | OrderKey | MatchKey | EssayKey
