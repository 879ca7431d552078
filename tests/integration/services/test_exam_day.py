"""What may go wrong on an exam day: late, stale, repeated and foreign requests."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import Any

import pytest

from certify.errors import NoRelease, NotFound
from certify.exams.attempt import AttemptState, EndReason
from certify.exams.commands import NewAnswer
from certify.exams.errors import AttemptEnded, OlderPage, StaleResponse, WrongPosition
from certify.services.concluding import concluded_result
from certify.services.context import ServiceContext
from certify.services.deciding import replay_attempt
from certify.services.delivering import (
    Acknowledgement,
    close_due_attempts,
    hand_in,
    open_attempt,
    save_response,
    start_attempt,
    view_attempt,
)
from certify.services.ports import Person
from certify.services.releasing import publish_release
from certify.services.simulating import SimulatedCandidate
from question_bank.errors import MalformedResponse
from rubrics.errors import UnknownLevel, UnknownProgramme
from tests.authors import WRITER
from tests.fakes import FakeClock, context_at, make_installation
from tests.integration.services.sitting import PROGRAMME, answer_once, sit_exam


@pytest.fixture
def attempt_id(context: ServiceContext, student: Person) -> str:
    return start_attempt(context, student.id, PROGRAMME, "novice")


def save(
    context: ServiceContext, student: Person, attempt_id: str, **changes: Any
) -> Acknowledgement:
    """Save a right-shaped answer to the current item, with some parts changed."""
    view = view_attempt(context, student.id, attempt_id)
    candidate = SimulatedCandidate(0.0, Random(3))
    answer: dict[str, Any] = {
        "position": view.item.position if view.item else 1,
        "response": candidate.answer_current_item(context, attempt_id),
        "is_final": False,
        "revision": view.revision + 1,
        "client": view.client,
        "idempotency_key": f"key-{view.revision}",
    }
    return save_response(context, student.id, attempt_id, NewAnswer(**{**answer, **changes}))


def test_starting_twice_gives_the_same_attempt(
    context: ServiceContext, student: Person, attempt_id: str
) -> None:
    with ThreadPoolExecutor(6) as threads:
        ids = threads.map(
            lambda _: start_attempt(context, student.id, PROGRAMME, "novice"), range(6)
        )
    assert set(ids) == {attempt_id}


def test_tabs_that_start_at_once_share_one_attempt(
    context: ServiceContext, student: Person
) -> None:
    with ThreadPoolExecutor(6) as threads:
        ids = threads.map(
            lambda _: start_attempt(context, student.id, PROGRAMME, "novice"), range(6)
        )
    assert len(set(ids)) == 1


def test_the_view_holds_no_key_and_no_parameter(
    context: ServiceContext, student: Person, attempt_id: str
) -> None:
    item = view_attempt(context, student.id, attempt_id).item
    assert item is not None
    shown = {"position", "type", "stem", "options", "unit", "decimals"}
    shown |= {"targets", "blanks", "most_characters", "stimulus", "files", "body"}
    assert set(item.__slots__) == shown
    assert all(isinstance(name, str) for name in item.files)


def test_a_draft_is_there_again_after_a_reload(
    context: ServiceContext, student: Person, attempt_id: str
) -> None:
    save(context, student, attempt_id)
    view = view_attempt(context, student.id, attempt_id)
    assert view.revision == 1
    assert view.response


def test_a_repeated_request_changes_nothing(
    context: ServiceContext, student: Person, attempt_id: str
) -> None:
    first = save(context, student, attempt_id, is_final=True, idempotency_key="same")
    again = save(context, student, attempt_id, is_final=True, idempotency_key="same")
    assert (first.position, again.position) == (2, 2)


def test_an_older_tab_does_not_overwrite_a_newer_answer(
    context: ServiceContext, student: Person, attempt_id: str
) -> None:
    save(context, student, attempt_id, revision=5)
    with pytest.raises(StaleResponse):
        save(context, student, attempt_id, revision=3, idempotency_key="old tab")


def test_a_page_opened_later_takes_over(
    context: ServiceContext, student: Person, attempt_id: str
) -> None:
    first = open_attempt(context, student.id, attempt_id).client
    second = open_attempt(context, student.id, attempt_id).client
    assert (first, second) == (1, 2)
    with pytest.raises(OlderPage):
        save(context, student, attempt_id, client=first)
    assert view_attempt(context, student.id, attempt_id).revision == 0
    assert save(context, student, attempt_id, client=second).revision == 1


def test_an_answer_that_was_saved_before_is_acknowledged_to_an_older_page(
    context: ServiceContext, student: Person, attempt_id: str
) -> None:
    """Its reply was lost, and meanwhile another device goes on."""
    save(context, student, attempt_id, is_final=True, idempotency_key="lost reply")
    open_attempt(context, student.id, attempt_id)
    again = save(
        context, student, attempt_id, position=1, revision=1, client=0, idempotency_key="lost reply"
    )
    assert (again.revision, again.position) == (1, 2)


def test_a_key_used_for_another_answer_changes_nothing(
    context: ServiceContext, student: Person, attempt_id: str
) -> None:
    """Not even where that answer would have been fit to be taken."""
    save(context, student, attempt_id, is_final=True, idempotency_key="same")
    again = save(context, student, attempt_id, idempotency_key="same")
    assert (again.revision, again.position) == (1, 2)
    assert view_attempt(context, student.id, attempt_id).revision == 0


def test_half_a_character_is_saved_and_decided(
    context: ServiceContext, student: Person, attempt_id: str
) -> None:
    """A browser that cuts an emoji in two must not cost an exam."""
    candidate = SimulatedCandidate(1.0, Random(5))
    while (item := view_attempt(context, student.id, attempt_id).item) and item.type != "numeric":
        assert answer_once(context, student.id, attempt_id, candidate)
    save(context, student, attempt_id, response={"value": "\ud83d"})
    assert view_attempt(context, student.id, attempt_id).response == {"value": "\ud83d"}
    hand_in(context, student.id, attempt_id)
    concluded_result(context, student.id, attempt_id)
    assert replay_attempt(context, attempt_id).differences == ()


def test_an_answer_to_another_item_is_refused(
    context: ServiceContext, student: Person, attempt_id: str
) -> None:
    with pytest.raises(WrongPosition):
        save(context, student, attempt_id, position=7)


def test_an_option_that_does_not_exist_is_refused(
    context: ServiceContext, student: Person, attempt_id: str
) -> None:
    with pytest.raises(MalformedResponse):
        save(context, student, attempt_id, response=["no such option"])
    assert view_attempt(context, student.id, attempt_id).revision == 0


def test_another_candidate_finds_nothing(
    context: ServiceContext, people: dict[str, Person], attempt_id: str
) -> None:
    stranger = people["teacher"]
    with pytest.raises(NotFound):
        view_attempt(context, stranger.id, attempt_id)
    with pytest.raises(NotFound):
        hand_in(context, stranger.id, attempt_id)


def test_the_clock_runs_on_the_server_and_ends_the_exam_without_a_client(
    context: ServiceContext, student: Person, clock: FakeClock, attempt_id: str
) -> None:
    candidate = SimulatedCandidate(1.0, Random(5))
    for _ in range(10):
        answer_once(context, student.id, attempt_id, candidate)
    before = view_attempt(context, student.id, attempt_id).remaining_seconds
    clock.advance(minutes=10)
    assert view_attempt(context, student.id, attempt_id).remaining_seconds == before - 600
    clock.advance(minutes=51)
    assert view_attempt(context, student.id, attempt_id).state is AttemptState.CLOSED
    assert close_due_attempts(context) == 1
    assert close_due_attempts(context) == 0
    result = concluded_result(context, student.id, attempt_id)
    assert result.attempt.end_reason is EndReason.TIME
    assert result.attempt.ended_at == result.attempt.deadline_at
    # the item on screen counts as not answered; the ten before it keep their points
    assert result.report.items == 11


def test_a_draft_received_in_time_counts_when_time_ends(
    context: ServiceContext, student: Person, clock: FakeClock, attempt_id: str
) -> None:
    candidate = SimulatedCandidate(99.0, Random(5))
    answer = candidate.answer_current_item(context, attempt_id)
    save(context, student, attempt_id, response=answer, is_final=False)
    clock.advance(hours=1)
    close_due_attempts(context)
    assert concluded_result(context, student.id, attempt_id).report.correct == 1


def test_an_answer_at_the_deadline_is_too_late(
    context: ServiceContext, student: Person, clock: FakeClock, attempt_id: str
) -> None:
    clock.advance(minutes=60)
    with pytest.raises(AttemptEnded):
        save(context, student, attempt_id, position=1)


def test_nothing_is_accepted_after_hand_in(
    context: ServiceContext, student: Person, attempt_id: str
) -> None:
    assert hand_in(context, student.id, attempt_id) is AttemptState.HANDED_IN
    assert hand_in(context, student.id, attempt_id) is AttemptState.HANDED_IN
    with pytest.raises(AttemptEnded):
        save(context, student, attempt_id, position=1)


def test_hand_in_against_answers_in_flight_loses_no_acknowledged_answer(
    context: ServiceContext, student: Person, attempt_id: str
) -> None:
    candidate = SimulatedCandidate(99.0, Random(5))
    answer = candidate.answer_current_item(context, attempt_id)

    def send(revision: int) -> bool:
        try:
            save(
                context,
                student,
                attempt_id,
                response=answer,
                position=1,
                revision=revision,
                idempotency_key=str(revision),
            )
        except (AttemptEnded, StaleResponse):
            return False
        return True

    with ThreadPoolExecutor(6) as threads:
        sent = [threads.submit(send, revision) for revision in range(1, 6)]
        threads.submit(hand_in, context, student.id, attempt_id)
    acknowledged = any(future.result() for future in sent)
    report = concluded_result(context, student.id, attempt_id).report
    assert report.correct == int(acknowledged)


def test_an_overdue_attempt_makes_room_for_a_new_one(
    context: ServiceContext, student: Person, clock: FakeClock, attempt_id: str
) -> None:
    clock.advance(hours=2)
    second = start_attempt(context, student.id, PROGRAMME, "novice")
    assert second != attempt_id
    assert concluded_result(context, student.id, attempt_id).attempt.end_reason is EndReason.TIME


def test_a_new_release_does_not_touch_a_running_attempt(
    context: ServiceContext, student: Person, clock: FakeClock, attempt_id: str
) -> None:
    with context.database.reading() as work:
        before = work.attempts.get(attempt_id)
    clock.advance(seconds=1)
    published = publish_release(context, title="次日", actor=WRITER)
    assert before is not None and published.digest != before.started_terms.release_digest
    candidate = SimulatedCandidate(1.0, Random(5))
    while answer_once(context, student.id, attempt_id, candidate):
        pass
    result = concluded_result(context, student.id, attempt_id)
    assert result.attempt.started_terms.release_digest == before.started_terms.release_digest


def test_unknown_programmes_and_levels_begin_nothing(
    context: ServiceContext, student: Person
) -> None:
    with pytest.raises(UnknownProgramme):
        start_attempt(context, student.id, "no-such", "novice")
    with pytest.raises(UnknownLevel):
        start_attempt(context, student.id, "trade-special", "novice")


def test_without_a_release_nothing_begins(tmp_path: Any, clock: FakeClock) -> None:
    installation = make_installation(tmp_path / "empty")
    with pytest.raises(NoRelease):
        start_attempt(context_at(installation, clock), "nobody", PROGRAMME, "novice")


def test_the_special_programme_asks_only_its_dimension(
    context: ServiceContext, student: Person
) -> None:
    attempt_id = start_attempt(context, student.id, "trade-special", "proficient")
    candidate = SimulatedCandidate(0.5, Random(2))
    while answer_once(context, student.id, attempt_id, candidate):
        pass
    report = concluded_result(context, student.id, attempt_id).report
    asked = {score.code: score.items for score in report.dimensions if score.items}
    assert asked == {"T": report.items}


def test_every_level_can_be_sat(context: ServiceContext, student: Person) -> None:
    for level in ("novice", "proficient", "elite"):
        attempt_id = sit_exam(context, student.id, level=level, theta=0.0)
        assert concluded_result(context, student.id, attempt_id).report.blueprint_kept
