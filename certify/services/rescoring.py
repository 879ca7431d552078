"""Scoring the exams of a calibration again, comparing, and accepting or rejecting what came out.

Nothing is chosen again: the same answers to the same items are decided under the calibrated
parameters. A result of its own is kept for every exam; only with the acceptance, in one
transaction, do all of them count and are shown.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace

from certify.errors import (
    ExamsNotRescored,
    InvalidField,
    NotFound,
    Phrase,
    RunNotReady,
    SessionAwaitsCalibration,
)
from certify.exams.calibration_record import CalibrationRecord
from certify.exams.exam_session import ExamSession, ResultMode
from certify.exams.rescore_comparison import (
    Placing,
    RescoreComparison,
    RescoredExam,
    compare_exams,
)
from certify.exams.rescoring import rescore_attempt
from certify.exams.transcript import compose_transcript, read_transcript, transcript_digest
from certify.services.acting import ADMINISTRATOR, Actor
from certify.services.context import ServiceContext
from certify.services.deciding import decide_report, decision_from_mapping
from certify.services.examining import exam_of, programme_of
from certify.services.holding_runs import HeldRun
from certify.services.ports import (
    AttemptEntry,
    CalibrationRun,
    RescoredResult,
    RunStage,
    RunState,
    StoredResult,
    UnitOfWork,
)
from certify.services.versioning import note_event
from rubrics.level_scale import BELOW

AT_ONCE = 25
"""Exams that are scored again in one transaction."""
LONGEST_REASON = 500
DECIDABLE = (RunState.READY, RunState.STOPPED, RunState.FAILED)
"""Where a calibration may be rejected."""


@dataclass(frozen=True, slots=True)
class CalibratedCohort:
    """A run with what it found; `comparison` is None before every exam is scored again."""

    run: CalibrationRun
    sessions: tuple[ExamSession, ...]
    record: CalibrationRecord | None
    comparison: RescoreComparison | None


def rescore_attempts(
    context: ServiceContext, run: CalibrationRun, entries: Sequence[AttemptEntry], held: HeldRun
) -> None:
    """Score those exams again that the run has not scored yet. Raises Halted."""
    with context.database.reading() as work:
        done = work.calibrations.rescored_ids(run.id)
    left = [entry for entry in entries if entry.attempt.id not in done]
    for start in range(0, len(left), AT_ONCE):
        with context.database.reading() as work:
            results = [
                _rescored(context, work, run, entry) for entry in left[start : start + AT_ONCE]
            ]
        finished = len(entries) - len(left) + start + len(results)
        with context.database.writing() as work:
            # who was taken over stops here, before a second result of an exam is stored
            held.hold(work, RunStage.RESCORING, finished, len(entries))
            work.calibrations.add_results(results)
            work.commit()
        if held.progress is not None:
            held.progress(finished, len(entries))


def _rescored(
    context: ServiceContext, work: UnitOfWork, run: CalibrationRun, entry: AttemptEntry
) -> RescoredResult:
    attempt, digest = entry.attempt, run.calibration_digest
    exam = exam_of(context, work, attempt.started_terms)
    report = rescore_attempt(attempt, exam, context.calibrations.exam(work, digest, exam))
    person = work.people.get(attempt.candidate_id)
    decision = decide_report(
        programme_of(context, entry.programme_code, entry.programme_version),
        report,
        level=entry.level,
        experience_months=person.experience_months if person else 0,
    )
    transcript = compose_transcript(attempt, work.attempts.events(attempt.id), report, digest)
    return RescoredResult(
        run_id=run.id,
        attempt_id=attempt.id,
        calibration_digest=digest,
        transcript=transcript,
        transcript_sha256=transcript_digest(transcript),
        decision=asdict(decision),
        decided_at=context.clock(),
    )


def view_cohort(context: ServiceContext, run_id: str, *, actor: Actor) -> CalibratedCohort:
    """A calibration and what it changes. Raises NotPermitted or NotFound."""
    actor.require(ADMINISTRATOR)
    with context.database.reading() as work:
        run = work.calibrations.run(run_id)
        if run is None:
            raise NotFound(kind="Calibration", identifier=run_id)
        found = [work.sessions.get(session_id) for session_id in run.session_ids]
        digest = run.calibration_digest
        record = context.calibrations.record(work, digest) if digest else None
        is_complete = run.state in (RunState.READY, RunState.ACCEPTED, RunState.REJECTED)
        exams = list(_exams(work, run_id)) if is_complete and record else []
    scale = programme_of(context, run.programme_code, run.programme_version).scale
    levels = (BELOW, *(level.code for level in scale.levels))
    return CalibratedCohort(
        run=run,
        sessions=tuple(session for session in found if session is not None),
        record=record,
        comparison=compare_exams(exams, levels) if exams else None,
    )


def _exams(work: UnitOfWork, run_id: str) -> Iterator[RescoredExam]:
    batch: list[RescoredResult] = []
    for one in work.calibrations.results(run_id):
        batch.append(one)
        if len(batch) == AT_ONCE:
            yield from _compared(work, batch)
            batch = []
    yield from _compared(work, batch)


def _compared(work: UnitOfWork, batch: Sequence[RescoredResult]) -> Iterator[RescoredExam]:
    before = work.results.provisional([one.attempt_id for one in batch])
    for one in batch:
        first, second = _placing(before[one.attempt_id]), _placing(one)
        yield RescoredExam(one.attempt_id, one.decision["applied_level"], first, second)


def _placing(result: StoredResult | RescoredResult) -> Placing:
    decision = decision_from_mapping(result.decision)
    report = read_transcript(result.transcript).report
    return Placing(
        placed=decision.placed_level,
        awarded=decision.awarded_level,
        theta=float(report["theta"]),
        se=float(report["se"]),
        posterior=decision.posterior,
        is_provisional=report["parameter_status"] == "provisional",
    )


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


def attempts_of(work: UnitOfWork, session_ids: Sequence[str]) -> tuple[AttemptEntry, ...]:
    """The exams of sessions that were sat to an end and count, by id."""
    entries = [entry for one in session_ids for entry in work.attempts.of_session(one)]
    ended = [
        entry
        for entry in entries
        if entry.attempt.end_reason is not None
        and entry.attempt.terms is not None
        and not entry.attempt.is_voided
    ]
    return tuple(sorted(ended, key=lambda entry: entry.attempt.id))


def _clean(text: str) -> str:
    reason = " ".join(text.split())
    if not 0 < len(reason) <= LONGEST_REASON or not reason.isprintable():
        expected = Phrase("1 to {highest} characters", {"highest": LONGEST_REASON})
        raise InvalidField(field="reason", expected=expected, found=repr(reason[:80]))
    return reason
