"""Ability on a grid: expected a posteriori (EAP) and the posterior itself, for any mixed bank.

Bock & Mislevy (1982), Applied Psychological Measurement 6:431-444. The standard error is the
posterior standard deviation. A missing response (NaN) counts as not administered. Modes of the
likelihood are in `ability_modes`, sum scores in `sum_scores`, several dimensions in
`multidimensional`.
"""

from dataclasses import dataclass
from enum import IntFlag

import numpy as np
from numpy.typing import ArrayLike, NDArray

from certify.psychometrics.item_parameters import FloatArray, ItemParameters
from certify.psychometrics.likelihood import GridLikelihood
from certify.psychometrics.responses import ResponseMatrix, checked

BLOCK = 1024
"""Persons worked on at once: their likelihoods on the grid fit into the processor's cache."""
SMALLEST_TOTAL = 1e-200
"""Below this a posterior may have lost terms to underflow and is computed again, scaled."""


@dataclass(frozen=True)
class AbilityGrid:
    """Quadrature points and prior weights (summing to one), each of shape (points,)."""

    points: FloatArray
    weights: FloatArray

    @classmethod
    def normal(
        cls,
        mean: float = 0.0,
        sd: float = 1.0,
        *,
        lower: float = -6.0,
        upper: float = 6.0,
        count: int = 61,
    ) -> "AbilityGrid":
        """A grid for the prior N(mean, sd^2). Raises ValueError for an unusable grid."""
        if not (sd > 0 and lower < upper and count >= 2):
            raise ValueError(f"unusable grid: sd {sd}, bounds {lower} to {upper}, {count} points")
        points = np.linspace(lower, upper, count)
        density = np.exp(-0.5 * ((points - mean) / sd) ** 2)
        return cls(points, density / density.sum())

    @classmethod
    def of(cls, points: ArrayLike, density: ArrayLike) -> "AbilityGrid":
        """A grid for any prior, from its density at the points by the trapezoidal rule.

        The density need not integrate to one. Raises ValueError unless the points rise and the
        densities are finite, not negative, and somewhere positive.
        """
        at = np.asarray(points, dtype=np.float64)
        height = np.asarray(density, dtype=np.float64)
        if at.ndim != 1 or at.shape != height.shape or len(at) < 2 or not np.all(np.diff(at) > 0):
            raise ValueError(
                f"unusable grid: expected rising points and as many densities, "
                f"found shapes {at.shape} and {height.shape}"
            )
        if not (np.isfinite(height).all() and (height >= 0).all() and height.any()):
            raise ValueError("unusable grid: expected densities that are finite and not negative")
        width = np.diff(at)
        area = height * (np.append(width, 0.0) + np.append(0.0, width))
        return cls(at, area / area.sum())


class AbilityFlag(IntFlag):
    """What to know about an estimate; several may hold at once."""

    NONE = 0
    NO_RESPONSES = 1
    """No item administered: the prior, or NaN where there is none."""
    ALL_LOWEST = 2
    """Lowest category on every administered item: without a prior there is no finite ML."""
    ALL_HIGHEST = 4
    """Highest category on every administered item."""
    AT_BOUND = 8
    """The mode lies at or beyond the bounds that were given; theta is the bound."""
    INFINITE = 16
    """The likelihood rises for ever; theta is -inf or inf, and there is no standard error."""
    NOT_CONVERGED = 32
    """The search stopped before its tolerance was reached."""


@dataclass(frozen=True)
class AbilityEstimate:
    """`theta` and `se` (NaN where there is none), and `flags` (codes of `AbilityFlag`).

    Each array has shape (persons,).
    """

    theta: FloatArray
    se: FloatArray
    flags: NDArray[np.uint8]

    def has(self, flag: AbilityFlag) -> NDArray[np.bool_]:
        """Which persons carry the flag."""
        return np.asarray((self.flags & np.uint8(flag)) != 0)


def eap(responses: ArrayLike, items: ItemParameters, grid: AbilityGrid) -> AbilityEstimate:
    """Posterior mean and standard deviation of each row of `responses`, shape (persons, n_items).

    Categories 0..k, NaN for not administered. With no response at all the estimate is the prior's.
    Raises ValueError for another shape, another value, or items of several dimensions.
    """
    matrix = checked(responses, items)
    likelihood = GridLikelihood.of(items, grid.points)
    moments = np.empty((len(matrix), 3))
    powers = grid.weights[:, None] * np.vander(grid.points, 3, increasing=True)
    for start in range(0, len(matrix), BLOCK):
        rows = slice(start, start + BLOCK)
        joint = likelihood.log_likelihood(matrix.rows(rows))
        np.matmul(np.exp(joint, out=joint), powers, out=moments[rows])
    small = np.flatnonzero(~(moments[:, 0] > SMALLEST_TOTAL))
    if len(small):
        moments[small] = _scaled(likelihood.log_likelihood(matrix.rows(small)), grid) @ powers
    theta = moments[:, 1] / moments[:, 0]
    variance = moments[:, 2] / moments[:, 0] - theta**2
    return AbilityEstimate(theta, np.sqrt(np.maximum(variance, 0.0)), pattern_flags(matrix, items))


def posterior(responses: ArrayLike, items: ItemParameters, grid: AbilityGrid) -> FloatArray:
    """Posterior weights on the grid, shape (persons, points), each row summing to one."""
    matrix = checked(responses, items)
    likelihood = GridLikelihood.of(items, grid.points)
    joint = _scaled(likelihood.log_likelihood(matrix), grid) * grid.weights
    return np.asarray(joint / joint.sum(axis=1, keepdims=True))


def pattern_flags(matrix: ResponseMatrix, items: ItemParameters) -> NDArray[np.uint8]:
    """NO_RESPONSES, ALL_LOWEST and ALL_HIGHEST of each person."""
    raw = matrix.raw_scores()
    is_empty = matrix.answered() == 0
    lowest = (raw == 0) & ~is_empty
    highest = (raw == matrix.highest_scores(items)) & ~is_empty
    return np.asarray(
        is_empty * np.uint8(AbilityFlag.NO_RESPONSES)
        + lowest * np.uint8(AbilityFlag.ALL_LOWEST)
        + highest * np.uint8(AbilityFlag.ALL_HIGHEST),
        dtype=np.uint8,
    )


def _scaled(log_likelihood: FloatArray, grid: AbilityGrid) -> FloatArray:
    """Likelihoods divided by their largest value where the prior has any weight."""
    is_possible = grid.weights > 0
    top = log_likelihood[:, is_possible].max(axis=1, keepdims=True)
    return np.asarray(np.exp(np.minimum(log_likelihood - top, 0.0)))
