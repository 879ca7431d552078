"""What may happen to an attempt next: each function checks, and gives the events to store.

The rules, not the choice of items (`adaptive`) and not the transaction (`services.delivering`).
Every function takes the server's time; an answer is in time strictly before the deadline.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from certify.exams.attempt import Answer, Attempt, AttemptState, EndReason, ServedItem, apply
from certify.exams.errors import (
    AttemptEnded,
    AttemptNotRunning,
    OlderPage,
    StaleResponse,
    WrongPosition,
)
from certify.exams.events import AttemptEvent, EventKind
from certify.exams.terms import ExamTerms, terms_to_mapping


@dataclass(frozen=True, slots=True)
class NewAnswer:
    """An answer as it arrived. `client` is the page that sent it."""

    position: int
    response: Any
    revision: int
    is_final: bool
    client: int
    idempotency_key: str


class Transition:
    """An attempt on its way: events are added one after another, each upon the state before."""

    def __init__(self, attempt: Attempt, now: dt.datetime) -> None:
        self.attempt = attempt
        self.now = now
        self.events: list[AttemptEvent] = []

    def add(
        self,
        kind: EventKind,
        data: Mapping[str, Any] | None = None,
        *,
        at: dt.datetime | None = None,
        actor: str = "",
        idempotency_key: str = "",
    ) -> None:
        """One more event, now unless it is due at another instant."""
        event = AttemptEvent(
            self.attempt.sequence + 1, kind, at or self.now, data or {}, actor, idempotency_key
        )
        self.events.append(event)
        self.attempt = apply(self.attempt, event)

    def register(self, session_id: str, extra_seconds: int, actor: str) -> None:
        """A seat in a session."""
        data = {"session": session_id, "extra_seconds": extra_seconds}
        self.add(EventKind.REGISTERED, data, actor=actor)

    def admit(self, actor: str) -> None:
        """Let a registered candidate in; repeating it changes nothing."""
        is_waiting = self.attempt.started_at is None and self.attempt.admitted_at is None
        if is_waiting and not self.attempt.is_over:
            self.add(EventKind.ADMITTED, actor=actor)

    def start(self, terms: ExamTerms) -> None:
        """Start the clock of the first part. Raises AttemptNotRunning once started."""
        if self.attempt.started_at is not None or self.attempt.is_over:
            raise AttemptNotRunning(state=self._state.value)
        self.add(EventKind.STARTED, terms_to_mapping(terms))

    def connect(self) -> int:
        """A page opened the running attempt; its number, with which it may write."""
        client = self.attempt.client + 1
        if not self.attempt.is_over:
            self.add(EventKind.CONNECTED, {"client": client})
        return client

    def serve(
        self,
        item_id: str,
        options: tuple[str, ...],
        targets: tuple[str, ...],
        *,
        is_pretest: bool = False,
    ) -> None:
        """Give one more item."""
        data = {
            "position": len(self.attempt.served) + 1,
            "item": item_id,
            "options": list(options),
            "targets": list(targets),
            "pretest": is_pretest,
        }
        self.add(EventKind.SERVED, data)

    def answer(self, new: NewAnswer, correct: int) -> None:
        """Take an answer. Raises what `check_answer` does."""
        check_answer(self.attempt, new, self.now)
        data = {
            "position": new.position,
            "response": new.response,
            "revision": new.revision,
            "final": new.is_final,
            "client": new.client,
            "correct": correct,
        }
        self.add(EventKind.ANSWERED, data, idempotency_key=new.idempotency_key)

    def flag(self, position: int, flagged: bool) -> None:
        """Mark an item to come back to, in a part that allows going back."""
        _require_running(self.attempt, self.now)
        if position not in open_positions(self.attempt):
            raise WrongPosition(expected=_expected(self.attempt), found=position)
        if (position in self.attempt.flagged) != flagged:
            self.add(EventKind.FLAGGED, {"position": position, "flagged": flagged})

    def pause(self, reason: str, actor: str) -> None:
        """Stop the clock; pausing twice changes nothing."""
        if self._state is AttemptState.PAUSED:
            return
        _require_running(self.attempt, self.now)
        self.add(EventKind.PAUSED, {"reason": reason}, actor=actor)

    def resume(self, actor: str) -> None:
        """Let the clock run on; an attempt that is not paused stays as it is."""
        if self._state is AttemptState.PAUSED:
            self.add(EventKind.RESUMED, actor=actor)

    def extend(self, seconds: int, reason: str, actor: str) -> None:
        """Give more time, also while paused. Raises AttemptEnded or AttemptNotRunning."""
        if self._state is not AttemptState.PAUSED:
            _require_running(self.attempt, self.now)
        self.add(EventKind.EXTENDED, {"seconds": seconds, "reason": reason}, actor=actor)

    def hand_in(self, reason: EndReason = EndReason.HANDED_IN, actor: str = "") -> None:
        """End the running part, the last one for good; in a break and once over, nothing changes.

        A hand-in sent twice must not end the part that comes after the break.
        """
        self.close_if_due()
        if self.attempt.is_over or self.attempt.part_started_at is None:
            return
        self._end_part(reason, self.now, actor)

    def end(self, reason: EndReason, actor: str = "") -> None:
        """End the whole attempt, whichever part is running; once over, nothing changes."""
        self.close_if_due()
        if not self.attempt.is_over:
            self.add(EventKind.ENDED, {"reason": reason.value}, actor=actor)

    def void(self, reason: str, actor: str) -> None:
        """The attempt does not count, even if it had ended."""
        if not self.attempt.is_voided:
            self.add(EventKind.VOIDED, {"reason": reason}, actor=actor)

    def start_part(self) -> None:
        """End the break early."""
        if self._state is AttemptState.BREAK:
            self.add(EventKind.PART_STARTED, {"part": self.attempt.part})

    def close_if_due(self) -> None:
        """What time alone has brought about by now, at the instants when it was due."""
        while not self.attempt.is_over:
            due = self.attempt.deadline_at
            break_over = self.attempt.break_over_at
            if due is not None and self.now >= due:
                self._end_part(EndReason.TIME, due)
            elif break_over is not None and self.now >= break_over:
                self.add(EventKind.PART_STARTED, {"part": self.attempt.part}, at=break_over)
            else:
                return

    def _end_part(self, reason: EndReason, at: dt.datetime, actor: str = "") -> None:
        kind = EventKind.ENDED if self.attempt.is_last_part else EventKind.PART_ENDED
        self.add(kind, {"reason": reason.value}, at=at, actor=actor)

    @property
    def _state(self) -> AttemptState:
        return self.attempt.state_at(self.now)


def check_answer(attempt: Attempt, new: NewAnswer, now: dt.datetime) -> None:
    """Whether an answer may be taken at server time `now`.

    Raises AttemptEnded after hand-in or deadline, AttemptNotRunning while paused or in a break,
    OlderPage from a page that another one replaced, WrongPosition for an item that is not open,
    StaleResponse when a newer revision is stored.
    """
    _require_running(attempt, now)
    if new.client < attempt.client:
        raise OlderPage(newest=attempt.client, found=new.client)
    if new.position not in open_positions(attempt):
        raise WrongPosition(expected=_expected(attempt), found=new.position)
    stored = attempt.answers.get(new.position)
    if stored is not None and new.revision <= stored.revision:
        raise StaleResponse(position=new.position, stored=stored.revision, found=new.revision)


def repeated(attempt: Attempt, new: NewAnswer) -> Answer | None:
    """The stored answer that this one repeats (a lost reply, a double click), or None."""
    stored = attempt.answers.get(new.position)
    same = stored is not None and stored.idempotency_key == new.idempotency_key
    return stored if same else None


def _require_running(attempt: Attempt, now: dt.datetime) -> None:
    state = attempt.state_at(now)
    if state in (AttemptState.HANDED_IN, AttemptState.CLOSED, AttemptState.VOIDED):
        raise AttemptEnded(state=state.value)
    if state is not AttemptState.RUNNING:
        raise AttemptNotRunning(state=state.value)


def open_positions(attempt: Attempt) -> range | tuple[int, ...]:
    """Positions that may be answered: the current one, or all of a part that allows going back.

    None before the start of a part.
    """
    if attempt.terms is None:
        return ()
    if attempt.part_terms.is_adaptive:
        current: ServedItem | None = attempt.current
        return () if current is None or current.part != attempt.part else (current.position,)
    return tuple(served.position for served in attempt.served_in_part())


def _expected(attempt: Attempt) -> int:
    return attempt.current.position if attempt.current else 0
