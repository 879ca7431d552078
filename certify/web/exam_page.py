"""What the exam page needs to show one item; it carries neither key nor parameters.

The page of an attempt fills these in and renders `exam/item.html`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

ItemType = Literal["single", "multiple", "true_false", "numeric"]


@dataclass(frozen=True, slots=True)
class ResponseOption:
    """One option as it was served: its id, the letter on the page, its safe content."""

    id: str
    letter: str
    content: Markup
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class ExamItemPage:
    """One served item with the state of its attempt.

    `remaining_seconds` comes from the server at the moment of rendering. `item_total` is
    None for an adaptive exam, which shows time and part but no share of completion.
    `confirm_blank` asks once more after a hand-over without an answer. `decimals` says how a
    number is to be rounded, `notice` what happened in another window.
    """

    exam_name: str
    attempt_id: str
    position: int
    item_type: ItemType
    stem: Markup
    remaining_seconds: float
    revision: int
    idempotency_key: str
    submit_address: str
    hand_in_address: str
    options: tuple[ResponseOption, ...] = ()
    stimulus: Markup | None = None
    value: str = ""
    unit: str = ""
    decimals: int | None = None
    part_name: str = ""
    item_total: int | None = None
    may_go_back: bool = False
    may_flag: bool = False
    flagged: bool = False
    confirm_blank: bool = False
    error: str = ""
    notice: str = ""

    @property
    def save_address(self) -> str:
        return f"/api/v1/attempts/{self.attempt_id}/responses/{self.position}"

    @property
    def state_address(self) -> str:
        return f"/api/v1/attempts/{self.attempt_id}"

    @property
    def time_state(self) -> Literal["calm", "low", "critical"]:
        if self.remaining_seconds <= 300:
            return "critical"
        return "low" if self.remaining_seconds <= 600 else "calm"
