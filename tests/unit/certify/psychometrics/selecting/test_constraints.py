"""What each kind of constraint says as rows, and the mistakes it refuses."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from certify.psychometrics.selecting.constraints import (
    AttributeTotal,
    CategoryCounts,
    Constraint,
    EnemyItems,
    ItemSets,
    TestLength,
)
from certify.psychometrics.selecting.programme import Programme


def allows(constraint: Constraint, n_items: int, chosen: list[int], own: list[int]) -> bool:
    programme = Programme.of(n_items, [constraint])
    x = np.zeros(programme.n_columns)
    x[chosen] = 1.0
    x[[n_items + at for at in own]] = 1.0
    return not len(programme.broken_rows(x))


@pytest.mark.parametrize(("count", "expected"), [(1, False), (2, True), (3, True), (4, False)])
def test_length_is_bounded_on_both_sides(count: int, expected: bool) -> None:
    assert allows(TestLength(2, 3), 5, list(range(count)), []) is expected


def test_category_has_a_minimum_and_a_maximum() -> None:
    counts = CategoryCounts.of("dimension", [0, 0, 0, 1, 1], [1, 0], [2, 1])
    assert allows(counts, 5, [0, 3], [])
    assert not allows(counts, 5, [3], [])
    assert not allows(counts, 5, [0, 1, 2], [])
    assert not allows(counts, 5, [0, 3, 4], [])


def test_item_without_a_category_counts_nowhere() -> None:
    counts = CategoryCounts.of("type", [-1, -1, 0], 0, 0)
    assert allows(counts, 3, [0, 1], [])
    assert not allows(counts, 3, [2], [])


def test_one_bound_holds_for_every_category() -> None:
    counts = CategoryCounts.of("answer key", [0, 1, 2], 1, n_categories=3)
    assert allows(counts, 3, [0, 1, 2], [])
    assert not allows(counts, 3, [0, 1], [])


def test_category_of_a_minimum_without_items_is_not_forgotten() -> None:
    programme = Programme.of(2, [CategoryCounts.of("element", [0, 0], [0, 1])])
    assert [str(one) for _, one in programme.requirements()] == ["element 1: at least 1"]


def test_requirement_names_the_category_by_its_label() -> None:
    counts = CategoryCounts.of("element", [0, 1], [1, 0], [1, 0], labels=["01", "T1"])
    assert [str(one) for _, one in Programme.of(2, [counts]).requirements()] == [
        "element 01: at least 1",
        "element 01: at most 1",
        "element T1: at most 0",
    ]


def test_unbounded_category_needs_no_row() -> None:
    assert Programme.of(3, [CategoryCounts.of("type", [0, 1, 1])]).n_rows == 0


def test_total_sums_the_attribute() -> None:
    seconds = AttributeTotal("seconds", np.array([30.0, 40.5, 50.0]), 60.0, 80.5)
    assert allows(seconds, 3, [0, 2], [])
    assert allows(seconds, 3, [0, 2], [])
    assert not allows(seconds, 3, [1, 2], [])
    assert not allows(seconds, 3, [2], [])


def test_one_of_a_set_of_enemies_may_come() -> None:
    enemies = EnemyItems.of([[0, 2, 3], [1]])
    assert allows(enemies, 4, [1, 2], [])
    assert not allows(enemies, 4, [0, 3], [])


def test_used_set_gives_no_fewer_and_no_more_than_its_bounds() -> None:
    sets = ItemSets(np.array([0, 0, 0, 1, 1, -1]), 2, 2)
    assert allows(sets, 6, [0, 2, 5], [0])
    assert allows(sets, 6, [5], [])
    assert not allows(sets, 6, [0], [0])
    assert not allows(sets, 6, [0, 1, 2], [0])
    assert not allows(sets, 6, [3, 4], [0])


def test_number_of_sets_in_use_is_bounded() -> None:
    sets = ItemSets(np.array([0, 1, 2]), 1, 1, least_sets=1, most_sets=2)
    assert allows(sets, 3, [0, 1], [0, 1])
    assert not allows(sets, 3, [0, 1, 2], [0, 1, 2])
    assert not allows(sets, 3, [], [])


@pytest.mark.parametrize(
    "fault",
    [
        lambda: TestLength(3, 2),
        lambda: CategoryCounts.of("element", [0, 1], [2, 0], [1, 1]),
        lambda: CategoryCounts.of("element", [0, 2], [0, 0], [1, 1]),
        lambda: CategoryCounts.of("element", [0, 1], [0, 0], [1, 1, 1]),
        lambda: CategoryCounts.of("element", [0, 1], labels=["01"]),
        lambda: AttributeTotal("seconds", np.array([1.0, np.nan])),
        lambda: AttributeTotal("seconds", np.array([1.0]), 2.0, 1.0),
        lambda: ItemSets(np.array([0]), 0, 1),
        lambda: ItemSets(np.array([0]), 2, 1),
    ],
)
def test_contradictory_constraint_is_refused(fault: Callable[[], Constraint]) -> None:
    with pytest.raises(ValueError, match="expected"):
        fault()


@pytest.mark.parametrize(
    "constraint",
    [
        CategoryCounts.of("dimension", [0, 1], 1),
        AttributeTotal("seconds", np.ones(2), maximum=1.0),
        EnemyItems.of([[0, 3]]),
        EnemyItems.of([[-1, 1]]),
        ItemSets(np.array([0, 1]), 1, 1),
    ],
)
def test_constraint_on_another_number_of_items_is_refused(constraint: Constraint) -> None:
    with pytest.raises(ValueError, match="expected"):
        Programme.of(3, [constraint])
