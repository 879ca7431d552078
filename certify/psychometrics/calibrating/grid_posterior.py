"""The E-step on a grid of one ability: any mixture of models, any pattern of missing answers.

Per block: ln L at all points by one product, the posterior by one exponential, expected counts by
a second product.
"""

from dataclasses import dataclass

import numpy as np

from certify.psychometrics.calibrating.executors import PersonBlock, Sums
from certify.psychometrics.calibrating.response_columns import ResponseColumns
from certify.psychometrics.item_parameters import FloatArray


@dataclass(frozen=True)
class GridTask:
    """Log-likelihood (1,), expected persons (groups, points) and column sums (columns, points).

    `gains` (columns, points); `log_base` (groups, points): ln weight plus what all share.
    """

    columns: ResponseColumns
    gains: FloatArray
    log_base: FloatArray

    def of_block(self, block: PersonBlock) -> Sums:
        """The three sums of one block."""
        matrix = self.columns.matrix(block.cells)
        posterior = matrix @ self.gains
        posterior += self.log_base[block.group]
        log_mass = normalise(posterior)
        log_likelihood = block.weighted(log_mass).sum(keepdims=True)
        posterior = block.weighted(posterior)
        persons = np.zeros(self.log_base.shape)
        persons[block.group] = posterior.sum(axis=0)
        return log_likelihood, persons, matrix.T @ posterior


def normalise(log_posterior: FloatArray) -> FloatArray:
    """Turn rows of log posteriors, in place, into probabilities; return the log of their mass."""
    peak = log_posterior.max(axis=1, keepdims=True)
    log_posterior -= peak
    np.exp(log_posterior, out=log_posterior)
    mass = log_posterior.sum(axis=1, keepdims=True)
    log_posterior /= mass
    return np.asarray((np.log(mass) + peak)[:, 0])
