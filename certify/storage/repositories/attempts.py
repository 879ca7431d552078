"""Attempts as append-only records (ADR 0002): rows are added, and an end is set once."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Column, Connection, Row, Select, func, insert, select, update

from certify.errors import NotFound
from certify.exams.attempt import AttemptRecord, EndReason, RecordedResponse, ServedItem
from certify.storage.repositories.inserting import insert_unless_taken
from certify.storage.rows.exams import attempt as attempts
from certify.storage.rows.exams import response as responses
from certify.storage.rows.exams import running, served_item


class SqlAttempts:
    """Implements `AttemptRepository`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, record: AttemptRecord) -> bool:
        """Store a new attempt; False where the candidate has a running one of the programme."""
        values = {
            "id": record.id,
            "candidate_id": record.candidate_id,
            "programme_code": record.programme_code,
            "programme_version": record.programme_version,
            "level": record.level,
            "release_digest": record.release_digest,
            "seed": record.seed,
            "started_at": record.started_at,
            "deadline_at": record.deadline_at,
            "ended_at": record.ended_at,
            "end_reason": record.end_reason,
        }
        unique = [attempts.c.candidate_id, attempts.c.programme_code]
        if not insert_unless_taken(
            self._connection, attempts, values, unique=unique, where=running
        ):
            return False
        for served in record.served:
            self.append_served(record.id, served)
        for response in record.responses:
            self.append_response(record.id, response)
        return True

    def get(self, attempt_id: str, *, lock: bool = False) -> AttemptRecord | None:
        """The attempt with all its rows, in three statements.

        `lock` makes other writers of this attempt wait until the unit of work ends; having waited,
        it sees what they committed. On SQLite `writing` has locked already.
        """
        statement = select(attempts).where(attempts.c.id == attempt_id)
        if lock:
            statement = statement.with_for_update()
        return next(iter(self._read(self._connection.execute(statement).all())), None)

    def running_of(self, candidate_id: str, programme_code: str) -> str | None:
        """The attempt of a candidate and a programme that has not ended, or None."""
        return self._connection.scalar(
            select(attempts.c.id).where(
                attempts.c.candidate_id == candidate_id,
                attempts.c.programme_code == programme_code,
                running,
            )
        )

    def of_candidate(self, candidate_id: str) -> tuple[AttemptRecord, ...]:
        """All attempts of a candidate with all their rows, newest first."""
        statement = (
            select(attempts)
            .where(attempts.c.candidate_id == candidate_id)
            .order_by(attempts.c.started_at.desc(), attempts.c.id)
        )
        return tuple(self._read(self._connection.execute(statement).all()))

    def overdue(self, now: dt.datetime, limit: int) -> tuple[str, ...]:
        """Attempts that have not ended though their deadline has come, the longest due first."""
        statement = (
            select(attempts.c.id)
            .where(running, attempts.c.deadline_at <= now)
            .order_by(attempts.c.deadline_at, attempts.c.id)
            .limit(limit)
        )
        return tuple(self._connection.scalars(statement))

    def append_served(self, attempt_id: str, served: ServedItem) -> None:
        """Raises IntegrityError where the position is served already."""
        self._connection.execute(
            insert(served_item).values(
                attempt_id=attempt_id,
                position=served.position,
                item_id=served.item_id,
                option_order=list(served.option_order),
                served_at=served.served_at,
            )
        )

    def append_response(self, attempt_id: str, response: RecordedResponse) -> None:
        """Raises IntegrityError for a stored revision or key, or a position never served."""
        last = select(func.max(responses.c.sequence)).where(responses.c.attempt_id == attempt_id)
        self._connection.execute(
            insert(responses).values(
                attempt_id=attempt_id,
                sequence=func.coalesce(last.scalar_subquery(), 0) + 1,
                position=response.position,
                revision=response.revision,
                response=response.response,
                is_final=response.is_final,
                idempotency_key=response.idempotency_key,
                received_at=response.received_at,
            )
        )

    def end(self, attempt_id: str, at: dt.datetime, reason: EndReason) -> None:
        """Set the end, once. Raises NotFound where no such attempt is running."""
        statement = (
            update(attempts)
            .where(attempts.c.id == attempt_id, running)
            .values(ended_at=at, end_reason=reason)
        )
        if not self._connection.execute(statement).rowcount:
            raise NotFound(kind="Running attempt", identifier=attempt_id)

    def _read(self, rows: Sequence[Row[Any]]) -> list[AttemptRecord]:
        ids = [row.id for row in rows]
        if not ids:
            return []
        served = self._rows_of(ids, served_item.c.attempt_id, served_item.c.position)
        received = self._rows_of(ids, responses.c.attempt_id, responses.c.sequence)
        return [
            AttemptRecord(
                id=row.id,
                candidate_id=row.candidate_id,
                programme_code=row.programme_code,
                programme_version=row.programme_version,
                level=row.level,
                release_digest=row.release_digest,
                seed=row.seed,
                started_at=row.started_at,
                deadline_at=row.deadline_at,
                served=tuple(map(_served, served[row.id])),
                responses=tuple(map(_response, received[row.id])),
                ended_at=row.ended_at,
                end_reason=None if row.end_reason is None else EndReason(row.end_reason),
            )
            for row in rows
        ]

    def _rows_of(
        self, ids: Iterable[str], attempt_id: Column[str], order: Column[int]
    ) -> dict[str, list[Row[Any]]]:
        """All rows of the table that belong to these attempts, in order, by attempt."""
        statement: Select[Any] = (
            select(attempt_id.table).where(attempt_id.in_(list(ids))).order_by(order)
        )
        found: dict[str, list[Row[Any]]] = defaultdict(list)
        for row in self._connection.execute(statement):
            found[row.attempt_id].append(row)
        return found


def _served(row: Row[Any]) -> ServedItem:
    return ServedItem(row.position, row.item_id, tuple(row.option_order), row.served_at)


def _response(row: Row[Any]) -> RecordedResponse:
    return RecordedResponse(
        position=row.position,
        response=row.response,
        is_final=row.is_final,
        revision=row.revision,
        idempotency_key=row.idempotency_key,
        received_at=row.received_at,
    )
