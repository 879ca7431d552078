"""What waits for approval: for whom, since when, in which order."""

from __future__ import annotations

from typing import Any

import pytest

from certify.errors import NotPermitted
from certify.services.advancing import advance_item
from certify.services.authoring import save_item
from certify.services.awaiting import list_waiting
from certify.services.banking import get_item
from certify.services.context import ServiceContext
from question_bank.exchange.native import item_to_mapping
from question_bank.lifecycle import ItemAction
from tests.authors import REVIEWER, STUDENT, WRITER
from tests.examined import Examined


@pytest.fixture
def context(examined: Examined) -> ServiceContext:
    return examined.context


def submit(examined: Examined, item_id: str, actor: Any = WRITER, note: str = "") -> None:
    newest = get_item(examined.context, item_id)
    data = {**item_to_mapping(newest.item), "takeaway": "改过。"}
    save_item(examined.context, data, based_on=newest.version, actor=actor, note=note, submit=True)
    examined.clock.advance(hours=1)


def test_an_empty_queue_leads_nowhere(context: ServiceContext) -> None:
    queue = list_waiting(context, actor=REVIEWER)
    assert (queue.for_me, queue.for_others, queue.total) == ((), (), 0)
    assert queue.around("01-001") == (None, None)
    assert queue.place_of("01-001") is None


def test_the_longest_waiting_comes_first_and_ones_own_stands_aside(examined: Examined) -> None:
    submit(examined, "01-003", note="请看选项")
    submit(examined, "01-001")
    submit(examined, "01-002", actor=REVIEWER)
    queue = list_waiting(examined.context, actor=REVIEWER)
    assert [one.item.item_id for one in queue.for_me] == ["01-003", "01-001"]
    assert [one.item.item_id for one in queue.for_others] == ["01-002"]
    first = queue.for_me[0]
    assert (first.authors, first.note) == (("writer",), "请看选项")
    assert first.item.changed_at < queue.for_me[1].item.changed_at
    mirrored = list_waiting(examined.context, actor=WRITER)
    assert [one.item.item_id for one in mirrored.for_me] == ["01-002"]


def test_the_way_through_the_queue(examined: Examined) -> None:
    for item_id in ("01-001", "01-002", "01-003"):
        submit(examined, item_id)
    queue = list_waiting(examined.context, actor=REVIEWER)
    assert queue.around("01-001") == (None, "01-002")
    assert queue.around("01-002") == ("01-001", "01-003")
    assert queue.around("01-003") == ("01-002", None)
    assert queue.around("09-001") == (None, "01-001")
    assert queue.place_of("01-003") == 3


def test_what_is_approved_waits_no_longer(examined: Examined) -> None:
    submit(examined, "01-001")
    advance_item(examined.context, "01-001", ItemAction.APPROVE, actor=REVIEWER)
    assert list_waiting(examined.context, actor=REVIEWER).total == 0


def test_only_teachers_see_the_queue(context: ServiceContext) -> None:
    with pytest.raises(NotPermitted):
        list_waiting(context, actor=STUDENT)
