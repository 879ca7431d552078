"""The best 0/1 point of a programme: reduced costs cut it down to few columns, which are searched.

Let z be the value of the linear relaxation. A 0/1 point above z - d leaves every column whose
reduced gain is larger than d where the relaxation has it (Crowder, Johnson & Padberg 1983,
Operations Research 31:803-834). So a small d is tried: a point found among the few columns left is
the best of all, and that is the proof; without one, a larger d is. The result depends on the
arguments alone, not on what was solved before.
"""

from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from certify.psychometrics.item_parameters import FloatArray
from certify.psychometrics.selecting.branching import WHOLE, best_point, whole_point
from certify.psychometrics.selecting.programme import Programme
from certify.psychometrics.selecting.relaxation import (
    DUAL_SIMPLEX,
    PRIMAL_SIMPLEX,
    LinearRelaxation,
    RelaxedOptimum,
)

FIRST_GAP = 0.001
"""The first d as a share of z: most tests lie within it of their relaxation."""
GAP_GROWTH = 3.0
NODE_LIMIT = 3000


class Certificate(Enum):
    """Why a point is known to be the best one."""

    INTEGRAL_RELAXATION = "integral relaxation"
    BRANCH_AND_BOUND = "branch and bound"
    BRANCH_AND_CUT = "branch and cut"


@dataclass(frozen=True, slots=True)
class IntegerOptimum:
    """The best 0/1 point, its value and that of the relaxation; the proof, the nodes it took."""

    x: NDArray[np.bool_]
    value: float
    relaxed_value: float
    certificate: Certificate
    nodes: int


class IntegerSearch:
    """Solves one programme for changing gains and bounds. Not for two threads at once.

    `anchor`, shape (n_columns,): a typical gain. Its optimum is computed once, and every search
    sets out from there. `node_limit` bounds our own branch and bound, see `branching`.
    """

    def __init__(
        self, programme: Programme, anchor: FloatArray, *, node_limit: int = NODE_LIMIT
    ) -> None:
        self.programme = programme
        self._node_limit = node_limit
        self._whole = LinearRelaxation(programme, anchor, strategy=PRIMAL_SIMPLEX)
        count = programme.n_columns
        if self._whole.optimum(np.zeros(count), np.ones(count)) is not None:
            self._whole.keep_basis()
        self._part = LinearRelaxation(programme, anchor, strategy=DUAL_SIMPLEX)

    def best(self, gain: FloatArray, lower: FloatArray, upper: FloatArray) -> IntegerOptimum | None:
        """The 0/1 point of the largest gain'x with lower <= x <= upper, or None without any.

        All of shape (n_columns,), bounds 0 or 1. Raises SolverFailed when the solver gives up.
        """
        self._whole.restore_basis()
        self._whole.set_gain(gain)
        relaxed = self._whole.optimum(lower, upper)
        if relaxed is None:
            return None
        point = whole_point(self.programme, relaxed.x)
        if point is not None:
            value = float(gain @ point)
            return IntegerOptimum(point, value, value, Certificate.INTEGRAL_RELAXATION, 0)
        return self._search(gain, relaxed, lower < upper)

    def _search(
        self, gain: FloatArray, relaxed: RelaxedOptimum, is_free: NDArray[np.bool_]
    ) -> IntegerOptimum | None:
        is_split = np.abs(relaxed.x - np.rint(relaxed.x)) > WHOLE
        gap = FIRST_GAP * max(abs(relaxed.value), WHOLE)
        nodes = 0
        while True:
            is_kept = is_free & (is_split | (np.abs(relaxed.reduced_gain) <= gap))
            is_all = bool((is_kept == is_free).all())
            point, is_by_cuts, looked_at = self._among(gain, relaxed, is_kept, gap, is_all)
            nodes += looked_at
            if point is not None:
                how = Certificate.BRANCH_AND_CUT if is_by_cuts else Certificate.BRANCH_AND_BOUND
                return IntegerOptimum(point, float(gain @ point), relaxed.value, how, nodes)
            if is_all:
                return None
            gap *= GAP_GROWTH

    def _among(
        self,
        gain: FloatArray,
        relaxed: RelaxedOptimum,
        is_kept: NDArray[np.bool_],
        gap: float,
        is_all: bool,
    ) -> tuple[NDArray[np.bool_] | None, bool, int]:
        """The best point above z - gap (with all columns: of all), was it cut, nodes."""
        kept = np.flatnonzero(is_kept)
        fixed = np.where(is_kept, 0.0, np.rint(relaxed.x))
        floor = -np.inf if is_all else relaxed.value - gap - float(gain @ fixed)
        found = best_point(
            self._part,
            self.programme.reduced(kept, fixed),
            gain[kept],
            floor,
            self._node_limit,
        )
        if found.x is None:
            return None, found.is_by_cuts, found.nodes
        point = fixed > 0.5
        point[kept] = found.x
        return point, found.is_by_cuts, found.nodes
