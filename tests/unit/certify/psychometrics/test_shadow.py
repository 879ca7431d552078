"""Shadow tests are optimal, complete and the same whatever was assembled before."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from certify.psychometrics.errors import ConflictingRequirements
from certify.psychometrics.item_parameters import FloatArray
from certify.psychometrics.selecting.constraints import (
    AttributeTotal,
    CategoryCounts,
    Constraint,
    EnemyItems,
    ItemSets,
    TestLength,
)
from certify.psychometrics.selecting.integer_search import Certificate
from certify.psychometrics.shadow import ShadowAssembler
from tests.unit.certify.psychometrics.programmes import best_by_scipy, constraint_sets

N = 24


def random_values(seed: int, n: int = N) -> FloatArray:
    return np.random.default_rng(seed).gamma(2.0, 0.3, n)


@settings(max_examples=60, deadline=None)
@given(
    constraints=constraint_sets(N),
    seed=st.integers(0, 10**6),
    node_limit=st.sampled_from([0, 3, 500]),
)
def test_shadow_tests_are_optimal_and_break_no_constraint(
    constraints: tuple[Constraint, ...], seed: int, node_limit: int
) -> None:
    assembler = ShadowAssembler(N, constraints, random_values(0), node_limit=node_limit)
    programme = assembler.programme
    administered: list[int] = []
    for step in range(3):
        values = random_values(seed + step)
        gain = np.append(values, np.zeros(programme.n_columns - N))
        lower, upper = np.zeros(programme.n_columns), np.ones(programme.n_columns)
        lower[administered] = 1.0
        expected = best_by_scipy(programme, gain, lower, upper)
        if expected is None:
            with pytest.raises(ConflictingRequirements, match=r"at (least|most)"):
                assembler.assemble(values, administered)
            return
        found = assembler.assemble(values, administered)
        assert found.value == pytest.approx(expected, abs=1e-8)
        assert found.relaxed_value >= found.value - 1e-9
        assert set(administered) <= set(found.items.tolist())
        lower[:N] = upper[:N] = np.isin(np.arange(N), found.items)
        assert best_by_scipy(programme, gain, lower, upper) is not None
        if not len(found.free):
            return
        administered.append(int(found.free[0]))


def test_items_come_by_falling_value_and_free_ones_are_new() -> None:
    assembler = ShadowAssembler(5, [TestLength(3, 3)], np.ones(5))
    found = assembler.assemble(np.array([0.1, 0.5, 0.3, 0.9, 0.2]), [0])
    assert found.items.tolist() == [3, 1, 0]
    assert found.free.tolist() == [3, 1]
    assert found.certificate is Certificate.INTEGRAL_RELAXATION


def crossing_assembler(node_limit: int = 3000) -> ShadowAssembler:
    """A knapsack over a partition: its relaxation is fractional more often than not."""
    source = np.random.default_rng(5)
    return ShadowAssembler(
        60,
        [
            TestLength(10, 10),
            CategoryCounts.of("dimension", np.arange(60) % 4, 2, 3),
            AttributeTotal("seconds", source.uniform(20, 100, 60), maximum=420.0),
        ],
        random_values(1, 60),
        node_limit=node_limit,
    )


def test_result_does_not_depend_on_what_was_assembled_before() -> None:
    # provisional banks have many items of equal value: several tests are then optimal
    values = [np.round(random_values(seed, 60), 1) for seed in range(6)]
    used = crossing_assembler()
    once = [used.assemble(one).items.tolist() for one in values]
    again = [used.assemble(one).items.tolist() for one in reversed(values)]
    fresh = [crossing_assembler().assemble(one).items.tolist() for one in values]
    assert once == again[::-1] == fresh


def test_branch_and_bound_and_branch_and_cut_agree() -> None:
    ours, solvers = crossing_assembler(), crossing_assembler(node_limit=0)
    for seed in range(8):
        values = random_values(seed, 60)
        found, other = ours.assemble(values), solvers.assemble(values)
        assert found.items.tolist() == other.items.tolist()
        if found.certificate is Certificate.BRANCH_AND_BOUND:
            assert other.certificate is Certificate.BRANCH_AND_CUT


def test_items_that_are_not_eligible_are_left_out() -> None:
    eligible = np.arange(60) % 3 != 0
    found = crossing_assembler().assemble(random_values(3, 60), eligible=eligible)
    assert eligible[found.items].all()
    assert not found.is_eligibility_dropped


def test_item_given_before_it_lost_eligibility_stays() -> None:
    found = crossing_assembler().assemble(
        random_values(3, 60), [6], eligible=np.arange(60) % 3 != 0
    )
    assert 6 in found.items
    assert not found.is_eligibility_dropped


def test_without_enough_eligible_items_as_few_others_as_possible_come() -> None:
    assembler = ShadowAssembler(
        8,
        [TestLength(4, 4), CategoryCounts.of("dimension", [0, 0, 0, 0, 1, 1, 1, 1], 2)],
        np.ones(8),
    )
    eligible = np.array([1, 1, 1, 1, 1, 0, 0, 0], dtype=bool)
    found = assembler.assemble(np.array([0.1, 0.2, 0.3, 0.4, 0.1, 5.0, 9.0, 7.0]), (), eligible)
    assert found.is_eligibility_dropped
    assert sorted(found.items.tolist()) == [2, 3, 4, 6]
    assert found.value == pytest.approx(0.3 + 0.4 + 0.1 + 9.0)


def test_set_comes_whole_or_not_at_all() -> None:
    codes = np.array([0, 0, 0, -1, -1, -1])
    assembler = ShadowAssembler(6, [TestLength(3, 3), ItemSets(codes, 3, 3)], np.ones(6))
    assert sorted(assembler.assemble(np.array([9, 9, 0, 5, 5, 5.0])).items) == [0, 1, 2]
    assert sorted(assembler.assemble(np.array([9, 2, 0, 5, 5, 5.0])).items) == [3, 4, 5]
    assert sorted(assembler.assemble(np.array([9, 2, 0, 5, 5, 5.0]), [1]).items) == [0, 1, 2]


def test_total_missed_by_less_than_the_solvers_tolerance_is_still_missed() -> None:
    seconds = np.array([1.0, 1.0, 1.0, 0.9])
    assembler = ShadowAssembler(
        4, [TestLength(2, 2), AttributeTotal("seconds", seconds, maximum=2.0 - 5e-9)], np.ones(4)
    )
    assert 3 in assembler.assemble(np.array([5.0, 4.0, 3.0, 0.1])).items


def test_all_values_zero_still_give_a_test() -> None:
    assert len(crossing_assembler().assemble(np.zeros(60)).items) == 10


def test_values_of_another_number_of_items_are_refused() -> None:
    with pytest.raises(ValueError, match="expected a value for each of 60 items"):
        crossing_assembler().assemble(np.ones(59))


def test_two_enemies_already_given_are_named() -> None:
    assembler = ShadowAssembler(6, [TestLength(3, 3), EnemyItems.of([[1, 4]])], np.ones(6))
    with pytest.raises(ConflictingRequirements, match="together: enemies 0: at most 1\\. "):
        assembler.assemble(np.ones(6), [1, 4])
