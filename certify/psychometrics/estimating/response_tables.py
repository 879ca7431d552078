"""One person's EAP in correlated dimensions, from tables made once for a bank.

By expectation propagation, as `multidimensional_eap.eap` estimates from four dimensions on, for one
person and dichotomous items, at the price of adding up rows of a table: what an exam needs after
every answer. Always from all responses, so that a replay adds the same numbers in the same order.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from certify.psychometrics.estimating.multidimensional import MultivariatePrior
from certify.psychometrics.estimating.multidimensional_eap import (
    LEAST_PRECISION,
    MAX_ITERATIONS,
    POINTS,
    TOLERANCE,
)
from certify.psychometrics.irt import log_category_probabilities
from certify.psychometrics.item_parameters import FloatArray, ItemParameters

REACH = 6.0
"""The grid of each dimension ends this many prior standard deviations from the prior mean."""


@dataclass(frozen=True)
class PersonEstimate:
    """`theta`, shape (dims,), and posterior `covariance`, shape (dims, dims), of one person."""

    theta: FloatArray
    covariance: FloatArray

    @property
    def se(self) -> FloatArray:
        """Posterior standard deviation of each dimension, shape (dims,)."""
        return np.asarray(np.sqrt(np.diagonal(self.covariance)))

    def composite(self, weights: FloatArray) -> tuple[float, float]:
        """w'theta and its standard error."""
        return float(self.theta @ weights), float(np.sqrt(weights @ self.covariance @ weights))


@dataclass(frozen=True)
class ResponseTables:
    """`log_p`, shape (n_items, 2, points): ln P of a wrong and of a right response to each item.

    On the grid of the item's own dimension: `points`, shape (dims, points).
    """

    points: FloatArray
    log_p: FloatArray
    dimension: np.ndarray[tuple[int], np.dtype[np.intp]]
    prior: MultivariatePrior

    @classmethod
    def of(cls, items: ItemParameters, prior: MultivariatePrior) -> "ResponseTables":
        """Raises ValueError for other dimensions than the prior's, or more than two categories."""
        if items.n_dimensions != len(prior) or not items.is_dichotomous:
            raise ValueError(
                f"expected dichotomous items of {len(prior)} dimensions, found {items.n_dimensions}"
            )
        sd = np.sqrt(np.diag(prior.covariance))
        points = prior.mean[:, None] + sd[:, None] * np.linspace(-REACH, REACH, POINTS)
        single = items.on_one_dimension()
        log_p = np.empty((len(single), 2, POINTS))
        for d, grid in enumerate(points):
            own = np.flatnonzero(items.dimension == d)
            values = log_category_probabilities(grid, single.take(own))
            log_p[own] = np.moveaxis(values, 0, -1)
        return cls(points, log_p, np.asarray(items.dimension, dtype=np.intp), prior)

    def estimate(self, administered: Sequence[int], responses: Sequence[int]) -> PersonEstimate:
        """After these items (indices) with these responses, 1 or 0; the prior after none."""
        if not len(administered):
            return PersonEstimate(self.prior.mean, self.prior.covariance)
        heights = np.zeros_like(self.points)
        rows = self.log_p[list(administered), list(responses)]
        np.add.at(heights, self.dimension[list(administered)], rows)
        return self._propagated(heights)

    @cached_property
    def _least(self) -> float:
        return LEAST_PRECISION * float(np.linalg.eigvalsh(self.prior.precision)[0])

    @cached_property
    def _powers(self) -> FloatArray:
        """1, x and x squared on each grid, shape (dims, points, 3)."""
        return np.stack([np.ones_like(self.points), self.points, self.points**2], axis=-1)

    def _propagated(self, heights: FloatArray) -> PersonEstimate:
        """Expectation propagation of one factor per dimension, as `propagate` does for many."""
        prior, each = self.prior, np.arange(len(self.prior))
        pull = prior.precision @ prior.mean
        precision, shift = np.zeros(len(each)), np.zeros(len(each))
        theta: FloatArray = prior.mean
        covariance: FloatArray = prior.covariance
        for _ in range(MAX_ITERATIONS):
            variance = covariance[each, each]
            rest_precision = 1.0 / variance - precision
            rest_shift = theta / variance - shift
            mean, spread = self._moments(heights, rest_precision, rest_shift)
            precision = np.maximum(1.0 / spread - rest_precision, self._least)
            shift = (precision + rest_precision) * mean - rest_shift
            total = prior.precision.copy()
            total[each, each] += precision
            inverse = np.linalg.inv(total)
            moved = inverse @ (pull + shift)
            change = np.abs(moved - theta).max() + np.abs(inverse[each, each] - variance).max()
            theta, covariance = np.asarray(moved), np.asarray(inverse)
            if change <= TOLERANCE:
                break
        return PersonEstimate(theta, covariance)

    def _moments(
        self, heights: FloatArray, precision: FloatArray, shift: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        """Mean and variance of the likelihood times a normal factor, shape (dims,) each."""
        joint = heights - (0.5 * precision[:, None] * self.points - shift[:, None]) * self.points
        joint -= joint.max(axis=1, keepdims=True)
        np.exp(joint, out=joint)
        sums = (joint[:, None, :] @ self._powers)[:, 0]
        mean = sums[:, 1] / sums[:, 0]
        return mean, np.asarray(sums[:, 2] / sums[:, 0] - mean**2)
