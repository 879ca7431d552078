"""What every model gives for each category, in a form that never divides zero by zero."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

STEEPEST = 700.0
"""Logits are cut off here: exp(-700) is still a normal number, so ratios keep their digits."""


@dataclass(frozen=True)
class CategoryCurves:
    """Category response functions P_k(theta), each array of shape (..., n_items, categories).

    `log_p` is ln P_k; `first`, `second` and `third` are P_k'/P_k, P_k''/P_k and P_k'''/P_k, with
    derivatives in theta. Categories that an item does not have carry ln P = -inf and ratios 0.
    """

    log_p: FloatArray
    first: FloatArray
    second: FloatArray
    third: FloatArray

    @cached_property
    def p(self) -> FloatArray:
        """P_k."""
        return np.asarray(np.exp(self.log_p))

    def information(self) -> FloatArray:
        """Expected information of each item, I = sum_k P_k'^2 / P_k; shape (..., n_items)."""
        return np.asarray((self.p * self.first**2).sum(axis=-1))

    def information_slope(self) -> FloatArray:
        """dI/dtheta; shape (..., n_items)."""
        return np.asarray((self.p * self.first * (2.0 * self.second - self.first**2)).sum(axis=-1))

    def information_curvature(self) -> FloatArray:
        """d2I/dtheta2; shape (..., n_items)."""
        inner = (
            2.0 * self.second**2
            + 2.0 * self.first * self.third
            - 5.0 * self.first**2 * self.second
            + 2.0 * self.first**4
        )
        return np.asarray((self.p * inner).sum(axis=-1))

    def bias_numerator(self) -> FloatArray:
        """Warm's J = sum_k P_k' P_k'' / P_k; shape (..., n_items).

        Warm (1989), Psychometrika 54:427-450, eq. 11; Samejima (1993), ONR 93-2, for categories.
        """
        return np.asarray((self.p * self.first * self.second).sum(axis=-1))

    def bias_numerator_slope(self) -> FloatArray:
        """dJ/dtheta; shape (..., n_items)."""
        inner = self.second**2 + self.first * self.third - self.first**2 * self.second
        return np.asarray((self.p * inner).sum(axis=-1))


def from_log_derivatives(
    log_p: FloatArray, first: FloatArray, second: FloatArray, third: FloatArray
) -> CategoryCurves:
    """Curves from ln P and its own three derivatives."""
    return CategoryCurves(
        log_p,
        first,
        second + first**2,
        third + 3.0 * first * second + first**3,
    )


def logistic(x: FloatArray) -> FloatArray:
    """1 / (1 + exp(-x)) without overflow."""
    decay = np.exp(-np.abs(x))
    return np.asarray(np.where(x >= 0, 1.0, decay) / (1.0 + decay))


def log_logistic(x: FloatArray) -> FloatArray:
    """ln(1 / (1 + exp(-x))), exact to the last digits on both sides."""
    return np.asarray(np.minimum(x, 0.0) - np.log1p(np.exp(-np.abs(x))))
