"""Mean-square fit of items and persons: outfit and infit with their z, and the likelihood z.

Wright & Masters (1982), Rating Scale Analysis, chapter 5 (mean squares, Wilson-Hilferty z);
Drasgow, Levine & Williams (1985), Br. J. Math. Statist. Psychol. 38:67-86 (zh over persons or
over items). A missing response (NaN) counts as not administered. `theta` is taken as given, of
shape (persons,), or (persons, dimensions) for a multidimensional bank; the numbers depend on how
it was estimated (reference values are with EAP). Fit by raw score is in `summed_score_fit`, lz
and lz* in `person_fit`.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from certify.psychometrics import irt
from certify.psychometrics.classical import MINIMUM_PERSONS
from certify.psychometrics.item_parameters import FloatArray, ItemParameters
from certify.psychometrics.responses import ResponseMatrix, checked

SMALLEST_VARIANCE: Final = float(np.sqrt(1e-5))
"""Variances of a response are not taken below this: one slip on a sure item would otherwise
decide the outfit alone. The value is that of the R package mirt; the textbooks have no floor."""
WIDEST_SPREAD: Final = 1.4142
"""Bound of the standard deviation in the Wilson-Hilferty cube root, as in mirt."""


@dataclass(frozen=True, slots=True)
class MeanSquareFit:
    """One entry per item or per person; NaN where there are too few responses (see functions)."""

    outfit: FloatArray
    outfit_z: FloatArray
    infit: FloatArray
    infit_z: FloatArray
    zh: FloatArray
    """Standardized log-likelihood of the responses: low is misfit, high is overfit."""
    count: NDArray[np.intp]
    """Number of responses behind the numbers."""


@dataclass(frozen=True, slots=True)
class ResponseResiduals:
    """Each array of shape (persons, items); 0 where the response is missing.

    `residual` X - E(X); `variance` and `kurtosis`: second and fourth central moment of X;
    `log_gap`: ln P_x - E(ln P); `log_variance`: Var(ln P); `observed` masks what was administered.
    """

    residual: FloatArray
    variance: FloatArray
    kurtosis: FloatArray
    log_gap: FloatArray
    log_variance: FloatArray
    observed: NDArray[np.bool_]


def item_fit(
    responses: ArrayLike,
    items: ItemParameters,
    theta: ArrayLike,
    *,
    smallest_variance: float = SMALLEST_VARIANCE,
) -> MeanSquareFit:
    """Fit of each item over its persons; NaN for an item with fewer than 20 responses.

    Raises ValueError for responses or abilities that do not fit the items.
    """
    parts = residuals(responses, items, theta)
    return _fit(parts, 0, smallest_variance, MINIMUM_PERSONS)


def person_mean_squares(
    responses: ArrayLike,
    items: ItemParameters,
    theta: ArrayLike,
    *,
    smallest_variance: float = SMALLEST_VARIANCE,
) -> MeanSquareFit:
    """Fit of each person over the items that were administered; NaN without any."""
    parts = residuals(responses, items, theta)
    return _fit(parts, 1, smallest_variance, 1)


def residuals(responses: ArrayLike, items: ItemParameters, theta: ArrayLike) -> ResponseResiduals:
    """What was observed against what the model expects of each person on each item."""
    matrix = checked(responses, items)
    ability = finite_theta(theta, matrix, items)
    log_p = irt.log_category_probabilities(ability, items)
    p = np.exp(log_p)
    score = np.arange(p.shape[-1], dtype=np.float64)
    expected = p @ score
    deviation = score - expected[..., None]
    variance = (p * deviation**2).sum(axis=-1)
    kurtosis = (p * deviation**4).sum(axis=-1)
    safe_log = np.where(p > 0, log_p, 0.0)
    mean_log = (p * safe_log).sum(axis=-1)
    log_variance = (p * (safe_log - mean_log[..., None]) ** 2).sum(axis=-1)
    chosen = matrix.values.astype(np.intp)[..., None]
    log_gap = np.take_along_axis(log_p, chosen, axis=-1)[..., 0] - mean_log
    observed = matrix.observed
    seen = np.ones(matrix.values.shape, dtype=bool) if observed is None else observed
    return ResponseResiduals(
        residual=np.where(seen, matrix.values - expected, 0.0),
        variance=np.where(seen, variance, 0.0),
        kurtosis=np.where(seen, kurtosis, 0.0),
        log_gap=np.where(seen, log_gap, 0.0),
        log_variance=np.where(seen, log_variance, 0.0),
        observed=seen,
    )


def finite_theta(theta: ArrayLike, matrix: ResponseMatrix, items: ItemParameters) -> FloatArray:
    """The abilities, one per person. Raises ValueError naming the first that is no number."""
    ability = np.asarray(theta, dtype=np.float64)
    shape = (len(matrix),) if items.n_dimensions == 1 else (len(matrix), items.n_dimensions)
    if ability.shape != shape:
        raise ValueError(f"expected theta of shape {shape}, found {ability.shape}")
    is_finite = np.isfinite(ability).reshape(len(matrix), -1).all(axis=1)
    if not is_finite.all():
        person = int(np.argmin(is_finite))
        raise ValueError(
            f"person {person}: expected a finite theta, found {ability[person]}; estimate by EAP, "
            "MAP or WLE, or leave perfect and zero patterns out"
        )
    return ability


def _fit(parts: ResponseResiduals, axis: int, floor: float, least: int) -> MeanSquareFit:
    count = parts.observed.sum(axis=axis)
    is_enough = count >= least
    n = np.where(is_enough, count, 1)
    w = np.where(parts.observed, np.maximum(parts.variance, floor), 1.0)
    seen = parts.observed
    weight = np.where(seen, w, 0.0).sum(axis=axis)
    weight = np.where(is_enough, weight, 1.0)
    outfit = (parts.residual**2 / w).sum(axis=axis) / n
    infit = (parts.residual**2).sum(axis=axis) / weight
    outfit_spread = (np.where(seen, parts.kurtosis / w**2, 0.0)).sum(axis=axis) / n**2 - 1.0 / n
    infit_spread = np.where(seen, parts.kurtosis - w**2, 0.0).sum(axis=axis) / weight**2
    outfit_z = _cube_root_z(outfit, outfit_spread)
    infit_z = _cube_root_z(infit, infit_spread)
    with np.errstate(divide="ignore", invalid="ignore"):
        zh = parts.log_gap.sum(axis=axis) / np.sqrt(parts.log_variance.sum(axis=axis))
    return MeanSquareFit(
        outfit=np.where(is_enough, outfit, np.nan),
        outfit_z=np.where(is_enough, outfit_z, np.nan),
        infit=np.where(is_enough, infit, np.nan),
        infit_z=np.where(is_enough, infit_z, np.nan),
        zh=np.where(is_enough, zh, np.nan),
        count=count,
    )


def _cube_root_z(mean_square: FloatArray, variance: FloatArray) -> FloatArray:
    """Wilson-Hilferty: (v^(1/3) - 1) (3 / q) + q / 3; NaN unless the variance q^2 is positive."""
    q = np.minimum(np.sqrt(np.where(variance > 0, variance, np.nan)), WIDEST_SPREAD)
    return np.asarray((np.cbrt(mean_square) - 1.0) * (3.0 / q) + q / 3.0)
