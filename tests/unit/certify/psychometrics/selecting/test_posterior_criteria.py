"""Kullback-Leibler information and expected posterior variance against their definitions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from certify.psychometrics.ability import AbilityGrid, eap
from certify.psychometrics.estimating.running_posterior import ResponseTable, interval_weights
from certify.psychometrics.irt import category_probabilities, information
from certify.psychometrics.item_parameters import FloatArray, ItemParameters
from certify.psychometrics.selecting.posterior_criteria import PosteriorCriteria

GRID = AbilityGrid.normal()
MIXED = ItemParameters.concatenate(
    [
        ItemParameters.of([1.2, 0.7], [0.3, -1.0], [0.2, 0.0]),
        ItemParameters.graded([1.5], [[-1.0, 0.5, 1.5]]),
        ItemParameters.partial_credit([0.9], [[0.2, -0.4]]),
    ]
)


def test_divergence_is_the_expected_log_ratio_summed_over_categories() -> None:
    points = np.array([-1.0, 0.5])
    weights = np.array([0.3, 2.0])
    expected = np.zeros(4)
    here = category_probabilities(0.2, MIXED)
    for point, weight in zip(points, weights, strict=True):
        there = category_probabilities(point, MIXED)
        for item in range(4):
            for k in range(int(MIXED.max_category[item]) + 1):
                ratio = here[item, k] / there[item, k]
                expected[item] += weight * here[item, k] * np.log(ratio)
    found = PosteriorCriteria.of(MIXED, points).kullback_leibler(0.2, weights)
    assert found == pytest.approx(expected)


def test_divergence_close_by_is_half_the_information_times_the_squared_distance() -> None:
    found = PosteriorCriteria.of(MIXED, [0.5 + 1e-3]).kullback_leibler(0.5, [1.0])
    assert found == pytest.approx(0.5e-6 * information(0.5, MIXED), rel=1e-2)


def expected_variance_by_scoring(responses: FloatArray, item: int) -> float:
    """Score both continuations from scratch, and weight them by the predictive probabilities."""
    table = ResponseTable.of(MIXED, GRID)
    posterior = table.prior
    for at in np.flatnonzero(~np.isnan(responses)):
        posterior = table.after(posterior, int(at), int(responses[at]))
    weights = table.weights(posterior)
    total = 0.0
    for k in range(int(MIXED.max_category[item]) + 1):
        continued = responses.copy()
        continued[item] = k
        chance = weights @ category_probabilities(GRID.points, MIXED)[:, item, k]
        total += chance * eap([continued], MIXED, GRID).se[0] ** 2
    return float(total)


def test_expected_variance_is_that_of_scoring_every_continuation() -> None:
    responses = np.array([1.0, np.nan, np.nan, np.nan])
    table = ResponseTable.of(MIXED, GRID)
    weights = table.weights(table.after(table.prior, 0, 1))
    found = PosteriorCriteria.of(MIXED, GRID.points).expected_posterior_variance(weights)
    for item in (1, 2, 3):
        assert found[item] == pytest.approx(expected_variance_by_scoring(responses, item))


@given(shift=st.floats(-3, 3), spread=st.floats(0.2, 2))
def test_no_item_is_expected_to_raise_the_variance(shift: float, spread: float) -> None:
    weights = AbilityGrid.normal(shift, spread).weights
    before = weights @ GRID.points**2 - (weights @ GRID.points) ** 2
    found = PosteriorCriteria.of(MIXED, GRID.points).expected_posterior_variance(weights)
    assert (found <= before + 1e-12).all()
    assert (found >= 0).all()


@given(theta=st.floats(-8, 8), seed=st.integers(0, 10**6))
def test_divergence_is_never_negative(theta: float, seed: int) -> None:
    weights = np.random.default_rng(seed).random(61)
    found = PosteriorCriteria.of(MIXED, GRID.points).kullback_leibler(theta, weights)
    assert (found >= 0).all()


def test_many_persons_at_once_give_the_same_as_one_by_one() -> None:
    criteria = PosteriorCriteria.of(MIXED, GRID.points)
    weights = np.random.default_rng(3).random((5, 61))
    theta = np.linspace(-2, 2, 5)
    together = criteria.kullback_leibler(theta, weights)
    variances = criteria.expected_posterior_variance(weights)
    at_theta = criteria.expected_posterior_variance(weights, theta)
    for person in range(5):
        one = weights[person]
        assert together[person] == pytest.approx(criteria.kullback_leibler(theta[person], one))
        assert variances[person] == pytest.approx(criteria.expected_posterior_variance(one))
        assert at_theta[person] == pytest.approx(
            criteria.expected_posterior_variance(one, theta[person])
        )


def test_interval_takes_the_points_within_reach() -> None:
    points = np.linspace(-1, 1, 5)
    assert interval_weights(points, 0.25, 0.5).tolist() == [0, 0, 1, 1, 0]
    assert interval_weights(points, [0.0, 1.0], [0.4, 0.6]).shape == (2, 5)


def test_weights_of_another_grid_are_refused() -> None:
    criteria = PosteriorCriteria.of(MIXED, GRID.points)
    with pytest.raises(ValueError, match="expected weights at 61 points"):
        criteria.expected_posterior_variance(np.ones(60))


def test_posterior_without_any_mass_is_refused() -> None:
    criteria = PosteriorCriteria.of(MIXED, GRID.points)
    with pytest.raises(ValueError, match="positive sum"):
        criteria.expected_posterior_variance(np.zeros(61))


def test_items_of_several_dimensions_are_refused() -> None:
    items = ItemParameters.of([1.0, 1.0], [0.0, 0.0], dimension=[0, 1])
    for make in (
        lambda: PosteriorCriteria.of(items, GRID.points),
        lambda: ResponseTable.of(items, GRID),
    ):
        with pytest.raises(ValueError, match="expected items of one dimension"):
            make()


def test_running_posterior_ends_where_scoring_at_once_does() -> None:
    table = ResponseTable.of(MIXED, GRID)
    posterior = np.tile(table.prior, (2, 1))
    responses = np.array([[1, 0, 3, 2], [0, 1, 0, 1]])
    for item in (2, 0, 3, 1):
        posterior = table.after(posterior, np.full(2, item), responses[:, item])
    theta, se = table.estimate(posterior)
    expected = eap(responses, MIXED, GRID)
    assert theta == pytest.approx(expected.theta)
    assert se == pytest.approx(expected.se)
    assert table.weights(posterior).sum(axis=1) == pytest.approx([1.0, 1.0])
