"""Comments on items: in order, in threads, resolved and opened again."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import IntegrityError

from certify.storage.database import SqlDatabase
from tests.unit.certify.storage.records import later, make_comment, make_item


@pytest.fixture
def bank(database: SqlDatabase) -> SqlDatabase:
    with database.writing() as work:
        for item_id in ("a", "b"):
            assert work.items.add_version(make_item(item_id), previous=0)
        work.commit()
    return database


def test_comments_come_back_oldest_first(bank: SqlDatabase) -> None:
    with bank.writing() as work:
        first = work.comments.add(make_comment("a", text="第一条"))
        second = work.comments.add(make_comment("a", text="回复", reply_to=first.id))
        other = work.comments.add(make_comment("b"))
        work.commit()
    with bank.reading() as work:
        assert work.comments.of_item("a") == (first, second)
        assert work.comments.get(other.id) == other
        assert work.comments.get(999) is None
        assert work.comments.of_item("none") == ()


def test_a_thread_is_resolved_and_opened_again(bank: SqlDatabase) -> None:
    with bank.writing() as work:
        first = work.comments.add(make_comment("a"))
        work.comments.set_resolved(first.id, later(9), "ann")
        resolved = work.comments.get(first.id)
        work.comments.set_resolved(first.id, None, "")
        opened = work.comments.get(first.id)
        work.commit()
    assert resolved is not None and (resolved.resolved_at, resolved.resolved_by) == (
        later(9),
        "ann",
    )
    assert opened == first


def test_a_comment_on_no_item_is_refused(bank: SqlDatabase) -> None:
    with pytest.raises(IntegrityError), bank.writing() as work:
        work.comments.add(make_comment("none"))
