"""Log-likelihood of response patterns on a grid of abilities, by matrix products.

For the category x of an item, ln P_x = ln P_0 + (ln P_x - ln P_0): the first term adds up to one
row for all complete patterns, the second is one product per category above 0. In the 1PL and 2PL
ln P_1 - ln P_0 is the logit a theta - a b, so each person's sums of a and a b suffice and the
product has rank two: a fraction of the work of a full one.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from certify.psychometrics.irt import log_category_probabilities, log_probability
from certify.psychometrics.item_parameters import FloatArray, ItemParameters
from certify.psychometrics.responses import ResponseMatrix


@dataclass(frozen=True)
class Gain:
    """ln P_k - ln P_0 for one category k of the items in `having` (None: of all items, k = 1).

    The table, shape (items, points), is `left`, or `left @ right` where it has low rank.
    """

    having: NDArray[np.intp] | None
    left: FloatArray
    right: FloatArray | None

    def sums(self, values: FloatArray, category: int) -> FloatArray:
        """What the responses in this category add to each person, shape (persons, points)."""
        if self.having is None:
            chosen = values
        else:
            chosen = (values[:, self.having] == category).astype(np.float64)
        product = chosen @ self.left
        return np.asarray(product if self.right is None else product @ self.right)


@dataclass(frozen=True)
class GridLikelihood:
    """`lowest`, shape (items, points): ln P_0; `gains` for each category 1, 2, ..."""

    lowest: FloatArray
    gains: tuple["Gain", ...]

    @classmethod
    def of(cls, items: ItemParameters, points: FloatArray) -> "GridLikelihood":
        """Tables of `items` at `points`. Raises ValueError for items of several dimensions."""
        if items.n_dimensions > 1:
            raise ValueError(
                f"expected items of one dimension, found {items.n_dimensions}: use "
                "`multidimensional`, or `on_one_dimension()` for one common ability"
            )
        if items.is_dichotomous:
            right, wrong = log_probability(points, items)
            if items.has_asymptotes:
                return cls(wrong.T, (Gain(None, (right - wrong).T, None),))
            sums = np.stack([items.a, items.a * items.b], axis=1)
            return cls(wrong.T, (Gain(None, sums, np.stack([points, -np.ones_like(points)])),))
        log_p = np.moveaxis(log_category_probabilities(points, items), 0, -1)
        gains = []
        for category in range(1, items.n_categories):
            having = np.flatnonzero(items.max_category >= category)
            gains.append(Gain(having, log_p[having, category] - log_p[having, 0], None))
        return cls(log_p[:, 0], tuple(gains))

    def log_likelihood(self, matrix: ResponseMatrix) -> FloatArray:
        """ln L of each person at each point, shape (persons, points)."""
        total = self.gains[0].sums(matrix.values, 1)
        for category, gain in enumerate(self.gains[1:], start=2):
            total += gain.sums(matrix.values, category)
        if matrix.observed is None:
            total += self.lowest.sum(axis=0)
        else:
            total += matrix.observed.astype(np.float64) @ self.lowest
        return total
