"""The distribution of ability in each group: multivariate normal, parts of it estimated.

The M-step of the free parts is exact: closed form where a whole covariance matrix is free, Fisher
scoring with the fixed variances held otherwise.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from certify.psychometrics.calibrating.bank_plan import BoolArray
from certify.psychometrics.item_parameters import FloatArray

SCORINGS = 50
SMALLEST_STEP = 1e-12
CONDITION = 1e-12
SMALLEST_VARIANCE = 1e-3
"""Of any direction: where persons do not differ more than that, the grid could not show it."""


@dataclass(frozen=True)
class Population:
    """`means` (groups, dimensions) and `covariances` (groups, dimensions, dimensions)."""

    means: FloatArray
    covariances: FloatArray

    @classmethod
    def standard(cls, n_groups: int, n_dimensions: int) -> "Population":
        """N(0, I) in every group."""
        return cls(
            np.zeros((n_groups, n_dimensions)),
            np.tile(np.eye(n_dimensions), (n_groups, 1, 1)),
        )

    @property
    def sds(self) -> FloatArray:
        """Standard deviations, shape (groups, dimensions)."""
        return np.asarray(np.sqrt(np.diagonal(self.covariances, axis1=1, axis2=2)))

    @property
    def correlations(self) -> FloatArray:
        """Correlation matrix of each group."""
        sds = self.sds
        return np.asarray(self.covariances / (sds[:, :, None] * sds[:, None, :]))

    def is_proper(self) -> bool:
        """Whether all covariance matrices are positive definite."""
        return bool(np.all(np.linalg.eigvalsh(self.covariances)[:, 0] >= 0.5 * SMALLEST_VARIANCE))

    def log_weights(self, points: FloatArray) -> FloatArray:
        """ln of the weights (summing to one) of one-dimensional groups, shape (groups, points)."""
        spread = (points - self.means) ** 2 / self.covariances[:, :, 0]
        return np.asarray(-0.5 * spread - np.log(np.exp(-0.5 * spread).sum(axis=1, keepdims=True)))


@dataclass(frozen=True)
class PopulationPlan:
    """Which means and variances are estimated, each (groups, dimensions); covariances always."""

    free_means: BoolArray
    free_variances: BoolArray

    @cached_property
    def free_covariances(self) -> BoolArray:
        """The free elements of the lower triangles, shape (groups, dimensions, dimensions)."""
        groups, dimensions = self.free_variances.shape
        free = np.tile(
            np.tril(np.ones((dimensions, dimensions), dtype=np.bool_), -1), (groups, 1, 1)
        )
        at = np.arange(dimensions)
        free[:, at, at] = self.free_variances
        return free

    def packed(self, population: Population) -> FloatArray:
        """The free numbers."""
        covariances = population.covariances[self.free_covariances]
        return np.concatenate([population.means[self.free_means], covariances])

    def unpacked(self, numbers: FloatArray, known: Population) -> Population:
        """The population with these free numbers; what is not free comes from `known`."""
        n_means = int(self.free_means.sum())
        means, covariances = known.means.copy(), known.covariances.copy()
        means[self.free_means] = numbers[:n_means]
        covariances[self.free_covariances] = numbers[n_means:]
        lower = np.tril(covariances)
        mirrored = lower + np.swapaxes(np.tril(covariances, -1), 1, 2)
        return Population(means, mirrored)

    def maximised(
        self, persons: FloatArray, first: FloatArray, second: FloatArray, current: Population
    ) -> Population:
        """The M-step from numbers of persons, sums of theta and of theta theta' per group."""
        means = np.where(self.free_means, first / persons[:, None], current.means)
        raw = second / persons[:, None, None]
        shift = first[:, :, None] / persons[:, None, None] * means[:, None, :]
        scatter = raw - shift - np.swapaxes(shift, 1, 2) + means[:, :, None] * means[:, None, :]
        covariances = current.covariances.copy()
        for group, is_free in enumerate(self.free_covariances):
            if is_free.sum() == len(is_free) * (len(is_free) + 1) // 2:
                covariances[group] = _floored(scatter[group])
            elif is_free.any():
                covariances[group] = _scored(scatter[group], covariances[group], is_free)
        return Population(means, covariances)


def _floored(covariance: FloatArray) -> FloatArray:
    size, direction = np.linalg.eigh(covariance)
    if size[0] >= SMALLEST_VARIANCE:
        return covariance
    return np.asarray((direction * np.maximum(size, SMALLEST_VARIANCE)) @ direction.T)


def _scored(scatter: FloatArray, start: FloatArray, is_free: BoolArray) -> FloatArray:
    """Maximise -ln|V| - tr(V^-1 scatter) over the free elements of V by Fisher scoring."""
    rows, columns = np.nonzero(is_free)
    basis = np.zeros((len(rows), *scatter.shape))
    at = np.arange(len(rows))
    basis[at, rows, columns] = basis[at, columns, rows] = 1.0
    current, best = start, _normal_objective(start, scatter)
    for _ in range(SCORINGS):
        inverse = np.linalg.inv(current)
        turned = inverse @ basis
        gradient = np.einsum("fij,ji->f", turned, inverse @ scatter - np.eye(len(scatter)))
        information = np.einsum("fij,gji->fg", turned, turned)
        # dimensions that are one another's copy leave directions without information
        numbers = np.linalg.lstsq(information, gradient, rcond=CONDITION)[0]
        step = np.tensordot(numbers, basis, axes=1)
        if np.abs(step).max() < SMALLEST_STEP:
            break
        found = _normal_objective(current + step, scatter)
        while not best <= found > -np.inf and np.abs(step).max() >= SMALLEST_STEP:
            step = 0.5 * step
            found = _normal_objective(current + step, scatter)
        if not best <= found > -np.inf:
            break
        current, best = current + step, found
    return current


def _normal_objective(covariance: FloatArray, scatter: FloatArray) -> float:
    if np.linalg.eigvalsh(covariance)[0] <= SMALLEST_VARIANCE:
        return -np.inf
    return float(-np.linalg.slogdet(covariance)[1] - np.trace(np.linalg.solve(covariance, scatter)))
