"""Spreadsheet files -> tables of text cells: xlsx, xls, ods and csv, nothing trusted.

Packages are checked before they are opened: sizes, macros, links to other files, and how far the
cells reach, for a sheet is held as a rectangle. A cell with a formula is marked: its stored value
is whatever the last program left there.
"""

import csv
import datetime as dt
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from io import BytesIO, StringIO
from pathlib import Path

from python_calamine import CalamineWorkbook

from question_bank.errors import QuestionBankError
from question_bank.exchange.archives import Archive, opened_archive
from question_bank.exchange.problems import (
    NO_SUCH_FILE,
    NOT_TEXT,
    TOO_LARGE,
    UNREADABLE_FILE,
    Problem,
    changed,
    lost,
    problem_of_error,
)
from question_bank.exchange.text_files import MEGABYTE, decoded, read_bytes
from question_bank.exchange.workbook.open_document import sheets_of_open_document

HAS_MACROS = lost("the workbook holds macros; save it as .xlsx without macros and send it again")
LINKS_OUTSIDE = changed("the workbook links to other files; the links are not followed")
TOO_WIDE = lost("sheet {sheet} reaches to {cell}; at most {rows} rows and {columns} columns")
OLD_FORMAT = changed("an .xls file does not show which cells are formulas; check the values")
NO_SPREADSHEET = lost("not a spreadsheet we read ({suffix}); save it as .xlsx or .csv")
ENDLESS_TEXT = lost("a cell holds more than {most} characters; shorten it")
LARGEST_WORKBOOK = 48 * MEGABYTE
LARGEST_TABLE = 24 * MEGABYTE
"""Of a csv file, which is not compressed."""
MOST_ROWS, MOST_COLUMNS, MOST_CELLS = 60_000, 300, 4_000_000
LONGEST_CELL = 32_767
"""Characters; Excel's own limit."""
OPEN_DOCUMENT, OLD_EXCEL = ".ods", ".xls"
_NEW_EXCEL = frozenset((".xlsx", ".xltx"))
_MACRO_SUFFIXES = frozenset((".xlsm", ".xltm", ".xlam"))
_CELL = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]{1,4})([0-9]{1,8})"')
_FORMULA = re.compile(
    rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]{1,4})([0-9]{1,8})"[^>]*>\s*<(?:\w+:)?f[\s>/]'
)
_ENDLESS_TEXT = re.compile(rb"[^<]{262144}")
"""Longer than any text a cell may hold, whatever its encoding and escapes."""
_SHEET_ENTRY = re.compile(r'<(?:\w+:)?sheet\s[^>]*?name="([^"]*)"[^>]*?\br:id="([^"]*)"')
_RELATION = re.compile(r"<(?:\w+:)?Relationship\s[^>]*>")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table of texts. `formulas` are (row, column), both from 0; rows start at the first one."""

    name: str
    rows: list[list[str]]
    formulas: frozenset[tuple[int, int]] = field(default=frozenset())


class _Refused(Exception):
    def __init__(self, problem: Problem) -> None:
        self.problem = problem


def read_sheets(path: Path) -> tuple[list[Sheet], list[Problem]]:
    """The sheets of a file, and what is wrong with the file."""
    suffix = path.suffix.lower()
    if suffix in _MACRO_SUFFIXES:
        return [], [HAS_MACROS.at(path.name)]
    try:
        if not path.exists():
            return [], [NO_SUCH_FILE.at(path.name)]
        if path.stat().st_size > LARGEST_WORKBOOK:
            return [], [TOO_LARGE.at(path.name, most=LARGEST_WORKBOOK // MEGABYTE)]
        if suffix in _NEW_EXCEL or suffix == OPEN_DOCUMENT:
            return _packaged(path, suffix)
        if suffix == OLD_EXCEL:
            return _opened(path.read_bytes(), path.name, {}), [OLD_FORMAT.at(path.name)]
        if suffix in (".csv", ".tsv", ".txt"):
            return _separated(path)
    except _Refused as error:
        return [], [error.problem]
    except QuestionBankError as error:
        return [], [problem_of_error(error, path.name)]
    except OSError as error:
        return [], [UNREADABLE_FILE.at(path.name, reason=error.strerror or str(error))]
    return [], [NO_SPREADSHEET.at(path.name, suffix=suffix or "?")]


def _packaged(path: Path, suffix: str) -> tuple[list[Sheet], list[Problem]]:
    problems = []
    with opened_archive(path) as archive:
        if any(name.lower().endswith("vbaproject.bin") for name in archive.names):
            raise _Refused(HAS_MACROS.at(path.name))
        if any("externallinks/" in name.lower() for name in archive.names):
            problems.append(LINKS_OUTSIDE.at(path.name))
        if suffix == OPEN_DOCUMENT:
            content = archive.read("content.xml") if "content.xml" in archive.names else b""
            tables = sheets_of_open_document(content, MOST_ROWS, MOST_COLUMNS)
            if tables is None:
                raise _Refused(UNREADABLE_FILE.at(path.name, reason="no OpenDocument sheet"))
            return [Sheet(name, rows, formulas) for name, rows, formulas in tables], problems
        formulas = _checked_sheets(archive, path.name)
    return _opened(path.read_bytes(), path.name, formulas), problems


def _checked_sheets(archive: Archive, file: str) -> dict[str, frozenset[tuple[int, int]]]:
    """The formulas by sheet. Refuses sheets that reach too far; every part is read once, so that
    a part larger than it says is found here."""
    names = {name: sheet for sheet, name in _sheet_parts(archive)}
    found = {}
    for name in archive.names:
        if not name.startswith("xl/") or not name.endswith((".xml", ".rels")):
            continue
        content = archive.read(name)
        if _ENDLESS_TEXT.search(content):
            raise _Refused(ENDLESS_TEXT.at(file, most=LONGEST_CELL))
        if not name.startswith("xl/worksheets/") or name.endswith(".rels"):
            continue
        sheet = names.get(name, name)
        _check_reach(content, sheet, file)
        found[sheet] = frozenset(
            (int(cell[2]) - 1, _column_number(cell[1].decode()) - 1)
            for cell in _FORMULA.finditer(content)
        )
    return found


def _check_reach(content: bytes, sheet: str, file: str) -> None:
    last_row = last_column = 0
    for cell in _CELL.finditer(content):
        last_row = max(last_row, int(cell[2]))
        last_column = max(last_column, _column_number(cell[1].decode()))
    too_many = last_row * last_column > MOST_CELLS
    if last_row > MOST_ROWS or last_column > MOST_COLUMNS or too_many:
        raise _Refused(_too_wide(file, sheet, last_row, last_column))


def _too_wide(file: str, sheet: str, row: int, column: int) -> Problem:
    cell = f"{column_letters(column - 1)}{row}"
    return TOO_WIDE.at(file, sheet=sheet, cell=cell, rows=MOST_ROWS, columns=MOST_COLUMNS)


def _sheet_parts(archive: Archive) -> Iterator[tuple[str, str]]:
    """Name of each sheet and the part of the package that holds it."""
    parts = {}
    with suppress(KeyError):
        relations = archive.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")
        for relation in _RELATION.findall(relations):
            marked = re.search(r'\bId="([^"]*)"', relation)
            target = re.search(r'\bTarget="([^"]*)"', relation)
            if marked and target:
                inside = target[1].removeprefix("/xl/").removeprefix("xl/")
                parts[marked[1]] = f"xl/{inside}"
        listed = archive.read("xl/workbook.xml").decode("utf-8", "replace")
        for name, relation in _SHEET_ENTRY.findall(listed):
            if relation in parts:
                yield name, parts[relation]


def _opened(
    content: bytes, file: str, formulas: dict[str, frozenset[tuple[int, int]]]
) -> list[Sheet]:
    """Read through calamine; its parser is native code, whose panics are no ordinary errors."""
    sheets = []
    try:
        with CalamineWorkbook.from_filelike(BytesIO(content)) as book:
            for name in book.sheet_names:
                table = book.get_sheet_by_name(name)
                rows = [
                    [cell_text(value) for value in row]
                    for row in table.to_python(skip_empty_area=False)
                ]
                sheets.append(Sheet(name, rows, formulas.get(name, frozenset())))
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        raise _Refused(UNREADABLE_FILE.at(file, reason=reason)) from error
    return sheets


def cell_text(value: object) -> str:
    """A cell as a person reads it: 12 rather than 12.0, a date by its day."""
    match value:
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case float():
            whole = value.is_integer() and abs(value) < 1e15
            return str(int(value)) if whole else repr(value)
        case dt.datetime():
            return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
        case dt.date():
            return value.isoformat()
        case _:
            return str(value).replace("\r\n", "\n").replace("_x000D_\n", "\n")


def _separated(path: Path) -> tuple[list[Sheet], list[Problem]]:
    content = read_bytes(path, LARGEST_TABLE)
    if isinstance(content, Problem):
        return [], [content]
    text = decoded(content)
    if text is None:
        return [], [NOT_TEXT.at(path.name)]
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    rows: list[list[str]] = []
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter)
    try:
        for row in reader:
            rows.append([_without_guard(cell) for cell in row])
            if len(rows) > MOST_ROWS or len(row) > MOST_COLUMNS:
                return [], [_too_wide(path.name, path.stem, len(rows), len(row))]
    except csv.Error as error:
        return [], [UNREADABLE_FILE.at(path.name, row=reader.line_num, reason=str(error))]
    return [Sheet(path.stem, rows)], []


def _without_guard(cell: str) -> str:
    """The text of a cell that was written with an apostrophe against being run as a formula."""
    return cell[1:] if re.match(r"'['=+\-@\t]", cell) else cell


def guarded(cell: str) -> str:
    """A text that no spreadsheet program takes for a formula when it opens a csv file."""
    return f"'{cell}" if re.match(r"['=+\-@\t]", cell) else cell


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """A, B, … Z, AA for column numbers from 0."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
