"""The three-parameter logistic model and its special cases (2PL: c = 0).

P(theta) = c + (1 - c) / (1 + exp(-a (theta - b))), logistic metric (D = 1). Birnbaum (1968),
in Lord & Novick, Statistical Theories of Mental Test Scores, chapters 17-20.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class ItemParameters:
    """Slopes a > 0, difficulties b and lower asymptotes 0 <= c < 1, each of shape (n_items,)."""

    a: FloatArray
    b: FloatArray
    c: FloatArray

    def __post_init__(self) -> None:
        """Raise ValueError, naming the first item at fault, for parameters out of range."""
        if not self.a.shape == self.b.shape == self.c.shape or self.a.ndim != 1:
            raise ValueError(
                f"expected three vectors of one length, found shapes "
                f"{self.a.shape}, {self.b.shape}, {self.c.shape}"
            )
        for name, vector, bad in (
            ("a > 0", self.a, ~(np.isfinite(self.a) & (self.a > 0))),
            ("finite b", self.b, ~np.isfinite(self.b)),
            ("0 <= c < 1", self.c, ~((self.c >= 0) & (self.c < 1))),
        ):
            if bad.any():
                at = int(np.argmax(bad))
                raise ValueError(f"item {at}: expected {name}, found {vector[at]}")

    @classmethod
    def of(cls, a: ArrayLike, b: ArrayLike, c: ArrayLike = 0.0) -> "ItemParameters":
        """Parameters from array-likes; `c` may be one number for all items."""
        slopes = np.atleast_1d(np.asarray(a, dtype=np.float64))
        difficulties = np.atleast_1d(np.asarray(b, dtype=np.float64))
        guessing = np.broadcast_to(np.asarray(c, dtype=np.float64), slopes.shape).copy()
        return cls(slopes, difficulties, guessing)

    def __len__(self) -> int:
        """Number of items."""
        return len(self.a)

    def take(self, indices: ArrayLike) -> "ItemParameters":
        """The parameters of some items, in the order of `indices`."""
        chosen = np.asarray(indices, dtype=np.intp)
        return ItemParameters(self.a[chosen], self.b[chosen], self.c[chosen])


def probability(theta: ArrayLike, items: ItemParameters) -> FloatArray:
    """P(right answer), shape theta.shape + (n_items,); stable for any finite theta."""
    logit = items.a * (np.asarray(theta, dtype=np.float64)[..., None] - items.b)
    return items.c + (1.0 - items.c) * _logistic(logit)


def information(theta: ArrayLike, items: ItemParameters) -> FloatArray:
    """Fisher information, shape theta.shape + (n_items,), never negative.

    I = a^2 (Q / P) ((P - c) / (1 - c))^2, Birnbaum's form for the 3PL (Lord 1980, eq. 4-43).
    """
    logit = items.a * (np.asarray(theta, dtype=np.float64)[..., None] - items.b)
    core = _logistic(logit)
    right = items.c + (1.0 - items.c) * core
    # Q = (1 - c)(1 - core), written so that it keeps its digits where core is close to 1
    wrong = (1.0 - items.c) * _logistic(-logit)
    # without guessing, core and P vanish together far below the item; their ratio is then 1
    ratio = np.divide(core, right, out=np.ones_like(core), where=right > 0)
    return np.asarray(items.a**2 * core * ratio * wrong)


def log_probability(theta: ArrayLike, items: ItemParameters) -> tuple[FloatArray, FloatArray]:
    """ln P and ln (1 - P), each of shape theta.shape + (n_items,); finite for any finite logit.

    Not the logarithms of `probability`: where that rounds to one, ln (1 - P) still counts.
    """
    logit = items.a * (np.asarray(theta, dtype=np.float64)[..., None] - items.b)
    log_guess = np.log(items.c, out=np.full_like(items.c, -np.inf), where=items.c > 0)
    log_rest = np.log1p(-items.c)
    log_right = np.logaddexp(log_guess, log_rest - np.logaddexp(0.0, -logit))
    return np.asarray(log_right), np.asarray(log_rest - np.logaddexp(0.0, logit))


def _logistic(x: FloatArray) -> FloatArray:
    """1 / (1 + exp(-x)) without overflow."""
    decay = np.exp(-np.abs(x))
    return np.asarray(np.where(x >= 0, 1.0, decay) / (1.0 + decay))
