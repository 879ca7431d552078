"""The table of an item's life: ways through it, who wrote what, and nothing left over."""

from __future__ import annotations

import pytest

from question_bank.item import ItemStatus
from question_bank.lifecycle import (
    TRANSITION_OF,
    TRANSITIONS,
    WRITING_ACTIONS,
    Event,
    ItemAction,
    open_authors,
    steps_towards,
    transitions_from,
)

S, A = ItemStatus, ItemAction


def walk(status: ItemStatus, actions: tuple[ItemAction, ...]) -> ItemStatus:
    """Where steps lead; each must be open."""
    for action in actions:
        step = TRANSITION_OF[action]
        assert status in step.sources
        status = step.target
    return status


def test_every_action_but_writing_and_shipping_is_one_step() -> None:
    assert len(TRANSITION_OF) == len(TRANSITIONS)
    assert set(TRANSITION_OF) == set(ItemAction) - WRITING_ACTIONS - {A.SHIP}


def test_only_approval_needs_another_person() -> None:
    assert [step.action for step in TRANSITIONS if step.by_another] == [A.APPROVE]


def test_nothing_with_errors_comes_nearer_to_exams() -> None:
    nearer = {S.IN_REVIEW, S.APPROVED, S.PRETEST, S.OPERATIONAL}
    assert all(step.without_errors is (step.target in nearer) for step in TRANSITIONS)


def test_sending_back_asks_for_a_reason() -> None:
    assert [step.action for step in TRANSITIONS if step.with_reason] == [A.SEND_BACK]


def test_a_retired_item_can_only_be_restored() -> None:
    assert [step.action for step in transitions_from(S.RETIRED)] == [A.RESTORE]


@pytest.mark.parametrize("status", ItemStatus)
def test_no_status_is_a_dead_end(status: ItemStatus) -> None:
    assert transitions_from(status)


@pytest.mark.parametrize("status", [S.DRAFT, S.IN_REVIEW, S.APPROVED, S.PRETEST, S.RETIRED])
def test_every_status_leads_to_operational(status: ItemStatus) -> None:
    assert walk(status, tuple(steps_towards(status, S.OPERATIONAL))) is S.OPERATIONAL


@pytest.mark.parametrize(
    ("status", "wanted", "steps"),
    [
        (S.DRAFT, S.OPERATIONAL, (A.SUBMIT, A.APPROVE, A.ACTIVATE)),
        (S.DRAFT, S.PRETEST, (A.SUBMIT, A.APPROVE, A.PRETEST)),
        (S.PRETEST, S.OPERATIONAL, (A.ACTIVATE,)),
        (S.PRETEST, S.APPROVED, ()),
        (S.IN_REVIEW, S.DRAFT, (A.WITHDRAW,)),
        (S.OPERATIONAL, S.RETIRED, (A.RETIRE,)),
        (S.OPERATIONAL, S.DRAFT, ()),
        (S.OPERATIONAL, S.PRETEST, ()),
        (S.OPERATIONAL, S.APPROVED, ()),
        (S.RETIRED, S.IN_REVIEW, (A.RESTORE, A.SUBMIT)),
        (S.APPROVED, S.APPROVED, ()),
    ],
)
def test_the_way_from_one_status_to_another(
    status: ItemStatus, wanted: ItemStatus, steps: tuple[ItemAction, ...]
) -> None:
    assert tuple(steps_towards(status, wanted)) == steps


def events(*pairs: tuple[ItemAction, str]) -> list[Event]:
    """A history, oldest first as one tells it."""
    return [Event(action, author) for action, author in reversed(pairs)]


def test_authors_are_those_who_wrote_since_the_last_approval() -> None:
    history = events(
        (A.EDIT, "ann"),
        (A.SUBMIT, "ann"),
        (A.APPROVE, "bob"),
        (A.ACTIVATE, "ann"),
        (A.EDIT, "eve"),
        (A.TAG, "dan"),
        (A.SUBMIT, "bob"),
    )
    assert open_authors(history) == {"eve", "dan"}


def test_who_sent_back_may_approve_what_comes_again() -> None:
    history = events((A.IMPORT, "ann"), (A.SUBMIT, "ann"), (A.SEND_BACK, "bob"), (A.EDIT, "ann"))
    assert open_authors(history) == {"ann"}


def test_what_came_with_the_product_was_approved_elsewhere() -> None:
    assert open_authors(events((A.EDIT, "ann"), (A.SHIP, "shipped"))) == frozenset()
