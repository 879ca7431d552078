"""One transaction: nothing lasts without commit, nothing follows it."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from certify.errors import DatabaseUnreachable, UsernameTaken
from certify.storage.database import SqlDatabase, open_database
from certify.storage.unit_of_work import UnitClosed
from tests.unit.certify.storage.records import add_people, make_person


def exists(database: SqlDatabase, person_id: str) -> bool:
    with database.reading() as work:
        return work.people.get(person_id) is not None


def test_commit_lasts(database: SqlDatabase) -> None:
    add_people(database, "p1")
    assert exists(database, "p1")


def test_leaving_without_commit_rolls_back(database: SqlDatabase) -> None:
    with database.writing() as work:
        work.people.add(make_person(), "hash")
        assert work.people.get("p1") is not None
    assert not exists(database, "p1")


def test_error_rolls_back_and_passes_through(database: SqlDatabase) -> None:
    with pytest.raises(LookupError, match="mine"), database.writing() as work:
        work.people.add(make_person(), "hash")
        raise LookupError("mine")
    assert not exists(database, "p1")


def test_work_after_a_refused_duplicate_can_go_on(database: SqlDatabase) -> None:
    with database.writing() as work:
        work.people.add(make_person("p1"), "hash")
        with pytest.raises(UsernameTaken):
            work.people.add(make_person("p2", username="USER-P1"), "hash")
        work.people.add(make_person("p3"), "hash")
        work.commit()
    assert exists(database, "p1")
    assert not exists(database, "p2")
    assert exists(database, "p3")


def test_work_after_commit_is_refused(sqlite_database: SqlDatabase) -> None:
    with sqlite_database.writing() as work:
        work.commit()
        with pytest.raises(UnitClosed):
            work.people.add(make_person(), "hash")
        with pytest.raises(UnitClosed):
            work.commit()


def test_unit_is_used_inside_with_only(sqlite_database: SqlDatabase) -> None:
    unit = sqlite_database.reading()
    with pytest.raises(UnitClosed):
        unit.people.get("p1")
    with unit, pytest.raises(UnitClosed):
        unit.__enter__()


def test_reading_unit_sees_one_snapshot(database: SqlDatabase) -> None:
    with database.reading() as work:
        assert work.people.get("p1") is None
        add_people(database, "p1")
        assert work.people.get("p1") is None
    assert exists(database, "p1")


def test_lost_connection_is_told_and_the_next_unit_works(postgres_url: str) -> None:
    database, other = open_database(postgres_url), open_database(postgres_url)
    with pytest.raises(DatabaseUnreachable), database.writing() as work:
        number = work._connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
        with other.writing() as killer:
            terminate = text("SELECT pg_terminate_backend(:number, 5000)")
            killer._connection.execute(terminate, {"number": number})
        work._connection.execute(text("SELECT 1"))
    assert database.schema_version() is None
    database.close()
    other.close()
