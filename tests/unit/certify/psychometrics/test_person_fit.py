"""lz and lz*: Snijders' formula in plain Python, null behaviour, and what cannot be had."""

import math

import numpy as np
import pytest

from certify.psychometrics import irt
from certify.psychometrics.estimating.ability_modes import maximum_likelihood, weighted_likelihood
from certify.psychometrics.item_parameters import ItemParameters
from certify.psychometrics.person_fit import Estimator, lz, lz_star

ITEMS = ItemParameters.of([1.0, 1.3, 0.8, 1.6], [-0.8, 0.0, 0.5, 1.0], [0.2, 0.1, 0.0, 0.25])
RESPONSES = np.array([[1, 1, 0, 0], [0, 0, 1, 1], [1, 0, 1, 0]], dtype=float)
THETA = np.array([0.1, 0.4, -0.3])


def plain_lz_star(x: list[int], theta: float, pull_of: str) -> float:
    """Snijders (2001) for dichotomous items, as in his equations 9 to 13."""
    weighted = variance = slope = information = bias = 0.0
    for item, response in enumerate(x):
        a, b, c = (float(part[item]) for part in (ITEMS.a, ITEMS.b, ITEMS.c))
        core = 1 / (1 + math.exp(-a * (theta - b)))
        p = c + (1 - c) * core
        first = (1 - c) * a * core * (1 - core)
        second = (1 - c) * a**2 * core * (1 - core) * (1 - 2 * core)
        w = math.log(p / (1 - p))
        weighted += (response - p) * w
        variance += w * w * p * (1 - p)
        slope += first * w
        information += first**2 / (p * (1 - p))
        bias += first * second / (p * (1 - p))
    c_n = slope / information
    pull = {"ml": 0.0, "map": (0.2 - theta) / 1.5**2, "wle": bias / (2 * information)}[pull_of]
    return (weighted + c_n * pull) / math.sqrt(variance - slope**2 / information)


@pytest.mark.parametrize("estimator", list(Estimator))
def test_lz_star_in_plain_python(estimator: Estimator) -> None:
    found = lz_star(RESPONSES, ITEMS, THETA, estimator, prior_mean=0.2, prior_sd=1.5)
    expected = [
        plain_lz_star([int(x) for x in row], float(t), estimator.value)
        for row, t in zip(RESPONSES, THETA, strict=True)
    ]
    assert found.statistic.tolist() == pytest.approx(expected)


def test_lz_of_two_categories_is_the_same_in_every_model() -> None:
    two = ItemParameters.of([1.2, 0.7], [0.1, -0.4])
    graded = ItemParameters.graded([1.2, 0.7], [[0.1], [-0.4]])
    responses = np.array([[1.0, 0.0], [0.0, 1.0]])
    theta = [0.3, -0.2]
    np.testing.assert_allclose(
        lz(responses, two, theta).statistic, lz(responses, graded, theta).statistic
    )
    np.testing.assert_allclose(
        lz_star(responses, two, theta, Estimator.WLE).statistic,
        lz_star(responses, graded, theta, Estimator.WLE).statistic,
        rtol=1e-6,
    )


def test_lz_star_is_closer_to_standard_normal_than_lz_with_estimated_abilities() -> None:
    rng = np.random.default_rng(1)
    items = ItemParameters.concatenate(
        [
            ItemParameters.of(rng.uniform(0.8, 2.0, 40), rng.normal(size=40)),
            ItemParameters.graded(rng.uniform(0.8, 1.6, 10), [[-0.8, 0.4]] * 10),
        ]
    )
    p = irt.category_probabilities(rng.normal(size=3000), items)
    responses = (rng.random((3000, 50, 1)) > p.cumsum(axis=-1)).sum(axis=-1).astype(float)
    theta = weighted_likelihood(responses, items).theta
    plain, corrected = lz(responses, items, theta), lz_star(responses, items, theta, Estimator.WLE)
    assert plain.statistic.std() < 0.97
    assert corrected.statistic.std() == pytest.approx(1.0, abs=0.05)
    assert corrected.statistic.mean() == pytest.approx(0.0, abs=0.08)


def test_random_answers_to_half_of_the_test_are_found() -> None:
    rng = np.random.default_rng(2)
    items = ItemParameters.of(np.full(60, 1.6), np.linspace(-2, 2, 60))
    responses = np.tile((items.b < 0.5).astype(float), (20, 1))
    responses[:, ::2] = rng.integers(0, 2, (20, 30))
    theta = weighted_likelihood(responses, items).theta
    assert (lz_star(responses, items, theta, Estimator.WLE).p_value < 0.01).mean() >= 0.7


def test_missing_responses_count_as_not_administered() -> None:
    gap = RESPONSES.copy()
    gap[:, 3] = np.nan
    short = ITEMS.take([0, 1, 2])
    np.testing.assert_allclose(
        lz_star(gap, ITEMS, THETA, Estimator.WLE).statistic,
        lz_star(RESPONSES[:, :3], short, THETA, Estimator.WLE).statistic,
    )


def test_person_without_responses_and_items_all_alike_have_no_statistic() -> None:
    nothing = np.full((1, 4), np.nan)
    assert np.isnan(lz(nothing, ITEMS, [0.0]).statistic).all()
    assert np.isnan(lz_star(nothing, ITEMS, [0.0], Estimator.ML).p_value).all()
    alike = ItemParameters.of(np.ones(5), np.full(5, 0.5))
    assert np.isnan(lz_star([[1, 0, 1, 0, 0.0]], alike, [0.1], Estimator.ML).statistic).all()


def test_perfect_pattern_under_maximum_likelihood_is_refused_with_the_person() -> None:
    items = ItemParameters.of(np.ones(3), [-1.0, 0.0, 1.0])
    responses = np.array([[1.0, 0, 0], [1, 1, 1]])
    theta = maximum_likelihood(responses, items).theta
    with pytest.raises(ValueError, match="person 1: expected a finite theta, found inf"):
        lz(responses, items, theta)
