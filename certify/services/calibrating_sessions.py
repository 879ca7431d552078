"""Calibrations of sessions: asked for by administrators, worked on in the background, stoppable.

A run collects the responses of the sessions, estimates the items, keeps the calibration, and lets
every exam be scored again (`rescoring`). Each step ends in a transaction that holds the run, so a
killed run is taken up by the next worker where it was, and two never work on one. What a run has
found counts only once it is accepted.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace

from certify.errors import (
    InvalidField,
    NotFound,
    Phrase,
    RunNotReady,
    SessionNotCalibratable,
    SessionsDiffer,
    WorkBrokeOff,
)
from certify.exams.calibration_record import CalibrationOptions, CalibrationRecord
from certify.exams.cohort_responses import cohort_responses
from certify.exams.exam_session import ExamSession, ResultMode, SessionState
from certify.exams.item_calibration import STANDARD_OPTIONS, calibrate_items
from certify.exams.pool import build_pool
from certify.services.acting import ADMINISTRATOR, Actor
from certify.services.context import ServiceContext
from certify.services.deciding import decide_if_ended
from certify.services.examining import pool_of, programme_of
from certify.services.holding_runs import Halted, HeldRun
from certify.services.ports import (
    AttemptEntry,
    CalibrationRun,
    RunStage,
    RunState,
    StoredCalibration,
    UnitOfWork,
)
from certify.services.problems import PROBLEM_BASES
from certify.services.rescoring import attempts_of, rescore_attempts
from certify.services.versioning import note_event

MOST_SESSIONS = 200
STANDARD_RESPONSES = STANDARD_OPTIONS.least_responses
LEAST_RESPONSES, MOST_RESPONSES = 10, 1000
"""Bounds of the option that says from how many responses on an item is calibrated."""
PASSES_BETWEEN = 10
"""Passes over the responses after which the run is held longer."""
OVER = (RunState.FAILED, RunState.REJECTED)
"""After these a session may be calibrated anew."""

Progress = Callable[[int, int], None]
logger = logging.getLogger(__name__)


def list_calibratable(
    context: ServiceContext, session_id: str, *, actor: Actor
) -> tuple[ExamSession, ...]:
    """The sessions that can be calibrated together with this one, this one first.

    Empty where it cannot be calibrated itself. Raises NotPermitted or NotFound.
    """
    actor.require(ADMINISTRATOR)
    with context.database.reading() as work:
        session = _session(work, session_id)
        others = work.sessions.of_release(session.release_digest) if session.release_digest else ()
        fit = [one for one in others if is_calibratable(work, one) and _are_alike(one, session)]
    return tuple(sorted(fit, key=lambda one: (one.id != session_id, one.starts_at, one.id))) * any(
        one.id == session_id for one in fit
    )


def list_runs(
    context: ServiceContext, session_id: str, *, actor: Actor
) -> tuple[CalibrationRun, ...]:
    """The calibrations of a session, newest first. Raises NotPermitted or NotFound."""
    actor.require(ADMINISTRATOR)
    with context.database.reading() as work:
        return work.calibrations.runs_of(_session(work, session_id).id)


def get_run(context: ServiceContext, run_id: str, *, actor: Actor) -> CalibrationRun:
    """One calibration. Raises NotPermitted or NotFound."""
    actor.require(ADMINISTRATOR)
    with context.database.reading() as work:
        return found_run(work, run_id)


def request_calibration(
    context: ServiceContext,
    session_ids: Sequence[str],
    *,
    least_responses: int = STANDARD_RESPONSES,
    actor: Actor,
) -> str:
    """Ask for a calibration on the responses of sessions of one release; the id of the run.

    Raises NotPermitted, NotFound, InvalidField, SessionNotCalibratable or SessionsDiffer.
    """
    actor.require(ADMINISTRATOR)
    wanted = sorted(set(session_ids))
    if not 0 < len(wanted) <= MOST_SESSIONS:
        expected = Phrase("{lowest} to {highest}", {"lowest": 1, "highest": MOST_SESSIONS})
        raise InvalidField(field="sessions", expected=expected, found=len(wanted))
    if not LEAST_RESPONSES <= least_responses <= MOST_RESPONSES:
        bounds = {"lowest": LEAST_RESPONSES, "highest": MOST_RESPONSES}
        expected = Phrase("{lowest} to {highest}", bounds)
        raise InvalidField(field="least_responses", expected=expected, found=least_responses)
    with context.database.writing() as work:
        sessions = [_session(work, one, lock=True) for one in wanted]
        first = sessions[0]
        for session in sessions:
            if not is_calibratable(work, session):
                raise SessionNotCalibratable(title=session.title)
            if not _are_alike(session, first):
                raise SessionsDiffer()
        run = CalibrationRun(
            id=context.new_id(),
            session_ids=tuple(wanted),
            release_digest=first.release_digest,
            programme_code=first.programme_code,
            programme_version=first.programme_version,
            options=asdict(replace(STANDARD_OPTIONS, least_responses=least_responses)),
            author=actor.name,
            requested_at=context.clock(),
        )
        work.calibrations.add_run(run)
        note_event(context, work, actor.name, "calibration.request", run.id, ", ".join(wanted))
        work.commit()
    return run.id


def stop_calibration(context: ServiceContext, run_id: str, *, actor: Actor) -> None:
    """Let the work end after its present step; what it has found stays for later.

    Raises NotPermitted, NotFound or RunNotReady.
    """
    actor.require(ADMINISTRATOR)
    with context.database.writing() as work:
        run = found_run(work, run_id, lock=True)
        if run.state is RunState.WAITING:
            work.calibrations.change(run_id, state=RunState.STOPPED.value)
        elif run.state is RunState.RUNNING:
            work.calibrations.change(run_id, is_to_stop=True)
        else:
            raise RunNotReady()
        note_event(context, work, actor.name, "calibration.stop", run_id, run.stage.value)
        work.commit()


def resume_calibration(context: ServiceContext, run_id: str, *, actor: Actor) -> None:
    """Let a stopped run go on where it was. Raises NotPermitted, NotFound or RunNotReady."""
    actor.require(ADMINISTRATOR)
    with context.database.writing() as work:
        run = found_run(work, run_id, lock=True)
        # a worker that died does not come to see that it is to stop
        if run.state is not RunState.STOPPED and not run.is_to_stop:
            raise RunNotReady()
        work.calibrations.change(run_id, state=RunState.WAITING.value, is_to_stop=False)
        note_event(context, work, actor.name, "calibration.resume", run_id, run.stage.value)
        work.commit()


def work_on_waiting(context: ServiceContext) -> int:
    """Work on the runs that nobody works on; how many came to their end."""
    with context.database.reading() as work:
        waiting = work.calibrations.to_work_on(context.clock())
    return sum(work_on(context, run_id) for run_id in waiting)


def work_on(context: ServiceContext, run_id: str, progress: Progress | None = None) -> bool:
    """Do what a run still lacks; False where others work on it, or it is not to go on."""
    held = HeldRun.claimed(context, run_id, progress)
    if held is None:
        return False
    try:
        _work(context, held)
    except Halted:
        held.let_go()
        return False
    except PROBLEM_BASES as problem:
        held.fail(problem)
    except Exception:
        logger.exception("calibration %s broke off", run_id)
        held.fail(WorkBrokeOff())
    return True


def _work(context: ServiceContext, held: HeldRun) -> None:
    with context.database.reading() as work:
        run = found_run(work, held.run_id)
        entries = attempts_of(work, run.session_ids)
    for number, entry in enumerate(entries):
        held.report(RunStage.COLLECTING, number, len(entries))
        decide_if_ended(context, entry.attempt.id)
    if not run.calibration_digest:
        record = _calibrate(context, run, entries, held)
        _keep(context, record, held)
        run = replace(run, calibration_digest=record.digest)
    rescore_attempts(context, run, entries, held)
    held.finish()


def _calibrate(
    context: ServiceContext, run: CalibrationRun, entries: Sequence[AttemptEntry], held: HeldRun
) -> CalibrationRecord:
    programme = programme_of(context, run.programme_code, run.programme_version)
    scale = programme.scale
    with context.database.reading() as work:
        served = pool_of(context, work, programme, run.release_digest)
    pool = build_pool(
        [*served.items, *served.pretest_items], served.dimensions, scale.cuts, scale.correlation
    )
    responses = cohort_responses(
        (entry.attempt for entry in entries), [item.id for item in pool.items]
    )

    def told(passes: int) -> None:
        if passes % PASSES_BETWEEN == 1:
            held.report(RunStage.ESTIMATING, passes, 0)

    options = CalibrationOptions(**run.options)
    pretest = frozenset(item.id for item in served.pretest_items)
    found = calibrate_items(pool, pretest, responses, options, told)
    return CalibrationRecord(
        release_digest=run.release_digest,
        programme_code=run.programme_code,
        programme_version=run.programme_version,
        session_ids=run.session_ids,
        author=run.author,
        requested_at=run.requested_at,
        data_digest=responses.digest,
        options=options,
        fit=found.fit,
        cohort=found.cohort,
        items=found.items,
    )


def _keep(context: ServiceContext, record: CalibrationRecord, held: HeldRun) -> None:
    stored = StoredCalibration(
        record.digest,
        record.release_digest,
        record.author,
        record.requested_at,
        record.data_digest,
        record.content,
    )
    with context.database.writing() as work:
        held.hold(work, RunStage.RESCORING, 0, 0)
        work.calibrations.add(stored)
        work.calibrations.change(held.run_id, calibration_digest=record.digest)
        work.commit()


def found_run(work: UnitOfWork, run_id: str, *, lock: bool = False) -> CalibrationRun:
    """A run. Raises NotFound."""
    run = work.calibrations.run(run_id, lock=lock)
    if run is None:
        raise NotFound(kind="Calibration", identifier=run_id)
    return run


def is_calibratable(work: UnitOfWork, session: ExamSession) -> bool:
    """Whether a session is over, waits for its calibration, and is in no other one."""
    is_waiting = session.result_mode is ResultMode.CALIBRATE and session.released_at is None
    if not is_waiting or session.state is not SessionState.CLOSED:
        return False
    return all(run.state in OVER for run in work.calibrations.runs_of(session.id))


def _are_alike(one: ExamSession, other: ExamSession) -> bool:
    return (one.release_digest, one.programme_code, one.programme_version) == (
        other.release_digest,
        other.programme_code,
        other.programme_version,
    )


def _session(work: UnitOfWork, session_id: str, *, lock: bool = False) -> ExamSession:
    session = work.sessions.get(session_id, lock=lock)
    if session is None:
        raise NotFound(kind="Exam session", identifier=session_id)
    return session
