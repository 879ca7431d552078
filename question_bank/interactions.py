"""What each interaction asks of an item and of a response. Scoring is in `response_processing`.

A raw response travels as JSON: a list of option ids for choices and orders; `{"value": "12.5"}` for
a number; `{"blanks": {"1": "FOB"}}`, `{"pairs": {"a": "t1"}}` and `{"text": "…"}` for blanks, pairs
and essays; `{"responses": {"RESPONSE": …}}` for the interactions of an item's markup.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from question_bank.answer_key import BlanksKey
from question_bank.errors import MalformedResponse
from question_bank.item import Item, ItemType

TRUE_FALSE_IDS = ("true", "false")
LONGEST_NUMBER = 32
LONGEST_BLANK = 200
LONGEST_ESSAY = 20_000
LONGEST_MARKUP_RESPONSE = 100_000
"""Characters; a response of an item's markup is measured as it would be written."""
BLANK_MARK = re.compile(r"\{\{\s*([^{}\s]{1,40})\s*\}\}")
"""A blank in the stem of a fill-in item, such as {{1}}."""
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


@dataclass(frozen=True, slots=True)
class BlanksResponse:
    """What was typed, by blank; a blank left empty may be missing."""

    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class OrderResponse:
    """Option ids in the order chosen; all of them, or none."""

    sequence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MatchResponse:
    """Pairs of option id and target id; an option left alone is missing."""

    pairs: frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class EssayResponse:
    """A text that people mark."""

    text: str


@dataclass(frozen=True, slots=True)
class MarkupResponse:
    """Raw values by response identifier, for an item that its markup scores."""

    values: Mapping[str, Any]


Response = (
    ChoiceResponse
    | NumericResponse
    | BlanksResponse
    | OrderResponse
    | MatchResponse
    | EssayResponse
    | MarkupResponse
)


def parse_response(item: Item, raw: object) -> Response:
    """Read a raw JSON response for this item.

    Raises MalformedResponse when the shape is wrong or an id is unknown; a number that cannot be
    read is no error but a response with value None (it scores 0 and is kept as typed).
    """
    match item.type:
        case ItemType.NUMERIC:
            return _numeric_response(item, raw)
        case ItemType.FILL_IN:
            return BlanksResponse(_blank_texts(item, raw))
        case ItemType.ORDER:
            return OrderResponse(_sequence(item, raw))
        case ItemType.MATCH:
            return MatchResponse(_pairs(item, raw))
        case ItemType.ESSAY:
            return EssayResponse(_essay_text(item, raw))
        case ItemType.COMPOSITE:
            return MarkupResponse(_markup_values(item, raw))
        case _:
            return _choice_response(item, raw)


def is_blank(raw: object) -> bool:
    """Whether a raw response says nothing: nothing chosen, typed, ordered or matched."""
    if isinstance(raw, Mapping):
        return all(is_blank(value) for value in raw.values())
    return not (raw.strip() if isinstance(raw, str) else raw)


def _choice_response(item: Item, raw: object) -> ChoiceResponse:
    chosen = frozenset(_option_ids(item, raw))
    most = 1 if CHOICE_RULES[item.type].most_correct == 1 else len(item.options)
    if len(chosen) > most:
        raise _malformed(item, "one option", len(chosen))
    return ChoiceResponse(chosen)


def _sequence(item: Item, raw: object) -> tuple[str, ...]:
    sequence = _option_ids(item, raw)
    if sequence and sorted(sequence) != sorted(option.id for option in item.options):
        raise _malformed(item, "each option once, in an order", list(sequence))
    return sequence


def _option_ids(item: Item, raw: object) -> tuple[str, ...]:
    if not isinstance(raw, Sequence) or isinstance(raw, str):
        raise _malformed(item, "a list of option ids", raw)
    known = {option.id for option in item.options}
    for option_id in raw:
        if not isinstance(option_id, str) or option_id not in known:
            raise _malformed(item, f"option ids out of {', '.join(sorted(known))}", option_id)
    return tuple(raw)


def _numeric_response(item: Item, raw: object) -> NumericResponse:
    text = raw.get("value") if isinstance(raw, Mapping) else None
    if not isinstance(text, str) or len(text) > LONGEST_NUMBER:
        limit = f'{{"value": "number as text, at most {LONGEST_NUMBER} characters"}}'
        raise _malformed(item, limit, raw)
    return NumericResponse(text, read_number(text))


def _blank_texts(item: Item, raw: object) -> dict[str, str]:
    key = item.answer_key
    known = {blank.id for blank in key.blanks} if isinstance(key, BlanksKey) else set()
    return _texts_by_id(item, raw, "blanks", known)


def _pairs(item: Item, raw: object) -> frozenset[tuple[str, str]]:
    known = {option.id for option in item.options}
    chosen = _texts_by_id(item, raw, "pairs", known)
    targets = {target.id for target in item.targets}
    for target in chosen.values():
        if target and target not in targets:
            raise _malformed(item, f"targets out of {', '.join(sorted(targets))}", target)
    return frozenset((option, target) for option, target in chosen.items() if target)


def _texts_by_id(item: Item, raw: object, name: str, known: set[str]) -> dict[str, str]:
    values = raw.get(name) if isinstance(raw, Mapping) else None
    if not isinstance(values, Mapping):
        raise _malformed(item, f'{{"{name}": {{id: text}}}}', raw)
    for part, text in values.items():
        if part not in known:
            raise _malformed(item, f"{name} out of {', '.join(sorted(known))}", part)
        if not isinstance(text, str) or len(text) > LONGEST_BLANK:
            raise _malformed(item, f"a text of at most {LONGEST_BLANK} characters", text)
    return dict(values)


def _essay_text(item: Item, raw: object) -> str:
    text = raw.get("text") if isinstance(raw, Mapping) else None
    if not isinstance(text, str) or len(text) > LONGEST_ESSAY:
        raise _malformed(item, f'{{"text": "at most {LONGEST_ESSAY} characters"}}', raw)
    return text


def _markup_values(item: Item, raw: object) -> dict[str, Any]:
    values = raw.get("responses") if isinstance(raw, Mapping) else None
    if not isinstance(values, Mapping) or not all(isinstance(name, str) for name in values):
        raise _malformed(item, '{"responses": {identifier: value}}', raw)
    if len(repr(values)) > LONGEST_MARKUP_RESPONSE:
        raise _malformed(item, f"at most {LONGEST_MARKUP_RESPONSE} characters", values)
    return dict(values)


def _malformed(item: Item, expected: str, found: object) -> MalformedResponse:
    return MalformedResponse(item_id=item.id, expected=expected, found=repr(found)[:80])


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
