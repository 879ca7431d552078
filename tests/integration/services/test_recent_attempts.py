"""Several processes write to one attempt, each remembering what it stored itself."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from certify.exams.attempt import AttemptState
from certify.exams.commands import NewAnswer
from certify.exams.errors import AttemptEnded, OlderPage, StaleResponse
from certify.services.context import ServiceContext
from certify.services.delivering import (
    Acknowledgement,
    hand_in,
    open_attempt,
    save_response,
    start_attempt,
    view_attempt,
)
from certify.services.ports import Person
from certify.services.recent_attempts import RecentAttempts
from certify.services.simulating import SimulatedCandidate
from tests.integration.services.sitting import PROGRAMME


@pytest.fixture
def other(context: ServiceContext) -> ServiceContext:
    """Another process on the same database."""
    return replace(context, recent_attempts=RecentAttempts())


@pytest.fixture
def attempt_id(context: ServiceContext, student: Person) -> str:
    return start_attempt(context, student.id, PROGRAMME, "novice")


def answer(
    context: ServiceContext,
    attempt_id: str,
    position: int,
    *,
    revision: int = 1,
    is_final: bool = True,
    client: int = 0,
    key: str = "",
) -> NewAnswer:
    response = SimulatedCandidate(0.0, Random(3)).answer_current_item(context, attempt_id)
    key = key or f"key-{position}-{revision}"
    return NewAnswer(position, response, revision, is_final, client, key)


def test_processes_that_take_turns_serve_every_position_once(
    context: ServiceContext, other: ServiceContext, student: Person, attempt_id: str
) -> None:
    for position in range(1, 9):
        process = (context, other, other, context)[position % 4]
        saved = save_response(
            process, student.id, attempt_id, answer(process, attempt_id, position)
        )
        assert saved == Acknowledgement(
            1, position + 1, AttemptState.RUNNING, saved.remaining_seconds
        )
    with context.database.reading() as work:
        attempt = work.attempts.get(attempt_id)
        events = work.attempts.events(attempt_id)
    assert attempt is not None
    assert [event.sequence for event in events] == list(range(1, attempt.sequence + 1))
    assert len({served.item_id for served in attempt.served}) == len(attempt.served) == 9


def test_a_remembered_draft_is_no_reason_to_refuse_a_newer_one(
    context: ServiceContext, other: ServiceContext, student: Person, attempt_id: str
) -> None:
    draft = answer(context, attempt_id, 1, is_final=False)
    save_response(context, student.id, attempt_id, draft)
    newer = answer(other, attempt_id, 1, revision=2)
    save_response(other, student.id, attempt_id, newer)
    # the first process still remembers position 1
    saved = save_response(context, student.id, attempt_id, answer(context, attempt_id, 2))
    assert saved.position == 3
    with pytest.raises(StaleResponse):
        draft_again = answer(context, attempt_id, 3, is_final=False)
        save_response(context, student.id, attempt_id, draft_again)
        save_response(context, student.id, attempt_id, replace(draft_again, idempotency_key="new"))


def test_a_hand_in_elsewhere_shuts_out_who_remembers_a_running_exam(
    context: ServiceContext, other: ServiceContext, student: Person, attempt_id: str
) -> None:
    save_response(context, student.id, attempt_id, answer(context, attempt_id, 1))
    late = answer(context, attempt_id, 2)
    hand_in(other, student.id, attempt_id)
    with pytest.raises(AttemptEnded):
        save_response(context, student.id, attempt_id, late)


def test_a_page_opened_elsewhere_shuts_out_the_older_one(
    context: ServiceContext, other: ServiceContext, student: Person, attempt_id: str
) -> None:
    first = open_attempt(context, student.id, attempt_id).client
    new = answer(context, attempt_id, 1, is_final=False, client=first)
    save_response(context, student.id, attempt_id, new)
    open_attempt(other, student.id, attempt_id)
    with pytest.raises(OlderPage):
        newer = answer(context, attempt_id, 1, revision=2, is_final=False, client=first)
        save_response(context, student.id, attempt_id, newer)


def test_a_repeated_answer_is_acknowledged_by_any_process(
    context: ServiceContext, other: ServiceContext, student: Person, attempt_id: str
) -> None:
    first = answer(context, attempt_id, 1)
    save_response(context, student.id, attempt_id, first)
    save_response(other, student.id, attempt_id, answer(other, attempt_id, 2))
    for process in (context, other):
        assert save_response(process, student.id, attempt_id, first).revision == 1
    assert view_attempt(context, student.id, attempt_id).item is not None
