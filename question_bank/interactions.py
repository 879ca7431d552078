"""What each interaction asks of an item and of a response. Scoring is in `response_processing`.

A raw response travels as JSON: a list of option ids for choices, `{"value": "12.5"}` for numbers.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from question_bank.errors import MalformedResponse
from question_bank.item import Item, ItemType

TRUE_FALSE_IDS = ("true", "false")
LONGEST_NUMBER = 32
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,2})?")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")


@dataclass(frozen=True, slots=True)
class InteractionRule:
    """How many options an item of the type has and how many of them may be right."""

    options: int
    fewest_correct: int
    most_correct: int


CHOICE_RULES: Mapping[ItemType, InteractionRule] = {
    ItemType.SINGLE: InteractionRule(options=4, fewest_correct=1, most_correct=1),
    ItemType.MULTIPLE: InteractionRule(options=5, fewest_correct=2, most_correct=4),
    ItemType.TRUE_FALSE: InteractionRule(options=2, fewest_correct=1, most_correct=1),
}
"""Counts per choice type; sources: the item writing rules OP1, MC1, TF1."""


@dataclass(frozen=True, slots=True)
class ChoiceResponse:
    """Ids of the options chosen."""

    chosen: frozenset[str]


@dataclass(frozen=True, slots=True)
class NumericResponse:
    """The number as typed (for the record) and as read; None where it is not a number."""

    text: str
    value: Decimal | None


Response = ChoiceResponse | NumericResponse


def parse_response(item: Item, raw: object) -> Response:
    """Read a raw JSON response for this item.

    Raises MalformedResponse when the shape is wrong or an option id is unknown; a number that
    cannot be read is no error but a response with value None (it scores 0 and is kept as typed).
    """
    if item.type is ItemType.NUMERIC:
        return _numeric_response(item, raw)
    return _choice_response(item, raw)


def is_blank(raw: object) -> bool:
    """Whether a raw response says nothing: no option chosen, or no number typed."""
    if isinstance(raw, Mapping):
        return not str(raw.get("value", "")).strip()
    return not raw


def _choice_response(item: Item, raw: object) -> ChoiceResponse:
    if not isinstance(raw, Sequence) or isinstance(raw, str):
        found = repr(raw)[:80]
        raise MalformedResponse(item_id=item.id, expected="a list of option ids", found=found)
    known = {option.id for option in item.options}
    for option_id in raw:
        if not isinstance(option_id, str) or option_id not in known:
            raise MalformedResponse(
                item_id=item.id,
                expected=f"option ids out of {', '.join(sorted(known))}",
                found=repr(option_id)[:80],
            )
    chosen = frozenset(raw)
    most = 1 if CHOICE_RULES[item.type].most_correct == 1 else len(known)
    if len(chosen) > most:
        raise MalformedResponse(item_id=item.id, expected="one option", found=f"{len(chosen)}")
    return ChoiceResponse(chosen)


def _numeric_response(item: Item, raw: object) -> NumericResponse:
    text = raw.get("value") if isinstance(raw, Mapping) else None
    if not isinstance(text, str) or len(text) > LONGEST_NUMBER:
        raise MalformedResponse(
            item_id=item.id,
            expected=f'{{"value": "number as text, at most {LONGEST_NUMBER} characters"}}',
            found=repr(raw)[:80],
        )
    return NumericResponse(text, read_number(text))


def read_number(text: str) -> Decimal | None:
    """A typed number: full-width digits, blanks and commas between thousands are accepted.

    None for anything else (12,5 might mean 12.5 or be a slip, so it is not guessed), and for a
    number so large or so fine that comparing it exactly would need more memory than a machine has
    (an exponent of three digits or more).
    """
    if any(unicodedata.category(character) == "No" for character in text):
        return None  # NFKC would read ten squared as 102
    plain = unicodedata.normalize("NFKC", text).replace(" ", "").strip().replace("−", "-")
    if _THOUSANDS.fullmatch(plain):
        plain = plain.replace(",", "")
    if not _NUMBER.fullmatch(plain):
        return None
    value = Decimal(plain)
    return value if abs(value) < Decimal(10) ** LONGEST_NUMBER else None
