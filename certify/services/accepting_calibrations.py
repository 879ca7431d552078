"""What becomes of a calibration: accepted, rejected, or given up before there is any.

Accepting makes the new results count and shows them, for all exams in one transaction or for none.
"""

from dataclasses import replace

from certify.errors import (
    ExamsNotRescored,
    InvalidField,
    NotFound,
    Phrase,
    RunNotReady,
    SessionAwaitsCalibration,
)
from certify.exams.exam_session import ExamSession, ResultMode
from certify.services.acting import ADMINISTRATOR, Actor
from certify.services.context import ServiceContext
from certify.services.ports import CalibrationRun, RunState, UnitOfWork
from certify.services.rescoring import attempts_of
from certify.services.versioning import note_event

LONGEST_REASON = 500
DECIDABLE = (RunState.READY, RunState.STOPPED, RunState.FAILED)
"""Where a calibration may be rejected."""


def accept_calibration(context: ServiceContext, run_id: str, *, actor: Actor) -> CalibrationRun:
    """Let the results under the calibration count, and release them, all in one transaction.

    Repeating it changes nothing. Raises NotPermitted, NotFound, RunNotReady or ExamsNotRescored.
    """
    actor.require(ADMINISTRATOR)
    now = context.clock()
    with context.database.writing() as work:
        run = _locked(work, run_id)
        if run.state is RunState.ACCEPTED:
            return run
        if run.state is not RunState.READY:
            raise RunNotReady()
        sessions = [_held_session(work, session_id) for session_id in run.session_ids]
        _require_all_rescored(work, run)
        work.calibrations.accept_results(run_id, now)
        work.calibrations.change(
            run_id, state=RunState.ACCEPTED.value, decided_by=actor.name, decided_at=now
        )
        digest = run.calibration_digest
        note_event(context, work, actor.name, "calibration.accept", run_id, digest)
        for session in sessions:
            work.sessions.update(replace(session, released_at=now))
            note_event(context, work, actor.name, "session.release", session.id, digest)
        work.commit()
    return replace(run, state=RunState.ACCEPTED, decided_by=actor.name, decided_at=now)


def reject_calibration(
    context: ServiceContext, run_id: str, *, reason: str, actor: Actor
) -> CalibrationRun:
    """Leave the results held as they are; the sessions may be calibrated anew.

    Raises NotPermitted, NotFound, InvalidField or RunNotReady.
    """
    actor.require(ADMINISTRATOR)
    reason = _clean(reason)
    now = context.clock()
    with context.database.writing() as work:
        run = _locked(work, run_id)
        if run.state not in DECIDABLE:
            raise RunNotReady()
        work.calibrations.change(
            run_id,
            state=RunState.REJECTED.value,
            decided_by=actor.name,
            decided_at=now,
            reason=reason,
        )
        note_event(context, work, actor.name, "calibration.reject", run_id, reason)
        work.commit()
    return replace(
        run, state=RunState.REJECTED, decided_by=actor.name, decided_at=now, reason=reason
    )


def abandon_calibration(
    context: ServiceContext, session_id: str, *, reason: str, actor: Actor
) -> ExamSession:
    """Let a session's results be released as they are, without a calibration.

    Raises NotPermitted, NotFound, InvalidField, or RunNotReady while a calibration is under way.
    """
    actor.require(ADMINISTRATOR)
    reason = _clean(reason)
    with context.database.writing() as work:
        session = work.sessions.get(session_id, lock=True)
        if session is None:
            raise NotFound(kind="Exam session", identifier=session_id)
        open_runs = [
            run
            for run in work.calibrations.runs_of(session_id)
            if run.state not in (RunState.REJECTED, RunState.FAILED)
        ]
        if session.result_mode is not ResultMode.CALIBRATE or open_runs:
            raise RunNotReady()
        held = replace(session, result_mode=ResultMode.HELD)
        work.sessions.update(held)
        note_event(context, work, actor.name, "calibration.abandon", session_id, reason)
        work.commit()
    return held


def _locked(work: UnitOfWork, run_id: str) -> CalibrationRun:
    run = work.calibrations.run(run_id, lock=True)
    if run is None:
        raise NotFound(kind="Calibration", identifier=run_id)
    return run


def _held_session(work: UnitOfWork, session_id: str) -> ExamSession:
    session = work.sessions.get(session_id, lock=True)
    if session is None:
        raise NotFound(kind="Exam session", identifier=session_id)
    if session.result_mode is not ResultMode.CALIBRATE or session.released_at is not None:
        raise SessionAwaitsCalibration()
    return session


def _require_all_rescored(work: UnitOfWork, run: CalibrationRun) -> None:
    ended = {entry.attempt.id for entry in attempts_of(work, run.session_ids)}
    missing = ended - work.calibrations.rescored_ids(run.id)
    if missing:
        raise ExamsNotRescored(count=len(missing))


def _clean(text: str) -> str:
    reason = " ".join(text.split())
    if not 0 < len(reason) <= LONGEST_REASON or not reason.isprintable():
        expected = Phrase("1 to {highest} characters", {"highest": LONGEST_REASON})
        raise InvalidField(field="reason", expected=expected, found=repr(reason[:80]))
    return reason
