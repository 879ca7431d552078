"""Text to numbered rows of cells, one broken row never taking others with it.

A row counts as a spreadsheet counts it: blank rows count, and a quoted cell with line
breaks is part of one row. A quotation mark that is never closed breaks its own line only.
Says nothing about what the cells mean.
"""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

DELIMITERS: Final = (",", "\t")
# A cell with more line breaks than this is an unclosed quotation mark, not a cell.
_MOST_LINES: Final = 10
_INVISIBLE: Final = "\ufeff\u200b\u200e\u200f\u202a\u202c\u202d\u202e\u2060"


@dataclass(frozen=True, slots=True)
class Record:
    """One row; `cells` is None when its quotation marks do not close."""

    row: int
    cells: list[str] | None

    @property
    def blank(self) -> bool:
        return self.cells is not None and not any(bare(cell) for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Header:
    row: int
    cells: tuple[str, ...]
    delimiter: str
    first_line: int


def bare(cell: str) -> str:
    """The cell without surrounding space and without invisible marks."""
    stripped = cell.strip()
    if stripped.isascii():
        return stripped
    return stripped.strip(_INVISIBLE).strip()


def split_lines(text: str) -> list[str]:
    """Lines at CR LF, LF or CR only; the form feed and its kin stay inside cells."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    while lines and lines[-1].strip("\x1a") == "":
        lines.pop()
    return lines


def find_header(
    lines: list[str], is_header: Callable[[list[str]], bool], searched: int
) -> Header | None:
    """The first row among `searched` that `is_header` accepts, with the delimiter that shows it."""
    found = []
    for delimiter in DELIMITERS:
        start = 0
        for row in range(1, searched + 1):
            if start >= len(lines):
                break
            cells, used = _parse(lines, start, delimiter, None)
            start += used
            if cells is not None and is_header(cells):
                found.append(Header(row, tuple(cells), delimiter, start))
                break
    return max(found, key=lambda header: len(header.cells), default=None)


def records_after(lines: list[str], header: Header) -> Iterator[Record]:
    """Every row below the heading, blank and broken ones too."""
    row, position, delimiter = header.row, header.first_line, header.delimiter
    while position < len(lines):
        row += 1
        line = lines[position]
        if '"' not in line:
            yield Record(row, line.split(delimiter))
            position += 1
            continue
        cells, used = _parse(lines, position, delimiter, len(header.cells))
        yield Record(row, cells)
        position += used


def _parse(
    lines: list[str], start: int, delimiter: str, width: int | None
) -> tuple[list[str] | None, int]:
    """The cells of the row that begins at line `start`, and how many lines it takes.

    Lines are joined only while a quotation mark is open and only if the joined row has the
    expected width; otherwise the first line stands alone as broken.
    """
    for used in range(1, min(_MOST_LINES, len(lines) - start) + 1):
        text = "\n".join(lines[start : start + used])
        cells = _cells(text, delimiter)
        if cells is None:
            if _quotes_open(text):
                continue
            break
        if used == 1 or width is None or len(cells) == width:
            return cells, used
        break
    return None, 1


def _quotes_open(text: str) -> bool:
    return text.count('"') % 2 == 1


def _cells(text: str, delimiter: str) -> list[str] | None:
    try:
        rows = list(csv.reader([text], delimiter=delimiter, strict=True))
    except csv.Error:
        return None
    return rows[0] if len(rows) == 1 else ([""] if not rows else None)
