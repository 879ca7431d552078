"""Decided results, one an attempt; they are never changed."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from certify.services.ports import StoredResult
from certify.storage.rows.exams import attempt_result as results


class SqlResults:
    """Implements `ResultRepository`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, result: StoredResult) -> None:
        """Raises IntegrityError where the attempt has a result already."""
        self._connection.execute(
            insert(results).values(
                attempt_id=result.attempt_id,
                transcript=result.transcript,
                transcript_sha256=result.transcript_sha256,
                decision=dict(result.decision),
                decided_at=result.decided_at,
            )
        )

    def get(self, attempt_id: str) -> StoredResult | None:
        """The result of an attempt, or None."""
        return self.of_attempts([attempt_id]).get(attempt_id)

    def of_attempts(self, attempt_ids: Sequence[str]) -> Mapping[str, StoredResult]:
        """Results by attempt, of those that have one."""
        if not attempt_ids:
            return {}
        statement = select(results).where(results.c.attempt_id.in_(list(attempt_ids)))
        return {row.attempt_id: _read(row) for row in self._connection.execute(statement)}


def _read(row: Row[Any]) -> StoredResult:
    return StoredResult(**row._mapping)
