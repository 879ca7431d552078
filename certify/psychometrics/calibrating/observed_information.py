"""Standard errors from the observed information of the marginal likelihood.

One dimension: Louis (1982), Journal of the Royal Statistical Society B 44:226-233, exactly:

    I = E[-d2 ln L_complete] - sum_p Cov[S_p | x_p],

with the score S_p of a person's complete data. Several dimensions: the cross-product of the
marginal scores, sum_p E[S_p | x_p] E[S_p | x_p]' (Berndt et al. 1974), the same in large samples.
Priors add their curvature. Values on a bound of the search count as known and get no error.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from certify.psychometrics.calibrating import category_tables
from certify.psychometrics.calibrating.bank_plan import BoolArray, IndexArray
from certify.psychometrics.calibrating.executors import PersonBlock, Sums
from certify.psychometrics.calibrating.fitting import Fit, Problem
from certify.psychometrics.calibrating.grid_posterior import GridTask, normalise
from certify.psychometrics.calibrating.item_maximisation import at_bounds
from certify.psychometrics.calibrating.item_priors import PriorTerms
from certify.psychometrics.calibrating.joint_posterior import DimensionsTask
from certify.psychometrics.calibrating.population import Population, PopulationPlan
from certify.psychometrics.calibrating.population_information import population_terms
from certify.psychometrics.calibrating.score_columns import ScoreColumns
from certify.psychometrics.item_parameters import FloatArray

Gradient = Callable[[FloatArray], FloatArray]

NEGLIGIBLE = 1e-8
"""Share of the largest variance below which a direction adds nothing."""
STEP = 1e-5


@dataclass(frozen=True)
class LouisTask:
    """Sum over persons of the posterior covariance of their scores, which is what is missing.

    `coefficients` and `functions` are the directions of `scores`: Cov(S_p) has as many dimensions
    as the posterior of a person sees directions, three or four.
    """

    grid: GridTask
    scores: ScoreColumns
    coefficients: FloatArray
    functions: FloatArray

    def of_block(self, block: PersonBlock) -> Sums:
        """The matrix of one block."""
        matrix = self.grid.columns.matrix(block.cells)
        posterior = matrix @ self.grid.gains
        posterior += self.grid.log_base[block.group]
        normalise(posterior)
        columns = np.column_stack([matrix, np.ones(len(matrix))])
        total = np.zeros((self.scores.n_scores, self.scores.n_scores))
        for share in self._principal(posterior):
            pair_values = share @ self.coefficients.T
            spread = self.scores.summed(columns, pair_values, block.group)
            total += spread.T @ block.weighted(spread)
        return (total,)

    def _principal(self, posterior: FloatArray) -> list[FloatArray]:
        """Columns of a square root of each person's covariance of the functions: (persons, r)."""
        r = len(self.functions)
        products = self.functions[:, None, :] * self.functions[None, :, :]
        second = (posterior @ products.reshape(r * r, -1).T).reshape(-1, r, r)
        first = posterior @ self.functions.T
        covariance = second - first[:, :, None] * first[:, None, :]
        size, direction = np.linalg.eigh(covariance)
        largest = size.max(initial=0.0)
        roots = np.sqrt(np.maximum(size, 0.0))
        return [
            direction[:, :, k] * roots[:, k, None]
            for k in range(r)
            if size[:, k].max(initial=0.0) > NEGLIGIBLE * largest
        ]


@dataclass(frozen=True)
class CrossProductTask:
    """Sum over persons of E[S] E[S]', for several dimensions; `dimension` of each pair."""

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
        pair_values = np.empty((len(matrix), len(self.dimension)))
        for d, marginal in enumerate(found.marginals):
            here = self.dimension == d
            pair_values[:, here] = marginal @ self.scores.effects[here].T
        means = self.scores.summed(columns, pair_values, block.group)
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
    plan, expect, points = problem.plan, fit.expect, fit.points
    values, population = fit.estimates.values, fit.estimates.population
    counted = plan.free & ~at_bounds(values, plan)
    scores = ScoreColumns.of_items(values, plan, counted, expect.columns, points)
    n_items = scores.n_scores
    if plan.n_dimensions > 1:
        inner = expect.dimensions_task(values, population, points)
        dimension = plan.dimension[np.nonzero(counted)[0]][scores.score]
        task = CrossProductTask(inner, scores, dimension, problem.population_plan, population)
        (information,) = expect.executor.total(task, expect.placed)
    else:
        grid = expect.grid_task(values, population, points)
        _, persons, sums = expect.executor.total(grid, expect.placed)
        terms = population_terms(problem, fit)
        scores = scores.with_population(terms.effects, terms.group, len(expect.columns.item))
        directions = scores.directions(persons.sum(axis=0))
        louis = LouisTask(grid, scores, *directions)
        (missing,) = expect.executor.total(louis, expect.placed)
        counts = expect.columns.item_counts(plan, sums, persons.sum(axis=0)[None, :], points)
        information = -missing
        curvature = _complete_curvature(problem, fit, counts.per_point())
        information[:n_items, :n_items] += _item_blocks(curvature, counted)
        information[n_items:, n_items:] += terms.curvature
    if not problem.priors.is_empty:
        information[:n_items, :n_items] += _item_blocks(_prior_curvature(problem, values), counted)
    return information, counted


def _complete_curvature(problem: Problem, fit: Fit, counts: FloatArray) -> FloatArray:
    """-d2 of the expected complete-data likelihood within each item, by central differences."""

    def gradient(at: FloatArray) -> FloatArray:
        table = category_tables.scores(at, problem.plan, fit.points)
        return np.asarray(np.einsum("ivcq,icq->iv", table, counts))

    return _differences(gradient, fit.estimates.values)


def _prior_curvature(problem: Problem, values: FloatArray) -> FloatArray:
    def gradient(at: FloatArray) -> FloatArray:
        return PriorTerms.of(problem.priors, at, problem.plan).gradient

    return _differences(gradient, values)


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
