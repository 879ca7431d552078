"""Page logs, integrity reports and notes on evidence."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select

from certify.exams.events import AttemptEvent, EventKind
from certify.services.integrity_ports import IntegrityNote, PageEvent, StoredIntegrityReport
from certify.storage.repositories.inserting import insert_unless_taken
from certify.storage.rows.exams import attempt_event
from certify.storage.rows.integrity import integrity_note as notes
from certify.storage.rows.integrity import integrity_report as reports
from certify.storage.rows.integrity import page_event as page_events

AT_ONCE = 200
"""Attempts whose events are read in one statement."""


class SqlIntegrity:
    """Implements `IntegrityRepository`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add_page_events(
        self, attempt_id: str, events: Sequence[PageEvent], at: dt.datetime, *, most: int
    ) -> int:
        """Store what is new, up to `most` of the attempt in all; how many were stored."""
        own = page_events.c.attempt_id == attempt_id
        counted = select(func.count()).select_from(page_events).where(own)
        room = max(most - (self._connection.scalar(counted) or 0), 0)
        place = [page_events.c.attempt_id, page_events.c.key]
        return sum(
            insert_unless_taken(
                self._connection,
                page_events,
                {"attempt_id": attempt_id, **asdict(event), "received_at": at},
                unique=place,
            )
            for event in events[:room]
        )

    def page_events(self, attempt_ids: Sequence[str]) -> Mapping[str, tuple[PageEvent, ...]]:
        """By attempt, in the order of time; attempts without any are left out."""
        found: dict[str, list[PageEvent]] = defaultdict(list)
        for part in _parts(attempt_ids):
            statement = (
                select(page_events)
                .where(page_events.c.attempt_id.in_(part))
                .order_by(page_events.c.at, page_events.c.key)
            )
            for row in self._connection.execute(statement):
                event = PageEvent(row.key, row.kind, row.at, row.seconds, row.detail)
                found[row.attempt_id].append(event)
        return {attempt_id: tuple(events) for attempt_id, events in found.items()}

    def attempt_events(
        self, attempt_ids: Sequence[str]
    ) -> Iterator[tuple[str, tuple[AttemptEvent, ...]]]:
        """All events of each attempt, one attempt after the other."""
        for part in _parts(attempt_ids):
            statement = (
                select(
                    attempt_event.c.attempt_id,
                    attempt_event.c.sequence,
                    attempt_event.c.kind,
                    attempt_event.c.at,
                    attempt_event.c.data,
                )
                .where(attempt_event.c.attempt_id.in_(part))
                .order_by(attempt_event.c.attempt_id, attempt_event.c.sequence)
            )
            rows = self._connection.execute(statement)
            for attempt_id, own in groupby(rows, key=lambda row: row.attempt_id):
                yield attempt_id, tuple(map(_event, own))

    def add_report(self, report: StoredIntegrityReport) -> None:
        """Store a report beside those before it."""
        self._connection.execute(insert(reports).values(**asdict(report)))

    def newest_report(self, session_id: str) -> StoredIntegrityReport | None:
        """The report computed last, or None."""
        statement = (
            select(reports)
            .where(reports.c.session_id == session_id)
            .order_by(reports.c.computed_at.desc(), reports.c.id)
            .limit(1)
        )
        row = self._connection.execute(statement).first()
        return None if row is None else StoredIntegrityReport(**row._mapping)

    def add_note(self, note: IntegrityNote) -> None:
        """Store a note."""
        self._connection.execute(insert(notes).values(**asdict(note)))

    def notes(self, session_id: str) -> tuple[IntegrityNote, ...]:
        """Newest first."""
        statement = (
            select(notes)
            .where(notes.c.session_id == session_id)
            .order_by(notes.c.at.desc(), notes.c.id)
        )
        rows = self._connection.execute(statement)
        return tuple(IntegrityNote(**row._mapping) for row in rows)

    def delete_before(self, moment: dt.datetime) -> int:
        """Delete page logs received and reports computed before; how many rows."""
        old = (page_events.c.received_at < moment, reports.c.computed_at < moment)
        return sum(
            self._connection.execute(delete(table).where(condition)).rowcount
            for table, condition in zip((page_events, reports), old, strict=True)
        )


def _parts(ids: Sequence[str]) -> Iterator[list[str]]:
    for start in range(0, len(ids), AT_ONCE):
        yield list(ids[start : start + AT_ONCE])


def _event(row: Any) -> AttemptEvent:
    return AttemptEvent(row.sequence, EventKind(row.kind), row.at, row.data)
