"""What follows the end: decided once, whoever asks first, and nobody is forgotten."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from random import Random

import pytest

from certify.errors import NotFound, ResultNotReady
from certify.exams.attempt import EndReason
from certify.services import concluding, deciding
from certify.services.administering import add_person
from certify.services.concluding import conclude, conclude_ended_attempts, concluded_result
from certify.services.context import ServiceContext
from certify.services.deciding import decide_if_ended, replay_attempt, view_result
from certify.services.delivering import change, close_due_attempts, hand_in, start_attempt
from certify.services.ports import Person, StoredResult
from certify.services.simulating import SimulatedCandidate
from tests.fakes import FakeClock
from tests.integration.services.sitting import PROGRAMME, answer_once, sit_exam


def sit_a_little(context: ServiceContext, person: Person, answers: int = 2) -> str:
    """A few answers, then handed in."""
    attempt_id = start_attempt(context, person.id, PROGRAMME, "novice")
    candidate = SimulatedCandidate(1.0, Random(5))
    for _ in range(answers):
        answer_once(context, person.id, attempt_id, candidate)
    hand_in(context, person.id, attempt_id)
    return attempt_id


def result_of(context: ServiceContext, attempt_id: str) -> StoredResult | None:
    with context.database.reading() as work:
        return work.results.get(attempt_id)


def others(context: ServiceContext, count: int) -> list[Person]:
    return [
        add_person(
            context,
            username=f"other{number}",
            display_name="周可",
            password="correct horse",
            roles={"student"},
        )
        for number in range(count)
    ]


def test_handing_in_decides_nothing(context: ServiceContext, student: Person) -> None:
    """Thousands may hand in at once; their answers are safe, the arithmetic can wait."""
    attempt_id = sit_a_little(context, student)
    assert result_of(context, attempt_id) is None
    with pytest.raises(ResultNotReady):
        view_result(context, student.id, attempt_id)
    assert concluded_result(context, student.id, attempt_id).report.items == 3


def test_whoever_asks_at_once_gets_the_same_decision(
    context: ServiceContext, student: Person
) -> None:
    attempt_id = sit_exam(context, student.id, theta=2.0)
    with ThreadPoolExecutor(6) as threads:
        results = list(
            threads.map(lambda _: concluded_result(context, student.id, attempt_id), range(6))
        )
    assert len({result.transcript_sha256 for result in results}) == 1
    assert len({result.credential_id for result in results}) == 1
    assert results[0].credential_id is not None
    assert replay_attempt(context, attempt_id).differences == ()


def test_a_second_decision_changes_nothing(
    context: ServiceContext, student: Person, clock: FakeClock
) -> None:
    attempt_id = sit_a_little(context, student)
    assert decide_if_ended(context, attempt_id)
    first = result_of(context, attempt_id)
    clock.advance(days=1)
    assert decide_if_ended(context, attempt_id)
    assert conclude(context, attempt_id)
    assert result_of(context, attempt_id) == first


def test_the_job_decides_what_nobody_asked_for(context: ServiceContext, student: Person) -> None:
    ended = [sit_a_little(context, person, 1) for person in (student, *others(context, 2))]
    running = start_attempt(context, student.id, PROGRAMME, "proficient")
    assert conclude_ended_attempts(context) == 3
    assert conclude_ended_attempts(context) == 0
    assert all(result_of(context, attempt_id) for attempt_id in ended)
    assert result_of(context, running) is None


def test_a_job_and_a_candidate_at_once_decide_once(
    context: ServiceContext, student: Person
) -> None:
    attempt_id = sit_a_little(context, student)
    with ThreadPoolExecutor(4) as threads:
        jobs = [threads.submit(conclude_ended_attempts, context) for _ in range(2)]
        shown = threads.submit(concluded_result, context, student.id, attempt_id)
    assert all(job.result() <= 1 for job in jobs)
    stored = result_of(context, attempt_id)
    assert stored is not None
    assert shown.result().transcript_sha256 == stored.transcript_sha256


def test_time_closes_and_the_job_decides_without_a_client(
    context: ServiceContext, student: Person, clock: FakeClock
) -> None:
    attempt_id = start_attempt(context, student.id, PROGRAMME, "novice")
    clock.advance(days=2)
    assert close_due_attempts(context) == 1
    assert conclude_ended_attempts(context) == 1
    result = view_result(context, student.id, attempt_id)
    assert result.attempt.end_reason is EndReason.TIME
    assert result.decision.awarded_level == "none"


def test_one_attempt_that_cannot_be_decided_holds_nobody_up(
    context: ServiceContext, student: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    poisoned = sit_a_little(context, student, 1)
    healthy = sit_a_little(context, others(context, 1)[0], 1)
    decide = decide_if_ended

    def fail_for_one(context: ServiceContext, attempt_id: str) -> bool:
        if attempt_id == poisoned:
            raise KeyError("an item that is not there")
        return decide(context, attempt_id)

    monkeypatch.setattr(concluding, "decide_if_ended", fail_for_one)
    assert conclude_ended_attempts(context) == 1
    assert result_of(context, healthy) is not None
    monkeypatch.undo()
    assert conclude_ended_attempts(context) == 1
    assert result_of(context, poisoned) is not None


def test_a_crash_between_decision_and_certificate_is_made_good(
    context: ServiceContext, student: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempt_id = sit_exam(context, student.id, theta=2.0)
    monkeypatch.setattr(concluding, "issue_if_awarded", lambda *_: None)
    assert concluded_result(context, student.id, attempt_id).credential_id is None
    monkeypatch.undo()
    assert concluded_result(context, student.id, attempt_id).credential_id is not None


def test_a_voided_attempt_is_not_decided(context: ServiceContext, student: Person) -> None:
    attempt_id = sit_a_little(context, student)
    change(context, attempt_id, lambda work, transition: transition.void("copied", "ann"))
    assert not conclude(context, attempt_id)
    assert conclude_ended_attempts(context) == 0
    assert result_of(context, attempt_id) is None
    with pytest.raises(ResultNotReady):
        concluded_result(context, student.id, attempt_id)


def test_a_running_or_foreign_or_unknown_attempt_is_not_decided(
    context: ServiceContext, student: Person, people: dict[str, Person]
) -> None:
    running = start_attempt(context, student.id, PROGRAMME, "novice")
    assert not conclude(context, running)
    assert not conclude(context, "unknown")
    hand_in(context, student.id, running)
    with pytest.raises(NotFound):
        concluded_result(context, people["teacher"].id, running)
    assert result_of(context, running) is None


def test_the_record_holds_every_event(context: ServiceContext, student: Person) -> None:
    attempt_id = sit_a_little(context, student)
    conclude(context, attempt_id)
    stored = result_of(context, attempt_id)
    assert stored is not None
    with context.database.reading() as work:
        events = work.attempts.events(attempt_id)
    told = deciding.read_transcript(stored.transcript).events
    assert [(event.sequence, event.kind) for event in told] == [
        (event.sequence, event.kind) for event in events
    ]
