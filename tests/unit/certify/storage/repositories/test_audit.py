"""The audit trail: every event stays, newest first."""

from __future__ import annotations

from certify.storage.database import SqlDatabase
from tests.unit.certify.storage.records import later, make_event


def test_events_come_newest_first(database: SqlDatabase) -> None:
    # recorded later though dated earlier: the trail follows the recording
    events = [make_event(f"action-{number}", at=later(-number)) for number in range(5)]
    with database.writing() as work:
        for event in events:
            work.audit.add(event)
        work.commit()
    with database.reading() as work:
        first = work.audit.page(number=1, size=3)
        second = work.audit.page(number=2, size=3)
    assert first.rows == (events[4], events[3], events[2])
    assert second.rows == (events[1], events[0])
    assert first.total == 5


def test_empty_trail_is_one_empty_page(database: SqlDatabase) -> None:
    with database.reading() as work:
        page = work.audit.page(number=1, size=3)
    assert page.rows == ()
    assert page.count == 1


def test_events_are_found_by_actor_or_subject_and_by_kind(database: SqlDatabase) -> None:
    added = make_event("person.add", actor="admin", subject="zhang")
    graded = make_event("batch.grade", actor="zhang", subject="b1")
    revoked = make_event("credential.revoke", actor="admin", subject="C-1")
    odd = make_event("personal", actor="admin", subject="C-1")
    with database.writing() as work:
        for event in (added, graded, revoked, odd):
            work.audit.add(event)
        work.commit()
    with database.reading() as work:
        page = work.audit.page
        assert page(number=1, size=9, about=["zhang"]).rows == (graded, added)
        assert page(number=1, size=9, about=["zhang", "C-1"]).total == 4
        assert page(number=1, size=9, action="person").rows == (added,)
        assert page(number=1, size=9, action="person.add", about=["nobody"]).rows == ()
