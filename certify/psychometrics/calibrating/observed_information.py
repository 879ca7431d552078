"""Standard errors from the observed information of the marginal likelihood.

One dimension: Louis (1982), Journal of the Royal Statistical Society B 44:226-233, exactly:

    I = E[-d2 ln L_complete] - sum_p E[S_p S_p' | x_p] + sum_p E[S_p | x_p] E[S_p | x_p]',

with the score S_p of a person's complete data. Several dimensions: the cross-product of the
marginal scores, sum_p E[S_p | x_p] E[S_p | x_p]' (Berndt et al. 1974), the same in large samples.
Priors add their curvature. Values on a bound of the search count as known and get no error.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from certify.psychometrics.calibrating import category_tables
from certify.psychometrics.calibrating.bank_plan import BankPlan, BoolArray, IndexArray
from certify.psychometrics.calibrating.executors import PersonBlock, Sums
from certify.psychometrics.calibrating.fitting import Fit, Problem
from certify.psychometrics.calibrating.grid_posterior import GridTask, normalise
from certify.psychometrics.calibrating.item_maximisation import at_bounds
from certify.psychometrics.calibrating.item_priors import PriorTerms
from certify.psychometrics.calibrating.joint_posterior import DimensionsTask
from certify.psychometrics.calibrating.population import Population, PopulationPlan
from certify.psychometrics.calibrating.response_columns import ResponseColumns
from certify.psychometrics.item_parameters import FloatArray

Gradient = Callable[[FloatArray], FloatArray]

NEGLIGIBLE = 1e-9
"""Share of the persons at a grid point below which the point adds nothing."""
STEP = 1e-5


@dataclass(frozen=True)
class ScoreColumns:
    """Scores as response columns times coefficients: `effects` (columns + 1, values, points).

    The last row holds what everybody has, whatever the answer; `item` and `value` name the working
    value that each score belongs to.
    """

    item: IndexArray
    value: IndexArray
    effects: FloatArray

    @classmethod
    def of(
        cls,
        values: FloatArray,
        plan: BankPlan,
        counted: BoolArray,
        columns: ResponseColumns,
        points: FloatArray,
    ) -> "ScoreColumns":
        """The scores of the working values marked in `counted`."""
        item, value = np.nonzero(counted)
        table = category_tables.scores(values, plan, points)
        effects = np.zeros((len(columns.item) + 1, len(item), len(points)))
        for f, (i, v) in enumerate(zip(item, value, strict=True)):
            base = table[i, v, 0]
            for column in np.flatnonzero(columns.item == i):
                category = columns.category[column]
                effects[column, f] = base if category == 0 else table[i, v, category] - base
            if columns.everybody[i]:
                effects[-1, f] = base
        return cls(item, value, effects)


@dataclass(frozen=True)
class LouisTask:
    """Sums of E[S S'] and of E[S] E[S]' over persons, population scores included.

    `population_effects` (groups, values, points) stands beside the item scores.
    """

    grid: GridTask
    effects: FloatArray
    population_effects: FloatArray

    def of_block(self, block: PersonBlock) -> Sums:
        """The two matrices of one block."""
        matrix = self.grid.columns.matrix(block.cells)
        posterior = matrix @ self.grid.gains
        posterior += self.grid.log_base[block.group]
        normalise(posterior)
        columns = np.column_stack([matrix, np.ones(len(matrix))])
        of_population = self.population_effects[block.group]
        n_items = self.effects.shape[1]
        n_all = n_items + len(of_population)
        squares = np.zeros((n_all, n_all))
        persons = block.weighted(posterior)
        needed = np.flatnonzero(persons.sum(axis=0) > NEGLIGIBLE * len(matrix))
        effects = np.zeros((columns.shape[1], n_all))
        for q in needed:
            effects[:, :n_items] = self.effects[:, :, q]
            effects[-1, n_items:] = of_population[:, q]
            gram = columns.T @ (columns * persons[:, q, None])
            squares += effects.T @ gram @ effects
        means = np.empty((len(matrix), n_all))
        means[:, n_items:] = posterior @ of_population.T
        for f in range(n_items):
            used = np.flatnonzero(self.effects[:, f].any(axis=1))
            expected = posterior @ self.effects[used, f].T
            means[:, f] = (expected * columns[:, used]).sum(axis=1)
        return squares, means.T @ block.weighted(means)


@dataclass(frozen=True)
class CrossProductTask:
    """Sum over persons of E[S] E[S]', for several dimensions."""

    inner: DimensionsTask
    scores: ScoreColumns
    dimension: IndexArray
    population_plan: PopulationPlan
    population: Population

    def of_block(self, block: PersonBlock) -> Sums:
        """The matrix of one block."""
        matrix = self.inner.columns.matrix(block.cells)
        found = self.inner.posterior(matrix, block.group)
        columns = np.column_stack([matrix, np.ones(len(matrix))])
        means = np.empty((len(matrix), len(self.dimension)))
        for f, d in enumerate(self.dimension):
            used = np.flatnonzero(self.scores.effects[:, f].any(axis=1))
            expected = found.marginals[d] @ self.scores.effects[used, f].T
            means[:, f] = (expected * columns[:, used]).sum(axis=1)
        population = self._population_scores(found.first, found.second, block.group)
        everything = np.column_stack([means, population])
        return (everything.T @ block.weighted(everything),)

    def _population_scores(self, first: FloatArray, second: FloatArray, group: int) -> FloatArray:
        mean, covariance = self.population.means[group], self.population.covariances[group]
        inverse = np.linalg.inv(covariance)
        away = first - mean
        cross = first[:, :, None] * mean
        scatter = second - cross - np.swapaxes(cross, 1, 2) + np.outer(mean, mean)
        bend = inverse @ (scatter - covariance) @ inverse
        at = np.arange(len(mean))
        bend[:, at, at] *= 0.5
        of_mean = np.zeros((len(first), *self.population_plan.free_means.shape))
        of_covariance = np.zeros((len(first), *self.population.covariances.shape))
        of_mean[:, group], of_covariance[:, group] = away @ inverse, bend
        return np.column_stack(
            [
                of_mean[:, self.population_plan.free_means],
                of_covariance[:, self.population_plan.free_covariances],
            ]
        )


def information_matrix(problem: Problem, fit: Fit) -> tuple[FloatArray, BoolArray]:
    """The information about all free numbers, tied slopes one by one, and which values count.

    Order: working values marked in the second result, row by row, then the population.
    """
    values, population, points = fit.estimates.values, fit.estimates.population, fit.points
    counted = problem.plan.free & ~at_bounds(values, problem.plan)
    scores = ScoreColumns.of(values, problem.plan, counted, fit.expect.columns, points)
    n_items = len(scores.item)
    if problem.plan.n_dimensions > 1:
        inner = fit.expect.dimensions_task(values, population, points)
        dimension = problem.plan.dimension[scores.item]
        task = CrossProductTask(inner, scores, dimension, problem.population_plan, population)
        (information,) = fit.expect.executor.total(task, fit.expect.placed)
    else:
        grid = fit.expect.grid_task(values, population, points)
        effects, curvature = _population_terms(problem, fit)
        louis = LouisTask(grid, scores.effects, effects)
        squares, crossed = fit.expect.executor.total(louis, fit.expect.placed)
        information = crossed - squares
        information[:n_items, :n_items] += _complete_curvature(problem, fit, counted)
        information[n_items:, n_items:] += curvature
    if not problem.priors.is_empty:
        information[:n_items, :n_items] += _prior_curvature(problem, values, counted)
    return information, counted


def _complete_curvature(problem: Problem, fit: Fit, counted: BoolArray) -> FloatArray:
    """-d2 of the expected complete-data likelihood, block by item, by central differences."""
    plan, points, values = problem.plan, fit.points, fit.estimates.values
    task = fit.expect.grid_task(values, fit.estimates.population, points)
    _, persons, sums = fit.expect.executor.total(task, fit.expect.placed)
    counts = fit.expect.columns.item_counts(plan, sums, persons.sum(axis=0)[None, :], points)
    found = counts.per_point()

    def gradient(at: FloatArray) -> FloatArray:
        table = category_tables.scores(at, plan, points)
        return np.asarray(np.einsum("ivcq,icq->iv", table, found))

    return _item_blocks(_differences(gradient, values), counted)


def _prior_curvature(problem: Problem, values: FloatArray, counted: BoolArray) -> FloatArray:
    def gradient(at: FloatArray) -> FloatArray:
        return PriorTerms.of(problem.priors, at, problem.plan).gradient

    return _item_blocks(_differences(gradient, values), counted)


def _differences(gradient: Gradient, values: FloatArray) -> FloatArray:
    """-d gradient / d value within each item, shape (n_items, values, values)."""
    width = values.shape[1]
    blocks = np.empty((len(values), width, width))
    for v in range(width):
        shift = np.zeros(values.shape)
        shift[:, v] = STEP
        blocks[:, :, v] = (gradient(values - shift) - gradient(values + shift)) / (2.0 * STEP)
    return np.asarray(0.5 * (blocks + np.swapaxes(blocks, 1, 2)))


def _item_blocks(blocks: FloatArray, counted: BoolArray) -> FloatArray:
    item, value = np.nonzero(counted)
    same = item[:, None] == item
    return np.where(same, blocks[item[:, None], value[:, None], value[None, :]], 0.0)


def _population_terms(problem: Problem, fit: Fit) -> tuple[FloatArray, FloatArray]:
    """Scores of free means and variances at each point per group, and their curvature."""
    plan, points = problem.population_plan, fit.points
    population = fit.estimates.population
    groups = len(population.means)
    columns = [(g, "mean") for g in range(groups) if plan.free_means[g, 0]]
    columns += [(g, "variance") for g in range(groups) if plan.free_variances[g, 0]]
    effects = np.zeros((groups, len(columns), len(points)))
    curvature = np.zeros((len(columns), len(columns)))
    persons, first = fit.expect.persons, fit.last.first[:, 0]
    second = fit.last.second[:, 0, 0]
    for f, (g, what) in enumerate(columns):
        mean, variance = population.means[g, 0], population.covariances[g, 0, 0]
        away = points - mean
        deviation = first[g] - persons[g] * mean
        square = second[g] - 2.0 * mean * first[g] + persons[g] * mean**2
        if what == "mean":
            effects[g, f] = away / variance
            curvature[f, f] = persons[g] / variance
            continue
        effects[g, f] = 0.5 * (away**2 / variance - 1.0) / variance
        curvature[f, f] = square / variance**3 - 0.5 * persons[g] / variance**2
        if (g, "mean") in columns:
            other = columns.index((g, "mean"))
            curvature[f, other] = curvature[other, f] = deviation / variance**2
    return effects, curvature
