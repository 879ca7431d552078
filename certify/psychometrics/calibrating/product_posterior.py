"""Two or three correlated dimensions, exactly, on the product grid.

Only the normal density couples the dimensions: two cost one product of tables per person, three
cost three contractions of the density with a table.
"""

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from certify.psychometrics.calibrating.joint_posterior import JointPosterior
from certify.psychometrics.calibrating.population import Population
from certify.psychometrics.item_parameters import FloatArray


@dataclass(frozen=True)
class ProductGrid:
    """`weights` (groups, points, points, ...), summing to one in each group."""

    weights: FloatArray
    points: FloatArray

    @classmethod
    def of(cls, population: Population, points: FloatArray) -> "ProductGrid":
        """The normal densities of a population on the grid."""
        dimensions = population.means.shape[1]
        grid = np.stack(np.meshgrid(*[points] * dimensions, indexing="ij"), axis=-1)
        tables = []
        for mean, covariance in zip(population.means, population.covariances, strict=True):
            away = grid - mean
            spread = ((away @ np.linalg.inv(covariance)) * away).sum(axis=-1)
            density = np.exp(-0.5 * (spread - spread.min()))
            tables.append(density / density.sum())
        return cls(np.array(tables), points)

    def posterior(self, tables: list[FloatArray], group: int) -> JointPosterior:
        """The joint posterior of persons of one group."""
        peaks = [table.max(axis=1) for table in tables]
        heights = [np.exp(t - peak[:, None]) for t, peak in zip(tables, peaks, strict=True)]
        n, persons = len(tables), len(tables[0])
        second = np.empty((persons, n, n))
        marginals = list(heights)
        mass = np.ones(persons)
        for d, e in combinations(range(n), 2):
            joint = self._pair(heights, group, d, e)
            mass = joint.sum(axis=(1, 2))
            joint /= mass[:, None, None]
            marginals[d], marginals[e] = joint.sum(axis=2), joint.sum(axis=1)
            second[:, d, e] = second[:, e, d] = (joint @ self.points) @ self.points
        for d, marginal in enumerate(marginals):
            second[:, d, d] = marginal @ self.points**2
        first = np.stack([marginal @ self.points for marginal in marginals], axis=1)
        return JointPosterior(np.log(mass) + np.sum(peaks, axis=0), marginals, first, second)

    def _pair(self, heights: list[FloatArray], group: int, d: int, e: int) -> FloatArray:
        """Unnormalised posterior of dimensions d and e, the third summed out: (persons, q, q)."""
        (*others,) = (other for other in range(len(heights)) if other not in (d, e))
        density = np.transpose(self.weights[group], (d, e, *others))
        if others:
            q = len(self.points)
            density = (heights[others[0]] @ density.reshape(q * q, q).T).reshape(-1, q, q)
        return np.asarray(density * heights[d][:, :, None] * heights[e][:, None, :])
