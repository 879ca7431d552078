"""Item versions: compare and set, history, and searching as it is written."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from certify.services.ports import ItemFilter, NewVersion, StoredItem
from certify.storage.database import SqlDatabase
from tests.unit.certify.storage.records import later, make_item


def store(database: SqlDatabase, *items: StoredItem) -> None:
    with database.writing() as work:
        for item in items:
            assert work.items.add_version(item, previous=item.version - 1)
        work.commit()


def found(database: SqlDatabase, **conditions: Any) -> list[str]:
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


def test_combinations_count_newest_versions_of_any_status(database: SqlDatabase) -> None:
    store(
        database,
        make_item("01-001", dimension="S", level="novice"),
        make_item("01-001", version=2, dimension="S", level="elite"),
        make_item("01-002", dimension="S", level="elite"),
        make_item("01-003", dimension="M", level="elite", status="draft"),
    )
    with database.reading() as work:
        assert work.items.combinations(("dimension", "level", "status")) == {
            ("S", "elite", "operational"): 2,
            ("M", "elite", "draft"): 1,
        }


def released(database: SqlDatabase) -> list[tuple[str, int]]:
    with database.reading() as work:
        return [(item.item_id, item.version) for item in work.items.released()]


def test_a_draft_leaves_the_operational_version_in_use(database: SqlDatabase) -> None:
    store(
        database,
        make_item("a"),
        make_item("a", version=2, status="draft"),
        make_item("b", status="draft"),
        make_item("c", status="pretest"),
    )
    assert released(database) == [("a", 1), ("c", 1)]
    for version, status in ((3, "in_review"), (4, "approved")):
        store(database, make_item("a", version=version, status=status))
    assert released(database) == [("a", 1), ("c", 1)]
    store(database, make_item("a", version=5))
    assert released(database) == [("a", 5), ("c", 1)]


def test_a_retired_item_is_in_use_no_more(database: SqlDatabase) -> None:
    store(database, make_item("a"), make_item("a", version=2, status="retired"))
    assert released(database) == []
    store(database, make_item("a", version=3, status="draft"))
    assert released(database) == []
    with database.reading() as work:
        assert work.items.released_version("a") is None


def test_many_versions_are_stored_at_once_or_not_at_all(database: SqlDatabase) -> None:
    ids = [f"{number:04d}" for number in range(1200)]
    with database.writing() as work:
        assert work.items.add_versions([NewVersion(make_item(one), 0) for one in ids])
        work.commit()
    with database.writing() as work:
        newest = work.items.latest_of(ids, lock=True)
        assert sorted(newest) == ids
        late = [NewVersion(make_item(one, version=2), 1) for one in ids[:-1]]
        assert not work.items.add_versions([*late, NewVersion(make_item("0000x", version=2), 1)])
    with database.reading() as work:
        assert {item.version for item in work.items.latest_of(ids).values()} == {1}
        assert work.items.latest_of([]) == {}


def test_histories_come_without_content(database: SqlDatabase) -> None:
    store(database, make_item("a", action="import", note="第一批"), make_item("a", version=2))
    store(database, make_item("b"))
    with database.reading() as work:
        histories = work.items.histories(["a", "b", "none"])
    assert [(one.version, one.action, one.note) for one in histories["a"]] == [
        (2, "edit", ""),
        (1, "import", "第一批"),
    ]
    assert [dict(one.content) for one in histories["b"]] == [{}]
    assert "none" not in histories


def test_one_version_is_found_by_its_number(database: SqlDatabase) -> None:
    store(database, make_item("a", based_on=0), make_item("a", version=2, based_on=1))
    with database.reading() as work:
        assert work.items.version("a", 2) == make_item("a", version=2, based_on=1)
        assert work.items.version("a", 3) is None


def test_what_others_touched_is_told(database: SqlDatabase) -> None:
    store(database, make_item("a"), make_item("a", version=2, author="ann"), make_item("b"))
    with database.reading() as work:
        assert work.items.touched_by_others("shipped") == {"a"}


def test_unjudged_items_are_judged_once(database: SqlDatabase) -> None:
    store(database, make_item("a"), make_item("b"))
    with database.writing() as work:
        assert [item.item_id for item in work.items.unjudged(1)] == ["a"]
        work.items.set_findings({"a": (1, 2), "b": (0, 0)})
        work.items.set_findings({})
        work.commit()
    with database.reading() as work:
        assert work.items.unjudged(5) == ()
        assert work.items.counts("status") == {"operational": 2}
