"""What an item adds in several correlated dimensions: the posterior D-rule and composites.

With W the information of an item per squared loading, its information matrix is W a a', and by the
matrix determinant lemma |M + W a a'| = |M| (1 + W a' M^-1 a): one product of a precomputed table of
a (x) a with the posterior covariances M^-1 gives the rule for all items and persons. Segall (1996),
Psychometrika 61:331-354 (posterior D-rule); van der Linden (1999), Journal of Educational and
Behavioral Statistics 24:398-412 (composites). Dichotomous items; the abilities themselves are
followed by `multidimensional_tracking`.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from certify.psychometrics.item_parameters import FloatArray, ItemParameters

STEEPEST = 700.0
"""Logits are cut off here; exp(700) is finite and its reciprocal a normal number."""
BLOCK_CELLS = 32768
"""Persons x items worked on at once: the arrays stay in the processor's cache."""


@dataclass(frozen=True)
class LoadedItems:
    """Dichotomous items with logit = slopes theta + intercept; P = c + (d - c) logistic.

    `slopes`, shape (n_items, dimensions); `intercept`, `c`, `d`, shape (n_items,).
    """

    slopes: FloatArray
    intercept: FloatArray
    c: FloatArray
    d: FloatArray

    @classmethod
    def of(cls, items: ItemParameters, loadings: ArrayLike | None = None) -> "LoadedItems":
        """From a bank of one dimension per item, or one dimension and a table of loadings.

        With `loadings`, shape (n_items, dimensions), an item meets the ability loadings @ theta,
        as in `multidimensional_map`. Raises ValueError for items with thresholds or loadings that
        do not fit.
        """
        if not items.is_dichotomous:
            raise ValueError("expected dichotomous items, found one with thresholds")
        if loadings is None:
            table = np.zeros((len(items), items.n_dimensions))
            table[np.arange(len(items)), items.dimension] = 1.0
        else:
            table = np.asarray(loadings, dtype=np.float64)
            if table.ndim != 2 or len(table) != len(items) or not np.isfinite(table).all():
                raise ValueError(
                    f"expected finite loadings of {len(items)} items, found shape {table.shape}"
                )
        return cls(items.a[:, None] * table, -items.a * items.b, items.c, items.d)

    def __len__(self) -> int:
        """Number of items."""
        return len(self.intercept)

    @property
    def n_dimensions(self) -> int:
        """Number of dimensions."""
        return int(self.slopes.shape[1])

    @cached_property
    def has_asymptotes(self) -> bool:
        """Whether any c is above 0 or any d below 1."""
        return bool(self.c.any() or (self.d != 1.0).any())

    @cached_property
    def _products(self) -> tuple[NDArray[np.intp], NDArray[np.intp], FloatArray]:
        """Pairs of dimensions r <= s, and a_r a_s (doubled off the diagonal) of each item."""
        first, second = np.triu_indices(self.n_dimensions)
        table = self.slopes[:, first] * self.slopes[:, second] * np.where(first == second, 1, 2)
        # items of one dimension each leave all pairs of different dimensions empty
        is_used = table.any(axis=0)
        return first[is_used], second[is_used], np.ascontiguousarray(table[:, is_used].T)

    def quadratic_forms(self, matrices: FloatArray) -> FloatArray:
        """a' M a of each item, for symmetric M of shape (..., dims, dims); (..., n_items)."""
        first, second, products = self._products
        return np.asarray(matrices[..., first, second] @ products)

    def information_weights(self, theta: FloatArray) -> FloatArray:
        """W with information W a a', shape (..., n_items) for theta (..., dims); never negative.

        W = ((d - c) L (1 - L))^2 / (P Q) with the logistic L.
        """
        logit = theta @ self._slopes_t
        logit += self.intercept
        return self._weights_at(logit)

    @cached_property
    def _slopes_t(self) -> FloatArray:
        return np.ascontiguousarray(self.slopes.T)

    def _weights_at(self, logit: FloatArray) -> FloatArray:
        """`logit` is worked in."""
        np.clip(logit, -STEEPEST, STEEPEST, out=logit)
        np.negative(logit, out=logit)
        rest = np.exp(logit, out=logit)
        core = 1.0 + rest
        np.reciprocal(core, out=core)
        rest *= core
        weight = core * rest
        if self.has_asymptotes:
            width = self._width
            # core and P, or rest and Q, vanish together; after the cut-off neither is 0
            weight *= width * core / (self.c + width * core)
            weight *= width * rest / ((1.0 - self.d) + width * rest)
        return weight

    @cached_property
    def _width(self) -> FloatArray:
        return np.asarray(self.d - self.c)


def d_gains(items: LoadedItems, theta: FloatArray, covariance: FloatArray) -> FloatArray:
    """W a' S a: the item multiplies the determinant of the posterior precision by one plus this.

    `theta`, shape (dims,) or (persons, dims); `covariance` S with one axis more. The result has
    the shape (n_items,) or (persons, n_items) and is never negative.
    """
    if theta.ndim == 1:
        return np.asarray(items.information_weights(theta) * items.quadratic_forms(covariance))
    gains = np.empty((len(theta), len(items)))
    step = max(1, BLOCK_CELLS // len(items))
    for start in range(0, len(theta), step):
        rows = slice(start, start + step)
        np.multiply(
            items.information_weights(theta[rows]),
            items.quadratic_forms(covariance[rows]),
            out=gains[rows],
        )
    return gains


def determinants(items: LoadedItems, theta: FloatArray, matrix: FloatArray) -> FloatArray:
    """|M + W a a'| for each item, shape (n_items,); M may be singular.

    With M the information so far this is the D-rule, with the prior's precision added the
    posterior D-rule. |M + W a a'| = |M| + W a' adj(M) a.
    """
    value, vector = np.linalg.eigh(matrix)
    others = np.array([np.prod(np.delete(value, at)) for at in range(len(value))])
    adjugate = (vector * others) @ vector.T
    gain = items.information_weights(theta) * items.quadratic_forms(adjugate)
    return np.asarray(np.prod(value) + gain)


def composite_gains(
    items: LoadedItems, theta: FloatArray, covariance: FloatArray, weights: ArrayLike
) -> FloatArray:
    """By how much each item lowers the posterior variance of w'theta; never negative.

    W (a' S w)^2 / (1 + W a' S a) (Sherman & Morrison 1950), shapes as in `d_gains`.
    """
    w = np.asarray(weights, dtype=np.float64)
    information = items.information_weights(theta)
    towards = (covariance @ w) @ items.slopes.T
    return np.asarray(
        information * towards**2 / (1.0 + information * items.quadratic_forms(covariance))
    )


def nearest_cut_point(
    theta: FloatArray, covariance: FloatArray, weights: ArrayLike, cuts: ArrayLike
) -> FloatArray:
    """The likeliest abilities with the composite w'theta at the nearest cut; shape of `theta`.

    theta + S w (cut - w'theta) / (w'S w), the posterior's regression on the composite. Give it to
    `composite_gains` in place of theta for the information that decides about the cut.
    """
    w, levels = np.asarray(weights, dtype=np.float64), np.asarray(cuts, dtype=np.float64)
    composite = theta @ w
    nearest = levels[np.abs(levels - composite[..., None]).argmin(axis=-1)]
    direction = covariance @ w
    share = (nearest - composite) / (direction @ w)
    return np.asarray(theta + direction * share[..., None])
