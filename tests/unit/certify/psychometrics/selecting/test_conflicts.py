"""The conflict named is one, and there is no smaller one."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from hypothesis import given, settings

from certify.psychometrics.selecting.conflicts import smallest_conflict
from certify.psychometrics.selecting.constraints import (
    AttributeTotal,
    CategoryCounts,
    Constraint,
    TestLength,
)
from certify.psychometrics.selecting.programme import Programme, Requirement
from tests.unit.certify.psychometrics.programmes import best_by_scipy, constraint_sets


def conflict_of(programme: Programme, **limits: int) -> tuple[Requirement, ...]:
    count = programme.n_columns
    return smallest_conflict(programme, np.zeros(count), np.ones(count), **limits)


def is_feasible(
    programme: Programme, required: list[Requirement], *, is_whole: bool = True
) -> bool:
    count = programme.n_columns
    part = programme.with_sides(np.array([one in required for _, one in programme.requirements()]))
    zeros, ones = np.zeros(count), np.ones(count)
    return best_by_scipy(part, zeros, zeros, ones, is_whole=is_whole) is not None


def programme_of(*constraints: Constraint) -> Programme:
    return Programme.of(6, constraints)


def test_minimum_without_items_stands_alone() -> None:
    programme = programme_of(
        TestLength(2, 3), CategoryCounts.of("element", [0, 0, 1, 1, 1, 1], [1, 1, 2])
    )
    assert [str(one) for one in conflict_of(programme)] == ["element 2: at least 2"]


def test_minima_that_exceed_the_length_are_named_with_it() -> None:
    programme = programme_of(
        TestLength(3, 3),
        CategoryCounts.of("dimension", [0, 0, 1, 1, 2, 2], [2, 0, 2]),
        CategoryCounts.of("type", [0, 1, 0, 1, 0, 1], 0, 3),
    )
    assert [str(one) for one in conflict_of(programme)] == [
        "length: at most 3",
        "dimension 0: at least 2",
        "dimension 2: at least 2",
    ]


def test_smaller_of_two_conflicts_is_named() -> None:
    programme = programme_of(
        TestLength(3, 3),
        CategoryCounts.of("dimension", [0, 0, 1, 1, 2, 2], [2, 1, 1]),
        AttributeTotal("seconds", np.full(6, 50.0), maximum=120.0),
    )
    assert {str(one) for one in conflict_of(programme)} == {
        "length: at least 3",
        "seconds: at most 120",
    }


def test_conflict_of_whole_items_only_is_found() -> None:
    # half of each item would do
    programme = programme_of(
        TestLength(1, 1), AttributeTotal("seconds", np.array([10, 10, 10, 30, 30, 30.0]), 20, 20)
    )
    assert len(conflict_of(programme)) == 3


def test_no_conflict_gives_an_empty_answer() -> None:
    assert conflict_of(programme_of(TestLength(2, 3))) == ()


@settings(max_examples=25, deadline=None)
@given(constraints=constraint_sets(12, with_sets=False))
def test_no_smaller_set_of_requirements_is_in_conflict(constraints: tuple[Constraint, ...]) -> None:
    programme = Programme.of(12, constraints)
    everything = [one for _, one in programme.requirements()]
    found = list(conflict_of(programme))
    if is_feasible(programme, everything):
        assert not found
        return
    assert not is_feasible(programme, found)
    # where fractional points fail, the conflict named is a smallest one of fractional points
    is_whole = is_feasible(programme, everything, is_whole=False)
    for smaller in combinations(everything, min(len(found), 4) - 1):
        assert is_feasible(programme, list(smaller), is_whole=is_whole)


def test_search_that_is_cut_short_names_nothing_superfluous() -> None:
    programme = programme_of(
        TestLength(3, 3), CategoryCounts.of("dimension", [0, 0, 1, 1, 2, 2], [2, 0, 2])
    )
    found = list(conflict_of(programme, max_rounds=1))
    assert not is_feasible(programme, found)
    for one in found:
        assert is_feasible(programme, [other for other in found if other is not one])
