"""Items and releases stored before they had a life: what the second migration makes of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import MetaData, create_engine, insert, text

from certify.services.ports import ItemFilter
from certify.storage import schema
from certify.storage.address import parse_address
from certify.storage.database import SqlDatabase, open_database
from tests.unit.certify.storage.records import AT

VERSIONS = (
    ("01-001", 1, "operational", "旧的题干"),
    ("01-001", 2, "operational", "转化率是什么？"),
    ("01-002", 1, "operational", "点击率是什么？"),
    ("01-002", 2, "draft", "点击率怎样计算？"),
    ("T1-001", 1, "retired", "退役的题"),
)


def content(item_id: str, stem: str) -> dict[str, Any]:
    return {
        "id": item_id,
        "stem": stem,
        "bloom": "apply",
        "options": [{"id": "a", "text": "订单数除以访客数", "note": "正确。"}],
        "explanation": "漏斗的最后一步。",
    }


def fill(database_url: str) -> None:
    """Rows as the first schema had them."""
    engine = create_engine(parse_address(database_url))
    old = MetaData()
    old.reflect(engine)
    at = AT.replace(tzinfo=None) if engine.dialect.name == "sqlite" else AT
    newest = {item_id: version for item_id, version, _, _ in VERSIONS}
    versions = [
        {
            "item_id": item_id,
            "version": version,
            "node": item_id[:2],
            "dimension": "S",
            "level": "novice",
            "type": "single",
            "status": status,
            "stem": stem,
            "content": content(item_id, stem),
            "author": "shipped",
            "created_at": at,
        }
        for item_id, version, status, stem in VERSIONS
    ]
    whole = json.dumps({"items": [{"item": {"id": "01-001"}, "version": 1}]}).encode()
    releases = [
        {
            "digest": digest,
            "title": "",
            "item_count": 1,
            "author": "",
            "content": stored,
            "created_at": at,
        }
        for digest, stored in (("whole", whole), ("broken", b"\x00"))
    ]
    with engine.begin() as connection:
        items = [{"id": item_id, "latest_version": version} for item_id, version in newest.items()]
        connection.execute(insert(old.tables["item"]), items)
        connection.execute(insert(old.tables["item_version"]), versions)
        connection.execute(insert(old.tables["bank_release"]), releases)
    engine.dispose()


@pytest.fixture
def migrated(database_url: str) -> Iterator[SqlDatabase]:
    schema.upgrade(database_url, "0001")
    fill(database_url)
    schema.upgrade(database_url)
    opened = open_database(database_url)
    yield opened
    opened.close()


def test_what_stood_in_releases_still_does(migrated: SqlDatabase) -> None:
    with migrated.reading() as work:
        assert [(one.item_id, one.version) for one in work.items.released()] == [("01-001", 2)]
        page = work.items.listed(ItemFilter(), number=1, size=9)
    assert [(row.item_id, row.status, row.released_version) for row in page.rows] == [
        ("01-001", "operational", 2),
        ("01-002", "draft", None),
        ("T1-001", "retired", None),
    ]
    assert {(row.bloom, row.author, row.changed_at) for row in page.rows} == {
        ("apply", "shipped", AT)
    }


def test_history_stays_and_says_what_it_was_based_on(migrated: SqlDatabase) -> None:
    with migrated.reading() as work:
        history = work.items.history("01-001")
        assert len(work.items.unjudged(9)) == 3
    assert [(one.version, one.based_on, one.action) for one in history] == [
        (2, 1, "edit"),
        (1, 0, "edit"),
    ]
    assert history[0].content == content("01-001", "转化率是什么？")


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("转化", ["01-001"]),
        ("漏斗 访客", ["01-001", "01-002", "T1-001"]),
        ("T1-001", ["T1-001"]),
        ("旧的", []),
    ],
)
def test_newest_versions_are_searched(
    migrated: SqlDatabase, wanted: str, expected: list[str]
) -> None:
    with migrated.reading() as work:
        assert sorted(work.items.ids(ItemFilter(text=wanted), 9)) == expected


def test_contents_of_releases_are_listed(migrated: SqlDatabase) -> None:
    with migrated.reading() as work:
        assert work.items.ids(ItemFilter(release="whole"), 9) == ("01-001",)
        assert work.items.ids(ItemFilter(release="broken"), 9) == ()


def test_going_down_keeps_items_and_versions(migrated: SqlDatabase, database_url: str) -> None:
    migrated.close()
    schema.downgrade(database_url, "0001")
    engine = create_engine(parse_address(database_url))
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT id, latest_version FROM item ORDER BY id")).all()
        count = connection.execute(text("SELECT count(*) FROM item_version")).scalar_one()
    engine.dispose()
    assert [tuple(row) for row in rows] == [("01-001", 2), ("01-002", 2), ("T1-001", 1)]
    assert count == len(VERSIONS)
