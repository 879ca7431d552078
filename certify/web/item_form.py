"""The form of an item: texts as typed, to and from the mapping that the item bank stores.

Every field that cannot be read is told by name, and a stand-in keeps the preview going. Whether
the item is good is `services.banking.check_item`'s to say.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from certify.web.item_words import PLACEHOLDER
from question_bank.interactions import CHOICE_RULES
from question_bank.item import ChoiceKey, Item, ItemStatus, ItemType, ItemVersion, NumericKey
from question_bank.skills import SkillNode

OPTION_IDS = "abcdefghij"
WRONG_ANSWER_ROWS = 3
LONGEST_TEXT = 5000
LARGEST_EXPONENT = 30
USUAL_SECONDS = {
    ItemType.SINGLE: "50",
    ItemType.MULTIPLE: "75",
    ItemType.TRUE_FALSE: "25",
    ItemType.NUMERIC: "75",
}
"""Time budget of the item writing rules, section 9, at the middle level."""
SEPARATORS = re.compile(r"[\s,，、;；]+")
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")

Errors = list[tuple[str, str]]


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


# --- where a form comes from ---------------------------------------------------------------


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


def cleaned(text: str) -> str:
    return CONTROLS.sub("", text.replace("\r\n", "\n")).strip()


# --- what a form says ----------------------------------------------------------------------


def read_form(form: ItemForm, node: SkillNode) -> tuple[dict[str, Any], Errors]:
    """The mapping of the item, and the fields that could not be read."""
    errors: Errors = []
    if form.level not in node.levels:
        errors.append(("level", gettext("Choose the level")))
    if form.dimension not in node.weights:
        errors.append(("dimension", gettext("Choose the dimension")))
    data: dict[str, Any] = {
        "node": node.code,
        "type": form.item_type.value,
        "level": form.level if form.level in node.levels else node.levels[0],
        "dimension": form.dimension if form.dimension in node.weights else node.primary,
        "point": form.point,
        "bloom": form.bloom,
        "stem": form.stem,
        "explanation": form.explanation,
        "takeaway": form.takeaway,
        "source": form.source,
        "expected_seconds": read_whole(form.expected_seconds),
        "difficulty": {
            "p": read_decimal(form.difficulty),
            "basis": form.basis or PLACEHOLDER,
        },
        "enemies": [name for name in SEPARATORS.split(form.enemies) if name],
    }
    if data["expected_seconds"] is None:
        errors.append(("expected_seconds", gettext("Enter whole seconds, for example 60")))
        data["expected_seconds"] = int(USUAL_SECONDS[form.item_type])
    if data["difficulty"]["p"] is None:
        errors.append(("difficulty", gettext("Enter a share between 0 and 1, for example 0.70")))
        data["difficulty"]["p"] = "0.70"
    if form.valid_until:
        data["valid_until"] = read_date(form.valid_until, errors)
    errors += [
        (name, gettext("Shorten this text to %(num)s characters", num=LONGEST_TEXT))
        for name in ("stem", "explanation")
        if len(getattr(form, name)) > LONGEST_TEXT
    ]
    return {**data, **read_answer(form, errors)}, errors


def read_answer(form: ItemForm, errors: Errors) -> dict[str, Any]:
    """Options and key, as the type has them."""
    if form.item_type is ItemType.NUMERIC:
        return {
            "answer": read_numeric_key(form, errors),
            "wrong_answers": read_wrong_answers(form.wrong_answers, errors),
        }
    if form.item_type is ItemType.TRUE_FALSE:
        return {"answer": {"true": True, "false": False}.get(form.truth)}
    return {
        "options": [
            {"id": row.id, "text": row.text, "correct": row.is_correct, "note": row.note}
            for row in form.options
            if row.text or row.note or row.is_correct
        ]
    }


def read_numeric_key(form: ItemForm, errors: Errors) -> Mapping[str, Any] | None:
    """The key; None while nothing of it is written."""
    if not (form.value or form.unit or form.formula):
        return None
    fields = {
        "value": read_decimal(form.value),
        "tolerance": read_decimal(form.tolerance),
        "decimals": read_whole(form.decimals),
    }
    sentences = {
        "value": gettext("Enter the answer as a number, for example 12.50"),
        "tolerance": gettext("Enter the tolerance as a number, for example 0.005"),
        "decimals": gettext("Enter the number of decimals, for example 2"),
    }
    unread = [name for name, value in fields.items() if value is None]
    errors += [(name, sentences[name]) for name in unread]
    stand_ins = {name: 0 if name == "decimals" else "0" for name in unread}
    return {**fields, **stand_ins, "unit": form.unit, "formula": form.formula}


def read_wrong_answers(rows: Sequence[WrongAnswerRow], errors: Errors) -> list[dict[str, str]]:
    written = [(read_decimal(row.value), row) for row in rows if row.value or row.note]
    if any(value is None for value, _row in written):
        sentence = gettext("Enter each wrong answer as a number, or clear its row")
        errors.append(("wrong_answers", sentence))
    return [{"value": value, "note": row.note} for value, row in written if value is not None]


def read_decimal(text: str) -> str | None:
    """A number in plain digits; full-width digits and thousands commas are read as well."""
    plain = unicodedata.normalize("NFKC", text).replace(",", "").replace("−", "-").strip()
    try:
        number = Decimal(plain)
    except InvalidOperation:
        return None
    if not number.is_finite() or "_" in plain or len(plain) > LARGEST_EXPONENT:
        return None
    return plain if abs(number.adjusted()) < LARGEST_EXPONENT else None


def read_whole(text: str) -> int | None:
    plain = unicodedata.normalize("NFKC", text).strip()
    return int(plain) if re.fullmatch(r"[0-9]{1,6}", plain) else None


def read_date(text: str, errors: Errors) -> str | None:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        errors.append(("valid_until", gettext("Enter a date such as 2027-10-31")))
        return None
