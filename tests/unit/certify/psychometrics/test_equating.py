"""Observed-score equating by hand, its symmetry, presmoothing, and anchors."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from certify.psychometrics.anchor_equating import (
    AnchorMethod,
    chained_equipercentile,
    group_moments,
    linear_anchor_equating,
)
from certify.psychometrics.equating import (
    equipercentile_equating,
    linear_equating,
    mean_equating,
    percentile_rank_of,
    percentile_ranks,
    scores_at,
)
from certify.psychometrics.loglinear_smoothing import loglinear_smoothed, score_counts

counts = arrays(np.int64, st.integers(5, 15), elements=st.integers(1, 60))


def test_percentile_ranks_by_hand() -> None:
    # Kolen & Brennan's layout: 20, 30, 20, 20, 10 persons at 0..4
    assert percentile_ranks([20, 30, 20, 20, 10]).tolist() == [10, 35, 60, 80, 95]


def test_equipercentile_by_hand() -> None:
    # rank 35 lies 15 of the 50 persons above score 1/2 of Y: 1/2 + 15/50
    found = equipercentile_equating([20, 30, 20, 20, 10], [20, 50, 10, 10, 10])
    assert found.equivalents[1] == pytest.approx(0.5 + 0.15 / 0.5)
    assert found.equivalents[0] == pytest.approx(0.0)


def test_standard_error_by_lords_formula() -> None:
    found = equipercentile_equating([20, 30, 20, 20, 10], [20, 50, 10, 10, 10])
    p, g, low, high = 0.35, 0.5, 0.2, 0.7
    expected = p * (1 - p) * 200 / 10000 - (high - p) * (p - low) / (100 * g)
    assert found.se[1] == pytest.approx(expected**0.5 / g)


def test_scores_nobody_has_are_bridged_by_the_middle() -> None:
    # half of Y below 1 1/2, the other half from 3 1/2: the rank 50 is anywhere between
    assert scores_at([10, 10, 0, 0, 20], [0.5]).tolist() == [2.5]


@settings(deadline=None)
@given(counts)
def test_a_form_is_equated_to_itself_by_the_identity(table: np.ndarray) -> None:
    identity = np.arange(len(table))
    for method in (mean_equating, linear_equating, equipercentile_equating):
        np.testing.assert_allclose(method(table, table).equivalents, identity, atol=1e-9)


@settings(deadline=None)
@given(counts, counts)
def test_equipercentile_is_monotone_symmetric_and_stays_near_the_scale(
    x: np.ndarray, y: np.ndarray
) -> None:
    found = equipercentile_equating(x, y).equivalents
    assert (np.diff(found) > -1e-12).all()
    assert found.min() >= -0.5
    assert found.max() <= len(y) - 0.5
    # back from Y to X at those points
    back = scores_at(x, percentile_rank_of(y, found) / 100)
    np.testing.assert_allclose(back, np.arange(len(x)), atol=1e-8)


def test_linear_keeps_mean_and_spread() -> None:
    x, y = np.array([5, 9, 20, 8, 3]), np.array([2, 4, 8, 15, 9, 7])
    found = linear_equating(x, y).equivalents
    y_mean = np.arange(6) @ y / y.sum()
    y_sd = (((np.arange(6) - y_mean) ** 2) @ y / y.sum()) ** 0.5
    assert found @ x / x.sum() == pytest.approx(y_mean)
    assert (((found - y_mean) ** 2) @ x / x.sum()) ** 0.5 == pytest.approx(y_sd)


def test_linear_standard_error_is_right_on_average() -> None:
    rng = np.random.default_rng(1)
    draws, claimed = [], []
    for _ in range(300):
        x = score_counts(rng.binomial(20, 0.4, 400), 20)
        y = score_counts(rng.binomial(20, 0.5, 500), 20)
        found = linear_equating(x, y)
        draws.append(found.equivalents[[5, 8, 12]])
        claimed.append(found.se[[5, 8, 12]])
    np.testing.assert_allclose(np.mean(claimed, axis=0), np.std(draws, axis=0), rtol=0.15)


@settings(deadline=None, max_examples=40)
@given(counts, st.integers(1, 3))
def test_smoothing_keeps_the_moments(table: np.ndarray, degree: int) -> None:
    smooth = loglinear_smoothed(table, degree)
    score = np.arange(len(table))
    for power in range(degree + 1):
        kept = smooth.frequencies @ score.astype(float) ** power
        assert kept == pytest.approx(table @ score.astype(float) ** power, rel=1e-7)
    assert smooth.g2 >= -1e-9
    assert smooth.df == len(table) - degree - 1


def test_smoothing_fills_gaps_and_ranks_degrees() -> None:
    table = [0, 2, 7, 0, 20, 18, 9, 4, 0, 1]
    smooth = loglinear_smoothed(table, 3)
    assert (smooth.frequencies > 0).all()
    assert loglinear_smoothed(table, 4).g2 <= smooth.g2 + 1e-9
    assert smooth.aic == pytest.approx(smooth.g2 + 8)


def test_faults_of_frequencies_are_named() -> None:
    with pytest.raises(ValueError, match="score 2: expected a frequency of 0 or more"):
        mean_equating([1, 2, -1], [1, 2, 3])
    with pytest.raises(ValueError, match="constant score"):
        linear_equating([1, 2, 3], [0, 9, 0])
    with pytest.raises(ValueError, match="degree from 1 to 2, found 3"):
        loglinear_smoothed([4, 5, 6], 3)
    with pytest.raises(ValueError, match="person 1: expected a whole score from 0 to 4"):
        score_counts([1, 5, 2], 4)
    with pytest.raises(ValueError, match="scores 0, 1"):
        percentile_ranks([[1, 2], [3, 4]])


def anchored(seed: int, shift: float) -> tuple[np.ndarray, ...]:
    """Form scores and external anchor scores of two groups; the second is abler by `shift`."""
    rng = np.random.default_rng(seed)
    ability = [rng.normal(0.0, 1.0, 4000), rng.normal(shift, 1.0, 4000)]
    p = [1 / (1 + np.exp(-theta[:, None] + np.linspace(-2, 2, 40))) for theta in ability]
    v = [1 / (1 + np.exp(-theta[:, None] + np.linspace(-1.5, 1.5, 20))) for theta in ability]
    forms = [(rng.random(part.shape) < part).sum(axis=1) for part in p]
    anchors = [(rng.random(part.shape) < part).sum(axis=1) for part in v]
    return forms[0], anchors[0], forms[1], anchors[1]


@pytest.mark.parametrize(
    ("method", "error"),
    [
        (AnchorMethod.TUCKER, 1.6),
        (AnchorMethod.LEVINE_EXTERNAL, 0.6),
        (AnchorMethod.CHAINED, 1.0),
    ],
)
def test_parallel_forms_taken_by_unequal_groups_come_out_equal(
    method: AnchorMethod, error: float
) -> None:
    x, v1, y, v2 = anchored(1, 0.5)
    # without the anchor the groups' difference, over 3 points, would be taken for the forms'
    assert y.mean() - x.mean() > 3
    found = linear_anchor_equating(group_moments(x, v1), group_moments(y, v2), method, weight_1=0.5)
    scores = np.array([10.0, 20.0, 30.0])
    np.testing.assert_allclose(found(scores), scores, atol=error)


def test_chained_equipercentile_of_parallel_forms() -> None:
    found = chained_equipercentile(*anchored(2, 0.5))
    middle = np.arange(8, 33)
    np.testing.assert_allclose(found[middle], middle, atol=1.3)


def test_equal_groups_need_no_anchor() -> None:
    x, v1, y, v2 = anchored(3, 0.0)
    one = linear_anchor_equating(group_moments(x, v1), group_moments(y, v2), AnchorMethod.TUCKER)
    scores = np.arange(41)
    plain = linear_equating(score_counts(x, 40), score_counts(y, 40)).equivalents
    np.testing.assert_allclose(one(scores), plain, atol=0.6)


def test_faults_of_anchors_are_named() -> None:
    x, v, _, _ = anchored(4, 0.0)
    good = group_moments(x, v)
    with pytest.raises(ValueError, match="weight of group 1"):
        linear_anchor_equating(good, good, AnchorMethod.TUCKER, weight_1=1.2)
    with pytest.raises(ValueError, match="positive covariance"):
        against = group_moments(x, -v)
        linear_anchor_equating(against, good, AnchorMethod.LEVINE_INTERNAL)
    with pytest.raises(ValueError, match="at least 20 persons"):
        group_moments(x[:19], v[:19])
    with pytest.raises(ValueError, match="anchor scores that differ"):
        group_moments(x, np.ones(len(x)))
    with pytest.raises(ValueError, match="person 3: expected a form score"):
        group_moments(np.where(np.arange(len(x)) == 3, np.nan, x), v)
