"""Several writers at once: of two that want the same thing one wins, and nothing is lost."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import pytest

from certify.errors import UsernameTaken
from certify.exams.attempt import EndReason
from certify.storage import schema
from certify.storage.database import SqlDatabase, open_database
from certify.storage.unit_of_work import SqlUnitOfWork
from tests.unit.certify.storage.records import (
    add_attempts,
    later,
    make_attempt,
    make_credential,
    make_item,
    make_person,
    make_release,
    make_response,
    make_served,
)

pytestmark = pytest.mark.integration
Result = TypeVar("Result")
THREADS = 4
LONG_ENOUGH = 0.3
AT_MOST = 20


def at_once(
    database: SqlDatabase, act: Callable[[SqlUnitOfWork, int], Result], threads: int = THREADS
) -> list[Result]:
    """Run `act` in as many units of work, all begun together, and commit each."""
    barrier = threading.Barrier(threads)

    def run(number: int) -> Result:
        barrier.wait(AT_MOST)
        with database.writing() as work:
            result = act(work, number)
            work.commit()
        return result

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(run, range(threads)))


def test_of_two_starts_one_wins(database: SqlDatabase) -> None:
    add_attempts(database, make_attempt("old", programme_code="other"))
    won = at_once(database, lambda work, number: work.attempts.add(make_attempt(f"a{number}")))
    assert sorted(won) == [False] * (THREADS - 1) + [True]
    with database.reading() as work:
        assert work.attempts.running_of("p1", "cbec") == f"a{won.index(True)}"
        assert len(work.attempts.of_candidate("p1")) == 2


def test_loser_of_a_start_sees_the_winner_at_once(database: SqlDatabase) -> None:
    add_attempts(database, make_attempt("old", programme_code="other"))

    def start(work: SqlUnitOfWork, number: int) -> str | None:
        work.attempts.add(make_attempt(f"a{number}"))
        return work.attempts.running_of("p1", "cbec")

    seen = at_once(database, start)
    assert len(set(seen)) == 1
    assert seen[0] is not None


def test_of_two_accounts_of_one_name_one_wins(database: SqlDatabase) -> None:
    def join(work: SqlUnitOfWork, number: int) -> bool:
        try:
            work.people.add(make_person(f"p{number}", username="Zhang"), "hash")
        except UsernameTaken:
            return False
        return True

    assert sorted(at_once(database, join)) == [False] * (THREADS - 1) + [True]


@pytest.mark.parametrize("previous", [0, 1])
def test_of_two_savers_of_an_item_one_wins(database: SqlDatabase, previous: int) -> None:
    if previous:
        with database.writing() as work:
            assert work.items.add_version(make_item(), previous=0)
            work.commit()

    def save(work: SqlUnitOfWork, number: int) -> bool:
        version = make_item(version=previous + 1, stem=f"of {number}")
        return work.items.add_version(version, previous=previous)

    won = at_once(database, save)
    assert sorted(won) == [False] * (THREADS - 1) + [True]
    with database.reading() as work:
        newest = work.items.latest("01-001")
        assert newest is not None
        assert newest.stem == f"of {won.index(True)}"
        assert len(work.items.history("01-001")) == previous + 1


def test_of_two_credentials_of_an_attempt_one_wins(database: SqlDatabase) -> None:
    add_attempts(database, make_attempt())

    def issue(work: SqlUnitOfWork, number: int) -> bool:
        return work.credentials.add(make_credential(f"C-{number}"))

    won = at_once(database, issue)
    assert sorted(won) == [False] * (THREADS - 1) + [True]
    with database.reading() as work:
        assert work.credentials.of_attempts(["a1"]) == {"a1": f"C-{won.index(True)}"}


def test_credential_is_revoked_by_one(database: SqlDatabase) -> None:
    add_attempts(database, make_attempt())
    with database.writing() as work:
        work.credentials.add(make_credential())
        work.commit()
    won = at_once(
        database, lambda work, number: work.credentials.revoke("C-1", later(number), str(number))
    )
    assert sorted(won) == [False] * (THREADS - 1) + [True]


def test_releases_at_once_are_all_kept(database: SqlDatabase) -> None:
    at_once(database, lambda work, number: work.releases.add(make_release(str(number)), b""))
    with database.reading() as work:
        assert len(work.releases.list()) == THREADS


def test_answers_of_a_locked_attempt_queue_and_none_is_lost(database: SqlDatabase) -> None:
    add_attempts(database, make_attempt(served=(make_served(),)))
    rounds = 10

    def answer(work: SqlUnitOfWork, number: int) -> int:
        record = work.attempts.get("a1", lock=True)
        assert record is not None
        latest = record.latest_response(1)
        revision = latest.revision + 1 if latest else 1
        work.attempts.append_response("a1", make_response(1, revision))
        return revision

    given = [revision for _ in range(rounds) for revision in at_once(database, answer)]
    assert sorted(given) == list(range(1, rounds * THREADS + 1))
    with database.reading() as work:
        record = work.attempts.get("a1")
    assert record is not None
    assert [response.revision for response in record.responses] == sorted(given)


def test_second_writer_waits_and_sees_what_the_first_left(database: SqlDatabase) -> None:
    add_attempts(database, make_attempt(served=(make_served(),)))
    seen: list[object] = []

    def second() -> None:
        with database.writing() as work:
            record = work.attempts.get("a1", lock=True)
            assert record is not None
            seen.append((record.end_reason, record.responses))

    thread = threading.Thread(target=second)
    with database.writing() as work:
        assert work.attempts.get("a1", lock=True) is not None
        thread.start()
        work.attempts.append_response("a1", make_response())
        work.attempts.end("a1", later(9), EndReason.HANDED_IN)
        thread.join(LONG_ENOUGH)
        assert thread.is_alive()
        assert seen == []
        work.commit()
    thread.join(AT_MOST)
    assert seen == [(EndReason.HANDED_IN, (make_response(),))]


def test_second_writer_sees_nothing_of_a_first_that_gave_up(database: SqlDatabase) -> None:
    add_attempts(database, make_attempt(served=(make_served(),)))
    with ThreadPoolExecutor(1) as pool:
        with database.writing() as work:
            assert work.attempts.get("a1", lock=True) is not None
            work.attempts.append_response("a1", make_response())

            def read() -> int:
                with database.writing() as other:
                    record = other.attempts.get("a1", lock=True)
                    return -1 if record is None else len(record.responses)

            waiting = pool.submit(read)
        assert waiting.result(AT_MOST) == 0


def test_reader_never_waits_for_a_writer(database: SqlDatabase) -> None:
    add_attempts(database, make_attempt(served=(make_served(),)))
    with database.writing() as work:
        assert work.attempts.get("a1", lock=True) is not None
        work.attempts.append_response("a1", make_response())
        with database.reading() as reader:
            record = reader.attempts.get("a1")
        assert record is not None
        assert record.responses == ()


def test_writers_of_different_attempts_do_not_wait_on_postgresql(postgres_url: str) -> None:
    schema.upgrade(postgres_url)
    database = open_database(postgres_url)
    add_attempts(database, make_attempt("a1"), make_attempt("a2", candidate_id="p2"))
    with database.writing() as one, database.writing() as other:
        assert one.attempts.get("a1", lock=True) is not None
        assert other.attempts.get("a2", lock=True) is not None
        one.attempts.append_served("a1", make_served())
        other.attempts.append_served("a2", make_served())
        other.commit()
        one.commit()
    database.close()
