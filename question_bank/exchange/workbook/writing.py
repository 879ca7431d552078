"""Items -> workbook (.xlsx) or table (.csv), and the template to fill in.

Every cell is written as text: nothing that starts like a formula becomes one.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import BytesIO, StringIO
from pathlib import Path
from typing import IO, Any

import xlsxwriter

from question_bank.exchange.fidelity import problems_of_writing
from question_bank.exchange.problems import Problem
from question_bank.exchange.text_files import Target, write_text
from question_bank.exchange.workbook import cells
from question_bank.exchange.workbook.answers import written_answer, written_scoring
from question_bank.exchange.workbook.columns import (
    BLOOM_NAMES,
    COLUMNS,
    HELP_SHEET,
    ITEM_SHEET,
    LEVEL_NAMES,
    OPTION_LETTERS,
    RULE_NAMES,
    STIMULUS_COLUMNS,
    STIMULUS_SHEET,
    TEMPLATE_LETTERS,
    TYPE_NAMES,
    Column,
)
from question_bank.exchange.workbook.examples import EXAMPLES, HELP, STIMULUS_EXAMPLES
from question_bank.exchange.workbook.row_cells import RowCells
from question_bank.exchange.workbook.rows import item_of_row
from question_bank.exchange.workbook.sheets import LONGEST_CELL, guarded
from question_bank.item import Item, ItemType, Stimulus
from question_bank.skills import load_skill_model

FORMAT = "workbook"
LAST_ROW = 10_000
"""Rows for which the template offers lists to choose from."""
Row = Mapping[str, str]


def write_items(items: Iterable[Item], target: Target) -> tuple[Problem, ...]:
    """Write items as .xlsx, or as .csv where the target's name ends so."""
    listed = tuple(items)
    rows = [row for row in map(row_of, listed) if row]
    stimuli = {item.stimulus.id: item.stimulus for item in listed if item.stimulus}
    if str(getattr(target, "name", target)).lower().endswith(".csv"):
        stimuli = {}
        rows = [{**row, "stimulus": ""} for row in rows]
        write_text(_table(rows), target)
    else:
        content = _book(rows, [_stimulus_row(one) for one in stimuli.values()])
        if isinstance(target, str | Path):
            Path(target).write_bytes(content)
        else:
            target.write(content)  # type: ignore[arg-type]  # a stream of bytes
    return problems_of_writing(listed, _read_back(rows, stimuli), FORMAT)


def _read_back(rows: Iterable[Row], stimuli: Mapping[str, Stimulus]) -> Iterator[Item]:
    """The items that the rows give; a spreadsheet holds nothing of a cell that is too long."""
    for row in rows:
        cells_read = {name: text for name, text in row.items() if len(text) <= LONGEST_CELL}
        item = item_of_row(RowCells(cells_read, {}, "", 0), stimuli)
        if item is not None:
            yield item


def write_template(stream: IO[bytes]) -> None:
    """The empty workbook with lists to choose from, notes, examples and a sheet of help."""
    stream.write(_book(EXAMPLES, STIMULUS_EXAMPLES, with_help=True))


def row_of(item: Item) -> dict[str, str]:
    """The cells of an item by field; none for a composite, which no row can say."""
    if item.type is ItemType.COMPOSITE or len(item.options) > len(OPTION_LETTERS):
        return {}
    explanation, fitted = item.explanation, item.calibration
    letters = {option.id: OPTION_LETTERS[n] for n, option in enumerate(item.options)}
    notes = {letters[name]: note for name, note in explanation.option_notes.items() if note}
    keyed = item.type not in (ItemType.TRUE_FALSE,)
    options = zip(OPTION_LETTERS, item.options if keyed else (), strict=False)
    return {
        "id": item.id,
        "type": TYPE_NAMES[item.type][0],
        "stem": item.stem,
        **{f"option_{letter}": option.text for letter, option in options},
        "targets": cells.written_lines([target.text for target in item.targets]),
        **written_answer(item),
        **written_scoring(item),
        "explanation": explanation.text,
        "takeaway": explanation.takeaway,
        "notes": cells.written_notes(notes),
        "node": item.node,
        "dimension": item.dimension,
        "level": LEVEL_NAMES[item.level][0] if item.level else "",
        "point": item.point,
        "bloom": BLOOM_NAMES[item.bloom][0] if item.bloom in BLOOM_NAMES else item.bloom,
        "seconds": str(item.expected_seconds),
        "difficulty": str(item.difficulty.p),
        "basis": item.difficulty.basis,
        "source": item.source,
        "enemies": ",".join(item.enemies),
        "stimulus": item.stimulus.id if item.stimulus else "",
        "valid_until": item.valid_until.isoformat() if item.valid_until else "",
        "slips": cells.written_slips(explanation.wrong_answers),
        "shuffle": "" if item.shuffle else "否",
        "work_area": item.work_area,
        "chapter": item.chapter,
        "calibration": f"{fitted.a!r} {fitted.b!r} {fitted.c!r} {fitted.responses}"
        if fitted
        else "",
    }


def _stimulus_row(stimulus: Stimulus) -> dict[str, str]:
    return {"id": stimulus.id, "title": stimulus.title, "text": stimulus.text}


def _columns(rows: Sequence[Row]) -> tuple[Column, ...]:
    """The template's columns, and further options where an item has them."""
    used = {field for row in rows for field, text in row.items() if text}
    more = [
        Column(f"option_{letter}", f"选项{letter}", (), "选项文字。", 18)
        for letter in OPTION_LETTERS[len(TEMPLATE_LETTERS) :]
        if f"option_{letter}" in used
    ]
    last = f"option_{TEMPLATE_LETTERS[-1]}"
    place = [column.field for column in COLUMNS].index(last) + 1
    return (*COLUMNS[:place], *more, *COLUMNS[place:])


def _table(rows: Sequence[Row]) -> str:
    stream, columns = StringIO(newline=""), _columns(rows)
    writer = csv.writer(stream)
    writer.writerow([column.heading for column in columns])
    for row in rows:
        writer.writerow([guarded(row.get(column.field, "")) for column in columns])
    return f"\ufeff{stream.getvalue()}"


def _book(rows: Sequence[Row], stimuli: Sequence[Row], *, with_help: bool = False) -> bytes:
    stream = BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False})
    columns = _columns(rows)
    _sheet(book, ITEM_SHEET, columns, rows, choices=_choices())
    _sheet(book, STIMULUS_SHEET, STIMULUS_COLUMNS, stimuli)
    if with_help:
        _help_sheet(book)
    book.close()
    return stream.getvalue()


def _choices() -> dict[str, list[str]]:
    """What the lists of the template offer, by field."""
    model = load_skill_model()
    return {
        "type": [names[0] for names in TYPE_NAMES.values()],
        "rule": [names[0] for names in RULE_NAMES.values()],
        "level": [names[0] for names in LEVEL_NAMES.values()],
        "bloom": [names[0] for names in BLOOM_NAMES.values()],
        "dimension": list(model.dimension_codes),
        "node": list(model.nodes),
        "shuffle": ["是", "否"],
    }


def _sheet(
    book: Any,
    name: str,
    columns: tuple[Column, ...],
    rows: Sequence[Row],
    choices: Mapping[str, list[str]] | None = None,
) -> None:
    sheet = book.add_worksheet(name)
    head = book.add_format({"bold": True, "bg_color": "#E8EEF7", "border": 1, "valign": "vcenter"})
    body = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
    sheet.freeze_panes(1, 0)
    for number, column in enumerate(columns):
        sheet.set_column(number, number, column.width, body)
        sheet.write_string(0, number, column.heading, head)
        sheet.write_comment(0, number, column.note, {"x_scale": 2})
        offered = (choices or {}).get(column.field)
        if offered:
            rule = {"validate": "list", "source": offered, "error_type": "warning"}
            sheet.data_validation(1, number, LAST_ROW, number, rule)
    for row_number, row in enumerate(rows, start=1):
        for number, column in enumerate(columns):
            text = row.get(column.field, "")
            if text:
                sheet.write_string(row_number, number, text, body)


def _help_sheet(book: Any) -> None:
    sheet = book.add_worksheet(HELP_SHEET)
    bold = book.add_format({"bold": True})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 14, wrapped)
    sheet.set_column(1, 1, 100, wrapped)
    for row, (subject, text) in enumerate(HELP):
        sheet.write_string(row, 0, subject, bold)
        sheet.write_string(row, 1, text, wrapped)
    for row, column in enumerate(COLUMNS, start=len(HELP) + 1):
        sheet.write_string(row, 0, column.heading, bold)
        sheet.write_string(row, 1, column.note, wrapped)
