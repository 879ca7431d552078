"""Calibrations, the runs that made them, and the results decided again under them."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, insert, or_, select, update

from certify.services.ports import (
    CalibrationRun,
    RescoredResult,
    RunStage,
    RunState,
    StoredCalibration,
)
from certify.storage.repositories.inserting import insert_unless_taken
from certify.storage.rows.calibrations import (
    calibrated_session,
    calibration,
    calibration_run,
    rescored_result,
)

_FREE = {"worker": "", "claimed_until": None}
_SHOWN = [
    column
    for column in calibration_run.c
    if column.name not in ("worker", "claimed_until", "calibration_digest")
]
_RESULT = [column for column in rescored_result.c if column.name != "accepted_at"]


class SqlCalibrations:
    """Implements `CalibrationRepository`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, stored: StoredCalibration) -> bool:
        """Store it; False where it is stored already."""
        values = {
            "digest": stored.digest,
            "release_digest": stored.release_digest,
            "author": stored.author,
            "requested_at": stored.requested_at,
            "data_digest": stored.data_digest,
            "content": stored.content,
        }
        unique = [calibration.c.digest]
        return insert_unless_taken(self._connection, calibration, values, unique=unique)

    def content(self, digest: str) -> bytes | None:
        """The content of a calibration, or None."""
        return self._connection.scalar(
            select(calibration.c.content).where(calibration.c.digest == digest)
        )

    def add_run(self, run: CalibrationRun) -> None:
        """Store a run that waits for its work."""
        values = {
            "id": run.id,
            "release_digest": run.release_digest,
            "programme_code": run.programme_code,
            "programme_version": run.programme_version,
            "options": dict(run.options),
            "author": run.author,
            "requested_at": run.requested_at,
            "state": run.state.value,
            "stage": run.stage.value,
            "done": run.done,
            "total": run.total,
            "is_to_stop": run.is_to_stop,
            "decided_by": run.decided_by,
            "reason": run.reason,
            **_FREE,
        }
        self._connection.execute(insert(calibration_run).values(**values))
        sessions = [{"run_id": run.id, "session_id": one} for one in run.session_ids]
        self._connection.execute(insert(calibrated_session), sessions)

    def run(self, run_id: str, *, lock: bool = False) -> CalibrationRun | None:
        """The run of this id, or None."""
        if lock:
            locked = select(calibration_run.c.id).where(calibration_run.c.id == run_id)
            self._connection.execute(locked.with_for_update())
        return next(iter(self._runs(calibration_run.c.id == run_id)), None)

    def runs_of(self, session_id: str) -> tuple[CalibrationRun, ...]:
        """The runs of a session, newest first."""
        own = select(calibrated_session.c.run_id).where(
            calibrated_session.c.session_id == session_id
        )
        return self._runs(calibration_run.c.id.in_(own))

    def to_work_on(self, now: dt.datetime) -> tuple[str, ...]:
        """Runs that nobody works on and that are to go on, the oldest first."""
        statement = (
            select(calibration_run.c.id)
            .where(_is_free(now))
            .order_by(calibration_run.c.requested_at, calibration_run.c.id)
        )
        return tuple(self._connection.scalars(statement))

    def claim(self, run_id: str, worker: str, now: dt.datetime, until: dt.datetime) -> bool:
        """Take a run to work on it; False where it is not to go on, or somebody works on it."""
        statement = (
            update(calibration_run)
            .where(calibration_run.c.id == run_id, _is_free(now))
            .values(state=RunState.RUNNING.value, worker=worker, claimed_until=until)
        )
        return self._connection.execute(statement).rowcount == 1

    def report(
        self,
        run_id: str,
        worker: str,
        stage: RunStage,
        done: int,
        total: int,
        until: dt.datetime,
    ) -> bool:
        """Say how far it is, and hold it longer; False where it is to stop or was taken over."""
        statement = (
            update(calibration_run)
            .where(
                calibration_run.c.id == run_id,
                calibration_run.c.worker == worker,
                calibration_run.c.state == RunState.RUNNING.value,
                calibration_run.c.is_to_stop.is_(False),
            )
            .values(stage=stage.value, done=done, total=total, claimed_until=until)
        )
        return self._connection.execute(statement).rowcount == 1

    def change(self, run_id: str, *, of_worker: str | None = None, **values: Any) -> bool:
        """Set some of its values; where a state is set, whoever worked on it is let go.

        With `of_worker`, only where that one still works on it; whether anything was changed.
        """
        free = _FREE if "state" in values else {}
        statement = update(calibration_run).where(calibration_run.c.id == run_id)
        if of_worker is not None:
            statement = statement.where(calibration_run.c.worker == of_worker)
        return self._connection.execute(statement.values(**values, **free)).rowcount == 1

    def add_results(self, results: Sequence[RescoredResult]) -> None:
        """Store results of attempts that have none of their run."""
        for one in results:
            values = {column.name: getattr(one, column.name) for column in _RESULT}
            self._connection.execute(
                insert(rescored_result).values(**{**values, "decision": dict(one.decision)})
            )

    def rescored_ids(self, run_id: str) -> frozenset[str]:
        """The attempts that a run has decided again."""
        statement = select(rescored_result.c.attempt_id).where(rescored_result.c.run_id == run_id)
        return frozenset(self._connection.scalars(statement))

    def results(self, run_id: str) -> Iterator[RescoredResult]:
        """By attempt."""
        statement = (
            select(*_RESULT)
            .where(rescored_result.c.run_id == run_id)
            .order_by(rescored_result.c.attempt_id)
        )
        return (RescoredResult(**row._mapping) for row in self._connection.execute(statement))

    def accept_results(self, run_id: str, at: dt.datetime) -> int:
        """They are the results of their attempts from now on; how many."""
        statement = (
            update(rescored_result)
            .where(rescored_result.c.run_id == run_id, rescored_result.c.accepted_at.is_(None))
            .values(accepted_at=at)
        )
        return self._connection.execute(statement).rowcount

    def _runs(self, condition: ColumnElement[bool]) -> tuple[CalibrationRun, ...]:
        statement = (
            select(*_SHOWN, calibration_run.c.calibration_digest)
            .where(condition)
            .order_by(calibration_run.c.requested_at.desc(), calibration_run.c.id)
        )
        rows = self._connection.execute(statement).all()
        sessions = self._connection.execute(
            select(calibrated_session)
            .where(calibrated_session.c.run_id.in_([row.id for row in rows]))
            .order_by(calibrated_session.c.session_id)
        ).all()
        return tuple(
            CalibrationRun(
                **{
                    **row._mapping,
                    "state": RunState(row.state),
                    "stage": RunStage(row.stage),
                    "calibration_digest": row.calibration_digest or "",
                    "session_ids": tuple(
                        one.session_id for one in sessions if one.run_id == row.id
                    ),
                }
            )
            for row in rows
        )


def _is_free(now: dt.datetime) -> ColumnElement[bool]:
    """A run that waits, or that nobody has told anything about for too long."""
    waits = calibration_run.c.state == RunState.WAITING.value
    is_left = and_(
        calibration_run.c.state == RunState.RUNNING.value, calibration_run.c.claimed_until < now
    )
    return or_(waits, is_left)
