"""Tags for many items at once: next drafts, one line each, nothing half done."""

from __future__ import annotations

import pytest

from certify.errors import InvalidField, NotPermitted
from certify.services.banking import get_item, list_stored_versions, released_version
from certify.services.context import ServiceContext
from certify.services.retagging import TagChange, retag_items
from question_bank.item import ItemStatus
from tests.authors import STUDENT, WRITER
from tests.examined import Examined


@pytest.fixture
def context(examined: Examined) -> ServiceContext:
    return examined.context


def test_tags_are_set_as_drafts_beside_what_is_in_use(context: ServiceContext) -> None:
    tags = TagChange(bloom="evaluate", chapter="09.9")
    outcomes = retag_items(context, ["01-001", "01-002"], tags, actor=WRITER, note="整理")
    assert [(one.item_id, one.version) for one in outcomes] == [("01-001", 2), ("01-002", 2)]
    newest = get_item(context, "01-001")
    assert (newest.status, newest.item.bloom) == (ItemStatus.DRAFT, "evaluate")
    assert newest.item.chapter == "09.9"
    assert released_version(context, "01-001") == 1
    stored = list_stored_versions(context, "01-001")[0]
    assert (stored.action, stored.note) == ("tag", "整理")


def test_what_has_the_tags_already_makes_no_version(context: ServiceContext) -> None:
    level = get_item(context, "01-001").item.level
    (outcome,) = retag_items(context, ["01-001"], TagChange(level=level), actor=WRITER)
    assert (outcome.version, outcome.is_done) == (1, True)


def test_a_moved_item_takes_the_dimension_of_its_node(context: ServiceContext) -> None:
    retag_items(context, ["01-001"], TagChange(node="T3"), actor=WRITER)
    item = get_item(context, "01-001").item
    assert (item.node, item.dimension) == ("T3", context.skill_model.nodes["T3"].primary)


def test_items_that_are_not_there_are_told(context: ServiceContext) -> None:
    outcomes = retag_items(context, ["99-999", "01-001"], TagChange(bloom="apply"), actor=WRITER)
    assert [type(one.error).__name__ for one in outcomes] == ["NotFound", "NoneType"]


@pytest.mark.parametrize(
    "tags",
    [TagChange(), TagChange(node="99"), TagChange(level="master"), TagChange(dimension="Q")],
)
def test_tags_that_the_bank_does_not_know_are_refused(
    context: ServiceContext, tags: TagChange
) -> None:
    with pytest.raises(InvalidField):
        retag_items(context, ["01-001"], tags, actor=WRITER)


def test_only_teachers_tag(context: ServiceContext) -> None:
    with pytest.raises(NotPermitted):
        retag_items(context, ["01-001"], TagChange(bloom="apply"), actor=STUDENT)
