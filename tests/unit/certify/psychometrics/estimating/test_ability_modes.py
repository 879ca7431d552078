"""Modes: roots of the right equations, extreme patterns, gaps, bounds, batches."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from certify.psychometrics.ability import AbilityFlag
from certify.psychometrics.estimating.ability_modes import (
    Jeffreys,
    StandardError,
    distinct_patterns,
    maximum_a_posteriori,
    maximum_likelihood,
    weighted_likelihood,
)
from certify.psychometrics.estimating.priors import NormalPrior
from certify.psychometrics.irt import ItemParameters, category_curves, log_category_probabilities
from certify.psychometrics.responses import checked

RASCH = ItemParameters.of(np.ones(6), np.linspace(-2, 2, 6))
MIXED = ItemParameters.concatenate(
    [
        ItemParameters.of([1.2, 0.8, 1.5], [0.3, -1.0, 0.6], [0.2, 0.0, 0.1], [0.95, 1.0, 1.0]),
        ItemParameters.graded([1.1, 0.7], [[-1.0, 0.0, 2.0], [-0.5, 1.0]]),
        ItemParameters.partial_credit([1.3], [[0.5, -0.2, 0.4]]),
    ]
)
POINTS = np.linspace(-8, 8, 16001)
LOGS = log_category_probabilities(POINTS, MIXED)
CURVES = category_curves(POINTS, MIXED)


@st.composite
def mixed_rows(draw: st.DrawFn) -> np.ndarray:
    row = [draw(st.none() | st.integers(0, int(top))) for top in MIXED.max_category]
    return np.array([math.nan if value is None else value for value in row], dtype=float)


def height(row: np.ndarray) -> np.ndarray:
    given_items = np.flatnonzero(~np.isnan(row))
    return np.asarray(LOGS[:, given_items, row[given_items].astype(int)].sum(axis=1))


@given(row=mixed_rows())
def test_map_is_the_highest_point_of_the_posterior(row: np.ndarray) -> None:
    found = maximum_a_posteriori([row], MIXED, NormalPrior(0.3, 0.9))
    posterior = height(row) - 0.5 * ((POINTS - 0.3) / 0.9) ** 2
    assert found.theta[0] == pytest.approx(POINTS[posterior.argmax()], abs=1e-3)


@given(row=mixed_rows())
def test_bounded_ml_is_the_highest_point_of_the_likelihood(row: np.ndarray) -> None:
    found = maximum_likelihood([row], MIXED, bounds=(-8.0, 8.0))
    if np.isnan(row).all():
        assert math.isnan(found.theta[0])
        return
    at = np.interp(found.theta[0], POINTS, height(row))
    assert at == pytest.approx(height(row).max(), abs=1e-5)


@given(row=mixed_rows())
def test_wle_solves_warms_equation(row: np.ndarray) -> None:
    found = weighted_likelihood([row], MIXED)
    theta = found.theta[0]
    if not math.isfinite(theta):
        return
    given_items = np.flatnonzero(~np.isnan(row))
    curves = category_curves(theta, MIXED.take(given_items))
    first = curves.first[np.arange(len(given_items)), row[given_items].astype(int)].sum()
    bias = curves.bias_numerator().sum() / (2 * curves.information().sum())
    assert first + bias == pytest.approx(0, abs=1e-8)
    assert found.se[0] == pytest.approx(curves.information().sum() ** -0.5)


@given(row=mixed_rows())
def test_jeffreys_mode_is_the_highest_point_of_its_posterior(row: np.ndarray) -> None:
    given_items = np.flatnonzero(~np.isnan(row))
    if len(given_items) == 0:
        return
    found = maximum_a_posteriori([row], MIXED, Jeffreys.PRIOR, bounds=(-8.0, 8.0))
    told = CURVES.information()[:, given_items].sum(axis=1)
    posterior = height(row) + 0.5 * np.log(told)
    at = np.interp(found.theta[0], POINTS, posterior)
    assert at == pytest.approx(posterior.max(), abs=1e-5)


@pytest.mark.parametrize(
    ("row", "theta"),
    [([0] * 6, -math.inf), ([1] * 6, math.inf), ([1, *[math.nan] * 5], math.inf)],
)
def test_constant_pattern_has_no_finite_ml(row: list[float], theta: float) -> None:
    found = maximum_likelihood([row], RASCH)
    assert found.theta[0] == theta
    assert math.isnan(found.se[0])
    assert found.has(AbilityFlag.INFINITE)[0]


@pytest.mark.parametrize("method", [maximum_a_posteriori, weighted_likelihood])
@pytest.mark.parametrize("answer", [0.0, 1.0])
def test_constant_pattern_has_a_finite_map_and_wle(method: object, answer: float) -> None:
    found = method([[answer] * 6], RASCH)  # type: ignore[operator]
    assert math.isfinite(found.theta[0])
    assert found.se[0] > 0
    flag = AbilityFlag.ALL_HIGHEST if answer else AbilityFlag.ALL_LOWEST
    assert found.flags.tolist() == [flag]


def test_negative_slope_turns_the_infinite_end() -> None:
    items = ItemParameters.of([1.0, -1.0], [0.0, 0.0])
    assert maximum_likelihood([[1, 0], [0, 1]], items).theta.tolist() == [math.inf, -math.inf]
    assert math.isfinite(maximum_likelihood([[1, 1]], items).theta[0])


def test_guessing_pattern_without_a_maximum_is_infinite() -> None:
    """Right only on the hard items: nothing is more likely than guessing."""
    items = ItemParameters.of([1.5] * 4, [-2, -1, 1, 2], 0.25)
    found = maximum_likelihood([[0, 0, 1, 1], [1, 1, 0, 0]], items)
    assert found.theta[0] == -math.inf
    assert math.isfinite(found.theta[1])


def test_bound_is_told() -> None:
    found = maximum_likelihood([[0] * 6, [1] * 6, [1, 1, 1, 0, 0, 0]], RASCH, bounds=(-3.0, 2.5))
    assert found.theta[:2].tolist() == [-3.0, 2.5]
    assert found.has(AbilityFlag.AT_BOUND).tolist() == [True, True, False]
    assert np.isfinite(found.se).all()


def test_bounds_must_rise() -> None:
    with pytest.raises(ValueError, match="bounds that rise, found 1"):
        maximum_likelihood([[0] * 6], RASCH, bounds=(1.0, 1.0))


@pytest.mark.parametrize("method", [maximum_likelihood, weighted_likelihood])
def test_no_responses_have_neither_estimate_nor_error(method: object) -> None:
    found = method([[math.nan] * 6], RASCH)  # type: ignore[operator]
    assert np.isnan(found.theta).all()
    assert np.isnan(found.se).all()
    assert found.flags.tolist() == [AbilityFlag.NO_RESPONSES]


def test_no_responses_leave_the_prior_to_map() -> None:
    found = maximum_a_posteriori([[math.nan] * 6], RASCH, NormalPrior(0.4, 0.8))
    assert found.theta[0] == pytest.approx(0.4)
    assert found.se[0] == pytest.approx(0.8)


def test_standard_errors_of_an_exponential_family_agree() -> None:
    rows = [[1, 0, 1, 0, 1, 0], [1, 1, 1, 0, 1, 0]]
    for method in (maximum_likelihood, maximum_a_posteriori):
        expected = method(rows, RASCH)
        observed = method(rows, RASCH, standard_error=StandardError.OBSERVED)
        assert observed.se == pytest.approx(expected.se, rel=1e-9)


def test_observed_standard_error_is_the_curvature_of_the_likelihood() -> None:
    row = np.array([1.0, 0.0, 1.0, 2.0, 1.0, 2.0])
    found = maximum_likelihood([row], MIXED, standard_error=StandardError.OBSERVED)
    step = 1e-4

    def level(theta: float) -> float:
        logs = log_category_probabilities(theta, MIXED)
        return float(logs[np.arange(6), row.astype(int)].sum())

    theta = found.theta[0]
    curvature = (level(theta + step) - 2 * level(theta) + level(theta - step)) / step**2
    assert found.se[0] == pytest.approx((-curvature) ** -0.5, rel=1e-5)


def test_persons_of_a_batch_get_what_they_would_get_alone() -> None:
    rng = np.random.default_rng(8)
    rows = np.floor(rng.random((400, 6)) * (MIXED.max_category + 1))
    rows[rng.random(rows.shape) < 0.2] = np.nan
    for method in (maximum_likelihood, maximum_a_posteriori, weighted_likelihood):
        together = method(rows, MIXED)
        for person in range(0, 400, 57):
            alone = method(rows[person : person + 1], MIXED)
            assert together.theta[person] == pytest.approx(alone.theta[0], abs=1e-8, nan_ok=True)
            assert together.flags[person] == alone.flags[0]


def test_equal_patterns_are_solved_once() -> None:
    rows = checked(
        [[0, 1, np.nan], [0, 1, np.nan], [0, 1, 0], [0, 1, np.nan]], RASCH.take([0, 1, 2])
    )
    firsts, pattern_of = distinct_patterns(rows)
    assert len(firsts) == 2
    assert len({int(pattern_of[i]) for i in (0, 1, 3)}) == 1
    assert pattern_of[2] != pattern_of[0]


@pytest.mark.parametrize("sd", [0.0, -1.0, math.nan, math.inf])
def test_prior_without_a_width_is_refused(sd: float) -> None:
    with pytest.raises(ValueError, match="sd > 0"):
        NormalPrior(0.0, sd)


def test_nobody_is_nobody() -> None:
    assert len(maximum_likelihood(np.empty((0, 6)), RASCH).theta) == 0
