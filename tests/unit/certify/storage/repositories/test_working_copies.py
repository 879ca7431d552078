"""Working copies: one for each person and place, replaced and discarded."""

from __future__ import annotations

from dataclasses import replace

from certify.services.ports import WorkingCopy
from certify.storage.database import SqlDatabase
from tests.unit.certify.storage.records import AT, later

COPY = WorkingCopy("01-001", "ann", {"stem": "未完", "options": [1, None]}, 3, AT)


def test_a_working_copy_is_replaced_by_the_next(database: SqlDatabase) -> None:
    newer = replace(COPY, content={"stem": "写完了"}, updated_at=later(9))
    with database.writing() as work:
        work.working_copies.save(COPY)
        assert work.working_copies.get("ann", "01-001") == COPY
        work.working_copies.save(newer)
        work.commit()
    with database.reading() as work:
        assert work.working_copies.get("ann", "01-001") == newer


def test_everybody_has_their_own(database: SqlDatabase) -> None:
    theirs, elsewhere = (
        replace(COPY, author="bob"),
        replace(COPY, place="new-1", updated_at=later(1)),
    )
    with database.writing() as work:
        for copy in (COPY, theirs, elsewhere):
            work.working_copies.save(copy)
        work.commit()
    with database.writing() as work:
        assert work.working_copies.of_author("ann") == (elsewhere, COPY)
        assert work.working_copies.discard("ann", "01-001")
        assert not work.working_copies.discard("ann", "01-001")
        assert work.working_copies.get("bob", "01-001") == theirs
        work.commit()
