"""Expected a posteriori ability (EAP) with a normal prior on an equally spaced grid.

Bock & Mislevy (1982), Applied Psychological Measurement 6:431-444. The standard error is the
posterior standard deviation. A response that is missing (NaN) counts as not administered.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from certify.psychometrics.irt import FloatArray, ItemParameters, log_probability


@dataclass(frozen=True)
class AbilityGrid:
    """Quadrature points and normal prior weights (summing to one), each of shape (points,)."""

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


@dataclass(frozen=True)
class AbilityEstimate:
    """`theta` and `se`, shape (persons,); `posterior`, shape (persons, points)."""

    theta: FloatArray
    se: FloatArray
    posterior: FloatArray


def eap(responses: ArrayLike, items: ItemParameters, grid: AbilityGrid) -> AbilityEstimate:
    """EAP of each row of `responses`, shape (persons, n_items), coded 1, 0 or NaN.

    With no response at all the estimate is the prior's. Raises ValueError for another shape or
    another value.
    """
    scored = np.asarray(responses, dtype=np.float64)
    if scored.ndim != 2 or scored.shape[1] != len(items):
        raise ValueError(
            f"expected responses of shape (persons, {len(items)}), found {scored.shape}"
        )
    missing = np.isnan(scored)
    if not np.all(missing | (scored == 0) | (scored == 1)):
        raise ValueError("expected responses coded 1, 0 or NaN")
    log_right, log_wrong = log_probability(grid.points, items)
    log_likelihood = (
        np.where(missing, 0.0, scored) @ log_right.T
        + np.where(missing, 0.0, 1.0 - scored) @ log_wrong.T
    )
    joint = np.exp(log_likelihood - log_likelihood.max(axis=1, keepdims=True)) * grid.weights
    posterior = joint / joint.sum(axis=1, keepdims=True)
    theta = posterior @ grid.points
    variance = np.sum(posterior * (grid.points - theta[:, None]) ** 2, axis=1)
    return AbilityEstimate(theta, np.sqrt(variance), posterior)
