"""Lists of items beside a response table: their dimensions, their models, their answer keys.

Each is a CSV with the item's name first and one more column that matters.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from certify.workbench.errors import MissingColumn, NoUsableRows
from certify.workbench.findings import Finding, shown
from certify.workbench.response_table import option_number
from certify.workbench.text_tables import TextRow, distinct_rows, read_table

ITEM_COLUMNS: Final = ("item_id", "item", "question", "题号", "题目", "试题")
DIMENSION_COLUMNS: Final = ("dimension", "dim", "factor", "维度")
MODEL_COLUMNS: Final = ("model", "模型")
KEY_COLUMNS: Final = ("key", "answer", "answer_key", "correct", "答案", "正确答案")

MODELS: Final = ("rasch", "1pl", "2pl", "3pl", "4pl", "grm", "pcm", "gpcm")
DICHOTOMOUS: Final = ("rasch", "1pl", "2pl", "3pl", "4pl")


@dataclass(frozen=True, slots=True)
class ItemList:
    """What a file says about items, by item_id, in the order of the file."""

    file: str
    entries: Mapping[str, str]
    findings: tuple[Finding, ...]


def read_dimensions(data: bytes, file: str) -> ItemList:
    """item_id, dimension. Raises TableError."""
    return _read(data, file, DIMENSION_COLUMNS, "dimension", lambda row, value: None)


def read_models(data: bytes, file: str) -> ItemList:
    """item_id, model. Raises TableError."""

    def fault(row: TextRow, value: str) -> Finding | None:
        if value.lower() in MODELS:
            return None
        params = {"item": row.cells[0], "value": shown(value), "known": ", ".join(MODELS)}
        return Finding(file, "unknown_model", row.number, "model", params)

    found = _read(data, file, MODEL_COLUMNS, "model", fault)
    models = {item: model.lower() for item, model in found.entries.items()}
    return ItemList(file, models, found.findings)


def read_key(data: bytes, file: str) -> ItemList:
    """item_id, key: a letter or a whole number. Raises TableError."""

    def fault(row: TextRow, value: str) -> Finding | None:
        if option_number(value) >= 0:
            return None
        params = {"item": row.cells[0], "value": shown(value)}
        return Finding(file, "bad_key", row.number, "key", params)

    return _read(data, file, KEY_COLUMNS, "key", fault)


def _read(
    data: bytes,
    file: str,
    names: Sequence[str],
    expected: str,
    fault: Callable[[TextRow, str], Finding | None],
) -> ItemList:
    table = read_table(data, file, ITEM_COLUMNS)
    column = table.column(*names)
    if column is None:
        raise MissingColumn(file=file, expected=f"a column {expected}", found="no such column")
    rows, findings = distinct_rows(table)
    entries = {}
    for row in rows:
        value = row.cells[column]
        problem = fault(row, value) if value else Finding(file, "no_name", row.number, expected)
        if problem is None:
            entries[row.cells[0]] = value
        else:
            findings.append(problem)
    findings = [*table.findings, *findings]
    if not entries:
        first = f"first: {findings[0]};" if findings else ""
        raise NoUsableRows(file=file, expected=f"item_id and {expected}", first=first)
    return ItemList(file, entries, tuple(findings))
