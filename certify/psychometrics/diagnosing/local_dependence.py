"""Dependence between pairs of items that ability does not explain: Q3 and the LD chi-square.

Yen (1984), Applied Psychological Measurement 8:125-145 (Q3); Christensen, Makransky & Horton
(2017), Applied Psychological Measurement 41:178-194 (Q3 against its average); Chen & Thissen
(1997), J. Educ. Behav. Statist. 22:265-289 (LD X2). Missing responses are left out pair by pair.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from certify.psychometrics import irt
from certify.psychometrics.ability import AbilityGrid
from certify.psychometrics.classical import MINIMUM_PERSONS
from certify.psychometrics.distributions import chi_square_upper_tail
from certify.psychometrics.fit import residuals
from certify.psychometrics.item_parameters import FloatArray, ItemParameters
from certify.psychometrics.responses import checked


@dataclass(frozen=True, slots=True)
class PairDependence:
    """LD statistics of each pair, arrays of shape (n_items, n_items), NaN on the diagonal.

    `x2` Pearson's chi-square of the two-way table, `df` and `p_value` its test; `residual` Cramer's
    V with the sign of observed minus expected covariance: a residual correlation for 0/1 items.
    """

    x2: FloatArray
    df: FloatArray
    p_value: FloatArray
    residual: FloatArray


def q3(responses: ArrayLike, items: ItemParameters, theta: ArrayLike) -> FloatArray:
    """Correlations of the residuals X - E(X | theta), shape (n_items, n_items), 1 to itself.

    The values lie about -1/(n_items - 1) without any dependence, and depend on how theta was
    estimated. NaN for a pair with fewer than 20 common persons or a residual that does not vary.
    """
    parts = residuals(responses, items, theta)
    seen = parts.observed.astype(np.float64)
    r = parts.residual
    n = seen.T @ seen
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = (r.T @ seen) / n
        covariance = (r.T @ r) / n - mean * mean.T
        square = ((r**2).T @ seen) / n - mean**2
        correlation = covariance / np.sqrt(square * square.T)
    is_flat = ~(square > 1e-14)
    correlation[is_flat | is_flat.T | (n < MINIMUM_PERSONS)] = np.nan
    np.fill_diagonal(correlation, np.where(np.isnan(np.diagonal(correlation)), np.nan, 1.0))
    return correlation


def adjusted_q3(correlations: ArrayLike) -> FloatArray:
    """Q3 less its mean over all pairs; above .2 is the usual sign of dependence."""
    table = np.array(correlations, dtype=np.float64)
    above = table[np.triu_indices(len(table), 1)]
    table -= np.nanmean(above) if np.isfinite(above).any() else np.nan
    np.fill_diagonal(table, np.nan)
    return table


def pair_dependence(
    responses: ArrayLike, items: ItemParameters, grid: AbilityGrid | None = None
) -> PairDependence:
    """LD X2 of every pair. `grid` is the population (default N(0, 1) on 61 points, -6 to 6).

    df = (K_i - 1)(K_j - 1) with K categories. NaN for a pair with fewer than 20 common persons.
    Raises ValueError for items of several dimensions.
    """
    matrix = checked(responses, items)
    if items.n_dimensions > 1:
        raise ValueError(f"expected items of one dimension, found {items.n_dimensions}")
    population = AbilityGrid.normal() if grid is None else grid
    p = irt.category_probabilities(population.points, items)
    n = len(items)
    x2, residual = np.full((n, n), np.nan), np.full((n, n), np.nan)
    categories = items.max_category + 1
    indicators = [_indicators(matrix.with_gaps()[:, i], int(categories[i])) for i in range(n)]
    for i in range(n):
        for j in range(i):
            observed = indicators[i].T @ indicators[j]
            if observed.sum() < MINIMUM_PERSONS:
                continue
            weighted = population.weights[:, None] * p[:, i, : categories[i]]
            expected = observed.sum() * (weighted.T @ p[:, j, : categories[j]])
            x2[i, j] = x2[j, i] = ((observed - expected) ** 2 / expected).sum()
            least = min(categories[i], categories[j]) - 1
            size = np.sqrt(x2[i, j] / (observed.sum() * least))
            sign = np.sign(_covariance(observed) - _covariance(expected))
            residual[i, j] = residual[j, i] = sign * size
    df = np.outer(categories - 1, categories - 1).astype(np.float64)
    df[np.isnan(x2)] = np.nan
    return PairDependence(x2, df, chi_square_upper_tail(x2, df), residual)


def _indicators(column: FloatArray, categories: int) -> NDArray[np.float64]:
    return np.asarray(column[:, None] == np.arange(categories), dtype=np.float64)


def _covariance(table: FloatArray) -> float:
    share = table / table.sum()
    rows, columns = np.arange(table.shape[0]), np.arange(table.shape[1])
    both = rows @ share @ columns
    return float(both - (rows @ share.sum(axis=1)) * (columns @ share.sum(axis=0)))
