"""The determinant lemma, composites and guessing, against plain linear algebra."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from certify.psychometrics.irt import information
from certify.psychometrics.item_parameters import FloatArray, ItemParameters
from certify.psychometrics.selecting.multidimensional_selection import (
    LoadedItems,
    composite_gains,
    d_gains,
    determinants,
    nearest_cut_point,
)

SOURCE = np.random.default_rng(2)
BETWEEN = ItemParameters.of(
    SOURCE.lognormal(0.2, 0.3, 30),
    SOURCE.normal(size=30),
    SOURCE.uniform(0, 0.3, 30),
    SOURCE.uniform(0.9, 1.0, 30),
    dimension=np.arange(30) % 3,
)
LOADINGS = SOURCE.uniform(0, 1, (30, 3))
WITHIN = LoadedItems.of(BETWEEN.on_one_dimension(), LOADINGS)
COVARIANCE = np.array([[0.5, 0.2, 0.1], [0.2, 0.4, 0.15], [0.1, 0.15, 0.6]])
THETA = np.array([0.3, -0.8, 1.1])
WEIGHTS = np.array([0.5, 0.2, 0.3])


def matrices(items: LoadedItems, theta: FloatArray) -> FloatArray:
    """The information matrix of each item."""
    weight = items.information_weights(theta)
    return weight[:, None, None] * items.slopes[:, :, None] * items.slopes[:, None, :]


def test_information_weight_times_the_squared_slope_is_the_information() -> None:
    items = LoadedItems.of(BETWEEN)
    expected = information(THETA, BETWEEN) / BETWEEN.a**2
    assert items.information_weights(THETA) == pytest.approx(expected)


@pytest.mark.parametrize("items", [LoadedItems.of(BETWEEN), WITHIN])
def test_gain_is_the_ratio_of_determinants_less_one(items: LoadedItems) -> None:
    precision = np.linalg.inv(COVARIANCE)
    expected = np.linalg.det(precision + matrices(items, THETA)) / np.linalg.det(precision) - 1
    assert d_gains(items, THETA, COVARIANCE) == pytest.approx(expected)
    assert determinants(items, THETA, precision) == pytest.approx(
        (expected + 1) * np.linalg.det(precision)
    )


def test_determinants_of_a_singular_matrix_are_exact() -> None:
    rank_two = np.diag([2.0, 3.0, 0.0])
    expected = np.linalg.det(rank_two + matrices(WITHIN, THETA))
    assert determinants(WITHIN, THETA, rank_two) == pytest.approx(expected)
    assert determinants(WITHIN, THETA, np.zeros((3, 3))) == pytest.approx(0.0)


def test_composite_gain_is_the_fall_of_its_posterior_variance() -> None:
    precision = np.linalg.inv(COVARIANCE)
    after = np.linalg.inv(precision + matrices(WITHIN, THETA))
    expected = WEIGHTS @ COVARIANCE @ WEIGHTS - (after @ WEIGHTS) @ WEIGHTS
    assert composite_gains(WITHIN, THETA, COVARIANCE, WEIGHTS) == pytest.approx(expected)


def test_many_persons_at_once_give_the_same_as_one_by_one() -> None:
    theta = SOURCE.normal(size=(2500, 3))
    covariance = np.tile(COVARIANCE, (2500, 1, 1)) * SOURCE.uniform(0.2, 1, (2500, 1, 1))
    d, composite = (
        d_gains(WITHIN, theta, covariance),
        composite_gains(WITHIN, theta, covariance, WEIGHTS),
    )
    for person in (0, 1091, 1092, 1093, 2499):
        one = theta[person], covariance[person]
        assert d[person] == pytest.approx(d_gains(WITHIN, *one), rel=1e-12)
        assert composite[person] == pytest.approx(composite_gains(WITHIN, *one, WEIGHTS), rel=1e-12)


def test_point_at_the_nearest_cut_is_the_likeliest_one_there() -> None:
    point = nearest_cut_point(THETA, COVARIANCE, WEIGHTS, [-0.8, 0.3, 1.3])
    composite = THETA @ WEIGHTS
    assert composite == pytest.approx(0.32)
    assert point @ WEIGHTS == pytest.approx(0.3)
    # moving along the cut away from it lowers the posterior density
    precision = np.linalg.inv(COVARIANCE)
    along = np.array([0.2, -0.5, 0.0])
    assert along @ WEIGHTS == pytest.approx(0.0)
    assert along @ precision @ (point - THETA) == pytest.approx(0.0)


def test_every_person_has_a_nearest_cut_of_their_own() -> None:
    theta = np.stack([THETA, THETA - 1.2])
    points = nearest_cut_point(theta, np.stack([COVARIANCE] * 2), WEIGHTS, [-0.8, 0.3, 1.3])
    assert points @ WEIGHTS == pytest.approx([0.3, -0.8])


@given(
    theta=st.lists(st.floats(-1e6, 1e6), min_size=3, max_size=3),
    lower=st.sampled_from([0.0, 0.2]),
    upper=st.sampled_from([0.95, 1.0]),
)
def test_information_and_gains_are_never_negative(
    theta: list[float], lower: float, upper: float
) -> None:
    items = LoadedItems.of(ItemParameters.of(BETWEEN.a, BETWEEN.b, lower, upper), LOADINGS)
    at = np.array(theta)
    for found in (
        items.information_weights(at),
        d_gains(items, at, COVARIANCE),
        composite_gains(items, at, COVARIANCE, WEIGHTS),
    ):
        assert np.isfinite(found).all()
        assert (found >= 0).all()


def test_items_with_thresholds_are_refused() -> None:
    with pytest.raises(ValueError, match="expected dichotomous items"):
        LoadedItems.of(ItemParameters.graded([1.0], [[0.0, 1.0]]))


def test_loadings_of_another_bank_are_refused() -> None:
    with pytest.raises(ValueError, match="expected finite loadings of 30 items"):
        LoadedItems.of(BETWEEN.on_one_dimension(), LOADINGS[:-1])
