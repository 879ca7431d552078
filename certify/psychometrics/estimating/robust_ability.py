"""Ability by robust weighted likelihood: responses that surprise count for less.

The root of sum_i w(r_i) (x_i - P_i) P_i' / (P_i Q_i) with the residual r = a (theta - b)
(Schuster & Yuan 2011, Journal of Educational and Behavioral Statistics 36:720-735, eq. 9):
Huber's w = min(1, t / |r|), or Tukey's biweight (1 - (r / t)^2)^2 inside |r| <= t and 0 outside
(Mislevy & Bock 1982). For screening aberrant records, not for decisions: the estimate is not
efficient, and with the biweight it may not be unique. Dichotomous items only.
"""

from enum import Enum

import numpy as np
from numpy.typing import ArrayLike

from certify.psychometrics.ability import AbilityEstimate, AbilityFlag
from certify.psychometrics.estimating.ability_modes import maximum_likelihood
from certify.psychometrics.irt import information, probability
from certify.psychometrics.item_parameters import FloatArray, ItemParameters
from certify.psychometrics.responses import ResponseMatrix, checked

HALVINGS = 50
STEP = 0.1
"""Length of the steps from the ML estimate towards the root."""


class RobustWeight(Enum):
    """Which function of the residual weighs a response."""

    HUBER = "huber"
    TUKEY = "tukey"


def robust_likelihood(
    responses: ArrayLike,
    items: ItemParameters,
    weight: RobustWeight = RobustWeight.HUBER,
    *,
    tuning: float = 1.0,
    bounds: tuple[float, float] = (-4.0, 4.0),
) -> AbilityEstimate:
    """Robust estimate within `bounds`: the root uphill from the ML estimate, or else the bound.

    se = sqrt(sum w^2 I) / sum w I (Magis 2014, Br. J. Math. Stat. Psychol. 67:430-450, eq. 12).
    Raises ValueError for a bad response matrix, bounds that do not rise, or tuning <= 0.
    """
    if not (tuning > 0 and bounds[0] < bounds[1]):
        raise ValueError(f"expected tuning > 0 and rising bounds, found {tuning} and {bounds}")
    matrix = checked(responses, items)
    start = maximum_likelihood(responses, items, bounds=bounds)
    flags = start.flags & ~np.uint8(AbilityFlag.AT_BOUND)
    # from the ML, uphill to the first place where the slope turns; nothing answered stays at 0
    near = np.nan_to_num(start.theta)
    uphill = np.sign(_slope(matrix, items, near, weight, tuning))
    far = near.copy()
    rising = np.flatnonzero(uphill)
    while len(rising):
        near[rising] = far[rising]
        far[rising] = np.clip(near[rising] + uphill[rising] * STEP, *bounds)
        slope = _slope(matrix.rows(rising), items, far[rising], weight, tuning)
        rising = rising[(slope * uphill[rising] > 0) & (far[rising] != near[rising])]
    for _ in range(HALVINGS):
        middle = 0.5 * (near + far)
        goes_on = _slope(matrix, items, middle, weight, tuning) * uphill > 0
        near, far = np.where(goes_on, middle, near), np.where(goes_on, far, middle)
    theta = np.where(flags & np.uint8(AbilityFlag.NO_RESPONSES), np.nan, far)
    flags |= np.isin(theta, bounds) * np.uint8(AbilityFlag.AT_BOUND)
    worth = _weights(theta, items, weight, tuning)
    told = information(theta, items)
    if matrix.observed is not None:
        told = np.where(matrix.observed, told, 0.0)
    total = (worth * told).sum(axis=1)
    spread = np.sqrt((worth**2 * told).sum(axis=1))
    se = np.divide(spread, total, out=np.full_like(total, np.nan), where=total > 0)
    return AbilityEstimate(theta, se, flags)


def _slope(
    matrix: ResponseMatrix,
    items: ItemParameters,
    theta: FloatArray,
    weight: RobustWeight,
    tuning: float,
) -> FloatArray:
    right = probability(theta, items)
    told = information(theta, items)
    # P' / (P Q) = I / P', and P' follows from I = P'^2 / (P Q)
    variance = right * (1.0 - right)
    pull = np.sign(items.a) * np.sqrt(
        np.divide(told, variance, out=np.zeros_like(told), where=variance > 0)
    )
    terms = _weights(theta, items, weight, tuning) * (matrix.values - right) * pull
    if matrix.observed is not None:
        terms = np.where(matrix.observed, terms, 0.0)
    return np.asarray(terms.sum(axis=1))


def _weights(
    theta: FloatArray, items: ItemParameters, weight: RobustWeight, tuning: float
) -> FloatArray:
    residual = np.abs(items.a * (theta[:, None] - items.b)) / tuning
    if weight is RobustWeight.HUBER:
        return np.asarray(1.0 / np.maximum(residual, 1.0))
    return np.asarray(np.maximum(1.0 - residual**2, 0.0) ** 2)
