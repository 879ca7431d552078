"""The roster of an exam session: a CSV or XLSX file in, candidates and row-level problems out.

Identifiers are text: a number that a spreadsheet has rounded is reported and never guessed. Which
accounts and rooms there are is not known here.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import NamedTemporaryFile
from types import MappingProxyType
from typing import Final

from certify.grading.encoding import decode
from certify.grading.errors import NoHeader, RosterMissesColumn, UnreadableWorkbook
from certify.grading.headings import compact
from certify.grading.identifiers import is_malformed, is_ruined, pattern_of, tidy
from certify.grading.problems import shown
from certify.grading.records import Record, bare, find_header, records_after, split_lines
from question_bank.exchange.workbook.sheets import read_sheets

ADMISSION_NUMBER, NAME, USERNAME = "准考证号", "姓名", "用户名"
ROOM, SEAT, EXTRA, LEVEL = "考场", "座位", "加时(分钟)", "等级"
HEADINGS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        ADMISSION_NUMBER: ("准考证号", "准考证号码", "考号", "考生号", "admission_number"),
        NAME: ("姓名", "考生姓名", "name"),
        USERNAME: ("用户名", "账号", "登录名", "username"),
        ROOM: ("考场", "考场号", "room"),
        SEAT: ("座位", "座位号", "座号", "seat"),
        EXTRA: ("加时(分钟)", "加时", "延长时间", "extra_minutes"),
        LEVEL: ("等级", "报考等级", "级别", "level"),
    }
)
REQUIRED: Final = (ADMISSION_NUMBER, NAME, ROOM, SEAT)
SEARCHED_ROWS: Final = 10
MOST_EXTRA_MINUTES: Final = 600
LONGEST_NAME: Final = 60
LONGEST_PLACE: Final = 40
WORKBOOK_SIGNATURE: Final = b"PK\x03\x04"

ROSTER_TEMPLATES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "broken_row": "expected {expected} cells, found {found}: check commas and quotation marks",
        "missing_value": "the cell is empty: fill it in",
        "ruined_number": (
            "'{value}' is a number that a spreadsheet has rounded: export the column as text"
        ),
        "id_malformed": "'{value}' has characters that no identifier has: correct it",
        "id_length": (
            "'{value}' has {found} digits where most have {expected}: "
            "check whether leading zeros are lost"
        ),
        "unfit_name": "'{value}' cannot be printed as a name: correct it",
        "bad_extra": "'{value}' is no number of minutes from 0 to {most}: correct it",
        "unknown_level": "'{value}' is no level: use 新手, 成熟 or 精英",
        "repeated": "'{value}' stands in row {first_row} as well: keep one of them",
        "too_long": "'{value}' is longer than {most} characters: shorten it",
    }
)
"""Every problem that this module reports, in English."""
_LEVELS: Final = {
    "新手": "novice", "成熟": "proficient", "进阶": "proficient", "精英": "elite",
    "novice": "novice", "proficient": "proficient", "elite": "elite",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class RosterProblem:
    """What is wrong in a row. A row with a fatal problem is left out; `id_length` warns only."""

    row: int
    column: str
    code: str
    params: Mapping[str, object] = field(default_factory=dict)

    @property
    def fatal(self) -> bool:
        """Whether the row is left out."""
        return self.code != "id_length"


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One candidate. An empty user name stands for the admission number."""

    row: int
    admission_number: str
    name: str
    username: str
    room: str
    seat: str
    extra_minutes: int
    level: str


@dataclass(frozen=True, slots=True)
class Roster:
    """The rows that may be taken over, and the problems of all rows, both in their order."""

    rows: tuple[RosterRow, ...]
    problems: tuple[RosterProblem, ...]


def read_roster(data: bytes, file: str) -> Roster:
    """Read a whole file; a broken row takes no other with it.

    Raises EmptyFile, NotATextFile, EncodingUndecidable, UnreadableWorkbook, NoHeader or
    RosterMissesColumn.
    """
    is_workbook = data.startswith(WORKBOOK_SIGNATURE)
    columns, records = _workbook(data, file) if is_workbook else _text(data, file)
    reader = _RowReader(columns)
    for record in records:
        if not record.blank:
            reader.read(record)
    return reader.roster()


class _RowReader:
    """Collects rows and problems; what must be unique is compared at the end."""

    def __init__(self, columns: Mapping[str, int]) -> None:
        self._columns = columns
        self._width = max(columns.values()) + 1
        self._rows: list[RosterRow] = []
        self._problems: list[RosterProblem] = []

    def read(self, record: Record) -> None:
        """One record; it becomes a row unless something in it is fatal."""
        if record.cells is None or len(record.cells) < self._width:
            found = len(record.cells or ())
            self._report(record.row, "", "broken_row", expected=self._width, found=found)
            return
        before = len(self._problems)
        row = RosterRow(
            row=record.row,
            admission_number=self._identifier(record, ADMISSION_NUMBER),
            name=self._name(record),
            username=self._username(record),
            room=self._place(record, ROOM),
            seat=self._place(record, SEAT),
            extra_minutes=self._extra(record),
            level=self._level(record),
        )
        if len(self._problems) == before:
            self._rows.append(row)

    def roster(self) -> Roster:
        """The rows without repeats, and everything that was found."""
        rows = self._rows
        for column, values in (
            (ADMISSION_NUMBER, [row.admission_number for row in rows]),
            (USERNAME, [(row.username or row.admission_number).casefold() for row in rows]),
            (SEAT, [f"{row.room} {row.seat}" for row in rows]),
        ):
            rows = self._without_repeats(rows, column, values)
        self._warn_of_lengths(rows)
        return Roster(tuple(rows), tuple(sorted(self._problems, key=lambda p: p.row)))

    def _without_repeats(
        self, rows: list[RosterRow], column: str, values: list[str]
    ) -> list[RosterRow]:
        """Which of two rows is right is not guessed: neither is taken."""
        kept = {row.row for row in rows}
        places = {row.row: value for row, value in zip(self._rows, values, strict=False)}
        counts = Counter(places.values())
        first: dict[str, int] = {}
        for number, value in places.items():
            first.setdefault(value, number)
        for number, value in places.items():
            if counts[value] > 1 and number in kept:
                other = first[value] if first[value] != number else _second(places, value, number)
                self._report(number, column, "repeated", value=shown(value), first_row=other)
        return [row for row in rows if counts[places[row.row]] == 1]

    def _warn_of_lengths(self, rows: Sequence[RosterRow]) -> None:
        pattern = pattern_of([row.admission_number for row in rows])
        for row in rows:
            found = len(row.admission_number)
            if pattern.length is not None and found != pattern.length:
                self._report(
                    row.row,
                    ADMISSION_NUMBER,
                    "id_length",
                    value=shown(row.admission_number),
                    found=found,
                    expected=pattern.length,
                )

    def _cell(self, record: Record, column: str) -> str:
        at = self._columns.get(column)
        return "" if at is None or record.cells is None else bare(record.cells[at])

    def _identifier(self, record: Record, column: str) -> str:
        text, _ = tidy(self._cell(record, column))
        if not text:
            self._report(record.row, column, "missing_value")
        elif is_ruined(text):
            self._report(record.row, column, "ruined_number", value=shown(text))
        elif is_malformed(text):
            self._report(record.row, column, "id_malformed", value=shown(text))
        return text

    def _username(self, record: Record) -> str:
        text, _ = tidy(self._cell(record, USERNAME))
        if is_ruined(text):
            self._report(record.row, USERNAME, "ruined_number", value=shown(text))
        return text

    def _name(self, record: Record) -> str:
        text = self._cell(record, NAME)
        if not text:
            self._report(record.row, NAME, "missing_value")
        elif len(text) > LONGEST_NAME or not text.isprintable():
            self._report(record.row, NAME, "unfit_name", value=shown(text))
        return text

    def _place(self, record: Record, column: str) -> str:
        text = unicodedata.normalize("NFKC", self._cell(record, column))
        if not text:
            self._report(record.row, column, "missing_value")
        elif len(text) > LONGEST_PLACE:
            self._report(record.row, column, "too_long", value=shown(text), most=LONGEST_PLACE)
        return text

    def _extra(self, record: Record) -> int:
        text = unicodedata.normalize("NFKC", self._cell(record, EXTRA)) or "0"
        is_number = text.isascii() and text.isdigit() and len(text) < 5
        if not is_number or int(text) > MOST_EXTRA_MINUTES:
            most = MOST_EXTRA_MINUTES
            self._report(record.row, EXTRA, "bad_extra", value=shown(text), most=most)
            return 0
        return int(text)

    def _level(self, record: Record) -> str:
        text = self._cell(record, LEVEL)
        if text and text.casefold() not in _LEVELS:
            self._report(record.row, LEVEL, "unknown_level", value=shown(text))
        return _LEVELS.get(text.casefold(), "")

    def _report(self, row: int, column: str, code: str, **params: object) -> None:
        self._problems.append(RosterProblem(row, column, code, params))


def _second(places: Mapping[int, str], value: str, first: int) -> int:
    return next(row for row, other in places.items() if other == value and row != first)


def _text(data: bytes, file: str) -> tuple[Mapping[str, int], Iterator[Record]]:
    lines = split_lines(decode(data, file).text)
    header = find_header(lines, lambda cells: _is_header(cells), SEARCHED_ROWS)
    if header is None:
        raise NoHeader(file=file, expected=ADMISSION_NUMBER, searched=SEARCHED_ROWS)
    return _columns(header.cells, file), records_after(lines, header)


def _workbook(data: bytes, file: str) -> tuple[Mapping[str, int], Iterator[Record]]:
    """The first sheet that has the heading."""
    with NamedTemporaryFile(suffix=".xlsx") as copy:
        copy.write(data)
        copy.flush()
        sheets, _ = read_sheets(Path(copy.name))
    if not sheets:
        raise UnreadableWorkbook(file=file)
    for sheet in sheets:
        for at, cells in enumerate(sheet.rows[:SEARCHED_ROWS]):
            if _is_header(cells):
                below = (Record(at + 2 + n, row) for n, row in enumerate(sheet.rows[at + 1 :]))
                return _columns(cells, file), below
    raise NoHeader(file=file, expected=ADMISSION_NUMBER, searched=SEARCHED_ROWS)


def _is_header(cells: Sequence[str]) -> bool:
    wanted = {compact(name) for name in HEADINGS[ADMISSION_NUMBER]}
    return any(compact(cell) in wanted for cell in cells)


def _columns(cells: Sequence[str], file: str) -> Mapping[str, int]:
    """Where each column stands. Raises RosterMissesColumn."""
    compacted = [compact(cell) for cell in cells]
    found = {
        column: compacted.index(compact(name))
        for column, names in HEADINGS.items()
        for name in reversed(names)
        if compact(name) in compacted
    }
    missing = [column for column in REQUIRED if column not in found]
    if missing:
        raise RosterMissesColumn(file=file, columns="、".join(missing))
    return found
