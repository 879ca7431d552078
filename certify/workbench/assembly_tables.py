"""What forms must contain, from tables: attributes of the items, and a list of constraints.

ATTRIBUTES.csv: item_id and any columns (element, type, seconds, ...). CONSTRAINTS.csv: attribute,
value, minimum, maximum; with a value, the number of items that have it; without, the sum of the
attribute over the form. `dimension` and `model` are known from the parameters.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from certify.psychometrics.irt import information
from certify.psychometrics.selecting.constraints import (
    AttributeTotal,
    CategoryCounts,
    Constraint,
    EnemyItems,
    ItemSets,
    TestLength,
)
from certify.workbench.errors import BadConstraint, MissingColumn, NoUsableRows
from certify.workbench.findings import Finding, listed, shown
from certify.workbench.item_lists import ITEM_COLUMNS
from certify.workbench.parameter_table import ParameterTable
from certify.workbench.text_tables import TextRow, distinct_rows, read_table, table_bytes

FloatArray = NDArray[np.float64]

ATTRIBUTE_COLUMNS: Final = ("attribute", "属性")
UNBOUNDED: Final = float("inf")


@dataclass(frozen=True)
class AttributedBank:
    """The items that can be used, and the text of every attribute of each."""

    parameters: ParameterTable
    attributes: Mapping[str, tuple[str, ...]]
    findings: tuple[Finding, ...]

    def of(self, name: str, file: str, row: int | None = None) -> tuple[str, ...]:
        """One attribute of all items. Raises BadConstraint if there is none of this name."""
        if name not in self.attributes:
            raise BadConstraint(
                file=file,
                place="" if row is None else f"row {row}: ",
                expected=f"an attribute out of {listed(list(self.attributes))}",
                found=f"'{shown(name)}'",
            )
        return self.attributes[name]


def attributed(parameters: ParameterTable, data: bytes | None, file: str) -> AttributedBank:
    """Join the parameters with ATTRIBUTES.csv; items without a row there are left out.

    Raises TableError.
    """
    known = {
        "dimension": tuple(parameters.dimensions[at] for at in parameters.items.dimension),
        "model": parameters.models,
    }
    if data is None:
        return AttributedBank(parameters, known, parameters.findings)
    table = read_table(data, file, ITEM_COLUMNS)
    rows, findings = distinct_rows(table)
    by_item = {row.cells[0]: row.cells for row in rows}
    findings = [*parameters.findings, *table.findings, *findings]
    kept = [at for at, item in enumerate(parameters.item_ids) if item in by_item]
    findings += [
        Finding(parameters.file, "no_attributes", None, item, {"attributes": file})
        for item in parameters.item_ids
        if item not in by_item
    ]
    if not kept:
        first = f"first: {findings[0]};"
        raise NoUsableRows(file=file, expected="items of the parameters", first=first)
    chosen = parameters.take(kept)
    own = [by_item[item] for item in chosen.item_ids]
    attributes = {name: tuple(values[at] for at in kept) for name, values in known.items()}
    for at, name in enumerate(table.heading):
        if at > 0 and name:
            attributes[name] = tuple(cells[at] for cells in own)
    return AttributedBank(chosen, attributes, tuple(findings))


def constraints_of(bank: AttributedBank, data: bytes, file: str) -> list[Constraint]:
    """The constraints of CONSTRAINTS.csv. Raises TableError or BadConstraint."""
    table = read_table(data, file, ATTRIBUTE_COLUMNS)
    columns = {name: table.column(name) for name in ("value", "minimum", "maximum")}
    if columns["minimum"] is None and columns["maximum"] is None:
        raise MissingColumn(file=file, expected="minimum or maximum", found="no such column")
    found: list[Constraint] = []
    for row in table.rows:
        cells = {name: "" if at is None else row.cells[at] for name, at in columns.items()}
        low = _bound(file, row, "minimum", cells["minimum"], -UNBOUNDED)
        high = _bound(file, row, "maximum", cells["maximum"], UNBOUNDED)
        if low > high:
            expected, wrong = "minimum <= maximum", f"{low:g} and {high:g}"
            raise BadConstraint(
                file=file, place=f"row {row.number}: ", expected=expected, found=wrong
            )
        name, value = row.cells[0], cells["value"]
        values = bank.of(name, file, row.number)
        if value:
            found.append(_count(name, value, values, low, high, file, row))
        else:
            found.append(AttributeTotal(name, _numbers(name, values, file, row), low, high))
    return found


def enemies(bank: AttributedBank, column: str, file: str) -> EnemyItems:
    """Items that share a mark of this attribute (several with blanks between) are enemies."""
    members: dict[str, list[int]] = {}
    for at, cell in enumerate(bank.of(column, file)):
        for mark in cell.split():
            members.setdefault(mark, []).append(at)
    return EnemyItems.of([np.array(one) for one in members.values() if len(one) > 1])


def item_sets(bank: AttributedBank, column: str, file: str, least: int, most: int) -> ItemSets:
    """Items with the same mark stand around one stimulus; blank: on its own."""
    cells = bank.of(column, file)
    marks = {mark: at for at, mark in enumerate(dict.fromkeys(cell for cell in cells if cell))}
    codes = np.array([marks.get(cell, -1) for cell in cells], dtype=np.intp)
    return ItemSets(codes, least, most)


def length(items: int) -> TestLength:
    """Exactly so many items."""
    return TestLength(items, items)


def information_at(bank: AttributedBank, points: Sequence[float]) -> FloatArray:
    """Information of each item at these abilities in its own dimension, (items, points)."""
    items = bank.parameters.items.on_one_dimension()
    return np.asarray(information(np.asarray(points, dtype=np.float64), items).T)


def forms_bytes(bank: AttributedBank, forms: Sequence[NDArray[np.intp]]) -> bytes:
    """FORMS.csv: form, position, item_id and all attributes, in the order of the bank."""
    names = list(bank.attributes)
    rows = [
        [number, position, bank.parameters.item_ids[item]]
        + [bank.attributes[name][item] for name in names]
        for number, form in enumerate(forms, 1)
        for position, item in enumerate(form.tolist(), 1)
    ]
    return table_bytes(("form", "position", "item_id", *names), rows)


def _bound(file: str, row: TextRow, column: str, text: str, default: float) -> float:
    if not text:
        return default
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if np.isfinite(value):
        return value
    raise BadConstraint(
        file=file,
        place=f"row {row.number}, column {column}: ",
        expected="a number or blank",
        found=f"'{shown(text)}'",
    )


def _count(
    name: str,
    value: str,
    values: Sequence[str],
    low: float,
    high: float,
    file: str,
    row: TextRow,
) -> CategoryCounts:
    if value not in values:
        raise BadConstraint(
            file=file,
            place=f"row {row.number}, column value: ",
            expected=f"a value of {name} that items have, out of {listed(sorted(set(values)))}",
            found=f"'{shown(value)}'",
        )
    codes = np.where(np.array(values) == value, 0, -1)
    return CategoryCounts.of(
        f"{name} {value}", codes, np.array([max(low, 0.0)]), np.array([high]), labels=[""]
    )


def _numbers(name: str, values: Sequence[str], file: str, row: TextRow) -> FloatArray:
    numbers = []
    for value in values:
        try:
            numbers.append(float(value))
        except ValueError:
            raise BadConstraint(
                file=file,
                place=f"row {row.number}: ",
                expected=f"a value to count, or numbers in {name} to add up",
                found=f"'{shown(value)}' in {name}",
            ) from None
    return np.array(numbers)
