"""Fit of the whole model from means and pairs of items: M2, M2* and C2, and indices from them.

With more than a handful of items nearly every response pattern is unique and the full chi-square
is worthless; the statistic here only uses first and second moments (sources: `moment_structure`).
RMSEA2 and SRMSR: Maydeu-Olivares & Joe (2014), Multivariate Behavioral Research 49:305-328; TLI
and CFI against independent items: Cai, Chung & Lee (2023), Br. J. Math. Statist. Psychol.
76:15-44. Complete responses, unidimensional banks.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from certify.psychometrics.ability import AbilityGrid
from certify.psychometrics.classical import MINIMUM_PERSONS
from certify.psychometrics.diagnosing.moment_structure import (
    Moments,
    MomentStructure,
    Population,
    Slopes,
    Statistics,
    independence_of,
    population_of,
    statistics_of,
    structure_of,
)
from certify.psychometrics.distributions import chi_square_upper_tail, noncentrality_with_cdf
from certify.psychometrics.item_parameters import FloatArray, ItemParameters
from certify.psychometrics.responses import checked

__all__ = ["LimitedInformationFit", "Moments", "Slopes", "m2"]


@dataclass(frozen=True, slots=True)
class LimitedInformationFit:
    """The statistic and its indices.

    `rmsea` with its 90 % interval: .05 is close fit for pairs; `srmsr`: root mean square of the
    residual correlations, .05 or below is good; `residual_correlations` (n_items, n_items):
    observed less expected, 0 on the diagonal. `tli` and `cfi` are NaN where independent items
    leave no degrees of freedom.
    """

    statistic: float
    df: int
    p_value: float
    rmsea: float
    rmsea_low: float
    rmsea_high: float
    srmsr: float
    tli: float
    cfi: float
    residual_correlations: FloatArray


def m2(
    responses: ArrayLike,
    items: ItemParameters,
    grid: AbilityGrid | None = None,
    *,
    moments: Moments = Moments.MEANS,
    slopes: Slopes = Slopes.FREE,
    free_lower: ArrayLike | None = None,
    free_upper: ArrayLike | None = None,
) -> LimitedInformationFit:
    """M2 of parameters estimated from these same responses.

    `grid` is the population (default N(0, 1) on 61 points, -6 to 6); `free_lower`, `free_upper`:
    masks of the estimated asymptotes (default: those off 0 and 1). Thresholds count as estimated.
    Raises ValueError for missing responses, fewer than 20 persons, several dimensions, an item
    that everybody answers alike, or a model without degrees of freedom.
    """
    values = _complete(responses, items)
    population = AbilityGrid.normal() if grid is None else grid
    model = population_of(
        items,
        population.points,
        population.weights,
        slopes,
        _mask(free_lower, items.c > 0),
        _mask(free_upper, items.d < 1),
    )
    shares = _shares(values, items)
    statistics = statistics_of(items.max_category, moments)
    observed = _observed(values, statistics)
    structure = structure_of(model, statistics)
    value, df = _quadratic_form(observed, structure, len(values))
    if df <= 0:
        raise ValueError(
            f"expected more moments than parameters, found {len(observed)} moments and "
            f"{structure.derivatives.shape[1]} parameters; use Moments.CATEGORIES (C2), fewer free "
            "parameters or more items"
        )
    baseline = structure_of(independence_of(shares, items.max_category), statistics)
    residual = _correlations(values) - _expected_correlations(model)
    above = residual[np.triu_indices(len(items), 1)]
    return _indices(
        (value, df), _quadratic_form(observed, baseline, len(values)), len(values), residual, above
    )


def _indices(
    model: tuple[float, int],
    baseline: tuple[float, int],
    n: int,
    residual: FloatArray,
    above: FloatArray,
) -> LimitedInformationFit:
    value, df = model
    low, high = (_rmsea_bound(value, df, n, level) for level in (0.95, 0.05))
    tli = cfi = float("nan")
    base, base_df = baseline
    if base_df > 0:
        tli = (base / base_df - value / df) / (base / base_df - 1.0)
        cfi = min(max(1.0 - (value - df) / (base - base_df), 0.0), 1.0)
    return LimitedInformationFit(
        statistic=value,
        df=df,
        p_value=float(chi_square_upper_tail(value, df)),
        rmsea=float(np.sqrt(max(value / df - 1.0, 0.0) / (n - 1))),
        rmsea_low=low,
        rmsea_high=high,
        srmsr=float(np.sqrt((above**2).mean())),
        tli=tli,
        cfi=cfi,
        residual_correlations=residual,
    )


def _rmsea_bound(value: float, df: int, n: int, level: float) -> float:
    """Steiger's bound: the noncentrality at which the value is the `level` quantile."""
    return float(np.sqrt(noncentrality_with_cdf(value, df, level) / (n * df)))


def _quadratic_form(observed: FloatArray, structure: MomentStructure, n: int) -> tuple[float, int]:
    """N r' C r with C = D (D' Xi D)^-1 D', D a basis orthogonal to the derivatives."""
    rows, columns = structure.derivatives.shape
    if rows <= columns:
        return float("nan"), rows - columns
    basis = np.linalg.qr(structure.derivatives, mode="complete").Q[:, columns:]
    gap = basis.T @ (observed - structure.moments)
    inner = basis.T @ structure.covariance @ basis
    return float(n * gap @ np.linalg.solve(inner, gap)), rows - columns


def _complete(responses: ArrayLike, items: ItemParameters) -> FloatArray:
    matrix = checked(responses, items)
    if items.n_dimensions > 1:
        raise ValueError(f"expected items of one dimension, found {items.n_dimensions}")
    if len(items) < 2:
        raise ValueError(f"expected at least two items, found {len(items)}")
    if matrix.observed is not None:
        person, item = (int(at) for at in np.argwhere(~matrix.observed)[0])
        raise ValueError(
            f"person {person}, item {item}: expected complete responses, found a missing one; "
            "leave the person out"
        )
    if len(matrix) < MINIMUM_PERSONS:
        raise ValueError(f"expected at least {MINIMUM_PERSONS} persons, found {len(matrix)}")
    is_constant = np.ptp(matrix.values, axis=0) == 0
    if is_constant.any():
        item = int(np.argmax(is_constant))
        raise ValueError(f"item {item}: expected responses that differ, found all alike")
    return matrix.values


def _mask(given: ArrayLike | None, default: NDArray[np.bool_]) -> NDArray[np.bool_]:
    return default if given is None else np.asarray(given, dtype=bool)


def _shares(values: FloatArray, items: ItemParameters) -> FloatArray:
    categories = np.arange(items.n_categories)
    return np.asarray((values[..., None] == categories).mean(axis=0))


def _observed(values: FloatArray, s: Statistics) -> FloatArray:
    chosen = values.astype(np.intp)
    singles = s.value[np.arange(len(s.owner)), chosen[:, s.owner]].mean(axis=0)
    products = values.T @ values / len(values)
    return np.concatenate([singles, products[s.first, s.second]])


def _correlations(values: FloatArray) -> FloatArray:
    return np.asarray(np.corrcoef(values, rowvar=False))


def _expected_correlations(population: Population) -> FloatArray:
    score = np.arange(population.p.shape[-1], dtype=np.float64)
    mean = population.p @ score
    raw = (mean * population.weights[:, None]).T @ mean
    np.fill_diagonal(raw, population.weights @ (population.p @ score**2))
    total = population.weights @ mean
    covariance = raw - np.outer(total, total)
    spread = np.sqrt(np.diagonal(covariance))
    return np.asarray(covariance / np.outer(spread, spread))
