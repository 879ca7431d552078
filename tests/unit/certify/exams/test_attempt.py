"""What may be added to an attempt, and what is derived from it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from certify.exams.attempt import AttemptState, EndReason, check_acceptable
from certify.exams.errors import AttemptEnded, StaleResponse, WrongPosition
from tests.factories import AT, make_attempt, make_item, make_response, serve

MINUTE = dt.timedelta(minutes=1)
MOMENT = dt.timedelta(microseconds=1)
RUNNING = serve(make_attempt(), make_item())
DEADLINE = RUNNING.deadline_at


def accept(record: Any = RUNNING, **changes: Any) -> None:
    check_acceptable(record, **{"position": 1, "revision": 1, "now": AT + MINUTE, **changes})


def test_answer_to_the_current_item_is_accepted() -> None:
    accept()
    accept(now=DEADLINE - MOMENT)


def test_answer_at_exactly_the_deadline_is_too_late() -> None:
    with pytest.raises(AttemptEnded, match=r"ended \(closed\)"):
        accept(now=DEADLINE)


@pytest.mark.parametrize(
    ("reason", "state"),
    [
        (EndReason.HANDED_IN, "handed_in"),
        (EndReason.CONFIDENT, "handed_in"),
        (EndReason.MAX_ITEMS, "handed_in"),
        (EndReason.POOL_EXHAUSTED, "handed_in"),
        (EndReason.TIME, "closed"),
        (EndReason.VOIDED, "voided"),
    ],
)
def test_answer_after_the_end_is_refused(reason: EndReason, state: str) -> None:
    ended = serve(make_attempt(ended_at=AT + MINUTE, end_reason=reason), make_item())
    assert ended.state_at(AT) is AttemptState(state)
    assert ended.remaining_seconds(AT) == 0
    with pytest.raises(AttemptEnded, match=state):
        accept(ended)


def test_voided_stays_voided_after_the_deadline() -> None:
    voided = make_attempt(ended_at=AT, end_reason=EndReason.VOIDED)
    assert voided.state_at(DEADLINE + MINUTE) is AttemptState.VOIDED


@pytest.mark.parametrize("position", [0, 2, -1])
def test_answer_to_another_item_is_refused(position: int) -> None:
    with pytest.raises(WrongPosition, match=f"to item 1, found one to item {position}"):
        accept(position=position)


def test_answer_to_an_earlier_item_is_refused() -> None:
    second = serve(RUNNING, make_item("01-002"))
    accept(second, position=2)
    with pytest.raises(WrongPosition):
        accept(second, position=1)


def test_answer_before_the_first_item_is_refused() -> None:
    with pytest.raises(WrongPosition, match="Expected an answer to item 0"):
        accept(make_attempt())


def test_revision_must_be_newer_than_the_stored_one() -> None:
    stored = make_attempt(served=RUNNING.served, responses=(make_response(1, revision=3),))
    accept(stored, revision=4)
    for revision in (3, 2, 1):
        with pytest.raises(StaleResponse, match=f"revision 3, received {revision}"):
            accept(stored, revision=revision)


def test_end_is_judged_before_position_and_position_before_revision() -> None:
    with pytest.raises(AttemptEnded):
        accept(position=9, now=DEADLINE)
    stored = make_attempt(served=RUNNING.served, responses=(make_response(1, revision=3),))
    with pytest.raises(WrongPosition):
        accept(stored, position=2, revision=1)


def test_repeated_idempotency_key_finds_the_stored_answer() -> None:
    first, second = make_response(1), make_response(2, ("a",))
    record = make_attempt(responses=(first, second))
    assert record.find_repeat("request-2") is second
    assert record.find_repeat("request-3") is None


def test_state_follows_the_servers_time() -> None:
    assert RUNNING.state_at(AT) is AttemptState.RUNNING
    assert RUNNING.state_at(DEADLINE - MOMENT) is AttemptState.RUNNING
    assert RUNNING.state_at(DEADLINE) is AttemptState.CLOSED


def test_remaining_time_counts_down_to_zero() -> None:
    assert RUNNING.remaining_seconds(AT) == 45 * 60
    assert RUNNING.remaining_seconds(DEADLINE - MOMENT) == pytest.approx(1e-6)
    assert RUNNING.remaining_seconds(DEADLINE) == 0
    assert RUNNING.remaining_seconds(DEADLINE + MINUTE) == 0


def test_current_item_is_the_one_served_last() -> None:
    assert make_attempt().current is None
    second = serve(RUNNING, make_item("01-002"))
    assert second.current is second.served[1]
    assert second.current.position == 2


def test_newest_revision_counts_whatever_the_order_of_arrival() -> None:
    late, early = make_response(1, ("a",), revision=2), make_response(1, ("b",), revision=1)
    record = make_attempt(served=RUNNING.served, responses=(late, early))
    assert record.latest_response(1) is late
    assert record.latest_response(2) is None
    assert record.counted_responses() == {1: ["a"]}


def test_draft_counts_when_nothing_newer_came() -> None:
    draft = make_response(1, ("a",), is_final=False)
    record = make_attempt(served=RUNNING.served, responses=(draft,))
    assert record.counted_responses() == {1: ["a"]}


def test_answer_to_an_item_that_was_never_served_does_not_count() -> None:
    record = make_attempt(served=RUNNING.served, responses=(make_response(2),))
    assert record.counted_responses() == {}


def test_answer_received_at_the_deadline_or_later_does_not_count() -> None:
    """Whatever got into the record: only what came before the deadline is scored."""
    early = make_response(1, ("b",), received_at=DEADLINE - MOMENT)
    late = make_response(1, ("a",), revision=2, received_at=DEADLINE)
    record = make_attempt(served=RUNNING.served, responses=(early, late))
    assert record.counted_responses() == {1: ["b"]}
