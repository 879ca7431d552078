"""Migrations: up, like the tables of the code, down to nothing, and up again."""

from __future__ import annotations

import datetime as dt
import runpy
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import CheckConstraint, Connection, create_engine, insert, inspect, text

import migrations
from certify.storage import schema
from certify.storage.address import parse_address
from certify.storage.rows import metadata
from certify.storage.rows.bank import UNDESCRIBED

SCRIPTS = Path(migrations.__file__).parent
RELEASE = {
    "digest": "d" * 64,
    "title": "",
    "item_count": 0,
    "created_at": dt.datetime(2026, 3, 1, tzinfo=dt.UTC),
    "author": "",
    "content": b"",
}


def tables(url: str) -> set[str]:
    engine = create_engine(parse_address(url))
    found = {name for name in inspect(engine).get_table_names() if is_described(name, "table", {})}
    engine.dispose()
    return found - {"alembic_version"}


def is_described(name: str | None, kind: str, _: object) -> bool:
    """Whether our tables describe it; the full-text search differs by database."""
    return name is None or not name.startswith(UNDESCRIBED)


def differences(connection: Connection) -> list[Any]:
    """How the database differs from our tables."""
    compared = MigrationContext.configure(connection, opts={"include_name": is_described})
    return list(compare_metadata(compared, metadata))


def test_up_down_and_up_again(database_url: str) -> None:
    assert schema.current(database_url) is None
    schema.upgrade(database_url)
    assert schema.current(database_url) == schema.head_revision()
    assert tables(database_url) == set(metadata.tables)
    schema.downgrade(database_url, "base")
    assert schema.current(database_url) is None
    assert tables(database_url) == set()
    schema.upgrade(database_url)
    assert tables(database_url) == set(metadata.tables)


def test_migrated_database_is_what_the_code_expects(database_url: str) -> None:
    schema.upgrade(database_url)
    engine = create_engine(parse_address(database_url))
    with engine.connect() as connection:
        assert differences(connection) == []
        # what the comparison leaves out: conditions, and the columns of unique indexes
        inspector = inspect(connection)
        for table in metadata.tables.values():
            checks = {c.name for c in table.constraints if isinstance(c, CheckConstraint)}
            found = {check["name"] for check in inspector.get_check_constraints(table.name)}
            assert found == checks
    engine.dispose()


def condition_of(index: Any) -> str:
    """The condition of a partial index, without the brackets that PostgreSQL adds."""
    options = index["dialect_options"]
    condition = next(str(value) for key, value in options.items() if key.endswith("_where"))
    return condition.replace("(", "").replace(")", "")


def test_partial_indexes_are_partial(database_url: str) -> None:
    schema.upgrade(database_url)
    engine = create_engine(parse_address(database_url))
    indexes = {index["name"]: index for index in inspect(engine).get_indexes("attempt")}
    for name in ("uq_attempt_running", "ix_attempt_due"):
        assert condition_of(indexes[name]) == "started_at IS NOT NULL AND ended_at IS NULL"
    assert indexes["uq_attempt_running"]["unique"]
    (keys,) = inspect(engine).get_indexes("attempt_event")
    assert condition_of(keys) in ("idempotency_key != ''", "idempotency_key <> ''::text")
    assert (keys["unique"], keys["column_names"]) == (True, ["attempt_id", "idempotency_key"])
    engine.dispose()


def test_upgrade_of_a_current_database_keeps_its_rows(database_url: str) -> None:
    schema.upgrade(database_url)
    engine = create_engine(parse_address(database_url))
    with engine.begin() as connection:
        connection.execute(insert(metadata.tables["bank_release"]).values(RELEASE))
    schema.upgrade(database_url)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM bank_release")).scalar_one() == 1
    engine.dispose()


def test_upgrades_at_once_leave_one_schema(database_url: str) -> None:
    script = "import sys; from certify.storage import schema; schema.upgrade(sys.argv[1])"
    processes = [
        subprocess.Popen([sys.executable, "-c", script, database_url], cwd=SCRIPTS.parent)
        for _ in range(3)
    ]
    assert [process.wait(60) for process in processes] == [0, 0, 0]
    assert tables(database_url) == set(metadata.tables)


def test_failed_migration_leaves_nothing(database_url: str, tmp_path: Path) -> None:
    scripts = tmp_path / "migrations"
    shutil.copytree(SCRIPTS, scripts, ignore=shutil.ignore_patterns("__pycache__"))
    broken = scripts / "versions" / "9999_break.py"
    broken.write_text(
        f"from alembic import op\nrevision, down_revision = '9999', '{schema.head_revision()}'\n"
        "def upgrade():\n    op.execute('CREATE TABLE half (x TEXT)')\n    raise LookupError\n"
        "def downgrade():\n    pass\n"
    )
    with (
        pytest.raises(LookupError),
        schema._migrating(database_url, scripts) as (config, _),
    ):
        command.upgrade(config, "head")
    assert schema.current(database_url) is None
    assert tables(database_url) == set()


def test_working_directory_does_not_matter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    schema.upgrade("sqlite:///relative.db")
    assert tables(f"sqlite:///{tmp_path / 'relative.db'}") == set(metadata.tables)
    assert [path.name for path in tmp_path.iterdir()] == ["relative.db"]


def test_migration_that_orphans_rows_is_rolled_back(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'certify.db'}"
    schema.upgrade(url)
    with (
        pytest.raises(schema.BrokenReferences, match="person"),
        schema._migrating(url) as (_, work),
    ):
        work.execute(text("INSERT INTO person_role VALUES ('nobody', 'student')"))
    engine = create_engine(url)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM person_role")).scalar_one() == 0
    engine.dispose()


def test_drafted_script_runs(database_url: str, tmp_path: Path) -> None:
    scripts = tmp_path / "migrations"
    shutil.copytree(SCRIPTS, scripts, ignore=shutil.ignore_patterns("__pycache__"))
    for script in (scripts / "versions").glob("0*.py"):
        script.unlink()
    draft = schema.draft(database_url, "create tables", scripts)
    assert draft.name == "0001_create_tables.py"
    written = runpy.run_path(str(draft))
    assert written["revision"] == "0001"
    assert written["down_revision"] is None
    with schema._migrating(database_url, scripts) as (config, _):
        command.upgrade(config, "head")
    engine = create_engine(parse_address(database_url))
    with engine.connect() as connection:
        assert differences(connection) == []
    engine.dispose()
