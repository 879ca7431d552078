"""Posterior mean and covariance in several correlated dimensions, all persons at once.

Each item measures one dimension, so the posterior is N(mu, S) times one function L_d(theta_d) per
dimension, and two ways are open.

Up to three dimensions: quadrature on the full product grid, exact to about 1e-6 unless the grid
cuts off a tail (perfect patterns of long tests: choose a larger `reach`).

From four: expectation propagation (Minka 2001, UAI 17:362-369). Each L_d is replaced by a normal
factor such that mean and variance of the d-th margin are those under the exact L_d and the normal
remainder, which is one-dimensional quadrature, until nothing changes. Unlike Laplace's method it
integrates skewness; unlike a product grid its work grows linearly with the dimensions. Accuracy,
measured in the tests against the grid in two and three dimensions (2PL and 3PL, 1 to 30 items a
dimension): with correlations up to .6 the mean is off by at most .003 standard deviations and the
standard error by at most .5 %, with .9 by .01 and 2 %. (The mode is off by .1 to .3 there.)
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from certify.psychometrics.estimating import product_quadrature
from certify.psychometrics.estimating.multidimensional import (
    MultidimensionalEstimate,
    MultivariatePrior,
    converged_flags,
)
from certify.psychometrics.item_parameters import FloatArray, ItemParameters
from certify.psychometrics.likelihood import GridLikelihood
from certify.psychometrics.responses import ResponseMatrix, checked

MOST_DIMENSIONS_ON_GRID = 3
TOLERANCE = 1e-8
MAX_ITERATIONS = 200
BLOCK = 250
"""Persons worked on at once."""
POINTS = 97
POINTS_OF_THREE = 61
"""Points of each dimension; fewer on the grid of three dimensions, whose cost is their cube."""
LEAST_PRECISION = -0.9
"""A factor may be this negative, in units of the prior's smallest precision; never improper."""


def eap(
    responses: ArrayLike,
    items: ItemParameters,
    prior: MultivariatePrior,
    *,
    reach: float = 6.0,
    points: int | None = None,
) -> MultidimensionalEstimate:
    """Posterior mean and covariance of each row of `responses`, NaN: not administered.

    Finite for every pattern; without a response it is the prior. Each dimension has `points`
    equally spaced points (97, or 61 in three dimensions) up to `reach` prior standard deviations
    on either side of the mean. Raises ValueError for responses or dimensions that do not fit.
    """
    if items.n_dimensions != len(prior):
        raise ValueError(f"expected a prior of {items.n_dimensions} dimensions, found {len(prior)}")
    matrix = checked(responses, items)
    is_on_grid = len(prior) <= MOST_DIMENSIONS_ON_GRID
    if points is None:
        points = POINTS_OF_THREE if len(prior) == MOST_DIMENSIONS_ON_GRID else POINTS
    if not (reach > 0 and points >= 3):
        raise ValueError(f"expected reach > 0 and at least 3 points, found {reach} and {points}")
    margins = _Margins.of(items, prior, reach, points)
    density = (
        product_quadrature.prior_on_grid(margins.points, prior.mean, prior.precision)
        if is_on_grid
        else None
    )
    theta = np.empty((len(matrix), len(prior)))
    covariance = np.empty((len(matrix), len(prior), len(prior)))
    is_converged = np.ones(len(matrix), dtype=bool)
    for start in range(0, len(matrix), BLOCK):
        rows = slice(start, start + BLOCK)
        heights = margins.log_likelihood(matrix.rows(rows), items)
        if density is None:
            theta[rows], covariance[rows], is_converged[rows] = propagate(
                heights, margins.points, prior
            )
        else:
            theta[rows], covariance[rows] = product_quadrature.moments(
                np.exp(heights), margins.points, density
            )
    return MultidimensionalEstimate(
        theta, covariance, converged_flags(matrix.answered(), is_converged)
    )


@dataclass(frozen=True)
class _Margins:
    """The grid of each dimension, shape (dimensions, points), and its likelihood tables."""

    points: FloatArray
    tables: tuple[GridLikelihood, ...]

    @classmethod
    def of(
        cls, items: ItemParameters, prior: MultivariatePrior, reach: float, count: int
    ) -> "_Margins":
        sd = np.sqrt(np.diag(prior.covariance))
        points = prior.mean[:, None] + sd[:, None] * np.linspace(-reach, reach, count)
        single = items.on_one_dimension()
        return cls(
            points,
            tuple(
                GridLikelihood.of(single.take(np.flatnonzero(items.dimension == d)), points[d])
                for d in range(len(prior))
            ),
        )

    def log_likelihood(self, matrix: ResponseMatrix, items: ItemParameters) -> FloatArray:
        """ln L_d on the grid, its maximum 0; shape (persons, dimensions, points)."""
        height = np.empty((len(matrix), *self.points.shape))
        for d, table in enumerate(self.tables):
            height[:, d] = table.log_likelihood(
                matrix.columns(np.flatnonzero(items.dimension == d))
            )
        height -= height.max(axis=2, keepdims=True)
        return height


def propagate(
    heights: FloatArray, points: FloatArray, prior: MultivariatePrior
) -> tuple[FloatArray, FloatArray, NDArray[np.bool_]]:
    """Mean, covariance and whether the factors settled, by expectation propagation.

    `heights`, shape (persons, dimensions, points): ln L_d on the `points` (dimensions, points).
    """
    persons, dimensions, _ = heights.shape
    each = np.arange(dimensions)
    least = LEAST_PRECISION * np.linalg.eigvalsh(prior.precision)[0]
    precision, shift = np.zeros((persons, dimensions)), np.zeros((persons, dimensions))
    theta = np.tile(prior.mean, (persons, 1))
    covariance = np.tile(prior.covariance, (persons, 1, 1))
    is_active = np.ones(persons, dtype=bool)
    for _ in range(MAX_ITERATIONS):
        variance = covariance[is_active][:, each, each]
        rest_precision = 1.0 / variance - precision[is_active]
        rest_shift = theta[is_active] / variance - shift[is_active]
        mean, spread = _moments(heights[is_active], points, rest_precision, rest_shift)
        new_precision = np.maximum(1.0 / spread - rest_precision, least)
        precision[is_active] = new_precision
        shift[is_active] = (new_precision + rest_precision) * mean - rest_shift
        total = np.tile(prior.precision, (int(is_active.sum()), 1, 1))
        total[:, each, each] += new_precision
        inverse = np.linalg.inv(total)
        moved = (inverse @ (prior.precision @ prior.mean + shift[is_active])[..., None])[..., 0]
        change = np.abs(moved - theta[is_active]).max(axis=1)
        change += np.abs(inverse[:, each, each] - variance).max(axis=1)
        theta[is_active], covariance[is_active] = moved, inverse
        is_active[is_active] = change > TOLERANCE
        if not is_active.any():
            break
    return theta, covariance, ~is_active


def _moments(
    heights: FloatArray, points: FloatArray, precision: FloatArray, shift: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Mean and variance of L_d times a normal factor, each of shape (persons, dimensions)."""
    joint = heights - (0.5 * precision[..., None] * points - shift[..., None]) * points
    joint -= joint.max(axis=2, keepdims=True)
    np.exp(joint, out=joint)
    total = joint.sum(axis=2)
    mean = np.einsum("pdq,dq->pd", joint, points) / total
    square = np.einsum("pdq,dq->pd", joint, points**2) / total
    return mean, np.asarray(square - mean**2)
