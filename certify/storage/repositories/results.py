"""Decided results, one an attempt; they are never changed.

An attempt that was decided again under a calibration has both, and the accepted one counts.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, func, select

from certify.services.ports import SatAttempt, StoredResult
from certify.storage.repositories.attempts import VOIDED
from certify.storage.repositories.inserting import insert_unless_taken
from certify.storage.rows.calibrations import accepted, rescored_result
from certify.storage.rows.exams import attempt as attempts
from certify.storage.rows.exams import attempt_result as results

AT_ONCE = 200
"""Transcripts in memory at a time."""


class SqlResults:
    """Implements `ResultRepository`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, result: StoredResult) -> bool:
        """Store it; False where the attempt has one already, which stays."""
        values = {
            "attempt_id": result.attempt_id,
            "transcript": result.transcript,
            "transcript_sha256": result.transcript_sha256,
            "decision": dict(result.decision),
            "decided_at": result.decided_at,
        }
        return insert_unless_taken(self._connection, results, values, unique=[results.c.attempt_id])

    def undecided(self, limit: int) -> tuple[str, ...]:
        """Ended attempts without a result, the longest ended first; voided ones are left out."""
        statement = (
            select(attempts.c.id)
            .outerjoin(results, results.c.attempt_id == attempts.c.id)
            .where(
                attempts.c.ended_at.is_not(None),
                attempts.c.started_at.is_not(None),
                attempts.c.end_reason != VOIDED,
                results.c.attempt_id.is_(None),
            )
            .order_by(attempts.c.ended_at, attempts.c.id)
            .limit(limit)
        )
        return tuple(self._connection.scalars(statement))

    def decided(self) -> tuple[str, ...]:
        """The attempts that have a result, the one decided first first."""
        statement = select(results.c.attempt_id).order_by(
            results.c.decided_at, results.c.attempt_id
        )
        return tuple(self._connection.scalars(statement))

    def get(self, attempt_id: str) -> StoredResult | None:
        """The result of an attempt, or None."""
        return self.of_attempts([attempt_id]).get(attempt_id)

    def of_attempts(self, attempt_ids: Sequence[str]) -> Mapping[str, StoredResult]:
        """Results by attempt, of those that have one."""
        if not attempt_ids:
            return {}
        statement = _in_force().where(results.c.attempt_id.in_(list(attempt_ids)))
        return {row.attempt_id: _read(row) for row in self._connection.execute(statement)}

    def provisional(self, attempt_ids: Sequence[str]) -> Mapping[str, StoredResult]:
        """As they were decided first, whatever was accepted since."""
        if not attempt_ids:
            return {}
        statement = select(results).where(results.c.attempt_id.in_(list(attempt_ids)))
        return {row.attempt_id: _read(row) for row in self._connection.execute(statement)}

    def posteriors_of_session(self, session_id: str) -> tuple[Mapping[str, float], ...]:
        """The probabilities of the levels in each result of a session; voided ones left out."""
        decision = func.coalesce(
            rescored_result.c.decision, results.c.decision, type_=results.c.decision.type
        )
        statement = (
            select(decision)
            .select_from(results)
            .join(attempts, attempts.c.id == results.c.attempt_id)
            .outerjoin(rescored_result, _IS_IN_FORCE)
            .where(attempts.c.session_id == session_id, attempts.c.end_reason != VOIDED)
            .order_by(results.c.attempt_id)
        )
        return tuple(found["posterior"] for found in self._connection.scalars(statement))

    def newest(self, limit: int) -> Iterator[SatAttempt]:
        """The attempts decided last, newest first, a few at a time; voided ones are left out."""
        # ids first: sorting must not carry the transcripts along
        wanted = (
            select(results.c.attempt_id)
            .join(attempts, attempts.c.id == results.c.attempt_id)
            .where(attempts.c.end_reason != VOIDED)
            .order_by(results.c.decided_at.desc(), results.c.attempt_id)
            .limit(limit)
        )
        ids = list(self._connection.scalars(wanted))
        for start in range(0, len(ids), AT_ONCE):
            yield from self._sat(ids[start : start + AT_ONCE])

    def _sat(self, ids: Sequence[str]) -> Iterator[SatAttempt]:
        statement = (
            select(
                results.c.attempt_id,
                attempts.c.candidate_id,
                attempts.c.level,
                func.coalesce(rescored_result.c.transcript, results.c.transcript).label(
                    "transcript"
                ),
            )
            .join(attempts, attempts.c.id == results.c.attempt_id)
            .outerjoin(rescored_result, _IS_IN_FORCE)
            .where(results.c.attempt_id.in_(ids))
        )
        found = {row.attempt_id: row for row in self._connection.execute(statement)}
        return (SatAttempt(**found[attempt_id]._mapping) for attempt_id in ids)


_IS_IN_FORCE = and_(rescored_result.c.attempt_id == results.c.attempt_id, accepted)


def _in_force() -> Select[Any]:
    """Every result as it counts now."""
    columns = ("transcript", "transcript_sha256", "decision", "decided_at")
    return select(
        results.c.attempt_id,
        *(
            func.coalesce(
                rescored_result.c[name], results.c[name], type_=results.c[name].type
            ).label(name)
            for name in columns
        ),
        func.coalesce(rescored_result.c.calibration_digest, "").label("calibration_digest"),
    ).outerjoin(rescored_result, _IS_IN_FORCE)


def _read(row: Row[Any]) -> StoredResult:
    return StoredResult(**row._mapping)
