"""How often a decision by cuts is right, and how often a second exam would repeat it.

Rudner (2001; 2005, Practical Assessment, Research & Evaluation 10(13)): estimates scatter normally
around the true ability with the standard error there. Lee (2010, Journal of Educational
Measurement 47:1-17): raw scores scatter as the model says (Lord & Wingersky 1984). Both give
indices at each ability, which are then averaged over a population or over the candidates. For
candidates with a posterior, `of_posterior` states the accuracy of each decision taken. Cuts split
the scale into levels; a value at a cut belongs to the level above.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from certify.psychometrics.estimating.sum_scores import score_distribution
from certify.psychometrics.irt import test_characteristic_curve
from certify.psychometrics.item_parameters import FloatArray, ItemParameters
from certify.psychometrics.stopping import level_probabilities, rising


@dataclass(frozen=True)
class Classification:
    """`accuracy`, `consistency`: of each person or point, and at each single cut.

    `accuracy`, `consistency`, shape (points,): all cuts at once, into the levels they make.
    `cut_accuracy`, `cut_consistency`, shape (points, cuts): each cut as the only one.
    """

    accuracy: FloatArray
    consistency: FloatArray
    cut_accuracy: FloatArray
    cut_consistency: FloatArray

    def averaged(self, weights: ArrayLike | None = None) -> "Classification":
        """The mean over points, of shape () and (cuts,): the indices of the exam.

        `weights`: of the points in the population, or None for equal ones (one per candidate).
        """
        w = np.ones(len(self.accuracy)) if weights is None else np.asarray(weights, dtype=float)
        w = w / w.sum()
        return Classification(
            np.asarray(w @ self.accuracy),
            np.asarray(w @ self.consistency),
            np.asarray(w @ self.cut_accuracy),
            np.asarray(w @ self.cut_consistency),
        )


def rudner(theta: ArrayLike, se: ArrayLike, cuts: ArrayLike) -> Classification:
    """At each true ability with this standard error of its estimates; shapes (points,).

    Accuracy: the probability that the estimate falls into the level of theta; consistency: that
    two estimates fall into the same one. Average over quadrature points with their weights, or
    over candidates with their estimates.
    """
    at = np.atleast_1d(np.asarray(theta, dtype=np.float64))
    levels = rising(cuts)
    return _classification(
        lambda some: level_probabilities(at, se, some),
        np.searchsorted(levels, at, side="right"),
        levels,
    )


def lee(theta: ArrayLike, items: ItemParameters, cuts: ArrayLike) -> Classification:
    """At each true ability, for decisions by raw score; `theta` of shape (points,).

    `cuts`: raw scores, reached by a score at or above. The true level is that of the expected raw
    score. Raises ValueError for items of several dimensions.
    """
    if items.n_dimensions > 1:
        raise ValueError(f"expected items of one dimension, found {items.n_dimensions}")
    at = np.atleast_1d(np.asarray(theta, dtype=np.float64))
    levels = rising(cuts)
    distribution = score_distribution(at, items)
    scores = np.arange(distribution.shape[1], dtype=np.float64)

    def probabilities(some: FloatArray) -> FloatArray:
        reached = np.searchsorted(some, scores, side="right")
        return np.asarray(distribution @ (reached[:, None] == np.arange(len(some) + 1)))

    true_score = test_characteristic_curve(at, items)
    return _classification(probabilities, np.searchsorted(levels, true_score, "right"), levels)


def of_posterior(probabilities: ArrayLike) -> Classification:
    """Of decisions taken by posterior: `probabilities` of the levels, shape (persons, levels).

    The accuracy of a decision for the likeliest level is its posterior probability; at a single
    cut, that of the likelier side. Consistency: the probability that a second draw from the
    posterior falls into the same level as a first.
    """
    p = np.asarray(probabilities, dtype=np.float64)
    above = np.cumsum(p[:, ::-1], axis=1)[:, -2::-1]
    return Classification(
        p.max(axis=1),
        (p**2).sum(axis=1),
        np.maximum(above, 1.0 - above),
        above**2 + (1.0 - above) ** 2,
    )


def _classification(
    probabilities: Callable[[FloatArray], FloatArray],
    level: NDArray[np.intp],
    cuts: FloatArray,
) -> Classification:
    """From the probabilities of the levels made by some cuts, and the true level by all cuts."""

    def indices(some: FloatArray, true: NDArray[np.intp]) -> tuple[FloatArray, FloatArray]:
        p = probabilities(some)
        right = np.take_along_axis(p, true[:, None], axis=1)[:, 0]
        return np.asarray(right), np.asarray((p**2).sum(axis=1))

    single = [indices(cuts[at : at + 1], (level > at).astype(np.intp)) for at in range(len(cuts))]
    accuracy, consistency = indices(cuts, level)
    return Classification(
        accuracy,
        consistency,
        np.stack([one for one, _ in single], axis=1),
        np.stack([other for _, other in single], axis=1),
    )
