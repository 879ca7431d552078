"""What must hold after a phase, read from the database and computed alone with the engine."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from certify.bootstrap import Installation
from certify.exams.adaptive import NextItem, next_step
from certify.exams.attempt import Attempt, fold
from certify.exams.commands import Transition
from certify.exams.events import AttemptEvent, EventKind
from certify.exams.form import option_order
from certify.services.examining import exam_of
from exam_load.candidates import Candidate

Stored = tuple[Attempt, tuple[AttemptEvent, ...]]


def stored_attempts(installation: Installation, ids: Iterable[str]) -> list[Stored]:
    """Attempts with their events, in the order of the ids. Fails for one that is not there."""
    found = []
    with installation.context.database.reading() as work:
        for attempt_id in ids:
            attempt = work.attempts.get(attempt_id)
            assert attempt is not None, attempt_id
            found.append((attempt, work.attempts.events(attempt_id)))
    return found


def first_items_as_alone(installation: Installation, stored: Sequence[Stored]) -> int:
    """How many attempts have the first item and option order that the engine gives alone."""
    same = 0
    for attempt, _ in stored:
        assert attempt.started_at is not None
        alone = Transition(Attempt(attempt.id, attempt.candidate_id), attempt.started_at)
        alone.start(attempt.started_terms)
        with installation.context.database.reading() as work:
            exam = exam_of(installation.context, work, attempt.started_terms)
        step = next_step(alone.attempt, exam)
        served = attempt.served[0]
        same += (
            isinstance(step, NextItem)
            and step.item.id == served.item_id
            and option_order(step.item, attempt.started_terms.seed, 1) == served.option_order
        )
    return same


def faults_of(stored: Sequence[Stored], candidates: Sequence[Candidate]) -> dict[str, int]:
    """Acknowledged answers that are not there, answers after the end, states that do not add up."""
    lost = late = torn = 0
    for (attempt, events), candidate in zip(stored, candidates, strict=True):
        torn += fold(attempt.id, attempt.candidate_id, events) != attempt
        lost += sum(
            position not in attempt.answers or attempt.answers[position].response != response
            for position, response in candidate.acknowledged.items()
        )
        deadline = attempt.deadline_at
        late += sum(
            event.kind is EventKind.ANSWERED
            and (
                (deadline is not None and event.at >= deadline)
                or (attempt.ended_at is not None and event.at > attempt.ended_at)
            )
            for event in events
        )
    return {"acknowledged answers lost": lost, "answers after the end": late, "torn": torn}
