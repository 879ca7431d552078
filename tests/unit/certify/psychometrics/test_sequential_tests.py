"""SPRT and the generalised likelihood ratio: definitions, several cuts, error rates."""

from __future__ import annotations

import numpy as np
import pytest

from certify.psychometrics.estimating.ability_modes import maximum_likelihood
from certify.psychometrics.irt import log_probability, probability
from certify.psychometrics.item_parameters import FloatArray, ItemParameters
from certify.psychometrics.sequential_tests import (
    ErrorRates,
    decided_levels,
    glr_log_ratios,
    sprt_log_ratios,
)

SOURCE = np.random.default_rng(6)
ITEMS = ItemParameters.of(SOURCE.lognormal(0.2, 0.3, 40), SOURCE.normal(size=40))
CUTS = [-0.8, 0.3, 1.3]


def responses_of(theta: FloatArray) -> FloatArray:
    draws = np.random.default_rng(12).random((len(theta), 40))
    return (draws < probability(theta, ITEMS)).astype(np.float64)


def log_likelihood(theta: float, row: FloatArray) -> float:
    right, wrong = log_probability(theta, ITEMS)
    return float(np.nansum(np.where(row > 0, right, wrong) + 0 * row))


def test_wald_bounds() -> None:
    low, high = ErrorRates(0.05, 0.1).bounds
    assert low == pytest.approx(np.log(0.1 / 0.95))
    assert high == pytest.approx(np.log(0.9 / 0.05))


def test_sprt_compares_both_sides_of_each_cut() -> None:
    responses = responses_of(np.array([0.0, 1.0]))
    responses[:, ::3] = np.nan
    found = sprt_log_ratios(responses, ITEMS, CUTS, 0.2)
    for person in range(2):
        for at, cut in enumerate(CUTS):
            upper, lower = (log_likelihood(cut + s * 0.2, responses[person]) for s in (1, -1))
            assert found[person, at] == pytest.approx(upper - lower)


def test_generalised_ratio_takes_the_largest_likelihood_of_each_side() -> None:
    responses = responses_of(np.array([-0.7, 0.1, 2.0]))
    found = glr_log_ratios(responses, ITEMS, CUTS, 0.2)
    best = maximum_likelihood(responses, ITEMS).theta
    for person in range(3):
        for at, cut in enumerate(CUTS):
            # the likelihood of the 2PL has one maximum: beyond it, the edge is best
            upper = log_likelihood(max(best[person], cut + 0.2), responses[person])
            lower = log_likelihood(min(best[person], cut - 0.2), responses[person])
            assert found[person, at] == pytest.approx(upper - lower, abs=1e-5)


def test_maximum_just_beyond_the_edge_is_not_missed() -> None:
    responses = responses_of(np.array([0.5]))
    best = float(maximum_likelihood(responses, ITEMS).theta[0])
    for distance in (0.001, 0.009, 0.011, 0.019):
        found = glr_log_ratios(responses, ITEMS, [best - distance], 1e-9)[0, 0]
        lower = log_likelihood(best - distance, responses[0])
        assert found == pytest.approx(log_likelihood(best, responses[0]) - lower, abs=1e-5)


def test_generalised_ratio_of_a_perfect_pattern_is_finite() -> None:
    found = glr_log_ratios(np.ones((1, 40)), ITEMS, CUTS, 0.2)
    assert np.isfinite(found).all()
    assert decided_levels(found, ErrorRates()).tolist() == [3]


def test_generalised_ratio_is_never_closer_to_zero_than_that_of_the_edges() -> None:
    responses = responses_of(np.linspace(-3, 3, 50))
    simple = sprt_log_ratios(responses, ITEMS, CUTS, 0.2)
    general = glr_log_ratios(responses, ITEMS, CUTS, 0.2)
    decided = np.abs(simple) > np.log(19)
    assert (np.abs(general)[decided] >= np.abs(simple)[decided] - 1e-9).all()


@pytest.mark.parametrize(
    ("ratios", "level"),
    [
        ([-9, -9, -9], 0),
        ([9, -9, -9], 1),
        ([9, 9, -9], 2),
        ([9, 9, 9], 3),
        ([9, 0, -9], -1),
        ([0, -9, -9], -1),
        ([9, 9, 0], -1),
        ([-9, 9, -9], -1),
    ],
)
def test_level_is_decided_once_the_cuts_around_it_are(ratios: list[float], level: int) -> None:
    assert decided_levels(np.array([ratios], dtype=float), ErrorRates()).tolist() == [level]


def test_errors_stay_near_the_nominal_rate_at_the_edges() -> None:
    theta = np.repeat([0.1, 0.5], 1000)
    responses = responses_of(theta)
    decided = decided_levels(sprt_log_ratios(responses, ITEMS, [0.3], 0.2), ErrorRates(0.1, 0.1))
    is_wrong = (decided >= 0) & (decided != (theta > 0.3))
    assert is_wrong.mean() <= 0.1


@pytest.mark.parametrize("rates", [(0.0, 0.05), (0.05, 0.5), (-0.1, 0.1)])
def test_impossible_error_rates_are_refused(rates: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="error rates"):
        ErrorRates(*rates)


def test_indifference_without_width_is_refused() -> None:
    with pytest.raises(ValueError, match="half width"):
        sprt_log_ratios(np.ones((1, 40)), ITEMS, CUTS, 0.0)
