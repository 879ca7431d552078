"""Branch and bound over the few columns that reduced costs left undecided.

Depth first, the rounded side of the most fractional column first; each node is a relaxation that
the dual simplex method continues from the one before. Columns that could not lead above the best
point so far are fixed by their reduced gain. Beyond the node limit the solver's own branch and
cut takes over.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from certify.psychometrics.item_parameters import FloatArray
from certify.psychometrics.selecting.programme import Programme
from certify.psychometrics.selecting.relaxation import LinearRelaxation, RelaxedOptimum

WHOLE = 1e-6
"""A column this close to 0 or 1 is taken as whole; the rows are then checked exactly."""
NEGLIGIBLE = 1e-9
"""A point must be better than another by this much to replace it."""


@dataclass(frozen=True, slots=True)
class BestPoint:
    """The best 0/1 point above the floor (None: there is none) and the nodes looked at.

    `is_by_cuts`: the node limit was met and the solver's branch and cut found it.
    """

    x: NDArray[np.bool_] | None
    nodes: int
    is_by_cuts: bool


@dataclass(frozen=True, slots=True)
class _Node:
    lower: FloatArray
    upper: FloatArray
    bound: float


def whole_point(programme: Programme, x: FloatArray) -> NDArray[np.bool_] | None:
    """`x` as a 0/1 point, if it is one and breaks no row once it is rounded."""
    if np.abs(x - np.rint(x)).max(initial=0.0) > WHOLE or len(programme.broken_rows(np.rint(x))):
        return None
    return np.asarray(x > 0.5)


def best_point(
    relaxation: LinearRelaxation,
    programme: Programme,
    gain: FloatArray,
    floor: float,
    node_limit: int,
) -> BestPoint:
    """The 0/1 point of the largest gain'x above `floor`; `relaxation` is worked with."""
    relaxation.pass_programme(programme, gain)
    count = programme.n_columns
    best: NDArray[np.bool_] | None = None
    stack = [_Node(np.zeros(count), np.ones(count), np.inf)]
    nodes = 0
    while stack:
        node = stack.pop()
        if node.bound <= floor + NEGLIGIBLE:
            continue
        if nodes == node_limit:
            whole = relaxation.whole_optimum(np.zeros(count), np.ones(count))
            if whole is not None and whole.value > floor:
                best = np.asarray(whole.x > 0.5)
            return BestPoint(best, nodes, True)
        nodes += 1
        relaxed = relaxation.optimum(node.lower, node.upper)
        if relaxed is None or relaxed.value <= floor + NEGLIGIBLE:
            continue
        point = whole_point(programme, relaxed.x)
        if point is None:
            stack.extend(_branches(node, relaxed, programme, floor))
        else:
            best, floor = point, float(gain @ point)
    return BestPoint(best, nodes, False)


def _branches(
    node: _Node, relaxed: RelaxedOptimum, programme: Programme, floor: float
) -> list[_Node]:
    """Both sides of a column, the likelier one last; none where every column is decided."""
    x, reduced = relaxed.x, relaxed.reduced_gain
    is_hopeless = relaxed.value - np.abs(reduced) <= floor + NEGLIGIBLE
    lower = np.where(is_hopeless & (reduced > 0) & (x > 0.5), 1.0, node.lower)
    upper = np.where(is_hopeless & (reduced < 0) & (x < 0.5), 0.0, node.upper)
    distance = np.abs(x - np.rint(x))
    if distance.max() <= WHOLE:
        # whole within the solver's tolerance, and yet a row is broken: decide its largest column
        weight = np.zeros(programme.n_columns)
        np.maximum.at(weight, programme.column_index, np.abs(programme.values))
        distance = np.where(lower < upper, weight, 0.0)
        if not distance.any():
            return []
    column = int(np.argmax(distance))
    above, below = lower.copy(), upper.copy()
    above[column], below[column] = 1.0, 0.0
    sides = [_Node(lower, below, relaxed.value), _Node(above, upper, relaxed.value)]
    return sides if x[column] > 0.5 else sides[::-1]
