"""The posterior of an ability during an exam: one row of a table added per response.

The same estimate as `ability.eap` after the same responses, up to rounding, at the price of one
response instead of all. For one person or for many in lock-step.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from certify.psychometrics.ability import AbilityGrid
from certify.psychometrics.irt import log_category_probabilities
from certify.psychometrics.item_parameters import FloatArray, ItemParameters


@dataclass(frozen=True)
class ResponseTable:
    """`log_p`, shape (n_items, categories, points): ln P_k of the bank on the grid.

    A running posterior is an array (..., points) of logarithms, known up to a constant. It starts
    as `prior` and is never changed in place.
    """

    points: FloatArray
    prior: FloatArray
    log_p: FloatArray
    powers: FloatArray

    @classmethod
    def of(cls, items: ItemParameters, grid: AbilityGrid) -> "ResponseTable":
        """The table of a unidimensional bank."""
        if items.n_dimensions > 1:
            raise ValueError(f"expected items of one dimension, found {items.n_dimensions}")
        weights = grid.weights
        prior = np.log(weights, out=np.full_like(weights, -np.inf), where=weights > 0)
        table = np.moveaxis(log_category_probabilities(grid.points, items), 0, -1)
        powers = np.vander(grid.points, 3, increasing=True)
        return cls(grid.points, prior, np.ascontiguousarray(table), powers)

    def after(
        self,
        posterior: FloatArray,
        item: int | NDArray[np.intp],
        category: int | NDArray[np.intp],
    ) -> FloatArray:
        """The posterior after one more response each: `item`, `category` numbers or (persons,)."""
        return np.asarray(posterior + self.log_p[item, category])

    def weights(self, posterior: FloatArray) -> FloatArray:
        """Probabilities of the points, summing to one."""
        density = np.exp(posterior - posterior.max(axis=-1, keepdims=True))
        return np.asarray(density / density.sum(axis=-1, keepdims=True))

    def estimate(self, posterior: FloatArray) -> tuple[FloatArray, FloatArray]:
        """EAP and posterior standard deviation, shape (...) each."""
        moments = np.exp(posterior - posterior.max(axis=-1, keepdims=True)) @ self.powers
        theta = moments[..., 1] / moments[..., 0]
        variance = moments[..., 2] / moments[..., 0] - theta * theta
        return theta, np.sqrt(np.maximum(variance, 0.0))


def interval_weights(points: FloatArray, theta: ArrayLike, half_width: ArrayLike) -> FloatArray:
    """1 within theta +- half_width, else 0: the weights of Chang & Ying's global information.

    Their half width is d / sqrt(number of responses). `theta` and `half_width` of shape (persons,)
    or numbers; the result (persons, points) or (points,).
    """
    distance = np.abs(points - np.asarray(theta, dtype=np.float64)[..., None])
    reach = np.asarray(half_width, dtype=np.float64)[..., None]
    return np.asarray(distance <= reach, dtype=np.float64)
