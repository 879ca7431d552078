"""Problems of rows and cells: what stands in errors.csv.

A fatal problem keeps its row from being graded; any other problem leaves the row graded
with that cell as stated in the reason. Knows no files and no scoring.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

LONGEST_SHOWN: Final = 40

FATAL: Final[Mapping[str, str]] = MappingProxyType({
    "broken_row": (
        "expected {expected} cells, found {found}; the row was not graded: "
        "check commas and quotation marks in it"
    ),
    "missing_id": "the identifier is empty; the row was not graded: fill in the identifier",
    "ruined_number": (
        "'{value}' is a number that a spreadsheet has rounded; the row was not graded: "
        "export again with this column as text"
    ),
    "id_not_digits": (
        "'{value}' is not made of digits as the other identifiers are; "
        "the row was not graded: correct the identifier"
    ),
    "id_malformed": (
        "'{value}' has characters that no identifier has; "
        "the row was not graded: correct the identifier"
    ),
    "duplicate_id": (
        "the same identifier stands in rows {rows} with other answers; none of these rows "
        "was graded: keep the right one"
    ),
    "repeated_row": (
        "the row repeats row {first_row} exactly; it was graded once, as row {first_row}: "
        "remove the repeat"
    ),
})

NOT_FATAL: Final[Mapping[str, str]] = MappingProxyType({
    "id_length": (
        "'{value}' has {found} digits where most identifiers have {expected}; the row was "
        "graded: check whether leading zeros are lost"
    ),
    "ruined_attribute": (
        "'{value}' is a number that a spreadsheet has rounded; the row was graded and the "
        "cell kept as found: export again with this column as text"
    ),
    "unknown_mark": (
        "'{value}' is not an answer to a {type} item; the cell was given 0 points: "
        "check the sheet"
    ),
    "several_marks": (
        "'{value}' marks several options of a single-choice item; the cell was given 0 points: "
        "check the sheet"
    ),
})

TEMPLATES: Final[Mapping[str, str]] = MappingProxyType({**FATAL, **NOT_FATAL})


@dataclass(frozen=True, slots=True)
class RowProblem:
    """One line of errors.csv; `reason` is the English text, `code` and `params` its source."""

    row: int
    column: str
    candidate_id: str
    code: str
    params: Mapping[str, object] = field(default_factory=dict)

    @property
    def fatal(self) -> bool:
        return self.code in FATAL

    @property
    def reason(self) -> str:
        return TEMPLATES[self.code].format(**self.params)


def shown(value: str) -> str:
    """A cell as it may stand in a sentence: one line, not too long."""
    line = " ".join(value.split())
    return line if len(line) <= LONGEST_SHOWN else line[: LONGEST_SHOWN - 1] + "…"
