"""lz* in several dimensions: the one-dimensional case, its distribution, and what it finds."""

import numpy as np
import pytest

from certify.psychometrics.diagnosing.dimensional_person_fit import lz_star_of_modes
from certify.psychometrics.estimating.multidimensional import MultivariatePrior
from certify.psychometrics.estimating.multidimensional_map import maximum_a_posteriori
from certify.psychometrics.irt import probability
from certify.psychometrics.item_parameters import ItemParameters
from certify.psychometrics.person_fit import Estimator, lz_star

PRIOR = MultivariatePrior.of(0.6 * np.ones((3, 3)) + 0.4 * np.eye(3))


def bank(items: int, seed: int) -> ItemParameters:
    rng = np.random.default_rng(seed)
    return ItemParameters.of(
        rng.lognormal(0.1, 0.2, items),
        rng.normal(0, 1.2, items),
        0.15,
        dimension=np.arange(items) % 3,
        n_dimensions=3,
    )


def sat(persons: int, items: ItemParameters, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    theta = rng.multivariate_normal(PRIOR.mean, PRIOR.covariance, persons)
    return (rng.random((persons, len(items))) < probability(theta, items)).astype(float)


def test_one_dimension_is_the_known_statistic() -> None:
    rng = np.random.default_rng(1)
    items = ItemParameters.of(rng.lognormal(0, 0.3, 30), rng.normal(size=30), 0.1)
    prior = MultivariatePrior.of(np.array([[1.44]]), [0.3])
    answers = (rng.random((50, 30)) < 0.6).astype(float)
    answers[:, 25:] = np.nan
    theta = maximum_a_posteriori(answers, items, prior).theta
    found = lz_star_of_modes(answers, items, theta, prior)
    known = lz_star(answers, items, theta[:, 0], Estimator.MAP, prior_mean=0.3, prior_sd=1.2)
    np.testing.assert_allclose(found.statistic, known.statistic, rtol=1e-9)
    np.testing.assert_allclose(found.p_value, known.p_value, rtol=1e-9)


def test_honest_candidates_are_flagged_at_about_the_nominal_rate() -> None:
    items = bank(90, 2)
    answers = sat(3000, items, 3)
    theta = maximum_a_posteriori(answers, items, PRIOR).theta
    found = lz_star_of_modes(answers, items, theta, PRIOR)
    # the correction is asymptotic: thirty items a dimension leave the mean a tenth too high
    assert found.statistic.mean() == pytest.approx(0.1, abs=0.05)
    assert found.statistic.std() == pytest.approx(1.0, abs=0.06)
    for level in (0.01, 0.05):
        assert 0.5 * level < (found.p_value < level).mean() < 1.5 * level


def test_answers_from_somebody_else_on_half_of_the_items_are_found() -> None:
    items = bank(90, 4)
    rng = np.random.default_rng(5)
    weak = np.full((300, 3), -1.5)
    answers = (rng.random((300, 90)) < probability(weak, items)).astype(float)
    hard = np.argsort(items.b)[45:]
    answers[:, hard] = 1.0
    theta = maximum_a_posteriori(answers, items, PRIOR).theta
    assert (lz_star_of_modes(answers, items, theta, PRIOR).p_value < 0.01).mean() > 0.8


def test_nobody_without_answers_is_judged() -> None:
    items = bank(9, 6)
    answers = np.full((1, 9), np.nan)
    theta = maximum_a_posteriori(answers, items, PRIOR).theta
    assert np.isnan(lz_star_of_modes(answers, items, theta, PRIOR).statistic[0])


def test_other_dimensions_are_refused() -> None:
    with pytest.raises(ValueError, match=r"theta of shape \(2, 3\)"):
        lz_star_of_modes(np.ones((2, 9)), bank(9, 7), np.zeros((2, 2)), PRIOR)
