"""What abilities in several correlated dimensions start from and end in: prior and estimate.

The estimates themselves are in `multidimensional_map` (posterior mode) and `multidimensional_eap`
(posterior mean). Segall (1996), Psychometrika 61:331-354, for the correlated normal prior.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from certify.psychometrics.ability import AbilityEstimate, AbilityFlag
from certify.psychometrics.item_parameters import FloatArray


@dataclass(frozen=True)
class MultivariatePrior:
    """N(mean, covariance) of the abilities: shapes (dimensions,), (dimensions, dimensions)."""

    mean: FloatArray
    covariance: FloatArray

    def __post_init__(self) -> None:
        """Raise ValueError unless the covariance is symmetric and positive definite."""
        n = len(self.mean) if self.mean.ndim == 1 else -1
        if self.covariance.shape != (n, n):
            raise ValueError(
                f"expected a mean and a square covariance of one size, "
                f"found shapes {self.mean.shape} and {self.covariance.shape}"
            )
        is_symmetric = np.allclose(self.covariance, self.covariance.T, rtol=1e-10, atol=1e-12)
        if not (is_symmetric and np.linalg.eigvalsh(self.covariance).min() > 0):
            raise ValueError("expected a symmetric, positive definite covariance of the prior")

    @classmethod
    def of(cls, covariance: ArrayLike, mean: ArrayLike | None = None) -> "MultivariatePrior":
        """A prior from array-likes; the mean is 0 unless given."""
        spread = np.asarray(covariance, dtype=np.float64)
        centre = np.zeros(spread.shape[0]) if mean is None else np.asarray(mean, dtype=np.float64)
        return cls(centre, spread)

    def __len__(self) -> int:
        """Number of dimensions."""
        return len(self.mean)

    @cached_property
    def precision(self) -> FloatArray:
        """Inverse of the covariance."""
        return np.asarray(np.linalg.inv(self.covariance))


@dataclass(frozen=True)
class MultidimensionalEstimate:
    """`theta`, shape (persons, dimensions); posterior `covariance`, (persons, dims, dims).

    `flags`, shape (persons,): NO_RESPONSES and NOT_CONVERGED of `AbilityFlag`.
    """

    theta: FloatArray
    covariance: FloatArray
    flags: NDArray[np.uint8]

    @property
    def se(self) -> FloatArray:
        """Posterior standard deviation of each dimension, shape (persons, dimensions)."""
        return np.asarray(np.sqrt(np.diagonal(self.covariance, axis1=1, axis2=2)))

    def composite(self, weights: ArrayLike) -> AbilityEstimate:
        """w'theta and sqrt(w' covariance w), taken as they are: `weights` need not sum to one.

        Raises ValueError for another number of weights.
        """
        w = np.asarray(weights, dtype=np.float64)
        if w.shape != self.theta.shape[1:]:
            raise ValueError(
                f"expected {self.theta.shape[1]} weights, one per dimension, found shape {w.shape}"
            )
        return AbilityEstimate(
            self.theta @ w, np.sqrt((self.covariance @ w) @ w), self.flags.copy()
        )


def converged_flags(
    answered: NDArray[np.intp], is_converged: NDArray[np.bool_]
) -> NDArray[np.uint8]:
    """NO_RESPONSES and NOT_CONVERGED of each person."""
    return np.asarray(
        (answered == 0) * np.uint8(AbilityFlag.NO_RESPONSES)
        + ~is_converged * np.uint8(AbilityFlag.NOT_CONVERGED),
        dtype=np.uint8,
    )
