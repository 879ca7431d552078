"""EAP on a grid: properties that hold for any test; published numbers are in tests/reference."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from certify.psychometrics.ability import AbilityGrid, eap
from certify.psychometrics.irt import ItemParameters

GRID = AbilityGrid.normal()
RASCH = ItemParameters.of(np.ones(8), np.linspace(-2, 2, 8))
PATTERNS = st.lists(st.sampled_from([0.0, 1.0]), min_size=8, max_size=8)


def test_normal_grid_has_the_moments_of_its_prior() -> None:
    grid = AbilityGrid.normal(0.3, 0.8)
    mean = float(grid.weights @ grid.points)
    assert grid.weights.sum() == pytest.approx(1)
    assert mean == pytest.approx(0.3, abs=1e-9)
    assert float(grid.weights @ (grid.points - mean) ** 2) == pytest.approx(0.64, abs=1e-9)


@pytest.mark.parametrize(
    "fault",
    [{"sd": 0.0}, {"sd": -1.0}, {"sd": math.nan}, {"lower": 2.0, "upper": 2.0}, {"count": 1}],
)
def test_unusable_grid_is_refused(fault: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="unusable grid"):
        AbilityGrid.normal(**fault)


def test_eap_is_the_posterior_mean_and_standard_deviation() -> None:
    items = ItemParameters.of([1.2, 0.8], [-0.5, 0.7], [0.2, 0.0])
    weights = []
    for point in GRID.points:
        first = 0.2 + 0.8 / (1 + math.exp(-1.2 * (point + 0.5)))
        second = 1 / (1 + math.exp(-0.8 * (point - 0.7)))
        weights.append(first * (1 - second) * math.exp(-0.5 * point**2))
    total = math.fsum(weights)
    mean = math.fsum(w * p for w, p in zip(weights, GRID.points, strict=True)) / total
    spread = math.fsum(w * (p - mean) ** 2 for w, p in zip(weights, GRID.points, strict=True))
    found = eap([[1, 0]], items, GRID)
    assert found.theta[0] == pytest.approx(mean, abs=1e-12)
    assert found.se[0] == pytest.approx(math.sqrt(spread / total), abs=1e-12)


@given(first=PATTERNS, second=PATTERNS)
def test_rasch_estimate_rises_with_the_raw_score_alone(
    first: list[float], second: list[float]
) -> None:
    theta = eap([first, second], RASCH, GRID).theta
    if sum(first) == sum(second):
        assert theta[0] == pytest.approx(theta[1], abs=1e-10)
    else:
        assert (theta[0] < theta[1]) == (sum(first) < sum(second))


@given(pattern=PATTERNS, given_items=st.lists(st.booleans(), min_size=8, max_size=8))
def test_missing_response_counts_as_not_administered(
    pattern: list[float], given_items: list[bool]
) -> None:
    kept = np.flatnonzero(given_items)
    with_gaps = np.where(given_items, pattern, np.nan)
    gaps = eap([with_gaps], RASCH, GRID)
    short = eap(np.array([pattern])[:, kept], RASCH.take(kept), GRID)
    assert gaps.theta == pytest.approx(short.theta, abs=1e-12)
    assert gaps.se == pytest.approx(short.se, abs=1e-12)


@pytest.mark.parametrize("responses", [np.full((1, 8), np.nan), np.empty((1, 0))])
def test_no_responses_give_the_prior(responses: np.ndarray) -> None:
    grid = AbilityGrid.normal(0.4, 0.9)
    found = eap(responses, RASCH.take(range(responses.shape[1])), grid)
    assert found.posterior[0] == pytest.approx(grid.weights)
    assert found.theta[0] == pytest.approx(0.4, abs=1e-6)
    assert found.se[0] == pytest.approx(0.9, abs=1e-6)


@given(pattern=PATTERNS)
def test_posterior_sums_to_one(pattern: list[float]) -> None:
    found = eap([pattern], RASCH, GRID)
    assert found.posterior.sum() == pytest.approx(1)
    assert (found.posterior >= 0).all()


@pytest.mark.parametrize("answer", [0.0, 1.0])
def test_steep_item_far_from_the_grid_does_not_spoil_the_estimate(answer: float) -> None:
    """At the far end of the grid the probability rounds to one, and its complement to zero."""
    items = ItemParameters.of([4.0, 1.0], [-4.0, 0.0])
    found = eap([[1.0, answer]], items, GRID)
    assert np.isfinite(found.theta[0])
    assert np.isfinite(found.se[0])
    assert (found.theta[0] > 0) == (answer == 1.0)


def test_long_test_does_not_underflow() -> None:
    items = ItemParameters.of(np.full(2000, 1.5), np.linspace(-3, 3, 2000))
    found = eap([np.tile([1.0, 0.0], 1000)], items, GRID)
    assert found.theta[0] == pytest.approx(0, abs=0.1)
    assert 0 < found.se[0] < 0.1


@pytest.mark.parametrize("responses", [[0, 1], [[0, 1]], [[0] * 9], [[[0] * 8]]])
def test_responses_of_another_shape_are_refused(responses: list[object]) -> None:
    with pytest.raises(ValueError, match=r"expected responses of shape \(persons, 8\)"):
        eap(responses, RASCH, GRID)


@pytest.mark.parametrize("value", [2, -1, 0.5, math.inf])
def test_response_that_is_neither_right_nor_wrong_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="coded 1, 0 or NaN"):
        eap([[value, 0, 0, 0, 0, 0, 0, 0]], RASCH, GRID)
