"""Scoring the exams of a calibration again, and comparing what came out with what was before.

Nothing is chosen again: the same answers to the same items are decided under the calibrated
parameters. A result of its own is kept for every exam; it counts once the calibration is accepted
(`accepting_calibrations`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

from certify.errors import (
    NotFound,
)
from certify.exams.calibration_record import CalibrationRecord
from certify.exams.exam_session import ExamSession
from certify.exams.rescore_comparison import (
    Placing,
    RescoreComparison,
    RescoredExam,
    compare_exams,
)
from certify.exams.rescoring import rescore_attempt
from certify.exams.scoring import ScoreReport
from certify.exams.transcript import (
    compose_transcript,
    read_transcript,
    report_from_mapping,
    transcript_digest,
)
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
    UnitOfWork,
)
from rubrics.level_decision import LevelDecision
from rubrics.level_scale import BELOW

AT_ONCE = 25
"""Exams that are scored again in one transaction."""
PROVISIONAL = "provisional"


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
        placings={
            "applied": decision.applied_level,
            "before": asdict(_placing(*_first_decision(work, attempt.id))),
            "after": asdict(_placing(decision, report)),
        },
        decision=asdict(decision),
        decided_at=context.clock(),
    )


def _first_decision(work: UnitOfWork, attempt_id: str) -> tuple[LevelDecision, ScoreReport]:
    """As it was decided under provisional parameters."""
    first = work.results.provisional([attempt_id])[attempt_id]
    report = report_from_mapping(read_transcript(first.transcript).report)
    return decision_from_mapping(first.decision), report


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
    for attempt_id, placings in work.calibrations.placings(run_id):
        yield RescoredExam(
            attempt_id,
            placings["applied"],
            Placing(**placings["before"]),
            Placing(**placings["after"]),
        )


def _placing(decision: LevelDecision, report: ScoreReport) -> Placing:
    return Placing(
        placed=decision.placed_level,
        awarded=decision.awarded_level,
        theta=report.theta,
        se=report.se,
        posterior=decision.posterior,
        is_provisional=report.parameter_status == PROVISIONAL,
    )


def get_record(context: ServiceContext, run_id: str, *, actor: Actor) -> CalibrationRecord:
    """The calibration that a run made. Raises NotPermitted or NotFound."""
    actor.require(ADMINISTRATOR)
    with context.database.reading() as work:
        run = work.calibrations.run(run_id)
        if run is None or not run.calibration_digest:
            raise NotFound(kind="Calibration", identifier=run_id)
        return context.calibrations.record(work, run.calibration_digest)


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
