"""Calibration: item parameters and populations by marginal maximum likelihood.

Bock & Aitkin (1981), Psychometrika 46:443-459: EM over the unobserved abilities, here with Anderson
acceleration, a coarse start, and one pass over blocks of persons per step, which any executor may
spread. Logistic metric, D = 1. How well the model fits is told in other modules; how abilities are
estimated, in `ability`.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from certify.psychometrics.calibrating.bank_plan import IndexArray
from certify.psychometrics.calibrating.coded_responses import ExcludedItem
from certify.psychometrics.calibrating.executors import (
    BlockExecutor,
    SerialExecutor,
    ThreadedExecutor,
)
from certify.psychometrics.calibrating.expectation import Integration
from certify.psychometrics.calibrating.fitting import Fit, Problem, Settings
from certify.psychometrics.calibrating.hierarchy import fitted_with_hierarchy
from certify.psychometrics.calibrating.item_maximisation import at_bounds
from certify.psychometrics.calibrating.item_priors import (
    BetaPrior,
    BetaPriors,
    ItemPriors,
    NormalPriors,
    SlopePrior,
)
from certify.psychometrics.calibrating.observed_information import information_matrix
from certify.psychometrics.calibrating.population import Population
from certify.psychometrics.calibrating.preparation import (
    FixedItems,
    PopulationRule,
    Prepared,
    prepared,
)
from certify.psychometrics.calibrating.report import CalibrationReport, GridReport
from certify.psychometrics.calibrating.standard_errors import (
    ItemStandardErrors,
    PopulationStandardErrors,
    Uncertainty,
    item_errors,
    population_errors,
)
from certify.psychometrics.item_parameters import FloatArray, ItemParameters

__all__ = [
    "BetaPrior",
    "BetaPriors",
    "BlockExecutor",
    "Calibration",
    "CalibrationReport",
    "ExcludedItem",
    "FixedItems",
    "GridReport",
    "ItemPriors",
    "ItemStandardErrors",
    "NormalPriors",
    "Population",
    "PopulationStandardErrors",
    "SerialExecutor",
    "SlopePrior",
    "ThreadedExecutor",
]


class Calibration:
    """Marginal maximum likelihood (or posterior mode) for a bank of items.

    `model`: "rasch", "1pl" (one common slope), "2pl", "3pl", "4pl", "grm", "pcm", "gpcm", or one
    name per item. The slope is 1 for "rasch" and "pcm"; a dimension with no other items has its
    variance estimated. `priors`: None for maximum likelihood, `ItemPriors.small_samples()` for
    pretests. `population`: "auto", "standard" to hold group 0 at mean 0 and variance 1 whatever
    items say, or "free" where a prior of the difficulties holds the scale instead. `tolerance`:
    largest change of any number at convergence; `max_iter`: EM steps. `points` and `bounds` of the
    grid are chosen from the data (61 on -6..6, more where the test is longer or the population
    wider) unless given. `standard_errors`: Louis's observed information
    for one dimension, cross-product of scores for several. `integration` of several dimensions:
    "product" (exact; two or three), "propagation" (expectation propagation), or "auto": product
    for two, and for three with at most 2,000 patterns. `executor` maps blocks of persons.

    Fitted: `params_` (ItemParameters of the columns `items_`), `se_`, `population_` (means and
    covariances per group), `population_se_`, `log_likelihood_`, `n_iter_`, `converged_`, `grid_`
    (the points of each dimension), `report_`.
    """

    params_: ItemParameters
    items_: IndexArray
    se_: ItemStandardErrors
    population_: Population
    population_se_: PopulationStandardErrors
    log_likelihood_: float
    n_iter_: int
    converged_: bool
    grid_: FloatArray
    report_: CalibrationReport

    def __init__(
        self,
        model: str | Sequence[str] = "2pl",
        *,
        priors: ItemPriors | None = None,
        population: PopulationRule = "auto",
        tolerance: float = 1e-5,
        max_iter: int = 2000,
        points: int | None = None,
        bounds: tuple[float, float] | None = None,
        standard_errors: bool = True,
        integration: Integration = "auto",
        block_size: int | None = None,
        executor: BlockExecutor | None = None,
    ) -> None:
        self.model = model
        self.priors = priors
        self.population = population
        self.tolerance = tolerance
        self.max_iter = max_iter
        self.points = points
        self.bounds = bounds
        self.standard_errors = standard_errors
        self.integration = integration
        self.block_size = block_size
        self.executor = executor

    def fit(
        self,
        responses: ArrayLike,
        *,
        groups: ArrayLike | None = None,
        dimension: ArrayLike | None = None,
        fixed: FixedItems | None = None,
    ) -> "Calibration":
        """Calibrate the columns of `responses` (persons, items): categories 0..K, NaN not given.

        `groups`: index 0, 1, ... of each person; group 0 is N(0, 1), the others have free means and
        standard deviations on the scale that the items share. `dimension`: index of the dimension
        each item measures; correlations are estimated. `fixed`: known items; in their dimensions
        every group's mean and standard deviation is free (fixed-parameter calibration).

        Columns that nobody answered, with one answer only, or with an unused category between used
        ones are left out and named in `report_.excluded`; persons without answers do not count;
        equal rows do. Raises ValueError before anything is computed: for a bad cell (row and
        column), fewer than 10 persons in a group, too few usable items in a dimension (three where
        slopes are free, else two), an unknown model, or settings out of range.
        """
        settings = self._settings()
        work = prepared(
            responses,
            self.model,
            self.priors or ItemPriors(),
            groups=groups,
            dimension=dimension,
            fixed=fixed,
            population=self.population,
        )
        problem, fit = fitted_with_hierarchy(work.problem, work.data, settings)
        self._keep_estimates(problem, fit, work)
        se_method = self._keep_errors(problem, fit)
        self.report_ = self._report(problem, fit, work, se_method)
        return self

    def _settings(self) -> Settings:
        if not (self.tolerance > 0 and self.max_iter >= 1):
            raise ValueError(
                f"expected tolerance > 0 and max_iter >= 1, found {self.tolerance} and "
                f"{self.max_iter}"
            )
        if self.points is not None and self.points < 5:
            raise ValueError(f"expected at least 5 grid points, found {self.points}")
        if self.bounds is not None and not self.bounds[0] < self.bounds[1]:
            raise ValueError(f"expected rising grid bounds, found {self.bounds}")
        if self.block_size is not None and self.block_size < 1:
            raise ValueError(f"expected at least one person in a block, found {self.block_size}")
        return Settings(
            self.tolerance,
            self.max_iter,
            self.points,
            self.bounds,
            self.integration,
            self.block_size,
            self.executor or SerialExecutor(),
        )

    def _keep_estimates(self, problem: Problem, fit: Fit, work: Prepared) -> None:
        self.items_ = work.kept
        self.params_ = problem.plan.parameters(fit.estimates.values)
        self.population_ = fit.estimates.population
        self.log_likelihood_ = fit.last.log_likelihood
        self.n_iter_ = fit.ascent.steps
        self.converged_ = fit.ascent.converged
        self.grid_ = fit.points

    def _keep_errors(self, problem: Problem, fit: Fit) -> str | None:
        plan, values = problem.plan, fit.estimates.values
        self.se_ = ItemStandardErrors.unknown(len(plan), plan.n_thresholds)
        self.population_se_ = PopulationStandardErrors.unknown(fit.estimates.population)
        if not self.standard_errors:
            return None
        information, counted = information_matrix(problem, fit)
        uncertainty = Uncertainty.of(information, counted, problem)
        if not uncertainty.is_definite:
            return None
        self.se_ = item_errors(uncertainty, counted, plan, values)
        self.population_se_ = population_errors(uncertainty, problem, fit.estimates.population)
        return "louis" if plan.n_dimensions == 1 else "cross-product"

    def _report(
        self, problem: Problem, fit: Fit, work: Prepared, se_method: str | None
    ) -> CalibrationReport:
        values = fit.estimates.values
        bound = np.flatnonzero(at_bounds(values, problem.plan).any(axis=1))
        return CalibrationReport(
            log_likelihood=self.log_likelihood_,
            log_posterior=self.log_likelihood_ + problem.log_prior(values),
            n_persons=work.data.n_persons,
            n_patterns=len(work.data.cells),
            n_items=len(work.kept),
            n_parameters=len(problem.packed(fit.estimates)),
            iterations=fit.ascent.steps,
            start_iterations=fit.start_steps,
            converged=self.converged_,
            change=fit.ascent.change,
            trace=fit.ascent.trace,
            grid=GridReport(float(self.grid_[0]), float(self.grid_[-1]), len(self.grid_)),
            method=fit.expect.method,
            se_method=se_method,
            excluded=work.excluded,
            at_bounds=tuple(int(item) for item in work.kept[bound]),
            slope_prior=problem.priors.slope_numbers(),
        )
