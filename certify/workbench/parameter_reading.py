"""Reading PARAMS.csv, one checked item after the other; the format is told in `parameter_table`."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from certify.psychometrics.item_parameters import ItemModel, ItemParameters
from certify.workbench.errors import MissingColumn, NoUsableRows
from certify.workbench.findings import Finding, shown
from certify.workbench.item_lists import DICHOTOMOUS, DIMENSION_COLUMNS, ITEM_COLUMNS, MODELS
from certify.workbench.parameter_table import ParameterErrors, ParameterTable
from certify.workbench.text_tables import TextRow, TextTable, distinct_rows, read_table

_UNIT_SLOPE: Final = ("rasch", "1pl", "pcm")
_HAS_LOWER: Final = ("3pl", "4pl")
_NAN: Final = float("nan")


class _Refused(Exception):
    """One impossible parameter of one item."""

    def __init__(self, column: str, expected: str, found: str) -> None:
        super().__init__(column)
        self.column, self.expected, self.found = column, expected, found


@dataclass(frozen=True, slots=True)
class _Item:
    item_id: str
    model: str
    a: float
    b: float
    c: float
    d: float
    thresholds: tuple[float, ...]
    dimension: str
    errors: tuple[float, ...]
    threshold_errors: tuple[float, ...]


def read_parameters(data: bytes, file: str) -> ParameterTable:
    """Read a parameter file; raises TableError, or a file error of `certify.grading`."""
    table = read_table(data, file, ITEM_COLUMNS)
    if table.column("b") is None and not _steps(table):
        raise MissingColumn(
            file=file, expected="a column b or columns b1, b2, ...", found="no such column"
        )
    rows, findings = distinct_rows(table)
    items = []
    for row in rows:
        cells = _Cells(table, row)
        model = _model(cells)
        if model is None:
            value = shown(cells.text("model"))
            params = {"item": row.cells[0], "value": value, "known": ", ".join(MODELS)}
            findings.append(Finding(file, "unknown_model", row.number, "model", params))
            continue
        try:
            items.append(_item(cells, model))
        except _Refused as refused:
            params = {"item": row.cells[0], "expected": refused.expected, "value": refused.found}
            findings.append(Finding(file, "bad_parameter", row.number, refused.column, params))
    findings = [*table.findings, *findings]
    if not items:
        first = f"first: {findings[0]};" if findings else ""
        raise NoUsableRows(file=file, expected="item_id, model and parameters", first=first)
    return _assembled(file, items, findings)


@dataclass(frozen=True, slots=True)
class _Cells:
    """The cells of one row by column name."""

    table: TextTable
    row: TextRow

    def text(self, *names: str) -> str:
        """The cell, blank where there is no such column."""
        at = self.table.column(*names)
        return "" if at is None else self.row.cells[at]

    def number(
        self, name: str, default: float | None, expected: str, is_good: Callable[[float], bool]
    ) -> float:
        """The number in a column; raises _Refused."""
        text = self.text(name)
        if not text and default is not None:
            return default
        try:
            value = float(text)
        except ValueError:
            raise _Refused(name, expected, f"'{shown(text)}'" if text else "a blank") from None
        if not is_good(value):
            raise _Refused(name, expected, text)
        return value

    def error(self, name: str) -> float:
        """A standard error, NaN where blank."""
        return self.number(name, _NAN, "a standard error of 0 or more", lambda se: se >= 0)


def _steps(table: TextTable) -> list[str]:
    """The columns b1, b2, ... in the order of their numbers."""
    found = [re.fullmatch(r"[bB](\d+)", name) for name in table.heading]
    numbers = sorted(int(match[1]) for match in found if match)
    return [f"b{number}" for number in numbers]


def _model(cells: _Cells) -> str | None:
    """The model's name; without a column, what the parameters look like; None if unknown."""
    given = cells.text("model").lower()
    if given in MODELS:
        return given
    if given or any(cells.text(name) for name in _steps(cells.table)):
        return None
    upper, lower = cells.text("d"), cells.text("c")
    if upper not in ("", "1", "1.0"):
        return "4pl"
    if lower not in ("", "0", "0.0"):
        return "3pl"
    return "2pl" if cells.text("a") else "1pl"


def _item(cells: _Cells, model: str) -> _Item:
    default = 1.0 if model in _UNIT_SLOPE else None
    a = cells.number(
        "a", default, "a slope that is a number other than 0", lambda v: np.isfinite(v) and v != 0
    )
    if model in ("rasch", "pcm") and a != 1.0:
        raise _Refused("a", f"a slope of 1 for model {model}", cells.text("a"))
    names = _steps(cells.table)
    is_single = model in DICHOTOMOUS
    thresholds = () if is_single else _thresholds(cells, model, a, names)
    c, d = _asymptotes(cells, model) if is_single else (0.0, 1.0)
    mean = None if is_single else float(np.mean(thresholds))
    b = cells.number("b", mean, "a difficulty that is a number", np.isfinite)
    return _Item(
        cells.row.cells[0],
        model,
        a,
        b,
        c,
        d,
        thresholds,
        cells.text(*DIMENSION_COLUMNS) or "1",
        tuple(cells.error(name) for name in ("se_a", "se_b", "se_c", "se_d")),
        tuple(cells.error(f"se_{name}") for name in names[: len(thresholds)]),
    )


def _asymptotes(cells: _Cells, model: str) -> tuple[float, float]:
    c = cells.number("c", 0.0, "0 <= c < 1", lambda v: 0 <= v < 1)
    if c > 0 and model not in _HAS_LOWER:
        raise _Refused("c", f"0 or blank for model {model} (3pl has a lower asymptote)", str(c))
    d = cells.number("d", 1.0, "c < d <= 1", lambda v: c < v <= 1)
    if d < 1 and model != "4pl":
        raise _Refused("d", f"1 or blank for model {model} (4pl has an upper asymptote)", str(d))
    return c, d


def _thresholds(cells: _Cells, model: str, a: float, names: Sequence[str]) -> tuple[float, ...]:
    count = max((k for k, name in enumerate(names, 1) if cells.text(name)), default=0)
    if count == 0:
        raise _Refused("b1", f"thresholds b1, b2, ... for model {model}", "a blank")
    numbers = tuple(
        cells.number(name, None, "a threshold that is a number", np.isfinite)
        for name in names[:count]
    )
    for at in range(1, count):
        if model == "grm" and not (numbers[at] - numbers[at - 1]) * a > 0:
            way = "rise" if a > 0 else "fall"
            raise _Refused(names[at], f"thresholds that {way} along b1, b2, ...", str(numbers[at]))
    return numbers


def _assembled(file: str, found: Sequence[_Item], findings: Sequence[Finding]) -> ParameterTable:
    width = max(len(item.thresholds) for item in found)
    thresholds, errors = np.full((2, len(found), width), np.nan)
    for at, item in enumerate(found):
        thresholds[at, : len(item.thresholds)] = item.thresholds
        errors[at, : len(item.threshold_errors)] = item.threshold_errors
    names = dimension_names([item.dimension for item in found])
    index = {name: at for at, name in enumerate(names)}
    items = ItemParameters(
        a=np.array([item.a for item in found]),
        b=np.array([item.b for item in found]),
        c=np.array([item.c for item in found]),
        d=np.array([item.d for item in found]),
        model=np.array([_family(item.model) for item in found], dtype=np.int8),
        thresholds=thresholds,
        dimension=np.array([index[item.dimension] for item in found], dtype=np.intp),
        n_dimensions=len(names),
    )
    se_a, se_b, se_c, se_d = np.array([item.errors for item in found]).T
    return ParameterTable(
        file,
        tuple(item.item_id for item in found),
        tuple(item.model for item in found),
        items,
        names,
        ParameterErrors(se_a, se_b, se_c, se_d, errors),
        tuple(findings),
    )


def dimension_names(labels: Sequence[str]) -> tuple[str, ...]:
    """The dimensions in their order: by number if all are whole numbers, else as they come."""
    names = list(dict.fromkeys(labels))
    if all(name.isdecimal() for name in names):
        names.sort(key=int)
    return tuple(names)


def _family(model: str) -> ItemModel:
    if model in DICHOTOMOUS:
        return ItemModel.DICHOTOMOUS
    return ItemModel.GRADED if model == "grm" else ItemModel.PARTIAL_CREDIT
