"""How an attempt was worked at: the time on each item and the answers that were changed.

Pure description from the attempt's events; what is unusual is for others to say. Times are those
of the server: an answer that waited for a lost connection arrives late.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from certify.exams.events import AttemptEvent, EventKind
from question_bank.interactions import is_blank


class AnswerChange(StrEnum):
    """What became of an answer that was changed."""

    TO_RIGHT = "to_right"
    TO_WRONG = "to_wrong"
    WRONG_TO_WRONG = "wrong_to_wrong"


@dataclass(frozen=True, slots=True)
class ItemConduct:
    """One served item. `seconds` is None where nothing was ever answered.

    `answered_at` is when the last answer came. `changes` are told of answers with one option each
    only: what is typed or ticked step by step is saved in between, which is no change of mind.
    """

    position: int
    item_id: str
    seconds: float | None
    answered_at: dt.datetime | None
    correct: bool
    response: Any
    changes: tuple[AnswerChange, ...]


@dataclass(frozen=True, slots=True)
class Conduct:
    """Every served item in the order of positions, and how often a page took the exam over."""

    items: tuple[ItemConduct, ...]
    pages: int

    def count(self, change: AnswerChange) -> int:
        """How many changes of a kind there were."""
        return sum(item.changes.count(change) for item in self.items)


def conduct_of(events: Iterable[AttemptEvent]) -> Conduct:
    """Tell the events of one attempt, in their order.

    The time between two answers belongs to the item of the later one, from its being served at the
    earliest; items one comes back to add up their times. Pauses and breaks belong to no item.
    """
    telling = _Telling()
    for event in events:
        telling.take(event)
    items = tuple(one.told() for _, one in sorted(telling.items.items()))
    return Conduct(items, telling.pages)


@dataclass(slots=True)
class _Item:
    position: int
    item_id: str
    seconds: float | None = None
    answered_at: dt.datetime | None = None
    correct: bool = False
    response: Any = None
    changes: list[AnswerChange] = field(default_factory=list)

    def told(self) -> ItemConduct:
        return ItemConduct(
            self.position,
            self.item_id,
            self.seconds if self.answered_at else None,
            self.answered_at,
            self.correct,
            self.response,
            tuple(self.changes),
        )

    def answer(self, response: Any, correct: bool) -> None:
        change = _change(self.response, self.correct, response, correct)
        if change is not None:
            self.changes.append(change)
        self.response, self.correct = response, correct


@dataclass(slots=True)
class _Telling:
    """Where the telling stands; `since` is the instant from which time counts."""

    items: dict[int, _Item] = field(default_factory=dict)
    since: dt.datetime | None = None
    pages: int = 0

    def take(self, event: AttemptEvent) -> None:
        match event.kind:
            case EventKind.CONNECTED:
                self.pages += 1
            case EventKind.SERVED:
                position = event.data["position"]
                self.items[position] = _Item(position, event.data["item"])
                self.since = event.at
            case EventKind.STARTED | EventKind.PART_STARTED | EventKind.RESUMED:
                self.since = event.at
            case EventKind.PAUSED | EventKind.PART_ENDED:
                self._spend(event.at)
                self.since = None
            case EventKind.ANSWERED:
                self._answered(event)

    def _answered(self, event: AttemptEvent) -> None:
        item = self.items[event.data["position"]]
        if self.since is not None:
            spent = max((event.at - self.since).total_seconds(), 0.0)
            item.seconds = (item.seconds or 0.0) + spent
        item.answered_at = self.since = event.at
        item.answer(event.data["response"], bool(event.data["correct"]))

    def _spend(self, until: dt.datetime) -> None:
        """Time before a pause belongs to the item last served, if all before it are answered."""
        if self.since is None or not self.items:
            return
        *earlier, last = (self.items[position] for position in sorted(self.items))
        if not all(item.answered_at for item in earlier):
            return
        last.seconds = (last.seconds or 0.0) + max((until - self.since).total_seconds(), 0.0)


def _change(before: Any, was_right: bool, after: Any, is_right: bool) -> AnswerChange | None:
    if not (_is_one_option(before) and _is_one_option(after)) or before == after:
        return None
    if is_right:
        return AnswerChange.TO_RIGHT
    return AnswerChange.TO_WRONG if was_right else AnswerChange.WRONG_TO_WRONG


def _is_one_option(response: Any) -> bool:
    return isinstance(response, list) and len(response) == 1 and not is_blank(response)
