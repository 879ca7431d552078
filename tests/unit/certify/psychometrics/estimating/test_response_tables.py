"""One person's estimate from tables is the estimate that many people get at once."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from certify.psychometrics.estimating.multidimensional import MultivariatePrior
from certify.psychometrics.estimating.multidimensional_eap import eap
from certify.psychometrics.estimating.response_tables import ResponseTables
from certify.psychometrics.item_parameters import ItemParameters


def random_bank(
    random: np.random.Generator, dims: int, size: int
) -> tuple[ItemParameters, MultivariatePrior]:
    items = ItemParameters.of(
        random.lognormal(0.2, 0.4, size),
        random.normal(0.0, 1.2, size),
        np.where(random.random(size) < 0.6, 0.2, 0.0),
        dimension=random.integers(0, dims, size),
        n_dimensions=dims,
    )
    correlation = random.uniform(0.0, 0.8)
    covariance = correlation * np.ones((dims, dims)) + (1 - correlation) * np.eye(dims)
    return items, MultivariatePrior.of(covariance)


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    dims=st.integers(4, 6),
    size=st.integers(1, 60),
    length=st.integers(1, 60),
)
def test_it_is_the_estimate_of_the_batch(seed: int, dims: int, size: int, length: int) -> None:
    random = np.random.default_rng(seed)
    items, prior = random_bank(random, dims, size)
    given_items = random.permutation(size)[:length]
    responses = random.integers(0, 2, len(given_items))
    matrix = np.full((1, size), np.nan)
    matrix[0, given_items] = responses
    expected = eap(matrix, items, prior)
    found = ResponseTables.of(items, prior).estimate(given_items.tolist(), responses.tolist())
    np.testing.assert_allclose(found.theta, expected.theta[0], rtol=0, atol=1e-9)
    np.testing.assert_allclose(found.covariance, expected.covariance[0], rtol=0, atol=1e-9)
    np.testing.assert_allclose(found.se, expected.se[0], rtol=0, atol=1e-9)


@pytest.mark.parametrize("dims", [1, 2, 3])
def test_in_few_dimensions_it_is_close_to_the_exact_one(dims: int) -> None:
    """There the batch integrates over the whole grid; see the figures in its module."""
    for seed in range(10):
        random = np.random.default_rng(seed)
        items, prior = random_bank(random, dims, 20)
        responses = random.integers(0, 2, 20)
        expected = eap(responses[None].astype(float), items, prior)
        found = ResponseTables.of(items, prior).estimate(range(20), responses.tolist())
        np.testing.assert_allclose(found.theta, expected.theta[0], rtol=0, atol=0.01)
        np.testing.assert_allclose(found.se, expected.se[0], rtol=0.02)


def test_without_responses_it_is_the_prior() -> None:
    items, prior = random_bank(np.random.default_rng(1), 3, 10)
    found = ResponseTables.of(items, prior).estimate([], [])
    np.testing.assert_array_equal(found.theta, prior.mean)
    np.testing.assert_array_equal(found.covariance, prior.covariance)


def test_the_order_of_the_responses_does_not_matter_beyond_rounding() -> None:
    random = np.random.default_rng(2)
    items, prior = random_bank(random, 6, 40)
    responses = random.integers(0, 2, 40)
    order = random.permutation(40)
    tables = ResponseTables.of(items, prior)
    first = tables.estimate(range(40), responses.tolist())
    second = tables.estimate(order.tolist(), responses[order].tolist())
    np.testing.assert_allclose(first.theta, second.theta, rtol=0, atol=1e-10)


def test_the_same_responses_give_the_same_bits() -> None:
    random = np.random.default_rng(3)
    items, prior = random_bank(random, 6, 40)
    responses = random.integers(0, 2, 40).tolist()
    first, second = (ResponseTables.of(items, prior).estimate(range(40), responses) for _ in "ab")
    assert first.theta.tobytes() == second.theta.tobytes()
    assert first.covariance.tobytes() == second.covariance.tobytes()


def test_all_right_and_all_wrong_stay_finite() -> None:
    items, prior = random_bank(np.random.default_rng(4), 6, 200)
    tables = ResponseTables.of(items, prior)
    right, wrong = (tables.estimate(range(200), [score] * 200) for score in (1, 0))
    assert np.isfinite(right.theta).all() and np.isfinite(wrong.theta).all()
    assert (right.theta > wrong.theta).all()
    assert (np.linalg.eigvalsh(right.covariance) > 0).all()


def test_the_composite_is_the_weighted_sum() -> None:
    items, prior = random_bank(np.random.default_rng(5), 2, 10)
    estimate = ResponseTables.of(items, prior).estimate([0, 1, 2], [1, 0, 1])
    theta, se = estimate.composite(np.array([0.3, 0.7]))
    assert theta == pytest.approx(0.3 * estimate.theta[0] + 0.7 * estimate.theta[1])
    (v, c), (_, w) = estimate.covariance
    assert se**2 == pytest.approx(0.09 * v + 0.42 * c + 0.49 * w)


def test_a_prior_of_other_dimensions_is_refused() -> None:
    items, _ = random_bank(np.random.default_rng(6), 3, 10)
    with pytest.raises(ValueError, match="expected dichotomous items of 2 dimensions, found 3"):
        ResponseTables.of(items, MultivariatePrior.of(np.eye(2)))
