"""Steps of an item's life: who may take them, for one item and for many."""

from __future__ import annotations

from typing import Any

import pytest

from certify.errors import (
    EditConflict,
    InvalidField,
    ItemNotReady,
    NotFound,
    NotPermitted,
    OwnWork,
    WrongStatus,
)
from certify.services.advancing import advance_item, advance_items, list_steps
from certify.services.authoring import save_item
from certify.services.banking import get_item, list_stored_versions, search_items
from certify.services.context import ServiceContext
from certify.services.ports import ItemFilter
from question_bank.exchange.native import item_to_mapping
from question_bank.item import ItemStatus
from question_bank.lifecycle import ItemAction
from tests.authors import REVIEWER, STUDENT, WRITER, bring
from tests.examined import Examined, spoil_item

A, S = ItemAction, ItemStatus
ITEM = "01-001"


@pytest.fixture
def context(examined: Examined) -> ServiceContext:
    return examined.context


def data_of(context: ServiceContext, item_id: str = ITEM, **changes: Any) -> dict[str, Any]:
    return {**item_to_mapping(get_item(context, item_id).item), **changes}


@pytest.fixture
def waiting(context: ServiceContext) -> ServiceContext:
    """The item is in review, written by the writer."""
    save_item(context, data_of(context, stem="改了？"), based_on=1, actor=WRITER, submit=True)
    return context


def test_nobody_approves_what_they_wrote(waiting: ServiceContext) -> None:
    with pytest.raises(OwnWork, match="another teacher"):
        advance_item(waiting, ITEM, A.APPROVE, actor=WRITER)
    assert advance_item(waiting, ITEM, A.APPROVE, actor=REVIEWER).status is S.APPROVED


def test_the_author_may_put_the_approved_item_to_use(waiting: ServiceContext) -> None:
    advance_item(waiting, ITEM, A.APPROVE, actor=REVIEWER)
    assert advance_item(waiting, ITEM, A.ACTIVATE, actor=WRITER).status is S.OPERATIONAL


def test_an_item_is_tried_out_before_it_counts(waiting: ServiceContext) -> None:
    advance_item(waiting, ITEM, A.APPROVE, actor=REVIEWER)
    assert advance_item(waiting, ITEM, A.PRETEST, actor=WRITER).status is S.PRETEST
    assert advance_item(waiting, ITEM, A.ACTIVATE, actor=WRITER).status is S.OPERATIONAL


def test_who_edits_in_review_is_an_author_too(waiting: ServiceContext) -> None:
    data = data_of(waiting, stem="审的人改了？")
    save_item(waiting, data, based_on=2, actor=REVIEWER, submit=True)
    for author in (WRITER, REVIEWER):
        with pytest.raises(OwnWork):
            advance_item(waiting, ITEM, A.APPROVE, actor=author)


def test_an_item_goes_back_with_a_reason(waiting: ServiceContext) -> None:
    for note in ("", "  "):
        with pytest.raises(InvalidField, match="note: expected a reason"):
            advance_item(waiting, ITEM, A.SEND_BACK, actor=REVIEWER, note=note)
    back = advance_item(waiting, ITEM, A.SEND_BACK, actor=REVIEWER, note="选项太像")
    assert back.status is S.DRAFT
    assert list_stored_versions(waiting, ITEM)[0].note == "选项太像"
    # having sent it back makes no author
    advance_item(waiting, ITEM, A.SUBMIT, actor=WRITER)
    assert advance_item(waiting, ITEM, A.APPROVE, actor=REVIEWER).status is S.APPROVED


def test_a_step_that_the_status_does_not_allow_is_refused(waiting: ServiceContext) -> None:
    for action in (A.SUBMIT, A.ACTIVATE, A.PRETEST, A.RESTORE):
        with pytest.raises(WrongStatus, match="in_review"):
            advance_item(waiting, ITEM, action, actor=WRITER)


def test_a_step_upon_an_older_version_is_a_conflict(waiting: ServiceContext) -> None:
    with pytest.raises(EditConflict):
        advance_item(waiting, ITEM, A.APPROVE, actor=REVIEWER, based_on=1)


def test_only_teachers_take_steps(waiting: ServiceContext) -> None:
    with pytest.raises(NotPermitted):
        advance_item(waiting, ITEM, A.RETIRE, actor=STUDENT)
    with pytest.raises(NotPermitted):
        advance_items(waiting, [ITEM], A.RETIRE, actor=STUDENT)


def test_an_unknown_item_is_not_found(context: ServiceContext) -> None:
    with pytest.raises(NotFound):
        advance_item(context, "99-999", A.RETIRE, actor=WRITER)


def test_an_item_with_errors_does_not_go_on(context: ServiceContext) -> None:
    save_item(context, data_of(context, stem=""), based_on=1, actor=WRITER)
    with pytest.raises(ItemNotReady):
        advance_item(context, ITEM, A.SUBMIT, actor=WRITER)


def test_a_file_nobody_brought_keeps_an_item_back(context: ServiceContext) -> None:
    files = [{"name": "a.png", "media_type": "image/png", "digest": "0" * 64}]
    save_item(context, data_of(context, files=files), based_on=1, actor=WRITER)
    with pytest.raises(ItemNotReady, match=r"a\.png is missing"):
        advance_item(context, ITEM, A.SUBMIT, actor=WRITER)


def test_open_steps_are_told_with_what_keeps_one_from_them(waiting: ServiceContext) -> None:
    mine = {step.transition.action: step.refusal for step in list_steps(waiting, ITEM, WRITER)}
    assert set(mine) == {A.WITHDRAW, A.APPROVE, A.SEND_BACK, A.RETIRE}
    assert isinstance(mine.pop(A.APPROVE), OwnWork)
    assert set(mine.values()) == {None}
    others = [step.refusal for step in list_steps(waiting, ITEM, REVIEWER)]
    assert others == [None] * 4


def test_many_items_are_taken_on_and_each_is_told(context: ServiceContext) -> None:
    for item_id in ("01-001", "01-002", "01-003"):
        version = get_item(context, item_id).version
        data = data_of(context, item_id, takeaway="先核对。")
        save_item(context, data, based_on=version, actor=WRITER)
    spoil_item(context, "01-003", stem="")
    wanted = ["01-003", "01-001", "99-999", "01-002", "01-001", "02-001"]
    outcomes = advance_items(context, wanted, A.SUBMIT, actor=WRITER)
    assert [(o.item_id, o.version, type(o.error).__name__) for o in outcomes] == [
        ("01-003", None, "ItemNotReady"),
        ("01-001", 3, "NoneType"),
        ("99-999", None, "NotFound"),
        ("01-002", 3, "NoneType"),
        ("02-001", None, "WrongStatus"),
    ]
    assert search_items(context, ItemFilter(status="in_review")).total == 2
    refused = advance_items(context, ["01-001", "01-002"], A.APPROVE, actor=WRITER)
    assert {type(outcome.error) for outcome in refused} == {OwnWork}
    done = advance_items(context, ["01-001", "01-002"], A.APPROVE, actor=REVIEWER)
    assert all(outcome.is_done for outcome in done)


def test_many_are_sent_back_with_a_reason_only(waiting: ServiceContext) -> None:
    with pytest.raises(InvalidField, match="note"):
        advance_items(waiting, [ITEM], A.SEND_BACK, actor=REVIEWER)


def test_too_many_at_once_are_refused(context: ServiceContext) -> None:
    wanted = [f"x-{number}" for number in range(10_001)]
    with pytest.raises(InvalidField, match="items"):
        advance_items(context, wanted, A.RETIRE, actor=WRITER)


def test_every_step_leaves_a_line_in_the_trail(waiting: ServiceContext) -> None:
    advance_item(waiting, ITEM, A.APPROVE, actor=REVIEWER)
    with waiting.database.reading() as work:
        (newest, former) = work.audit.page(number=1, size=2, about=[ITEM]).rows
    assert (newest.action, newest.actor, newest.detail) == (
        "item.approve",
        "reviewer",
        "v3 approved",
    )
    assert former.action == "item.save"


def test_a_teacher_may_bring_an_item_all_the_way_with_another(context: ServiceContext) -> None:
    assert bring(context, data_of(context, stem="改了？"), S.OPERATIONAL, based_on=1).version == 5
