"""Several writers at once: of two that want the same thing one wins, and nothing is lost."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import pytest

from certify.errors import UsernameTaken
from certify.exams.attempt import EndReason, fold
from certify.exams.commands import Transition
from certify.exams.errors import AttemptEnded
from certify.exams.events import EventKind
from certify.storage import schema
from certify.storage.database import SqlDatabase, open_database
from certify.storage.unit_of_work import SqlUnitOfWork
from tests.unit.certify.storage.records import (
    add_attempts,
    begin,
    entry_of,
    later,
    make_answer,
    make_credential,
    make_item,
    make_person,
    make_release,
    make_result,
    serve,
)

pytestmark = pytest.mark.integration
Result = TypeVar("Result")
THREADS = 4
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


def create(work: SqlUnitOfWork, number: int) -> bool:
    transition = begin(f"a{number}")
    return work.attempts.create(entry_of(transition), transition.events)


def with_one_item() -> Transition:
    transition = begin()
    serve(transition)
    return transition


def test_of_two_starts_one_wins(database: SqlDatabase) -> None:
    add_attempts(database, begin("old", programme_code="other"))
    won = at_once(database, create)
    assert sorted(won) == [False] * (THREADS - 1) + [True]
    with database.reading() as work:
        assert work.attempts.running_of("p1", "cbec") == f"a{won.index(True)}"
        assert len(work.attempts.of_candidate("p1")) == 2


def test_loser_of_a_start_sees_the_winner_at_once(database: SqlDatabase) -> None:
    add_attempts(database, begin("old", programme_code="other"))

    def start(work: SqlUnitOfWork, number: int) -> str | None:
        create(work, number)
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
    add_attempts(database, begin())

    def issue(work: SqlUnitOfWork, number: int) -> bool:
        return work.credentials.add(make_credential(f"C-{number}"))

    won = at_once(database, issue)
    assert sorted(won) == [False] * (THREADS - 1) + [True]
    with database.reading() as work:
        assert work.credentials.of_attempts(["a1"]) == {"a1": f"C-{won.index(True)}"}


def test_credential_is_revoked_by_one(database: SqlDatabase) -> None:
    add_attempts(database, begin())
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


def test_of_two_results_of_an_attempt_one_wins(database: SqlDatabase) -> None:
    add_attempts(database, begin())
    won = at_once(
        database,
        lambda work, number: work.results.add(make_result(decision={"by": number})),
    )
    assert sorted(won) == [False] * (THREADS - 1) + [True]
    with database.reading() as work:
        result = work.results.get("a1")
    assert result is not None
    assert result.decision == {"by": won.index(True)}


def add_revision(database: SqlDatabase, change: Callable[[Transition], None]) -> bool:
    """Read, change and append, as a request does; False where another one came first."""
    with database.writing() as work:
        attempt = work.attempts.get("a1")
        assert attempt is not None
        transition = Transition(attempt, later(1))
        change(transition)
        if not work.attempts.append(transition.attempt, transition.events):
            return False
        work.commit()
    return True


def next_answer(transition: Transition) -> None:
    stored = transition.attempt.answers.get(1)
    transition.answer(make_answer(1, stored.revision + 1 if stored else 1), 0)


def test_of_two_appends_to_one_state_one_wins(database: SqlDatabase) -> None:
    add_attempts(database, with_one_item())
    with database.reading() as work:
        attempt = work.attempts.get("a1")
    assert attempt is not None

    def append(work: SqlUnitOfWork, number: int) -> bool:
        transition = Transition(attempt, later(number))
        transition.answer(make_answer(1, 1, idempotency_key=str(number)), 0)
        return work.attempts.append(transition.attempt, transition.events)

    won = at_once(database, append)
    assert sorted(won) == [False] * (THREADS - 1) + [True]
    with database.reading() as work:
        stored = work.attempts.get("a1")
        events = work.attempts.events("a1")
    assert stored is not None
    assert stored.answers[1].idempotency_key == str(won.index(True))
    assert [event.sequence for event in events] == [1, 2, 3]


def test_answers_of_writers_that_try_again_are_all_kept(database: SqlDatabase) -> None:
    add_attempts(database, with_one_item())
    rounds = 10

    def keep_trying(_: int) -> int:
        tries = 1
        while not add_revision(database, next_answer):
            tries += 1
            assert tries < 1000
        return tries

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(keep_trying, range(rounds * THREADS)))
    with database.reading() as work:
        attempt = work.attempts.get("a1")
        events = work.attempts.events("a1")
    assert attempt is not None
    assert fold("a1", "p1", events) == attempt
    revisions = [e.data["revision"] for e in events if e.kind is EventKind.ANSWERED]
    assert revisions == list(range(1, rounds * THREADS + 1))


def test_no_answer_comes_in_after_the_hand_in(database: SqlDatabase) -> None:
    """Both read a running attempt; whichever is second reads again, and sees the end."""
    add_attempts(database, with_one_item())

    def answer(_: int) -> bool:
        while True:
            try:
                if add_revision(database, next_answer):
                    return True
            except AttemptEnded:
                return False

    def hand_in() -> None:
        while not add_revision(database, lambda transition: transition.hand_in()):
            pass

    with ThreadPoolExecutor(THREADS) as pool:
        sent = [pool.submit(answer, number) for number in range(10)]
        pool.submit(hand_in).result(AT_MOST)
        acknowledged = sum(future.result(AT_MOST) for future in sent)
    with database.reading() as work:
        attempt = work.attempts.get("a1")
        events = work.attempts.events("a1")
    assert attempt is not None
    assert attempt.end_reason is EndReason.HANDED_IN
    assert events[-1].kind is EventKind.ENDED
    assert sum(event.kind is EventKind.ANSWERED for event in events) == acknowledged


def test_second_writer_sees_nothing_of_a_first_that_gave_up(database: SqlDatabase) -> None:
    add_attempts(database, with_one_item())
    with ThreadPoolExecutor(1) as pool:
        with database.writing() as work:
            attempt = work.attempts.get("a1")
            assert attempt is not None
            transition = Transition(attempt, later(1))
            next_answer(transition)
            assert work.attempts.append(transition.attempt, transition.events)
            # waits for the row or the lock until the first has rolled back
            waiting = pool.submit(add_revision, database, next_answer)
        assert waiting.result(AT_MOST)
    with database.reading() as work:
        stored = work.attempts.get("a1")
    assert stored is not None
    assert stored.sequence == 3


def test_reader_never_waits_for_a_writer(database: SqlDatabase) -> None:
    add_attempts(database, with_one_item())
    with database.writing() as work:
        attempt = work.attempts.get("a1")
        assert attempt is not None
        transition = Transition(attempt, later(1))
        next_answer(transition)
        assert work.attempts.append(transition.attempt, transition.events)
        with database.reading() as reader:
            seen = reader.attempts.get("a1")
        assert seen == attempt


def test_writers_of_different_attempts_do_not_wait_on_postgresql(postgres_url: str) -> None:
    schema.upgrade(postgres_url)
    database = open_database(postgres_url)
    add_attempts(database, begin("a1"), begin("a2", "p2"))
    with database.writing() as one, database.writing() as other:
        for work, attempt_id in ((one, "a1"), (other, "a2")):
            attempt = work.attempts.get(attempt_id)
            assert attempt is not None
            transition = Transition(attempt, later(1))
            serve(transition)
            assert work.attempts.append(transition.attempt, transition.events)
        other.commit()
        one.commit()
    database.close()
