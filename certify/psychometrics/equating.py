"""Observed-score equating of form X to form Y in equivalent groups: mean, linear, equipercentile.

Kolen & Brennan (2014), Test Equating, Scaling, and Linking, chapters 2, 3 and 7; standard error of
equipercentile equating: Lord (1982), J. Educ. Statist. 7:165-174. Input: the frequencies of the
whole-number scores 0..K of each form. Groups that differ need common items: `anchor_equating`, or
`linking`. Equivalents are not rounded and may leave 0..K_Y by up to half a point (linear: more).
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from certify.psychometrics.loglinear_smoothing import checked_counts, loglinear_smoothed

FloatArray = NDArray[np.float64]

ROUNDING: Final = 1e-12


@dataclass(frozen=True, slots=True)
class Equating:
    """`equivalents` on form Y of the scores 0..K_X of form X, and their standard errors.

    A standard error is NaN where there is no formula (smoothed frequencies) or no person near.
    """

    equivalents: FloatArray
    se: FloatArray


@dataclass(frozen=True, slots=True)
class ScoreMoments:
    """Number of persons, mean, standard deviation over n, skewness and kurtosis (3 if normal)."""

    n: float
    mean: float
    sd: float
    skewness: float
    kurtosis: float


def score_moments(counts: ArrayLike) -> ScoreMoments:
    """Moments of a frequency table of scores 0..K."""
    table = checked_counts(counts)
    n = float(table.sum())
    score = np.arange(len(table), dtype=np.float64)
    mean = float(table @ score / n)
    deviation = score - mean
    sd = float(np.sqrt(table @ deviation**2 / n))
    skewness, kurtosis = (float(table @ deviation**power / n / sd**power) for power in (3, 4))
    return ScoreMoments(n, mean, sd, skewness, kurtosis)


def mean_equating(x_counts: ArrayLike, y_counts: ArrayLike) -> Equating:
    """y = x + mean(Y) - mean(X)."""
    x, y = score_moments(x_counts), score_moments(y_counts)
    scores = np.arange(len(np.asarray(x_counts)), dtype=np.float64)
    se = np.sqrt(x.sd**2 / x.n + y.sd**2 / y.n)
    return Equating(scores + y.mean - x.mean, np.full(len(scores), se))


def linear_equating(x_counts: ArrayLike, y_counts: ArrayLike) -> Equating:
    """y = mean(Y) + sd(Y) / sd(X) (x - mean(X)); standard error without assuming normal scores."""
    x, y = score_moments(x_counts), score_moments(y_counts)
    z = (np.arange(len(np.asarray(x_counts)), dtype=np.float64) - x.mean) / x.sd
    variance = (
        1.0 / x.n
        + 1.0 / y.n
        + (x.skewness / x.n + y.skewness / y.n) * z
        + ((x.kurtosis - 1.0) / (4.0 * x.n) + (y.kurtosis - 1.0) / (4.0 * y.n)) * z**2
    )
    return Equating(y.mean + y.sd * z, y.sd * np.sqrt(np.maximum(variance, 0.0)))


def equipercentile_equating(
    x_counts: ArrayLike,
    y_counts: ArrayLike,
    *,
    x_degree: int | None = None,
    y_degree: int | None = None,
) -> Equating:
    """The score of Y with the same percentile rank, for each score of X.

    With `x_degree` or `y_degree` that form is presmoothed by a log-linear model of the degree
    (None: no presmoothing), and standard errors are NaN. Scores nobody has on Y are bridged by the
    middle of the gap (Kolen & Brennan, section 2.5.1).
    """
    x = checked_counts(x_counts)
    y = checked_counts(y_counts)
    if x_degree is not None:
        x = loglinear_smoothed(x, x_degree).frequencies
    if y_degree is not None:
        y = loglinear_smoothed(y, y_degree).frequencies
    rank = percentile_ranks(x) / 100.0
    equivalents = scores_at(y, rank)
    is_smooth = x_degree is not None or y_degree is not None
    se = np.full(len(x), np.nan) if is_smooth else _standard_errors(x, y, rank)
    return Equating(equivalents, se)


def percentile_ranks(counts: ArrayLike) -> FloatArray:
    """Percent of persons below each score 0..K, those at the score counted half."""
    table = checked_counts(counts)
    return np.asarray(100.0 * (np.cumsum(table) - 0.5 * table) / table.sum())


def percentile_rank_of(counts: ArrayLike, scores: ArrayLike) -> FloatArray:
    """Percentile ranks at any scores, each score 0..K spread evenly over half a point around it."""
    table = checked_counts(counts)
    edges = np.arange(len(table) + 1) - 0.5
    below = np.concatenate([[0.0], np.cumsum(table)]) / table.sum()
    return np.asarray(100.0 * np.interp(np.asarray(scores, dtype=np.float64), edges, below))


def scores_at(counts: ArrayLike, ranks: ArrayLike) -> FloatArray:
    """The scores with the given percentile ranks / 100; the middle where several have it."""
    table = checked_counts(counts)
    below = np.concatenate([[0.0], np.cumsum(table)]) / table.sum()
    below[-1] = 1.0
    result = []
    for rank in np.asarray(ranks, dtype=np.float64):
        # below[j] is the share under score j - 1/2
        last = int(np.flatnonzero(below <= rank + ROUNDING)[-1])
        first = int(np.flatnonzero(below >= rank - ROUNDING)[0])
        upper = last - 0.5 if last == len(table) else last - 0.5 + _within(below, last, rank)
        lower = first - 0.5 if first == 0 else first - 1.5 + _within(below, first - 1, rank)
        result.append(0.5 * (upper + lower))
    return np.array(result)


def _within(below: FloatArray, at: int, rank: float) -> float:
    width = below[at + 1] - below[at]
    return float(np.clip((rank - below[at]) / width, 0.0, 1.0)) if width > ROUNDING else 0.0


def _standard_errors(x: FloatArray, y: FloatArray, rank: FloatArray) -> FloatArray:
    n_x, n_y = x.sum(), y.sum()
    below = np.concatenate([[0.0], np.cumsum(y)]) / n_y
    result = np.full(len(x), np.nan)
    for score, p in enumerate(rank):
        at = int(np.flatnonzero(below <= p + ROUNDING)[-1])
        if at == len(y) or not 0.0 < p < 1.0:
            continue
        density = y[at] / n_y
        both = p * (1.0 - p) * (n_x + n_y) / (n_x * n_y)
        known = (below[at + 1] - p) * (p - below[at]) / (n_y * density)
        result[score] = np.sqrt(max(both - known, 0.0)) / density
    return result
