"""Roots of the slopes of many one-dimensional objectives at once, each the highest of its person's.

A grid gives the start and a bracket; the bracket is widened until the slope falls through zero in
it; a Newton iteration that bisects whenever it would leave the bracket does the rest.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from certify.psychometrics.ability import AbilityFlag
from certify.psychometrics.estimating.mode_objective import ModeObjective, Weighting
from certify.psychometrics.estimating.priors import FlatPrior
from certify.psychometrics.item_parameters import FloatArray

TOLERANCE = 1e-10
MAX_ITERATIONS = 200
GRID_POINTS = 161
MARGIN = 8.0
"""Without bounds the grid reaches this far beyond the outermost difficulty or threshold."""
FARTHEST = 1e4
"""A slope that has not turned by here never will."""


@dataclass(frozen=True)
class FoundModes:
    """`theta` and the flags AT_BOUND, INFINITE, NOT_CONVERGED; shape (persons,)."""

    theta: FloatArray
    flags: NDArray[np.uint8]


def search_modes(objective: ModeObjective, bounds: tuple[float, float] | None) -> FoundModes:
    """The mode of each person of the objective, within `bounds` if there are any."""
    points = _grid(objective, bounds)
    height = objective.heights(points)
    best = height.argmax(axis=1)
    theta = points[best]
    flags = np.zeros(len(theta), dtype=np.uint8)
    lower = points[np.maximum(best - 1, 0)]
    upper = points[np.minimum(best + 1, len(points) - 1)]
    is_open = np.ones(len(theta), dtype=bool)
    if bounds is None and objective.weighting is Weighting.NONE:
        is_open = ~_send_to_infinity(objective, height.max(axis=1), theta, flags)
    for side, edge in ((-1.0, lower), (1.0, upper)):
        rows = np.flatnonzero(is_open)
        is_open[_widen(objective, rows, side, edge, theta, flags, bounds)] = False
    rows = np.flatnonzero(is_open)
    _newton(objective, rows, theta, flags, lower, upper)
    return FoundModes(theta, flags)


def _grid(objective: ModeObjective, bounds: tuple[float, float] | None) -> FloatArray:
    if bounds is not None:
        return np.linspace(bounds[0], bounds[1], GRID_POINTS)
    items = objective.items
    places = np.concatenate([items.b, items.thresholds[np.isfinite(items.thresholds)], [0.0]])
    return np.linspace(places.min() - MARGIN, places.max() + MARGIN, GRID_POINTS)


def _send_to_infinity(
    objective: ModeObjective, highest: FloatArray, theta: FloatArray, flags: NDArray[np.uint8]
) -> NDArray[np.bool_]:
    """Mark persons whose likelihood has its supremum at an end of the scale."""
    if not isinstance(objective.prior, FlatPrior):
        return np.zeros(len(theta), dtype=bool)
    low, high = objective.limits()
    is_infinite = np.maximum(low, high) >= highest
    theta[is_infinite] = np.where(low >= high, -np.inf, np.inf)[is_infinite]
    flags[is_infinite] |= np.uint8(AbilityFlag.INFINITE)
    return is_infinite


def _widen(
    objective: ModeObjective,
    rows: NDArray[np.intp],
    side: float,
    edge: FloatArray,
    theta: FloatArray,
    flags: NDArray[np.uint8],
    bounds: tuple[float, float] | None,
) -> NDArray[np.intp]:
    """Move the edges of `rows` outwards until the slope points inwards there; in place.

    Returns the rows that need no further search because their mode is the bound or infinite.
    """
    limit = FARTHEST if bounds is None else (bounds[1] if side > 0 else -bounds[0])
    end, flag = side * limit, AbilityFlag.AT_BOUND
    if bounds is None:
        end, flag = side * np.inf, AbilityFlag.INFINITE
    step = 1.0
    settled = [np.empty(0, dtype=np.intp)]
    while len(rows):
        outward = side * objective.slope(edge[rows], rows)[0]
        rows = rows[outward > 0]
        is_at_limit = side * edge[rows] >= limit
        settled.append(rows[is_at_limit])
        rows = rows[~is_at_limit]
        edge[rows] = side * np.minimum(side * edge[rows] + step, limit)
        step *= 2.0
    done = np.concatenate(settled)
    theta[done] = end
    flags[done] |= np.uint8(flag)
    return done


def _newton(
    objective: ModeObjective,
    rows: NDArray[np.intp],
    theta: FloatArray,
    flags: NDArray[np.uint8],
    lower: FloatArray,
    upper: FloatArray,
) -> None:
    """Find the roots for `rows` between `lower` and `upper`, in place."""
    for _ in range(MAX_ITERATIONS):
        if not len(rows):
            return
        at = theta[rows]
        slope, curvature = objective.slope(at, rows)
        lower[rows] = np.where(slope >= 0, at, lower[rows])
        upper[rows] = np.where(slope <= 0, at, upper[rows])
        step = np.divide(-slope, curvature, out=np.full(len(at), np.inf), where=curvature < 0)
        proposal = at + step
        is_inside = (proposal >= lower[rows]) & (proposal <= upper[rows])
        proposal = np.where(is_inside, proposal, 0.5 * (lower[rows] + upper[rows]))
        theta[rows] = proposal
        rows = rows[np.abs(proposal - at) > TOLERANCE * (1.0 + np.abs(at))]
    flags[rows] |= np.uint8(AbilityFlag.NOT_CONVERGED)
