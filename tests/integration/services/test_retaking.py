"""A second try goes on from what the first one said."""

from __future__ import annotations

from random import Random

from certify.exams.attempt import Attempt
from certify.services.concluding import concluded_result
from certify.services.context import ServiceContext
from certify.services.deciding import replay_attempt
from certify.services.delivering import change, close_due_attempts, hand_in, start_attempt
from certify.services.ports import Person
from certify.services.simulating import SimulatedCandidate
from tests.fakes import FakeClock
from tests.integration.services.sitting import PROGRAMME, answer_once


def sit(context: ServiceContext, person: Person, level: str = "novice", answers: int = 12) -> str:
    """Some answers, then handed in."""
    attempt_id = start_attempt(context, person.id, PROGRAMME, level)
    candidate = SimulatedCandidate(1.0, Random(5))
    for _ in range(answers):
        answer_once(context, person.id, attempt_id, candidate)
    hand_in(context, person.id, attempt_id)
    return attempt_id


def attempt_of(context: ServiceContext, attempt_id: str) -> Attempt:
    with context.database.reading() as work:
        attempt = work.attempts.get(attempt_id)
    assert attempt is not None
    return attempt


def scored_ids(attempt: Attempt) -> list[str]:
    return [served.item_id for served in attempt.served if not served.is_pretest]


def test_answers_of_the_first_try_are_evidence_of_the_second(
    context: ServiceContext, student: Person
) -> None:
    first = attempt_of(context, sit(context, student))
    second_id = sit(context, student)
    second = attempt_of(context, second_id)
    earlier = second.started_terms.earlier
    assert [answer.item_id for answer in earlier] == scored_ids(first)
    by_item = {s.item_id: s.position for s in first.served}
    for answer in earlier:
        stored = first.answers.get(by_item[answer.item_id])
        assert answer.correct == (stored.correct if stored else 0)
    assert set(scored_ids(second)).isdisjoint(scored_ids(first))
    report = concluded_result(context, student.id, second_id).report
    assert report.pooled_items == len(scored_ids(first))
    assert report.items == len(scored_ids(second))
    assert replay_attempt(context, second_id).differences == ()


def test_three_tries_add_up_in_order(
    context: ServiceContext, student: Person, clock: FakeClock
) -> None:
    ids = []
    for _ in range(3):
        ids.append(sit(context, student, answers=4))
        clock.advance(hours=1)
    first, second, third = (attempt_of(context, attempt_id) for attempt_id in ids)
    earlier = [answer.item_id for answer in third.started_terms.earlier]
    assert earlier == scored_ids(first) + scored_ids(second)


def test_tries_at_another_level_count_at_the_same_programme_alone(
    context: ServiceContext, student: Person
) -> None:
    first = attempt_of(context, sit(context, student, "novice", 4))
    other_level = attempt_of(context, sit(context, student, "proficient", 2))
    assert [a.item_id for a in other_level.started_terms.earlier] == scored_ids(first)
    special = start_attempt(context, student.id, "trade-special", "proficient")
    assert attempt_of(context, special).started_terms.earlier == ()


def test_voided_and_old_tries_do_not_count(
    context: ServiceContext, student: Person, clock: FakeClock
) -> None:
    old = sit(context, student, answers=4)
    clock.advance(days=366)
    voided = sit(context, student, answers=4)
    change(context, voided, lambda work, transition: transition.void("copied", "ann"))
    kept = attempt_of(context, sit(context, student, answers=4))
    newest = attempt_of(context, start_attempt(context, student.id, PROGRAMME, "novice"))
    assert attempt_of(context, old).ended_at is not None
    assert [a.item_id for a in newest.started_terms.earlier] == scored_ids(kept)
    assert kept.started_terms.earlier == ()


def test_a_try_that_time_ended_counts_with_its_unanswered_item(
    context: ServiceContext, student: Person, clock: FakeClock
) -> None:
    first_id = start_attempt(context, student.id, PROGRAMME, "novice")
    clock.advance(days=1)
    assert close_due_attempts(context) == 1
    second = attempt_of(context, start_attempt(context, student.id, PROGRAMME, "novice"))
    (answer,) = second.started_terms.earlier
    assert answer.item_id == attempt_of(context, first_id).served[0].item_id
    assert answer.correct == 0


def test_people_do_not_share_evidence(
    context: ServiceContext, student: Person, people: dict[str, Person]
) -> None:
    sit(context, student, answers=4)
    other = start_attempt(context, people["teacher"].id, PROGRAMME, "novice")
    assert attempt_of(context, other).started_terms.earlier == ()
