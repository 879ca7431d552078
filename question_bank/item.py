"""The item and its parts as frozen values. Knows no file format and no scoring.

How the points of a response are reckoned is said by the item's `Scoring` (`scoring.py`); what is
right is said by its answer key (`answer_key.py`).
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from question_bank.answer_key import AnswerKey
from question_bank.scoring import PLAIN_SCORING, Scoring


class ItemType(StrEnum):
    """The interactions that an item may ask for (`interactions.py` says what each needs)."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    TRUE_FALSE = "true_false"
    NUMERIC = "numeric"
    FILL_IN = "fill_in"
    ORDER = "order"
    MATCH = "match"
    ESSAY = "essay"
    COMPOSITE = "composite"
    """Only the item's markup says what its interactions are."""


class ItemStatus(StrEnum):
    """Where an item version stands in its life.

    A pretest item is administered in exams to gather responses and is never scored.
    """

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    PRETEST = "pretest"
    OPERATIONAL = "operational"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class Option:
    """One choice that the candidate sees; whether it is right stands only in the answer key."""

    id: str
    text: str


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
class Stimulus:
    """A case that several items share: text and tables, in Markdown."""

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class ItemFile:
    """A picture that texts show by its name, or an attachment kept from an exchange file.

    `digest` is the SHA-256 of the content in hexadecimal; equality rests on it.
    """

    name: str
    media_type: str
    digest: str
    content: bytes = field(default=b"", compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Item:
    """One item as authored: what it asks, how it is keyed, explained and tagged.

    Texts are Markdown. An imported item that nobody tagged yet has an empty node, dimension and
    level. `targets` are what the options of a matching item are matched with. `work_area` and
    `chapter` are codes of the curriculum. `markup` is the QTI 3.0 text of an item from such a
    file; beside a plain type it keeps what the type cannot say.
    """

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
    targets: tuple[Option, ...] = ()
    scoring: Scoring = PLAIN_SCORING
    stimulus: Stimulus | None = None
    work_area: str = ""
    chapter: str = ""
    files: tuple[ItemFile, ...] = ()
    markup: str = ""
    shuffle: bool = True
    """Whether the order of the options may change from one candidate to another."""


@dataclass(frozen=True, slots=True)
class ItemVersion:
    """An immutable state of an item: every change makes the next version."""

    item: Item
    version: int
    status: ItemStatus
    author: str
    created_at: dt.datetime
