"""Low-order moments of the responses under a model, their covariance and their derivatives.

The groundwork of limited-information statistics (`limited_information`): for a population on a
grid, the vector of univariate and bivariate moments, the covariance matrix of their sample
versions (per person) and the derivatives by the item parameters, up to a change of coordinates
within each item, which spans the same space.

Maydeu-Olivares & Joe (2006), Psychometrika 71:713-732; Cai & Hansen (2013), Br. J. Math. Statist.
Psychol. 66:245-276 (M2*: univariate moments are means); Cai & Monroe (2014), CRESST Report 839
(C2: univariate moments are the categories).
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from certify.psychometrics import irt
from certify.psychometrics.item_parameters import FloatArray, ItemModel, ItemParameters

Indices = NDArray[np.intp]


class Moments(StrEnum):
    """Which univariate moments stand beside E(X_i X_j)."""

    MEANS = "M2*"
    """E(X_i), one per item; the classical M2 for items of two categories."""
    CATEGORIES = "C2"
    """P(X_i = k), k = 1..K, of each item: more degrees of freedom for few polytomous items."""


class Slopes(StrEnum):
    """How the slopes were obtained."""

    FREE = "free"
    EQUAL = "equal"
    """One common slope; the Rasch model with an estimated variance is the same model."""
    FIXED = "fixed"


@dataclass(frozen=True, slots=True)
class Population:
    """Items on a grid: category probabilities p, shape (points, n_items, categories), and weights.

    `tangents`: for each free parameter, its item and dP/dparameter, shape (points, categories).
    """

    weights: FloatArray
    p: FloatArray
    highest: Indices
    tangents: tuple[tuple[tuple[int, FloatArray], ...], ...]


def population_of(
    items: ItemParameters,
    points: FloatArray,
    weights: FloatArray,
    slopes: Slopes,
    free_lower: NDArray[np.bool_],
    free_upper: NDArray[np.bool_],
) -> Population:
    """The model's population with its free parameters; one parameter may touch several items."""
    curves = irt.category_curves(points, items)
    p, by_theta = curves.p, curves.p * curves.first
    by_slope = [(i, points[:, None] * by_theta[:, i]) for i in range(len(items))]
    tangents: list[tuple[tuple[int, FloatArray], ...]] = []
    if slopes is Slopes.FREE:
        tangents += [(part,) for part in by_slope]
    elif slopes is Slopes.EQUAL:
        # the derivative by the common slope: theta-derivatives carry a factor a to be divided out
        tangents.append(tuple((i, part / items.a[i]) for i, part in by_slope))
    for i, highest in enumerate(items.max_category.tolist()):
        for k in range(1, highest + 1):
            tangents.append(((i, _by_intercept(p[:, i], by_theta[:, i], items, i, k)),))
    # logistic part of dichotomous items: dP/dc = 1 - L and dP/dd = L, on both categories
    with np.errstate(invalid="ignore"):
        core = (p[:, :, 1] - items.c) / (items.d - items.c)
    for mask, table in ((free_lower, 1.0 - core), (free_upper, core)):
        for i in np.flatnonzero(mask).tolist():
            tangents.append(((i, _pair(table[:, i], p.shape[-1])),))
    return Population(weights, p, items.max_category, tuple(tangents))


def independence_of(shares: FloatArray, highest: Indices) -> Population:
    """Independent items with the observed `shares`, shape (n_items, categories)."""
    tangents = []
    for i, top in enumerate(highest.tolist()):
        for k in range(1, top + 1):
            tangent = np.zeros((1, shares.shape[1]))
            tangent[0, 0], tangent[0, k] = -1.0, 1.0
            tangents.append(((i, tangent),))
    return Population(np.ones(1), shares[None], highest, tuple(tangents))


def _by_intercept(
    p: FloatArray, by_theta: FloatArray, items: ItemParameters, item: int, k: int
) -> FloatArray:
    model = items.model[item]
    if model == ItemModel.DICHOTOMOUS:
        return by_theta
    result = np.zeros_like(p)
    if model == ItemModel.GRADED:
        above = p[:, k:].sum(axis=1)
        step = above * p[:, :k].sum(axis=1)
        result[:, k], result[:, k - 1] = step, -step
        return result
    result -= p * p[:, k, None]
    result[:, k] += p[:, k]
    return result


def _pair(right: FloatArray, width: int) -> FloatArray:
    table = np.zeros((len(right), width))
    table[:, 0], table[:, 1] = -right, right
    return table


@dataclass(frozen=True, slots=True)
class MomentStructure:
    """`moments` (m,), `covariance` (m, m) per person, `derivatives` (m, parameters)."""

    moments: FloatArray
    covariance: FloatArray
    derivatives: FloatArray


@dataclass(frozen=True, slots=True)
class Statistics:
    """Univariate statistics: `value[s]` over the categories of item `owner[s]`; the pairs i < j."""

    owner: Indices
    value: FloatArray
    first: Indices
    second: Indices


def statistics_of(highest: Indices, moments: Moments) -> Statistics:
    """The statistics whose means are compared, in the order of every moment vector here."""
    width = int(highest.max()) + 1
    category = np.arange(width, dtype=np.float64)
    first, second = np.triu_indices(len(highest), 1)
    if moments is Moments.MEANS:
        owner = np.arange(len(highest))
        return Statistics(owner, np.tile(category, (len(highest), 1)), first, second)
    owner = np.repeat(np.arange(len(highest)), highest)
    value = np.concatenate([np.eye(width)[1 : top + 1] for top in highest.tolist()])
    return Statistics(owner, value, first, second)


def structure_of(population: Population, statistics: Statistics) -> MomentStructure:
    """Moments, covariance and derivatives of `statistics` in the population."""
    score = np.arange(population.p.shape[-1], dtype=np.float64)
    mean = population.p @ score
    square = population.p @ score**2
    w = population.weights
    one = np.einsum("qsk,sk->qs", population.p[:, statistics.owner], statistics.value)
    two = mean[:, statistics.first] * mean[:, statistics.second]
    together = np.concatenate([one, two], axis=1)
    moments = w @ together
    # first as if all items in a product differed, then the products that share an item
    raw = (together * w[:, None]).T @ together
    _set_shared_items(raw, population, statistics, mean, square)
    return MomentStructure(
        moments, raw - np.outer(moments, moments), _derivatives(population, statistics, mean)
    )


def _set_shared_items(
    raw: FloatArray, population: Population, s: Statistics, mean: FloatArray, square: FloatArray
) -> None:
    w, p = population.weights, population.p
    singles = len(s.owner)
    score = np.arange(p.shape[-1], dtype=np.float64)
    for item in range(mean.shape[1]):
        own = np.flatnonzero(s.owner == item)
        paired = np.flatnonzero((s.first == item) | (s.second == item))
        partner = mean[:, np.where(s.first[paired] == item, s.second[paired], s.first[paired])]
        shares = p[:, item]
        values = s.value[own]
        raw[np.ix_(own, own)] = (values * (w @ shares)) @ values.T
        with_score = shares @ (values * score).T
        mixed = (with_score * w[:, None]).T @ partner
        raw[np.ix_(own, singles + paired)] = mixed
        raw[np.ix_(singles + paired, own)] = mixed.T
        raw[np.ix_(singles + paired, singles + paired)] = (
            partner * (w * square[:, item])[:, None]
        ).T @ partner
    twice = singles + np.arange(len(s.first))
    raw[twice, twice] = w @ (square[:, s.first] * square[:, s.second])


def _derivatives(population: Population, s: Statistics, mean: FloatArray) -> FloatArray:
    w = population.weights
    singles = len(s.owner)
    score = np.arange(population.p.shape[-1], dtype=np.float64)
    table = np.zeros((singles + len(s.first), len(population.tangents)))
    for column, parts in enumerate(population.tangents):
        for item, tangent in parts:
            own = np.flatnonzero(s.owner == item)
            table[own, column] += s.value[own] @ (w @ tangent)
            weighted = w * (tangent @ score)
            for side, other in ((s.first, s.second), (s.second, s.first)):
                pairs = np.flatnonzero(side == item)
                table[singles + pairs, column] += weighted @ mean[:, other[pairs]]
    return table
