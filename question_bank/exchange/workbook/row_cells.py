"""The cells of one row by field, parsed on demand; what cannot be read becomes a problem."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from question_bank.exchange.problems import Problem, ProblemKind, ProblemSeverity, lost
from question_bank.exchange.workbook.cells import CellFault
from question_bank.exchange.workbook.columns import code_of

STRANGE_WORD = lost("expected {expected}, found {found}")
Value = TypeVar("Value")
Default = TypeVar("Default")


class RowCells:
    """The cells of one row by field; gathers the problems on the way."""

    def __init__(
        self, values: Mapping[str, str], headings: Mapping[str, str], file: str, row: int
    ) -> None:
        self.values, self.headings, self.file, self.row = values, headings, file, row
        self.item_id = values.get("id", "").strip()
        self.problems: list[Problem] = []

    def is_sound(self) -> bool:
        """Whether the row may become an item."""
        return all(problem.severity is not ProblemSeverity.ERROR for problem in self.problems)

    def cell(self, field: str) -> str:
        """The text of a cell, empty where the column is missing."""
        return self.values.get(field, "").strip()

    def tell(self, kind: ProblemKind, field: str, **params: Any) -> None:
        """A problem at a cell of this row."""
        column = self.headings.get(field, field)
        problem = kind.at(self.file, row=self.row, column=column, item_id=self.item_id, **params)
        self.problems.append(problem)

    def read(self, field: str, parse: Callable[[str], Value], default: Default) -> Value | Default:
        """The parsed cell; the default where it is empty or, with a problem, unreadable."""
        text = self.cell(field)
        if not text:
            return default
        try:
            return parse(text)
        except CellFault as error:
            self.tell(error.kind, field, found=error.found)
            return default

    def code(self, field: str, names: Mapping[str, tuple[str, ...]], expected: str) -> str:
        """The code that the word of a cell stands for; empty where the cell is."""
        text = self.cell(field)
        code = code_of(text, names) if text else ""
        if code is None:
            self.tell(STRANGE_WORD, field, expected=expected, found=text)
        return code or ""
