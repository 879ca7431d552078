"""What the form of an item says: from texts to the mapping that the item bank stores.

Every field that cannot be read is told by name, and a stand-in keeps the preview going. Whether
the item is good is `services.banking.check_item`'s to say.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import gettext

from certify.web.item_form import USUAL_SECONDS, ItemForm, WrongAnswerRow
from certify.web.item_words import PLACEHOLDER
from question_bank.item import ItemType
from question_bank.skills import SkillNode

LONGEST_TEXT = 5000
LARGEST_EXPONENT = 30
SEPARATORS = re.compile(r"[\s,，、;；]+")

Errors = list[tuple[str, str]]


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
    plain = in_plain_digits(text).replace(",", "").replace("−", "-")
    try:
        number = Decimal(plain)
    except InvalidOperation:
        return None
    if not number.is_finite() or "_" in plain or len(plain) > LARGEST_EXPONENT:
        return None
    return plain if abs(number.adjusted()) < LARGEST_EXPONENT else None


def in_plain_digits(text: str) -> str:
    """Full-width digits as plain ones; nothing where a digit is raised, as in ten squared."""
    if any(unicodedata.category(sign) == "No" for sign in text):
        return ""
    return unicodedata.normalize("NFKC", text).strip()


def read_whole(text: str) -> int | None:
    plain = in_plain_digits(text)
    return int(plain) if re.fullmatch(r"[0-9]{1,6}", plain) else None


def read_date(text: str, errors: Errors) -> str | None:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        errors.append(("valid_until", gettext("Enter a date such as 2027-10-31")))
        return None
