"""Attempts as rows of their own kinds, and what the migration to events makes of them: nothing."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import MetaData, create_engine, insert, inspect, text

from certify.storage import schema
from certify.storage.address import parse_address
from certify.storage.database import open_database
from tests.unit.certify.storage.records import AT, add_attempts, begin

BEFORE = "0004"
EVENTS = "0005"


def tables(url: str) -> set[str]:
    engine = create_engine(parse_address(url))
    found = set(inspect(engine).get_table_names())
    engine.dispose()
    return found


def columns(url: str, table: str) -> dict[str, bool]:
    """Columns and whether they may be null."""
    engine = create_engine(parse_address(url))
    found = {str(c["name"]): bool(c["nullable"]) for c in inspect(engine).get_columns(table)}
    engine.dispose()
    return found


def indexes(url: str) -> dict[str, Any]:
    engine = create_engine(parse_address(url))
    found = {str(index["name"]): index for index in inspect(engine).get_indexes("attempt")}
    engine.dispose()
    return found


def add_former_attempt(url: str) -> None:
    """An attempt as the schema before had it."""
    engine = create_engine(parse_address(url))
    old = MetaData()
    old.reflect(engine)
    at = AT.replace(tzinfo=None) if engine.dialect.name == "sqlite" else AT
    rows: dict[str, dict[str, Any]] = {
        "person": {
            "id": "p1",
            "username": "p1",
            "username_folded": "p1",
            "display_name": "张三",
            "password_hash": "",
            "experience_months": 0,
            "is_active": True,
            "created_at": at,
        },
        "bank_release": {
            "digest": "d",
            "title": "",
            "item_count": 0,
            "created_at": at,
            "author": "",
            "content": b"",
        },
        "attempt": {
            "id": "a1",
            "candidate_id": "p1",
            "programme_code": "cbec",
            "programme_version": 1,
            "level": "novice",
            "release_digest": "d",
            "seed": "00ff",
            "started_at": at,
            "deadline_at": at,
        },
    }
    with engine.begin() as connection:
        for name, row in rows.items():
            connection.execute(insert(old.tables[name]), [row])
    engine.dispose()


def test_up_and_down_and_up_again(database_url: str) -> None:
    schema.upgrade(database_url, BEFORE)
    before = (tables(database_url), columns(database_url, "attempt"), set(indexes(database_url)))
    schema.upgrade(database_url, EVENTS)
    assert {"attempt_event", "exposure_plan"} <= tables(database_url)
    assert {"served_item", "response"}.isdisjoint(tables(database_url))
    found = columns(database_url, "attempt")
    assert found["started_at"] and found["release_digest"] and not found["head"]
    schema.downgrade(database_url, BEFORE)
    after = (tables(database_url), columns(database_url, "attempt"), set(indexes(database_url)))
    assert after == before
    schema.upgrade(database_url)
    assert schema.current(database_url) == schema.head_revision()


def test_attempts_of_before_stop_the_upgrade_and_stay(database_url: str) -> None:
    schema.upgrade(database_url, BEFORE)
    add_former_attempt(database_url)
    with pytest.raises(RuntimeError, match=r"1 attempts are stored.*Keep this data directory"):
        schema.upgrade(database_url)
    assert schema.current(database_url) == BEFORE
    assert {"served_item", "response"} <= tables(database_url)
    engine = create_engine(parse_address(database_url))
    with engine.connect() as connection:
        assert connection.execute(text("SELECT seed FROM attempt")).scalar_one() == "00ff"
    engine.dispose()


def test_attempts_as_events_stop_the_way_back_and_stay(database_url: str) -> None:
    schema.upgrade(database_url)
    database = open_database(database_url)
    add_attempts(database, begin())
    database.close()
    with pytest.raises(RuntimeError, match="1 attempts are stored"):
        schema.downgrade(database_url, BEFORE)
    database = open_database(database_url)
    with database.reading() as work:
        assert work.attempts.get("a1") == begin().attempt
    database.close()
