"""What calibrating sessions and deciding their results again needs from storage.

`ports` hands these on together with everybody else's.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol


class RunState(StrEnum):
    """Where a calibration of sessions stands."""

    WAITING = "waiting"
    RUNNING = "running"
    STOPPED = "stopped"
    FAILED = "failed"
    READY = "ready"
    """Everything is decided again; somebody has to accept or reject it."""
    ACCEPTED = "accepted"
    REJECTED = "rejected"


class RunStage(StrEnum):
    """What is being done, in this order."""

    COLLECTING = "collecting"
    ESTIMATING = "estimating"
    RESCORING = "rescoring"


@dataclass(frozen=True, slots=True)
class CalibrationRun:
    """A calibration that somebody asked for, and how far it is.

    `total` 0: nobody knows. `problem` is the template of an error with its parameters.
    """

    id: str
    session_ids: tuple[str, ...]
    release_digest: str
    programme_code: str
    programme_version: int
    options: Mapping[str, Any]
    author: str
    requested_at: dt.datetime
    state: RunState = RunState.WAITING
    stage: RunStage = RunStage.COLLECTING
    done: int = 0
    total: int = 0
    is_to_stop: bool = False
    problem: Mapping[str, Any] | None = None
    calibration_digest: str = ""
    decided_by: str = ""
    decided_at: dt.datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class StoredCalibration:
    """A calibration; `digest` is the SHA-256 of `content`."""

    digest: str
    release_digest: str
    author: str
    requested_at: dt.datetime
    data_digest: str
    content: bytes


@dataclass(frozen=True, slots=True)
class RescoredResult:
    """An attempt decided again under a calibration."""

    run_id: str
    attempt_id: str
    calibration_digest: str
    transcript: bytes
    transcript_sha256: str
    decision: Mapping[str, Any]
    decided_at: dt.datetime


class CalibrationRepository(Protocol):
    """Calibrations, the runs that made them, and the results decided again."""

    def add(self, calibration: StoredCalibration) -> bool:
        """Store it; False where it is stored already."""
        ...

    def content(self, digest: str) -> bytes | None: ...
    def add_run(self, run: CalibrationRun) -> None: ...
    def run(self, run_id: str, *, lock: bool = False) -> CalibrationRun | None:
        """With `lock`, other writers that lock it wait until this unit of work ends."""
        ...

    def runs_of(self, session_id: str) -> tuple[CalibrationRun, ...]:
        """The runs of a session, newest first."""
        ...

    def to_work_on(self, now: dt.datetime) -> tuple[str, ...]:
        """Runs that nobody works on and that are to go on, the oldest first."""
        ...

    def claim(self, run_id: str, worker: str, now: dt.datetime, until: dt.datetime) -> bool:
        """Take a run to work on it; False where it is not to go on, or somebody works on it."""
        ...

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
        ...

    def change(self, run_id: str, *, of_worker: str | None = None, **values: Any) -> bool:
        """Set some of state, stage, done, total, is_to_stop, problem, digest and decision.

        Whoever worked on it does so no more where a state is set. With `of_worker`, only where that
        one still works on it; whether anything was changed.
        """
        ...

    def add_results(self, results: Sequence[RescoredResult]) -> None: ...
    def rescored_ids(self, run_id: str) -> frozenset[str]: ...
    def results(self, run_id: str) -> Iterator[RescoredResult]:
        """By attempt."""
        ...

    def accept_results(self, run_id: str, at: dt.datetime) -> int:
        """They are the results of their attempts from now on; how many."""
        ...
