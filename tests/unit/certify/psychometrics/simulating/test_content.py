"""Content constraints in lock-step: whatever is drawn, the bounds hold at every length."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from certify.psychometrics.simulating.content import CategoryBounds, ContentPlan, ContentState

LONGEST = 30


@settings(max_examples=60, deadline=None)
@given(
    parts=st.lists(st.integers(1, 20), min_size=2, max_size=7),
    slack=st.sampled_from([0.0, 0.5, 1.0, 2.0]),
    shortest=st.sampled_from([0, 7, 24]),
    seed=st.integers(0, 2**32 - 1),
)
def test_any_choice_among_the_allowed_keeps_every_bound(
    parts: list[int], slack: float, shortest: int, seed: int
) -> None:
    shares = np.array(parts) / sum(parts)
    bounds = CategoryBounds.proportional(shares, LONGEST, slack=slack, shortest=shortest)
    source = np.random.default_rng(seed)
    counts = np.zeros((40, len(parts)), dtype=np.int16)
    for length in range(LONGEST):
        allowed = bounds.allowed(counts, length)
        assert allowed.any(axis=1).all()
        liking = np.where(allowed, source.random(allowed.shape), -1.0)
        counts[np.arange(40), liking.argmax(axis=1)] += 1
        lengths = np.full(40, length + 1)
        assert not bounds.violations(counts.astype(np.int64), lengths).any()


def test_without_looking_ahead_the_bounds_would_break() -> None:
    """The property above can fail: upper bounds alone do not keep the lower ones."""
    bounds = CategoryBounds.proportional([0.26, 0.26, 0.24, 0.24], LONGEST)
    counts = np.zeros((200, 4), dtype=np.int16)
    source = np.random.default_rng(1)
    is_broken = np.zeros(200, dtype=bool)
    for length in range(LONGEST):
        below = counts < bounds.upper[length + 1]
        liking = np.where(below, source.random(below.shape), -1.0)
        counts[np.arange(200), liking.argmax(axis=1)] += 1
        is_broken |= bounds.violations(counts.astype(np.int64), np.full(200, length + 1))
    assert is_broken.any()


def test_the_rule_by_shares_keeps_them_too() -> None:
    shares = np.array([0.05, 0.10, 0.15, 0.15, 0.25, 0.30])
    bounds = CategoryBounds.proportional(shares, 60)
    plan = ContentPlan(np.arange(600) % 6, bounds)
    state = ContentState(plan, 600, 3)
    for length in range(60):
        category = state.choose(state.allowed(6), None)
        free = np.stack([np.flatnonzero(row[:600]) for row in state.free])
        state.record(
            np.array([own[own % 6 == c][0] for own, c in zip(free, category, strict=True)])
        )
        counts = state.counts.astype(np.int64)
        assert not bounds.violations(counts, np.full(3, length + 1)).any()


def test_enemies_and_full_elements_are_no_longer_free() -> None:
    plan = ContentPlan(
        np.zeros(6, dtype=np.intp),
        CategoryBounds.proportional([1.0], 6),
        elements=np.array([0, 0, 0, 1, 1, 1]),
        most_per_element=[2, 3],
        enemies=[(0, 5), (5, 3)],
    )
    state = ContentState(plan, 6, 2)
    state.record(np.array([5, 0]))
    assert state.free[:, :6].tolist() == [
        [False, True, True, False, True, False],
        [False, True, True, True, True, False],
    ]
    state.record(np.array([1, 1]))
    assert state.free[1, :6].tolist() == [False, False, False, True, True, False]


def test_shares_that_do_not_sum_to_one_are_refused() -> None:
    with pytest.raises(ValueError, match="sum to 1"):
        CategoryBounds.proportional([0.5, 0.4], 10)


def test_exams_of_the_shortest_length_hold_their_shares_rounded_down() -> None:
    bounds = CategoryBounds.proportional([0.05, 0.95], 30, slack=2.0, shortest=24)
    assert bounds.lower[23].tolist() == [0, 19]
    assert bounds.lower[24].tolist() == [1, 22]
    assert bounds.lower[30].tolist() == [1, 26]
