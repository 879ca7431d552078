"""From an ended attempt to a stored decision, and what its candidate is shown.

The decision is taken in the transaction that ends the attempt, from the stored record alone.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from certify.errors import NotFound, ResultNotReady
from certify.exams.attempt import AttemptRecord
from certify.exams.scoring import ScoreReport, score_attempt
from certify.exams.transcript import (
    ReplayResult,
    compose_transcript,
    read_transcript,
    replay,
    report_from_mapping,
    transcript_digest,
)
from certify.services.context import ServiceContext
from certify.services.examining import blueprint_of, pool_of, programme_of_attempt
from certify.services.ports import StoredResult, UnitOfWork
from rubrics.catalogue import Programme
from rubrics.guidance import LearningStep, choose_steps
from rubrics.level_decision import DimensionEvidence, LevelDecision, Reason, decide_level


@dataclass(frozen=True, slots=True)
class ResultView:
    """A decided attempt with everything that its page prints."""

    attempt_id: str
    candidate_id: str
    programme: Programme
    record: AttemptRecord
    decision: LevelDecision
    report: ScoreReport
    transcript_sha256: str
    credential_id: str | None
    learning_steps: tuple[LearningStep, ...]


def decide_attempt(context: ServiceContext, work: UnitOfWork, record: AttemptRecord) -> None:
    """Score, decide and store, inside the caller's transaction."""
    programme = programme_of_attempt(context, record)
    pool = pool_of(context, work, programme, record.release_digest)
    report = score_attempt(record, pool, blueprint_of(programme, record.level))
    person = work.people.get(record.candidate_id)
    decision = decide_report(
        programme,
        report,
        level=record.level,
        experience_months=person.experience_months if person else 0,
    )
    transcript = compose_transcript(record, report)
    work.results.add(
        StoredResult(
            attempt_id=record.id,
            transcript=transcript,
            transcript_sha256=transcript_digest(transcript),
            decision=asdict(decision),
            decided_at=context.clock(),
        )
    )


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
    """The result of one's own attempt. Raises NotFound or ResultNotReady."""
    with context.database.reading() as work:
        record = work.attempts.get(attempt_id)
        # before anything else, so that a running attempt of somebody else looks like none
        if record is None or record.candidate_id != candidate_id:
            raise NotFound(kind="Attempt", identifier=attempt_id)
        return result_of(context, work, attempt_id)


def replay_attempt(context: ServiceContext, attempt_id: str) -> ReplayResult:
    """Recompute a decided attempt from its transcript. Raises NotFound."""
    with context.database.reading() as work:
        result = work.results.get(attempt_id)
        if result is None:
            raise NotFound(kind="Result", identifier=attempt_id)
        record, _ = read_transcript(result.transcript)
        programme = programme_of_attempt(context, record)
        pool = pool_of(context, work, programme, record.release_digest)
    return replay(result.transcript, pool, blueprint_of(programme, record.level))


def result_of(context: ServiceContext, work: UnitOfWork, attempt_id: str) -> ResultView:
    """The result of anybody's attempt. Raises NotFound or ResultNotReady."""
    record = work.attempts.get(attempt_id)
    if record is None:
        raise NotFound(kind="Attempt", identifier=attempt_id)
    result = work.results.get(attempt_id)
    if result is None:
        raise ResultNotReady(attempt_id=attempt_id)
    credential = work.credentials.of_attempt(attempt_id)
    report = report_from_mapping(read_transcript(result.transcript)[1])
    return ResultView(
        attempt_id=attempt_id,
        candidate_id=record.candidate_id,
        programme=programme_of_attempt(context, record),
        record=record,
        decision=decision_from_mapping(result.decision),
        report=report,
        transcript_sha256=result.transcript_sha256,
        credential_id=credential.credential_id if credential else None,
        learning_steps=choose_steps(_evidence(report)),
    )
