"""Findings: faults of a cell, row, column or item that leave the rest to be computed.

Each says where it is, what was expected, what was found, what was done and what to do about it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

LONGEST_SHOWN: Final = 40

REASONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "bad_cell": (
            "expected a whole number from 0 to {highest} or blank, found '{value}'; "
            "taken as not administered: correct the cell"
        ),
        "bad_option": (
            "expected an option as a letter or a whole number from 0, or blank, found '{value}'; "
            "taken as blank: correct the cell"
        ),
        "text_column": (
            "expected whole numbers or blanks, found text in every cell (row {row}: '{value}'); "
            "the column was left out: name it with --ignore if it is no item"
        ),
        "unnamed_column": (
            "column {number} has cells but no heading; it was left out: name it in row 1"
        ),
        "broken_row": (
            "expected {expected} cells, found {found}; the row was left out: "
            "check commas and quotation marks in it"
        ),
        "no_name": "the cell is empty; the row was left out: fill it in",
        "duplicate": (
            "'{name}' stands in rows {rows} with other values; none of them was used: "
            "keep the right one"
        ),
        "repeated": (
            "the row repeats row {first_row} exactly; it was counted once: remove the repeat"
        ),
        "left_out": "{reason}; the item was left out: {remedy}",
        "without_parameters": "{reason}; it has classical statistics only: {remedy}",
        "bad_parameter": (
            "item {item}: expected {expected}, found {value}; the item was left out: "
            "correct the value"
        ),
        "unknown_model": (
            "item {item}: expected a model out of {known}, found '{value}'; "
            "the item was left out: correct the model"
        ),
        "no_parameters": (
            "the item is not in {parameters}; its answers were not used: "
            "add its row there, or name it with --ignore"
        ),
        "not_modelled": (
            "the item is not in {parameters}; it has classical statistics only: add its row there"
        ),
        "no_attributes": "the item is not in {attributes}; it was left out: add its row there",
        "no_key": (
            "the item is not in {key}; it was left out: add its row there, or name it with --ignore"
        ),
        "no_dimension": ("the item is not in {dimensions}; it was left out: add its row there"),
        "no_model": "the item is not in {models}; model {model} was used: add its row there",
        "unused_row": "item {item} is not in {responses}; the row was not used: check its item_id",
        "bad_key": (
            "item {item}: expected an option as a letter or a whole number from 0, "
            "found '{value}'; the item was left out: correct the key"
        ),
        "suspicious_key": (
            "option {option} goes with the score better than the key {key} "
            "({own:.2f} against {keyed:.2f}); check the key"
        ),
        "other_model": (
            "{model} with {count} categories here, {other} with {others} in {base}; "
            "the item was not used for linking: correct one of them"
        ),
        "not_computed": "{what} left out: {reason}",
        "unsure_constants": "the constants{where} had not settled; look at the common items",
        "not_converged": (
            "the estimates still moved by {change:.2g} after {iterations} steps; "
            "treat them as rough: use --priors, a simpler model or more persons"
        ),
        "no_standard_errors": (
            "the information is not positive definite, so there are no standard errors; "
            "use --priors, a simpler model or more persons"
        ),
        "at_bound": (
            "an estimate lies on a bound of the search; treat the item with care: "
            "use --priors or look at its answers"
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of a report; `str()` is the English sentence with its place."""

    file: str
    code: str
    row: int | None = None
    column: str = ""
    params: Mapping[str, object] = field(default_factory=dict)

    @property
    def reason(self) -> str:
        """The sentence without its place."""
        return REASONS[self.code].format(**self.params)

    def __str__(self) -> str:
        """One line: file, row, column, reason."""
        place = [self.file]
        if self.row is not None:
            place.append(f"row {self.row}")
        if self.column:
            place.append(f"column {self.column}")
        line = f"{', '.join(place[1:])}: " if place[1:] else ""
        return " ".join(f"{self.file}: {line}{self.reason}".splitlines())


def shown(value: str) -> str:
    """A cell as it may stand in a sentence: one line, not too long."""
    line = " ".join(value.split())
    return line if len(line) <= LONGEST_SHOWN else line[: LONGEST_SHOWN - 1] + "…"


def listed(names: list[str], most: int = 8) -> str:
    """The first few names, and how many more there are."""
    if len(names) <= most:
        return ", ".join(names)
    return f"{', '.join(names[:most])} and {len(names) - most} more"
