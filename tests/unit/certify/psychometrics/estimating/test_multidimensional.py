"""Several correlated dimensions: modes, means, covariances, composites.

The truth in two dimensions is a brute-force grid of 401 x 401 points, which shares no code with the
product quadrature; propagation, which serves four and more dimensions, is measured against it too.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from certify.psychometrics.ability import AbilityFlag, AbilityGrid
from certify.psychometrics.ability import eap as eap_of_one
from certify.psychometrics.estimating import multidimensional_eap as means
from certify.psychometrics.estimating.ability_modes import maximum_a_posteriori as map_of_one
from certify.psychometrics.estimating.multidimensional import MultivariatePrior
from certify.psychometrics.estimating.multidimensional_eap import eap
from certify.psychometrics.estimating.multidimensional_map import maximum_a_posteriori
from certify.psychometrics.irt import ItemParameters, log_category_probabilities, probability

SIX = MultivariatePrior.of(np.full((6, 6), 0.6) + 0.4 * np.eye(6))


def simulated(
    prior: MultivariatePrior, items: int, c: float, persons: int, seed: int
) -> tuple[np.ndarray, ItemParameters]:
    rng = np.random.default_rng(seed)
    bank = ItemParameters.of(
        np.exp(rng.normal(0.2, 0.3, items)),
        rng.normal(size=items),
        c,
        dimension=np.arange(items) % len(prior),
        n_dimensions=len(prior),
    )
    theta = rng.multivariate_normal(prior.mean, prior.covariance, persons)
    rows = (rng.random((persons, items)) < probability(theta, bank)).astype(float)
    rows[0], rows[1] = 1.0, 0.0
    rows[2] = np.arange(items) % 2
    rows[3, 1::2] = np.nan
    return rows, bank


@cache
def brute_force(rho: float, c: float, items: int) -> tuple[np.ndarray, ...]:
    """Rows, bank, prior, and mean and covariance of every person by a plain grid."""
    prior = MultivariatePrior.of([[1.0, rho], [rho, 1.0]])
    rows, bank = simulated(prior, items, c, 40, seed=int(100 * rho) + items)
    axis = np.linspace(-7, 7, 401)
    first, second = np.meshgrid(axis, axis, indexing="ij")
    quadratic = first**2 - 2 * rho * first * second + second**2
    logs = log_category_probabilities(axis, bank.on_one_dimension())
    mean, covariance = [], []
    for row in rows:
        level = -0.5 * quadratic / (1 - rho**2)
        for item in np.flatnonzero(~np.isnan(row)):
            along = logs[:, item, int(row[item])]
            level = level + (along[:, None] if bank.dimension[item] == 0 else along[None, :])
        weight = np.exp(level - level.max())
        weight /= weight.sum()
        centre = np.array([(weight * first).sum(), (weight * second).sum()])
        off = np.stack([first - centre[0], second - centre[1]])
        mean.append(centre)
        covariance.append(np.einsum("iab,jab,ab->ij", off, off, weight))
    return rows, bank, prior, np.array(mean), np.array(covariance)


@pytest.mark.parametrize("rho", [0.3, 0.6, 0.9])
@pytest.mark.parametrize("c", [0.0, 0.25])
@pytest.mark.parametrize("items", [2, 8, 60])
def test_mean_and_covariance_are_exact_in_two_dimensions(rho: float, c: float, items: int) -> None:
    rows, bank, prior, mean, covariance = brute_force(rho, c, items)
    found = eap(rows, bank, prior, reach=7.0)
    assert found.theta == pytest.approx(mean, abs=1e-6)
    assert found.covariance == pytest.approx(covariance, abs=1e-6)


@pytest.mark.parametrize(
    ("rho", "of_mean", "of_error"), [(0.3, 2e-4, 1e-3), (0.6, 3e-3, 5e-3), (0.9, 1e-2, 2e-2)]
)
@pytest.mark.parametrize("c", [0.0, 0.25])
@pytest.mark.parametrize("items", [2, 8, 60])
def test_propagation_keeps_the_accuracy_it_states(
    monkeypatch: pytest.MonkeyPatch,
    rho: float,
    of_mean: float,
    of_error: float,
    c: float,
    items: int,
) -> None:
    monkeypatch.setattr(means, "MOST_DIMENSIONS_ON_GRID", 1)
    rows, bank, prior, mean, covariance = brute_force(rho, c, items)
    found = eap(rows, bank, prior)
    se = np.sqrt(np.diagonal(covariance, axis1=1, axis2=2))
    assert found.flags.tolist() == [0] * len(rows)
    assert np.abs((found.theta - mean) / se).max() < of_mean
    assert np.abs(found.se / se - 1).max() < of_error


def test_propagation_agrees_with_the_grid_in_three_dimensions(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    prior = MultivariatePrior.of(
        [[1, 0.6, 0.5], [0.6, 1.2, 0.4], [0.5, 0.4, 0.8]], [0.2, 0.0, -0.3]
    )
    rows, bank = simulated(prior, 24, 0.2, 60, seed=4)
    grid = eap(rows, bank, prior)
    monkeypatch.setattr(means, "MOST_DIMENSIONS_ON_GRID", 1)
    found = eap(rows, bank, prior)
    assert np.abs((found.theta - grid.theta) / grid.se).max() < 3e-3
    assert np.abs(found.se / grid.se - 1).max() < 5e-3


@pytest.mark.parametrize("dimensions", [2, 3, 4])
def test_uncorrelated_dimensions_are_scored_one_by_one(dimensions: int) -> None:
    prior = MultivariatePrior.of(np.eye(dimensions))
    rows, bank = simulated(prior, 5 * dimensions, 0.0, 30, seed=dimensions)
    mean, mode = eap(rows, bank, prior), maximum_a_posteriori(rows, bank, prior)
    for d in range(dimensions):
        own = np.flatnonzero(bank.dimension == d)
        single = bank.take(own).on_one_dimension()
        alone = eap_of_one(rows[:, own], single, AbilityGrid.normal())
        assert mean.theta[:, d] == pytest.approx(alone.theta, abs=1e-6)
        assert mean.se[:, d] == pytest.approx(alone.se, abs=1e-6)
        highest = map_of_one(rows[:, own], single)
        assert mode.theta[:, d] == pytest.approx(highest.theta, abs=1e-8)
        assert mode.se[:, d] == pytest.approx(highest.se, abs=1e-8)


@pytest.mark.parametrize("c", [0.0, 0.25])
def test_mode_has_no_slope_and_its_covariance_is_the_inverse_curvature(c: float) -> None:
    rows, bank = simulated(SIX, 30, c, 25, seed=9)
    found = maximum_a_posteriori(rows, bank, SIX)

    def height(person: int, theta: np.ndarray) -> float:
        logs = log_category_probabilities(theta, bank)
        given = np.flatnonzero(~np.isnan(rows[person]))
        level = logs[given, rows[person, given].astype(int)].sum()
        return float(level - 0.5 * theta @ SIX.precision @ theta)

    step = 1e-4
    unit = np.eye(6) * step
    for person in range(0, 25, 6):
        at = found.theta[person]
        slope = [(height(person, at + e) - height(person, at - e)) / (2 * step) for e in unit]
        assert slope == pytest.approx(np.zeros(6), abs=1e-6)
        curvature = [
            [
                height(person, at + e + f)
                - height(person, at + e - f)
                - height(person, at - e + f)
                + height(person, at - e - f)
                for e in unit
            ]
            for f in unit
        ]
        inverse = np.linalg.inv(-np.array(curvature) / (4 * step**2))
        assert found.covariance[person] == pytest.approx(inverse, rel=1e-3, abs=1e-5)


def test_loadings_of_one_dimension_are_the_dimension() -> None:
    rows, bank = simulated(SIX, 24, 0.2, 30, seed=2)
    loadings = np.eye(6)[bank.dimension]
    plain = maximum_a_posteriori(rows, bank, SIX)
    loaded = maximum_a_posteriori(rows, bank.on_one_dimension(), SIX, loadings=loadings)
    assert loaded.theta == pytest.approx(plain.theta, abs=1e-8)
    assert loaded.covariance == pytest.approx(plain.covariance, abs=1e-8)


@pytest.mark.parametrize("method", [eap, maximum_a_posteriori])
def test_items_of_several_categories_count_in_their_dimension(method: object) -> None:
    prior = MultivariatePrior.of([[1.0, 0.6], [0.6, 1.0]])
    bank = ItemParameters.concatenate(
        [
            ItemParameters.graded([1.2, 0.9], [[-1, 0.5], [0.0, 1.0]], dimension=[0, 1]),
            ItemParameters.partial_credit([0.8], [[0.3, -0.4, 0.9]], dimension=[1]),
        ]
    )
    low, high = method([[0, 0, 0], [0, 2, 3]], bank, prior).theta  # type: ignore[operator]
    assert high[1] - low[1] > high[0] - low[0] > 0


@pytest.mark.parametrize("method", [eap, maximum_a_posteriori])
def test_no_responses_leave_the_prior(method: object) -> None:
    for prior in (MultivariatePrior.of([[0.8, 0.3], [0.3, 1.0]], [0.2, -0.1]), SIX):
        _, bank = simulated(prior, 12, 0.0, 5, seed=1)
        found = method(np.full((1, 12), np.nan), bank, prior)  # type: ignore[operator]
        assert found.theta[0] == pytest.approx(prior.mean, abs=1e-6)
        assert found.covariance[0] == pytest.approx(prior.covariance, abs=1e-6)
        assert found.flags.tolist() == [AbilityFlag.NO_RESPONSES]


@pytest.mark.parametrize("method", [eap, maximum_a_posteriori])
def test_persons_of_a_batch_get_what_they_would_get_alone(method: object) -> None:
    rows, bank = simulated(SIX, 40, 0.2, 600, seed=6)
    rows[np.random.default_rng(0).random(rows.shape) < 0.5] = np.nan
    together = method(rows, bank, SIX)  # type: ignore[operator]
    for person in (0, 1, 249, 250, 599):
        alone = method(rows[person : person + 1], bank, SIX)  # type: ignore[operator]
        assert together.theta[person] == pytest.approx(alone.theta[0], abs=1e-6)
        assert together.covariance[person] == pytest.approx(alone.covariance[0], abs=1e-6)


def test_composite_is_the_weighted_sum() -> None:
    rows, bank = simulated(SIX, 30, 0.0, 10, seed=3)
    weights = np.array([0.1, 0.3, 0.15, 0.05, 0.15, 0.25])
    found = eap(rows, bank, SIX)
    composite = found.composite(weights)
    assert composite.theta == pytest.approx(found.theta @ weights)
    assert composite.se[4] == pytest.approx(np.sqrt(weights @ found.covariance[4] @ weights))
    with pytest.raises(ValueError, match="expected 6 weights"):
        found.composite([1.0, 1.0])


@pytest.mark.parametrize(
    ("covariance", "mean", "message"),
    [
        ([[1.0, 0.5], [0.4, 1.0]], None, "symmetric, positive definite"),
        ([[1.0, 1.0], [1.0, 1.0]], None, "symmetric, positive definite"),
        ([[1.0, 0.5]], None, "square covariance"),
        ([[1.0]], [0.0, 0.0], "square covariance"),
    ],
)
def test_prior_that_is_none_is_refused(
    covariance: list[list[float]], mean: list[float] | None, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        MultivariatePrior.of(covariance, mean)


@pytest.mark.parametrize("method", [eap, maximum_a_posteriori])
def test_prior_of_another_size_is_refused(method: object) -> None:
    bank = ItemParameters.of([1, 1], [0, 0], dimension=[0, 1])
    with pytest.raises(ValueError, match="expected a prior of 2 dimensions, found 6"):
        method([[0, 1]], bank, SIX)  # type: ignore[operator]


def test_loadings_of_another_shape_are_refused() -> None:
    bank = ItemParameters.of([1, 1], [0, 0])
    with pytest.raises(ValueError, match="loadings of shape"):
        maximum_a_posteriori([[0, 1]], bank, SIX, loadings=np.ones((2, 5)))


def test_grid_without_reach_is_refused() -> None:
    with pytest.raises(ValueError, match="reach > 0"):
        eap([[0, 1]], ItemParameters.of([1, 1], [0, 0]), MultivariatePrior.of([[1.0]]), reach=0.0)
