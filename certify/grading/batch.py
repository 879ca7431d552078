"""Scores a sheet against its key: exact points per candidate and item.

All-or-nothing: an answer earns the item's points or 0. Points are whole multiples of
1/denominator, so that sums are sums of integers and never drift. Each distinct cell of an
item is read once. Pure: no files, no statistics.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from certify.grading.key import KeyedItem, PaperKey
from certify.grading.normalise import Reading, read_answer
from certify.grading.problems import RowProblem, shown
from certify.grading.sheet import AnswerColumn, AnswerSheet, Candidate

_LARGEST_INT64: Final = 2**62


@dataclass(frozen=True, slots=True)
class ItemResult:
    """How one item was answered; `answers` counts readings, most frequent first."""

    question: str
    item_type: str
    points: Fraction
    persons: int
    right: int
    blank: int
    unreadable: int
    answers: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class CandidateResult:
    candidate: Candidate
    total: Fraction
    points: tuple[Fraction, ...]


@dataclass(frozen=True, slots=True)
class GradedSheet:
    """A scored sheet. `scaled_points` (candidates, items) and `scaled_totals` count 1/denominator.

    `problems` holds those of the rows and those of the cells, by row.
    """

    sheet: AnswerSheet
    key: PaperKey
    denominator: int
    scaled_points: NDArray[Any]
    scaled_totals: NDArray[Any]
    items: tuple[ItemResult, ...]
    problems: tuple[RowProblem, ...]
    normalised: Mapping[str, int]

    @property
    def max_points(self) -> Fraction:
        return self.key.max_points

    def candidate_results(self) -> Iterator[CandidateResult]:
        """Every graded candidate, in the order of the file."""
        for n, candidate in enumerate(self.sheet.candidates):
            points = tuple(Fraction(int(p), self.denominator) for p in self.scaled_points[n])
            total = Fraction(int(self.scaled_totals[n]), self.denominator)
            yield CandidateResult(candidate, total, points)


@dataclass(frozen=True, slots=True)
class _ScoredColumn:
    points: NDArray[Any]
    result: ItemResult
    problems: list[RowProblem]
    normalised: Mapping[str, int]


def grade_sheet(sheet: AnswerSheet, key: PaperKey) -> GradedSheet:
    """Score every candidate of a sheet that was read for this key."""
    denominator = lcm(*(item.points.denominator for item in key.items))
    # Integers of any size when the key's fractions are too fine for 64 bits.
    dtype = np.int64 if key.max_points * denominator < _LARGEST_INT64 else object
    scored = [
        _score(item, column, sheet, denominator, dtype)
        for item, column in zip(key.items, sheet.columns, strict=True)
    ]
    points = np.column_stack([column.points for column in scored])
    normalised: Counter[str] = Counter(sheet.tidied)
    for column in scored:
        normalised.update(column.normalised)
    cell_problems = [problem for column in scored for problem in column.problems]
    # The sort is stable: within a row, the identifier comes first, then the key's order.
    problems = sorted([*sheet.problems, *cell_problems], key=lambda problem: problem.row)
    return GradedSheet(
        sheet=sheet,
        key=key,
        denominator=denominator,
        scaled_points=points,
        scaled_totals=points.sum(axis=1),
        items=tuple(column.result for column in scored),
        problems=tuple(problems),
        normalised=dict(sorted(normalised.items())),
    )


def _score(
    item: KeyedItem, column: AnswerColumn, sheet: AnswerSheet, denominator: int, dtype: type
) -> _ScoredColumn:
    readings = [read_answer(raw, item.item_type, item.alphabet) for raw in column.distinct]
    right = np.array([item.accepts(reading.value) for reading in readings], dtype=bool)
    worth = int(item.points * denominator)
    table: NDArray[Any] = np.array([worth if is_right else 0 for is_right in right], dtype=dtype)
    counts = np.bincount(column.codes, minlength=len(readings))
    normalised: Counter[str] = Counter()
    for reading, count in zip(readings, counts.tolist(), strict=True):
        for change in reading.changes:
            normalised[change] += count
    return _ScoredColumn(
        points=table[column.codes],
        result=_item_result(item, readings, right, counts),
        problems=_cell_problems(item, column, readings, sheet),
        normalised=normalised,
    )


def _item_result(
    item: KeyedItem, readings: list[Reading], right: NDArray[np.bool_], counts: NDArray[np.int64]
) -> ItemResult:
    answers: Counter[str] = Counter()
    blank = unreadable = 0
    for reading, count in zip(readings, counts.tolist(), strict=True):
        if reading.fault is not None:
            unreadable += count
        elif reading.value == "":
            blank += count
        else:
            answers[reading.value] += count
    ranked = sorted(answers.items(), key=lambda pair: (-pair[1], pair[0]))
    return ItemResult(
        question=item.question,
        item_type=item.item_type,
        points=item.points,
        persons=int(counts.sum()),
        right=int(counts[right].sum()),
        blank=blank,
        unreadable=unreadable,
        answers=dict(ranked),
    )


def _cell_problems(
    item: KeyedItem, column: AnswerColumn, readings: list[Reading], sheet: AnswerSheet
) -> list[RowProblem]:
    problems = []
    for code, reading in enumerate(readings):
        if reading.fault is None:
            continue
        params = {"value": shown(column.distinct[code]), "type": item.item_type}
        for n in np.flatnonzero(column.codes == code).tolist():
            candidate = sheet.candidates[n]
            problems.append(
                RowProblem(
                    candidate.row, column.heading, candidate.candidate_id, reading.fault, params
                )
            )
    return problems
