"""The next item: worth for its time, best few with ties, balance of categories."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from certify.psychometrics.irt import ItemParameters, information
from certify.psychometrics.selection import (
    best_indices,
    information_for_time,
    neediest_category,
    one_of_best,
    progressive_share,
    progressive_values,
)

ALL = np.array([True, True, True, True])


def test_worth_is_information_over_the_root_of_the_time() -> None:
    items = ItemParameters.of([1.0, 1.0, 2.0], [0.0, 0.0, 0.0], [0, 0, 0.2])
    worth = information_for_time(0.3, items, np.array([25.0, 100.0, 4.0]))
    assert worth == pytest.approx(information(0.3, items) / np.array([5.0, 10.0, 2.0]))


def test_best_come_by_falling_value() -> None:
    values = np.array([0.1, 0.4, 0.2, 0.3])
    assert best_indices(values, ALL, 3).tolist() == [1, 3, 2]


def test_ties_go_to_the_lower_index() -> None:
    values = np.array([0.2, 0.5, 0.5, 0.2])
    assert best_indices(values, ALL, 4).tolist() == [1, 2, 0, 3]


def test_only_eligible_items_are_considered() -> None:
    values = np.array([0.9, 0.1, 0.8, 0.2])
    eligible = np.array([False, True, False, True])
    assert best_indices(values, eligible, 3).tolist() == [3, 1]


def test_nothing_eligible_gives_nothing() -> None:
    assert best_indices(np.ones(4), np.zeros(4, dtype=bool), 3).tolist() == []


def counts_after(shares: list[Fraction], length: int) -> list[list[int]]:
    """Counts per category after 1, 2, ... `length` items chosen by the rule."""
    given_items = np.zeros(len(shares), dtype=np.int64)
    available = np.ones(len(shares), dtype=bool)
    course = []
    for _ in range(length):
        chosen = neediest_category(np.array(shares, dtype=float), given_items, available)
        given_items[chosen] += 1
        course.append(given_items.tolist())
    return course


def assert_within_one(weights: list[int], length: int) -> None:
    shares = [Fraction(weight, sum(weights)) for weight in weights]
    for number, counts in enumerate(counts_after(shares, length), start=1):
        for share, count in zip(shares, counts, strict=True):
            assert abs(share * number - count) < 1, (weights, number, counts)


@given(weights=st.lists(st.integers(1, 1000), min_size=1, max_size=10), length=st.integers(1, 60))
def test_every_count_stays_within_one_of_its_share(weights: list[int], length: int) -> None:
    assert_within_one(weights, length)


@pytest.mark.parametrize(
    "weights",
    [
        # taking the category furthest below its share leaves some of these behind by more than one
        [37, 408, 4272, 5283],
        [4352, 794, 80, 4686, 88],
        [5189, 444, 47, 195, 196, 3929],
        # the shipped programmes
        [10, 30, 15, 5, 15, 25],
        [15, 20, 20, 10, 15, 20],
        [15, 15, 15, 15, 20, 20],
    ],
)
def test_small_categories_beside_two_large_ones_are_not_left_behind(weights: list[int]) -> None:
    assert_within_one(weights, 150)


@given(weights=st.lists(st.integers(1, 50), min_size=2, max_size=6))
def test_shares_are_exact_at_a_length_that_they_divide(weights: list[int]) -> None:
    shares = [Fraction(weight, sum(weights)) for weight in weights]
    assert counts_after(shares, sum(weights))[-1] == weights


def test_equal_categories_take_turns_from_the_lower_index() -> None:
    course = counts_after([Fraction(1, 3)] * 3, 4)
    assert course == [[1, 0, 0], [1, 1, 0], [1, 1, 1], [2, 1, 1]]


def test_category_without_items_is_passed_over() -> None:
    available = np.array([False, True, True])
    chosen = neediest_category(np.array([0.8, 0.05, 0.15]), np.array([0, 0, 0]), available)
    assert chosen == 2


def test_when_only_full_categories_have_items_left_one_of_them_is_taken() -> None:
    available = np.array([False, True, True])
    chosen = neediest_category(np.array([0.6, 0.1, 0.3]), np.array([2, 2, 4]), available)
    assert chosen == 2


def test_no_category_left_is_an_error() -> None:
    with pytest.raises(ValueError, match="no category has an item left"):
        neediest_category(np.array([0.5, 0.5]), np.array([1, 1]), np.array([False, False]))


def test_one_of_the_best_is_drawn_for_each_person() -> None:
    values = np.array([[0.1, 0.4, 0.2, 0.3], [0.4, 0.3, 0.2, 0.1], [0.4, 0.3, 0.2, 0.1]])
    eligible = np.array([ALL, ALL, [False, False, True, False]])
    drawn = [
        one_of_best(values, eligible, 2, np.full(3, uniform)).tolist() for uniform in (0.0, 0.999)
    ]
    assert drawn == [[1, 0, 2], [3, 1, 2]]


def test_person_without_eligible_items_gets_none() -> None:
    none = np.zeros((1, 4), dtype=bool)
    assert one_of_best(np.ones((1, 4)), none, 3, np.array([0.5])).tolist() == [-1]


def test_progressive_share_rises_from_chance_to_worth() -> None:
    shares = [progressive_share(position, 5) for position in range(1, 6)]
    assert shares == pytest.approx([0.0, 0.1, 0.3, 0.6, 1.0])
    assert progressive_share(1, 1) == 1.0
    late = [progressive_share(position, 5, acceleration=3.0) for position in range(1, 6)]
    assert all(a <= b for a, b in zip(late, shares, strict=True))


@pytest.mark.parametrize("position", [0, 6])
def test_position_outside_the_exam_is_refused(position: int) -> None:
    with pytest.raises(ValueError, match="position from 1 to 5"):
        progressive_share(position, 5)


def test_progressive_values_mix_chance_and_worth() -> None:
    values = np.array([0.2, 0.4, 9.0])
    eligible = np.array([True, True, False])
    found = progressive_values(values, eligible, 0.25, np.array([0.5, 0.0, 1.0]))
    assert found[:2] == pytest.approx([0.75 * 0.5 * 0.4 + 0.25 * 0.2, 0.25 * 0.4])
    assert progressive_values(values, eligible, 1.0, np.zeros(3)) == pytest.approx(values)
