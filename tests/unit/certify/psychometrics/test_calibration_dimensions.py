"""Calibration of correlated dimensions: exactly for two and three, by propagation for more."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from certify.psychometrics.calibration import Calibration, FixedItems
from certify.psychometrics.item_parameters import ItemParameters

FloatArray = NDArray[np.float64]


def simulated(
    n_dimensions: int, per_dimension: int, persons: int, correlation: float, seed: int
) -> tuple[ItemParameters, NDArray[np.intp], NDArray[np.int8]]:
    rng = np.random.default_rng(seed)
    shape = np.full((n_dimensions, n_dimensions), correlation)
    np.fill_diagonal(shape, 1.0)
    theta = rng.multivariate_normal(np.zeros(n_dimensions), shape, persons)
    dimension = np.repeat(np.arange(n_dimensions), per_dimension)
    n = len(dimension)
    items = ItemParameters.of(
        np.exp(rng.normal(0.2, 0.25, n)), rng.normal(size=n), dimension=dimension
    )
    p = 1.0 / (1.0 + np.exp(-items.a * (theta[:, dimension] - items.b)))
    return items, dimension, (rng.random(p.shape) < p).astype(np.int8)


def test_two_dimensions_and_their_correlation_are_recovered() -> None:
    items, dimension, responses = simulated(2, 10, 2500, 0.6, 1)
    fit = Calibration().fit(responses, dimension=dimension)
    assert fit.report_.method == "product"
    assert fit.report_.se_method == "cross-product"
    error = fit.population_se_.covariances[0, 1, 0]
    assert fit.population_.correlations[0, 0, 1] == pytest.approx(0.6, abs=3 * error)
    assert 0.01 < error < 0.05
    assert np.diagonal(fit.population_.covariances[0]) == pytest.approx(np.ones(2))
    assert np.abs((fit.params_.a - items.a) / fit.se_.a).max() < 4
    assert (fit.params_.dimension == dimension).all()


def test_uncorrelated_dimensions_are_two_calibrations_in_one() -> None:
    _, dimension, responses = simulated(2, 8, 1000, 0.0, 2)
    fit = Calibration().fit(responses, dimension=dimension)
    apart = [Calibration().fit(responses[:, dimension == d]) for d in range(2)]
    # the correlation found is not quite 0, and with it goes what one says about the other
    assert fit.params_.a == pytest.approx(
        np.concatenate([one.params_.a for one in apart]), abs=0.05
    )
    assert fit.log_likelihood_ == pytest.approx(sum(o.log_likelihood_ for o in apart), abs=3.0)


@pytest.mark.parametrize(("n_dimensions", "per_dimension"), [(2, 8), (3, 6)])
def test_propagation_stays_close_to_the_exact_product_grid(
    n_dimensions: int, per_dimension: int
) -> None:
    _, dimension, responses = simulated(n_dimensions, per_dimension, 600, 0.6, 3)
    exact, near = (
        Calibration(integration=how, points=31).fit(responses, dimension=dimension)
        for how in ("product", "propagation")
    )
    assert near.report_.method == "propagation"
    # a few per cent of a standard error
    assert np.abs((near.params_.a - exact.params_.a) / exact.se_.a).max() < 0.05
    assert np.abs((near.params_.b - exact.params_.b) / exact.se_.b).max() < 0.05
    assert near.population_.covariances == pytest.approx(exact.population_.covariances, abs=0.01)
    assert near.log_likelihood_ == pytest.approx(exact.log_likelihood_, rel=1e-4)


def test_six_dimensions_are_recovered() -> None:
    items, dimension, responses = simulated(6, 8, 1500, 0.6, 4)
    fit = Calibration().fit(responses, dimension=dimension)
    assert fit.report_.method == "propagation"
    assert fit.converged_
    lower = np.tril_indices(6, -1)
    assert fit.population_.correlations[0][lower] == pytest.approx(np.full(15, 0.6), abs=0.12)
    z = (fit.params_.a - items.a) / fit.se_.a
    assert np.abs(z).max() < 4
    assert 0.6 < z.std() < 1.4


def test_missing_answers_and_three_parameters_go_with_dimensions() -> None:
    _, dimension, responses = simulated(2, 10, 1500, 0.5, 5)
    holes = responses.astype(float)
    holes[::3, :5] = np.nan
    fit = Calibration("3pl").fit(holes, dimension=dimension)
    assert fit.converged_
    assert fit.population_.correlations[0, 0, 1] == pytest.approx(0.5, abs=0.15)


def test_rasch_dimensions_have_free_variances() -> None:
    _, dimension, responses = simulated(2, 10, 1500, 0.5, 6)
    fit = Calibration("rasch").fit(responses, dimension=dimension)
    assert (fit.population_.sds > 1.05).all()
    assert fit.report_.n_parameters == 23
    assert np.isfinite(fit.population_se_.sds).all()


def test_fixed_items_free_the_population_of_their_dimension_only() -> None:
    items, dimension, responses = simulated(2, 10, 1500, 0.5, 7)
    known = FixedItems(np.arange(5), items.take(np.arange(5)))
    fit = Calibration().fit(responses, dimension=dimension, fixed=known)
    assert fit.population_.means[0, 0] != 0.0
    assert fit.population_.means[0, 1] == 0.0
    assert fit.population_.sds[0, 1] == pytest.approx(1.0)
    assert fit.population_.sds[0, 0] == pytest.approx(1.0, abs=0.15)


def test_four_dimensions_have_no_product_grid() -> None:
    _, dimension, responses = simulated(4, 3, 100, 0.5, 8)
    with pytest.raises(ValueError, match="2 or 3 dimensions on a product grid, found 4"):
        Calibration(integration="product").fit(responses, dimension=dimension)


def test_a_dimension_without_items_is_refused() -> None:
    _, dimension, responses = simulated(2, 5, 100, 0.5, 9)
    with pytest.raises(ValueError, match="items that can be calibrated in dimension 1, found 0"):
        Calibration().fit(responses, dimension=2 * dimension)


def test_dimensions_that_are_copies_of_each_other_end_in_a_correlation_near_one() -> None:
    _, _, responses = simulated(2, 4, 400, 0.999, 10)
    fit = Calibration("2pl").fit(responses, dimension=[0, 1] * 4)
    assert fit.population_.correlations[0, 0, 1] > 0.9
    assert np.isfinite(fit.log_likelihood_)
