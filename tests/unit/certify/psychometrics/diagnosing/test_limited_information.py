"""M2 and C2: the moment covariance by enumeration, calibration under the model, and refusals."""

from itertools import product

import numpy as np
import pytest

from certify.psychometrics import irt
from certify.psychometrics.ability import AbilityGrid
from certify.psychometrics.diagnosing.limited_information import m2
from certify.psychometrics.diagnosing.moment_structure import (
    Moments,
    MomentStructure,
    Slopes,
    Statistics,
    population_of,
    statistics_of,
    structure_of,
)
from certify.psychometrics.item_parameters import ItemParameters

GRID = AbilityGrid.normal(lower=-4.0, upper=4.0, count=15)
MIXED = ItemParameters.concatenate(
    [
        ItemParameters.of([1.1], [-0.3], [0.15]),
        ItemParameters.graded([1.4], [[-0.6, 0.8]]),
        ItemParameters.partial_credit([0.9], [[0.2, -0.1]]),
        ItemParameters.of([0.8], [0.5], 0.0, 0.95),
    ]
)
BINARY = ItemParameters.of([1.0, 1.2, 0.8, 1.5, 0.9, 1.1], [-1.0, -0.5, 0.0, 0.3, 0.7, 1.1])


def structure(items: ItemParameters, moments: Moments) -> tuple[MomentStructure, Statistics]:
    population = population_of(
        items, GRID.points, GRID.weights, Slopes.FREE, items.c > 0, items.d < 1
    )
    statistics = statistics_of(items.max_category, moments)
    return structure_of(population, statistics), statistics


def statistic_values(patterns: np.ndarray, statistics: Statistics) -> np.ndarray:
    single = statistics.value[np.arange(len(statistics.owner)), patterns[:, statistics.owner]]
    pairs = patterns[:, statistics.first] * patterns[:, statistics.second]
    return np.concatenate([single, pairs], axis=1)


@pytest.mark.parametrize("moments", list(Moments))
def test_moments_and_covariance_by_enumeration(moments: Moments) -> None:
    found, statistics = structure(MIXED, moments)
    patterns = np.array(list(product(*(range(k + 1) for k in MIXED.max_category))))
    p = irt.category_probabilities(GRID.points, MIXED)
    chance = p[:, np.arange(4), patterns].prod(axis=-1).T @ GRID.weights
    values = statistic_values(patterns, statistics)
    mean = chance @ values
    covariance = (values * chance[:, None]).T @ values - np.outer(mean, mean)
    np.testing.assert_allclose(found.moments, mean, atol=1e-12)
    np.testing.assert_allclose(found.covariance, covariance, atol=1e-12)


def test_derivatives_span_those_of_the_item_parameters() -> None:
    found, statistics = structure(MIXED, Moments.CATEGORIES)

    def moments_at(a: np.ndarray, b: np.ndarray, c: float, d: float) -> np.ndarray:
        items = ItemParameters.concatenate(
            [
                ItemParameters.of([a[0]], [b[0]], [c]),
                ItemParameters.graded([a[1]], [b[1:3]]),
                ItemParameters.partial_credit([a[2]], [b[3:5]]),
                ItemParameters.of([a[3]], [b[5]], 0.0, [d]),
            ]
        )
        population = population_of(
            items, GRID.points, GRID.weights, Slopes.FREE, items.c > 0, items.d < 1
        )
        return structure_of(population, statistics).moments

    at = np.array([1.1, 1.4, 0.9, 0.8, -0.3, -0.6, 0.8, 0.2, -0.1, 0.5, 0.15, 0.95])
    columns = []
    for k in range(len(at)):
        step = np.zeros(len(at))
        step[k] = 1e-5
        high, low = at + step, at - step
        difference = moments_at(high[:4], high[4:10], *high[10:]) - moments_at(
            low[:4], low[4:10], *low[10:]
        )
        columns.append(difference / 2e-5)
    numerical = np.column_stack(columns)
    basis = np.linalg.qr(found.derivatives).Q
    left_over = numerical - basis @ (basis.T @ numerical)
    assert found.derivatives.shape[1] == 12
    assert np.abs(left_over).max() < 1e-8


def simulated(items: ItemParameters, persons: int, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    p = irt.category_probabilities(rng.normal(size=persons), items)
    draw = rng.random((persons, len(items), 1))
    return (draw > p.cumsum(axis=-1)).sum(axis=-1).astype(float)


def test_statistic_with_known_parameters_has_its_degrees_of_freedom_as_mean() -> None:
    # slopes fixed and thresholds in the tangent space: any parameters near the truth will do
    values = [
        m2(simulated(BINARY, 800, seed), BINARY, slopes=Slopes.FIXED).statistic
        for seed in range(60)
    ]
    assert np.mean(values) == pytest.approx(15, abs=2.5)


def test_equal_slopes_cost_one_parameter() -> None:
    responses = simulated(BINARY, 500, 1)
    items = ItemParameters.of(np.ones(6), BINARY.b)
    free, equal, fixed = (m2(responses, items, slopes=slopes).df for slopes in Slopes)
    assert (free, equal, fixed) == (21 - 12, 21 - 7, 21 - 6)


def test_a_second_dimension_is_found() -> None:
    rng = np.random.default_rng(2)
    theta = rng.normal(size=(3000, 2))
    theta = theta[:, [0, 0, 0, 1, 1, 1]]
    responses = (rng.random(theta.shape) < 1 / (1 + np.exp(-1.5 * theta))).astype(float)
    fit = m2(responses, ItemParameters.of(np.full(6, 0.7), np.zeros(6)))
    assert fit.p_value < 1e-8
    assert fit.rmsea_low > 0.05
    assert fit.residual_correlations[0, 1] > 0 > fit.residual_correlations[0, 3]


def test_free_asymptotes_can_be_declared_fixed() -> None:
    items = ItemParameters.of(BINARY.a, BINARY.b, 0.2)
    responses = simulated(items, 500, 3)
    assert m2(responses, items).df + 6 == m2(responses, items, free_lower=np.zeros(6)).df


def test_too_few_moments_are_refused_with_the_way_out() -> None:
    items = ItemParameters.graded(np.ones(3), [[-1.0, 0.0, 1.0]] * 3)
    with pytest.raises(ValueError, match=r"6 moments and 12 parameters; use Moments.CATEGORIES"):
        m2(simulated(items, 100, 4), items)


def test_faults_of_the_data_are_named() -> None:
    responses = simulated(BINARY, 100, 5)
    gap = responses.copy()
    gap[3, 4] = np.nan
    with pytest.raises(ValueError, match="person 3, item 4: expected complete responses"):
        m2(gap, BINARY)
    constant = responses.copy()
    constant[:, 2] = 1
    with pytest.raises(ValueError, match="item 2: expected responses that differ"):
        m2(constant, BINARY)
    with pytest.raises(ValueError, match="at least 20 persons, found 19"):
        m2(responses[:19], BINARY)
    with pytest.raises(ValueError, match="at least two items"):
        m2(responses[:, :1], BINARY.take([0]))
