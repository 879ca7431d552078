"""ln P and its derivatives in the working values, for every item, category and grid point.

The curves of `irt` take (a, b) and give derivatives in theta; calibration works with slopes and
intercepts and needs derivatives in them. Categories that an item does not have carry ln P = -inf
and derivatives 0.
"""

import numpy as np

from certify.psychometrics.calibrating.bank_plan import BankPlan, IndexArray
from certify.psychometrics.item_parameters import FloatArray
from certify.psychometrics.models.curves import STEEPEST, log_logistic, logistic


def log_probabilities(values: FloatArray, plan: BankPlan, points: FloatArray) -> FloatArray:
    """ln P_k(theta_q), shape (n_items, K + 1, points); NaN if graded intercepts do not fall."""
    log_p = exponential_log_probabilities(values, plan, points)
    graded = plan.graded
    if len(graded):
        log_p[graded] = _graded_log_probabilities(values[graded], plan, graded, points)
    asymptotic = plan.asymptotic(values)
    if len(asymptotic):
        core, rest, width = _asymptotic_parts(values[asymptotic], points)
        lower, upper = values[asymptotic, -2, None], values[asymptotic, -1, None]
        with np.errstate(divide="ignore"):
            log_p[asymptotic, 1] = np.log(lower + width * core)
            log_p[asymptotic, 0] = np.log((1.0 - upper) + width * rest)
    return log_p


def exponential_log_probabilities(
    values: FloatArray, plan: BankPlan, points: FloatArray
) -> FloatArray:
    """The same by ln P_k = k a theta + d_k - ln sum: right for 1PL, 2PL, PCM and GPCM items."""
    n, k = len(values), plan.n_thresholds
    if k == 1:
        logit = values[:, :1] * points + values[:, 1:2]
        log_p = np.empty((n, 2, len(points)))
        np.logaddexp(0.0, logit, out=log_p[:, 0])
        np.negative(log_p[:, 0], out=log_p[:, 0])
        np.add(logit, log_p[:, 0], out=log_p[:, 1])
        return log_p
    category = np.arange(k + 1, dtype=np.float64)
    log_p = values[:, 0, None, None] * category[:, None] * points
    log_p[:, 1:] += values[:, 1:-2, None]
    log_p[~plan.has_category] = -np.inf
    top = log_p.max(axis=1, keepdims=True)
    log_p -= top + np.log(np.exp(log_p - top).sum(axis=1, keepdims=True))
    return log_p


def scores(values: FloatArray, plan: BankPlan, points: FloatArray) -> FloatArray:
    """d ln P_k / d value, shape (n_items, K + 3 values, K + 1 categories, points)."""
    n, k = len(values), plan.n_thresholds
    p = np.exp(exponential_log_probabilities(values, plan, points))
    category = np.arange(k + 1, dtype=np.float64)
    table = np.zeros((n, k + 3, k + 1, len(points)))
    deviation = category[:, None] - np.einsum("c,icq->iq", category, p)[:, None, :]
    table[:, 0] = deviation * points
    table[:, 1 : k + 1] = np.eye(k + 1)[1:, :, None] - p[:, 1:, None, :]
    graded, asymptotic = plan.graded, plan.asymptotic(values)
    if len(graded):
        table[graded] = _graded_scores(values[graded], plan, graded, points)
    if len(asymptotic):
        table[asymptotic] = 0.0
        table[asymptotic, :, :2] = _asymptotic_scores(values[asymptotic], points)
    np.copyto(table, 0.0, where=~plan.has_category[:, None, :, None])
    return table


def _asymptotic_parts(
    values: FloatArray, points: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    logit = np.clip(values[:, :1] * points + values[:, 1:2], -STEEPEST, STEEPEST)
    return logistic(logit), logistic(-logit), values[:, -1:] - values[:, -2:-1]


def _asymptotic_scores(values: FloatArray, points: FloatArray) -> FloatArray:
    core, rest, width = _asymptotic_parts(values, points)
    right = values[:, -2, None] + width * core
    wrong = (1.0 - values[:, -1, None]) + width * rest
    table = np.zeros((len(values), values.shape[1], 2, len(points)))
    for category, (p, sign) in enumerate(((wrong, -1.0), (right, 1.0))):
        steep = sign * width * core * rest / p
        table[:, 0, category] = steep * points
        table[:, 1, category] = steep
        table[:, -2, category] = sign * rest / p
        table[:, -1, category] = sign * core / p
    return table


def _graded_log_probabilities(
    values: FloatArray, plan: BankPlan, graded: IndexArray, points: FloatArray
) -> FloatArray:
    there = plan.has_category[graded]
    logit = values[:, 0, None, None] * points + values[:, 1:-2, None]
    log_p = np.zeros((len(values), plan.n_thresholds + 1, len(points)))
    log_p[:, 1:] += log_logistic(logit)
    log_p[:, :-1] += np.where(there[:, 1:, None], log_logistic(-logit), 0.0)
    log_p[:, 1:-1] += _log_gap(values, there)[:, :, None]
    log_p[~there] = -np.inf
    return log_p


def _log_gap(values: FloatArray, there: np.ndarray) -> FloatArray:
    """ln(1 - exp(d_{k+1} - d_k)), 0 above the item's highest category, NaN out of order."""
    gap = np.where(there[:, 2:], np.diff(values[:, 1:-2], axis=1), -np.inf)
    return np.asarray(np.log1p(-np.exp(np.where(gap < 0, gap, np.nan))))


def _graded_scores(
    values: FloatArray, plan: BankPlan, graded: IndexArray, points: FloatArray
) -> FloatArray:
    there, k = plan.has_category[graded], plan.n_thresholds
    logit = values[:, 0, None, None] * points + values[:, 1:-2, None]
    below = logistic(-logit)
    at_least = np.where(there[:, 1:, None], logistic(logit), 0.0)
    gap = np.where(there[:, 2:], np.diff(values[:, 1:-2], axis=1), -np.inf)
    crowding = (1.0 / np.expm1(-gap))[:, :, None]
    table = np.zeros((len(values), k + 3, k + 1, len(points)))
    for step in range(1, k + 1):
        table[:, step, step] += below[:, step - 1]
        table[:, step, step - 1] -= at_least[:, step - 1]
        if step < k:
            table[:, step, step] += crowding[:, step - 1]
            table[:, step + 1, step] -= crowding[:, step - 1]
    table[:, 0] = points * table[:, 1 : k + 1].sum(axis=1)
    return table
