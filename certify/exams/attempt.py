"""One timed sitting as an append-only record, and what may be added to it.

State is derived: from what was served, what was answered, how it ended, and the server's time.
Nothing here reads a clock or stores anything.
"""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from certify.exams.errors import AttemptEnded, StaleResponse, WrongPosition


class AttemptState(StrEnum):
    """Where an attempt stands."""

    RUNNING = "running"
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
    VOIDED = "voided"


@dataclass(frozen=True, slots=True)
class ServedItem:
    """An item given to the candidate, stored before it is shown. `position` counts from 1."""

    position: int
    item_id: str
    option_order: tuple[str, ...]
    served_at: dt.datetime


@dataclass(frozen=True, slots=True)
class RecordedResponse:
    """One received answer. A draft (`is_final` false) is an autosave before moving on."""

    position: int
    response: Any
    is_final: bool
    revision: int
    idempotency_key: str
    received_at: dt.datetime


@dataclass(frozen=True)
class AttemptRecord:
    """Everything stored about one attempt."""

    id: str
    candidate_id: str
    programme_code: str
    programme_version: int
    level: str
    release_digest: str
    seed: str
    started_at: dt.datetime
    deadline_at: dt.datetime
    served: tuple[ServedItem, ...] = ()
    responses: tuple[RecordedResponse, ...] = ()
    ended_at: dt.datetime | None = None
    end_reason: EndReason | None = None

    @property
    def current(self) -> ServedItem | None:
        """The item last served, or None before the first."""
        return self.served[-1] if self.served else None

    def state_at(self, now: dt.datetime) -> AttemptState:
        """The state at server time `now`; closing at the deadline needs no client."""
        if self.end_reason is EndReason.VOIDED:
            return AttemptState.VOIDED
        if self.end_reason is EndReason.TIME:
            return AttemptState.CLOSED
        if self.end_reason is not None:
            return AttemptState.HANDED_IN
        return AttemptState.CLOSED if now >= self.deadline_at else AttemptState.RUNNING

    def remaining_seconds(self, now: dt.datetime) -> float:
        """Seconds until the deadline, never below 0; 0 once ended."""
        if self.state_at(now) is not AttemptState.RUNNING:
            return 0.0
        return (self.deadline_at - now).total_seconds()

    def latest_response(self, position: int) -> RecordedResponse | None:
        """The newest answer to a position by revision, or None."""
        received = [response for response in self.responses if response.position == position]
        return max(received, key=lambda response: response.revision, default=None)

    def find_repeat(self, idempotency_key: str) -> RecordedResponse | None:
        """The answer stored under this key: a repeated request changes nothing."""
        for response in self.responses:
            if response.idempotency_key == idempotency_key:
                return response
        return None

    def counted_responses(self) -> dict[int, Any]:
        """Raw response by position: the newest received before the deadline, drafts included."""
        counted: dict[int, Any] = {}
        for served in self.served:
            in_time = [
                response
                for response in self.responses
                if response.position == served.position and response.received_at < self.deadline_at
            ]
            if in_time:
                newest = max(in_time, key=lambda response: response.revision)
                counted[served.position] = newest.response
        return counted


def check_acceptable(
    record: AttemptRecord, *, position: int, revision: int, now: dt.datetime
) -> None:
    """Whether an answer may be appended at server time `now`.

    Raises AttemptEnded after hand-in or deadline, WrongPosition for any item but the current one,
    StaleResponse when a newer revision is stored.
    """
    state = record.state_at(now)
    if state is not AttemptState.RUNNING:
        raise AttemptEnded(state=state.value)
    current = record.current
    if current is None or current.position != position:
        raise WrongPosition(expected=current.position if current else 0, found=position)
    latest = record.latest_response(position)
    if latest is not None and revision <= latest.revision:
        raise StaleResponse(position=position, stored=latest.revision, found=revision)
