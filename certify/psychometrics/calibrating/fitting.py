"""From data and a plan to estimates: stages of growing resolution, each an accelerated EM.

A coarse grid and a part of the persons come first; the last stage has everybody and a grid fine
enough for the narrowest posterior. The grid is checked against the estimates, and made wider or
finer where they need it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from certify.psychometrics.calibrating.acceleration import Ascent, accelerated
from certify.psychometrics.calibrating.bank_plan import BankPlan, BoolArray
from certify.psychometrics.calibrating.coded_responses import CodedResponses
from certify.psychometrics.calibrating.executors import BlockExecutor, SerialExecutor
from certify.psychometrics.calibrating.expectation import (
    Expectation,
    ExpectationStep,
    Integration,
)
from certify.psychometrics.calibrating.item_maximisation import bounded, maximised
from certify.psychometrics.calibrating.item_priors import ItemPriors, PriorTerms, SlopePrior
from certify.psychometrics.calibrating.population import Population, PopulationPlan
from certify.psychometrics.irt import information
from certify.psychometrics.item_parameters import FloatArray

COARSE_STEP = 0.5
COARSE_TOLERANCE = 3e-3
SUBSET = 2500
SMALLEST_CELL = 20.0
REACH = 6.0
STANDARD_POINTS = 61
MOST_POINTS = 1201
REFINEMENTS = 4


@dataclass(frozen=True)
class Estimates:
    """Working values of the items and the population."""

    values: FloatArray
    population: Population


@dataclass(frozen=True)
class Problem:
    """Everything that stays the same while the estimates move."""

    plan: BankPlan
    population_plan: PopulationPlan
    priors: ItemPriors
    known: Estimates

    @property
    def own(self) -> BoolArray:
        """Free working values that are not the common slope."""
        own = self.plan.free.copy()
        own[self.plan.tied, 0] = False
        return own

    def packed(self, estimates: Estimates) -> FloatArray:
        """All free numbers in one vector."""
        common = estimates.values[self.plan.tied, 0][:1]
        population = self.population_plan.packed(estimates.population)
        return np.concatenate([estimates.values[self.own], common, population])

    def unpacked(self, point: FloatArray) -> Estimates:
        """The inverse; what is not free is as known."""
        values, own = self.known.values.copy(), self.own
        n = int(own.sum())
        values[own] = point[:n]
        if self.plan.tied.any():
            values[self.plan.tied, 0] = point[n]
            n += 1
        population = self.population_plan.unpacked(point[n:], self.known.population)
        return Estimates(values, population)

    def is_proper(self, point: FloatArray) -> bool:
        """Whether a point is one that EM itself could have reached."""
        if not np.isfinite(point).all():
            return False
        found = self.unpacked(point)
        values = found.values
        if (bounded(values) != values)[self.plan.free].any():
            return False
        there = self.plan.has_category[self.plan.graded][:, 2:]
        if (np.diff(values[self.plan.graded, 1:-2], axis=1)[there] >= 0).any():
            return False
        if not found.population.is_proper():
            return False
        return bool(np.isfinite(self.log_prior(values)))

    def log_prior(self, values: FloatArray) -> float:
        """ln prior of all free parameters, up to a constant."""
        if self.priors.is_empty:
            return 0.0
        return float(PriorTerms.of(self.priors, values, self.plan).value.sum())

    def em_step(
        self, expect: ExpectationStep, points: FloatArray
    ) -> Callable[[FloatArray], tuple[float, FloatArray]]:
        """The EM map: a point to the objective there and the next point."""

        def step(point: FloatArray) -> tuple[float, FloatArray]:
            now = self.unpacked(point)
            found = expect(now.values, now.population, points)
            values = maximised(now.values, self.plan, found.items, points, self.priors)
            population = self.population_plan.maximised(
                expect.persons, found.first, found.second, now.population
            )
            objective = found.log_likelihood + self.log_prior(now.values)
            return objective, self.packed(Estimates(values, population))

        return step


@dataclass(frozen=True)
class Settings:
    """How to iterate; `points` and `bounds` None: chosen from the data."""

    tolerance: float
    max_steps: int
    points: int | None
    bounds: tuple[float, float] | None
    integration: Integration
    block_size: int | None
    executor: BlockExecutor


@dataclass(frozen=True)
class Fit:
    """The end of a fit: estimates, the last E-step, its grid, and how it went."""

    estimates: Estimates
    expect: ExpectationStep
    last: Expectation
    points: FloatArray
    ascent: Ascent
    start_steps: int


def fitted(problem: Problem, data: CodedResponses, settings: Settings) -> Fit:
    """Estimate everything that is free in `problem`."""
    expect = ExpectationStep(
        data,
        problem.plan,
        settings.executor,
        integration=settings.integration,
        block_size=settings.block_size,
    )
    estimates, start_steps = _coarse(problem, data, expect, settings)
    points = _grid(problem, estimates, settings)
    for _ in range(REFINEMENTS):
        ascent = accelerated(
            problem.em_step(expect, points),
            problem.packed(estimates),
            problem.is_proper,
            tolerance=settings.tolerance,
            max_steps=settings.max_steps,
        )
        estimates = problem.unpacked(ascent.point)
        needed = _grid(problem, estimates, settings)
        if not _is_coarser(points, needed):
            break
        start_steps += ascent.steps
        points = needed
    last = expect(estimates.values, estimates.population, points)
    return Fit(estimates, expect, last, points, ascent, start_steps)


def _coarse(
    problem: Problem, data: CodedResponses, full: ExpectationStep, settings: Settings
) -> tuple[Estimates, int]:
    """A rough answer from a coarse grid and some of the persons, in this thread."""
    step = len(data.cells) // SUBSET
    is_thinned = step > 1
    if not is_thinned and full.has_lattice(problem.known.values):
        # the number of grid points hardly counts there: nothing is gained by a coarse one
        return problem.known, 0
    expect = _serial(problem, data.every(step) if is_thinned else data, settings)
    rarest = expect.totals[problem.plan.has_category].min(initial=np.inf)
    if is_thinned and min(rarest, expect.persons.min()) < SMALLEST_CELL:
        expect = _serial(problem, data, settings)
    points = np.arange(-REACH, REACH + 0.5 * COARSE_STEP, COARSE_STEP)
    ascent = accelerated(
        problem.em_step(expect, points),
        problem.packed(problem.known),
        problem.is_proper,
        tolerance=max(COARSE_TOLERANCE, settings.tolerance),
        max_steps=settings.max_steps,
    )
    return problem.unpacked(ascent.point), ascent.steps


def _serial(problem: Problem, data: CodedResponses, settings: Settings) -> ExpectationStep:
    return ExpectationStep(data, problem.plan, SerialExecutor(), integration=settings.integration)


def _grid(problem: Problem, estimates: Estimates, settings: Settings) -> FloatArray:
    """Equally spaced points, as wide as six standard deviations of any group around its mean.

    The trapezoidal rule on a normal posterior of standard deviation s errs by 2 exp(-2 pi^2 s^2 /
    h^2) for step h: 5e-9 at h = s, the rule here, with s from the largest test information.
    """
    population = estimates.population
    if settings.bounds is None:
        low = min(-REACH, float((population.means - REACH * population.sds).min()))
        high = max(REACH, float((population.means + REACH * population.sds).max()))
    else:
        low, high = settings.bounds
    if settings.points is not None:
        return np.linspace(low, high, settings.points)
    items = problem.plan.parameters(estimates.values)
    scan = np.linspace(low, high, 4 * STANDARD_POINTS)
    narrowest = np.inf
    for d in range(problem.plan.n_dimensions):
        chosen = np.flatnonzero(problem.plan.dimension == d)
        one = items.take(chosen).on_one_dimension()
        most = float(information(scan, one).sum(axis=1).max(initial=0.0))
        prior = float((population.sds[:, d] ** -2.0).min())
        narrowest = min(narrowest, (most + prior) ** -0.5)
    standard = STANDARD_POINTS * (high - low) / (2 * REACH)
    count = max(standard, (high - low) / narrowest + 1)
    return np.linspace(low, high, min(int(np.ceil(count - 1e-9)), MOST_POINTS))


def _is_coarser(points: FloatArray, needed: FloatArray) -> bool:
    """Whether the grid used is clearly too coarse or too narrow for what is needed."""
    step, wanted = points[1] - points[0], needed[1] - needed[0]
    reach = max(points[0] - needed[0], needed[-1] - points[-1])
    return bool(step > 1.1 * wanted or reach > 0.05 * (points[-1] - points[0]))


def with_slope_prior(problem: Problem, mean: float, sd: float) -> Problem:
    """The same problem with these numbers in its slope prior."""
    slope = SlopePrior(mean, sd)
    return replace(problem, priors=replace(problem.priors, slope=slope))
