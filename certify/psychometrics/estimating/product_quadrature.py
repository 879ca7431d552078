"""Moments of a posterior in two or three dimensions on the full product grid.

The joint density at a grid point is K[i, j, ...] L_1[i] L_2[j] ..., with K the prior there and L_d
the likelihood of the items of dimension d. It is never formed: K is contracted with one L_d after
the other, by matrix products. Equally spaced points over a smooth density that vanishes at the
ends converge faster than any power of the spacing, so this is the exact answer as long as the
posterior is not narrower than the spacing.
"""

from itertools import product

import numpy as np
from numpy.typing import NDArray

from certify.psychometrics.item_parameters import FloatArray


def prior_on_grid(points: FloatArray, mean: FloatArray, precision: FloatArray) -> FloatArray:
    """Density of N(mean, 1 / precision) up to a constant; `points` (dimensions, points each)."""
    axes = np.meshgrid(*(points - mean[:, None]), indexing="ij")
    deviation = np.stack(axes, axis=-1)
    return np.asarray(np.exp(-0.5 * ((deviation @ precision) * deviation).sum(axis=-1)))


def moments(
    likelihood: FloatArray, points: FloatArray, prior: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Posterior mean, shape (persons, dimensions), and covariance (persons, dims, dims).

    `likelihood`, shape (persons, dimensions, points); `prior` as from `prior_on_grid`.
    """
    dimensions = len(points)
    sums = _power_sums(likelihood, points, prior)
    unit = np.eye(dimensions, dtype=np.intp)
    total = sums[(0,) * dimensions]
    theta = np.stack([sums[_key(unit[d])] / total for d in range(dimensions)], axis=1)
    covariance = np.empty((*theta.shape, dimensions))
    for d, e in product(range(dimensions), repeat=2):
        covariance[:, d, e] = sums[_key(unit[d] + unit[e])] / total - theta[:, d] * theta[:, e]
    return theta, covariance


def _power_sums(
    likelihood: FloatArray, points: FloatArray, prior: FloatArray
) -> dict[tuple[int, ...], FloatArray]:
    """Sums of theta_1^e1 theta_2^e2 ... over the posterior, for exponents adding up to <= 2."""
    persons, dimensions, count = likelihood.shape
    parts: dict[tuple[int, ...], FloatArray] = {}
    table = prior.reshape(-1, count).T
    last = likelihood[:, -1]
    for power in range(3):
        parts[(power,)] = (last * points[-1] ** power) @ table
    for d in range(dimensions - 2, -1, -1):
        contracted: dict[tuple[int, ...], FloatArray] = {}
        for powers, part in parts.items():
            folded = part.reshape(persons, -1, count)
            for power in range(3 - sum(powers)):
                weights = likelihood[:, d] * points[d] ** power
                contracted[(power, *powers)] = (folded @ weights[..., None])[..., 0]
        parts = contracted
    return {powers: part[:, 0] for powers, part in parts.items()}


def _key(powers: NDArray[np.intp]) -> tuple[int, ...]:
    return tuple(int(power) for power in powers)
