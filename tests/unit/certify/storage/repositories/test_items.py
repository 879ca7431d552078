"""Item versions: compare and set, history, and searching as it is written."""

from __future__ import annotations

from dataclasses import replace

import pytest

from certify.services.ports import ItemFilter, StoredItem
from certify.storage.database import SqlDatabase
from tests.unit.certify.storage.records import later, make_item


def store(database: SqlDatabase, *items: StoredItem) -> None:
    with database.writing() as work:
        for item in items:
            assert work.items.add_version(item, previous=item.version - 1)
        work.commit()


def found(database: SqlDatabase, **conditions: str) -> list[str]:
    with database.reading() as work:
        page = work.items.page(ItemFilter(**conditions), number=1, size=50)
    assert page.total == len(page.rows)
    return [item.item_id for item in page.rows]


def test_item_comes_back_as_stored(database: SqlDatabase) -> None:
    item = make_item()
    store(database, item)
    with database.reading() as work:
        assert work.items.latest("01-001") == item
        assert work.items.history("01-001") == (item,)
        assert work.items.count() == 1


def test_content_keeps_the_order_of_its_fields(database: SqlDatabase) -> None:
    content = {"z": 1, "a": {"y": [1, 2], "b": "中"}, "m": None}
    store(database, make_item(content=content))
    with database.reading() as work:
        item = work.items.latest("01-001")
    assert item is not None
    assert list(item.content) == ["z", "a", "m"]
    assert item.content == content


def test_unknown_item_is_none(database: SqlDatabase) -> None:
    with database.reading() as work:
        assert work.items.latest("01-001") is None
        assert work.items.history("01-001") == ()
        assert work.items.count() == 0


def test_every_version_stays_as_it_was(database: SqlDatabase) -> None:
    first = make_item()
    second = make_item(
        version=2, node="02", level="elite", type="multiple", status="draft", stem="新", author="t"
    )
    store(database, first, replace(second, created_at=later(5)))
    with database.reading() as work:
        assert work.items.latest("01-001") == replace(second, created_at=later(5))
        assert work.items.history("01-001") == (replace(second, created_at=later(5)), first)
        assert work.items.count() == 1


@pytest.mark.parametrize("previous", [0, 1, 3])
def test_version_based_on_another_than_the_newest_is_refused(
    database: SqlDatabase, previous: int
) -> None:
    store(database, make_item(), make_item(version=2, stem="second"))
    with database.writing() as work:
        late = make_item(version=previous + 1, stem="late")
        assert not work.items.add_version(late, previous=previous)
        work.commit()
    with database.reading() as work:
        assert [item.version for item in work.items.history("01-001")] == [2, 1]


def test_successor_of_an_unknown_item_is_refused(database: SqlDatabase) -> None:
    with database.writing() as work:
        assert not work.items.add_version(make_item(version=2), previous=1)


def test_only_the_newest_version_is_listed(database: SqlDatabase) -> None:
    store(
        database,
        make_item(stem="old words"),
        make_item(version=2, stem="new words", status="retired"),
    )
    assert found(database, text="old") == []
    assert found(database, text="new") == ["01-001"]
    assert found(database, status="operational") == []


def test_items_are_filtered_by_every_condition(database: SqlDatabase) -> None:
    store(
        database,
        make_item("02-001", node="02", dimension="S"),
        make_item("01-002", level="elite"),
        make_item("01-001", type="numeric"),
        make_item("T1-001", node="T1", dimension="T", status="draft"),
    )
    assert found(database) == ["01-001", "01-002", "02-001", "T1-001"]
    assert found(database, node="01") == ["01-001", "01-002"]
    assert found(database, dimension="S") == ["02-001"]
    assert found(database, level="elite") == ["01-002"]
    assert found(database, type="numeric") == ["01-001"]
    assert found(database, status="draft") == ["T1-001"]
    assert found(database, node="01", level="elite", text="002") == ["01-002"]
    assert found(database, node="99") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("50%", ["01-001"]),
        ("%", ["01-001"]),
        ("_", ["01-002"]),
        ("/", ["01-003"]),
        ("\\", ["01-004"]),
        ("'", ["01-004"]),
        ("转化率", ["01-003"]),
        ("ROI", ["01-002"]),
        ("-003", ["01-003"]),
        ("*", []),
    ],
)
def test_search_takes_wildcards_as_they_are(
    database: SqlDatabase, text: str, expected: list[str]
) -> None:
    store(
        database,
        make_item("01-001", stem="折扣 50% 的价格"),
        make_item("01-002", stem="utm_source 与 roi"),
        make_item("01-003", stem="转化率 = 订单/访客"),
        make_item("01-004", stem="it's C:\\data"),
    )
    assert found(database, text=text) == expected


def test_pages_follow_one_another(database: SqlDatabase) -> None:
    store(database, *(make_item(f"01-{number:03d}") for number in (3, 1, 5, 2, 4)))
    with database.reading() as work:
        pages = [work.items.page(ItemFilter(), number=number, size=2) for number in (1, 2, 3, 4)]
    assert [[item.item_id[-1] for item in page.rows] for page in pages] == [
        ["1", "2"],
        ["3", "4"],
        ["5"],
        [],
    ]
    assert {page.total for page in pages} == {5}


def test_all_newest_of_a_status_or_of_any(database: SqlDatabase) -> None:
    store(database, make_item("01-002"), make_item("01-001", status="draft"), make_item("01-003"))
    with database.reading() as work:
        assert [item.item_id for item in work.items.all_latest("operational")] == [
            "01-002",
            "01-003",
        ]
        assert [item.item_id for item in work.items.all_latest("")] == [
            "01-001",
            "01-002",
            "01-003",
        ]


def test_id_of_an_item_that_left_the_node_is_not_free(database: SqlDatabase) -> None:
    store(database, make_item("01-001"), make_item("01-001", version=2, node="02"))
    store(database, make_item("01-002"), make_item("01-002", version=2))
    with database.reading() as work:
        assert work.items.ids_of_node("01") == ("01-001", "01-002")
        assert work.items.ids_of_node("02") == ("01-001",)
        assert work.items.ids_of_node("03") == ()


def test_order_is_by_code_point_on_both_databases(database: SqlDatabase) -> None:
    ids = ["T1-001", "a", "B", "01-001", "01 002", "_", "é", "中"]
    store(database, *(make_item(item_id) for item_id in ids))
    assert found(database) == sorted(ids)


def test_tally_counts_newest_versions_by_dimension_and_level(database: SqlDatabase) -> None:
    store(
        database,
        make_item("01-001", dimension="S", level="novice"),
        make_item("01-001", version=2, dimension="S", level="elite"),
        make_item("01-002", dimension="S", level="elite"),
        make_item("01-003", dimension="M", level="elite", status="draft"),
    )
    with database.reading() as work:
        assert work.items.tally("operational") == {("S", "elite"): 2}
        assert work.items.tally("") == {("S", "elite"): 2, ("M", "elite"): 1}
        assert work.items.tally("retired") == {}
