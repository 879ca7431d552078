"""Classical item and test statistics on an array of item points.

Input everywhere: `points`, shape (persons, items), finite, a missing answer counted as 0.
Below 20 persons every statistic is NaN, because none would mean anything. No smoothing, no
confidence intervals, no item parameters (those are IRT's).

Sources: Crocker & Algina (1986), Introduction to Classical and Modern Test Theory, chapters
5-7 and 14; Henrysson (1963), Psychometrika 28, 211-218 (item-rest correlation); Kelley
(1939), J. Educ. Psychol. 30, 17-24 (27 % groups); Cronbach (1951), Psychometrika 16,
297-334; Kuder & Richardson (1937), Psychometrika 2, 151-160.
"""

import math
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

MINIMUM_PERSONS: Final = 20
EXTREME_SHARE: Final = 0.27

FloatArray = NDArray[np.float64]


def difficulty(points: ArrayLike, max_points: ArrayLike) -> FloatArray:
    """p_i = mean(X_i) / max_i, the share of the points of item i that was earned; 0..1."""
    table = _table(points)
    if _too_few(table):
        return _nothing(table)
    p: FloatArray = table.mean(axis=0) / np.asarray(max_points, dtype=np.float64)
    return p


def item_rest_correlation(points: ArrayLike) -> FloatArray:
    """Corrected point-biserial: r_i = corr(X_i, T - X_i), the item left out of its own total.

    NaN where the item or the rest does not vary. Shape (items,), -1..1.
    """
    table = _table(points)
    result = _nothing(table)
    if _too_few(table):
        return result
    total = table.sum(axis=1)
    for item in range(table.shape[1]):
        result[item] = _correlation(table[:, item], total - table[:, item])
    return result


def upper_lower_discrimination(points: ArrayLike, max_points: ArrayLike) -> FloatArray:
    """Kelley's D_i = p_i(upper 27 %) - p_i(lower 27 %), groups by total points; -1..1.

    A group has round(0.27 n) persons. Persons who tie at its border share the places that
    are left, so that the order of the rows does not matter.
    """
    table = _table(points)
    if _too_few(table):
        return _nothing(table)
    total = table.sum(axis=1)
    size = round(EXTREME_SHARE * table.shape[0])
    difference = top_weights(total, size) - top_weights(-total, size)
    maxima = np.asarray(max_points, dtype=np.float64)
    d: FloatArray = (difference @ table) / size / maxima
    return d


def cronbach_alpha(points: ArrayLike) -> float:
    """alpha = k/(k-1) (1 - sum var(X_i) / var(T)); for 0/1 items this is KR-20.

    NaN for a single item or totals that do not vary. At most 1; can be negative.
    """
    table = _table(points)
    items = table.shape[1]
    if _too_few(table) or items < 2:
        return float("nan")
    total_variance = float(table.sum(axis=1).var(ddof=1))
    if total_variance == 0.0:
        return float("nan")
    shared = 1.0 - float(table.var(axis=0, ddof=1).sum()) / total_variance
    return float(items / (items - 1) * shared)


def alpha_if_deleted(points: ArrayLike) -> FloatArray:
    """Cronbach's alpha of the test without each item in turn; an item to drop raises it.

    NaN throughout for fewer than three items, or where the rest does not vary. Shape (items,).
    """
    table = _table(points)
    result = _nothing(table)
    if _too_few(table) or table.shape[1] < 3:
        return result
    for item in range(table.shape[1]):
        result[item] = cronbach_alpha(np.delete(table, item, axis=1))
    return result


def standard_error_of_measurement(points: ArrayLike) -> float:
    """SEM = sd(T) sqrt(1 - alpha), in points, with sd over n - 1."""
    table = _table(points)
    alpha = cronbach_alpha(table)
    if math.isnan(alpha):
        return alpha
    return float(table.sum(axis=1).std(ddof=1) * np.sqrt(1.0 - alpha))


def top_weights(total: FloatArray, size: float) -> FloatArray:
    """Weights 0..1 of the `size` persons with the highest totals, with sum `size`.

    1 above the border, an equal share on it, 0 below: the order of the rows does not matter.
    """
    if size <= 0.0:
        return np.zeros(len(total))
    border = np.sort(total)[::-1][math.ceil(size) - 1]
    above, tied = total > border, total == border
    weights: FloatArray = above.astype(np.float64)
    weights[tied] = (size - above.sum()) / tied.sum()
    return weights


def _table(points: ArrayLike) -> FloatArray:
    table = np.asarray(points, dtype=np.float64)
    if table.ndim != 2:
        raise ValueError(f"expected points of shape (persons, items), found {table.ndim} axes")
    return table


def _too_few(table: FloatArray) -> bool:
    return len(table) < MINIMUM_PERSONS


def _nothing(table: FloatArray) -> FloatArray:
    return np.full(table.shape[1], np.nan)


def _correlation(left: FloatArray, right: FloatArray) -> float:
    # Constant arrays are found by their range: a centred sum of squares is seldom exactly 0.
    if np.ptp(left) == 0.0 or np.ptp(right) == 0.0:
        return float("nan")
    a, b = left - left.mean(), right - right.mean()
    return float(a @ b / np.sqrt((a @ a) * (b @ b)))
