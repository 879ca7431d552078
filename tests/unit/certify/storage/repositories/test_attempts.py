"""Attempts: events that are only added, the state beside them, and what the database refuses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import IntegrityError

from certify.exams.attempt import Attempt, EndReason, fold
from certify.exams.commands import Transition
from certify.exams.terms import EarlierAnswer, PartTerms
from certify.services.ports import AttemptEntry
from certify.storage.database import SqlDatabase
from certify.storage.rows.exams import attempt as attempts
from tests.unit.certify.storage.records import (
    AT,
    add_attempts,
    add_people,
    append,
    begin,
    entry_of,
    go_on,
    later,
    make_answer,
    make_release,
    serve,
)


def get(database: SqlDatabase, attempt_id: str = "a1") -> Attempt:
    with database.reading() as work:
        found = work.attempts.get(attempt_id)
    assert found is not None
    return found


def column(database: SqlDatabase, name: str, attempt_id: str = "a1") -> Any:
    with database.reading() as work:
        return work._connection.scalar(select(attempts.c[name]).where(attempts.c.id == attempt_id))


def whole_attempt(attempt_id: str = "a1", candidate_id: str = "p1") -> Transition:
    """Two items, answers, a pause, more time and the end."""
    transition = begin(
        attempt_id,
        candidate_id,
        window_end=later(9000),
        exposure_digest="e" * 64,
        earlier=(EarlierAnswer("01-009", 1),),
    )
    serve(transition)
    transition.connect()
    transition.answer(make_answer(1, client=1), 0)
    transition.answer(make_answer(1, 2, client=1, is_final=True), 1)
    serve(transition)
    transition.pause("fire drill", "ann")
    transition.resume("ann")
    transition.extend(60, "fire drill", "ann")
    transition.hand_in()
    return transition


def test_attempt_comes_back_as_stored(database: SqlDatabase) -> None:
    begun = begin()
    add_attempts(database, begun)
    assert get(database) == begun.attempt
    with database.reading() as work:
        assert work.attempts.events("a1") == tuple(begun.events)


def test_attempt_with_all_its_events_comes_back_as_stored(database: SqlDatabase) -> None:
    whole = whole_attempt()
    add_attempts(database, whole)
    assert get(database) == whole.attempt
    with database.reading() as work:
        events = work.attempts.events("a1")
        entry = work.attempts.entry("a1")
    assert events == tuple(whole.events)
    assert fold("a1", "p1", events) == whole.attempt
    assert entry == AttemptEntry(whole.attempt, "cbec", 1, "novice", AT)


def test_unknown_attempt_is_none(database: SqlDatabase) -> None:
    with database.writing() as work:
        assert work.attempts.get("a1") is None
        assert work.attempts.entry("a1") is None
        assert work.attempts.events("a1") == ()
        assert work.attempts.event_of_key("a1", "k") is None
        assert work.attempts.running_of("p1", "cbec") is None
        assert work.attempts.of_candidate("p1") == ()


def test_second_running_attempt_of_the_programme_is_refused(database: SqlDatabase) -> None:
    add_attempts(database, begin("a1"))

    def create(transition: Transition) -> bool:
        with database.writing() as work:
            is_new = work.attempts.create(entry_of(transition), transition.events)
            work.commit()
        return is_new

    assert not create(begin("a2", level="elite"))
    assert create(begin("a3", programme_code="other"))
    with database.reading() as work:
        assert work.attempts.running_of("p1", "cbec") == "a1"
        assert work.attempts.get("a2") is None
        assert work.attempts.events("a2") == ()
    ending = go_on(database, "a1", later(1))
    ending.hand_in()
    assert append(database, ending)
    assert create(begin("a4"))
    with database.reading() as work:
        assert work.attempts.running_of("p1", "cbec") == "a4"


def test_seats_that_have_not_started_do_not_stand_in_each_others_way(database: SqlDatabase) -> None:
    add_people(database, "p1")
    with database.writing() as work:
        for attempt_id in ("a1", "a2"):
            transition = Transition(Attempt(attempt_id, "p1"), AT)
            transition.register("session-1", 0, "ann")
            entry = AttemptEntry(transition.attempt, "cbec", 1, "novice")
            assert work.attempts.create(entry, transition.events)
        work.commit()
    with database.reading() as work:
        assert work.attempts.running_of("p1", "cbec") is None
        assert len(work.attempts.of_session("session-1")) == 2
        assert work.attempts.of_session("session-2") == ()


def test_same_id_again_is_an_error_and_no_running_attempt(database: SqlDatabase) -> None:
    add_attempts(database, begin())
    other = begin(programme_code="other")
    with database.writing() as work, pytest.raises(IntegrityError):
        work.attempts.create(entry_of(other), other.events)


# --- adding ----------------------------------------------------------------------------------


def test_events_are_added_and_the_state_moves_on(database: SqlDatabase) -> None:
    add_attempts(database, begin())
    change = go_on(database, "a1", later(5))
    serve(change)
    change.answer(make_answer(), 1)
    assert append(database, change)
    assert get(database) == change.attempt
    with database.reading() as work:
        assert [one.sequence for one in work.attempts.events("a1")] == [1, 2, 3]
    assert column(database, "sequence") == 3


def test_of_two_changes_of_one_state_the_second_is_refused(database: SqlDatabase) -> None:
    add_attempts(database, begin())
    first, second = go_on(database, "a1"), go_on(database, "a1")
    serve(first)
    second.hand_in()
    assert append(database, first)
    assert not append(database, second)
    assert get(database) == first.attempt
    with database.reading() as work:
        assert len(work.attempts.events("a1")) == 2


def test_a_change_of_nothing_is_taken(database: SqlDatabase) -> None:
    add_attempts(database, begin())
    assert append(database, go_on(database, "a1"))


def test_a_change_of_an_unknown_attempt_is_refused(database: SqlDatabase) -> None:
    unknown = begin("unknown")
    assert not append(database, unknown)


def test_a_key_is_taken_once_in_an_attempt(database: SqlDatabase) -> None:
    add_attempts(database, begin(), begin("a2", "p2"))
    for attempt_id in ("a1", "a2"):
        change = go_on(database, attempt_id)
        serve(change)
        change.answer(make_answer(idempotency_key="same"), 1)
        assert append(database, change)
    again = go_on(database, "a1")
    again.answer(make_answer(1, 2, idempotency_key="same"), 0)
    assert not append(database, again)
    assert get(database).answers[1].revision == 1
    with database.reading() as work:
        found = work.attempts.event_of_key("a1", "same")
    assert found is not None
    assert found.data["revision"] == 1


@pytest.mark.parametrize(
    "value", [None, "", "a", ["b", "a"], {"value": "１２"}, 0.1, True, "\x00\ud800", [], "𠮷"]
)
def test_any_json_answer_survives(database: SqlDatabase, value: Any) -> None:
    add_attempts(database, begin())
    change = go_on(database, "a1")
    serve(change)
    change.answer(make_answer(response=value), 0)
    assert append(database, change)
    found = get(database).answers[1].response
    assert found == value
    assert type(found) is type(value)
    with database.reading() as work:
        assert work.attempts.events("a1")[-1].data["response"] == value


# --- what lists and jobs ask for -------------------------------------------------------------


def test_the_columns_follow_the_state(database: SqlDatabase) -> None:
    add_attempts(database, begin())
    assert column(database, "due_at") == later(3600)
    change = go_on(database, "a1", later(10))
    change.pause("drill", "ann")
    append(database, change)
    assert column(database, "due_at") is None
    change = go_on(database, "a1", later(110))
    change.resume("ann")
    append(database, change)
    assert column(database, "due_at") == later(3700)
    change = go_on(database, "a1", later(120))
    change.end(EndReason.ENDED_BY_INVIGILATOR, "ann")
    append(database, change)
    assert column(database, "due_at") is None
    assert column(database, "ended_at") == later(120)
    assert column(database, "end_reason") == "ended_by_invigilator"


@pytest.mark.parametrize(
    "end",
    [lambda t: t.void("copied", "ann"), lambda t: (t.hand_in(), t.void("copied", "ann"))],
    ids=["running", "handed in"],
)
def test_a_voided_attempt_is_marked_so_whatever_it_ended_with(
    database: SqlDatabase, end: Callable[[Transition], Any]
) -> None:
    transition = begin()
    end(transition)
    add_attempts(database, transition)
    assert column(database, "end_reason") == "voided"
    with database.reading() as work:
        assert work.attempts.running_of("p1", "cbec") is None


def test_attempts_of_a_candidate_come_newest_first(database: SqlDatabase) -> None:
    transitions = [begin(f"a{n}", at=later(at)) for n, at in ((1, 1), (2, 3), (3, 2))]
    for transition in transitions:
        transition.hand_in()
    add_attempts(database, *transitions, begin("b1", "p2"))
    with database.reading() as work:
        found = [entry.attempt.id for entry in work.attempts.of_candidate("p1")]
    assert found == ["a2", "a3", "a1"]


def test_due_are_running_and_past_their_time_the_longest_due_first(database: SqlDatabase) -> None:
    def lasting(attempt_id: str, candidate_id: str, seconds: int, pause: int = 0) -> Transition:
        return begin(attempt_id, candidate_id, parts=(PartTerms("theory", seconds, "", pause),))

    ended, paused = lasting("a5", "p5", 5), lasting("a6", "p6", 5)
    ended.hand_in()
    paused.pause("drill", "ann")
    on_break = begin("a7", "p7", parts=(PartTerms("one", 9, "", 25), PartTerms("two", 60)))
    on_break.hand_in()
    running = [lasting(f"a{n}", f"p{n}", s) for n, s in ((1, 30), (2, 10), (3, 20), (4, 40))]
    add_attempts(database, *running, ended, paused, on_break)
    with database.reading() as work:
        assert work.attempts.due(later(30), 10) == ("a2", "a3", "a7", "a1")
        assert work.attempts.due(later(30), 2) == ("a2", "a3")
        assert work.attempts.due(AT, 10) == ()


def test_end_without_reason_is_refused_by_the_database(database: SqlDatabase) -> None:
    add_attempts(database, begin())
    with database.writing() as work, pytest.raises(IntegrityError):
        work._connection.execute(attempts.update().values(ended_at=AT))


def test_an_attempt_at_an_unknown_release_is_refused(database: SqlDatabase) -> None:
    add_people(database, "p1")
    transition = begin(release_digest="unknown")
    with database.writing() as work, pytest.raises(IntegrityError):
        work.attempts.create(entry_of(transition), transition.events)


# --- what it costs ---------------------------------------------------------------------------


@pytest.mark.parametrize("length", [0, 60])
def test_reading_takes_one_statement_and_changing_two(database: SqlDatabase, length: int) -> None:
    transition = begin()
    for position in range(1, length + 1):
        serve(transition)
        transition.answer(make_answer(position), 1)
    add_attempts(database, transition)
    sent: list[str] = []

    def note(_: Any, __: Any, statement: str, *rest: Any) -> None:
        sent.append(statement)

    with database.writing() as work:
        event.listen(work._connection, "before_cursor_execute", note)
        attempt = work.attempts.get("a1")
        assert attempt is not None
        assert len(sent) == 1
        change = Transition(attempt, later(9))
        serve(change)
        change.connect()
        assert work.attempts.append(change.attempt, change.events)
        assert len(sent) == 3


def test_beginning_takes_two_statements(database: SqlDatabase) -> None:
    add_people(database, "p1")
    sent: list[str] = []
    transition = whole_attempt()
    with database.writing() as work:
        work.releases.add(make_release(), b"")
        event.listen(
            work._connection, "before_cursor_execute", lambda _, __, text, *rest: sent.append(text)
        )
        assert work.attempts.create(entry_of(transition), transition.events)
    assert len(sent) == 2
