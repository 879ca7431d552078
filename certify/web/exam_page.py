"""What the exam page needs to show one item; it carries neither key nor parameters.

The page of an attempt fills these in and renders `exam/item.html`. An `ExamTask` alone is what
`exam/task.html` shows, in the exam and in the preview of an item.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup, escape

from certify.services.attempt_views import FormProgress, FormQuestion

LONGEST_CHOICE = 14
"""Characters of a target that a closed selection field shows on a telephone."""

TaskType = Literal[
    "single",
    "multiple",
    "true_false",
    "numeric",
    "fill_in",
    "order",
    "match",
    "essay",
    "composite",
]


@dataclass(frozen=True, slots=True)
class ResponseOption:
    """One option as it was served: its id, the letter on the page, its safe content.

    `plain` is the content in words, for places that hold no markup. `answer` is what the
    candidate gave to it: the target of a match, the place in an order.
    """

    id: str
    letter: str
    content: Markup
    chosen: bool = False
    plain: str = ""
    answer: str = ""


@dataclass(frozen=True, slots=True)
class TaskStimulus:
    """The material that an item refers to."""

    title: str
    content: Markup


@dataclass(frozen=True, slots=True)
class ExamTask:
    """One item with the answer given so far; an order untouched has no answer.

    `decimals` says how a number is to be rounded, `most_characters` how long an essay may be;
    `gaps` name the parts of a composite item that cannot be shown.
    """

    item_type: TaskType
    stem: Markup
    options: tuple[ResponseOption, ...] = ()
    targets: tuple[ResponseOption, ...] = ()
    stimulus: TaskStimulus | None = None
    value: str = ""
    unit: str = ""
    decimals: int | None = None
    most_characters: int = 0
    error: str = ""
    gaps: tuple[str, ...] = ()

    @property
    def lists_targets(self) -> bool:
        """Whether targets need a list of their own: too long, or more than words."""
        return any(
            len(target.plain) > LONGEST_CHOICE or escape(target.plain) != target.content
            for target in self.targets
        )


@dataclass(frozen=True, slots=True)
class MapEntry:
    """One item of a form: its number, how it stands in words, and whether it is the one shown."""

    question: FormQuestion
    words: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class MapSection:
    """The items of one section, in the order of the form."""

    name: str
    entries: tuple[MapEntry, ...]


@dataclass(frozen=True, slots=True)
class ExamItemPage:
    """One served item with the state of its attempt.

    `remaining_seconds` comes from the server at the moment of rendering. `item_total` is
    None for an adaptive exam, which shows time and part but no share of completion.
    `confirm_blank` asks once more after a hand-over without an answer, `notice` says what
    happened in another window. Of a form, `number` counts on it, and `sections` are its map.
    """

    exam_name: str
    attempt_id: str
    position: int
    task: ExamTask
    remaining_seconds: float
    revision: int
    client: int
    idempotency_key: str
    submit_address: str
    hand_in_address: str
    part_name: str = ""
    item_total: int | None = None
    may_go_back: bool = False
    may_flag: bool = False
    flagged: bool = False
    confirm_blank: bool = False
    notice: str = ""
    number: int | None = None
    form: FormProgress | None = None
    sections: tuple[MapSection, ...] = ()

    @property
    def save_address(self) -> str:
        return f"/api/v1/attempts/{self.attempt_id}/responses/{self.position}"

    @property
    def state_address(self) -> str:
        return f"/attempts/{self.attempt_id}/pulse"

    @property
    def log_address(self) -> str:
        return f"/attempts/{self.attempt_id}/page-log"

    @property
    def time_state(self) -> Literal["calm", "low", "critical"]:
        if self.remaining_seconds <= 300:
            return "critical"
        return "low" if self.remaining_seconds <= 600 else "calm"
