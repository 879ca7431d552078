"""The linear relaxation of a 0/1 programme, solved and solved again by the simplex method of HiGHS.

Huangfu & Hall (2018), Mathematical Programming Computation 10:119-142. Only this module and
`integer_search` speak to the solver. One thread; no object here may be used by two at once.
"""

from dataclasses import dataclass

import highspy
import numpy as np

from certify.psychometrics.errors import SolverFailed
from certify.psychometrics.item_parameters import FloatArray
from certify.psychometrics.selecting.programme import ROW_TOLERANCE, Programme

DUAL_SIMPLEX, PRIMAL_SIMPLEX = 1, 4
FEASIBLE = 2
"""The solver's code for a primal solution that keeps all rows."""
TOLERANCE = 1e-9
"""By how much the solver may miss a bound or a reduced gain; a hundredth of its own default."""


@dataclass(frozen=True, slots=True)
class RelaxedOptimum:
    """`x`; `value`, the gain reached; `reduced_gain`, its change per unit of each column."""

    x: FloatArray
    value: float
    reduced_gain: FloatArray


class LinearRelaxation:
    """Maximises gain'x over the rows of a programme with column bounds that may change."""

    def __init__(self, programme: Programme, gain: FloatArray, *, strategy: int) -> None:
        self.solver = highspy.Highs()  # type: ignore[no-untyped-call]
        for option, value in (
            ("output_flag", False),
            ("threads", 1),
            ("presolve", "off"),
            ("simplex_strategy", strategy),
            ("primal_feasibility_tolerance", TOLERANCE),
            ("dual_feasibility_tolerance", TOLERANCE),
            ("mip_feasibility_tolerance", TOLERANCE),
            ("mip_rel_gap", 0.0),
            ("mip_abs_gap", TOLERANCE),
        ):
            self.solver.setOptionValue(option, value)
        self._columns = np.arange(programme.n_columns, dtype=np.int32)
        self._basis: highspy.HighsBasis | None = None
        self.pass_programme(programme, gain)

    def pass_programme(self, programme: Programme, gain: FloatArray) -> None:
        """Take another programme in place of the present one; every column between 0 and 1."""
        count = programme.n_columns
        # the solver's tolerance is absolute: rows are brought to coefficients of at most one
        scale = ROW_TOLERANCE / programme.slack_allowed
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = count, programme.n_rows
        model.col_cost_ = -gain
        model.col_lower_, model.col_upper_ = np.zeros(count), np.ones(count)
        model.row_lower_, model.row_upper_ = programme.lower * scale, programme.upper * scale
        matrix = model.a_matrix_
        matrix.format_ = highspy.MatrixFormat.kColwise
        matrix.start_ = programme.starts.astype(np.int32)
        matrix.index_ = programme.row_index.astype(np.int32)
        matrix.value_ = programme.values * scale[programme.row_index]
        self.solver.passModel(model)
        self._columns = np.arange(count, dtype=np.int32)

    def keep_basis(self) -> None:
        """Remember the present basis for `restore_basis`."""
        self._basis = self.solver.getBasis()

    def restore_basis(self) -> None:
        """Forget all that earlier solutions left behind, and start from the basis kept."""
        self.solver.clearSolver()
        if self._basis is not None:
            self.solver.setBasis(self._basis)

    def set_gain(self, gain: FloatArray) -> None:
        """Maximise something else."""
        self.solver.changeColsCost(len(self._columns), self._columns, -gain)

    def optimum(self, lower: FloatArray, upper: FloatArray) -> RelaxedOptimum | None:
        """The best x between the column bounds, or None when there is none at all.

        Raises SolverFailed when the solver cannot tell.
        """
        self._run(lower, upper)
        if not self._is_solved():
            return None
        solution = self.solver.getSolution()
        return RelaxedOptimum(
            np.array(solution.col_value),
            -float(self.solver.getObjectiveValue()),
            -np.array(solution.col_dual),
        )

    def whole_optimum(
        self, lower: FloatArray, upper: FloatArray, n_whole: int | None = None
    ) -> RelaxedOptimum | None:
        """The best x whose first `n_whole` columns (default: all) are whole numbers, or None.

        By the solver's own branch and cut with gap 0; slower than `branching` where that is
        quick, and not so where that is slow. There are no reduced gains.
        """
        count = len(self._columns)
        whole = self._columns[:n_whole]
        self.solver.setOptionValue("presolve", "choose")
        self.solver.changeColsIntegrality(len(whole), whole, np.ones(len(whole), dtype=np.uint8))
        try:
            self._run(lower, upper)
            if not self._is_solved():
                return None
            x = np.array(self.solver.getSolution().col_value)
            return RelaxedOptimum(x, -float(self.solver.getObjectiveValue()), np.zeros(count))
        finally:
            self.solver.setOptionValue("presolve", "off")
            self.solver.changeColsIntegrality(count, self._columns, np.zeros(count, dtype=np.uint8))

    def limit(self, time_limit_seconds: float, gap: float) -> None:
        """Let `whole_optimum` end early, with a point that no other one beats by more than `gap`.

        At the time limit it ends with the best point found by then.
        """
        self.solver.setOptionValue("time_limit", time_limit_seconds)
        self.solver.setOptionValue("mip_abs_gap", gap)

    def proven_bound(self) -> float:
        """After `whole_optimum`: no point has a larger gain."""
        return -float(self.solver.getInfo().mip_dual_bound)

    def _run(self, lower: FloatArray, upper: FloatArray) -> None:
        self.solver.changeColsBounds(len(self._columns), self._columns, lower, upper)
        self.solver.run()

    def _is_solved(self) -> bool:
        """Whether there is an optimum; False: there is no point at all."""
        status = self.solver.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible:
            return False
        is_feasible = self.solver.getInfo().primal_solution_status == FEASIBLE
        is_early = status == highspy.HighsModelStatus.kTimeLimit and is_feasible
        is_best = status in (
            highspy.HighsModelStatus.kOptimal,
            highspy.HighsModelStatus.kModelEmpty,
        )
        if not (is_best or is_early):
            raise SolverFailed(status=self.solver.modelStatusToString(status))
        return True
