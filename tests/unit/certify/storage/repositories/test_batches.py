"""Graded uploads: their files, and the list of their owner alone."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import IntegrityError

from certify.storage.database import SqlDatabase
from tests.unit.certify.storage.records import add_people, later, make_batch

FILES = {
    "results.csv": b"a,b\r\n",
    "items.csv": b"",
    "errors.csv": b"\xef\xbb\xbf\x00",
    "s.json": b"",
}


def test_batch_comes_back_with_its_files_in_order(database: SqlDatabase) -> None:
    add_people(database, "p1")
    with database.writing() as work:
        work.batches.add(make_batch(), FILES)
        work.commit()
    with database.reading() as work:
        assert work.batches.get("b1") == make_batch()
        assert work.batches.file_names("b1") == tuple(FILES)
        assert {name: work.batches.file("b1", name) for name in FILES} == FILES


def test_unknown_batch_or_file_is_none(database: SqlDatabase) -> None:
    add_people(database, "p1")
    with database.writing() as work:
        work.batches.add(make_batch(), {})
        assert work.batches.get("b2") is None
        assert work.batches.file("b1", "results.csv") is None
        assert work.batches.file_names("b1") == ()
        assert work.batches.file_names("b2") == ()


def test_owner_sees_own_batches_newest_first(database: SqlDatabase) -> None:
    add_people(database, "p1", "p2")
    with database.writing() as work:
        for number in (2, 3, 1):
            work.batches.add(make_batch(f"b{number}", created_at=later(number)), {})
        work.batches.add(make_batch("b4", owner_id="p2"), {})
        work.commit()
    with database.reading() as work:
        page = work.batches.of_owner("p1", number=1, size=2)
        assert [batch.id for batch in page.rows] == ["b3", "b2"]
        assert page.total == 3
        assert work.batches.of_owner("nobody", number=1, size=2).rows == ()


def test_batch_of_nobody_is_refused(database: SqlDatabase) -> None:
    with database.writing() as work, pytest.raises(IntegrityError):
        work.batches.add(make_batch(), {})
