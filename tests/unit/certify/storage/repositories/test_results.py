"""Results: bytes and numbers come back bit for bit, one an attempt."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import IntegrityError

from certify.storage.database import SqlDatabase
from tests.unit.certify.storage.records import add_attempts, make_attempt, make_result


def test_results_come_back_as_stored(database: SqlDatabase) -> None:
    add_attempts(database, make_attempt("a1"), make_attempt("a2", candidate_id="p2"))
    with database.writing() as work:
        work.results.add(make_result("a1"))
        work.commit()
    with database.reading() as work:
        assert work.results.get("a1") == make_result("a1")
        assert work.results.get("a2") is None
        assert work.results.of_attempts(["a1", "a2", "unknown"]) == {"a1": make_result("a1")}
        assert work.results.of_attempts([]) == {}


def test_second_result_of_an_attempt_is_refused(database: SqlDatabase) -> None:
    add_attempts(database, make_attempt())
    with database.writing() as work:
        work.results.add(make_result())
        with pytest.raises(IntegrityError):
            work.results.add(make_result(decision={}))


def test_result_of_an_unknown_attempt_is_refused(database: SqlDatabase) -> None:
    with database.writing() as work, pytest.raises(IntegrityError):
        work.results.add(make_result("unknown"))
