"""Four-parameter logistic items: P = c + (d - c) / (1 + exp(-a (theta - b))).

Birnbaum (1968), in Lord & Novick, Statistical Theories of Mental Test Scores, chapters 17-20;
Barton & Lord (1981), ETS RR-81-20, for the upper asymptote. `theta` broadcasts against the items:
its last axis is the item axis (or 1 for one ability for all items).
"""

import numpy as np

from certify.psychometrics.models.curves import (
    STEEPEST,
    CategoryCurves,
    FloatArray,
    log_logistic,
    logistic,
)


def probability(
    theta: FloatArray, a: FloatArray, b: FloatArray, c: FloatArray, d: FloatArray
) -> FloatArray:
    """P(1); stable for any finite theta."""
    return np.asarray(c + (d - c) * logistic(a * (theta - b)))


def log_probability(
    theta: FloatArray, a: FloatArray, b: FloatArray, c: FloatArray, d: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """ln P(1) and ln P(0); finite for any finite logit.

    Not the logarithms of `probability`: where that rounds to one, ln P(0) still counts.
    """
    logit = a * (theta - b)
    log_core, log_rest = log_logistic(logit), log_logistic(-logit)
    if not c.any() and np.all(d == 1.0):
        return log_core, log_rest
    return _log_mixture(c, d - c, log_core), _log_mixture(1.0 - d, d - c, log_rest)


def information(
    theta: FloatArray, a: FloatArray, b: FloatArray, c: FloatArray, d: FloatArray
) -> FloatArray:
    """Expected information P'^2 / (P Q), never negative (Lord 1980, eq. 5-9)."""
    logit = a * (theta - b)
    core = logistic(logit)
    # 1 - core would lose its digits where core is close to 1
    rest = logistic(-logit)
    width = d - c
    right = c + width * core
    # core and P vanish together far from the item; their ratio is then 1 / width
    solved = np.divide(core, right, out=np.ones_like(core), where=right > 0)
    if np.all(d == 1.0):
        return np.asarray(a**2 * width * core * rest * solved)
    wrong = (1.0 - d) + width * rest
    failed = np.divide(rest, wrong, out=np.ones_like(rest), where=wrong > 0)
    return np.asarray((a * width) ** 2 * core * rest * solved * failed)


def response_ratios(
    right: FloatArray,
    theta: FloatArray,
    a: FloatArray,
    b: FloatArray,
    c: FloatArray,
    d: FloatArray,
) -> tuple[FloatArray, FloatArray]:
    """P_x'/P_x and P_x''/P_x of the observed response x, `right` being 1 or 0."""
    core, rest, solved, failed = _parts(theta, a, b, c, d)
    first = a * np.where(right > 0, solved * rest, -failed * core)
    return first, np.asarray(a * first * (rest - core))


def curves(
    theta: FloatArray, a: FloatArray, b: FloatArray, c: FloatArray, d: FloatArray
) -> CategoryCurves:
    """Both categories, 0 and 1, on a last axis of length 2."""
    core, rest, solved, failed = _parts(theta, a, b, c, d)
    log_right, log_wrong = log_probability(theta, a, b, c, d)
    first = np.stack([-failed * core, solved * rest], axis=-1) * a[..., None]
    bend = a * (rest - core)
    twist = a**2 * (1.0 - 6.0 * core * rest)
    return CategoryCurves(
        np.stack([log_wrong, log_right], axis=-1),
        first,
        first * bend[..., None],
        first * twist[..., None],
    )


def _parts(
    theta: FloatArray, a: FloatArray, b: FloatArray, c: FloatArray, d: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """logistic, 1 - logistic, and the shares (d-c) logistic / P and (d-c)(1 - logistic) / Q."""
    logit = np.clip(a * (theta - b), -STEEPEST, STEEPEST)
    core, rest = logistic(logit), logistic(-logit)
    width = d - c
    solved = width * core / (c + width * core)
    failed = width * rest / ((1.0 - d) + width * rest)
    return core, rest, solved, failed


def _log_mixture(floor: FloatArray, width: FloatArray, log_part: FloatArray) -> FloatArray:
    """ln(floor + width exp(log_part)); only above a floor is it safe to leave the logarithms."""
    has_floor = floor > 0
    plain = np.log(width) + log_part
    if not has_floor.any():
        return np.asarray(plain)
    above = np.log(np.where(has_floor, floor, 1.0) + width * np.exp(log_part))
    return np.asarray(above if has_floor.all() else np.where(has_floor, above, plain))
