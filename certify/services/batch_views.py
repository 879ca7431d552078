"""What a page shows of a graded batch, kept beside its files so that nothing is graded again.

Problems and warnings keep code and parameters, so that they can be said in another language.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from itertools import islice
from typing import Any

import numpy as np

from certify.grading.batch import GradedSheet
from certify.grading.problems import BatchWarning, RowProblem
from certify.grading.results import points_text
from certify.services.grading import GradedBatch

MOST_PROBLEMS = 50
MOST_CANDIDATES = 10
MOST_RANGES = 20
_STEPS = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class ScoreRange:
    """How many candidates have at least `low` points and at most `high`, or less if `is_open`."""

    low: str
    high: str
    is_open: bool
    count: int


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One item of the paper; a statistic is None where it is not stated."""

    question: str
    type: str
    points: str
    persons: int
    p: float | None
    r_rest: float | None
    d27: float | None
    blank: int
    unreadable: int


@dataclass(frozen=True, slots=True)
class CandidateLine:
    candidate_id: str
    name: str
    total: str


@dataclass(frozen=True, slots=True)
class BatchView:
    """The first problems and candidates, all warnings and items, and the distribution."""

    distribution: tuple[ScoreRange, ...]
    problems: tuple[RowProblem, ...]
    problem_count: int
    warnings: tuple[BatchWarning, ...]
    items: tuple[ItemLine, ...]
    candidates: tuple[CandidateLine, ...]


def compose_view(batch: GradedBatch) -> BatchView:
    """The view of a batch that has just been graded."""
    graded, statistics = batch.graded_sheet, batch.statistics
    return BatchView(
        distribution=_distribution(graded),
        problems=graded.problems[:MOST_PROBLEMS],
        problem_count=len(graded.problems),
        warnings=statistics.warnings,
        items=tuple(
            ItemLine(
                question=item.question,
                type=item.item_type,
                points=points_text(item.points),
                persons=item.persons,
                p=found.p,
                r_rest=found.r_rest,
                d27=found.d27,
                blank=item.blank,
                unreadable=item.unreadable,
            )
            for item, found in zip(graded.items, statistics.items, strict=True)
        ),
        candidates=tuple(
            CandidateLine(
                result.candidate.candidate_id, result.candidate.name, points_text(result.total)
            )
            for result in islice(graded.candidate_results(), MOST_CANDIDATES)
        ),
    )


def write_view(view: BatchView) -> bytes:
    """The view as JSON; what `read_view` reads."""
    data = {
        "distribution": [asdict(entry) for entry in view.distribution],
        "problems": [_plain(asdict(problem)) for problem in view.problems],
        "problem_count": view.problem_count,
        "warnings": [_plain(asdict(warning)) for warning in view.warnings],
        "items": [asdict(item) for item in view.items],
        "candidates": [asdict(candidate) for candidate in view.candidates],
    }
    return json.dumps(data, ensure_ascii=False).encode()


def read_view(content: bytes) -> BatchView:
    """The view that `write_view` wrote."""
    data = json.loads(content)
    return BatchView(
        distribution=_all(ScoreRange, data["distribution"]),
        problems=_all(RowProblem, data["problems"]),
        problem_count=data["problem_count"],
        warnings=_all(BatchWarning, data["warnings"]),
        items=_all(ItemLine, data["items"]),
        candidates=_all(CandidateLine, data["candidates"]),
    )


def _all(kind: type[Any], entries: Iterable[Mapping[str, Any]]) -> tuple[Any, ...]:
    return tuple(kind(**entry) for entry in entries)


def _plain(entry: dict[str, Any]) -> dict[str, Any]:
    params: Mapping[str, object] = entry["params"]
    numbers_kept = {
        name: value if isinstance(value, int | float) else str(value)
        for name, value in params.items()
    }
    return {**entry, "params": numbers_kept}


def _distribution(graded: GradedSheet) -> tuple[ScoreRange, ...]:
    """Candidates per range of total points, from 0 to the most that can be reached."""
    highest, denominator = graded.max_points, graded.denominator
    width = _width(highest)
    totals = [int(total) for total in graded.scaled_totals]
    counts = np.zeros(int(highest / width) + 1, dtype=np.int64)
    step = width * denominator
    for total in totals:
        counts[int(total / step)] += 1
    is_whole = width.denominator == 1 and all(total % denominator == 0 for total in totals)
    return tuple(_range(place, width, highest, is_whole, int(n)) for place, n in enumerate(counts))


def _range(
    place: int, width: Fraction, highest: Fraction, is_whole: bool, count: int
) -> ScoreRange:
    low = place * width
    high = low + width - 1 if is_whole else low + width
    # the last range holds the full marks, which nothing exceeds
    is_open = not is_whole and high <= highest
    return ScoreRange(points_text(low), points_text(min(high, highest)), is_open, count)


def _width(highest: Fraction) -> Fraction:
    """The least of 1, 2, 5, 10, 20, 50, ... that needs few ranges; finer for tiny papers."""
    for width in _widths(Fraction(1) if highest >= 4 else Fraction(1, 100)):
        if highest / width <= MOST_RANGES:
            return width
    raise AssertionError("the widths have no end")


def _widths(start: Fraction) -> Iterable[Fraction]:
    unit = start
    while True:
        yield from _scaled(_STEPS, unit)
        unit *= 10


def _scaled(steps: Sequence[int], unit: Fraction) -> Iterable[Fraction]:
    return (step * unit for step in steps)
