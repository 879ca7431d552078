"""Decided attempts computed again from what the database holds, one or all of them.

A replay goes further than the transcript: the attempt's state, the transcript and the decision must
follow from the stored events, bit for bit.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields

from certify.errors import NotFound
from certify.exams.attempt import fold
from certify.exams.scoring import ScoreReport
from certify.exams.transcript import compose_transcript, transcript_digest
from certify.services.administering import MOST_MONTHS
from certify.services.context import ServiceContext
from certify.services.deciding import decide_report, decision_from_mapping, replay_attempt
from certify.services.examining import programme_of
from certify.services.ports import AttemptEntry
from certify.services.problems import PROBLEM_BASES
from rubrics.level_decision import LevelDecision

EXPERIENCE_MISSING = "experience_missing"


@dataclass(frozen=True, slots=True)
class ReplayedAttempt:
    """What computing one attempt again gave; `refusal` says why it could not be done."""

    attempt_id: str
    report: ScoreReport | None
    differences: tuple[str, ...] = ()
    refusal: str = ""

    @property
    def is_same(self) -> bool:
        """Whether everything was computed again and nothing differs."""
        return not self.refusal and not self.differences


def list_decided(context: ServiceContext) -> tuple[str, ...]:
    """The ids of all decided attempts, the one decided first first."""
    with context.database.reading() as work:
        return work.results.decided()


def replay_many(context: ServiceContext, attempt_ids: Iterable[str]) -> Iterator[ReplayedAttempt]:
    """Replay one attempt after the other; what is wrong with one does not keep the others back."""
    for attempt_id in attempt_ids:
        try:
            yield replay_record(context, attempt_id)
        except PROBLEM_BASES as error:
            yield ReplayedAttempt(attempt_id, None, refusal=str(error))


def replay_record(context: ServiceContext, attempt_id: str) -> ReplayedAttempt:
    """Replay one attempt. Raises NotFound, CorruptTranscript or CorruptRelease."""
    with context.database.reading() as work:
        entry = work.attempts.entry(attempt_id)
        events = work.attempts.events(attempt_id)
        result = work.results.get(attempt_id)
    if entry is None or result is None:
        raise NotFound(kind="Result", identifier=attempt_id)
    attempt = entry.attempt
    replayed = replay_attempt(context, attempt_id)
    differences = list(replayed.differences)
    if fold(attempt_id, attempt.candidate_id, events) != attempt:
        differences.append("state: another one than the events add up to")
    if transcript_digest(result.transcript) != result.transcript_sha256:
        differences.append("transcript: another one than its hash was taken of")
    # voiding comes after the decision, and adds an event that the transcript cannot know
    known = events[:-1] if attempt.is_voided else events
    again = compose_transcript(attempt, known, replayed.report, result.calibration_digest)
    if again != result.transcript:
        differences.append("transcript: another one than the events give")
    stored = decision_from_mapping(result.decision)
    differences += decide_again(context, entry, stored, replayed.report)[1]
    return ReplayedAttempt(attempt_id, replayed.report, tuple(differences))


def decide_again(
    context: ServiceContext, entry: AttemptEntry, stored: LevelDecision, report: ScoreReport
) -> tuple[LevelDecision, tuple[str, ...]]:
    """The decision on a recomputed report, and where the stored one differs."""
    found = decide_report(
        programme_of(context, entry.programme_code, entry.programme_version),
        report,
        level=entry.level,
        experience_months=_experience_of(stored),
    )
    return found, tuple(
        f"{field.name}: stored {getattr(stored, field.name)}, found {getattr(found, field.name)}"
        for field in fields(LevelDecision)
        if getattr(stored, field.name) != getattr(found, field.name)
    )


def _experience_of(decision: LevelDecision) -> int:
    """The months that the decision was taken with, as far as they mattered.

    The decision states them where they were too few; where it does not, any number that
    suffices gives the same decision, whatever the person declares today.
    """
    missing = [r.value for r in decision.reasons if r.code == EXPERIENCE_MISSING]
    return int(missing[0]) if missing and missing[0] is not None else MOST_MONTHS
