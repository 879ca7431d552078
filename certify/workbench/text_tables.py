"""CSV files as text: bytes to numbered rows below a heading, and rows back to bytes.

The encoding is decided, and broken rows are told apart, as for mark sheets (`certify.grading`).
What the cells mean is for the modules that read responses, parameters and lists of items.
"""

import csv
import io
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from certify.grading.encoding import decode
from certify.grading.errors import UnreadableFile
from certify.grading.headings import compact
from certify.grading.records import bare, find_header, records_after, split_lines
from certify.workbench.errors import DuplicateColumn, MissingColumn
from certify.workbench.findings import Finding, listed, shown

# CWE-1236: a cell that begins with one of these is a formula to a spreadsheet.
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")

#: The same few names are asked for in every row.
_compact = lru_cache(maxsize=4096)(compact)


@dataclass(frozen=True, slots=True)
class TextRow:
    """One row as a spreadsheet numbers it; as many cells as the heading has."""

    number: int
    cells: list[str]


@dataclass(frozen=True, slots=True)
class TextTable:
    """The heading, the rows that have its width, and findings about the others."""

    file: str
    heading: tuple[str, ...]
    rows: tuple[TextRow, ...]
    findings: tuple[Finding, ...]

    def column(self, *names: str) -> int | None:
        """The position of the column with one of these names, however they are spelt."""
        wanted = {_compact(name) for name in names}
        return next((at for at, name in enumerate(self.heading) if _compact(name) in wanted), None)


def file_bytes(path: Path) -> bytes:
    """The content of a file; raises UnreadableFile."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise UnreadableFile(file=path, reason=error.strerror or type(error).__name__) from error


def read_table(data: bytes, file: str, first_column: Sequence[str]) -> TextTable:
    """A table whose first column has one of the names `first_column`; raises TableError.

    Also raises the file errors of `certify.grading` for what is no text.
    """
    lines = split_lines(decode(data, file).text)
    wanted = {_compact(name) for name in first_column}
    header = find_header(lines, lambda cells: _compact(bare(cells[0])) in wanted, 1)
    if header is None or len(header.cells) < 2:
        found = f"'{shown(lines[0])}'" if header is None else "no other column"
        expected = f"the first column {first_column[0]} and other columns after it"
        raise MissingColumn(file=file, expected=expected, found=found)
    heading = tuple(_plain(cell) for cell in header.cells)
    _check_names(file, heading)
    rows, findings = [], []
    plain = _Plain()
    for record in records_after(lines, header):
        if record.blank:
            continue
        cells = record.cells
        if cells is None or len(cells) < len(heading) or any(map(bare, cells[len(heading) :])):
            found = "an open quotation mark" if cells is None else str(len(cells))
            params = {"expected": len(heading), "found": found}
            findings.append(Finding(file, "broken_row", record.row, "", params))
        else:
            rows.append(TextRow(record.row, [plain[cell] for cell in cells[: len(heading)]]))
    return TextTable(file, heading, tuple(rows), tuple(findings))


def distinct_rows(table: TextTable) -> tuple[list[TextRow], list[Finding]]:
    """One row for each name in the first column.

    An exact repeat counts once; rows of one name that differ do not count at all, because which of
    them is right is not for a program to guess.
    """
    column = table.heading[0]
    by_name: dict[str, list[TextRow]] = {}
    findings = []
    for row in table.rows:
        if row.cells[0]:
            by_name.setdefault(row.cells[0], []).append(row)
        else:
            findings.append(Finding(table.file, "no_name", row.number, column))
    good = []
    for name, rows in by_name.items():
        if all(row.cells == rows[0].cells for row in rows[1:]):
            good.append(rows[0])
            findings += [
                Finding(table.file, "repeated", row.number, column, {"first_row": rows[0].number})
                for row in rows[1:]
            ]
        else:
            places = listed([str(row.number) for row in rows])
            params = {"name": shown(name), "rows": places}
            findings += [
                Finding(table.file, "duplicate", row.number, column, params) for row in rows
            ]
    return good, findings


def table_bytes(heading: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """CSV as UTF-8; numbers exactly (up to 17 significant digits), NaN and None as blanks.

    A byte order mark, which spreadsheets need, is there only if the text is not plain ASCII.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([cell_text(name) for name in heading])
    writer.writerows([cell_text(value) for value in row] for row in rows)
    content = text.getvalue()
    return content.encode("utf-8" if content.isascii() else "utf-8-sig")


def cell_text(value: object) -> str:
    """One cell; a text that a spreadsheet would run has an apostrophe before it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA_STARTS) else value
    if isinstance(value, float):
        # the shortest digits that read back as the same number; numpy's own type has another repr
        return "" if math.isnan(value) else repr(float(value))
    return str(value)


class _Plain(dict[str, str]):
    """`_plain` of each distinct cell, found out once: a table has few distinct cells."""

    def __missing__(self, cell: str) -> str:
        plain = self[cell] = _plain(cell)
        return plain


def _plain(cell: str) -> str:
    """The cell as it was before `cell_text`."""
    text = bare(cell)
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA_STARTS) else text


def _check_names(file: str, heading: Sequence[str]) -> None:
    seen: dict[str, int] = {}
    for number, name in enumerate(heading, 1):
        if name and name in seen:
            raise DuplicateColumn(file=file, first=seen[name], second=number, name=shown(name))
        seen[name] = number
