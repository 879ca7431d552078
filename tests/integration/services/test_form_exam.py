"""Fixed forms sat in a session: given out, served at once, scored, decided and replayed."""

from __future__ import annotations

import json
from fractions import Fraction
from random import Random

import pytest
from sqlalchemy import text

from certify.errors import InvalidField
from certify.exams.attempt import AttemptState, EndReason
from certify.exams.errors import AttemptNotRunning, OlderPage, WrongPosition
from certify.exams.events import EventKind
from certify.exams.exam_session import ExamSession
from certify.exams.session_paper import SessionPaper
from certify.services.admitting import begin_part, take_pulse
from certify.services.assembling_papers import get_form
from certify.services.concluding import conclude_ended_attempts, concluded_result
from certify.services.context import ServiceContext
from certify.services.delivering import (
    close_due_attempts,
    hand_in,
    open_attempt,
    view_attempt,
)
from certify.services.form_sitting import flag_item
from certify.services.ports import Person
from certify.services.replaying import replay_record
from certify.services.scheduling import create_session, get_session
from certify.services.session_papers import papers_of
from certify.services.simulating import SimulatedCandidate
from certify.storage.database import SqlDatabase
from tests.fakes import FakeClock
from tests.integration.services.form_days import (
    BREAK_MINUTES,
    COUNTS,
    SHORT,
    give,
    make_forms,
    open_with,
    paper_of,
    right_at,
    sit_down,
    stored,
    view_at,
)
from tests.integration.services.session_days import make_draft
from tests.integration.services.sitting import answer_once
from tests.integration.services.test_statements import counted

People = dict[str, Person]
LENGTH = sum(COUNTS.values())


@pytest.fixture
def centre(people: People) -> Person:
    return people["centre"]


def fixed_session(context: ServiceContext, centre: Person, **changes: bool) -> ExamSession:
    return open_with(context, centre, paper_of(make_forms(context), **changes))


def two_parts(context: ServiceContext, centre: Person) -> ExamSession:
    forms = make_forms(context, counts=SHORT)
    paper = paper_of(forms, theory_first=True, break_minutes=BREAK_MINUTES)
    return open_with(context, centre, paper)


def candidates_of(context: ServiceContext, session: ExamSession) -> dict[str, str]:
    """The candidates by their seat."""
    with context.database.reading() as work:
        return {f"{s.room}-{s.seat}": s.candidate_id for s in work.sessions.seats(session.id)}


def test_a_form_is_sat_scored_decided_and_replayed(
    context: ServiceContext, centre: Person, student: Person
) -> None:
    session = fixed_session(context, centre)
    assert session.paper == get_session(context, session.id, centre).paper
    (listed,) = papers_of(context, session)
    form = get_form(context, listed.digest)
    assert session.release_digest == form.release_digest
    attempt_id = sit_down(context, session, student.id)
    attempt = stored(context, attempt_id)
    (part,) = attempt.started_terms.parts
    assert (part.form_digest, part.limit_seconds) == (form.digest, form.minutes * 60)
    assert [s.item_id for s in attempt.served] == [entry.item_id for entry in form.items]
    assert [s.option_order for s in attempt.served] == [e.option_order for e in form.items]

    for position in range(1, LENGTH):
        give(
            context,
            student.id,
            attempt_id,
            position,
            right_at(context, attempt_id, position),
        )
    # going back: the last answer to an item counts
    give(context, student.id, attempt_id, 1, [])
    assert hand_in(context, student.id, attempt_id) is AttemptState.HANDED_IN
    result = concluded_result(context, student.id, attempt_id)
    (score,) = result.report.forms
    lost = form.items[0].points + form.items[-1].points
    assert score.points == form.total_points - lost
    assert result.report.items == LENGTH and result.report.answered == LENGTH - 2
    assert result.decision.placed_level == "proficient"
    assert replay_record(context, attempt_id).is_same


def test_partial_credit_counts_in_points_and_not_in_the_level(
    context: ServiceContext, centre: Person, student: Person
) -> None:
    session = fixed_session(context, centre)
    attempt_id = sit_down(context, session, student.id)
    form = get_form(context, papers_of(context, session)[0].digest)
    place = next(entry for entry in form.items if entry.section == "multiple")
    whole = right_at(context, attempt_id, place.number)
    give(context, student.id, attempt_id, place.number, whole[:1])
    hand_in(context, student.id, attempt_id)
    report = concluded_result(context, student.id, attempt_id).report
    assert report.correct == 0
    assert report.forms[0].points in (Fraction(0), place.points / len(whole))


def test_serving_a_form_costs_the_same_whatever_its_length(
    context: ServiceContext, centre: Person, student: Person, people: People
) -> None:
    costs = []
    for counts in (SHORT, COUNTS):
        session = open_with(context, centre, paper_of(make_forms(context, counts=counts)))
        with counted(context) as cost:
            attempt_id = sit_down(context, session, student.id)
        assert len(stored(context, attempt_id).served) == sum(counts.values())
        costs.append((len(cost.statements), cost.commits))
        hand_in(context, student.id, attempt_id)
    assert costs[0] == costs[1]


def test_neighbours_get_different_parallel_forms(
    context: ServiceContext, centre: Person, student: Person
) -> None:
    forms = make_forms(context, forms=2, counts=SHORT)
    session = open_with(context, centre, paper_of(forms))
    seats = candidates_of(context, session)
    given = {}
    for seat in ("第一考场-1", "第一考场-2"):
        attempt_id = sit_down(context, session, seats[seat])
        given[seat] = stored(context, attempt_id).part_terms.form_digest
    assert set(given.values()) == {form.digest for form in forms}


def test_a_shuffled_form_has_an_order_of_its_own_for_everybody(
    context: ServiceContext, centre: Person, student: Person
) -> None:
    session = fixed_session(context, centre, is_shuffled=True)
    seats = candidates_of(context, session)
    orders = []
    for seat, room in (("第一考场-1", "第一考场"), ("第二考场-1", "第二考场")):
        attempt_id = sit_down(context, session, seats[seat], room)
        orders.append([served.item_id for served in stored(context, attempt_id).served])
        hand_in(context, seats[seat], attempt_id)
        conclude_ended_attempts(context)
        assert replay_record(context, attempt_id).is_same
    assert orders[0] != orders[1] and sorted(orders[0]) == sorted(orders[1])


def test_the_map_tells_what_is_answered_and_flagged(
    context: ServiceContext, centre: Person, student: Person
) -> None:
    session = fixed_session(context, centre)
    attempt_id = sit_down(context, session, student.id)
    give(context, student.id, attempt_id, 3, right_at(context, attempt_id, 3))
    flag_item(context, student.id, attempt_id, 5, flagged=True, client=0)
    flag_item(context, student.id, attempt_id, 5, flagged=True, client=0)
    view = view_at(context, student.id, attempt_id)
    assert view.form is not None
    # the first without an answer comes up by itself
    assert (view.form.number, view.item and view.item.position) == (1, 1)
    assert [one.number for one in view.form.flagged] == [5]
    assert len(view.form.unanswered) == LENGTH - 1
    assert view_at(context, student.id, attempt_id, 3).revision == 1
    flag_item(context, student.id, attempt_id, 5, flagged=False, client=0)
    after = view_at(context, student.id, attempt_id).form
    assert after is not None and after.flagged == ()


def test_a_page_that_was_replaced_neither_answers_nor_flags(
    context: ServiceContext, centre: Person, student: Person
) -> None:
    session = fixed_session(context, centre)
    attempt_id = sit_down(context, session, student.id)
    for _ in range(2):
        open_attempt(context, student.id, attempt_id)
    with pytest.raises(OlderPage):
        flag_item(context, student.id, attempt_id, 1, flagged=True, client=1)
    with pytest.raises(OlderPage):
        give(context, student.id, attempt_id, 1, [], client=1)
    with pytest.raises(WrongPosition):
        flag_item(context, student.id, attempt_id, LENGTH + 1, flagged=True, client=2)


def test_the_same_answer_sent_twice_is_stored_once(
    context: ServiceContext, centre: Person, student: Person
) -> None:
    session = fixed_session(context, centre)
    attempt_id = sit_down(context, session, student.id)
    for _ in range(2):
        give(
            context,
            student.id,
            attempt_id,
            7,
            right_at(context, attempt_id, 7),
            revision=1,
            idempotency_key="one and the same",
        )
    with context.database.reading() as work:
        events = work.attempts.events(attempt_id)
    assert sum(event.kind is EventKind.ANSWERED for event in events) == 1


def finish_theory(context: ServiceContext, centre: Person, student: Person) -> str:
    """Two adaptive items answered, the part handed in; in the break now."""
    session = two_parts(context, centre)
    attempt_id = sit_down(context, session, student.id)
    candidate = SimulatedCandidate(1.0, Random(1))
    for _ in range(2):
        assert answer_once(context, student.id, attempt_id, candidate)
    assert hand_in(context, student.id, attempt_id) is AttemptState.BREAK
    assert view_at(context, student.id, attempt_id).item is None
    return attempt_id


def assert_form_is_there(context: ServiceContext, student: Person, attempt_id: str) -> None:
    attempt = stored(context, attempt_id)
    assert len(attempt.served_in_part()) == sum(SHORT.values())
    view = view_at(context, student.id, attempt_id)
    assert view.state is AttemptState.RUNNING and view.form is not None
    assert (view.part, view.parts) == (2, 2)
    assert view.item is not None and view.item.position == 4


PATHS = {
    "the candidate": lambda context, student, attempt_id: begin_part(
        context, student.id, attempt_id
    ),
    "the job": lambda context, student, attempt_id: close_due_attempts(context),
    "a look": lambda context, student, attempt_id: view_attempt(context, student.id, attempt_id),
    "a page": lambda context, student, attempt_id: open_attempt(context, student.id, attempt_id),
    "the waiting page": lambda context, student, attempt_id: take_pulse(
        context, student.id, attempt_id
    ),
}


@pytest.mark.parametrize("path", PATHS)
def test_the_part_after_a_break_is_served_whatever_begins_it(
    context: ServiceContext, centre: Person, student: Person, clock: FakeClock, path: str
) -> None:
    attempt_id = finish_theory(context, centre, student)
    clock.advance(minutes=1 if path == "the candidate" else BREAK_MINUTES)
    PATHS[path](context, student, attempt_id)
    assert_form_is_there(context, student, attempt_id)


def test_an_answer_that_comes_in_a_break_is_refused_and_begins_the_part_that_is_due(
    context: ServiceContext, centre: Person, student: Person, clock: FakeClock
) -> None:
    attempt_id = finish_theory(context, centre, student)
    with pytest.raises(AttemptNotRunning):
        give(context, student.id, attempt_id, 3, [], client=9)
    assert stored(context, attempt_id).break_since is not None
    clock.advance(minutes=BREAK_MINUTES)
    with pytest.raises(AttemptNotRunning):
        give(context, student.id, attempt_id, 3, [], client=9)
    assert_form_is_there(context, student, attempt_id)


def test_time_that_ends_the_first_part_leads_through_the_break(
    context: ServiceContext, centre: Person, student: Person, clock: FakeClock
) -> None:
    session = two_parts(context, centre)
    attempt_id = sit_down(context, session, student.id)
    view = view_at(context, student.id, attempt_id)
    clock.advance(seconds=view.remaining_seconds + 60 * BREAK_MINUTES)
    close_due_attempts(context)
    attempt = stored(context, attempt_id)
    assert len(attempt.served_in_part()) == sum(SHORT.values())
    clock.advance(hours=2)
    assert close_due_attempts(context) == 1
    result = concluded_result(context, student.id, attempt_id)
    assert result.attempt.end_reason is EndReason.TIME
    assert replay_record(context, attempt_id).is_same


def test_two_parts_are_one_decision_and_the_form_shares_no_item_with_the_theory(
    context: ServiceContext, centre: Person, student: Person
) -> None:
    attempt_id = finish_theory(context, centre, student)
    begin_part(context, student.id, attempt_id)
    for position in range(4, 4 + sum(SHORT.values())):
        give(context, student.id, attempt_id, position, right_at(context, attempt_id, position))
    hand_in(context, student.id, attempt_id)
    result = concluded_result(context, student.id, attempt_id)
    (score,) = result.report.forms
    assert score.points == score.possible
    assert result.report.items == 3 + sum(SHORT.values())
    assert len({served.item_id for served in result.attempt.served}) == len(result.attempt.served)
    # fewer answers than a level needs: the points stand, no level is decided
    assert [reason.code for reason in result.decision.reasons] == ["too_few_answers"]
    assert replay_record(context, attempt_id).is_same


def test_a_changed_point_in_the_stored_transcript_is_named(
    context: ServiceContext, centre: Person, student: Person
) -> None:
    session = fixed_session(context, centre)
    attempt_id = sit_down(context, session, student.id)
    hand_in(context, student.id, attempt_id)
    concluded_result(context, student.id, attempt_id)
    with context.database.reading() as work:
        result = work.results.get(attempt_id)
    assert result is not None
    data = json.loads(result.transcript)
    data["report"]["forms"][0]["points"] = "7"
    changed = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    database = context.database
    assert isinstance(database, SqlDatabase)
    with database._engine.begin() as connection:
        connection.execute(
            text("UPDATE attempt_result SET transcript = :transcript WHERE attempt_id = :id"),
            {"transcript": changed.encode(), "id": attempt_id},
        )
    found = "\n".join(replay_record(context, attempt_id).differences)
    assert "form A, points: stored 7, found 0" in found
    assert "transcript: another one than its hash was taken of" in found


def faults_of(
    context: ServiceContext, centre: Person, paper: SessionPaper, **changes: object
) -> str:
    with pytest.raises(InvalidField) as refusal:
        create_session(context, make_draft(context, centre, paper=paper, **changes), centre)
    return str(refusal.value)


def test_a_paper_that_cannot_be_sat_is_refused_with_the_reason(
    context: ServiceContext, centre: Person
) -> None:
    first, second = make_forms(context, counts=SHORT), make_forms(context, counts=COUNTS)
    fitting = paper_of(first)
    assert "different forms" in faults_of(context, centre, SessionPaper(("0" * 64,)))
    assert "different forms" in faults_of(context, centre, paper_of(first * 2))
    assert "parallel forms" in faults_of(context, centre, paper_of(first + second))
    assert "level alone" in faults_of(context, centre, fitting, levels=("novice", "proficient"))
    assert "break_minutes" in faults_of(context, centre, paper_of(first, break_minutes=61))
