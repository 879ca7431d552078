"""Looking at two versions of an item side by side."""

from __future__ import annotations

import pytest

from certify.errors import NotFound
from certify.services.authoring import save_item
from certify.services.banking import compare_versions, get_item
from question_bank.exchange.native import item_to_mapping
from tests.authors import WRITER
from tests.examined import Examined

ITEM = "01-001"


def test_any_two_versions_are_compared_either_way(examined: Examined) -> None:
    context = examined.context
    data = item_to_mapping(get_item(context, ITEM).item)
    save_item(context, {**data, "source": "改过的来源"}, based_on=1, actor=WRITER)
    save_item(context, {**data, "stem": "改过的题干？"}, based_on=2, actor=WRITER)
    forwards = compare_versions(context, ITEM, 1, 3)
    assert [(one.field, one.after) for one in forwards] == [("stem", "改过的题干？")]
    backwards = compare_versions(context, ITEM, 3, 1)
    assert [(one.field, one.before) for one in backwards] == [("stem", "改过的题干？")]
    assert {one.field for one in compare_versions(context, ITEM, 2, 3)} == {"stem", "source"}
    assert compare_versions(context, ITEM, 2, 2) == ()


def test_a_version_that_is_not_there_is_not_found(examined: Examined) -> None:
    with pytest.raises(NotFound, match="01-001 v9"):
        compare_versions(examined.context, ITEM, 1, 9)
