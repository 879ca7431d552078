"""The part of an item's form that says what is right and what it is worth, as texts, by type."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from werkzeug.datastructures import MultiDict

from question_bank.answer_key import (
    AcceptedAnswer,
    Blank,
    BlanksKey,
    ChoiceKey,
    EssayKey,
    MatchKey,
    NumericKey,
    OrderKey,
)
from question_bank.interactions import CHOICE_RULES
from question_bank.item import Item, ItemType
from question_bank.scoring import PLAIN_SCORING

OPTION_IDS = "abcdefghijklmnopqrstuvwxyz"
MOST_ROWS = len(OPTION_IDS)
WRONG_ANSWER_ROWS = 3
USUAL_ROWS = {ItemType.ORDER: 5, ItemType.MATCH: 4}
USUAL_TARGETS = 4
USUAL_BLANKS = 2
PARTS = "||"
"""Between an accepted answer, its share of the points and its own tolerance."""
YES = "yes"


@dataclass(frozen=True, slots=True)
class OptionRow:
    """One option as typed. `place` is its place in the right order, `partner` its target."""

    id: str
    text: str = ""
    note: str = ""
    is_correct: bool = False
    place: str = ""
    partner: str = ""


@dataclass(frozen=True, slots=True)
class TargetRow:
    """One target of a matching item as typed."""

    id: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class BlankRow:
    """One blank as typed: an accepted answer in each line."""

    id: str
    accepted: str = ""
    tolerance: str = ""
    case_sensitive: bool = False


@dataclass(frozen=True, slots=True)
class WrongAnswerRow:
    """One named slip as typed."""

    value: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class AnswerForm:
    """What is right, as it stands in the fields. `truth` is the answer of a true/false item.

    `stored_order` are the option ids as the bank has them; an ordering item shows them in the
    right order. `relative` says that the tolerance is a share of the value.
    """

    options: tuple[OptionRow, ...] = ()
    stored_order: str = ""
    targets: tuple[TargetRow, ...] = ()
    blanks: tuple[BlankRow, ...] = ()
    wrong_answers: tuple[WrongAnswerRow, ...] = ()
    truth: str = ""
    value: str = ""
    tolerance: str = "0.005"
    relative: str = ""
    decimals: str = "2"
    unit: str = ""
    formula: str = ""
    reference: str = ""
    most_characters: str = ""
    rule: str = PLAIN_SCORING.rule
    max_points: str = "1"
    mapping: str = ""
    lower: str = "0"
    upper: str = ""
    fixed_order: str = ""


TEXT_FIELDS = (
    "stored_order",
    "truth",
    "value",
    "tolerance",
    "relative",
    "decimals",
    "unit",
    "formula",
    "reference",
    "most_characters",
    "rule",
    "max_points",
    "mapping",
    "lower",
    "upper",
    "fixed_order",
)


def blank_answer(item_type: ItemType) -> AnswerForm:
    """As many empty rows as the type usually has."""
    return with_usual_rows(AnswerForm(), item_type)


def answer_of(item: Item) -> AnswerForm:
    """The fields of a stored item."""
    scoring = item.scoring
    form = AnswerForm(
        options=_option_rows(item),
        stored_order=" ".join(option.id for option in item.options),
        targets=tuple(TargetRow(target.id, target.text) for target in item.targets),
        wrong_answers=tuple(
            WrongAnswerRow(str(slip.value), slip.note) for slip in item.explanation.wrong_answers
        ),
        rule=scoring.rule,
        max_points=str(scoring.max_points),
        mapping="\n".join(f"{part} = {points}" for part, points in scoring.mapping.items()),
        lower=_bound(scoring.lower),
        upper=_bound(scoring.upper),
        fixed_order="" if item.shuffle else YES,
    )
    return with_usual_rows(_with_key(form, item), item.type)


def submitted_answer(values: MultiDict[str, str]) -> AnswerForm:
    """The fields as they were sent."""
    plain = {name: values.get(name, "") for name in TEXT_FIELDS}
    correct, sensitive = set(values.getlist("correct")), set(values.getlist("case_sensitive"))
    columns = ("option_id", "option_text", "option_note", "option_place", "option_partner")
    return AnswerForm(
        options=tuple(
            OptionRow(row_id, text, note, row_id in correct, place, partner)
            for row_id, text, note, place, partner in _rows(values, *columns)
        ),
        targets=tuple(TargetRow(*row) for row in _rows(values, "target_id", "target_text")),
        blanks=tuple(
            BlankRow(blank, accepted, tolerance, row in sensitive)
            for row, blank, accepted, tolerance in _rows(
                values, "blank_row", "blank_id", "blank_accepted", "blank_tolerance"
            )
        ),
        wrong_answers=tuple(
            WrongAnswerRow(*row) for row in _rows(values, "wrong_value", "wrong_note")
        ),
        **plain,
    )


def with_usual_rows(form: AnswerForm, item_type: ItemType, spare: int = 0) -> AnswerForm:
    """The form with as many rows as the type asks for, and at least `spare` empty ones."""
    match item_type:
        case ItemType.SINGLE | ItemType.MULTIPLE | ItemType.ORDER:
            return replace(form, options=_filled_up(form.options, item_type, spare))
        case ItemType.MATCH:
            options = _filled_up(form.options, item_type, spare)
            return replace(form, options=options, targets=_with_targets(form, spare))
        case ItemType.FILL_IN:
            return replace(form, blanks=_with_blanks(form.blanks, spare))
        case ItemType.NUMERIC:
            missing = max(spare, 1, WRONG_ANSWER_ROWS - len(form.wrong_answers))
            return replace(form, wrong_answers=form.wrong_answers + (WrongAnswerRow(),) * missing)
        case _:
            return form


def _with_key(form: AnswerForm, item: Item) -> AnswerForm:
    match item.answer_key:
        case NumericKey() as key:
            return replace(
                form,
                value=str(key.value),
                tolerance=str(key.tolerance),
                relative=YES if key.relative else "",
                decimals=str(key.decimals),
                unit=key.unit,
                formula=key.formula,
            )
        case ChoiceKey(correct=correct) if item.type is ItemType.TRUE_FALSE:
            return replace(form, truth=next(iter(correct), ""), options=())
        case BlanksKey(blanks=blanks):
            return replace(form, blanks=tuple(_blank_row(blank) for blank in blanks))
        case EssayKey() as key:
            most = str(key.most_characters or "")
            return replace(form, reference=key.reference, most_characters=most)
        case _:
            return replace(form, options=()) if item.type is ItemType.TRUE_FALSE else form


def _option_rows(item: Item) -> tuple[OptionRow, ...]:
    """The options in the author's order, of an ordering item in the right one."""
    key, notes, options = item.answer_key, item.explanation.option_notes, list(item.options)
    correct = key.correct if isinstance(key, ChoiceKey) else frozenset()
    partners = dict(key.pairs) if isinstance(key, MatchKey) else {}
    places: dict[str, int] = {}
    if isinstance(key, OrderKey):
        places = {option: place for place, option in enumerate(key.sequence, start=1)}
        options.sort(key=lambda option: places.get(option.id, len(places) + 1))
    return tuple(
        OptionRow(
            option.id,
            option.text,
            notes.get(option.id, ""),
            option.id in correct,
            str(places.get(option.id, "")),
            partners.get(option.id, ""),
        )
        for option in options
    )


def _blank_row(blank: Blank) -> BlankRow:
    """A tolerance that all answers share stands in its own field."""
    tolerances = {answer.tolerance for answer in blank.accepted}
    shared = tolerances.pop() if len(tolerances) == 1 else None
    lines = [_accepted_line(answer, shared is None) for answer in blank.accepted]
    tolerance = "" if shared is None else str(shared)
    return BlankRow(blank.id, "\n".join(lines), tolerance, blank.case_sensitive)


def _accepted_line(answer: AcceptedAnswer, with_tolerance: bool) -> str:
    parts = [answer.text]
    own = answer.tolerance if with_tolerance else None
    if answer.share != 1 or own is not None:
        parts.append(str(answer.share))
    if own is not None:
        parts.append(str(own))
    return f" {PARTS} ".join(parts)


def _rows(values: MultiDict[str, str], *names: str) -> Sequence[tuple[str, ...]]:
    """Rows of fields that the form repeats; a column that a type does not have is empty."""
    columns = [values.getlist(name) for name in names]
    count = len(columns[0])
    return list(zip(*((column + [""] * count)[:count] for column in columns), strict=True))


def _filled_up(
    rows: tuple[OptionRow, ...], item_type: ItemType, spare: int
) -> tuple[OptionRow, ...]:
    rule = CHOICE_RULES.get(item_type)
    usual = rule.options if rule else USUAL_ROWS[item_type]
    used = {row.id for row in rows}
    free = [OptionRow(letter) for letter in OPTION_IDS if letter not in used]
    return rows + tuple(free[: max(spare, usual - len(rows))])


def _with_targets(form: AnswerForm, spare: int) -> tuple[TargetRow, ...]:
    rows, used = form.targets, {row.id for row in form.targets}
    names = [f"t{number}" for number in range(1, MOST_ROWS + 1)]
    free = [TargetRow(name) for name in names if name not in used]
    return rows + tuple(free[: max(spare, USUAL_TARGETS - len(rows))])


def _with_blanks(rows: tuple[BlankRow, ...], spare: int) -> tuple[BlankRow, ...]:
    used = {row.id for row in rows}
    free = [str(n) for n in range(1, MOST_ROWS + 1) if str(n) not in used]
    missing = max(spare, USUAL_BLANKS - len(rows))
    return rows + tuple(BlankRow(name) for name in free[:missing])


def _bound(points: Fraction | None) -> str:
    return "" if points is None else str(points)
