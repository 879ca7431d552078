"""Graded responses: P(X >= k) = logistic(a (theta - b_k)). Samejima (1969), Monograph 17.

With x_k = a (theta - b_k), x_0 = inf and x_{K+1} = -inf, a category is a difference of two
logistics, which is also a product without cancellation:

    P_k = logistic(x_k) logistic(-x_{k+1}) (1 - exp(x_{k+1} - x_k)),

and its last factor does not depend on theta. So ln P_k and its derivatives are sums of simple,
concave terms, exact in both tails. `theta` broadcasts against the items (last axis).
"""

import numpy as np
from numpy.typing import NDArray

from certify.psychometrics.models.curves import (
    STEEPEST,
    CategoryCurves,
    FloatArray,
    from_log_derivatives,
    log_logistic,
    logistic,
)


def curves(theta: FloatArray, a: FloatArray, thresholds: FloatArray) -> CategoryCurves:
    """All categories on a last axis of length k_max + 1; `thresholds` (..., n_items, k_max)."""
    slope = a[..., None]
    bounded = np.isfinite(thresholds)
    scaled = np.where(bounded, thresholds, 0.0)
    logit = np.clip(slope * (theta[..., None] - scaled), -STEEPEST, STEEPEST)
    shape = (*logit.shape[:-1], logit.shape[-1] + 1)
    at_least = np.where(bounded, logistic(logit), 0.0)
    below = np.where(bounded, logistic(-logit), 1.0)
    lower_log = np.where(bounded, log_logistic(logit), -np.inf)
    upper_log = np.where(bounded, log_logistic(-logit), 0.0)

    log_p = np.zeros(shape)
    log_p[..., 1:] += lower_log
    log_p[..., :-1] += upper_log
    log_p[..., 1:-1] += _log_gap(slope * scaled, bounded)
    is_there = np.isfinite(log_p)

    spread = at_least * below
    skew = spread * (below - at_least)
    first, second, third = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    first[..., 1:] += below
    first[..., :-1] -= at_least
    second[..., 1:] -= spread
    second[..., :-1] -= spread
    third[..., 1:] -= skew
    third[..., :-1] -= skew
    return from_log_derivatives(
        log_p,
        np.where(is_there, slope * first, 0.0),
        np.where(is_there, slope**2 * second, 0.0),
        np.where(is_there, slope**3 * third, 0.0),
    )


def response_ratios(
    categories: FloatArray, theta: FloatArray, a: FloatArray, thresholds: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """P_x'/P_x and P_x''/P_x of the observed categories x; only x's own two thresholds count.

    Shapes (..., n_items), with `thresholds` (n_items, k_max).
    """
    scaled = a[:, None] * thresholds
    edges = np.full((len(a), thresholds.shape[1] + 2), np.inf)
    edges[:, 0] = -np.inf
    edges[:, 1:-1] = np.where(np.isfinite(scaled), scaled, np.inf)
    category = categories.astype(np.intp)
    item = np.arange(len(a))
    reach = a * theta
    below = logistic(np.clip(edges[item, category] - reach, -STEEPEST, STEEPEST))
    at_least = logistic(np.clip(reach - edges[item, category + 1], -STEEPEST, STEEPEST))
    first = a * (below - at_least)
    bend = a**2 * (below * (1.0 - below) + at_least * (1.0 - at_least))
    return first, np.asarray(first**2 - bend)


def _log_gap(scaled: FloatArray, bounded: NDArray[np.bool_]) -> FloatArray:
    """ln(1 - exp(x_{k+1} - x_k)); 0 where the item has no such threshold."""
    gap = np.diff(scaled, axis=-1)
    both = bounded[..., 1:]
    return np.asarray(np.log(-np.expm1(-gap, where=both, out=np.full_like(gap, -1.0))))
