"""Abilities from raw scores: the score distribution given theta, and EAP from sum scores.

Lord & Wingersky (1984), Applied Psychological Measurement 8:453-461, for dichotomous items;
Thissen, Pommerich, Billeaud & Williams (1995), Applied Psychological Measurement 19:39-49, for
items of several categories and for EAP from sum scores. Complete responses only: a raw score
means something for one fixed set of items.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from certify.psychometrics.ability import AbilityGrid
from certify.psychometrics.irt import category_probabilities
from certify.psychometrics.item_parameters import FloatArray, ItemParameters


@dataclass(frozen=True)
class SumScoreTable:
    """Row s holds what raw score s = 0..max means; each array of shape (max + 1,).

    `theta` and `se`: mean and standard deviation of the posterior given the raw score alone.
    `probability`: the score's probability in the population of the prior (sums to one).
    """

    theta: FloatArray
    se: FloatArray
    probability: FloatArray


def score_distribution(theta: ArrayLike, items: ItemParameters) -> FloatArray:
    """P(raw score = s | theta), shape theta.shape + (max + 1,), for s = 0..max.

    `theta` as in `irt`: with the dimensions on its last axis for a multidimensional bank.
    """
    p = category_probabilities(theta, items)
    distribution = np.ones((*p.shape[:-2], 1))
    for item, highest in enumerate(items.max_category.tolist()):
        length = distribution.shape[-1]
        longer = np.zeros((*distribution.shape[:-1], length + highest))
        for category in range(highest + 1):
            chance = p[..., item, category, None]
            longer[..., category : category + length] += distribution * chance
        distribution = longer
    return distribution


def eap_from_sum_scores(items: ItemParameters, grid: AbilityGrid) -> SumScoreTable:
    """EAP of every raw score. Raises ValueError without items or with several dimensions."""
    if len(items) == 0:
        raise ValueError("expected at least one item, found none")
    if items.n_dimensions > 1:
        raise ValueError(f"expected items of one dimension, found {items.n_dimensions}")
    joint = score_distribution(grid.points, items) * grid.weights[:, None]
    probability = joint.sum(axis=0)
    theta = grid.points @ joint / probability
    variance = ((grid.points[:, None] - theta) ** 2 * joint).sum(axis=0) / probability
    return SumScoreTable(theta, np.sqrt(variance), probability)
