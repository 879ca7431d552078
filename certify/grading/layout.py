"""Which column of an answer sheet is what, by its headings and the key.

Refuses a sheet whose questions and the key's do not agree, since every total would be wrong.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from certify.grading.errors import (
    DuplicateColumn,
    KeyMissesQuestions,
    NoHeader,
    SheetMissesQuestions,
)
from certify.grading.headings import (
    IDENTIFIER_HEADINGS,
    identifier_column,
    is_known_attribute,
    looks_like_question,
    name_column,
    question_label,
)
from certify.grading.key import PaperKey
from certify.grading.problems import shown
from certify.grading.records import Header, bare, find_header

SEARCHED_ROWS: Final = 20
_MOST_LISTED: Final = 10


@dataclass(frozen=True, slots=True)
class SheetLayout:
    """Column numbers from 0; `questions` is in the order of the key's items."""

    header: Header
    identifier: int
    name: int | None
    questions: tuple[int, ...]
    attributes: tuple[int, ...]
    untitled: tuple[int, ...]
    unrecognised: tuple[str, ...]

    def heading(self, column: int) -> str:
        return bare(self.header.cells[column])


def find_layout(lines: list[str], file: str, key: PaperKey) -> SheetLayout:
    """Find the heading row and assign every column; raises SheetError."""
    header = find_header(lines, _is_header, SEARCHED_ROWS)
    if header is None:
        expected = ", ".join(IDENTIFIER_HEADINGS)
        raise NoHeader(file=file, expected=expected, searched=SEARCHED_ROWS)
    identifier = identifier_column(header.cells)
    if identifier is None:
        raise AssertionError("a heading row has an identifier column")
    name = name_column(header.cells)
    free = [n for n in range(len(header.cells)) if n not in (identifier, name)]
    titled = [n for n in free if bare(header.cells[n])]
    questions = _question_columns(header, titled, file, key)
    attributes = [n for n in titled if n not in questions]
    _refuse_unkeyed(header, attributes, file, key)
    return SheetLayout(
        header,
        identifier,
        name,
        questions,
        tuple(attributes),
        tuple(n for n in free if n not in titled),
        tuple(h for h in (bare(header.cells[n]) for n in attributes) if not is_known_attribute(h)),
    )


def _is_header(cells: list[str]) -> bool:
    return len(cells) > 1 and identifier_column(cells) is not None


def _question_columns(
    header: Header, titled: Sequence[int], file: str, key: PaperKey
) -> tuple[int, ...]:
    wanted = {item.label for item in key.items}
    columns: dict[str, int] = {}
    for number in titled:
        label = question_label(header.cells[number])
        if label not in wanted:
            continue
        if label in columns:
            raise DuplicateColumn(
                file=file,
                row=header.row,
                first=columns[label] + 1,
                second=number + 1,
                question=label,
            )
        columns[label] = number
    missing = [item.question for item in key.items if item.label not in columns]
    if missing:
        raise SheetMissesQuestions(
            file=file, key_file=key.file, count=len(missing), questions=listed(missing)
        )
    return tuple(columns[item.label] for item in key.items)


def _refuse_unkeyed(header: Header, attributes: Sequence[int], file: str, key: PaperKey) -> None:
    labels = [item.label for item in key.items]
    headings = [bare(header.cells[n]) for n in attributes]
    unkeyed = [h for h in headings if not is_known_attribute(h) and looks_like_question(h, labels)]
    if unkeyed:
        raise KeyMissesQuestions(
            file=file, key_file=key.file, count=len(unkeyed), questions=listed(unkeyed)
        )


def listed(names: Sequence[str]) -> str:
    """Names in a sentence, the first ten of them."""
    more = len(names) - _MOST_LISTED
    text = ", ".join(map(shown, names[:_MOST_LISTED]))
    return f"{text} and {more} more" if more > 0 else text
