"""Leitner's boxes: what an answer does to an item, and when the item comes back."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certify.exams.repetition import WAITS, Repetition, repeat

NOW = dt.datetime(2026, 11, 20, 9, 0, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


def test_a_first_right_answer_skips_the_first_box() -> None:
    assert repeat(None, True, NOW) == Repetition(2, 0, NOW + 3 * DAY)


def test_a_wrong_answer_puts_the_item_into_the_first_box_from_anywhere() -> None:
    before = Repetition(5, 0, NOW - DAY)
    assert repeat(before, False, NOW) == Repetition(1, 1, NOW + DAY)


@pytest.mark.parametrize(("box", "days"), [(1, 3), (2, 7), (3, 14), (4, 30), (5, 30)])
def test_a_right_answer_when_due_moves_the_item_on(box: int, days: int) -> None:
    after = repeat(Repetition(box, 1, NOW), True, NOW)
    assert after == Repetition(min(box + 1, 5), 1, NOW + days * DAY)


def test_a_right_answer_before_the_item_is_due_changes_nothing() -> None:
    before = Repetition(2, 1, NOW + DAY)
    assert repeat(before, True, NOW) == before


def test_a_mistake_leaves_the_book_after_right_answers_on_two_days() -> None:
    place, now = repeat(None, False, NOW), NOW
    assert place.is_mistake
    place = repeat(place, True, now)
    assert place.is_mistake
    for _ in range(2):
        assert place.is_mistake
        now = place.due_at
        place = repeat(place, True, now)
    assert not place.is_mistake
    assert (now - NOW).days == 4


def test_what_was_never_wrong_is_in_no_mistake_book() -> None:
    assert not repeat(None, True, NOW).is_mistake


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 60)), min_size=1, max_size=30))
def test_boxes_stay_in_range_and_mistakes_count_wrong_answers(
    history: list[tuple[bool, int]],
) -> None:
    place, now = None, NOW
    for is_correct, days in history:
        now += days * DAY
        place = repeat(place, is_correct, now)
        assert 1 <= place.box <= len(WAITS)
        assert place.due_at <= now + WAITS[-1]
    assert place is not None
    assert place.mistakes == sum(not is_correct for is_correct, _ in history)
