"""A workbook of items -> items. Every sheet with a column for the stem is read."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from question_bank.exchange.drafts import gathered
from question_bank.exchange.problems import (
    NOTHING_FOUND,
    Problem,
    ProblemSeverity,
    changed,
    lost,
    noted,
)
from question_bank.exchange.workbook.columns import (
    COLUMNS,
    HELP_SHEET,
    STIMULUS_COLUMNS,
    STIMULUS_SHEET,
    Column,
    field_of,
    plain_name,
)
from question_bank.exchange.workbook.row_cells import RowCells
from question_bank.exchange.workbook.rows import item_of_row
from question_bank.exchange.workbook.sheets import (
    LONGEST_CELL,
    Sheet,
    column_letters,
    read_sheets,
)
from question_bank.item import Item, Stimulus

FORMAT = "workbook"
NO_STEM_COLUMN = changed("sheet {sheet} has no column 题干; it was left out")
STRANGE_COLUMN = noted("the column {heading} of sheet {sheet} is not ours; it was left out")
REPEATED_COLUMN = changed("the column {heading} stands twice; the second one was left out")
FORMULA_CELL = lost("a formula stands in {cell}; replace it by its value, then import again")
CELL_TOO_LONG = lost("the cell {cell} holds more than {most} characters; shorten it")
STIMULUS_WITHOUT_ID = lost("the stimulus needs an id and a text; complete the row")
STIMULUS_UNUSED = noted("no item names the stimulus {stimulus}; it was left out")
HEADER_WITHIN = 10
"""Rows from the top in which the headings may stand."""


def read_items(path: Path) -> tuple[tuple[Item, ...], tuple[Problem, ...]]:
    """The items of a spreadsheet, and a problem for each row or cell that cannot be read."""
    path = Path(path)
    sheets, problems = read_sheets(path)
    if not sheets:
        return (), tuple(problems or [NOTHING_FOUND.at(path.name, format=FORMAT)])
    reader = _BookReader(path.name)
    reader.problems += problems
    for sheet in sheets:
        if plain_name(sheet.name) == STIMULUS_SHEET:
            reader.take_stimuli(sheet)
    found = [pair for sheet in sheets for pair in reader.items(sheet)]
    items, repeated = gathered(found, path.name)
    reader.tell_unused(items)
    problems = [*reader.problems, *repeated]
    if not items and not any(p.severity is ProblemSeverity.ERROR for p in problems):
        problems.append(NOTHING_FOUND.at(path.name, format=FORMAT))
    return tuple(items), tuple(problems)


class _BookReader:
    """Reads the sheets of one file; the stimuli serve all of them."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.stimuli: dict[str, Stimulus] = {}
        self.problems: list[Problem] = []

    def take_stimuli(self, sheet: Sheet) -> None:
        """The stimuli of their sheet."""
        for row in self._rows(sheet, STIMULUS_COLUMNS, "text"):
            name = row.cell("id")
            if name and row.cell("text") and row.is_sound():
                self.stimuli[name] = Stimulus(name, row.cell("title"), row.cell("text"))
            elif row.is_sound():
                row.tell(STIMULUS_WITHOUT_ID, "id")
            self.problems += row.problems

    def items(self, sheet: Sheet) -> Iterator[tuple[Item, int | None]]:
        """The items of a sheet with their rows."""
        if plain_name(sheet.name) in (STIMULUS_SHEET, HELP_SHEET):
            return
        for row in self._rows(sheet, COLUMNS, "stem"):
            item = item_of_row(row, self.stimuli, sheet.name) if row.is_sound() else None
            self.problems += row.problems
            if item is not None:
                yield item, row.row

    def tell_unused(self, items: list[Item]) -> None:
        """Stimuli that no item names: they have nowhere to be kept."""
        used = {item.stimulus.id for item in items if item.stimulus}
        for name in self.stimuli:
            if name not in used:
                self.problems.append(STIMULUS_UNUSED.at(self.file, stimulus=name))

    def _rows(self, sheet: Sheet, columns: tuple[Column, ...], needed: str) -> Iterator[RowCells]:
        """The rows below the headings that hold anything."""
        header = _header(sheet, columns, needed)
        if header is None:
            if any(any(row) for row in sheet.rows):
                self.problems.append(NO_STEM_COLUMN.at(self.file, sheet=sheet.name))
            return
        start, headings = header
        fields = self._fields(sheet, start, headings, columns)
        by_row: dict[int, list[int]] = {}
        for place, column in sorted(sheet.formulas):
            by_row.setdefault(place, []).append(column)
        shown = {field: headings[column] for column, field in fields.items()}
        for number, cells in enumerate(sheet.rows[start + 1 :], start=start + 1):
            formulas = [column for column in by_row.get(number, []) if column in fields]
            values = {fields[n]: text for n, text in enumerate(cells) if text and n in fields}
            if values or formulas:
                row = RowCells(values, shown, self.file, number + 1)
                self._check(row, fields, cells, formulas)
                yield row

    def _check(
        self, row: RowCells, fields: Mapping[int, str], cells: list[str], formulas: list[int]
    ) -> None:
        for column in formulas:
            cell = f"{column_letters(column)}{row.row}"
            row.tell(FORMULA_CELL, fields[column], cell=cell)
        for column, text in enumerate(cells):
            if len(text) > LONGEST_CELL and column in fields:
                cell = f"{column_letters(column)}{row.row}"
                row.tell(CELL_TOO_LONG, fields[column], cell=cell, most=LONGEST_CELL)

    def _fields(
        self, sheet: Sheet, start: int, headings: list[str], columns: tuple[Column, ...]
    ) -> dict[int, str]:
        """Column number -> field; headings that are strange or stand twice are told."""
        fields: dict[int, str] = {}
        for number, heading in enumerate(headings):
            field = field_of(heading, columns) if heading.strip() else None
            if field is not None and field not in fields.values():
                fields[number] = field
                continue
            below = (row[number] for row in sheet.rows[start + 1 :] if number < len(row))
            if not heading.strip() or not any(below):
                continue
            kind = STRANGE_COLUMN if field is None else REPEATED_COLUMN
            params = {"heading": heading, "sheet": sheet.name}
            row = start + 1
            self.problems.append(kind.at(self.file, row=row, column=heading, **params))
        return fields


def _header(sheet: Sheet, columns: tuple[Column, ...], needed: str) -> tuple[int, list[str]] | None:
    """Number and cells of the first row that has a heading for the needed field and another."""
    for number, row in enumerate(sheet.rows[:HEADER_WITHIN]):
        named = [field_of(cell, columns) for cell in row if cell.strip() and len(cell) < 60]
        if needed in named and len(set(named) - {None}) > 1:
            return number, row
    return None
