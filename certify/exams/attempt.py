"""One timed sitting: the state that its events add up to, and the time that is left.

Nothing here reads a clock, stores anything or chooses an item; `commands` says what may happen.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import reduce
from typing import Any

from certify.exams.events import AttemptEvent, EventKind
from certify.exams.terms import ExamTerms, PartTerms, terms_from_mapping


class AttemptState(StrEnum):
    """Where an attempt stands."""

    REGISTERED = "registered"
    ADMITTED = "admitted"
    RUNNING = "running"
    PAUSED = "paused"
    BREAK = "break"
    HANDED_IN = "handed_in"
    CLOSED = "closed"
    VOIDED = "voided"


class EndReason(StrEnum):
    """Why no further item is served."""

    CONFIDENT = "confident"
    MAX_ITEMS = "max_items"
    POOL_EXHAUSTED = "pool_exhausted"
    HANDED_IN = "handed_in"
    TIME = "time"
    ENDED_BY_INVIGILATOR = "ended_by_invigilator"


CLOSING_REASONS = (EndReason.TIME, EndReason.ENDED_BY_INVIGILATOR)
"""Ends that are not the candidate's own hand-in."""


@dataclass(frozen=True, slots=True)
class ServedItem:
    """An item given to the candidate, stored before it is shown. `position` counts from 1.

    A pretest item looks like any other and is never scored.
    """

    position: int
    item_id: str
    option_order: tuple[str, ...]
    target_order: tuple[str, ...]
    is_pretest: bool
    part: int
    served_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """The newest answer to a position. A draft (`is_final` false) is saved before moving on.

    `correct`: 1 for full marks, else 0, by the key of the release when it was received.
    """

    response: Any
    revision: int
    is_final: bool
    correct: int
    idempotency_key: str
    received_at: dt.datetime


@dataclass(frozen=True)
class Attempt:
    """The state after `sequence` events. `client` is the newest page that opened it.

    Seconds paused and added move every limit that was running then, the window's end too: what an
    invigilator grants is never taken back by the end of the session.
    """

    id: str
    candidate_id: str
    session_id: str = ""
    sequence: int = 0
    terms: ExamTerms | None = None
    extra_seconds: int = 0
    admitted_at: dt.datetime | None = None
    started_at: dt.datetime | None = None
    part: int = 0
    part_started_at: dt.datetime | None = None
    client: int = 0
    served: tuple[ServedItem, ...] = ()
    answers: Mapping[int, Answer] = field(default_factory=dict)
    flagged: frozenset[int] = frozenset()
    paused_at: dt.datetime | None = None
    paused_seconds: float = 0.0
    paused_in_part: float = 0.0
    added_seconds: int = 0
    added_in_part: int = 0
    break_since: dt.datetime | None = None
    ended_at: dt.datetime | None = None
    end_reason: EndReason | None = None
    is_voided: bool = False

    @property
    def current(self) -> ServedItem | None:
        """The item last served, or None before the first."""
        return self.served[-1] if self.served else None

    @property
    def is_over(self) -> bool:
        """Whether nothing more is accepted."""
        return self.ended_at is not None or self.is_voided

    @property
    def started_terms(self) -> ExamTerms:
        """The terms of an attempt that has started. Raises ValueError before."""
        if self.terms is None:
            raise ValueError(f"attempt {self.id} has not started")
        return self.terms

    @property
    def part_terms(self) -> PartTerms:
        """The part that is running or comes next. Raises ValueError before the start."""
        return self.started_terms.parts[self.part]

    @property
    def is_last_part(self) -> bool:
        """Whether no part follows the one that is running or comes next."""
        return self.terms is None or self.part + 1 >= len(self.terms.parts)

    @property
    def deadline_at(self) -> dt.datetime | None:
        """When the running part ends; None before the start, in a break and while paused.

        The earliest of the part's own limit and the window's end, both moved by pauses and by
        added time; extra time granted beforehand belongs to every part, and moves the window once
        for each of them.
        """
        if self.terms is None or self.part_started_at is None or self.paused_at is not None:
            return None
        return self._limit_without_pause()

    @property
    def due_at(self) -> dt.datetime | None:
        """When time alone brings something about: the deadline, or the end of a break."""
        if self.is_over:
            return None
        return self.deadline_at or self.break_over_at

    @property
    def break_over_at(self) -> dt.datetime | None:
        """When the break ends by itself, with the window at the latest; None outside breaks."""
        if self.break_since is None or self.terms is None:
            return None
        rest = self.terms.parts[self.part - 1].break_seconds
        own_end = self.break_since + dt.timedelta(seconds=rest)
        window_end = self._window_end()
        return own_end if window_end is None else max(self.break_since, min(own_end, window_end))

    def remaining_seconds(self, now: dt.datetime) -> float:
        """Seconds until the deadline, never below 0; what stood on the clock while paused."""
        if self.is_over or self.part_started_at is None:
            return 0.0
        until = self.paused_at or now
        return max(0.0, (self._limit_without_pause() - until).total_seconds())

    def state_at(self, now: dt.datetime) -> AttemptState:
        """The state at server time `now`; closing at the deadline needs no client."""
        if self.is_voided:
            return AttemptState.VOIDED
        if self.end_reason is not None:
            closed = self.end_reason in CLOSING_REASONS
            return AttemptState.CLOSED if closed else AttemptState.HANDED_IN
        if self.started_at is None:
            return AttemptState.ADMITTED if self.admitted_at else AttemptState.REGISTERED
        if self.paused_at is not None:
            return AttemptState.PAUSED
        if self.break_since is not None:
            return AttemptState.BREAK
        deadline = self.deadline_at
        if deadline is None or now < deadline:
            return AttemptState.RUNNING
        return AttemptState.CLOSED if self.is_last_part else AttemptState.BREAK

    def served_in_part(self) -> tuple[ServedItem, ...]:
        """The items of the running part, in the order served."""
        return tuple(served for served in self.served if served.part == self.part)

    def _limit_without_pause(self) -> dt.datetime:
        if self.terms is None or self.part_started_at is None:
            raise ValueError(f"no part of attempt {self.id} is running")
        own = self.part_terms.limit_seconds + self.extra_seconds
        own_end = self.part_started_at + dt.timedelta(
            seconds=own + self.added_in_part + self.paused_in_part
        )
        window_end = self._window_end()
        return own_end if window_end is None else min(own_end, window_end)

    def _window_end(self) -> dt.datetime | None:
        """The session's end as pauses, added time and the extra time of each part have moved it."""
        if self.terms is None or self.terms.window_end is None:
            return None
        extra = self.extra_seconds * (self.part + 1)
        moved = extra + self.added_seconds + self.paused_seconds
        return self.terms.window_end + dt.timedelta(seconds=moved)


def fold(attempt_id: str, candidate_id: str, events: Iterable[AttemptEvent]) -> Attempt:
    """The state that the events add up to, in their order."""
    return reduce(apply, events, Attempt(attempt_id, candidate_id))


def apply(attempt: Attempt, event: AttemptEvent) -> Attempt:
    """The state after one more event. Raises ValueError for a gap in the sequence."""
    if event.sequence != attempt.sequence + 1:
        raise ValueError(f"expected event {attempt.sequence + 1}, found {event.sequence}")
    return replace(_APPLIERS[event.kind](attempt, event), sequence=event.sequence)


def _registered(attempt: Attempt, event: AttemptEvent) -> Attempt:
    return replace(
        attempt, session_id=event.data["session"], extra_seconds=event.data["extra_seconds"]
    )


def _admitted(attempt: Attempt, event: AttemptEvent) -> Attempt:
    return replace(attempt, admitted_at=event.at)


def _started(attempt: Attempt, event: AttemptEvent) -> Attempt:
    terms = terms_from_mapping(event.data)
    return replace(attempt, terms=terms, started_at=event.at, part_started_at=event.at)


def _connected(attempt: Attempt, event: AttemptEvent) -> Attempt:
    return replace(attempt, client=event.data["client"])


def _served(attempt: Attempt, event: AttemptEvent) -> Attempt:
    item = ServedItem(
        position=event.data["position"],
        item_id=event.data["item"],
        option_order=tuple(event.data["options"]),
        target_order=tuple(event.data["targets"]),
        is_pretest=event.data["pretest"],
        part=attempt.part,
        served_at=event.at,
    )
    return replace(attempt, served=(*attempt.served, item))


def _answered(attempt: Attempt, event: AttemptEvent) -> Attempt:
    data = event.data
    answer = Answer(
        response=data["response"],
        revision=data["revision"],
        is_final=data["final"],
        correct=data["correct"],
        idempotency_key=event.idempotency_key,
        received_at=event.at,
    )
    return replace(attempt, answers={**attempt.answers, data["position"]: answer})


def _flagged(attempt: Attempt, event: AttemptEvent) -> Attempt:
    marked = {event.data["position"]}
    flagged = attempt.flagged | marked if event.data["flagged"] else attempt.flagged - marked
    return replace(attempt, flagged=frozenset(flagged))


def _paused(attempt: Attempt, event: AttemptEvent) -> Attempt:
    return replace(attempt, paused_at=event.at)


def _resumed(attempt: Attempt, event: AttemptEvent) -> Attempt:
    stood = (event.at - attempt.paused_at).total_seconds() if attempt.paused_at else 0.0
    # servers' clocks differ by a little: a pause takes no time away
    stood = max(stood, 0.0)
    return replace(
        attempt,
        paused_at=None,
        paused_seconds=attempt.paused_seconds + stood,
        paused_in_part=attempt.paused_in_part + stood,
    )


def _extended(attempt: Attempt, event: AttemptEvent) -> Attempt:
    seconds = event.data["seconds"]
    return replace(
        attempt,
        added_seconds=attempt.added_seconds + seconds,
        added_in_part=attempt.added_in_part + seconds,
    )


def _part_ended(attempt: Attempt, event: AttemptEvent) -> Attempt:
    return replace(
        _resumed(attempt, event),
        part=attempt.part + 1,
        part_started_at=None,
        break_since=event.at,
        paused_in_part=0.0,
        added_in_part=0,
    )


def _part_started(attempt: Attempt, event: AttemptEvent) -> Attempt:
    return replace(attempt, part_started_at=event.at, break_since=None)


def _ended(attempt: Attempt, event: AttemptEvent) -> Attempt:
    return replace(
        _resumed(attempt, event),
        ended_at=event.at,
        end_reason=EndReason(event.data["reason"]),
        break_since=None,
    )


def _voided(attempt: Attempt, event: AttemptEvent) -> Attempt:
    return replace(attempt, is_voided=True, ended_at=attempt.ended_at or event.at)


_APPLIERS: Mapping[EventKind, Callable[[Attempt, AttemptEvent], Attempt]] = {
    EventKind.REGISTERED: _registered,
    EventKind.ADMITTED: _admitted,
    EventKind.STARTED: _started,
    EventKind.CONNECTED: _connected,
    EventKind.SERVED: _served,
    EventKind.ANSWERED: _answered,
    EventKind.FLAGGED: _flagged,
    EventKind.PAUSED: _paused,
    EventKind.RESUMED: _resumed,
    EventKind.EXTENDED: _extended,
    EventKind.PART_ENDED: _part_ended,
    EventKind.PART_STARTED: _part_started,
    EventKind.ENDED: _ended,
    EventKind.VOIDED: _voided,
}
