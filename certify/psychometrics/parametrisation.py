"""From slope and difficulty (a, b) to slope and intercepts (a, d1..dk) and back.

The intercepts are those of the R package mirt: logit = a theta + d for dichotomous and graded items
(d_k = -a b_k, falling in k), and for generalized partial credit the sums d_k = -a (b_1 + .. + b_k)
with d_0 = 0 (itemtype "gpcm": numerator k a theta + d_k). Also the change of scale of a linking.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from certify.psychometrics.item_parameters import FloatArray, ItemModel, ItemParameters


def intercepts(items: ItemParameters) -> FloatArray:
    """d1..dk of each item, shape (n_items, k_max) with k_max >= 1, padded with NaN."""
    width = max(1, items.thresholds.shape[1])
    table = np.full((len(items), width), np.nan)
    table[:, : items.thresholds.shape[1]] = items.thresholds
    is_single = items.model == ItemModel.DICHOTOMOUS
    table[is_single, 0] = items.b[is_single]
    sums = np.where((items.model == ItemModel.PARTIAL_CREDIT)[:, None], table.cumsum(axis=1), table)
    return np.asarray(-items.a[:, None] * sums)


def dichotomous_from_intercept(
    a: ArrayLike, d: ArrayLike, lower: ArrayLike = 0.0, upper: ArrayLike = 1.0
) -> ItemParameters:
    """Dichotomous items with logit = a theta + d: b = -d / a."""
    slopes = np.atleast_1d(np.asarray(a, dtype=np.float64))
    _require_slopes(slopes)
    return ItemParameters.of(slopes, -np.asarray(d, dtype=np.float64) / slopes, lower, upper)


def graded_from_intercepts(a: ArrayLike, d: ArrayLike) -> ItemParameters:
    """Graded items with logits a theta + d_k; `d`, shape (n_items, k_max), padded with NaN."""
    slopes = np.atleast_1d(np.asarray(a, dtype=np.float64))
    _require_slopes(slopes)
    return ItemParameters.graded(slopes, -np.asarray(d, dtype=np.float64) / slopes[:, None])


def partial_credit_from_intercepts(a: ArrayLike, d: ArrayLike) -> ItemParameters:
    """GPCM items with numerators k a theta + d_k, d_0 = 0 left out; `d` as in `intercepts`."""
    slopes = np.atleast_1d(np.asarray(a, dtype=np.float64))
    _require_slopes(slopes)
    sums = np.asarray(d, dtype=np.float64)
    steps = np.diff(sums, axis=1, prepend=0.0)
    return ItemParameters.partial_credit(slopes, -steps / slopes[:, None])


def rescaled(items: ItemParameters, slope: float, intercept: float) -> ItemParameters:
    """The items on the scale theta* = slope theta + intercept (one for all dimensions).

    a* = a / slope, b* = slope b + intercept; probabilities stay as they are. Raises ValueError
    unless slope > 0.
    """
    if not slope > 0:
        raise ValueError(f"expected a slope of the scale above 0, found {slope}")
    return replace(
        items,
        a=items.a / slope,
        b=slope * items.b + intercept,
        thresholds=slope * items.thresholds + intercept,
    )


def _require_slopes(a: FloatArray) -> None:
    good = np.isfinite(a) & (a != 0)
    if not good.all():
        at = int(np.argmin(good))
        raise ValueError(f"item {at}: expected a finite slope other than 0, found {a[at]}")
