"""The item and its parts as frozen values. Knows no file format and no scoring."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum


class ItemType(StrEnum):
    """The interactions that an item may ask for (`interactions.py` says what each needs)."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    TRUE_FALSE = "true_false"
    NUMERIC = "numeric"


class ItemStatus(StrEnum):
    """Where an item version stands in its life."""

    DRAFT = "draft"
    OPERATIONAL = "operational"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class Option:
    """One choice that the candidate sees; whether it is right stands only in the answer key."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class ChoiceKey:
    """The ids of the right options (`true` or `false` for true/false items)."""

    correct: frozenset[str]


@dataclass(frozen=True, slots=True)
class NumericKey:
    """A number with an absolute tolerance; `formula`, where given, recomputes `value` exactly."""

    value: Decimal
    tolerance: Decimal
    decimals: int
    unit: str = ""
    formula: str = ""


AnswerKey = ChoiceKey | NumericKey


@dataclass(frozen=True, slots=True)
class WrongAnswer:
    """A numeric answer that a named slip produces."""

    value: Decimal
    note: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why the key is right, why each distractor is not, and the habit to take away."""

    text: str
    takeaway: str = ""
    option_notes: Mapping[str, str] = field(default_factory=dict)
    wrong_answers: tuple[WrongAnswer, ...] = ()


@dataclass(frozen=True, slots=True)
class ProvisionalDifficulty:
    """An expert's guess, never an observed p-value.

    `p` is the share, in (0, 1), of just-qualified people of the item's level who are expected to
    answer it rightly (modified Angoff); `basis` is `placeholder` or names the panel.
    """

    p: Decimal
    basis: str


@dataclass(frozen=True, slots=True)
class CalibratedParameters:
    """Item parameters estimated from responses, logistic metric (D = 1)."""

    a: float
    b: float
    c: float
    responses: int


@dataclass(frozen=True, slots=True)
class Item:
    """One item as authored: what it asks, how it is keyed, explained and tagged."""

    id: str
    node: str
    dimension: str
    level: str
    type: ItemType
    point: str
    bloom: str
    stem: str
    options: tuple[Option, ...]
    answer_key: AnswerKey | None
    explanation: Explanation
    source: str
    expected_seconds: int
    difficulty: ProvisionalDifficulty
    calibration: CalibratedParameters | None = None
    enemies: tuple[str, ...] = ()
    valid_until: dt.date | None = None


@dataclass(frozen=True, slots=True)
class ItemVersion:
    """An immutable state of an item: every change makes the next version."""

    item: Item
    version: int
    status: ItemStatus
    author: str
    created_at: dt.datetime
