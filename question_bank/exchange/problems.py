"""What an exchange file could not say, or we could not take over: one problem per place.

Every reader and writer returns problems beside its items; none raises for content. Sentences are
templates with parameters, so that a page can tell them in its own language. Each format declares
its kinds of problem as constants of its module (`ProblemKind`), where the translations look.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from question_bank.errors import QuestionBankError

LONGEST_QUOTE = 80
"""Characters of foreign content that a problem repeats."""


class ProblemSeverity(StrEnum):
    """What became of the content: lost or refused, changed, or merely worth knowing."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem: where it stands and what it is.

    `file` is the name of the file or of the entry in a package; `row` counts from 1 (the line of a
    text, the row of a sheet); `column` is the heading, element or field.
    """

    severity: ProblemSeverity
    file: str
    row: int | None
    column: str
    item_id: str
    template: str
    params: Mapping[str, object] = field(default_factory=dict)

    @property
    def reason(self) -> str:
        """The template with its parameters, in English."""
        return self.template.format(**self.params)

    @property
    def message(self) -> str:
        """Place and reason in one line, in English."""
        said = self.file and self.reason.startswith(f"{self.file}:")
        places = (
            "" if said else self.file,
            "" if self.row is None else f"row {self.row}",
            self.column and f"column {self.column}",
            self.item_id and f"item {self.item_id}",
        )
        place = ", ".join(part for part in places if part)
        return f"{place}: {self.reason}" if place else self.reason


@dataclass(frozen=True, slots=True)
class ProblemKind:
    """A kind of problem: how bad it is, and the sentence that says what to do."""

    severity: ProblemSeverity
    template: str

    def at(
        self,
        file: str,
        *,
        row: int | None = None,
        column: str = "",
        item_id: str = "",
        **params: object,
    ) -> Problem:
        """This problem at a place; the parameters fill the template, long texts shortened."""
        values = {name: quoted(value) for name, value in params.items()}
        return Problem(self.severity, file, row, column, item_id, self.template, values)


def lost(template: str) -> ProblemKind:
    """Something did not come over, or must be mended before it can."""
    return ProblemKind(ProblemSeverity.ERROR, template)


def changed(template: str) -> ProblemKind:
    """Something came over in another shape."""
    return ProblemKind(ProblemSeverity.WARNING, template)


def noted(template: str) -> ProblemKind:
    """Nothing is lost; the reader may want to know."""
    return ProblemKind(ProblemSeverity.INFO, template)


def problem_of_error(error: QuestionBankError, file: str, *, item_id: str = "") -> Problem:
    """An error of the room, told as the problem of one file."""
    return Problem(ProblemSeverity.ERROR, file, None, "", item_id, error.template, error.params)


def quoted(value: object) -> object:
    """A value short enough for a sentence, on one line."""
    if not isinstance(value, str):
        return value
    line = " ".join(value.split())
    return line if len(line) <= LONGEST_QUOTE else f"{line[: LONGEST_QUOTE - 1]}…"


UNREADABLE_FILE = lost("the file cannot be read ({reason}); check it and send it again")
NO_SUCH_FILE = lost("there is no such file; check the name")
TOO_LARGE = lost("the file is larger than {most} MB; split it")
NOT_TEXT = lost("the text is neither UTF-8 nor GB18030; save the file as UTF-8")
NOTHING_FOUND = lost("no item was found; check that the file has the format {format}")
MOST_ITEMS = 50_000
"""Items of one file."""
TOO_MANY_ITEMS = lost("the file holds more than {most} items; the rest was left out, split it")
REPEATED_ID = lost("this identifier stands here a second time; the item was left out, rename it")
REPEATED_ITEM = noted("the same item stands here twice; it was taken over once")
LABELS_LEFT = noted("these labels mean nothing here and were left out: {labels}")
NO_ANSWER_GIVEN = changed("no answer is marked right; the item is a draft until somebody keys it")
SEVERAL_SINGLE = changed(
    "several answers of a single choice earn points; each keeps them, the first best is the key"
)
PATTERN_ANSWER = changed(
    "the answer {answer} is a pattern with *, which is taken as written; list the answers meant"
)
TEXT_KEPT = noted("this text is no item; it was kept as the file {name} of item {beside}: {text}")
TEXT_LEFT = changed("this text is no item and no item follows to keep it with: {text}")
NOT_EXPRESSED = changed("{format} cannot say this as the item does, it comes back changed: {parts}")
NOT_WRITTEN = lost("{format} cannot hold this item of type {type}; the item was left out")
RENAMED = changed("the identifier {found} does not fit the bank; the item is kept as {kept}")
UNKNOWN_NODE = changed("the bank has no skill {found}; the item came over without it, tag it")
UNKNOWN_LEVEL = changed("the bank has no level {found}; the item came over without it, tag it")
FILE_WITHOUT_CONTENT = changed("the file {name} did not come with the item; upload it")
