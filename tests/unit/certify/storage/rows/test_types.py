"""Column types: what goes in comes out, on both databases."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.exc import StatementError

from certify.storage.database import SqlDatabase
from tests.unit.certify.storage.records import AT, make_person

CHINA = ZoneInfo("Asia/Shanghai")


def test_instant_of_another_zone_comes_back_as_utc(database: SqlDatabase) -> None:
    person = make_person(created_at=AT.astimezone(CHINA))
    with database.writing() as work:
        work.people.add(person, "hash")
        work.commit()
    with database.reading() as work:
        found = work.people.get("p1")
    assert found is not None
    assert found.created_at == AT
    assert found.created_at.tzinfo is dt.UTC
    assert found.created_at.microsecond == AT.microsecond


def test_naive_instant_is_refused(database: SqlDatabase) -> None:
    person = make_person(created_at=AT.replace(tzinfo=None))
    with (
        database.writing() as work,
        pytest.raises(StatementError, match="expected an aware datetime"),
    ):
        work.people.add(person, "hash")


@pytest.mark.parametrize("bad", ["\x00", "\ud800"])
def test_text_that_no_database_holds_becomes_visible(database: SqlDatabase, bad: str) -> None:
    with database.writing() as work:
        work.people.add(make_person(display_name=f"A{bad}B"), "hash")
        work.commit()
    with database.reading() as work:
        found = work.people.get("p1")
        assert found is not None
        assert found.display_name == "A\ufffdB"
        assert work.people.get(f"p1{bad}") is None
        assert work.people.page(text=bad + "x", role="", number=1, size=9).total == 0


@pytest.mark.parametrize("name", ["欧阳娜娜", "𠮷野家 🛒", "x" * 5000, "' OR 1=1; --", "a\nb\tc"])
def test_text_survives(database: SqlDatabase, name: str) -> None:
    with database.writing() as work:
        work.people.add(make_person(display_name=name), "hash")
        work.commit()
    with database.reading() as work:
        found = work.people.get("p1")
    assert found is not None
    assert found.display_name == name
