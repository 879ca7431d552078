"""S-X2: expected shares by enumeration, the rule of merging, and what cannot be had."""

from itertools import product

import numpy as np
import pytest

from certify.psychometrics import irt
from certify.psychometrics.ability import AbilityGrid
from certify.psychometrics.diagnosing.summed_score_fit import (
    FitTable,
    collapsed,
    estimated_parameters,
    s_x2,
)
from certify.psychometrics.item_parameters import ItemParameters

GRID = AbilityGrid.normal(lower=-4.0, upper=4.0, count=21)
ITEMS = ItemParameters.of([1.0, 1.5, 0.7, 1.2], [-0.5, 0.0, 0.3, 0.8])


def simulated(items: ItemParameters, persons: int, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    p = irt.category_probabilities(rng.normal(size=persons), items)
    draw = rng.random((persons, len(items), 1))
    return (draw > p.cumsum(axis=-1)).sum(axis=-1).astype(float)


def test_statistic_by_enumeration_of_all_patterns() -> None:
    responses = simulated(ITEMS, 5000, 1)
    patterns = np.array(list(product([0, 1], repeat=4)))
    p = irt.probability(GRID.points, ITEMS)
    chance = np.where(patterns[:, None], p, 1 - p).prod(axis=-1) @ GRID.weights
    total = patterns.sum(axis=1)
    expected = []
    for item in range(4):
        value = 0.0
        for score in (1, 2, 3):
            group = responses[responses.sum(axis=1) == score]
            share = chance[(total == score) & (patterns[:, item] == 1)].sum()
            share /= chance[total == score].sum()
            observed = group[:, item].mean()
            value += len(group) * (observed - share) ** 2 / (share * (1 - share))
        expected.append(value)
    fit = s_x2(responses, ITEMS, GRID, estimated=np.zeros(4))
    np.testing.assert_allclose(fit.s_x2, expected)
    assert fit.df.tolist() == [3] * 4


def test_estimated_parameters_take_degrees_of_freedom() -> None:
    responses = simulated(ITEMS, 2000, 2)
    assert s_x2(responses, ITEMS).df.tolist() == [1] * 4
    assert s_x2(responses, ITEMS, estimated=np.ones(4)).df.tolist() == [2] * 4


def test_estimated_parameters_by_the_look_of_the_item() -> None:
    bank = ItemParameters.concatenate(
        [
            ItemParameters.of([1, 1, 1], [0, 0, 0], [0, 0.2, 0.2], [1, 1, 0.95]),
            ItemParameters.graded([1.0], [[-1, 0, 1]]),
        ]
    )
    assert estimated_parameters(bank).tolist() == [2, 3, 4, 4]


def test_model_holds_for_mixed_items_of_several_categories() -> None:
    items = ItemParameters.concatenate(
        [
            ItemParameters.of([1.0, 1.4, 0.8, 1.2, 1.0], [-1.0, -0.5, 0.0, 0.5, 1.0]),
            ItemParameters.graded([1.3, 0.9], [[-1.0, 0.0, 1.2], [-0.3, 0.7]]),
            ItemParameters.partial_credit([0.8], [[-0.5, 0.5]]),
        ]
    )
    known = np.zeros(len(items))
    p_values = [
        s_x2(simulated(items, 1500, seed), items, estimated=known).p_value for seed in range(12)
    ]
    share = float((np.array(p_values) < 0.05).mean())
    assert share < 0.15


def test_misfit_is_found() -> None:
    responses = simulated(ITEMS, 4000, 3)
    responses[:, 2] = np.random.default_rng(4).integers(0, 2, 4000)
    assert s_x2(responses, ITEMS).p_value[2] < 1e-6


def test_missing_response_is_refused_with_its_place() -> None:
    responses = simulated(ITEMS, 50, 5)
    responses[7, 2] = np.nan
    with pytest.raises(ValueError, match="person 7, item 2: raw scores need complete"):
        s_x2(responses, ITEMS)


def test_below_twenty_persons_the_reason_is_given() -> None:
    fit = s_x2(simulated(ITEMS, 19, 6), ITEMS)
    assert np.isnan(fit.s_x2).all()
    assert np.isnan(fit.p_value).all()
    assert fit.reasons == ("fewer than 20 persons",) * 4


def test_two_items_leave_no_degrees_of_freedom() -> None:
    fit = s_x2(simulated(ITEMS.take([0, 1]), 400, 7), ITEMS.take([0, 1]))
    assert np.isnan(fit.s_x2).all()
    assert all(fit.reasons)


def test_groups_without_and_with_one_person_are_merged_first() -> None:
    observed = np.array([[1.0, 0], [0, 0], [5, 5], [0, 1]])
    expected = np.array([[0.6, 0.4], [0, 0], [6, 4], [0.3, 0.7]])
    merged = collapsed(FitTable(observed, expected), 1.0)
    assert merged is None or merged.observed.sum() == observed.sum()
    wide = np.array([[10.0, 2], [8, 8], [0, 1]])
    due = np.array([[9.0, 3], [7, 9], [0.2, 0.8]])
    kept = collapsed(FitTable(wide, due), 1.0)
    assert kept is not None
    np.testing.assert_allclose(kept.observed, [[10, 2], [8, 9]])
    np.testing.assert_allclose(kept.expected, [[9, 3], [7.2, 9.8]])


def test_small_cells_join_their_smaller_neighbour() -> None:
    observed = np.array([[20.0, 1, 9, 30], [10, 10, 10, 10]])
    expected = np.array([[18.0, 0.5, 12, 29.5], [9, 11, 12, 8]])
    kept = collapsed(FitTable(observed, expected), 1.0)
    assert kept is not None
    np.testing.assert_allclose(kept.observed[0], [20, 10, 30, 0])
    np.testing.assert_allclose(kept.expected[0], [18, 12.5, 29.5, 0])


def test_small_groups_join_the_neighbour_with_fewer_persons() -> None:
    observed = np.array([[30.0, 20], [3, 0], [10, 10]])
    expected = np.array([[28.0, 22], [2.5, 0.5], [9, 11]])
    kept = collapsed(FitTable(observed, expected), 1.0)
    assert kept is not None
    np.testing.assert_allclose(kept.observed, [[30, 20], [13, 10]])
