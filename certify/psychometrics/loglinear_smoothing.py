"""Presmoothing of a score distribution by a log-linear model.

Holland & Thayer (2000), J. Educ. Behav. Statist. 25:133-183: ln f(x) is a polynomial of degree C
in the score, so the smoothed distribution keeps N and the first C moments of the observed one.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from certify.psychometrics.distributions import chi_square_upper_tail

FloatArray = NDArray[np.float64]

MOST_STEPS: Final = 200


@dataclass(frozen=True, slots=True)
class SmoothedFrequencies:
    """`frequencies` of scores 0..K with sum N; the likelihood-ratio fit and Akaike's criterion.

    `g2` has df = K - degree; `aic` = g2 + 2 (degree + 1) compares degrees (smaller is better).
    """

    frequencies: FloatArray
    degree: int
    g2: float
    df: int
    p_value: float
    aic: float


def checked_counts(counts: ArrayLike) -> FloatArray:
    """Frequencies of scores 0..K. Raises ValueError naming the first score at fault."""
    table = np.asarray(counts, dtype=np.float64)
    if table.ndim != 1 or len(table) < 2:
        raise ValueError(f"expected frequencies of scores 0, 1, ..., found shape {table.shape}")
    good = np.isfinite(table) & (table >= 0)
    if not good.all():
        score = int(np.argmin(good))
        raise ValueError(f"score {score}: expected a frequency of 0 or more, found {table[score]}")
    if (table > 0).sum() < 2:
        raise ValueError("expected at least two scores that occur, found a constant score")
    return table


def score_counts(scores: ArrayLike, highest: int) -> FloatArray:
    """Frequencies 0..highest of whole-number scores. Raises ValueError naming the first bad one."""
    values = np.asarray(scores, dtype=np.float64)
    good = (values >= 0) & (values <= highest) & (values == np.floor(values))
    if values.ndim != 1 or not good.all():
        person = int(np.argmin(good)) if values.ndim == 1 else 0
        raise ValueError(
            f"person {person}: expected a whole score from 0 to {highest}, "
            f"found {values[person] if values.ndim == 1 else values.shape}"
        )
    return np.bincount(values.astype(np.intp), minlength=highest + 1).astype(np.float64)


def loglinear_smoothed(counts: ArrayLike, degree: int) -> SmoothedFrequencies:
    """Maximum likelihood by Newton's method on orthogonal polynomials.

    Raises ValueError unless 1 <= degree < number of scores that occur, or if it does not converge.
    """
    table = checked_counts(counts)
    occurring = int((table > 0).sum())
    if not 1 <= degree < occurring:
        raise ValueError(f"expected a degree from 1 to {occurring - 1}, found {degree}")
    score = np.linspace(-1.0, 1.0, len(table))
    design = np.linalg.qr(np.vander(score, degree + 1, increasing=True)).Q
    # start at the logarithms of the counts, a little flattened so that zeros are finite
    start = np.log(0.8 * table + 0.2 * table.mean())
    beta = design.T @ start
    target = design.T @ table
    value = _log_likelihood(design, target, beta)
    for _ in range(MOST_STEPS):
        mean = np.exp(design @ beta)
        step = np.linalg.solve((design * mean[:, None]).T @ design, target - design.T @ mean)
        scale = 1.0
        while scale > 1e-6:
            after = _log_likelihood(design, target, beta + scale * step)
            if after >= value - 1e-12 * abs(value):
                break
            scale *= 0.5
        beta, value = beta + scale * step, after
        if np.abs(scale * step).max() < 1e-10:
            return _result(table, np.exp(design @ beta), degree)
    raise ValueError(
        f"the log-linear model of degree {degree} did not converge; use a lower degree"
    )


def _log_likelihood(design: FloatArray, target: FloatArray, beta: FloatArray) -> float:
    with np.errstate(over="ignore"):
        return float(target @ beta - np.exp(design @ beta).sum())


def _result(table: FloatArray, fitted: FloatArray, degree: int) -> SmoothedFrequencies:
    seen = table > 0
    g2 = float(2.0 * (table[seen] * np.log(table[seen] / fitted[seen])).sum())
    df = len(table) - degree - 1
    p_value = float(chi_square_upper_tail(g2, df))
    return SmoothedFrequencies(fitted, degree, g2, df, p_value, g2 + 2.0 * (degree + 1))
