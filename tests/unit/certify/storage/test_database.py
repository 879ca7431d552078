"""Opening databases: settings of the connection, and faults told in one line."""

from __future__ import annotations

import builtins
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError

from certify.errors import DatabaseNotMigrated, DatabaseUnreachable
from certify.services.ports import Database
from certify.storage import schema
from certify.storage.address import parse_address
from certify.storage.database import SqlDatabase, open_database
from certify.storage.engine import make_engine
from tests.unit.certify.storage.records import begin, entry_of, make_batch, make_person

NOBODY_LISTENS = "postgresql://certify:s3cr3t@127.0.0.1:1/certify"


def setting(database: SqlDatabase, pragma: str) -> Any:
    with database.writing() as work:
        return work._connection.exec_driver_sql(f"PRAGMA {pragma}").scalar()


def test_database_implements_the_port(database: SqlDatabase) -> None:
    port: Database = database
    with port.reading() as work:
        assert work.people.get("nobody") is None


@pytest.mark.parametrize(
    ("pragma", "expected"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", 30_000)],
)
def test_sqlite_is_set_up_for_acknowledged_writes(
    sqlite_database: SqlDatabase, pragma: str, expected: object
) -> None:
    assert setting(sqlite_database, pragma) == expected


def test_reference_to_nobody_is_refused(database: SqlDatabase) -> None:
    transition = begin()
    with database.writing() as work, pytest.raises(IntegrityError):
        work.attempts.create(entry_of(transition), transition.events)


def test_writing_in_a_reading_unit_fails(database: SqlDatabase) -> None:
    with database.reading() as work, pytest.raises(DBAPIError):
        work.people.add(make_person(), "hash")
    with database.writing() as work:
        work.people.add(make_person(), "hash")
        work.commit()


def test_database_that_was_never_migrated_is_told(database_url: str) -> None:
    database = open_database(database_url)
    with pytest.raises(DatabaseNotMigrated, match=r"found none\. Run `certify db upgrade`"):
        database.check_migrated()
    database.close()


def test_database_of_another_version_is_told(database_url: str) -> None:
    schema.upgrade(database_url)
    database = open_database(database_url)
    database.check_migrated()
    with database.writing() as work:
        work._connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        work.commit()
    with pytest.raises(DatabaseNotMigrated, match="found 9999"):
        database.check_migrated()
    database.close()


def test_server_that_does_not_answer_is_told_without_password() -> None:
    database = open_database(NOBODY_LISTENS)

    def read() -> None:
        with database.reading() as work:
            work.people.get("nobody")

    for use in (database.check_migrated, read):
        with pytest.raises(DatabaseUnreachable) as caught:
            use()
        assert "s3cr3t" not in str(caught.value)
        assert "\n" not in str(caught.value)
    with pytest.raises(DatabaseUnreachable):
        schema.upgrade(NOBODY_LISTENS)


def test_missing_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnreachable, match="unable to open database file"):
        open_database(f"sqlite:///{tmp_path / 'absent' / 'certify.db'}").check_migrated()


def test_file_that_is_no_database_is_told_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "certify.db"
    path.write_bytes(b"name,points\n" * 100)
    with pytest.raises(DatabaseUnreachable, match="not a database"):
        open_database(f"sqlite:///{path}").check_migrated()
    with pytest.raises(DatabaseUnreachable, match="not a database"):
        schema.upgrade(f"sqlite:///{path}")
    assert path.read_bytes() == b"name,points\n" * 100


def test_missing_driver_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    real_import = builtins.__import__

    def without_psycopg(name: str, *rest: Any, **named: Any) -> Any:
        if name == "psycopg":
            raise ModuleNotFoundError("No module named 'psycopg'", name="psycopg")
        return real_import(name, *rest, **named)

    monkeypatch.delitem(sys.modules, "psycopg", raising=False)
    monkeypatch.setattr(builtins, "__import__", without_psycopg)
    with pytest.raises(DatabaseUnreachable, match=r"pip install 'certify\[postgres\]'"):
        make_engine(parse_address(NOBODY_LISTENS))


def test_not_a_number_is_no_json(database: SqlDatabase) -> None:
    batch = make_batch(summary={"mean": float("nan")})
    # one database encodes before the statement is sent, the other while it is
    not_json = pytest.raises((StatementError, ValueError), match="not JSON compliant")
    with database.writing() as work, not_json:
        work.batches.add(batch, {})
