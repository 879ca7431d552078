"""EAP on a grid: properties that hold for any test; published numbers are in tests/reference."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from certify.psychometrics.ability import AbilityFlag, AbilityGrid, eap, posterior
from certify.psychometrics.irt import ItemParameters, category_probabilities

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
    items = RASCH.take(range(responses.shape[1]))
    found = eap(responses, items, grid)
    assert posterior(responses, items, grid)[0] == pytest.approx(grid.weights)
    assert found.flags.tolist() == [AbilityFlag.NO_RESPONSES]
    assert found.theta[0] == pytest.approx(0.4, abs=1e-6)
    assert found.se[0] == pytest.approx(0.9, abs=1e-6)


@given(pattern=PATTERNS)
def test_posterior_sums_to_one_and_has_the_moments_of_the_estimate(pattern: list[float]) -> None:
    weights = posterior([pattern], RASCH, GRID)[0]
    found = eap([pattern], RASCH, GRID)
    assert weights.sum() == pytest.approx(1)
    assert (weights >= 0).all()
    assert weights @ GRID.points == pytest.approx(found.theta[0], abs=1e-12)
    assert weights @ (GRID.points - found.theta[0]) ** 2 == pytest.approx(found.se[0] ** 2)


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
    fault = "person 1, item 2: expected a response coded 1, 0 or NaN"
    with pytest.raises(ValueError, match=fault):
        eap([[0] * 8, [0, 1, value, 0, 0, 0, 0, 0]], RASCH, GRID)


def test_mixed_bank_is_weighted_category_by_category() -> None:
    items = ItemParameters.concatenate(
        [
            ItemParameters.of([1.2], [0.3], [0.2], [0.95]),
            ItemParameters.graded([1.1], [[-1.0, 0.5]]),
            ItemParameters.partial_credit([0.8], [[0.4, -0.3, 1.0]]),
        ]
    )
    responses = np.array([[1.0, 2.0, 1.0], [0.0, np.nan, 3.0], [1.0, 0.0, np.nan]])
    p = category_probabilities(GRID.points, items)
    for row, theta, se in zip(responses, *_estimates(responses, items), strict=True):
        weights = GRID.weights.copy()
        for item, category in enumerate(row):
            if not math.isnan(category):
                weights *= p[:, item, int(category)]
        weights /= weights.sum()
        mean = float(weights @ GRID.points)
        assert theta == pytest.approx(mean, abs=1e-12)
        assert se == pytest.approx(math.sqrt(weights @ (GRID.points - mean) ** 2), abs=1e-10)


def _estimates(responses: np.ndarray, items: ItemParameters) -> tuple[np.ndarray, np.ndarray]:
    found = eap(responses, items, GRID)
    return found.theta, found.se


def test_persons_of_a_large_batch_get_what_they_would_get_alone() -> None:
    rng = np.random.default_rng(5)
    responses = (rng.random((2500, 8)) < 0.5).astype(float)
    responses[rng.random(responses.shape) < 0.2] = np.nan
    together = eap(responses, RASCH, GRID)
    for person in (0, 1023, 1024, 2499):
        alone = eap(responses[person : person + 1], RASCH, GRID)
        assert together.theta[person] == pytest.approx(alone.theta[0], abs=1e-12)
        assert together.se[person] == pytest.approx(alone.se[0], abs=1e-12)


def test_perfect_and_zero_patterns_are_flagged() -> None:
    gaps = [np.nan] * 6
    found = eap([[1, 1, *gaps], [0, 0, *gaps], [0, 1, *gaps]], RASCH, GRID)
    assert found.has(AbilityFlag.ALL_HIGHEST).tolist() == [True, False, False]
    assert found.has(AbilityFlag.ALL_LOWEST).tolist() == [False, True, False]
    assert found.has(AbilityFlag.NO_RESPONSES).tolist() == [False, False, False]


def test_own_prior_is_taken_by_the_trapezoidal_rule() -> None:
    grid = AbilityGrid.of([0.0, 1.0, 3.0], [1.0, 1.0, 2.0])
    assert grid.weights == pytest.approx(np.array([0.5, 1.5, 2.0]) / 4.0)


@pytest.mark.parametrize(
    ("points", "density"),
    [
        ([0, 0, 1], [1, 1, 1]),
        ([0, 1], [1, 1, 1]),
        ([0, 1], [0, 0]),
        ([0, 1], [-1, 1]),
        ([0, 1], [math.nan, 1]),
        ([1], [1]),
    ],
)
def test_prior_that_is_none_is_refused(points: list[float], density: list[float]) -> None:
    with pytest.raises(ValueError, match="unusable grid"):
        AbilityGrid.of(points, density)


def test_bank_of_several_dimensions_needs_its_own_module() -> None:
    items = ItemParameters.of([1, 1], [0, 0], dimension=[0, 1])
    with pytest.raises(ValueError, match="expected items of one dimension, found 2"):
        eap([[0, 1]], items, GRID)
    assert eap([[0, 1]], items.on_one_dimension(), GRID).theta[0] == pytest.approx(0, abs=1e-12)


def test_category_above_the_highest_is_refused() -> None:
    items = ItemParameters.graded([1.0, 1.0], [[-1, 0, 1], [0]])
    with pytest.raises(ValueError, match="person 0, item 1: expected a response coded 1, 0"):
        eap([[3, 2]], items, GRID)
    with pytest.raises(ValueError, match="person 0, item 0: expected a response coded 0 to 3"):
        eap([[1.5, 1]], items, GRID)
