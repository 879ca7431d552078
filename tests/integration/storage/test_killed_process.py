"""A process that is killed: what was committed is there, what was not is not."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from certify.exams.attempt import fold
from certify.exams.events import EventKind
from certify.storage import schema
from certify.storage.database import SqlDatabase, open_database
from tests.unit.certify.storage.records import (
    add_attempts,
    append,
    begin,
    go_on,
    make_answer,
    serve,
)

pytestmark = [pytest.mark.integration, pytest.mark.faults]
REPOSITORY = Path(__file__).resolve().parents[3]

ANSWER = """
import sys
from certify.storage.database import open_database
from tests.unit.certify.storage.records import go_on, make_answer
database = open_database(sys.argv[1])
for revision in range(1, 1000):
    change = go_on(database, "a1")
    change.answer(make_answer(1, revision), 0)
    with database.writing() as work:
        assert work.attempts.append(change.attempt, change.events)
        if sys.argv[2] == "commits":
            work.commit()
        print(revision, flush=True)
        if sys.argv[2] != "commits":
            sys.stdin.read()
"""


def kill_after(url: str, mode: str, lines: int) -> int:
    """Start a process that answers, kill it once it has said so `lines` times; the last said."""
    process = subprocess.Popen(
        [sys.executable, "-c", ANSWER, url, mode],
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdin is not None
    with process.stdin, process.stdout:
        said = [int(process.stdout.readline()) for _ in range(lines)]
        process.send_signal(signal.SIGKILL)
        # whatever it managed to say before it died was acknowledged as well
        said += [
            int(line) for line in process.stdout.read().splitlines(keepends=True) if "\n" in line
        ]
    assert process.wait(30) == -signal.SIGKILL
    return said[-1]


def revisions(url: str) -> list[int]:
    """Revisions of the stored answers; the state beside them says the same."""
    database = open_database(url)
    with database.reading() as work:
        attempt = work.attempts.get("a1")
        events = work.attempts.events("a1")
    database.close()
    assert fold("a1", "p1", events) == attempt
    return [event.data["revision"] for event in events if event.kind is EventKind.ANSWERED]


@pytest.fixture
def url(database_url: str) -> str:
    schema.upgrade(database_url)
    database = open_database(database_url)
    transition = begin()
    serve(transition)
    add_attempts(database, transition)
    database.close()
    return database_url


def test_acknowledged_answers_survive(url: str) -> None:
    last = kill_after(url, "commits", 20)
    stored = revisions(url)
    # the one after the last acknowledged may have been committed without a word
    assert stored in (list(range(1, last + 1)), list(range(1, last + 2)))


def test_answer_that_was_not_committed_leaves_nothing(url: str) -> None:
    kill_after(url, "waits", 1)
    assert revisions(url) == []


def test_next_writer_does_not_wait_for_the_dead(url: str) -> None:
    kill_after(url, "waits", 1)
    database: SqlDatabase = open_database(url)
    change = go_on(database, "a1")
    change.answer(make_answer(), 0)
    assert append(database, change)
    database.close()
    assert revisions(url) == [1]
