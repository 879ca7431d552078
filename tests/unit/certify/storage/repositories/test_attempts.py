"""Attempts: append-only rows, one running attempt, and what the database itself refuses."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError

from certify.errors import NotFound
from certify.exams.attempt import AttemptRecord, EndReason
from certify.storage.database import SqlDatabase
from tests.unit.certify.storage.records import (
    AT,
    add_attempts,
    later,
    make_attempt,
    make_response,
    make_served,
)


def get(database: SqlDatabase, attempt_id: str = "a1") -> AttemptRecord:
    with database.reading() as work:
        found = work.attempts.get(attempt_id)
    assert found is not None
    return found


def test_attempt_comes_back_as_stored(database: SqlDatabase) -> None:
    add_attempts(database, make_attempt())
    assert get(database) == make_attempt()


def test_attempt_with_all_its_rows_comes_back_as_stored(database: SqlDatabase) -> None:
    attempt = make_attempt(
        served=(make_served(1), make_served(2)),
        responses=(make_response(1), make_response(2)),
        ended_at=later(90),
        end_reason=EndReason.HANDED_IN,
    )
    add_attempts(database, attempt)
    assert get(database) == attempt
    assert get(database).end_reason is EndReason.HANDED_IN


def test_unknown_attempt_is_none(database: SqlDatabase) -> None:
    with database.writing() as work:
        assert work.attempts.get("a1") is None
        assert work.attempts.get("a1", lock=True) is None
        assert work.attempts.running_of("p1", "cbec") is None
        assert work.attempts.of_candidate("p1") == ()


def test_second_running_attempt_of_the_programme_is_refused(database: SqlDatabase) -> None:
    add_attempts(database, make_attempt("a1"))
    with database.writing() as work:
        assert not work.attempts.add(make_attempt("a2", level="elite"))
        assert work.attempts.running_of("p1", "cbec") == "a1"
        assert work.attempts.add(make_attempt("a3", programme_code="other"))
        work.attempts.end("a1", later(1), EndReason.HANDED_IN)
        assert work.attempts.running_of("p1", "cbec") is None
        assert work.attempts.add(make_attempt("a4"))
        work.commit()
    with database.reading() as work:
        assert work.attempts.running_of("p1", "cbec") == "a4"
        assert work.attempts.get("a2") is None


def test_same_id_again_is_an_error_and_no_running_attempt(database: SqlDatabase) -> None:
    add_attempts(database, make_attempt())
    with database.writing() as work, pytest.raises(IntegrityError):
        work.attempts.add(make_attempt(programme_code="other"))


def test_answers_come_in_the_order_of_receipt(database: SqlDatabase) -> None:
    add_attempts(database, make_attempt())
    # instants and revisions go against the order, so that neither can have made it
    received = [
        make_response(2, 7, received_at=later(50)),
        make_response(1, 3, received_at=later(40)),
        make_response(2, 8, received_at=later(30)),
        make_response(1, 9, received_at=later(40)),
    ]
    with database.writing() as work:
        for position in (2, 1):
            work.attempts.append_served("a1", make_served(position))
        for response in received[:2]:
            work.attempts.append_response("a1", response)
        work.commit()
    with database.writing() as work:
        for response in received[2:]:
            work.attempts.append_response("a1", response)
        work.commit()
    found = get(database)
    assert found.served == (make_served(1), make_served(2))
    assert found.responses == tuple(received)


@pytest.mark.parametrize(
    "value", [None, "", "a", ["b", "a"], {"value": "１２"}, 0.1, True, "\x00\ud800", [], "𠮷"]
)
def test_any_json_answer_survives(database: SqlDatabase, value: Any) -> None:
    add_attempts(database, make_attempt(served=(make_served(),)))
    response = make_response(response=value)
    with database.writing() as work:
        work.attempts.append_response("a1", response)
        work.commit()
    assert get(database).responses == (response,)
    assert type(get(database).responses[0].response) is type(value)


@pytest.mark.parametrize(
    "second",
    [
        make_response(1, 1, idempotency_key="another"),
        make_response(1, 2, idempotency_key="k-1-1"),
        make_response(2, 1),
    ],
    ids=["revision stored", "key stored", "position never served"],
)
def test_answer_that_does_not_fit_is_refused_by_the_database(
    database: SqlDatabase, second: Any
) -> None:
    add_attempts(database, make_attempt(served=(make_served(),), responses=(make_response(),)))
    with pytest.raises(IntegrityError), database.writing() as work:
        work.attempts.append_response("a1", second)
    assert get(database).responses == (make_response(),)


def test_same_key_in_another_attempt_is_another_answer(database: SqlDatabase) -> None:
    served = {"served": (make_served(),), "responses": (make_response(),)}
    one, other = make_attempt("a1", **served), make_attempt("a2", candidate_id="p2", **served)
    add_attempts(database, one, other)
    assert get(database, "a1") == one
    assert get(database, "a2") == other


def test_position_is_served_once(database: SqlDatabase) -> None:
    add_attempts(database, make_attempt(served=(make_served(),)))
    with pytest.raises(IntegrityError), database.writing() as work:
        work.attempts.append_served("a1", make_served(item_id="other"))
    with pytest.raises(IntegrityError), database.writing() as work:
        work.attempts.append_served("unknown", make_served())


def test_attempt_ends_once(database: SqlDatabase) -> None:
    add_attempts(database, make_attempt())
    with database.writing() as work:
        work.attempts.end("a1", later(7), EndReason.CONFIDENT)
        work.commit()
    with database.writing() as work:
        with pytest.raises(NotFound):
            work.attempts.end("a1", later(8), EndReason.TIME)
        with pytest.raises(NotFound):
            work.attempts.end("unknown", later(8), EndReason.TIME)
        work.commit()
    assert get(database) == replace(
        make_attempt(), ended_at=later(7), end_reason=EndReason.CONFIDENT
    )


def test_end_without_reason_is_refused_by_the_database(database: SqlDatabase) -> None:
    with pytest.raises(IntegrityError):
        add_attempts(database, make_attempt(ended_at=later(1)))


def test_attempts_of_a_candidate_come_newest_first(database: SqlDatabase) -> None:
    ended = {"ended_at": later(99), "end_reason": EndReason.TIME}
    attempts = [
        make_attempt("a1", started_at=later(1), served=(make_served(),), **ended),
        make_attempt("a2", started_at=later(3), responses=(), **ended),
        make_attempt("a3", started_at=later(2), served=(make_served(1), make_served(2))),
    ]
    add_attempts(database, *attempts, make_attempt("b1", candidate_id="p2"))
    with database.reading() as work:
        assert work.attempts.of_candidate("p1") == (attempts[1], attempts[2], attempts[0])


def test_overdue_are_running_and_past_their_deadline(database: SqlDatabase) -> None:
    add_attempts(
        database,
        make_attempt("a1", deadline_at=later(30), candidate_id="p1"),
        make_attempt("a2", deadline_at=later(10), candidate_id="p2"),
        make_attempt("a3", deadline_at=later(20), candidate_id="p3"),
        make_attempt("a4", deadline_at=later(40), candidate_id="p4"),
        make_attempt(
            "a5",
            deadline_at=later(5),
            candidate_id="p5",
            ended_at=later(4),
            end_reason=EndReason.MAX_ITEMS,
        ),
    )
    with database.reading() as work:
        assert work.attempts.overdue(later(30), 10) == ("a2", "a3", "a1")
        assert work.attempts.overdue(later(30), 2) == ("a2", "a3")
        assert work.attempts.overdue(AT, 10) == ()


@pytest.mark.parametrize("length", [0, 60])
def test_reading_an_attempt_takes_three_statements(database: SqlDatabase, length: int) -> None:
    positions = range(1, length + 1)
    add_attempts(
        database,
        make_attempt(
            served=tuple(make_served(position) for position in positions),
            responses=tuple(make_response(position) for position in positions),
        ),
    )
    sent: list[str] = []

    def note(_: Any, __: Any, statement: str, *rest: Any) -> None:
        sent.append(statement)

    with database.writing() as work:
        event.listen(work._connection, "before_cursor_execute", note)
        found = work.attempts.get("a1", lock=True)
    assert found is not None
    assert len(found.responses) == length
    assert len(sent) == 3
