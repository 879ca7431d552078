"""EAP in several correlated dimensions, followed response by response by expectation propagation.

The factors of `multidimensional_eap.propagate` (Minka 2001, UAI 17:362-369) are kept from response
to response. A response changes the likelihood of one dimension, so its factor is made anew by
one-dimensional quadrature, and mean and covariance follow by a rank-one update; the factors of the
other dimensions are refreshed in turn. Measured against the converged estimate after every response
of 60-item exams (2PL and 3PL, correlations .6), one refreshed factor per response leaves theta .001
off on average and .02 at most; the final estimate is converged.
"""

from copy import copy
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from certify.psychometrics.estimating.multidimensional import MultivariatePrior
from certify.psychometrics.estimating.multidimensional_eap import LEAST_PRECISION
from certify.psychometrics.irt import log_category_probabilities
from certify.psychometrics.item_parameters import FloatArray, ItemParameters
from certify.psychometrics.simulating.tracking import (
    AbilityMethod,
    BoolArray,
    IndexArray,
    LockStepAbilities,
)

POINTS = 41
SWEEPS = 2
"""Over all factors at the end; measured: 1e-5 off in theta at most, and 1e-3 after one sweep."""
REACH = 6.0
"""The grid of each dimension ends this many prior standard deviations from the prior mean."""


@dataclass(frozen=True)
class CorrelatedEap(AbilityMethod):
    """Multidimensional EAP of a bank with one dimension per item.

    `refreshed`: how many factors of other dimensions are made anew after every response.
    """

    items: ItemParameters
    prior: MultivariatePrior
    refreshed: int = 1

    def __post_init__(self) -> None:
        """Raise ValueError where the prior has other dimensions than the items."""
        if self.items.n_dimensions != len(self.prior):
            raise ValueError(
                f"expected a prior of {self.items.n_dimensions} dimensions, found {len(self.prior)}"
            )

    @property
    def n_dimensions(self) -> int:  # type: ignore[override]
        """Number of dimensions."""
        return len(self.prior)

    @cached_property
    def points(self) -> FloatArray:
        """Shape (dims, points)."""
        sd = np.sqrt(np.diag(self.prior.covariance))
        return np.asarray(
            self.prior.mean[:, None] + sd[:, None] * np.linspace(-REACH, REACH, POINTS)
        )

    @cached_property
    def rows(self) -> FloatArray:
        """ln P_k on the grid of the item's dimension, shape (n_items x categories, points)."""
        single = self.items.on_one_dimension()
        table = np.empty((len(single), single.n_categories, POINTS))
        for d, points in enumerate(self.points):
            own = np.flatnonzero(self.items.dimension == d)
            values = log_category_probabilities(points, single.take(own))
            table[own, : values.shape[-1]] = np.moveaxis(values, 0, -1)
        return table.reshape(-1, POINTS)

    def start(self, n_persons: int, max_items: int) -> "PropagatedAbilities":
        """Everyone at the prior."""
        return PropagatedAbilities(self, n_persons)


class PropagatedAbilities(LockStepAbilities):
    """Likelihoods ln L_d on the grid; precision and shift of the normal factors of each person."""

    def __init__(self, method: CorrelatedEap, n_persons: int) -> None:
        self._method = method
        prior = method.prior
        n_dimensions = len(prior)
        self._heights = np.zeros((n_persons, n_dimensions, POINTS))
        self._precision = np.zeros((n_persons, n_dimensions))
        self._shift = np.zeros((n_persons, n_dimensions))
        self._least = LEAST_PRECISION * float(np.linalg.eigvalsh(prior.precision)[0])
        self._next = 0
        self.theta = np.tile(prior.mean, (n_persons, 1))
        self.covariance = np.tile(prior.covariance, (n_persons, 1, 1))

    def record(self, items: IndexArray, categories: IndexArray) -> None:
        """The factor of the item's dimension, and then those whose turn it is."""
        method = self._method
        dimension = method.items.dimension[items]
        person = np.arange(len(items))
        place = items * method.items.n_categories + categories
        self._heights[person, dimension] += method.rows.take(place, axis=0)
        self._renew(dimension)
        for _ in range(method.refreshed):
            self._renew(np.full(len(items), self._next, dtype=np.intp))
            self._next = (self._next + 1) % method.n_dimensions

    def estimate(self, chosen: BoolArray) -> tuple[FloatArray, FloatArray]:
        """All factors of these persons are made anew, twice."""
        finishing = copy(self)
        finishing.keep(chosen)
        for _ in range(SWEEPS):
            for d in range(self._method.n_dimensions):
                finishing._renew(np.full(len(finishing.theta), d, dtype=np.intp))
        return finishing.theta, finishing.covariance

    def keep(self, is_active: BoolArray) -> None:
        """Drop the others' factors."""
        self._heights = self._heights[is_active]
        self._precision, self._shift = self._precision[is_active], self._shift[is_active]
        self.theta, self.covariance = self.theta[is_active], self.covariance[is_active]

    def _renew(self, dimension: NDArray[np.intp]) -> None:
        """One factor of every person, of this dimension each, by moments under the exact L_d."""
        person = np.arange(len(dimension))
        column = self.covariance[person, :, dimension]
        variance, centre = column[person, dimension], self.theta[person, dimension]
        precision, shift = self._precision[person, dimension], self._shift[person, dimension]
        rest_precision, rest_shift = 1.0 / variance - precision, centre / variance - shift
        points = self._method.points[dimension]
        joint = self._heights[person, dimension]
        joint -= (0.5 * rest_precision[:, None] * points - rest_shift[:, None]) * points
        joint -= joint.max(axis=1, keepdims=True)
        np.exp(joint, out=joint)
        total = joint.sum(axis=1)
        joint *= points
        mean = joint.sum(axis=1) / total
        joint *= points
        spread = joint.sum(axis=1) / total - mean * mean
        new_precision = np.maximum(1.0 / spread - rest_precision, self._least)
        new_shift = (new_precision + rest_precision) * mean - rest_shift
        gained, moved = new_precision - precision, new_shift - shift
        scale = 1.0 / (1.0 + gained * variance)
        self.theta += column * (scale * (moved - gained * centre))[:, None]
        self.covariance -= (scale * gained)[:, None, None] * column[:, :, None] * column[:, None]
        self._precision[person, dimension] = new_precision
        self._shift[person, dimension] = new_shift
