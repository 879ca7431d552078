"""Releases of a living bank: what goes in, what changed, what stays."""

from __future__ import annotations

from typing import Any

import pytest

from certify.errors import AmbiguousRelease, NotFound, NotPermitted, ReleaseInUse
from certify.services.authoring import save_item
from certify.services.banking import get_item
from certify.services.context import ServiceContext
from certify.services.examining import pool_of
from certify.services.ports import StoredRelease
from certify.services.releasing import (
    compare_releases,
    count_attempts,
    delete_release,
    get_release,
    list_releases,
    publish_release,
)
from certify.services.reviewing import review_release
from question_bank.exchange.native import item_to_mapping
from question_bank.item import ItemStatus
from tests.authors import MANAGER, STUDENT, WRITER, bring
from tests.examined import Examined

ITEM = "01-001"


@pytest.fixture
def context(examined: Examined) -> ServiceContext:
    return examined.context


def data_of(context: ServiceContext, item_id: str = ITEM, **changes: Any) -> dict[str, Any]:
    return {**item_to_mapping(get_item(context, item_id).item), **changes}


def publish(context: ServiceContext, title: str = "三月") -> StoredRelease:
    return publish_release(context, title=title, actor=WRITER)


def test_a_release_takes_the_version_in_use_and_not_the_draft(context: ServiceContext) -> None:
    save_item(context, data_of(context, stem="还没审过？"), based_on=1, actor=WRITER)
    release = get_release(context, publish(context).digest)
    assert release.by_id[ITEM].stem != "还没审过？"
    assert not review_release(context).changed


def test_an_approved_change_enters_the_next_release(context: ServiceContext) -> None:
    (first,) = list_releases(context)
    bring(context, data_of(context, stem="审过了？"), ItemStatus.OPERATIONAL, based_on=1)
    second = publish(context)
    assert get_release(context, second.digest).by_id[ITEM].stem == "审过了？"
    compared = compare_releases(context, first.digest, second.digest[:8])
    assert (compared.added, compared.removed) == ((), ())
    (change,) = compared.changed
    assert (change.item_id, change.before.version, change.after.version) == (ITEM, 1, 5)
    assert [difference.field for difference in change.differences] == ["stem"]


def test_an_item_approved_again_unchanged_is_no_change(context: ServiceContext) -> None:
    (first,) = list_releases(context)
    bring(context, data_of(context), ItemStatus.OPERATIONAL, based_on=1)
    assert compare_releases(context, first.digest, publish(context).digest).is_empty


def test_what_came_and_went_is_told(context: ServiceContext) -> None:
    (first,) = list_releases(context)
    bring(context, data_of(context, id="01-900"), ItemStatus.OPERATIONAL)
    bring(context, data_of(context), ItemStatus.RETIRED, based_on=1)
    compared = compare_releases(context, first.digest, publish(context).digest)
    assert [version.item.id for version in compared.added] == ["01-900"]
    assert [version.item.id for version in compared.removed] == [ITEM]


def test_pretest_items_are_released_and_neither_selected_nor_scored(
    context: ServiceContext,
) -> None:
    bring(context, data_of(context, id="01-900"), ItemStatus.PRETEST)
    review = review_release(context)
    assert (review.pretest, review.added) == (1, ("01-900",))
    stored = publish(context)
    release = get_release(context, stored.digest)
    assert stored.item_count == len(release.operational) + 1
    programme = next(iter(context.programmes.values()))
    with context.database.reading() as work:
        pool = pool_of(context, work, programme, stored.digest)
    assert "01-900" in release.by_id
    assert "01-900" not in pool.index_of


def test_only_teachers_publish(context: ServiceContext) -> None:
    with pytest.raises(NotPermitted):
        publish_release(context, title="三月", actor=STUDENT)


def test_a_release_in_use_stays(context: ServiceContext) -> None:
    (release,) = list_releases(context)
    assert count_attempts(context, release.digest) == 1
    with pytest.raises(ReleaseInUse, match="1 attempt"):
        delete_release(context, release.digest, actor=MANAGER)
    assert list_releases(context) == (release,)


def test_an_unused_release_may_be_deleted_by_an_administrator(context: ServiceContext) -> None:
    former = list_releases(context)
    bring(context, data_of(context, stem="改了？"), ItemStatus.OPERATIONAL, based_on=1)
    release = publish(context)
    with pytest.raises(NotPermitted):
        delete_release(context, release.digest, actor=WRITER)
    delete_release(context, release.digest, actor=MANAGER)
    assert list_releases(context) == former
    with pytest.raises(NotFound):
        delete_release(context, release.digest, actor=MANAGER)


def test_a_release_is_named_by_enough_of_its_digest(
    context: ServiceContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    (release,) = list_releases(context)
    compare_releases(context, release.digest[:6], release.digest)
    for name in (release.digest[:5], "0" * 64, ""):
        with pytest.raises(NotFound):
            compare_releases(context, name, release.digest)
    monkeypatch.setattr("certify.services.releasing.SHORTEST_DIGEST", 0)
    publish(context)
    with pytest.raises(AmbiguousRelease, match="2 releases"):
        compare_releases(context, "", release.digest)
