"""Problems of rows and cells (errors.csv) and warnings of a whole batch (summary.json).

A fatal problem keeps its row from being graded; any other problem leaves the row graded
with that cell as stated in the reason; a warning changes nothing. All carry code and
parameters beside their English text, so that they can be said in another language.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

LONGEST_SHOWN: Final = 40

FATAL: Final[Mapping[str, str]] = MappingProxyType(
    {
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
    }
)

NOT_FATAL: Final[Mapping[str, str]] = MappingProxyType(
    {
        "id_length": (
            "'{value}' has {found} digits where most identifiers have {expected}; the row was "
            "graded: check whether leading zeros are lost"
        ),
        "ruined_attribute": (
            "'{value}' is a number that a spreadsheet has rounded; the row was graded and the "
            "cell kept as found: export again with this column as text"
        ),
        "unknown_mark": (
            "'{value}' is not an answer to an item of type {type}; the cell was given 0 points: "
            "check the sheet"
        ),
        "several_marks": (
            "'{value}' marks several options of a single-choice item; the cell was given 0 points: "
            "check the sheet"
        ),
    }
)

WARNINGS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "rows_above_heading": "{count} row(s) stand above the heading: not graded",
        "columns_kept": "columns that are no question of the key were kept as they are: {columns}",
        "column_without_heading": "column {number} has no heading: its {count} cells were not used",
        "ids_may_be_rounded": (
            "every identifier of 16 digits and more ends in zeros: a spreadsheet may have rounded "
            "them; compare them with the roster"
        ),
        "key_columns_unused": "columns of the key not used: {columns}",
        "too_few_persons": (
            "{persons} candidates graded: item statistics need at least {minimum}, "
            "so p, r_rest, d27, alpha and sem are not stated"
        ),
        "few_persons": "{persons} candidates graded: item statistics are uncertain below {minimum}",
        "item_unreadable": (
            "question {question}: {count} of {persons} answers are no answers to an item of type "
            "{type}: check its type in the key"
        ),
        "key_suspected": (
            "question {question}: r_rest is {r_rest}, below zero: check its answer in the key"
        ),
        "points_rounded": (
            "points such as 1/3 are shown rounded to 6 decimals; totals are computed exactly"
        ),
    }
)

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


@dataclass(frozen=True, slots=True)
class BatchWarning:
    """One warning of summary.json; `str()` is the English text."""

    code: str
    params: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return WARNINGS[self.code].format(**self.params)


def shown(value: str) -> str:
    """A cell as it may stand in a sentence: one line, not too long."""
    line = " ".join(value.split())
    return line if len(line) <= LONGEST_SHOWN else line[: LONGEST_SHOWN - 1] + "…"
