"""The form of an item as texts: blank, of a stored version, or as sent by a browser.

Nothing is read out of the texts here; `item_reading` does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from certify.web.item_words import PLACEHOLDER
from question_bank.interactions import CHOICE_RULES
from question_bank.item import ChoiceKey, Item, ItemStatus, ItemType, ItemVersion, NumericKey
from question_bank.skills import SkillNode

OPTION_IDS = "abcdefghij"
WRONG_ANSWER_ROWS = 3
USUAL_SECONDS = {
    ItemType.SINGLE: "50",
    ItemType.MULTIPLE: "75",
    ItemType.TRUE_FALSE: "25",
    ItemType.NUMERIC: "75",
}
"""Time budget of the item writing rules, section 9, at the middle level."""
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class OptionRow:
    """One option as typed."""

    id: str
    text: str = ""
    note: str = ""
    is_correct: bool = False


@dataclass(frozen=True, slots=True)
class WrongAnswerRow:
    """One named slip as typed."""

    value: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class ItemForm:
    """Everything as it stands in the fields. `truth` is the answer of a true/false item."""

    item_type: ItemType
    based_on: int = 0
    status: str = ItemStatus.DRAFT
    level: str = ""
    dimension: str = ""
    point: str = ""
    bloom: str = ""
    stem: str = ""
    explanation: str = ""
    takeaway: str = ""
    source: str = ""
    expected_seconds: str = ""
    difficulty: str = ""
    basis: str = ""
    enemies: str = ""
    valid_until: str = ""
    options: tuple[OptionRow, ...] = ()
    truth: str = ""
    value: str = ""
    tolerance: str = ""
    decimals: str = ""
    unit: str = ""
    formula: str = ""
    wrong_answers: tuple[WrongAnswerRow, ...] = ()


PLAIN_FIELDS = (
    "status",
    "level",
    "dimension",
    "point",
    "bloom",
    "stem",
    "explanation",
    "takeaway",
    "source",
    "expected_seconds",
    "difficulty",
    "basis",
    "enemies",
    "valid_until",
    "truth",
    "value",
    "tolerance",
    "decimals",
    "unit",
    "formula",
)


def blank_form(node: SkillNode, item_type: ItemType) -> ItemForm:
    """A new item with what is usual for its type."""
    return ItemForm(
        item_type=item_type,
        level=node.levels[0] if len(node.levels) == 1 else "",
        dimension=node.primary,
        bloom="understand",
        expected_seconds=USUAL_SECONDS[item_type],
        difficulty="0.70",
        options=filled_up((), item_type),
        tolerance="0.005",
        decimals="2",
        wrong_answers=(WrongAnswerRow(),) * WRONG_ANSWER_ROWS,
    )


def form_of(version: ItemVersion) -> ItemForm:
    """The fields of a stored version."""
    item = version.item
    return ItemForm(
        item_type=item.type,
        based_on=version.version,
        status=version.status,
        level=item.level,
        dimension=item.dimension,
        point=item.point,
        bloom=item.bloom,
        stem=item.stem,
        explanation=item.explanation.text,
        takeaway=item.explanation.takeaway,
        source=item.source,
        expected_seconds=str(item.expected_seconds),
        difficulty=str(item.difficulty.p),
        basis="" if item.difficulty.basis == PLACEHOLDER else item.difficulty.basis,
        enemies=", ".join(item.enemies),
        valid_until=item.valid_until.isoformat() if item.valid_until else "",
        **answer_fields(item),
    )


def answer_fields(item: Item) -> dict[str, Any]:
    """The fields that depend on the type."""
    key = item.answer_key
    if isinstance(key, NumericKey):
        slips = tuple(
            WrongAnswerRow(str(slip.value), slip.note) for slip in item.explanation.wrong_answers
        )
        spare = max(1, WRONG_ANSWER_ROWS - len(slips))
        return {
            "value": str(key.value),
            "tolerance": str(key.tolerance),
            "decimals": str(key.decimals),
            "unit": key.unit,
            "formula": key.formula,
            "wrong_answers": slips + (WrongAnswerRow(),) * spare,
        }
    if item.type is ItemType.NUMERIC:
        blank = (WrongAnswerRow(),) * WRONG_ANSWER_ROWS
        return {"tolerance": "0.005", "decimals": "2", "wrong_answers": blank}
    correct = key.correct if isinstance(key, ChoiceKey) else frozenset()
    if item.type is ItemType.TRUE_FALSE:
        return {"truth": next(iter(correct), "")}
    notes = item.explanation.option_notes
    rows = tuple(
        OptionRow(option.id, option.text, notes.get(option.id, ""), option.id in correct)
        for option in item.options
    )
    return {"options": filled_up(rows, item.type)}


def submitted_form(values: MultiDict[str, str], item_type: ItemType) -> ItemForm:
    """The fields as they were sent, cleaned of what no keyboard types."""
    plain = {name: cleaned(values.get(name, "")) for name in PLAIN_FIELDS}
    plain["status"] = plain["status"] if plain["status"] in tuple(ItemStatus) else ItemStatus.DRAFT
    correct = set(values.getlist("correct"))
    options = zip(
        values.getlist("option_id"),
        values.getlist("option_text"),
        values.getlist("option_note"),
        strict=False,
    )
    slips = zip(values.getlist("wrong_value"), values.getlist("wrong_note"), strict=False)
    return ItemForm(
        item_type=item_type,
        based_on=values.get("based_on", 0, type=int),
        options=tuple(
            OptionRow(cleaned(row_id), cleaned(text), cleaned(note), row_id in correct)
            for row_id, text, note in options
        ),
        wrong_answers=tuple(WrongAnswerRow(cleaned(value), cleaned(note)) for value, note in slips),
        **plain,
    )


def filled_up(rows: tuple[OptionRow, ...], item_type: ItemType) -> tuple[OptionRow, ...]:
    """As many rows as the type asks for; true/false and numbers have none to write."""
    if item_type not in (ItemType.SINGLE, ItemType.MULTIPLE):
        return ()
    missing = CHOICE_RULES[item_type].options - len(rows)
    used = {row.id for row in rows}
    free = [OptionRow(letter) for letter in OPTION_IDS if letter not in used]
    return rows + tuple(free[: max(0, missing)])


def differing_fields(mine: ItemForm, theirs: ItemForm) -> tuple[str, ...]:
    """Names of the plain fields that two versions of one item fill in differently."""
    return tuple(name for name in PLAIN_FIELDS if getattr(mine, name) != getattr(theirs, name))


def cleaned(text: str) -> str:
    return CONTROLS.sub("", text.replace("\r\n", "\n")).strip()
