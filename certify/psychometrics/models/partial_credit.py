"""Generalized partial credit: P_k proportional to exp(sum_{v <= k} a (theta - b_v)).

Muraki (1992), Applied Psychological Measurement 16:159-176; with a = 1 it is the partial credit
model of Masters (1982). An exponential family: ln P_k has the derivatives a (k - m), -a^2 v and
-a^3 s, where m, v, s are mean, variance and third central moment of the category. `theta`
broadcasts against the items (last axis).
"""

import numpy as np

from certify.psychometrics.models.curves import CategoryCurves, FloatArray, from_log_derivatives


def curves(theta: FloatArray, a: FloatArray, steps: FloatArray) -> CategoryCurves:
    """All categories on a last axis of length k_max + 1; `steps` (..., n_items, k_max)."""
    slope = a[..., None]
    log_p = _log_probability(theta, a, steps)
    p = np.exp(log_p)
    category = np.arange(log_p.shape[-1], dtype=np.float64)
    deviation = category - (p @ category)[..., None]
    variance = (p * deviation**2).sum(axis=-1, keepdims=True)
    skew = (p * deviation**3).sum(axis=-1, keepdims=True)
    is_there = np.isfinite(log_p)
    return from_log_derivatives(
        log_p,
        np.where(is_there, slope * deviation, 0.0),
        np.where(is_there, -(slope**2) * variance, 0.0),
        np.where(is_there, -(slope**3) * skew, 0.0),
    )


def response_ratios(
    categories: FloatArray, theta: FloatArray, a: FloatArray, steps: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """P_x'/P_x and P_x''/P_x of the observed categories x, shapes (..., n_items)."""
    p = np.exp(_log_probability(theta, a, steps))
    category = np.arange(p.shape[-1], dtype=np.float64)
    mean = p @ category
    first = a * (categories - mean)
    return first, np.asarray(first**2 - a**2 * (p @ category**2 - mean**2))


def _log_probability(theta: FloatArray, a: FloatArray, steps: FloatArray) -> FloatArray:
    raised = a[..., None] * (theta[..., None] - steps)
    logit = np.where(np.isfinite(steps), raised, -np.inf)
    numerator = np.zeros((*logit.shape[:-1], logit.shape[-1] + 1))
    np.cumsum(logit, axis=-1, out=numerator[..., 1:])
    numerator -= numerator.max(axis=-1, keepdims=True)
    return np.asarray(numerator - np.log(np.exp(numerator).sum(axis=-1, keepdims=True)))
