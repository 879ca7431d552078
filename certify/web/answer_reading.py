"""What the answer part of an item's form says, in the mapping that the item bank stores.

Every field that cannot be read is told by name, and a stand-in keeps the preview going.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from flask_babel import gettext

from certify.web.answer_form import PARTS, YES, AnswerForm, BlankRow, OptionRow, WrongAnswerRow
from certify.web.typed_numbers import read_decimal, read_share, read_whole
from question_bank.item import ItemType
from question_bank.scoring import ScoringRule

Errors = list[tuple[str, str]]


def read_answer(form: AnswerForm, item_type: ItemType, errors: Errors) -> dict[str, Any]:
    """Options, key and scoring, as the type has them."""
    data = _READERS[item_type](form, errors)
    scoring = read_scoring(form, errors)
    if scoring:
        data["scoring"] = scoring
    if form.fixed_order and item_type in SHUFFLED_TYPES:
        data["shuffle"] = False
    return data


def read_scoring(form: AnswerForm, errors: Errors) -> dict[str, Any]:
    """The rule with its numbers; empty for one point for no fault."""
    rule = form.rule if form.rule in tuple(ScoringRule) else ScoringRule.ALL_OR_NOTHING.value
    most = read_share(form.max_points)
    if most is None or most <= 0:
        errors.append(("max_points", gettext("Enter the points as a number above 0, such as 2")))
        most = Fraction(1)
    bounds = {name: _read_bound(form, name, errors) for name in ("lower", "upper")}
    mapping = _read_mapping(form.mapping, errors) if rule == ScoringRule.MAPPED else {}
    is_plain = rule == ScoringRule.ALL_OR_NOTHING and most == 1 and not mapping
    if is_plain and bounds == {"lower": "0", "upper": None}:
        return {}
    return {"rule": rule, "max_points": str(most), "mapping": mapping, **bounds}


def _read_bound(form: AnswerForm, name: str, errors: Errors) -> str | None:
    text = getattr(form, name)
    if not text:
        return None
    points = read_share(text)
    if points is None:
        errors.append((name, gettext("Enter the points as a number, or nothing")))
    return None if points is None else str(points)


def _read_mapping(text: str, errors: Errors) -> dict[str, str]:
    """One entry a line: the option, blank or pair, an equals sign, its points."""
    mapping: dict[str, str] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        part, sign, points = line.rpartition("=")
        value = read_share(points)
        if not sign or value is None or not part.strip():
            errors.append(("mapping", gettext("Write each line like this: a = 0.5")))
            return mapping
        mapping[part.strip()] = str(value)
    return mapping


def _read_choice(form: AnswerForm, errors: Errors) -> dict[str, Any]:
    return {
        "options": [
            {"id": row.id, "text": row.text, "correct": row.is_correct, "note": row.note}
            for row in form.options
            if row.text or row.note or row.is_correct
        ]
    }


def _read_truth(form: AnswerForm, errors: Errors) -> dict[str, Any]:
    return {"answer": {"true": True, "false": False}.get(form.truth)}


def _read_number(form: AnswerForm, errors: Errors) -> dict[str, Any]:
    return {
        "answer": _read_numeric_key(form, errors),
        "wrong_answers": _read_wrong_answers(form.wrong_answers, errors),
    }


def _read_numeric_key(form: AnswerForm, errors: Errors) -> Mapping[str, Any] | None:
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
    relative = {"relative": True} if form.relative == YES else {}
    return {**fields, **stand_ins, "unit": form.unit, "formula": form.formula, **relative}


def _read_wrong_answers(rows: Sequence[WrongAnswerRow], errors: Errors) -> list[dict[str, str]]:
    written = [(read_decimal(row.value), row) for row in rows if row.value or row.note]
    if any(value is None for value, _row in written):
        sentence = gettext("Enter each wrong answer as a number, or clear its row")
        errors.append(("wrong_answers", sentence))
    return [{"value": value, "note": row.note} for value, row in written if value is not None]


def _read_order(form: AnswerForm, errors: Errors) -> dict[str, Any]:
    """Options as the bank has them, new ones last; the key is the order of their places."""
    rows = [row for row in form.options if row.text or row.note]
    stored = form.stored_order.split()
    kept = sorted(rows, key=lambda row: stored.index(row.id) if row.id in stored else len(stored))
    sequence = [row.id for row in _in_order(rows, errors)]
    return {"options": [_option(row) for row in kept], "answer": sequence or None}


def _in_order(rows: Sequence[OptionRow], errors: Errors) -> list[OptionRow]:
    """Rows by their places; rows without one follow in the order in which they stand."""
    places = [read_whole(row.place) if row.place else len(rows) + 1 for row in rows]
    given = [row.place for row in rows if row.place]
    if None in places or len(set(given)) < len(given):
        errors.append(("options", gettext("Give every entry a place of its own")))
        return list(rows)
    return [row for _place, _index, row in sorted(zip(places, range(len(rows)), rows, strict=True))]


def _read_match(form: AnswerForm, errors: Errors) -> dict[str, Any]:
    options = [row for row in form.options if row.text or row.note or row.partner]
    targets = [{"id": row.id, "text": row.text} for row in form.targets if row.text]
    known = {target["id"] for target in targets}
    pairs = {row.id: row.partner for row in options if row.partner in known}
    if any(row.partner and row.partner not in known for row in options):
        errors.append(("options", gettext("An entry is matched with a target that is not written")))
    return {"options": [_option(row) for row in options], "targets": targets, "answer": pairs}


def _option(row: OptionRow) -> dict[str, str]:
    return {"id": row.id, "text": row.text, "note": row.note}


def _read_blanks(form: AnswerForm, errors: Errors) -> dict[str, Any]:
    blanks = [_blank(row, errors) for row in form.blanks if row.accepted and row.id]
    return {"answer": blanks or None}


def _blank(row: BlankRow, errors: Errors) -> dict[str, Any]:
    tolerance = read_decimal(row.tolerance) if row.tolerance else None
    if row.tolerance and tolerance is None:
        errors.append(("blanks", gettext("Enter the tolerance as a number, for example 0.005")))
    lines = filter(None, map(str.strip, row.accepted.splitlines()))
    accepted = [_accepted(line, tolerance, errors) for line in lines]
    data: dict[str, Any] = {"blank": row.id, "accepted": accepted}
    return {**data, "case_sensitive": True} if row.case_sensitive else data


def _accepted(line: str, shared: str | None, errors: Errors) -> Any:
    """An accepted answer, with its share of the points and its own tolerance where given."""
    text, *rest = (part.strip() for part in line.split(PARTS))
    share = read_share(rest[0]) if rest else Fraction(1)
    tolerance = read_decimal(rest[1]) if len(rest) > 1 else shared
    if share is None or not 0 <= share <= 1 or (len(rest) > 1 and tolerance is None):
        errors.append(("blanks", gettext("Write a share of the points like this: FOB || 1/2")))
        share = Fraction(1)
    data = {"text": text}
    if share != 1:
        data["share"] = str(share)
    if tolerance is not None:
        data["tolerance"] = tolerance
    return data if len(data) > 1 else text


def _read_essay(form: AnswerForm, errors: Errors) -> dict[str, Any]:
    most = read_whole(form.most_characters) if form.most_characters else 0
    if most is None:
        errors.append(("most_characters", gettext("Enter a whole number, or nothing")))
    return {"answer": {"reference": form.reference, "most_characters": most or 0}}


def _read_nothing(form: AnswerForm, errors: Errors) -> dict[str, Any]:
    return {}


_READERS = {
    ItemType.SINGLE: _read_choice,
    ItemType.MULTIPLE: _read_choice,
    ItemType.TRUE_FALSE: _read_truth,
    ItemType.NUMERIC: _read_number,
    ItemType.FILL_IN: _read_blanks,
    ItemType.ORDER: _read_order,
    ItemType.MATCH: _read_match,
    ItemType.ESSAY: _read_essay,
    ItemType.COMPOSITE: _read_nothing,
}
SHUFFLED_TYPES = (ItemType.SINGLE, ItemType.MULTIPLE, ItemType.ORDER, ItemType.MATCH)
"""Types whose author may forbid to change the order of the options."""
