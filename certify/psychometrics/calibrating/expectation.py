"""One E-step over all blocks, by the cheapest way that is exact enough for the bank at hand.

- complete responses to 1PL, 2PL, PCM, GPCM items of one dimension: `weighted_scores`;
- anything else of one dimension: `grid_posterior`;
- two dimensions, or three on few patterns: `product_posterior`;
- more dimensions: `propagation`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from certify.psychometrics.calibrating import category_tables
from certify.psychometrics.calibrating.bank_plan import BankPlan
from certify.psychometrics.calibrating.coded_responses import (
    MISSING,
    CodedResponses,
    category_totals,
)
from certify.psychometrics.calibrating.executors import BlockExecutor, blocks_of
from certify.psychometrics.calibrating.grid_posterior import GridTask
from certify.psychometrics.calibrating.item_maximisation import ItemCounts
from certify.psychometrics.calibrating.joint_posterior import DimensionsTask, Integrator
from certify.psychometrics.calibrating.population import Population
from certify.psychometrics.calibrating.product_posterior import ProductGrid
from certify.psychometrics.calibrating.propagation import Propagation
from certify.psychometrics.calibrating.response_columns import ResponseColumns
from certify.psychometrics.calibrating.weighted_scores import (
    ScoreLattice,
    ScoreTask,
    lattice_size,
)
from certify.psychometrics.item_parameters import FloatArray

Integration = Literal["auto", "product", "propagation"]

CELLS_PER_BLOCK = 400_000
PRODUCT_BLOCK = 32
LARGEST_PRODUCT = 2_000
"""Patterns up to which three dimensions are integrated on the product grid."""


@dataclass(frozen=True)
class Expectation:
    """What one E-step gives: log-likelihood, item counts, moments of theta per group."""

    log_likelihood: float
    items: ItemCounts
    first: FloatArray
    second: FloatArray


class ExpectationStep:
    """The E-steps on one set of responses, placed once with the executor."""

    def __init__(
        self,
        data: CodedResponses,
        plan: BankPlan,
        executor: BlockExecutor,
        *,
        integration: Integration = "auto",
        block_size: int | None = None,
    ) -> None:
        self.data, self.plan, self.executor = data, plan, executor
        everybody = np.asarray(data.cells.min(axis=0, initial=0) != MISSING)
        self.is_complete = bool(everybody.all())
        self.columns = ResponseColumns.of(plan, everybody)
        found = category_totals(data.cells, data.counts)
        missing = plan.n_thresholds + 1 - found.shape[1]
        self.totals = np.pad(found, ((0, 0), (0, missing)))
        self.persons: FloatArray = np.bincount(data.group, data.counts, data.n_groups).astype(
            np.float64
        )
        self.is_product = self._is_product(integration)
        size = block_size or max(256, CELLS_PER_BLOCK // max(1, len(plan)))
        blocks = blocks_of(data, PRODUCT_BLOCK if self.is_product else size)
        self.placed: Sequence[Any] = executor.place(blocks)

    def _is_product(self, integration: Integration) -> bool:
        dimensions = self.plan.n_dimensions
        if dimensions == 1 or integration == "propagation":
            return False
        if dimensions > 3 and integration == "product":
            raise ValueError(f"expected 2 or 3 dimensions on a product grid, found {dimensions}")
        few = len(self.data.cells) <= LARGEST_PRODUCT
        return integration == "product" or dimensions == 2 or (dimensions == 3 and few)

    @property
    def method(self) -> str:
        """How abilities are integrated out: "grid", "product" or "propagation"."""
        if self.plan.n_dimensions == 1:
            return "grid"
        return "product" if self.is_product else "propagation"

    def __call__(
        self, values: FloatArray, population: Population, points: FloatArray
    ) -> Expectation:
        """The expectations at these parameters."""
        if self.plan.n_dimensions > 1:
            return self._of_dimensions(values, population, points)
        if self.has_lattice(values):
            return self._of_scores(values, population, points)
        return self._of_grid(values, population, points)

    def has_lattice(self, values: FloatArray) -> bool:
        """Whether weighted scores are sufficient, and fewer lattice nodes than patterns needed."""
        if self.plan.n_dimensions > 1 or not self.is_complete:
            return False
        if not self.plan.exponential(values).all():
            return False
        size = lattice_size(values[:, 0], self.plan.top.astype(np.float64))
        return size * len(self.persons) < len(self.data.cells)

    def _of_scores(
        self, values: FloatArray, population: Population, points: FloatArray
    ) -> Expectation:
        log_p = category_tables.exponential_log_probabilities(values, self.plan, points)
        log_base = population.log_weights(points) + log_p[:, 0].sum(axis=0)
        top = self.plan.top.astype(np.float64)
        lattice = ScoreLattice.of(values[:, 0], top, log_base, points)
        task = ScoreTask(values[:, 0], lattice.start, lattice.mean)
        counts, scored = self.executor.total(task, self.placed)
        persons = np.einsum("gm,gmq->gq", counts, lattice.posterior)
        # what does not depend on theta is the same in every E-step: counts times intercepts
        fixed_part = float((self.totals[:, 1:] * values[:, 1:-2]).sum())
        items = ItemCounts(self.totals, scored, persons.sum(axis=0)[None, :], None)
        log_likelihood = float((counts * lattice.log_z).sum()) + fixed_part
        return Expectation(log_likelihood, items, *_moments(persons, points))

    def dimensions_task(
        self, values: FloatArray, population: Population, points: FloatArray
    ) -> DimensionsTask:
        """What a block of persons is asked for in several dimensions."""
        log_p = category_tables.log_probabilities(values, self.plan, points)
        gains, constants = self.columns.gains(log_p), self.columns.constants(log_p)
        integrator: Integrator
        if self.is_product:
            integrator = ProductGrid.of(population, points)
        else:
            integrator = Propagation(population.means, population.covariances, points)
        return DimensionsTask(self.columns, gains, constants, integrator, self.data.n_groups)

    def grid_task(self, values: FloatArray, population: Population, points: FloatArray) -> GridTask:
        """What a block of persons is asked for on the grid of one dimension."""
        log_p = category_tables.log_probabilities(values, self.plan, points)
        log_base = population.log_weights(points) + self.columns.constants(log_p)
        return GridTask(self.columns, self.columns.gains(log_p), log_base)

    def _of_grid(
        self, values: FloatArray, population: Population, points: FloatArray
    ) -> Expectation:
        task = self.grid_task(values, population, points)
        log_likelihood, persons, sums = self.executor.total(task, self.placed)
        items = self.columns.item_counts(self.plan, sums, persons.sum(axis=0)[None, :], points)
        return Expectation(float(log_likelihood[0]), items, *_moments(persons, points))

    def _of_dimensions(
        self, values: FloatArray, population: Population, points: FloatArray
    ) -> Expectation:
        task = self.dimensions_task(values, population, points)
        log_likelihood, persons, sums, first, second = self.executor.total(task, self.placed)
        items = self.columns.item_counts(self.plan, sums, persons.sum(axis=0), points)
        return Expectation(float(log_likelihood[0]), items, first, second)


def _moments(persons: FloatArray, points: FloatArray) -> tuple[FloatArray, FloatArray]:
    return (persons @ points)[:, None], (persons @ points**2)[:, None, None]
