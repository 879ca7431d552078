"""Tail probabilities of the normal and chi-square distributions, in numpy and the standard library.

Only what the fit, dependence and similarity statistics need for their p-values. The incomplete
gamma function follows Press et al. (2007), Numerical Recipes, section 6.2: the series below
a + 1, Lentz's continued fraction above; relative error about 1e-14, in the far tail too.
"""

import math
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]

TOLERANCE: Final = 1e-16
MOST_TERMS: Final = 100_000
TINY: Final = 1e-300

_erfc = np.frompyfunc(math.erfc, 1, 1)
_lgamma = np.frompyfunc(math.lgamma, 1, 1)


def normal_upper_tail(z: ArrayLike) -> FloatArray:
    """P(Z > z), accurate where it is tiny; NaN stays NaN."""
    scaled = np.asarray(z, dtype=np.float64) / math.sqrt(2.0)
    return np.asarray(0.5 * np.asarray(_erfc(scaled), dtype=np.float64))


def normal_two_sided(z: ArrayLike) -> FloatArray:
    """P(|Z| > |z|)."""
    return 2.0 * normal_upper_tail(np.abs(np.asarray(z, dtype=np.float64)))


def chi_square_upper_tail(x: ArrayLike, df: ArrayLike) -> FloatArray:
    """P(X > x) with `df` degrees of freedom (need not be whole); NaN for NaN, or df <= 0."""
    values, degrees = np.broadcast_arrays(
        np.asarray(x, dtype=np.float64), np.asarray(df, dtype=np.float64)
    )
    result = np.full(values.shape, np.nan)
    for at in np.ndindex(values.shape):
        if degrees[at] > 0 and not np.isnan(values[at]):
            result[at] = gamma_upper(0.5 * float(degrees[at]), 0.5 * float(values[at]))
    return result


def gamma_upper(a: float, x: float) -> float:
    """Regularized upper incomplete gamma function Q(a, x), a > 0."""
    if x <= 0.0:
        return 1.0
    if math.isinf(x):
        return 0.0
    return 1.0 - _series(a, x) if x < a + 1.0 else _continued_fraction(a, x)


def gamma_lower(a: float, x: float) -> float:
    """P(a, x) = 1 - Q(a, x), without the cancellation for small x."""
    if x <= 0.0:
        return 0.0
    if math.isinf(x):
        return 1.0
    return _series(a, x) if x < a + 1.0 else 1.0 - _continued_fraction(a, x)


def noncentral_chi_square_cdf(x: float, df: float, noncentrality: float) -> float:
    """P(X <= x): a Poisson(lambda / 2) mixture of chi-squares with df + 2j degrees of freedom.

    Johnson, Kotz & Balakrishnan (1995), Continuous Univariate Distributions 2, eq. 29.2.
    """
    if noncentrality <= 0.0:
        return gamma_lower(0.5 * df, 0.5 * x)
    if x <= 0.0:
        return 0.0
    half, value = 0.5 * noncentrality, 0.5 * x
    reach = 12.0 * math.sqrt(half) + 30.0
    j = np.arange(max(0, math.floor(half - reach)), math.ceil(half + reach) + 1, dtype=np.float64)
    weights = np.exp(j * math.log(half) - half - _log_gamma(j + 1.0))
    # P(a, x) = P(a + 1, x) + x^a e^-x / Gamma(a + 1): downwards nothing cancels
    a = 0.5 * df + j
    steps = np.exp(a * math.log(value) - value - _log_gamma(a + 1.0))
    steps[-1] = gamma_lower(float(a[-1]), value)
    return min(float(weights @ np.cumsum(steps[::-1])[::-1]), 1.0)


def noncentrality_with_cdf(x: float, df: float, probability: float) -> float:
    """The noncentrality at which P(X <= x) is `probability`; 0 where even 0 leaves less."""
    if noncentral_chi_square_cdf(x, df, 0.0) <= probability:
        return 0.0
    low, high = 0.0, max(x, 1.0)
    while noncentral_chi_square_cdf(x, df, high) > probability:
        low, high = high, 2.0 * high
    while high - low > 1e-10 * max(1.0, high):
        middle = 0.5 * (low + high)
        if noncentral_chi_square_cdf(x, df, middle) > probability:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)


def _log_gamma(values: FloatArray) -> FloatArray:
    return np.asarray(_lgamma(values), dtype=np.float64)


def _series(a: float, x: float) -> float:
    term = total = 1.0 / a
    for n in range(1, MOST_TERMS):
        term *= x / (a + n)
        total += term
        if term < total * TOLERANCE:
            break
    return min(1.0, total * math.exp(a * math.log(x) - x - math.lgamma(a)))


def _continued_fraction(a: float, x: float) -> float:
    b = x + 1.0 - a
    c = 1.0 / TINY
    d = 1.0 / b
    product = d
    for n in range(1, MOST_TERMS):
        factor = -n * (n - a)
        b += 2.0
        d = 1.0 / _away_from_zero(factor * d + b)
        c = _away_from_zero(b + factor / c)
        product *= d * c
        if abs(d * c - 1.0) < 4.0 * TOLERANCE:
            break
    return product * math.exp(a * math.log(x) - x - math.lgamma(a))


def _away_from_zero(value: float) -> float:
    return value if abs(value) > TINY else TINY
