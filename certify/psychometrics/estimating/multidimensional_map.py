"""Posterior mode in several dimensions, all persons at once, by Newton's method.

The height sum_i ln P_i(x_i | theta) - (theta - mu)' S^-1 (theta - mu) / 2 is climbed with its exact
gradient and Hessian. With one dimension per item (between-item) the likelihood adds to the
diagonal of the Hessian only; with `loadings` an item may measure several (within-item,
compensatory). A step is halved while it would go downhill; where the likelihood is not concave
(guessing) and the Newton direction points down, the step leaves out the cells that bend upwards.
Several local modes are possible with guessing; the one uphill of the prior mean is returned.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from certify.psychometrics.estimating.multidimensional import (
    MultidimensionalEstimate,
    MultivariatePrior,
    converged_flags,
)
from certify.psychometrics.irt import log_response_probability_at, response_ratios_at
from certify.psychometrics.item_parameters import FloatArray, ItemParameters
from certify.psychometrics.responses import ResponseMatrix, checked

TOLERANCE = 1e-9
MAX_ITERATIONS = 100
SMALLEST_STEP = 1e-6
"""A step halved below this share is given up: rounding hides any further rise."""


@dataclass(frozen=True)
class _Cells:
    """The administered cells as one long list, so that persons may have different items."""

    person: NDArray[np.intp]
    category: FloatArray
    items: ItemParameters
    loadings: FloatArray | None

    def of_persons(self, is_active: NDArray[np.bool_]) -> "_Cells":
        """The cells of some persons, who are counted anew from 0."""
        chosen = is_active[self.person]
        position = np.cumsum(is_active) - 1
        return _Cells(
            position[self.person[chosen]],
            self.category[chosen],
            self.items.take(np.flatnonzero(chosen)),
            None if self.loadings is None else self.loadings[chosen],
        )

    def abilities(self, theta: FloatArray) -> FloatArray:
        """The ability that each cell's item meets."""
        if self.loadings is None:
            return theta[self.person, self.items.dimension]
        return np.asarray((theta[self.person] * self.loadings).sum(axis=1))

    def gradient(self, slope: FloatArray, persons: int, dimensions: int) -> FloatArray:
        """Sums of the cells' slopes, shape (persons, dimensions)."""
        if self.loadings is None:
            place = self.person * dimensions + self.items.dimension
            sums = np.bincount(place, slope, persons * dimensions)
            return np.asarray(sums, dtype=np.float64).reshape(persons, dimensions)
        return np.stack(
            [
                np.bincount(self.person, slope * self.loadings[:, d], persons)
                for d in range(dimensions)
            ],
            axis=1,
        )

    def hessian(self, bend: FloatArray, persons: int, dimensions: int) -> FloatArray:
        """Sums of the cells' curvatures, shape (persons, dimensions, dimensions)."""
        total = np.zeros((persons, dimensions, dimensions))
        each = np.arange(dimensions)
        if self.loadings is None:
            total[:, each, each] = self.gradient(bend, persons, dimensions)
            return total
        for d in range(dimensions):
            total[:, d] = self.gradient(bend * self.loadings[:, d], persons, dimensions)
        return total


@dataclass(frozen=True)
class _Climb:
    """Height, slope and downward curvature of the log posterior at one theta per person."""

    height: FloatArray
    gradient: FloatArray
    curvature: FloatArray
    bend: FloatArray

    @classmethod
    def at(cls, theta: FloatArray, cells: _Cells, prior: MultivariatePrior) -> "_Climb":
        persons, dimensions = theta.shape
        met = cells.abilities(theta)
        first, second = response_ratios_at(cells.category, met, cells.items)
        bend = first**2 - second
        log_p = log_response_probability_at(cells.category, met, cells.items)
        deviation = theta - prior.mean
        pull = deviation @ prior.precision
        return cls(
            np.bincount(cells.person, log_p, persons) - 0.5 * (pull * deviation).sum(axis=1),
            cells.gradient(first, persons, dimensions) - pull,
            cells.hessian(bend, persons, dimensions) + prior.precision,
            bend,
        )

    def direction(self, cells: _Cells, prior: MultivariatePrior) -> FloatArray:
        """Newton's step, or a rising one where that points downhill."""
        step = np.linalg.solve(self.curvature, self.gradient[..., None])[..., 0]
        falls = (step * self.gradient).sum(axis=1) < 0
        if falls.any():
            shape = self.gradient.shape
            safe = cells.hessian(np.maximum(self.bend, 0.0), *shape) + prior.precision
            step[falls] = np.linalg.solve(safe[falls], self.gradient[falls, :, None])[..., 0]
        return np.asarray(step)


def maximum_a_posteriori(
    responses: ArrayLike,
    items: ItemParameters,
    prior: MultivariatePrior,
    *,
    loadings: ArrayLike | None = None,
) -> MultidimensionalEstimate:
    """Posterior mode of each row of `responses`, shape (persons, n_items), NaN: not administered.

    The covariance is the inverse of minus the exact Hessian at the mode. Finite for every pattern;
    without a response it is the prior. `loadings`, shape (n_items, dimensions), replaces the one
    dimension of each item: the item meets the ability loadings @ theta, so with a = 1 and b = -d
    the logit is loadings @ theta + d. Raises ValueError for responses, dimensions or loadings that
    do not fit.
    """
    matrix = checked(responses, items)
    cells = _cells(matrix, items, _checked_loadings(loadings, items, prior))
    theta = np.tile(prior.mean, (len(matrix), 1))
    is_active = np.ones(len(matrix), dtype=bool)
    active_cells = cells
    climb = _Climb.at(theta, cells, prior)
    for _ in range(MAX_ITERATIONS):
        step = climb.direction(active_cells, prior)
        moved, climb = _ascend(theta[is_active], step, climb, active_cells, prior)
        goes_on = np.abs(moved - theta[is_active]).max(axis=1, initial=0.0) > TOLERANCE
        theta[is_active] = moved
        if not goes_on.all():
            is_active[is_active] = goes_on
            if not is_active.any():
                break
            active_cells = cells.of_persons(is_active)
            climb = _Climb.at(theta[is_active], active_cells, prior)
    curvature = _Climb.at(theta, cells, prior).curvature
    flags = converged_flags(matrix.answered(), ~is_active)
    return MultidimensionalEstimate(theta, np.asarray(np.linalg.inv(curvature)), flags)


def _ascend(
    theta: FloatArray,
    step: FloatArray,
    climb: _Climb,
    cells: _Cells,
    prior: MultivariatePrior,
) -> tuple[FloatArray, _Climb]:
    """Go along `step`, halving it for the persons who would end lower."""
    share = np.ones(len(theta))
    slack = 1e-12 * (1.0 + np.abs(climb.height))
    while True:
        moved = theta + share[:, None] * step
        reached = _Climb.at(moved, cells, prior)
        lower = (reached.height < climb.height - slack) & (share > 0)
        if not lower.any():
            return moved, reached
        share[lower] *= 0.5
        share[share < SMALLEST_STEP] = 0.0


def _cells(matrix: ResponseMatrix, items: ItemParameters, loadings: FloatArray | None) -> _Cells:
    if matrix.observed is None:
        person, item = (index.ravel() for index in np.indices(matrix.values.shape))
    else:
        person, item = np.nonzero(matrix.observed)
    return _Cells(
        person,
        matrix.values[person, item],
        items.take(item),
        None if loadings is None else loadings[item],
    )


def _checked_loadings(
    loadings: ArrayLike | None, items: ItemParameters, prior: MultivariatePrior
) -> FloatArray | None:
    if loadings is None:
        if items.n_dimensions != len(prior):
            raise ValueError(
                f"expected a prior of {items.n_dimensions} dimensions, found {len(prior)}"
            )
        return None
    table = np.asarray(loadings, dtype=np.float64)
    if table.shape != (len(items), len(prior)) or not np.isfinite(table).all():
        raise ValueError(
            f"expected finite loadings of shape {(len(items), len(prior))}, found {table.shape}"
        )
    return table
