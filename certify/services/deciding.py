"""From an ended attempt to a stored decision, and what its candidate is shown.

The decision follows from the stored events alone. It is taken when somebody asks for it, or by the
job that looks for ended attempts, and not in the moment of the end: thousands may hand in at once.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from certify.errors import NotFound, ResultNotReady
from certify.exams.attempt import Attempt
from certify.exams.estimation import scored_items
from certify.exams.scoring import ScoreReport, score_attempt
from certify.exams.transcript import (
    ReplayResult,
    compose_transcript,
    read_transcript,
    replay,
    report_from_mapping,
    transcript_digest,
)
from certify.services.cohort_figures import CohortFigures
from certify.services.context import ServiceContext
from certify.services.examining import exam_of, programme_of
from certify.services.holding import require_released
from certify.services.ports import StoredResult, UnitOfWork
from rubrics.catalogue import Programme
from rubrics.guidance import LearningStep, choose_steps
from rubrics.level_decision import DimensionEvidence, LevelDecision, Reason, decide_level


@dataclass(frozen=True, slots=True)
class ResultView:
    """A decided attempt with everything that its page prints.

    `calibration_digest` names the calibration that it was decided under; empty for the parameters
    of the release. `uncalibrated` counts the scored items that it left as they were. `cohort`
    are the figures of the session's decisions together, once they are final.
    """

    attempt_id: str
    candidate_id: str
    programme: Programme
    attempt: Attempt
    decision: LevelDecision
    report: ScoreReport
    transcript_sha256: str
    calibration_digest: str
    uncalibrated: int
    cohort: CohortFigures | None
    credential_id: str | None
    learning_steps: tuple[LearningStep, ...]


def decide_if_ended(context: ServiceContext, attempt_id: str) -> bool:
    """Score, decide and store an ended attempt once; whether it has a result now.

    Takes everything from the stored events, so it may come at any time after the end, and again.
    """
    with context.database.writing() as work:
        entry = work.attempts.entry(attempt_id)
        if entry is None or work.results.get(attempt_id) is not None:
            return entry is not None
        attempt = entry.attempt
        if attempt.end_reason is None or attempt.terms is None or attempt.is_voided:
            return False
        programme = programme_of(context, entry.programme_code, entry.programme_version)
        report = score_attempt(attempt, exam_of(context, work, attempt.terms))
        person = work.people.get(attempt.candidate_id)
        decision = decide_report(
            programme,
            report,
            level=entry.level,
            experience_months=person.experience_months if person else 0,
        )
        transcript = compose_transcript(attempt, work.attempts.events(attempt_id), report)
        work.results.add(
            StoredResult(
                attempt_id=attempt_id,
                transcript=transcript,
                transcript_sha256=transcript_digest(transcript),
                decision=asdict(decision),
                decided_at=context.clock(),
            )
        )
        work.commit()
    return True


def decide_report(
    programme: Programme, report: ScoreReport, *, level: str, experience_months: int
) -> LevelDecision:
    """Hand the engine's numbers to the level rules."""
    return decide_level(
        programme.scale,
        programme.policy,
        applied_level=level,
        theta=report.theta,
        se=report.se,
        dimensions=_evidence(report),
        experience_months=experience_months,
        answered=report.answered,
        least_answered=programme.exam(level).min_items,
    )


def _evidence(report: ScoreReport) -> tuple[DimensionEvidence, ...]:
    return tuple(
        DimensionEvidence(d.code, d.theta, d.share, d.evidence == "sufficient")
        for d in report.dimensions
    )


def decision_from_mapping(data: Mapping[str, Any]) -> LevelDecision:
    """The decision as it was stored."""
    return LevelDecision(
        **{**data, "reasons": tuple(Reason(**reason) for reason in data["reasons"])}
    )


def view_result(context: ServiceContext, candidate_id: str, attempt_id: str) -> ResultView:
    """The result of one's own attempt, as decided.

    Raises NotFound, ResultHeld or ResultNotReady.
    """
    with context.database.reading() as work:
        entry = work.attempts.entry(attempt_id)
        # before anything else, so that a running attempt of somebody else looks like none
        if entry is None or entry.attempt.candidate_id != candidate_id:
            raise NotFound(kind="Attempt", identifier=attempt_id)
        require_released(work, entry.attempt)
        return result_of(context, work, attempt_id)


def replay_attempt(context: ServiceContext, attempt_id: str) -> ReplayResult:
    """Recompute a decided attempt from its transcript, under the calibration that it names.

    Raises NotFound or CorruptCalibration.
    """
    with context.database.reading() as work:
        result = work.results.get(attempt_id)
        if result is None:
            raise NotFound(kind="Result", identifier=attempt_id)
        stored = read_transcript(result.transcript)
        if stored.attempt.terms is None:
            raise NotFound(kind="Result", identifier=attempt_id)
        exam = exam_of(context, work, stored.attempt.terms)
        calibrated = (
            context.calibrations.exam(work, stored.calibration, exam)
            if stored.calibration
            else None
        )
    return replay(result.transcript, exam, calibrated)


def result_of(context: ServiceContext, work: UnitOfWork, attempt_id: str) -> ResultView:
    """The result of anybody's attempt. Raises NotFound or ResultNotReady."""
    entry = work.attempts.entry(attempt_id)
    if entry is None:
        raise NotFound(kind="Attempt", identifier=attempt_id)
    result = work.results.get(attempt_id)
    if result is None:
        raise ResultNotReady(attempt_id=attempt_id)
    credential = work.credentials.of_attempt(attempt_id)
    report = report_from_mapping(read_transcript(result.transcript).report)
    return ResultView(
        attempt_id=attempt_id,
        candidate_id=entry.attempt.candidate_id,
        programme=programme_of(context, entry.programme_code, entry.programme_version),
        attempt=entry.attempt,
        decision=decision_from_mapping(result.decision),
        report=report,
        transcript_sha256=result.transcript_sha256,
        calibration_digest=result.calibration_digest,
        uncalibrated=_uncalibrated(context, work, entry.attempt, result.calibration_digest),
        cohort=context.cohorts.figures(work, entry.attempt.session_id),
        credential_id=credential.credential_id if credential else None,
        learning_steps=choose_steps(_evidence(report)),
    )


def _uncalibrated(
    context: ServiceContext, work: UnitOfWork, attempt: Attempt, calibration_digest: str
) -> int:
    """Scored items of the attempt whose parameters a calibration left provisional."""
    if not calibration_digest:
        return 0
    kept = context.calibrations.record(work, calibration_digest).kept
    return sum(served.item_id in kept for served in scored_items(attempt))
