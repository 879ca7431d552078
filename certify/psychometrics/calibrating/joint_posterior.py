"""The E-step of several correlated dimensions, each item measuring one of them.

The likelihood of a person is a product of one-dimensional tables; how the normal density couples
them is integrated by `product_posterior` (exactly, two or three dimensions) or `propagation`.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from certify.psychometrics.calibrating.executors import PersonBlock, Sums
from certify.psychometrics.calibrating.response_columns import ResponseColumns
from certify.psychometrics.item_parameters import FloatArray


@dataclass(frozen=True)
class JointPosterior:
    """Of each person: ln marginal likelihood, marginals on the grid, E(theta), E(theta theta')."""

    log_likelihood: FloatArray
    marginals: list[FloatArray]
    first: FloatArray
    second: FloatArray


class Integrator(Protocol):
    """Couples one-dimensional tables of ln L, each (persons, points), by a group's density."""

    def posterior(self, tables: list[FloatArray], group: int) -> JointPosterior:
        """The joint posterior of persons of one group."""
        ...


@dataclass(frozen=True)
class DimensionsTask:
    """Log-likelihood, persons (groups, dimensions, points), columns, first and second moments."""

    columns: ResponseColumns
    gains: FloatArray
    constants: FloatArray
    integrator: Integrator
    n_groups: int

    def posterior(self, matrix: FloatArray, group: int) -> JointPosterior:
        """The posterior of persons of one group from their response columns."""
        tables = []
        for d, constant in enumerate(self.constants):
            part = self.columns.part(d)
            tables.append(matrix[:, part] @ self.gains[part] + constant)
        return self.integrator.posterior(tables, group)

    def of_block(self, block: PersonBlock) -> Sums:
        """The five sums of one block."""
        matrix = self.columns.matrix(block.cells)
        found = self.posterior(matrix, block.group)
        n = len(self.constants)
        persons = np.zeros((self.n_groups, *self.constants.shape))
        sums = np.empty(self.gains.shape)
        for d, marginal in enumerate(found.marginals):
            part, weighted = self.columns.part(d), block.weighted(marginal)
            sums[part] = matrix[:, part].T @ weighted
            persons[block.group, d] = weighted.sum(axis=0)
        first, second = np.zeros((self.n_groups, n)), np.zeros((self.n_groups, n, n))
        first[block.group] = block.weighted(found.first).sum(axis=0)
        second[block.group] = block.weighted(found.second).sum(axis=0)
        log_likelihood = block.weighted(found.log_likelihood).sum(keepdims=True)
        return log_likelihood, persons, sums, first, second
