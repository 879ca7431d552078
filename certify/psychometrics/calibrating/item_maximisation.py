"""The M-step of the items: Newton for 1PL, 2PL, PCM, GPCM; Fisher scoring for 3PL, 4PL, GRM.

All items at once, each with its own step halving, so the expected complete-data likelihood (plus
ln prior) of no item falls. Items that share a slope move together: their intercepts are profiled
out of one equation for the slope.
"""

from dataclasses import dataclass

import numpy as np

from certify.psychometrics.calibrating import category_tables
from certify.psychometrics.calibrating.bank_plan import BankPlan, BoolArray, IndexArray
from certify.psychometrics.calibrating.item_priors import ItemPriors, PriorTerms
from certify.psychometrics.item_parameters import FloatArray

STEPS = 20
HALVINGS = 12
LAST_NEWTON_STEP = 1e-4
LAST_SCORING_STEP = 1e-7
ROUNDING = 1e-11
"""Relative digits of an objective that mean nothing: no halving on their account."""
LONGEST_STEP = 2.0
HIGHEST_SLOPE = 30.0
HIGHEST_INTERCEPT = 90.0
HIGHEST_LOWER = 0.9
LOWEST_UPPER = 0.3
NARROWEST = 0.05


@dataclass(frozen=True)
class ItemCounts:
    """Expected counts of the E-step.

    `totals` (n, K + 1): persons per category; `scored` (n,): sum of category times theta;
    `answered` (n or 1, points): persons at each point who met the item; `counts` (n, K + 1,
    points): persons per category and point, None where all items have sufficient sums.
    """

    totals: FloatArray
    scored: FloatArray
    answered: FloatArray
    counts: FloatArray | None

    def per_point(self) -> FloatArray:
        """The counts per point. Raises ValueError where the E-step gave sums only."""
        if self.counts is None:
            raise ValueError("expected counts per category and point, found their sums only")
        return self.counts


@dataclass(frozen=True)
class Hill:
    """Objective per item (n,), gradient (n, values) and curvature (n, values, values)."""

    objective: FloatArray
    gradient: FloatArray
    curvature: FloatArray


def maximised(
    values: FloatArray, plan: BankPlan, counts: ItemCounts, points: FloatArray, priors: ItemPriors
) -> FloatArray:
    """The working values that maximise the expected likelihood, from `values` on."""
    # Newton's steps square their error, the steps of scoring only shrink it
    is_newton = priors.is_empty and bool(plan.exponential(values).all())
    enough = LAST_NEWTON_STEP if is_newton else LAST_SCORING_STEP
    current = values
    here = _hill(current, plan, counts, points, priors)
    moving = np.ones((len(plan), 1), dtype=np.bool_)
    for _ in range(STEPS):
        step = _newton_step(current, here, plan) * moving
        longest = np.abs(step).max(initial=0.0)
        trial = bounded(current + step)
        if longest < enough:
            return trial
        there = _hill(trial, plan, counts, points, priors)
        for _ in range(HALVINGS):
            worse = _fell(here.objective, there.objective, plan)
            if not worse.any():
                break
            trial = np.where(worse[:, None], 0.5 * (current + trial), trial)
            there = _hill(trial, plan, counts, points, priors)
        else:
            worse = _fell(here.objective, there.objective, plan)
            trial = np.where(worse[:, None], current, trial)
            moving[worse] = False
            there = _hill(trial, plan, counts, points, priors)
        current, here = trial, there
    return current


def _fell(before: FloatArray, after: FloatArray, plan: BankPlan) -> BoolArray:
    change = after - before
    if plan.tied.any():
        change[plan.tied] = change[plan.tied].sum()
    return np.asarray(~(change >= -ROUNDING * (1.0 + np.abs(before))))


def bounded(values: FloatArray) -> FloatArray:
    """The nearest working values within the bounds of the search."""
    inside = values.copy()
    np.clip(inside[:, 0], -HIGHEST_SLOPE, HIGHEST_SLOPE, out=inside[:, 0])
    np.clip(inside[:, 1:-2], -HIGHEST_INTERCEPT, HIGHEST_INTERCEPT, out=inside[:, 1:-2])
    np.clip(inside[:, -1], LOWEST_UPPER, 1.0, out=inside[:, -1])
    highest = np.minimum(HIGHEST_LOWER, inside[:, -1] - NARROWEST)
    np.clip(inside[:, -2], 0.0, highest, out=inside[:, -2])
    return inside


def at_bounds(values: FloatArray, plan: BankPlan) -> BoolArray:
    """Free values that lie on a bound of the search, shape (n, values)."""
    found = np.zeros(values.shape, dtype=np.bool_)
    found[:, 0] = np.abs(values[:, 0]) >= HIGHEST_SLOPE
    found[:, 1:-2] = np.abs(values[:, 1:-2]) >= HIGHEST_INTERCEPT
    found[:, -2] = (values[:, -2] <= 0.0) | (values[:, -2] >= HIGHEST_LOWER)
    found[:, -1] = (values[:, -1] >= 1.0) | (values[:, -1] <= LOWEST_UPPER)
    return np.asarray(found & plan.free)


def _newton_step(values: FloatArray, here: Hill, plan: BankPlan) -> FloatArray:
    used = np.flatnonzero(plan.free.any(axis=0))
    step = np.zeros(values.shape)
    if not len(used):
        return step
    step[:, used] = _solved(here, plan, used, np.zeros(values.shape), plan.free)
    # values that would pass their bound go just there, and the rest is solved given that
    goal = values + step
    room = bounded(goal)
    beyond = plan.free & (room != goal)
    beyond[plan.tied, 0] = False
    if beyond.any():
        pinned = np.where(beyond, room - values, 0.0)
        step[:, used] = _solved(here, plan, used, pinned, plan.free & ~beyond)
    longest = np.abs(step).max(axis=1, keepdims=True)
    scale = np.minimum(1.0, LONGEST_STEP / np.maximum(longest, LONGEST_STEP))
    if plan.tied.any():
        scale[plan.tied] = scale[plan.tied].min()
    return np.asarray(step * scale)


def _solved(
    here: Hill, plan: BankPlan, used: IndexArray, pinned: FloatArray, movable: BoolArray
) -> FloatArray:
    """Newton's step of the movable values, the others stepping as `pinned` says."""
    free, known = movable[:, used], pinned[:, used]
    whole = here.curvature[:, used[:, None], used]
    right = here.gradient[:, used] - (whole @ known[:, :, None])[:, :, 0]
    gradient = np.where(free, right, known)
    curvature = whole * (free[:, :, None] & free[:, None, :])
    at = np.arange(len(used))
    curvature[:, at, at] = np.where(free, curvature[:, at, at] * (1 + 1e-10) + 1e-10, 1.0)
    if plan.tied.any():
        return _tied_step(gradient, curvature, plan.tied)
    return np.asarray(np.linalg.solve(curvature, gradient[:, :, None])[:, :, 0])


def _tied_step(gradient: FloatArray, curvature: FloatArray, tied: BoolArray) -> FloatArray:
    """One slope for the tied items: H_aa and g_a add up, the rest is eliminated item by item."""
    own = curvature.copy()
    own[tied, 0, :] = own[tied, :, 0] = 0.0
    own[tied, 0, 0] = 1.0
    right = np.stack([gradient, np.where(tied[:, None], curvature[:, :, 0], 0.0)], axis=2)
    right[tied, 0, :] = 0.0
    solved = np.linalg.solve(own, right)
    cross = curvature[tied, 0, :].copy()
    cross[:, 0] = 0.0
    eliminated = np.einsum("iv,ivr->r", cross, solved[tied])
    slope = (gradient[tied, 0].sum() - eliminated[0]) / (
        curvature[tied, 0, 0].sum() - eliminated[1]
    )
    step = solved[:, :, 0]
    step[tied] -= slope * solved[tied, :, 1]
    step[tied, 0] = slope
    return np.asarray(step)


def _hill(
    values: FloatArray, plan: BankPlan, counts: ItemCounts, points: FloatArray, priors: ItemPriors
) -> Hill:
    if plan.exponential(values).all():
        hill = _exponential_hill(values, plan, counts, points)
    else:
        hill = _scoring_hill(values, plan, counts, points)
    if priors.is_empty:
        return hill
    terms = PriorTerms.of(priors, values, plan)
    return Hill(
        hill.objective + terms.value,
        hill.gradient + terms.gradient,
        hill.curvature + terms.curvature,
    )


def _exponential_hill(
    values: FloatArray, plan: BankPlan, counts: ItemCounts, points: FloatArray
) -> Hill:
    """Observed = expected curvature here: sums of scores are sufficient given theta."""
    n, k = len(values), plan.n_thresholds
    log_p = category_tables.exponential_log_probabilities(values, plan, points)
    p = np.exp(log_p[:, 1:])
    category = np.arange(1.0, k + 1)
    totals = counts.totals[:, 1:]
    objective = values[:, 0] * counts.scored + (values[:, 1:-2] * totals).sum(axis=1)
    objective += (counts.answered * log_p[:, 0]).sum(axis=1)
    gradient = np.zeros(values.shape)
    curvature = np.zeros((n, k + 3, k + 3))
    expected = p * counts.answered[:, None, :]
    mean = np.einsum("c,icq->iq", category, p) if k > 1 else p[:, 0]
    at_point = np.einsum("c,icq->iq", category, expected) if k > 1 else expected[:, 0]
    gradient[:, 0] = counts.scored - at_point @ points
    gradient[:, 1 : k + 1] = totals - expected.sum(axis=2)
    if k == 1:
        spread = at_point * (1.0 - mean)
        moments = spread @ np.stack([np.ones_like(points), points, points**2], axis=1)
        curvature[:, 1, 1], curvature[:, 0, 0] = moments[:, 0], moments[:, 2]
        curvature[:, 0, 1] = curvature[:, 1, 0] = moments[:, 1]
        return Hill(objective, gradient, curvature)
    squares = np.einsum("c,icq->iq", category**2, expected)
    curvature[:, 0, 0] = (squares - at_point * mean) @ points**2
    cross = (expected * (category[:, None] - mean[:, None, :])) @ points
    curvature[:, 0, 1 : k + 1] = curvature[:, 1 : k + 1, 0] = cross
    inner = -np.matmul(expected, np.swapaxes(p, 1, 2))
    at = np.arange(k)
    inner[:, at, at] += expected.sum(axis=2)
    curvature[:, 1 : k + 1, 1 : k + 1] = inner
    return Hill(objective, gradient, curvature)


def _scoring_hill(
    values: FloatArray, plan: BankPlan, counts: ItemCounts, points: FloatArray
) -> Hill:
    found = counts.per_point()
    log_p = category_tables.log_probabilities(values, plan, points)
    table = category_tables.scores(values, plan, points)
    there = plan.has_category[:, :, None] & (found > 0)
    objective = np.where(there, found * np.where(there, log_p, 0.0), 0.0).sum(axis=(1, 2))
    flat = table.reshape(len(values), table.shape[1], -1)
    gradient = np.matmul(flat, found.reshape(len(values), -1, 1))[:, :, 0]
    weights = np.exp(log_p) * counts.answered[:, None, :]
    weighted = flat * np.nan_to_num(weights).reshape(len(values), 1, -1)
    curvature = np.matmul(weighted, np.swapaxes(flat, 1, 2))
    return Hill(objective, np.nan_to_num(gradient), np.nan_to_num(curvature))
