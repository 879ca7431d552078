"""A wide answer file: one row per candidate, one column per question.

Reads rows, sets aside those that cannot be graded and keeps the rest as text, with each
column of answers as its distinct cells and codes. rows_in = candidates + rows set aside,
always. Does not look into the answers themselves.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from certify.grading.encoding import decode
from certify.grading.errors import NoCandidates
from certify.grading.identifiers import (
    IdentifierPattern,
    is_digits,
    is_malformed,
    is_ruined,
    is_ruined_attribute,
    may_be_rounded,
    pattern_of,
    tidy,
)
from certify.grading.key import PaperKey
from certify.grading.layout import SheetLayout, find_layout, listed
from certify.grading.problems import BatchWarning, RowProblem, shown
from certify.grading.records import bare, records_after, split_lines


@dataclass(frozen=True, slots=True)
class Candidate:
    row: int
    candidate_id: str
    name: str
    attributes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnswerColumn:
    """The answers to one item: candidate n answered `distinct[codes[n]]`."""

    heading: str
    codes: NDArray[np.int64]
    distinct: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnswerSheet:
    """A sheet ready to be scored; `columns` is in the order of the key's items."""

    file: str
    encoding: str
    header_row: int
    rows_in: int
    blank_rows: int
    attribute_names: tuple[str, ...]
    candidates: tuple[Candidate, ...]
    columns: tuple[AnswerColumn, ...]
    problems: tuple[RowProblem, ...]
    tidied: Mapping[str, int]
    warnings: tuple[BatchWarning, ...]

    @property
    def rows_reported(self) -> int:
        """Rows that are not graded."""
        return self.rows_in - len(self.candidates)


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    candidate_id: str
    cells: list[str]


def read_sheet(data: bytes, file: str, key: PaperKey) -> AnswerSheet:
    """Read a whole answer file; raises FileError or SheetError."""
    decoded = decode(data, file)
    lines = split_lines(decoded.text)
    layout = find_layout(lines, file, key)
    rows, broken, blank_rows, tidied = _rows(lines, layout)
    if not rows and not broken:
        raise NoCandidates(file=file, row=layout.header.row)
    pattern = pattern_of([row.candidate_id for row in rows])
    refused = broken + _identifier_problems(rows, layout, pattern)
    refused_rows = {problem.row for problem in refused}
    refused += _duplicates([row for row in rows if row.number not in refused_rows], layout)
    refused_rows = {problem.row for problem in refused}
    good = [row for row in rows if row.number not in refused_rows]
    doubtful = _doubts(good, layout, pattern)
    return AnswerSheet(
        file=file,
        encoding=decoded.encoding,
        header_row=layout.header.row,
        rows_in=len(rows) + len(broken),
        blank_rows=blank_rows,
        attribute_names=tuple(layout.heading(n) for n in layout.attributes),
        candidates=tuple(_candidate(row, layout) for row in good),
        columns=tuple(_column(good, n, layout.heading(n)) for n in layout.questions),
        problems=tuple(refused + doubtful),
        tidied=tidied,
        warnings=_warnings(layout, rows),
    )


def _rows(
    lines: list[str], layout: SheetLayout
) -> tuple[list[_Row], list[RowProblem], int, Mapping[str, int]]:
    width = len(layout.header.cells)
    rows: list[_Row] = []
    broken: list[RowProblem] = []
    tidied: Counter[str] = Counter()
    blank_rows = 0
    for record in records_after(lines, layout.header):
        cells = record.cells
        if cells is None:
            params = {"expected": width, "found": "a quotation mark that is not closed"}
            broken.append(RowProblem(record.row, "", "", "broken_row", params))
        elif record.blank:
            blank_rows += 1
        elif len(cells) < width or any(map(bare, cells[width:])):
            identifier = tidy(cells[layout.identifier])[0] if len(cells) > layout.identifier else ""
            params = {"expected": width, "found": len(cells)}
            broken.append(RowProblem(record.row, "", identifier, "broken_row", params))
        else:
            identifier, changes = tidy(cells[layout.identifier])
            tidied.update(changes)
            rows.append(_Row(record.row, identifier, cells))
    return rows, broken, blank_rows, dict(tidied)


def _identifier_problems(
    rows: Sequence[_Row], layout: SheetLayout, pattern: IdentifierPattern
) -> list[RowProblem]:
    column = layout.heading(layout.identifier)
    problems = []
    for row in rows:
        code = _identifier_fault(row.candidate_id, pattern)
        if code is not None:
            params = {"value": shown(row.candidate_id)}
            problems.append(RowProblem(row.number, column, row.candidate_id, code, params))
    return problems


def _identifier_fault(identifier: str, pattern: IdentifierPattern) -> str | None:
    if not identifier:
        return "missing_id"
    if is_ruined(identifier):
        return "ruined_number"
    if is_malformed(identifier):
        return "id_malformed"
    if pattern.digits_only and not is_digits(identifier):
        return "id_not_digits"
    return None


def _duplicates(rows: Sequence[_Row], layout: SheetLayout) -> list[RowProblem]:
    """Rows that share an identifier: exact repeats count once, others not at all.

    Which of two different answer rows is the candidate's own is not for us to guess.
    """
    column = layout.heading(layout.identifier)
    by_id: defaultdict[str, list[_Row]] = defaultdict(list)
    for row in rows:
        by_id[row.candidate_id].append(row)
    problems = []
    for identifier, group in by_id.items():
        if len(group) == 1:
            continue
        first = group[0]
        if all(_content(row) == _content(first) for row in group):
            refused, code = group[1:], "repeated_row"
            params: dict[str, object] = {"first_row": first.number}
        else:
            refused, code = group, "duplicate_id"
            params = {"rows": listed([str(row.number) for row in group])}
        problems += [RowProblem(row.number, column, identifier, code, params) for row in refused]
    return problems


def _content(row: _Row) -> list[str]:
    return [bare(cell) for cell in row.cells]


def _doubts(
    rows: Sequence[_Row], layout: SheetLayout, pattern: IdentifierPattern
) -> list[RowProblem]:
    """Problems that leave the row graded."""
    problems = []
    for row in rows:
        identifier = row.candidate_id
        if pattern.length is not None and len(identifier) < pattern.length:
            params = {
                "value": shown(identifier),
                "found": len(identifier),
                "expected": pattern.length,
            }
            column = layout.heading(layout.identifier)
            problems.append(RowProblem(row.number, column, identifier, "id_length", params))
        for number in layout.attributes:
            if is_ruined_attribute(row.cells[number]):
                problems.append(
                    RowProblem(
                        row.number,
                        layout.heading(number),
                        identifier,
                        "ruined_attribute",
                        {"value": shown(row.cells[number])},
                    )
                )
    return problems


def _candidate(row: _Row, layout: SheetLayout) -> Candidate:
    name = "" if layout.name is None else bare(row.cells[layout.name])
    attributes = tuple(bare(row.cells[number]) for number in layout.attributes)
    return Candidate(row.number, row.candidate_id, name, attributes)


def _column(rows: Sequence[_Row], number: int, heading: str) -> AnswerColumn:
    cells = np.array([row.cells[number] for row in rows], dtype=object)
    codes, distinct = pd.factorize(cells)
    return AnswerColumn(heading, np.asarray(codes, dtype=np.int64), tuple(distinct))


def _warnings(layout: SheetLayout, rows: Sequence[_Row]) -> tuple[BatchWarning, ...]:
    warnings = []
    if layout.header.row > 1:
        warnings.append(BatchWarning("rows_above_heading", {"count": layout.header.row - 1}))
    if layout.unrecognised:
        warnings.append(BatchWarning("columns_kept", {"columns": listed(layout.unrecognised)}))
    for number in layout.untitled:
        used = sum(1 for row in rows if bare(row.cells[number]))
        if used:
            params = {"number": number + 1, "count": used}
            warnings.append(BatchWarning("column_without_heading", params))
    if may_be_rounded([row.candidate_id for row in rows]):
        warnings.append(BatchWarning("ids_may_be_rounded"))
    return tuple(warnings)
