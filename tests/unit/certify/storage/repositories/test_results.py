"""Results: bytes and numbers come back bit for bit, one an attempt, and who still waits."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import IntegrityError

from certify.exams.attempt import Attempt
from certify.exams.commands import Transition
from certify.services.ports import AttemptEntry, SatAttempt
from certify.storage.database import SqlDatabase
from tests.unit.certify.storage.records import AT, add_attempts, begin, later, make_result


def test_results_come_back_as_stored(database: SqlDatabase) -> None:
    add_attempts(database, begin("a1"), begin("a2", "p2"))
    with database.writing() as work:
        assert work.results.add(make_result("a1"))
        work.commit()
    with database.reading() as work:
        assert work.results.get("a1") == make_result("a1")
        assert work.results.get("a2") is None
        assert work.results.of_attempts(["a1", "a2", "unknown"]) == {"a1": make_result("a1")}
        assert work.results.of_attempts([]) == {}


def test_the_first_result_of_an_attempt_stays(database: SqlDatabase) -> None:
    add_attempts(database, begin())
    with database.writing() as work:
        assert work.results.add(make_result())
        assert not work.results.add(make_result(decision={}))
        work.commit()
    with database.reading() as work:
        assert work.results.get("a1") == make_result()


def test_result_of_an_unknown_attempt_is_refused(database: SqlDatabase) -> None:
    with database.writing() as work, pytest.raises(IntegrityError):
        work.results.add(make_result("unknown"))


def test_ended_attempts_without_a_result_wait_the_longest_ended_first(
    database: SqlDatabase,
) -> None:
    transitions = {name: begin(name, f"of {name}") for name in ("late", "early", "done", "runs")}
    for name, seconds in (("late", 30), ("early", 10), ("done", 20)):
        transitions[name].now = later(seconds)
        transitions[name].hand_in()
    add_attempts(database, *transitions.values())
    with database.writing() as work:
        work.results.add(make_result("done"))
        work.commit()
    with database.reading() as work:
        assert work.results.undecided(9) == ("early", "late")
        assert work.results.undecided(1) == ("early",)


def test_voided_attempts_do_not_wait(database: SqlDatabase) -> None:
    """Neither those voided while they ran nor those voided later, nor seats never taken."""
    running, ended = begin("a1", "p1"), begin("a2", "p2")
    running.void("copied", "ann")
    ended.hand_in()
    ended.void("copied", "ann")
    add_attempts(database, running, ended)
    seat = Transition(Attempt("a3", "p1"), AT)
    seat.register("session-1", 0, "ann")
    seat.void("not here", "ann")
    with database.writing() as work:
        work.attempts.create(AttemptEntry(seat.attempt, "cbec", 1, "novice"), seat.events)
        work.commit()
    with database.reading() as work:
        assert work.results.undecided(9) == ()


def test_the_newest_results_come_first_and_voided_ones_not_at_all(database: SqlDatabase) -> None:
    transitions = [
        begin("a1"),
        begin("a2", "p2", level="elite"),
        begin("a3", "p3"),
        begin("a4", "p4"),
    ]
    for transition in transitions:
        transition.hand_in()
    transitions[2].void("copied", "ann")
    add_attempts(database, *transitions)
    with database.writing() as work:
        for number, attempt_id in enumerate(("a1", "a2", "a3")):
            work.results.add(make_result(attempt_id, decided_at=later(100 + number)))
        work.commit()
    transcript = make_result().transcript
    with database.reading() as work:
        assert list(work.results.newest(9)) == [
            SatAttempt("a2", "p2", "elite", transcript),
            SatAttempt("a1", "p1", "novice", transcript),
        ]
        assert [one.attempt_id for one in work.results.newest(1)] == ["a2"]
