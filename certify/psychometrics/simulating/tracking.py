"""Abilities of many examinees in lock-step: EAP on a grid, and posterior modes.

The same estimates as `ability.eap` and `multidimensional_map` give for the same responses, within
the tolerances stated at each class, at the price of one response. EAP in several dimensions is in
`propagating`.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from certify.psychometrics.ability import AbilityGrid
from certify.psychometrics.estimating.multidimensional import MultivariatePrior
from certify.psychometrics.irt import category_probabilities
from certify.psychometrics.item_parameters import FloatArray, ItemParameters
from certify.psychometrics.selecting.multidimensional_selection import LoadedItems
from certify.psychometrics.selecting.multidimensional_tracking import TrackedAbilities

IndexArray = NDArray[np.intp]
BoolArray = NDArray[np.bool_]


class LockStepAbilities(ABC):
    """`theta` (persons, dims) and `covariance` (persons, dims, dims) of those still at work."""

    theta: FloatArray
    covariance: FloatArray

    @abstractmethod
    def record(self, items: IndexArray, categories: IndexArray) -> None:
        """One more response of every person."""

    @abstractmethod
    def keep(self, is_active: BoolArray) -> None:
        """Go on with these persons alone."""

    def estimate(self, chosen: BoolArray) -> tuple[FloatArray, FloatArray]:
        """Final theta and covariance of some persons."""
        return self.theta[chosen], self.covariance[chosen]

    @property
    def dimension_se(self) -> FloatArray:
        """Standard errors, shape (persons, dims)."""
        return np.asarray(np.sqrt(np.diagonal(self.covariance, axis1=1, axis2=2)))


def composite(
    theta: FloatArray, covariance: FloatArray, weights: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """w'theta and its standard error, shape (persons,) each."""
    if len(weights) == 1:
        return theta[:, 0] * weights[0], np.sqrt(covariance[:, 0, 0]) * abs(weights[0])
    return theta @ weights, np.asarray(np.sqrt((covariance @ weights) @ weights))


class AbilityMethod(ABC):
    """How abilities are estimated; made once per bank."""

    n_dimensions: int

    @abstractmethod
    def start(self, n_persons: int, max_items: int) -> LockStepAbilities:
        """Persons before their first item: the prior."""


@dataclass(frozen=True)
class GridEap(AbilityMethod):
    """EAP of a unidimensional bank, any mixture of models; `ability.eap` up to rounding."""

    items: ItemParameters
    grid: AbilityGrid
    n_dimensions: int = 1

    def __post_init__(self) -> None:
        """Raise ValueError for items of several dimensions."""
        if self.items.n_dimensions > 1:
            raise ValueError(f"expected items of one dimension, found {self.items.n_dimensions}")

    @cached_property
    def rows(self) -> FloatArray:
        """P_k on the grid, shape (n_items x categories, points)."""
        table = np.moveaxis(category_probabilities(self.grid.points, self.items), 0, -1)
        return np.ascontiguousarray(table).reshape(-1, len(self.grid.points))

    def start(self, n_persons: int, max_items: int) -> "GridAbilities":
        """Everyone at the prior."""
        return GridAbilities(self, n_persons)


class GridAbilities(LockStepAbilities):
    """`posterior`, shape (persons, points): weights that sum to one."""

    def __init__(self, method: GridEap, n_persons: int) -> None:
        self._rows, self._categories = method.rows, method.items.n_categories
        self._powers = np.vander(method.grid.points, 3, increasing=True)
        self.points = method.grid.points
        self.posterior = np.tile(method.grid.weights, (n_persons, 1))
        self._summarise()

    def record(self, items: IndexArray, categories: IndexArray) -> None:
        """Multiply by one row of the table each."""
        self.posterior *= self._rows.take(items * self._categories + categories, axis=0)
        self._summarise()

    def keep(self, is_active: BoolArray) -> None:
        """Drop the others' rows."""
        self.posterior = self.posterior[is_active]
        self.theta, self.covariance = self.theta[is_active], self.covariance[is_active]

    def _summarise(self) -> None:
        moments = self.posterior @ self._powers
        total = moments[:, :1]
        self.posterior /= total
        self.theta = moments[:, 1:2] / total
        variance = moments[:, 2:] / total - self.theta * self.theta
        self.covariance = np.maximum(variance, 0.0)[:, :, None]


@dataclass(frozen=True)
class TrackedMap(AbilityMethod):
    """Posterior mode in one dimension or several, within 1e-5; see `multidimensional_tracking`."""

    items: LoadedItems
    prior: MultivariatePrior

    @property
    def n_dimensions(self) -> int:  # type: ignore[override]
        """Number of dimensions."""
        return self.items.n_dimensions

    def start(self, n_persons: int, max_items: int) -> "ModeAbilities":
        """Everyone at the prior."""
        return ModeAbilities(TrackedAbilities(self.items, self.prior, n_persons, max_items))


class ModeAbilities(LockStepAbilities):
    """The persons still at work among those of `TrackedAbilities`."""

    def __init__(self, tracked: TrackedAbilities) -> None:
        self._tracked = tracked
        self._persons = np.arange(len(tracked.theta), dtype=np.intp)
        self.theta, self.covariance = tracked.theta, tracked.covariance

    def record(self, items: IndexArray, categories: IndexArray) -> None:
        """A few of Newton's steps."""
        self._tracked.record(items, categories.astype(np.float64), self._persons)
        self._summarise()

    def keep(self, is_active: BoolArray) -> None:
        """The others have finished."""
        self._persons = self._persons[is_active]
        self._summarise()

    def _summarise(self) -> None:
        self.theta = self._tracked.theta[self._persons]
        self.covariance = self._tracked.covariance[self._persons]
