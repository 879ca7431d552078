"""What a calibration says about itself."""

from dataclasses import asdict, dataclass
from typing import Any

from certify.psychometrics.calibrating.coded_responses import ExcludedItem


@dataclass(frozen=True)
class GridReport:
    """The quadrature grid of each dimension: equally spaced, ends included."""

    lower: float
    upper: float
    points: int


@dataclass(frozen=True)
class CalibrationReport:
    """The convergence report.

    `log_likelihood` is marginal, without priors; `log_posterior` adds ln prior up to a constant.
    `n_persons` answered at least one calibrated item, `n_patterns` of their patterns differ.
    `iterations` are EM steps of the last stage, `start_iterations` those on coarser grids;
    `change` is the last proposed change of any number, `trace` the objective after each iteration.
    `excluded` names columns left out; `at_bounds` calibrated items (by column) with an estimate on
    a bound of the search; `method` how dimensions were integrated; `se_method` "louis",
    "cross-product" or None. `slope_prior` is the (estimated) mean and sd of ln a, if any.
    """

    log_likelihood: float
    log_posterior: float
    n_persons: int
    n_patterns: int
    n_items: int
    n_parameters: int
    iterations: int
    start_iterations: int
    converged: bool
    change: float
    trace: tuple[float, ...]
    grid: GridReport
    method: str
    se_method: str | None
    excluded: tuple[ExcludedItem, ...]
    at_bounds: tuple[int, ...]
    slope_prior: tuple[float, float] | None

    @property
    def aic(self) -> float:
        """-2 ln L + 2 parameters."""
        return 2.0 * (self.n_parameters - self.log_likelihood)

    def as_dict(self) -> dict[str, Any]:
        """Plain numbers, lists and texts, ready for JSON."""
        return asdict(self)
