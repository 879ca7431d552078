"""Page logs, integrity reports and notes: added, bounded, read in order, deleted when old."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from certify.exams.events import EventKind
from certify.exams.exam_session import ExamRoom, ExamSession
from certify.services.ports import IntegrityNote, PageEvent, StoredIntegrityReport
from certify.storage.database import SqlDatabase
from tests.unit.certify.storage.records import (
    AT,
    begin,
    entry_of,
    later,
    make_person,
    make_release,
    serve,
)


def make_page_event(key: str, **changes: Any) -> PageEvent:
    values: dict[str, Any] = {
        "key": key, "kind": "away", "at": later(10), "seconds": 2.5, "detail": "",
    }  # fmt: skip
    return PageEvent(**{**values, **changes})


@pytest.fixture
def filled(database: SqlDatabase) -> SqlDatabase:
    """Two attempts of a session, each with an item."""
    session = ExamSession(
        id="s1", title="一", centre_id="p1", programme_code="cbec", programme_version=1,
        levels=("novice",), starts_at=AT, ends_at=later(3600), late_seconds=0,
        rooms=(ExamRoom("R", 2),), access_code="A",
    )  # fmt: skip
    with database.writing() as work:
        for person_id in ("p1", "p2"):
            work.people.add(make_person(person_id), "hash")
        work.releases.add(make_release(), b"{}")
        work.sessions.add(session, AT)
        for number in ("1", "2"):
            transition = begin(f"a{number}", f"p{number}")
            serve(transition)
            assert work.attempts.create(entry_of(transition), transition.events)
        work.commit()
    return database


def add(database: SqlDatabase, *events: PageEvent, at: dt.datetime = AT, most: int = 9) -> int:
    with database.writing() as work:
        count = work.integrity.add_page_events("a1", events, at, most=most)
        work.commit()
    return count


def test_page_events_come_back_in_the_order_of_time(filled: SqlDatabase) -> None:
    first, second = make_page_event("k1", at=later(20)), make_page_event("k2", detail="x")
    assert add(filled, first, second) == 2
    with filled.reading() as work:
        assert work.integrity.page_events(["a1", "a2"]) == {"a1": (second, first)}
        assert work.integrity.page_events([]) == {}


def test_a_repeated_key_is_stored_once(filled: SqlDatabase) -> None:
    assert add(filled, make_page_event("k1")) == 1
    assert add(filled, make_page_event("k1", seconds=99.0), make_page_event("k2")) == 1
    with filled.reading() as work:
        stored = work.integrity.page_events(["a1"])["a1"]
    assert [(event.key, event.seconds) for event in stored] == [("k1", 2.5), ("k2", 2.5)]


def test_an_attempt_keeps_no_more_than_the_bound(filled: SqlDatabase) -> None:
    assert add(filled, *(make_page_event(f"k{n}") for n in range(5)), most=3) == 3
    assert add(filled, make_page_event("k9"), most=3) == 0


def test_events_of_attempts_come_whole_and_apart(filled: SqlDatabase) -> None:
    with filled.reading() as work:
        found = dict(work.integrity.attempt_events(["a2", "a1", "none"]))
    assert sorted(found) == ["a1", "a2"]
    assert [event.kind for event in found["a1"]] == [EventKind.STARTED, EventKind.SERVED]
    assert [event.sequence for event in found["a2"]] == [1, 2]


def test_the_newest_report_counts(filled: SqlDatabase) -> None:
    reports = [
        StoredIntegrityReport(f"r{n}", "s1", later(n), "lead", b'{"n":%d}' % n) for n in (1, 3, 2)
    ]
    with filled.writing() as work:
        for report in reports:
            work.integrity.add_report(report)
        work.commit()
    with filled.reading() as work:
        assert work.integrity.newest_report("s1") == reports[1]
        assert work.integrity.newest_report("none") is None


def test_notes_are_kept_newest_first(filled: SqlDatabase) -> None:
    notes = [
        IntegrityNote(f"n{n}", "s1", "p1", later(n), "lead", "no_action", "看过") for n in (1, 2)
    ]
    with filled.writing() as work:
        for note in notes:
            work.integrity.add_note(note)
        work.commit()
    with filled.reading() as work:
        assert work.integrity.notes("s1") == tuple(reversed(notes))


def test_what_is_old_is_deleted_and_notes_stay(filled: SqlDatabase) -> None:
    add(filled, make_page_event("old"), at=AT)
    add(filled, make_page_event("new"), at=later(100))
    with filled.writing() as work:
        work.integrity.add_report(StoredIntegrityReport("r1", "s1", AT, "lead", b"{}"))
        work.integrity.add_note(IntegrityNote("n1", "s1", "p1", AT, "lead", "referred", "x"))
        work.commit()
    with filled.writing() as work:
        assert work.integrity.delete_before(later(50)) == 2
        work.commit()
    with filled.reading() as work:
        assert [event.key for event in work.integrity.page_events(["a1"])["a1"]] == ["new"]
        assert work.integrity.newest_report("s1") is None
        assert len(work.integrity.notes("s1")) == 1
