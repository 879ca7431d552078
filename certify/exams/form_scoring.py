"""The raw score of a fixed form: points as the form gives them, with partial credit.

An item earns the share of its points that its own scoring rule gives to the last answer saved.
Exact fractions; what the answers say about ability is estimated elsewhere (`scoring`).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from certify.exams.attempt import Attempt
from certify.exams.fixed_forms.form import ExamForm
from question_bank.interactions import is_blank, parse_response
from question_bank.item import Item
from question_bank.response_processing import score


@dataclass(frozen=True, slots=True)
class ItemPoints:
    """One item of a form; `position` is its place in the attempt, 0 where it was never served."""

    position: int
    item_id: str
    points: Fraction
    possible: Fraction
    is_answered: bool


@dataclass(frozen=True, slots=True)
class PointGroup:
    """What the items of one section or one dimension earned together."""

    code: str
    points: Fraction
    possible: Fraction
    items: int
    answered: int


@dataclass(frozen=True, slots=True)
class FormScore:
    """The raw score of one form part; `part` is its code, `items` are in the form's own order."""

    part: str
    form_digest: str
    title: str
    letter: str
    points: Fraction
    possible: Fraction
    items: tuple[ItemPoints, ...]
    sections: tuple[PointGroup, ...]
    dimensions: tuple[PointGroup, ...]


def score_forms(
    attempt: Attempt, forms: Mapping[str, ExamForm], items: Mapping[str, Item]
) -> tuple[FormScore, ...]:
    """The raw score of every form part, in order; an item never served earns nothing.

    Raises MalformedResponse for an answer that its item cannot have.
    """
    parts = attempt.terms.parts if attempt.terms else ()
    return tuple(
        _form_score(attempt, number, part.code, forms[part.form_digest], items)
        for number, part in enumerate(parts)
        if part.form_digest
    )


def _form_score(
    attempt: Attempt, part: int, code: str, form: ExamForm, items: Mapping[str, Item]
) -> FormScore:
    served = {item.item_id: item.position for item in attempt.served if item.part == part}
    earned = tuple(
        _item_points(attempt, served.get(entry.item_id, 0), items[entry.item_id], entry.points)
        for entry in form.items
    )
    section_of = {entry.item_id: entry.section for entry in form.items}
    return FormScore(
        part=code,
        form_digest=form.digest,
        title=form.title,
        letter=form.letter,
        points=sum((item.points for item in earned), Fraction(0)),
        possible=form.total_points,
        items=earned,
        sections=tuple(_groups(earned, lambda item: section_of[item.item_id])),
        dimensions=tuple(_groups(earned, lambda item: items[item.item_id].dimension)),
    )


def _item_points(attempt: Attempt, position: int, item: Item, possible: Fraction) -> ItemPoints:
    answer = attempt.answers.get(position)
    if answer is None:
        return ItemPoints(position, item.id, Fraction(0), possible, False)
    found = score(item, parse_response(item, answer.response))
    points = possible * found.points / found.max_points if found.max_points else Fraction(0)
    return ItemPoints(position, item.id, points, possible, not is_blank(answer.response))


def _groups(
    earned: Sequence[ItemPoints], code_of: Callable[[ItemPoints], str]
) -> Iterator[PointGroup]:
    """In the order in which the codes first appear on the form."""
    for code in dict.fromkeys(code_of(item) for item in earned):
        own = [item for item in earned if code_of(item) == code]
        yield PointGroup(
            code=code,
            points=sum((item.points for item in own), Fraction(0)),
            possible=sum((item.possible for item in own), Fraction(0)),
            items=len(own),
            answered=sum(item.is_answered for item in own),
        )


def form_score_from_mapping(data: Mapping[str, Any]) -> FormScore:
    """A form's score as a transcript holds it, fractions restored exactly."""
    return FormScore(
        **{
            **_with_points(data),
            "items": tuple(ItemPoints(**_with_points(entry)) for entry in data["items"]),
            "sections": tuple(PointGroup(**_with_points(entry)) for entry in data["sections"]),
            "dimensions": tuple(PointGroup(**_with_points(entry)) for entry in data["dimensions"]),
        }
    )


def _with_points(data: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **data,
        "points": Fraction(data["points"]),
        "possible": Fraction(data["possible"]),
    }
