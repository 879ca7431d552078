"""The raw score of a form in rows for the result page; decides nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from certify.exams.form_scoring import FormScore, PointGroup
from certify.web.display import number
from certify.web.paper_words import SECTION_NAMES

DECIMALS = 2


@dataclass(frozen=True, slots=True)
class FormPoints:
    """One form: what was earned of what, and the rows of both tables.

    Sections come with their name as the first cell, dimensions with their code apart.
    """

    title: str
    letter: str
    earned: str
    possible: str
    sections: tuple[list[str], ...]
    dimensions: tuple[tuple[str, list[str]], ...]


def form_points(scores: Sequence[FormScore]) -> tuple[FormPoints, ...]:
    """Every form of an attempt, in the order sat."""
    return tuple(
        FormPoints(
            title=score.title,
            letter=score.letter,
            earned=points_text(score.points),
            possible=points_text(score.possible),
            sections=tuple(
                [str(SECTION_NAMES.get(group.code, group.code)), *_cells(group)]
                for group in score.sections
            ),
            dimensions=tuple((group.code, _cells(group)) for group in score.dimensions),
        )
        for score in scores
    )


def points_text(points: Fraction) -> str:
    """Whole points without decimals, others with as many as are needed, two at most."""
    shown = number(float(points), DECIMALS)
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def _cells(group: PointGroup) -> list[str]:
    return [
        f"{group.answered} / {group.items}",
        f"{points_text(group.points)} / {points_text(group.possible)}",
    ]
