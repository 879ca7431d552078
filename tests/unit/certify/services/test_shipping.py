"""Upgrades of the product: new items and new versions, where nobody touched the old ones."""

from __future__ import annotations

from dataclasses import replace

import pytest

from certify.services import shipping
from certify.services.authoring import save_item
from certify.services.banking import get_item, judge_unjudged, list_stored_versions
from certify.services.context import ServiceContext
from certify.services.shipping import load_shipped_bank
from question_bank.exchange.native import item_to_mapping
from question_bank.item import Item, ItemStatus
from question_bank.shipped import load_shipped_items
from tests.authors import WRITER
from tests.examined import Examined


@pytest.fixture
def context(examined: Examined) -> ServiceContext:
    return examined.context


@pytest.fixture
def upgraded(monkeypatch: pytest.MonkeyPatch) -> tuple[Item, ...]:
    """A product whose first two items say something else, and which has a new one."""
    first, second, *others = load_shipped_items()
    items = (
        replace(first, stem="新版的题干一？"),
        replace(second, stem="新版的题干二？"),
        *others,
        replace(first, id="01-899", enemies=()),
    )
    monkeypatch.setattr(shipping, "load_shipped_items", lambda: items)
    return items


def test_the_same_product_changes_nothing(context: ServiceContext) -> None:
    assert load_shipped_bank(context) == 0


def test_an_upgrade_brings_new_items_and_new_versions(
    context: ServiceContext, upgraded: tuple[Item, ...]
) -> None:
    assert load_shipped_bank(context) == 3
    newest = get_item(context, upgraded[0].id)
    assert (newest.version, newest.status, newest.author) == (2, ItemStatus.OPERATIONAL, "shipped")
    assert newest.item == upgraded[0]
    assert get_item(context, "01-899").version == 1
    assert load_shipped_bank(context) == 0


def test_what_anybody_touched_stays_as_it_is(
    context: ServiceContext, upgraded: tuple[Item, ...]
) -> None:
    data = {**item_to_mapping(get_item(context, upgraded[0].id).item), "takeaway": "本校的要点。"}
    save_item(context, data, based_on=1, actor=WRITER)
    assert load_shipped_bank(context) == 2
    assert [one.author for one in list_stored_versions(context, upgraded[0].id)] == [
        "writer",
        "shipped",
    ]


def test_shipped_items_are_judged_when_they_are_stored(context: ServiceContext) -> None:
    assert judge_unjudged(context) == 0
