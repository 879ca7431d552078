"""Criteria that look at the whole posterior instead of one point: Kullback-Leibler and MEPV.

Chang & Ying (1996), Applied Psychological Measurement 20:213-229 (Kullback-Leibler information,
here weighted by any function of ability); van der Linden (1998), Psychometrika 63:201-216 (minimum
expected posterior variance). Any mixture of models in one dimension; persons in batches. Both are
matrix products with tables that are made once per bank. Maximum information is `irt.information`.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from certify.psychometrics.irt import log_category_probabilities
from certify.psychometrics.item_parameters import FloatArray, ItemParameters


@dataclass(frozen=True)
class PosteriorCriteria:
    """`log_p`, shape (points, n_items, categories): ln P_k, 0 for categories not there; `p`: P_k.

    Every function takes `weights`, shape (persons, points) or (points,): the posterior, or for
    Kullback-Leibler the likelihood or an interval around the estimate. Results have the shape
    (persons, n_items) or (n_items,).
    """

    items: ItemParameters
    points: FloatArray
    log_p: FloatArray
    p: FloatArray

    @classmethod
    def of(cls, items: ItemParameters, points: ArrayLike) -> "PosteriorCriteria":
        """Tables of a unidimensional bank at `points`, shape (points,)."""
        if items.n_dimensions > 1:
            raise ValueError(f"expected items of one dimension, found {items.n_dimensions}")
        at = np.asarray(points, dtype=np.float64)
        log_p = log_category_probabilities(at, items)
        return cls(items, at, _finite(log_p), np.exp(log_p))

    def kullback_leibler(self, theta: ArrayLike, weights: ArrayLike) -> FloatArray:
        """sum_q w_q KL(theta || t_q), KL = sum_k P_k(theta) ln (P_k(theta) / P_k(t)); maximise it.

        `theta`, shape (persons,) or one number. Weights are taken as they are: times the width of
        the grid they make the integral.
        """
        w = self._checked(weights)
        log_p = log_category_probabilities(theta, self.items)
        mean_log = np.tensordot(w, self.log_p, axes=1)
        total = w.sum(axis=-1)[..., None, None]
        divergence = np.exp(log_p) * (total * _finite(log_p) - mean_log)
        # rounding may leave a divergence just below 0 where all curves are flat
        return np.asarray(np.maximum(divergence.sum(axis=-1), 0.0))

    def expected_posterior_variance(
        self, weights: ArrayLike, theta: ArrayLike | None = None
    ) -> FloatArray:
        """Posterior variance to expect after each item; minimise it.

        The responses are expected by the posterior itself (the predictive probabilities), or with
        `theta` given as at that ability, which is what catR does. Raises ValueError where the
        weights are all 0.
        """
        w = self._checked(weights)
        total = w.sum(axis=-1, keepdims=True)
        if not (total > 0).all():
            raise ValueError("expected weights with a positive sum")
        w = w / total
        # around the mean, the squares do not cancel
        mean = (w @ self.points)[..., None]
        centred = self.points - mean
        zeroth, first, second = (
            np.tensordot(w * power, self.p, axes=1)
            for power in (np.ones_like(centred), centred, centred**2)
        )
        ratio = np.divide(first, zeroth, out=np.zeros_like(first), where=zeroth > 0)
        if theta is None:
            return np.asarray((second - first * ratio).sum(axis=-1))
        variance = np.divide(second, zeroth, out=np.zeros_like(second), where=zeroth > 0) - ratio**2
        return np.asarray(
            (np.exp(log_category_probabilities(theta, self.items)) * variance).sum(axis=-1)
        )

    def _checked(self, weights: ArrayLike) -> FloatArray:
        w = np.asarray(weights, dtype=np.float64)
        if w.shape[-1:] != self.points.shape:
            raise ValueError(f"expected weights at {len(self.points)} points, found {w.shape}")
        return w


def _finite(log_p: FloatArray) -> FloatArray:
    return np.where(np.isfinite(log_p), log_p, 0.0)
