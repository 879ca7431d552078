"""Everything that stops a batch from being graded, as one tree.

A fault of one row or one cell is not an error of this kind: it is a problem in the
report (`certify.grading.problems`) and the rest of the batch is graded.
"""

from collections.abc import Sequence
from typing import ClassVar


class GradingError(Exception):
    """Base of everything this room raises."""

    template: ClassVar[str] = "{reason}"

    def __init__(self, **params: object) -> None:
        self.params = params
        # A heading or a file name may hold a line break; a message is one line.
        super().__init__(" ".join(self.template.format(**params).splitlines()))


class FileError(GradingError):
    """A file that cannot be read as a table of text."""


class UnreadableFile(FileError):
    template = "{file}: the file cannot be read ({reason}); check the path and the permissions"


class EmptyFile(FileError):
    template = "{file}: the file is empty; export it again and choose CSV"


class NotATextFile(FileError):
    template = (
        "{file}: expected CSV text, found {found}; "
        "open it in a spreadsheet and save it as CSV UTF-8"
    )


class EncodingUndecidable(FileError):
    template = (
        "{file}: line {row} is neither UTF-8 nor GB18030 (byte {position}); "
        "save the file again as CSV UTF-8"
    )


class SheetError(GradingError):
    """An answer file whose columns cannot be understood."""


class NoHeader(SheetError):
    template = (
        "{file}: expected a heading row with one of {expected} in the first {searched} rows, "
        "found none; add the heading row"
    )


class RosterMissesColumn(SheetError):
    """A roster that cannot say who sits where."""

    template = "{file}: the heading lacks the column(s) {columns}; add them and send it again"


class UnreadableWorkbook(FileError):
    """A workbook that is damaged, too large, or holds macros."""

    template = "{file}: the workbook cannot be read; save it as .xlsx without macros or as CSV"


class NoCandidates(SheetError):
    template = (
        "{file}: no candidate rows after the heading in row {row}; export the file with its answers"
    )


class DuplicateColumn(SheetError):
    template = (
        "{file}: row {row}: columns {first} and {second} are both question {question}; "
        "keep one of them"
    )


class KeyMissesQuestions(SheetError):
    template = (
        "{key_file}: {count} question(s) of {file} are not in the key: {questions}; "
        "add them to the key or remove their columns"
    )


class SheetMissesQuestions(SheetError):
    template = (
        "{file}: {count} question(s) of the key {key_file} have no column: {questions}; "
        "check the headings or remove them from the key"
    )


class AnswerKeyError(GradingError):
    """A key that cannot be used."""


class KeyMissesColumn(AnswerKeyError):
    template = (
        "{file}: row {row}: expected the columns 题号, 答案, 分值, 题型 (or question, answer, "
        "points, type), {column} not found; correct the heading row"
    )


class KeyWithoutQuestions(AnswerKeyError):
    template = "{file}: no questions after the heading in row {row}; add one row per question"


class KeyRowBroken(AnswerKeyError):
    template = (
        "{file}: row {row}: expected {expected} cells, found {found}; "
        "check commas and quotation marks in this row"
    )


class KeyRowWithoutQuestion(AnswerKeyError):
    template = "{file}: row {row}: the question number is empty; fill it in"


class DuplicateQuestion(AnswerKeyError):
    template = (
        "{file}: row {row}: question {question} is already in row {first_row}; remove one of them"
    )


class UnknownItemType(AnswerKeyError):
    template = (
        "{file}: row {row}: question {question}: expected a type among "
        "单选, 多选, 判断, 填空, 数值 "
        "(single, multiple, true_false, fill_in, numeric), found '{found}'; correct the type"
    )


class BadPoints(AnswerKeyError):
    template = (
        "{file}: row {row}: question {question}: expected points above 0 and at most {highest}, "
        "such as 2, 0.5 or 1/6, found '{found}'; correct the points"
    )


class KeyWithoutAnswer(AnswerKeyError):
    template = "{file}: row {row}: question {question} has no answer; fill in the answer column"


class AnswerUnfitForType(AnswerKeyError):
    template = (
        "{file}: row {row}: question {question}: the answer '{found}' does not fit the type "
        "{type} ({reason}); correct the answer or the type"
    )


class FaultyKey(AnswerKeyError):
    """Several faults of one key, so that one correction round is enough."""

    template = "{file}: {count} problems in the key: {listed}"
    shown: ClassVar[int] = 5

    def __init__(self, *, file: str, errors: Sequence[AnswerKeyError]) -> None:
        self.errors = tuple(errors)
        listed = "; ".join(str(error).removeprefix(f"{file}: ") for error in errors[: self.shown])
        if len(errors) > self.shown:
            listed += f"; and {len(errors) - self.shown} more"
        super().__init__(file=file, count=len(errors), listed=listed)


class OutputNotWritable(GradingError):
    template = "{directory}: the results cannot be written ({reason}); choose another directory"
