"""Wide response tables: one row per person, one column per item, whole numbers, blank = missing.

Reads the file and sets aside what cannot be used, with a finding for each. What a number may be is
the model's to say: `limited` compares with the highest category of each item.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from certify.workbench.errors import MissingColumn, NoUsableColumns, NoUsableRows
from certify.workbench.findings import Finding, shown
from certify.workbench.text_tables import TextRow, TextTable, distinct_rows, read_table

FloatArray = NDArray[np.float64]
IndexArray = NDArray[np.intp]

PERSON_COLUMNS: Final = (
    "person_id", "person", "id", "candidate_id", "student_id", "examinee_id", "respondent_id",
    "subject_id", "准考证号", "考号", "考生号", "学号", "编号",
)  # fmt: skip
HIGHEST_CATEGORY: Final = 100
_BAD: Final = -1.0


@dataclass(frozen=True, slots=True)
class ResponseTable:
    """`values` (persons, items), NaN where blank; `rows` and `columns` are places in the file.

    `labels`: the cells of columns that are no items (groups), one per person.
    """

    file: str
    person_ids: tuple[str, ...]
    item_ids: tuple[str, ...]
    values: FloatArray
    rows: IndexArray
    labels: Mapping[str, tuple[str, ...]]
    findings: tuple[Finding, ...]

    def __len__(self) -> int:
        """Number of persons."""
        return len(self.person_ids)

    def take_items(self, chosen: Sequence[int]) -> "ResponseTable":
        """Some of the items, in this order."""
        return replace(
            self,
            item_ids=tuple(self.item_ids[at] for at in chosen),
            values=self.values[:, list(chosen)],
        )

    def take_persons(self, chosen: NDArray[np.bool_]) -> "ResponseTable":
        """The persons of a mask."""
        kept = np.flatnonzero(chosen).tolist()
        return replace(
            self,
            person_ids=tuple(self.person_ids[at] for at in kept),
            values=self.values[kept],
            rows=self.rows[kept],
            labels={name: tuple(cells[at] for at in kept) for name, cells in self.labels.items()},
        )

    def with_findings(self, findings: Sequence[Finding]) -> "ResponseTable":
        """The same table with more findings."""
        return replace(self, findings=(*self.findings, *findings))

    def limited(self, highest: Sequence[int]) -> "ResponseTable":
        """Cells above the highest category of their item become missing, each with a finding."""
        with np.errstate(invalid="ignore"):
            over = self.values > np.asarray(highest, dtype=np.float64)
        if not over.any():
            return self
        findings = [
            Finding(
                self.file,
                "bad_cell",
                int(self.rows[person]),
                self.item_ids[item],
                {"highest": highest[item], "value": f"{self.values[person, item]:g}"},
            )
            for person, item in np.argwhere(over).tolist()
        ]
        cleaned = replace(self, values=np.where(over, np.nan, self.values))
        return cleaned.with_findings(findings)


class _Numbers(dict[str, float]):
    """What each distinct cell says, found out once: a table has few distinct cells."""

    def __missing__(self, cell: str) -> float:
        value = self[cell] = _number(cell)
        return value


class _Options(dict[str, float]):
    """The same for options: letters count as 1, 2, 3, ..."""

    def __missing__(self, cell: str) -> float:
        value = self[cell] = option_number(cell)
        return value


def read_responses(
    data: bytes,
    file: str,
    *,
    label_columns: Sequence[str] = (),
    ignored: Collection[str] = (),
    only: Collection[str] | None = None,
    are_options: bool = False,
) -> ResponseTable:
    """Read a response file; raises TableError, or a file error of `certify.grading`.

    `label_columns` hold text and must be there; `ignored` are left out; `only` these items are
    read, if given. With `are_options` letters are understood as well (A is 1).
    """
    table = read_table(data, file, PERSON_COLUMNS)
    for name in label_columns:
        if name not in table.heading:
            raise MissingColumn(
                file=file, expected=f"a column '{shown(name)}'", found="no such column"
            )
    rows, findings = distinct_rows(table)
    findings = [*table.findings, *findings]
    skipped = {*label_columns, *ignored}
    columns = [
        at
        for at, name in enumerate(table.heading)
        if at > 0 and name and name not in skipped and (only is None or name in only)
    ]
    rows, missing = _with_labels(table, rows, label_columns)
    findings += [*missing, *_unnamed(table)]
    if not rows:
        raise NoUsableRows(file=file, expected="a person_id and answers", first=_first(findings))
    cells = _Options() if are_options else _Numbers()
    values = np.array(
        [[cells[row.cells[at]] for at in columns] for row in rows], dtype=np.float64
    ).reshape(len(rows), len(columns))
    numbers = np.array([row.number for row in rows], dtype=np.intp)
    kept, found = _checked(table, rows, columns, values, are_options)
    findings += found
    if not kept:
        raise NoUsableColumns(file=file, first=_first(findings))
    values = values[:, kept]
    values[values == _BAD] = np.nan
    return ResponseTable(
        file=file,
        person_ids=tuple(row.cells[0] for row in rows),
        item_ids=tuple(table.heading[columns[at]] for at in kept),
        values=values,
        rows=numbers,
        labels={
            name: tuple(row.cells[table.heading.index(name)] for row in rows)
            for name in label_columns
        },
        findings=tuple(findings),
    )


def option_number(cell: str) -> float:
    """1 for A, 2 for B, ... or the whole number itself; NaN for a blank; -1 for anything else."""
    letter = cell.upper()
    if len(letter) == 1 and "A" <= letter <= "Z":
        return float(ord(letter) - ord("A") + 1)
    return _number(cell)


def _number(cell: str) -> float:
    if not cell:
        return float("nan")
    try:
        value = float(cell)
    except ValueError:
        return _BAD
    # not a number, infinite, negative or broken numbers are no categories
    return value if 0 <= value <= HIGHEST_CATEGORY and value == int(value) else _BAD


def _with_labels(
    table: TextTable, rows: list[TextRow], label_columns: Sequence[str]
) -> tuple[list[TextRow], list[Finding]]:
    findings = []
    for name in label_columns:
        at = table.heading.index(name)
        findings += [
            Finding(table.file, "no_name", row.number, name) for row in rows if not row.cells[at]
        ]
        rows = [row for row in rows if row.cells[at]]
    return rows, findings


def _unnamed(table: TextTable) -> list[Finding]:
    """Columns with cells but without a heading; trailing commas make empty ones."""
    return [
        Finding(table.file, "unnamed_column", 1, "", {"number": at + 1})
        for at, name in enumerate(table.heading)
        if not name and any(row.cells[at] for row in table.rows)
    ]


def _checked(
    table: TextTable,
    rows: Sequence[TextRow],
    columns: Sequence[int],
    values: FloatArray,
    are_options: bool,
) -> tuple[list[int], list[Finding]]:
    """Which of the columns are items, and a finding for every bad cell or column of text."""
    bad = values == _BAD
    is_text = bad.any(axis=0) & (bad | np.isnan(values)).all(axis=0)
    findings = []
    for at in np.flatnonzero(bad.any(axis=0)).tolist():
        name = table.heading[columns[at]]
        for person in np.flatnonzero(bad[:, at]).tolist():
            row = rows[person]
            value = shown(row.cells[columns[at]])
            if is_text[at]:
                params: dict[str, object] = {"row": row.number, "value": value}
                findings.append(Finding(table.file, "text_column", None, name, params))
                break
            code = "bad_option" if are_options else "bad_cell"
            params = {"highest": HIGHEST_CATEGORY, "value": value}
            findings.append(Finding(table.file, code, row.number, name, params))
    return np.flatnonzero(~is_text).tolist(), findings


def _first(findings: Sequence[Finding]) -> str:
    """The first finding as the cause, as a sentence of its own."""
    return f"first: {findings[0]};" if findings else ""
