"""Made-up banks and examinees for planning: what a decent bank and its candidates look like."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from certify.psychometrics.estimating.multidimensional import MultivariatePrior
from certify.psychometrics.item_parameters import FloatArray, ItemParameters
from certify.psychometrics.simulating.design import Examinees
from certify.psychometrics.simulating.tracking import IndexArray


def equicorrelated(n_dimensions: int, correlation: float) -> MultivariatePrior:
    """N(0, 1) in every dimension, any two correlated alike."""
    off = np.full((n_dimensions, n_dimensions), correlation)
    return MultivariatePrior.of(off + (1.0 - correlation) * np.eye(n_dimensions))


def conditioned_on_composite(
    prior: MultivariatePrior, weights: ArrayLike, mean: float, sd: float
) -> MultivariatePrior:
    """The population among whom the composite w'theta is N(mean, sd^2), otherwise like `prior`.

    Given the composite the abilities are distributed as in the prior, so with g = S w / (w'S w) the
    mean becomes m + g (mean - w'm) and the covariance S + g g' (sd^2 - w'S w).
    """
    w = np.asarray(weights, dtype=np.float64)
    towards = prior.covariance @ w
    variance = float(w @ towards)
    slope = towards / variance
    centre = prior.mean + slope * (mean - float(w @ prior.mean))
    return MultivariatePrior(
        centre, prior.covariance + np.outer(slope, slope) * (sd * sd - variance)
    )


def draw_examinees(
    population: MultivariatePrior,
    n_persons: int,
    source: np.random.Generator,
    *,
    pace_sd: float = 0.0,
) -> Examinees:
    """Examinees of a population; `pace_sd` is the standard deviation of the log of their pace."""
    root = np.linalg.cholesky(population.covariance)
    normal = source.standard_normal((n_persons, len(population)))
    theta = population.mean + normal @ root.T
    return Examinees(theta, np.exp(pace_sd * source.standard_normal(n_persons)))


@dataclass(frozen=True)
class BankPlan:
    """What to draw items from. Slopes are lognormal, difficulties normal, both independent.

    `guessing` is the lower asymptote of a share `guessing_share` of the items. `dimension_shares`
    of the items; every dimension has `elements` of its own, used evenly. `enemy_share` of the items
    stand in sets of two. Expected seconds are lognormal around a median.
    """

    dimension_shares: tuple[float, ...] = (1.0,)
    slope_median: float = 1.2
    slope_sd: float = 0.3
    difficulty_mean: float = 0.25
    difficulty_sd: float = 1.0
    guessing: float = 0.2
    guessing_share: float = 0.6
    elements: tuple[int, ...] = (1,)
    enemy_share: float = 0.05
    seconds_median: float = 55.0
    seconds_sd: float = 0.35


@dataclass(frozen=True)
class MadeUpBank:
    """Items with what a blueprint asks about: all arrays (n_items,)."""

    items: ItemParameters
    seconds: FloatArray
    elements: IndexArray
    enemies: Sequence[Sequence[int]]


def draw_bank(plan: BankPlan, n_items: int, source: np.random.Generator) -> MadeUpBank:
    """A bank by the plan; shares are kept as closely as whole numbers allow."""
    shares = np.asarray(plan.dimension_shares, dtype=np.float64)
    edges = np.round(np.cumsum(shares) / shares.sum() * n_items).astype(np.intp)
    dimension = np.searchsorted(edges, np.arange(n_items), side="right").astype(np.intp)
    slope = np.exp(source.normal(np.log(plan.slope_median), plan.slope_sd, n_items))
    difficulty = source.normal(plan.difficulty_mean, plan.difficulty_sd, n_items)
    lower = np.where(source.random(n_items) < plan.guessing_share, plan.guessing, 0.0)
    first = np.concatenate([[0], np.cumsum(plan.elements)[:-1]])
    per_dimension = np.asarray(plan.elements)[dimension]
    elements = first[dimension] + (source.random(n_items) * per_dimension).astype(np.intp)
    seconds = np.exp(source.normal(np.log(plan.seconds_median), plan.seconds_sd, n_items))
    return MadeUpBank(
        ItemParameters.of(slope, difficulty, lower, dimension=dimension, n_dimensions=len(shares)),
        seconds,
        elements.astype(np.intp),
        _enemy_pairs(elements, plan.enemy_share, source),
    )


def _enemy_pairs(
    elements: IndexArray, share: float, source: np.random.Generator
) -> list[tuple[int, int]]:
    """Pairs of items of one element, holding about `share` of all items."""
    wanted = round(share * len(elements) / 2)
    order = source.permutation(len(elements))
    order = order[np.argsort(elements[order], kind="stable")]
    pairs = [
        (int(one), int(other))
        for one, other in zip(order[::2], order[1::2], strict=False)
        if elements[one] == elements[other]
    ]
    source.shuffle(pairs)
    return pairs[:wanted]
