"""When there is evidence enough: posterior probabilities of levels, and rules to stop by.

Posteriors are taken as normal with the EAP and its standard error, or as they are on a grid. Every
rule is a function of `Progress`, for one person (arrays of shape ()) or many; sequential tests that
look at the likelihood itself are in `sequential_tests`.
"""

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from certify.psychometrics.item_parameters import FloatArray

BoolArray = NDArray[np.bool_]


def probability_at_or_above(theta: float, se: float, cut: float) -> float:
    """P(ability >= cut) for a normal posterior. Raises ValueError unless se > 0."""
    if not se > 0:
        raise ValueError(f"expected a standard error above 0, found {se}")
    return 0.5 * math.erfc((cut - theta) / (se * math.sqrt(2.0)))


def confidence_in_side(theta: float, se: float, cut: float) -> float:
    """Probability that the more likely side of the cut is the right one, in [0.5, 1]."""
    above = probability_at_or_above(theta, se, cut)
    return max(above, 1.0 - above)


def probabilities_at_or_above(theta: ArrayLike, se: ArrayLike, cuts: ArrayLike) -> FloatArray:
    """P(ability >= cut) of each cut, shape theta.shape + (cuts,). se 0: the estimate is certain.

    Raises ValueError for a negative standard error or one that is no number.
    """
    at, spread = np.asarray(theta, dtype=np.float64), np.asarray(se, dtype=np.float64)
    if not (spread >= 0).all():
        raise ValueError(f"expected standard errors of 0 or more, found {spread.min()}")
    distance = at[..., None] - np.asarray(cuts, dtype=np.float64)
    certain = np.where(distance >= 0, np.inf, -np.inf)
    scaled = np.divide(distance, spread[..., None], out=certain, where=spread[..., None] > 0)
    return normal_cdf(scaled)


def level_probabilities(theta: ArrayLike, se: ArrayLike, cuts: ArrayLike) -> FloatArray:
    """P(level k), k = 0..n, for rising cuts and a normal posterior; theta.shape + (n + 1,)."""
    return _between(probabilities_at_or_above(theta, se, rising(cuts)))


def level_probabilities_on_grid(
    points: FloatArray, weights: FloatArray, cuts: ArrayLike
) -> FloatArray:
    """The same for a posterior on a grid, `weights` of shape (..., points) summing to one."""
    at_or_above = (points[:, None] >= rising(cuts)).astype(np.float64)
    return _between(weights @ at_or_above)


def rising(cuts: ArrayLike) -> FloatArray:
    """The cuts as an array. Raises ValueError unless there is one and they rise."""
    levels = np.atleast_1d(np.asarray(cuts, dtype=np.float64))
    if levels.ndim != 1 or not len(levels) or not (np.diff(levels) > 0).all():
        raise ValueError(f"expected one or more rising cuts, found {levels}")
    return levels


def normal_cdf(x: FloatArray) -> FloatArray:
    """Standard normal distribution function, element by element."""
    scaled = np.asarray(x, dtype=np.float64) / math.sqrt(2.0)
    flat = [0.5 * math.erfc(-value) for value in scaled.ravel().tolist()]
    return np.array(flat, dtype=np.float64).reshape(scaled.shape)


def _between(at_or_above: FloatArray) -> FloatArray:
    edge = np.ones((*at_or_above.shape[:-1], 1))
    return np.asarray(-np.diff(np.concatenate([edge, at_or_above, 0 * edge], axis=-1), axis=-1))


@dataclass(frozen=True, slots=True)
class Progress:
    """How far exams have come: `length` and `seconds` so far, composite `theta` and `se`.

    All of shape (persons,) or (); `dimension_se` with one axis more, empty where there are none.
    """

    length: NDArray[np.int64]
    seconds: FloatArray
    theta: FloatArray
    se: FloatArray
    dimension_se: FloatArray

    @classmethod
    def of(
        cls,
        length: ArrayLike,
        theta: ArrayLike,
        se: ArrayLike,
        *,
        seconds: ArrayLike = 0.0,
        dimension_se: ArrayLike | None = None,
    ) -> "Progress":
        """From numbers or arrays."""
        at = np.asarray(theta, dtype=np.float64)
        inner = np.empty((*at.shape, 0)) if dimension_se is None else np.asarray(dimension_se)
        return cls(
            np.asarray(length, dtype=np.int64),
            np.broadcast_to(np.asarray(seconds, dtype=np.float64), at.shape),
            at,
            np.asarray(se, dtype=np.float64),
            inner,
        )


class StoppingRule(ABC):
    """Base of every rule; combine rules with & and |."""

    __slots__ = ()

    @abstractmethod
    def holds(self, progress: Progress) -> BoolArray:
        """Whether the rule says stop, shape of `progress.theta`."""

    def __and__(self, other: "StoppingRule") -> "StoppingRule":
        return AllOf((self, other))

    def __or__(self, other: "StoppingRule") -> "StoppingRule":
        return AnyOf((self, other))


@dataclass(frozen=True, slots=True)
class AllOf(StoppingRule):
    """Every rule says stop."""

    rules: tuple[StoppingRule, ...]

    def holds(self, progress: Progress) -> BoolArray:
        """True without rules."""
        return np.asarray(np.logical_and.reduce([rule.holds(progress) for rule in self.rules]))


@dataclass(frozen=True, slots=True)
class AnyOf(StoppingRule):
    """At least one rule says stop."""

    rules: tuple[StoppingRule, ...]

    def holds(self, progress: Progress) -> BoolArray:
        """False without rules."""
        return np.asarray(np.logical_or.reduce([rule.holds(progress) for rule in self.rules]))


@dataclass(frozen=True, slots=True)
class LengthReached(StoppingRule):
    """This many items were given: a fixed length, a minimum (with &) or a maximum (with |)."""

    length: int

    def holds(self, progress: Progress) -> BoolArray:
        """At the length and beyond."""
        return np.asarray(progress.length >= self.length)


@dataclass(frozen=True, slots=True)
class PreciseEnough(StoppingRule):
    """The standard errors are no larger than these; `dimension_se` bounds every dimension's."""

    se: float = math.inf
    dimension_se: float = math.inf

    def holds(self, progress: Progress) -> BoolArray:
        """Both together."""
        inner = (progress.dimension_se <= self.dimension_se).all(axis=-1)
        return np.asarray((progress.se <= self.se) & inner)


@dataclass(frozen=True, slots=True)
class TimeUsed(StoppingRule):
    """The time limit is reached, or leaves less than `reserve_seconds` for another item."""

    limit_seconds: float
    reserve_seconds: float = 0.0

    def holds(self, progress: Progress) -> BoolArray:
        """At the limit and beyond."""
        return np.asarray(progress.seconds + self.reserve_seconds >= self.limit_seconds)


@dataclass(frozen=True, slots=True)
class SideDecided(StoppingRule):
    """The posterior probability of one side of the cut is at least `confidence`."""

    cut: float
    confidence: float

    def holds(self, progress: Progress) -> BoolArray:
        """Either side will do."""
        above = probabilities_at_or_above(progress.theta, progress.se, [self.cut])[..., 0]
        return np.asarray(np.maximum(above, 1.0 - above) >= self.confidence)


@dataclass(frozen=True, slots=True)
class LevelDecided(StoppingRule):
    """The posterior probability of one of the levels between `cuts` is at least `confidence`."""

    cuts: tuple[float, ...]
    confidence: float

    def holds(self, progress: Progress) -> BoolArray:
        """Any level will do."""
        most = level_probabilities(progress.theta, progress.se, self.cuts).max(axis=-1)
        return np.asarray(most >= self.confidence)
