"""What makes an item worth giving, for many examinees at once: the criteria of the selection rooms.

Each `Criterion` is made once per bank and gives the `Candidates` of one step. Maximum information
and the posterior D-rule order the items of one dimension by their information at the estimate, so
they read rankings; Kullback-Leibler information, minimum expected posterior variance and the
information for a composite look at every item.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from certify.psychometrics.item_parameters import FloatArray, ItemParameters
from certify.psychometrics.selecting.multidimensional_selection import (
    LoadedItems,
    composite_gains,
    nearest_cut_point,
)
from certify.psychometrics.selecting.posterior_criteria import PosteriorCriteria
from certify.psychometrics.selection import TIME_WEIGHT
from certify.psychometrics.simulating.candidates import (
    Candidates,
    RankedCandidates,
    Ranking,
    ValuedCandidates,
)
from certify.psychometrics.simulating.tracking import (
    GridAbilities,
    IndexArray,
    LockStepAbilities,
)


class Criterion(ABC):
    """What the items are worth at the estimates so far; larger is better."""

    @abstractmethod
    def candidates(self, abilities: LockStepAbilities) -> Candidates:
        """The items of one step, for all persons still at work."""


def time_factors(expected_seconds: ArrayLike) -> FloatArray:
    """(1 / expected seconds)^0.5 of each item: what its information is multiplied by."""
    return np.asarray(np.asarray(expected_seconds, dtype=np.float64) ** (-TIME_WEIGHT))


@dataclass(frozen=True)
class MaximumInformation(Criterion):
    """Fisher information at the estimate of a unidimensional bank."""

    ranking: Ranking

    @classmethod
    def of(
        cls,
        items: ItemParameters,
        categories: IndexArray | None = None,
        weights: ArrayLike = 1.0,
    ) -> "MaximumInformation":
        """`categories` of the content plan, if there are any; `weights` such as `time_factors`."""
        return cls(Ranking.of(items, _codes(items, categories), weights))

    def candidates(self, abilities: LockStepAbilities) -> Candidates:
        """All categories are ranked at the one ability."""
        interval = self.ranking.interval(abilities.theta)
        count = len(self.ranking.members)
        if count > 1:
            interval = np.broadcast_to(interval, (len(interval), count))
        return RankedCandidates(self.ranking, interval, 1.0)


@dataclass(frozen=True)
class PosteriorD(Criterion):
    """Posterior D-rule of a bank with one dimension per item: information x posterior variance.

    By the matrix determinant lemma |M + I e_d e_d'| = |M| (1 + I S_dd), S = M^-1; here times the
    weights. The content categories are the dimensions. `variance_power` above 1 hurries to the
    dimensions that are known least.
    """

    ranking: Ranking
    variance_power: float = 1.0

    @classmethod
    def of(
        cls, items: ItemParameters, weights: ArrayLike = 1.0, *, variance_power: float = 1.0
    ) -> "PosteriorD":
        """`weights` such as `time_factors`. Raises ValueError for a dimension without items."""
        counts = np.bincount(items.dimension, minlength=items.n_dimensions)
        if not counts.all():
            raise ValueError(f"expected items of every dimension, found {counts}")
        return cls(Ranking.of(items, items.dimension, weights), variance_power)

    def candidates(self, abilities: LockStepAbilities) -> Candidates:
        """Each dimension is ranked at its own ability."""
        variance = np.diagonal(abilities.covariance, axis1=1, axis2=2)
        scale = variance if self.variance_power == 1.0 else variance**self.variance_power
        return RankedCandidates(self.ranking, self.ranking.interval(abilities.theta), scale)


@dataclass(frozen=True)
class CompositeInformation(Criterion):
    """By how much an item lowers the variance of the composite w'theta, times `factors`.

    With `cuts`, the information is taken where the composite is at the nearest of them.
    """

    items: LoadedItems
    weights: FloatArray
    members: tuple[IndexArray, ...]
    cuts: tuple[float, ...] = ()
    factors: FloatArray | float = 1.0

    @classmethod
    def of(
        cls,
        items: ItemParameters,
        weights: ArrayLike,
        *,
        cuts: tuple[float, ...] = (),
        factors: FloatArray | float = 1.0,
    ) -> "CompositeInformation":
        """The content categories are the dimensions."""
        members = _members(items.dimension)
        return cls(LoadedItems.of(items), np.asarray(weights, float), members, cuts, factors)

    def candidates(self, abilities: LockStepAbilities) -> Candidates:
        """All items at the estimate, or at the nearest cut."""
        at = abilities.theta
        if self.cuts:
            at = nearest_cut_point(at, abilities.covariance, self.weights, self.cuts)
        gains = composite_gains(self.items, at, abilities.covariance, self.weights)
        return ValuedCandidates(gains * self.factors, self.members)


@dataclass(frozen=True)
class KullbackLeibler(Criterion):
    """Kullback-Leibler information weighted by the posterior on the grid (one dimension)."""

    tables: PosteriorCriteria
    members: tuple[IndexArray, ...]

    @classmethod
    def of(
        cls, items: ItemParameters, points: ArrayLike, categories: IndexArray | None = None
    ) -> "KullbackLeibler":
        """`points` of the grid that the abilities are estimated on."""
        return cls(PosteriorCriteria.of(items, points), _members(_codes(items, categories)))

    def candidates(self, abilities: LockStepAbilities) -> Candidates:
        """Needs the posterior: abilities by `GridEap`."""
        grid = _on_grid(abilities)
        values = self.tables.kullback_leibler(grid.theta[:, 0], grid.posterior)
        return ValuedCandidates(values, self.members)


@dataclass(frozen=True)
class ExpectedPosteriorVariance(Criterion):
    """Minimum expected posterior variance (one dimension)."""

    tables: PosteriorCriteria
    members: tuple[IndexArray, ...]

    @classmethod
    def of(
        cls, items: ItemParameters, points: ArrayLike, categories: IndexArray | None = None
    ) -> "ExpectedPosteriorVariance":
        """`points` of the grid that the abilities are estimated on."""
        return cls(PosteriorCriteria.of(items, points), _members(_codes(items, categories)))

    def candidates(self, abilities: LockStepAbilities) -> Candidates:
        """Needs the posterior: abilities by `GridEap`."""
        variance = self.tables.expected_posterior_variance(_on_grid(abilities).posterior)
        return ValuedCandidates(-variance, self.members)


def _codes(items: ItemParameters, categories: IndexArray | None) -> IndexArray:
    return np.zeros(len(items), dtype=np.intp) if categories is None else categories


def _members(codes: IndexArray) -> tuple[IndexArray, ...]:
    return tuple(np.flatnonzero(codes == code) for code in range(int(codes.max()) + 1))


def _on_grid(abilities: LockStepAbilities) -> GridAbilities:
    if not isinstance(abilities, GridAbilities):
        raise TypeError(f"expected abilities on a grid, found {type(abilities).__name__}")
    return abilities
