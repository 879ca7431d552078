"""Full-text search and the other conditions of a list, on both databases alike."""

from __future__ import annotations

from typing import Any

import pytest

from certify.services.ports import ItemEntry, ItemFilter, ListedItem, StoredItem
from certify.storage.database import SqlDatabase
from tests.unit.certify.storage.records import AT, later, make_comment, make_item, make_release


def store(database: SqlDatabase, item: StoredItem, **entry: Any) -> None:
    with database.writing() as work:
        assert work.items.add_version(item, previous=item.version - 1, entry=ItemEntry(**entry))
        work.commit()


def listed(database: SqlDatabase, **conditions: Any) -> list[ListedItem]:
    with database.reading() as work:
        page = work.items.listed(ItemFilter(**conditions), number=1, size=50)
        assert work.items.ids(ItemFilter(**conditions), 50) == tuple(r.item_id for r in page.rows)
    assert page.total == len(page.rows)
    return list(page.rows)


def found(database: SqlDatabase, **conditions: Any) -> list[str]:
    return [row.item_id for row in listed(database, **conditions)]


@pytest.fixture
def bank(database: SqlDatabase) -> SqlDatabase:
    store(database, make_item("01-001", stem="转化率是什么？"), text="订单数除以访客数\n01-002")
    store(database, make_item("01-002", stem="点击率是什么？"), text="转化漏斗的第一步\nCTR")
    store(database, make_item("01-003", stem="如何计算 ROI？"), text="投入产出比，转 化")
    return database


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("转化", {"01-001", "01-002"}),
        ("转化率", {"01-001"}),
        ("转", {"01-001", "01-002", "01-003"}),
        ("率", {"01-001", "01-002"}),
        ("什么 点击", {"01-002"}),
        ("投入产出", {"01-003"}),
        ("ctr", {"01-002"}),
        ("CT", {"01-002"}),
        ("ＲＯＩ", {"01-003"}),
        ("化率是", {"01-001"}),
        ("率转", set()),
        ("漏斗 ROI", set()),
        ("01-0", {"01-001", "01-002", "01-003"}),
    ],
)
def test_text_is_found_in_stem_options_and_explanation(
    bank: SqlDatabase, text: str, expected: set[str]
) -> None:
    assert set(found(bank, text=text)) == expected


def test_what_stands_in_the_stem_comes_first(bank: SqlDatabase) -> None:
    assert found(bank, text="转化")[0] == "01-001"


def test_the_item_of_that_very_id_comes_first_of_all(bank: SqlDatabase) -> None:
    assert found(bank, text="01-002") == ["01-002", "01-001"]


def test_a_search_may_be_sorted_otherwise(bank: SqlDatabase) -> None:
    assert found(bank, text="率", sort="id", descending=True) == ["01-002", "01-001"]


@pytest.mark.parametrize(
    "text", ["'", '"', "转化' OR '", 'a" OR "b', "NEAR(转化)", ":*", "& | !", "\x00"]
)
def test_no_text_is_taken_for_a_command(bank: SqlDatabase, text: str) -> None:
    found(bank, text=text)


def test_a_new_version_is_found_by_its_own_words_only(bank: SqlDatabase) -> None:
    store(bank, make_item("01-001", version=2, stem="曝光量？"), text="展示次数")
    assert found(bank, text="转化率") == []
    assert found(bank, text="曝光 展示") == ["01-001"]


def test_a_rolled_back_version_is_not_found(bank: SqlDatabase) -> None:
    with bank.writing() as work:
        assert work.items.add_version(make_item("01-009", stem="消失的题"), previous=0)
    assert found(bank, text="消失") == []


def test_tags_and_findings_are_conditions(database: SqlDatabase) -> None:
    store(database, make_item("a"), bloom="apply", work_area="P-D", chapter="01.2", errors=1)
    store(database, make_item("b"), stimulus="c1", errors=0, warnings=2)
    store(database, make_item("c", node="", level=""), errors=0, warnings=0)
    store(database, make_item("d"))
    for condition, expected in (
        ({"bloom": "apply"}, ["a"]),
        ({"work_area": "P-D"}, ["a"]),
        ({"chapter": "01.2"}, ["a"]),
        ({"stimulus": "c1"}, ["b"]),
        ({"findings": "errors"}, ["a"]),
        ({"findings": "warnings"}, ["b"]),
        ({"findings": "any"}, ["a", "b"]),
        ({"findings": "none"}, ["c"]),
        ({"untagged": True}, ["c"]),
    ):
        assert found(database, **condition) == expected, condition


def test_author_is_whoever_wrote_any_version(database: SqlDatabase) -> None:
    store(database, make_item("a", author="ann"))
    store(database, make_item("a", author="bob", version=2))
    store(database, make_item("b", author="bob"))
    assert found(database, author="ann") == ["a"]
    assert found(database, author="bob") == ["a", "b"]
    assert found(database, author="eve") == []


def test_changed_since_and_sorted_by_it(database: SqlDatabase) -> None:
    store(database, make_item("a", created_at=later(20)))
    store(database, make_item("b", created_at=later(10)))
    store(database, make_item("c", created_at=AT))
    assert found(database, changed_since=later(10)) == ["a", "b"]
    assert found(database, sort="changed", descending=True) == ["a", "b", "c"]


def test_in_a_release_and_in_use(database: SqlDatabase) -> None:
    for item_id in ("a", "b"):
        store(database, make_item(item_id))
    with database.writing() as work:
        work.releases.add(make_release(), b"", [("a", 1, "operational")])
        work.commit()
    store(database, make_item("b", version=2, status="retired"))
    assert found(database, release=make_release().digest) == ["a"]
    assert found(database, release="other") == []
    assert found(database, in_use=True) == ["a"]


def test_open_comments_are_counted_and_asked_for(database: SqlDatabase) -> None:
    for item_id in ("a", "b"):
        store(database, make_item(item_id))
    with database.writing() as work:
        first = work.comments.add(make_comment("a"))
        work.comments.add(make_comment("a", reply_to=first.id))
        closed = work.comments.add(make_comment("b"))
        work.comments.set_resolved(closed.id, later(5), "bob")
        work.commit()
    assert found(database, open_comments=True) == ["a"]
    assert [row.open_comments for row in listed(database)] == [1, 0]


def test_a_line_shows_the_newest_version_and_the_one_in_use(database: SqlDatabase) -> None:
    store(database, make_item("a"), bloom="apply", errors=0, warnings=1)
    store(database, make_item("a", version=2, status="draft", stem="新", author="ann"), errors=2)
    (line,) = listed(database)
    assert (line.version, line.released_version, line.status) == (2, 1, "draft")
    assert (line.stem, line.author, line.errors, line.bloom) == ("新", "ann", 2, "")
