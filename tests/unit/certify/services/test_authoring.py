"""Writing items: drafts beside what is in use, conflicts without loss, working copies ended."""

from __future__ import annotations

from typing import Any

import pytest

from certify.errors import EditConflict, InvalidField, ItemNotReady, NotFound, NotPermitted, OwnWork
from certify.services.advancing import advance_item
from certify.services.authoring import next_item_id, save_item, save_towards, view_conflict
from certify.services.banking import (
    get_item,
    list_changes,
    list_items,
    list_stored_versions,
    released_version,
)
from certify.services.context import ServiceContext
from certify.services.drafting import get_working_copy, save_working_copy
from certify.services.ports import ItemFilter
from question_bank.exchange.native import item_to_mapping
from question_bank.item import ItemStatus
from question_bank.lifecycle import ItemAction
from question_bank.merging import Side
from tests.authors import REVIEWER, STUDENT, WRITER, bring
from tests.examined import Examined
from tests.factories import make_item

ITEM = "01-001"


@pytest.fixture
def context(examined: Examined) -> ServiceContext:
    return examined.context


def data_of(context: ServiceContext, item_id: str = ITEM, **changes: Any) -> dict[str, Any]:
    return {**item_to_mapping(get_item(context, item_id).item), **changes}


def test_a_save_is_a_draft_beside_the_version_in_use(context: ServiceContext) -> None:
    saved = save_item(
        context, data_of(context, stem="改了？"), based_on=1, actor=WRITER, note="更准"
    )
    assert (saved.version, saved.status, saved.author) == (2, ItemStatus.DRAFT, "writer")
    assert released_version(context, ITEM) == 1
    stored = list_stored_versions(context, ITEM)[0]
    assert (stored.action, stored.note, stored.based_on) == ("edit", "更准", 1)


def test_what_is_sent_to_review_must_have_no_error(context: ServiceContext) -> None:
    with pytest.raises(ItemNotReady):
        save_item(context, data_of(context, stem=""), based_on=1, actor=WRITER, submit=True)
    saved = save_item(context, data_of(context), based_on=1, actor=WRITER, submit=True)
    assert saved.status is ItemStatus.IN_REVIEW


def test_a_new_item_gets_the_next_free_id(context: ServiceContext) -> None:
    expected = next_item_id(context, "01")
    data = data_of(context)
    del data["id"]
    assert save_item(context, data, based_on=0, actor=WRITER).item.id == expected
    assert next_item_id(context, "01") != expected


def test_an_untagged_item_gets_an_id_too(context: ServiceContext) -> None:
    data = data_of(context, node="", dimension="", level="")
    del data["id"]
    assert save_item(context, data, based_on=0, actor=WRITER).item.id == "X-001"
    assert next_item_id(context, "") == "X-002"


def test_an_id_that_another_node_took_is_not_given_again(context: ServiceContext) -> None:
    taken = next_item_id(context, "01")
    save_item(
        context, data_of(context, id=taken, node="02", dimension="S"), based_on=0, actor=WRITER
    )
    assert next_item_id(context, "01") not in (taken, "")


def test_only_teachers_write(context: ServiceContext) -> None:
    with pytest.raises(NotPermitted):
        save_item(context, data_of(context), based_on=1, actor=STUDENT)


def test_a_note_has_an_end(context: ServiceContext) -> None:
    with pytest.raises(InvalidField, match="note"):
        save_item(context, data_of(context), based_on=1, actor=WRITER, note="长" * 2001)


def test_a_save_ends_the_working_copy(context: ServiceContext) -> None:
    save_working_copy(context, ITEM, {"stem": "半"}, based_on=1, actor=WRITER)
    save_working_copy(context, "new-7", {"stem": "新"}, based_on=0, actor=WRITER)
    save_item(context, data_of(context), based_on=1, actor=WRITER)
    assert get_working_copy(context, ITEM, actor=WRITER) is None
    new = data_of(context, id="01-990")
    save_item(context, new, based_on=0, actor=WRITER, place="new-7")
    assert get_working_copy(context, "new-7", actor=WRITER) is None


def test_the_history_tells_who_changed_what(context: ServiceContext) -> None:
    bring(context, data_of(context, stem="改了？"), ItemStatus.OPERATIONAL, based_on=1)
    changes = list_changes(context, ITEM)
    assert [(c.action, c.version.author, [d.field for d in c.differences]) for c in changes] == [
        ("activate", "writer", []),
        ("approve", "reviewer", []),
        ("submit", "writer", []),
        ("edit", "writer", ["stem"]),
        ("ship", "shipped", []),
    ]


# --- conflicts -----------------------------------------------------------------------------


def test_a_lost_race_is_refused_and_put_together(context: ServiceContext) -> None:
    mine = data_of(context, stem="我的题干？", source="我的来源")
    theirs = data_of(context, takeaway="对方的要点。", source="对方的来源")
    save_item(context, theirs, based_on=1, actor=REVIEWER)
    with pytest.raises(EditConflict):
        save_item(context, mine, based_on=1, actor=WRITER)
    clash = view_conflict(context, mine, 1)
    assert (clash.base.version, clash.theirs.version, clash.theirs.author) == (1, 2, "reviewer")
    assert [conflict.field for conflict in clash.merge.conflicts] == ["source"]
    chosen = clash.merge.chosen({"source": Side.THEIRS})
    saved = save_item(context, chosen, based_on=clash.theirs.version, actor=WRITER)
    assert saved.version == 3
    assert (saved.item.stem, saved.item.explanation.takeaway, saved.item.source) == (
        "我的题干？",
        "对方的要点。",
        "对方的来源",
    )


@pytest.mark.parametrize(("item_id", "based_on"), [(ITEM, 7), ("99-999", 1)])
def test_a_conflict_without_a_base_is_not_found(
    context: ServiceContext, item_id: str, based_on: int
) -> None:
    with pytest.raises(NotFound):
        view_conflict(context, data_of(context, id=item_id), based_on)


# --- as far as one may ---------------------------------------------------------------------


def test_what_did_not_change_makes_no_version(context: ServiceContext) -> None:
    saved = save_towards(
        context, data_of(context), status=ItemStatus.OPERATIONAL, based_on=1, actor=WRITER
    )
    assert saved.version == 1


def test_changed_content_goes_to_review_and_no_further(context: ServiceContext) -> None:
    data = data_of(context, stem="改了？")
    wish = ItemStatus.OPERATIONAL
    saved = save_towards(context, data, status=wish, based_on=1, actor=WRITER)
    assert (saved.version, saved.status) == (2, ItemStatus.IN_REVIEW)
    with pytest.raises(OwnWork):
        save_towards(context, data, status=wish, based_on=2, actor=WRITER)
    approved = save_towards(context, data, status=wish, based_on=2, actor=REVIEWER)
    assert (approved.version, approved.status) == (4, ItemStatus.OPERATIONAL)
    assert released_version(context, ITEM) == 4


def test_a_stale_wish_is_a_conflict(context: ServiceContext) -> None:
    save_item(context, data_of(context, stem="先到？"), based_on=1, actor=REVIEWER)
    with pytest.raises(EditConflict):
        save_towards(context, data_of(context), status=ItemStatus.RETIRED, based_on=1, actor=WRITER)


def test_changed_and_retired_at_once_keeps_the_change(context: ServiceContext) -> None:
    saved = save_towards(
        context,
        data_of(context, stem="最后的样子？"),
        status=ItemStatus.RETIRED,
        based_on=1,
        actor=WRITER,
    )
    assert (saved.version, saved.status, saved.item.stem) == (3, ItemStatus.RETIRED, "最后的样子？")


def test_a_restored_item_begins_as_a_draft(context: ServiceContext) -> None:
    advance_item(context, ITEM, ItemAction.RETIRE, actor=WRITER)
    restored = save_towards(
        context, data_of(context), status=ItemStatus.DRAFT, based_on=2, actor=WRITER
    )
    assert restored.status is ItemStatus.DRAFT
    assert list_items(context, ItemFilter(status="draft")).total == 1


def test_a_new_item_may_be_written_in_one_go(context: ServiceContext) -> None:
    data = item_to_mapping(make_item("01-800"))
    assert bring(context, data, ItemStatus.PRETEST).status is ItemStatus.PRETEST
    assert released_version(context, "01-800") == 4
