"""What a release would be, told before it is published, and kept to when it is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from certify.errors import ItemNotReady
from certify.exams.errors import BlueprintNotSatisfiable
from certify.services.authoring import keep_calibration
from certify.services.banking import (
    check_item,
    get_item,
    list_items,
)
from certify.services.context import ServiceContext
from certify.services.ports import ItemFilter, StoredItem
from certify.services.releasing import publish_release
from certify.services.reviewing import review_release
from question_bank.exchange.native import item_to_mapping
from question_bank.item import Item, ItemStatus
from tests.authors import WRITER, bring
from tests.examined import Examined, spoil_item
from tests.factories import calibrated, make_item


def save(
    context: ServiceContext, stored: StoredItem, status: ItemStatus, **changes: object
) -> None:
    data = {**stored.content, **changes}
    bring(context, data, status, based_on=stored.version)


def stored_items(context: ServiceContext, **conditions: Any) -> list[StoredItem]:
    return list(list_items(context, ItemFilter(**conditions), size=2000).rows)


def test_an_unchanged_bank_gives_nothing_new(examined: Examined) -> None:
    review = review_release(examined.context)
    assert review.is_publishable
    assert not review.is_new
    assert review.newest is not None
    assert review.items == review.newest.item_count


def test_what_changed_since_the_newest_release_is_listed(examined: Examined) -> None:
    first, second, third = stored_items(examined.context)[:3]
    save(examined.context, first, ItemStatus.RETIRED)
    save(examined.context, second, ItemStatus.OPERATIONAL, takeaway="先看主体。")
    new = {**third.content, "id": "01-900"}
    bring(examined.context, new, ItemStatus.OPERATIONAL)
    review = review_release(examined.context)
    assert review.is_new
    assert (review.added, review.changed, review.removed) == (
        ("01-900",),
        (second.item_id,),
        (first.item_id,),
    )


def test_an_error_in_one_item_forbids_the_release(examined: Examined) -> None:
    first = stored_items(examined.context)[0]
    spoil_item(examined.context, first.item_id, stem="")
    review = review_release(examined.context)
    assert [finding.item_id for finding in review.errors] == [first.item_id]
    assert not review.is_publishable


def test_an_item_with_errors_is_saved_as_a_draft_only(examined: Examined) -> None:
    first = stored_items(examined.context)[0]
    with pytest.raises(ItemNotReady, match=rf"{first.item_id} .* First, stem: the stem is empty"):
        save(examined.context, first, ItemStatus.OPERATIONAL, stem="")
    assert get_item(examined.context, first.item_id).status is ItemStatus.DRAFT


def test_an_exam_without_items_of_a_dimension_is_told_and_not_published(
    examined: Examined,
) -> None:
    for stored in stored_items(examined.context, dimension="T"):
        save(examined.context, stored, ItemStatus.RETIRED)
    review = review_release(examined.context)
    lacking = {exam.programme.code for exam in review.exams if exam.shortages}
    assert "trade-special" in lacking
    assert all(s.dimension == "T" and s.found == 0 for e in review.exams for s in e.shortages)
    assert not review.is_publishable
    with pytest.raises(BlueprintNotSatisfiable, match="dimension T needs"):
        publish_release(examined.context, title="缺题", actor=WRITER)


def test_an_empty_bank_lacks_everything(examined: Examined) -> None:
    for stored in stored_items(examined.context):
        save(examined.context, stored, ItemStatus.RETIRED)
    review = review_release(examined.context)
    assert review.items == 0
    assert all(exam.shortages for exam in review.exams)
    assert not review.is_publishable


def test_an_enemy_that_is_not_stored_is_found(examined: Examined) -> None:
    first, second = stored_items(examined.context)[:2]
    data = {**first.content, "enemies": [second.item_id, "99-999"]}
    _item, findings = check_item(examined.context, data)
    assert ["99-999" in finding.message for finding in findings if finding.rule == "1.3"] == [True]


def test_a_new_item_is_judged_without_an_id(examined: Examined) -> None:
    data = dict(stored_items(examined.context)[0].content)
    del data["id"]
    item, findings = check_item(examined.context, data)
    assert (item.id, findings) == ("", [])


@pytest.mark.parametrize(
    ("edited", "kept"),
    [
        (make_item(source="别处"), True),
        (make_item(stem="另一问？"), False),
        (make_item(answer_key=None), False),
    ],
    ids=["source", "stem", "key"],
)
def test_a_calibration_is_kept_while_the_candidate_sees_the_same(edited: Item, kept: bool) -> None:
    before = replace(make_item(), calibration=calibrated())
    data = keep_calibration(before, item_to_mapping(edited), edited)
    assert ("calibration" in data) is kept


def test_an_item_without_calibration_gets_none(examined: Examined) -> None:
    item = get_item(examined.context, stored_items(examined.context)[0].item_id).item
    assert "calibration" not in keep_calibration(item, item_to_mapping(item), item)
