"""Attempts as append-only events (ADR 0012): rows are added, and the state beside them moves on."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from certify.exams.attempt import Attempt
from certify.exams.attempt_head import attempt_from_head, attempt_to_head
from certify.exams.events import AttemptEvent, EventKind
from certify.services.exam_ports import AttemptEntry
from certify.storage.repositories.inserting import insert_unless_taken
from certify.storage.rows.exams import attempt as attempts
from certify.storage.rows.exams import attempt_event, running

VOIDED = "voided"
"""End reason of a voided attempt, whatever it ended with before."""
_HEAD = (attempts.c.id, attempts.c.candidate_id, attempts.c.head)

# Every answer asks these: built once. What is moved on are the columns that `_moving` names.
_GET = select(*_HEAD).where(attempts.c.id == bindparam("of_attempt"))
_MOVE_ON = update(attempts).where(
    attempts.c.id == bindparam("of_attempt"), attempts.c.sequence == bindparam("since")
)
_ADD_EVENTS = insert(attempt_event)


class SqlAttempts:
    """Implements `AttemptRepository`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def create(self, entry: AttemptEntry, events: Sequence[AttemptEvent]) -> bool:
        """Store a new attempt with its first events, in two statements.

        False where the candidate has a running one of the programme; then nothing is stored.
        """
        values = {
            "id": entry.attempt.id,
            "candidate_id": entry.attempt.candidate_id,
            "session_id": entry.attempt.session_id,
            "programme_code": entry.programme_code,
            "programme_version": entry.programme_version,
            "level": entry.level,
            "registered_at": events[0].at,
            **_moving(entry.attempt),
        }
        unique = [attempts.c.candidate_id, attempts.c.programme_code]
        if not insert_unless_taken(
            self._connection, attempts, values, unique=unique, where=running
        ):
            return False
        self._add_events(entry.attempt.id, events)
        return True

    def append(self, attempt: Attempt, events: Sequence[AttemptEvent]) -> bool:
        """Add events and the state they lead to, in two statements.

        False where somebody else added events since the state was read, or where an idempotency
        key is stored already, or where the candidate is in another exam of the programme; then
        the unit of work is to be given up.
        """
        if not events:
            return True
        values = _moving(attempt)
        values |= {"of_attempt": attempt.id, "since": events[0].sequence - 1}
        try:
            if self._connection.execute(_MOVE_ON, values).rowcount != 1:
                return False
            self._add_events(attempt.id, events)
        except IntegrityError:
            return False
        return True

    def get(self, attempt_id: str) -> Attempt | None:
        """The state of an attempt, in one statement."""
        row = self._connection.execute(_GET, {"of_attempt": attempt_id}).first()
        return None if row is None else _attempt(row)

    def events(self, attempt_id: str) -> tuple[AttemptEvent, ...]:
        """All events of an attempt, in order."""
        statement = (
            select(attempt_event)
            .where(attempt_event.c.attempt_id == attempt_id)
            .order_by(attempt_event.c.sequence)
        )
        return tuple(_event(row) for row in self._connection.execute(statement))

    def event_of_key(self, attempt_id: str, idempotency_key: str) -> AttemptEvent | None:
        """The event that carries an idempotency key, or None."""
        statement = select(attempt_event).where(
            attempt_event.c.attempt_id == attempt_id,
            attempt_event.c.idempotency_key == idempotency_key,
        )
        row = self._connection.execute(statement).first()
        return None if row is None else _event(row)

    def running_of(self, candidate_id: str, programme_code: str) -> str | None:
        """The attempt of a candidate and a programme that has not ended, or None."""
        return self._connection.scalar(
            select(attempts.c.id).where(
                attempts.c.candidate_id == candidate_id,
                attempts.c.programme_code == programme_code,
                running,
            )
        )

    def of_candidate(self, candidate_id: str) -> tuple[AttemptEntry, ...]:
        """All attempts of a candidate, newest first."""
        return self._entries(attempts.c.candidate_id == candidate_id)

    def of_session(self, session_id: str) -> tuple[AttemptEntry, ...]:
        """All attempts of a session, newest first."""
        return self._entries(attempts.c.session_id == session_id)

    def entry(self, attempt_id: str) -> AttemptEntry | None:
        """One attempt with what it is an attempt at, or None."""
        return next(iter(self._entries(attempts.c.id == attempt_id)), None)

    def due(self, now: dt.datetime, limit: int) -> tuple[str, ...]:
        """Attempts for which time has brought something about, the longest due first."""
        statement = (
            select(attempts.c.id)
            .where(running, attempts.c.due_at <= now)
            .order_by(attempts.c.due_at, attempts.c.id)
            .limit(limit)
        )
        return tuple(self._connection.scalars(statement))

    def _entries(self, condition: Any) -> tuple[AttemptEntry, ...]:
        statement = (
            select(
                *_HEAD,
                attempts.c.programme_code,
                attempts.c.programme_version,
                attempts.c.level,
                attempts.c.registered_at,
            )
            .where(condition)
            .order_by(attempts.c.registered_at.desc(), attempts.c.id)
        )
        return tuple(
            AttemptEntry(
                _attempt(row),
                row.programme_code,
                row.programme_version,
                row.level,
                row.registered_at,
            )
            for row in self._connection.execute(statement)
        )

    def _add_events(self, attempt_id: str, events: Sequence[AttemptEvent]) -> None:
        rows = [
            {
                "attempt_id": attempt_id,
                "sequence": event.sequence,
                "kind": event.kind.value,
                "at": event.at,
                "actor": event.actor,
                "idempotency_key": event.idempotency_key,
                "data": dict(event.data),
            }
            for event in events
        ]
        self._connection.execute(_ADD_EVENTS, rows)


def _moving(attempt: Attempt) -> dict[str, Any]:
    """The columns that follow the state."""
    return {
        "release_digest": attempt.terms.release_digest if attempt.terms else None,
        "sequence": attempt.sequence,
        "started_at": attempt.started_at,
        "due_at": attempt.due_at,
        "ended_at": attempt.ended_at,
        "end_reason": _end_reason(attempt),
        "head": attempt_to_head(attempt),
    }


def _end_reason(attempt: Attempt) -> str | None:
    if attempt.is_voided:
        return VOIDED
    return attempt.end_reason.value if attempt.end_reason else None


def _attempt(row: Any) -> Attempt:
    return attempt_from_head(row.id, row.candidate_id, row.head)


def _event(row: Any) -> AttemptEvent:
    return AttemptEvent(
        sequence=row.sequence,
        kind=EventKind(row.kind),
        at=row.at,
        data=row.data,
        actor=row.actor,
        idempotency_key=row.idempotency_key,
    )
