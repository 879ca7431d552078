"""The items of a release as arrays: the only place where items become a parameter matrix."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from certify.psychometrics.estimating.multidimensional import MultivariatePrior
from certify.psychometrics.estimating.response_tables import ResponseTables
from certify.psychometrics.irt import FloatArray, ItemParameters
from certify.psychometrics.provisional import (
    COMMON_SLOPE,
    DIFFICULTY_ERROR_SD,
    SE_INFLATION,
    attenuated_slope,
    difficulty_from_share,
)
from certify.psychometrics.selecting.multidimensional_selection import LoadedItems
from certify.psychometrics.selection import TIME_WEIGHT
from question_bank.item import Item
from question_bank.markup_checks import is_marked_by_people
from question_bank.skills import level_rank
from question_bank.validation import chance_level


@dataclass(frozen=True)
class ItemPool:
    """Scored items and, in the same order, their parameters and attributes; arrays (n_items,).

    `pretest_items` are tried out: served, answered, and left out of every estimate. Provisional
    items widen a standard error in full where there is one of them, or, with `widens_by_share`, by
    their share, as after a calibration that had too few responses to some.
    """

    items: tuple[Item, ...]
    dimensions: tuple[str, ...]
    parameters: ItemParameters
    expected_seconds: FloatArray
    dimension_index: NDArray[np.intp]
    level_ranks: NDArray[np.intp]
    prior: MultivariatePrior
    pretest_items: tuple[Item, ...] = ()
    widens_by_share: bool = False

    @cached_property
    def index_of(self) -> Mapping[str, int]:
        """Position of each scored item id."""
        return {item.id: index for index, item in enumerate(self.items)}

    @cached_property
    def by_id(self) -> Mapping[str, Item]:
        """All items, those that are only tried out included."""
        return {item.id: item for item in (*self.items, *self.pretest_items)}

    @cached_property
    def enemies_of(self) -> Mapping[str, frozenset[str]]:
        """Enemies in both directions: naming one side is enough.

        Also of an item that the release no longer has: a retake may have met it before.
        """
        enemies: dict[str, set[str]] = {item_id: set() for item_id in self.by_id}
        for item in self.by_id.values():
            for enemy in item.enemies:
                enemies[item.id].add(enemy)
                enemies.setdefault(enemy, set()).add(item.id)
        return {item_id: frozenset(others) for item_id, others in enemies.items()}

    @cached_property
    def stimulus_mates(self) -> Mapping[str, tuple[int, ...]]:
        """Pool indices of the scored items of each stimulus, by its id."""
        mates: dict[str, list[int]] = {}
        for index, item in enumerate(self.items):
            if item.stimulus is not None:
                mates.setdefault(item.stimulus.id, []).append(index)
        return {stimulus: tuple(indices) for stimulus, indices in mates.items()}

    @cached_property
    def tables(self) -> ResponseTables:
        """What estimating one candidate needs, made once."""
        return ResponseTables.of(self.parameters, self.prior)

    @cached_property
    def loaded(self) -> LoadedItems:
        """What choosing the next item needs, made once."""
        return LoadedItems.of(self.parameters)

    @cached_property
    def time_factor(self) -> FloatArray:
        """(1 / expected seconds)^0.5 of each item."""
        return np.asarray(self.expected_seconds**-TIME_WEIGHT)

    @cached_property
    def provisional(self) -> NDArray[np.bool_]:
        """Which items still have an expert's guess instead of calibrated parameters."""
        return np.array([item.calibration is None for item in self.items], dtype=np.bool_)

    @property
    def is_provisional(self) -> bool:
        """Whether any item is provisional."""
        return bool(self.provisional.any())

    def se_factor(self, administered: Sequence[int]) -> float:
        """What a standard error from these items (pool indices) is multiplied by."""
        is_provisional = self.provisional[list(administered)]
        if self.widens_by_share and len(is_provisional):
            return math.sqrt(1.0 + (SE_INFLATION**2 - 1.0) * float(is_provisional.mean()))
        return SE_INFLATION if is_provisional.any() else 1.0


def is_scored_at_once(item: Item) -> bool:
    """Whether the next item can be chosen by the answer: an essay waits for its markers."""
    return not is_marked_by_people(item)


def build_pool(
    items: Iterable[Item],
    dimensions: tuple[str, ...],
    level_cuts: Mapping[str, float],
    correlation: float,
    pretest_items: Iterable[Item] = (),
) -> ItemPool:
    """Turn items into a pool; those that people have to mark stay out of it.

    `level_cuts` anchor provisional difficulties (theta of each cut). In the population every
    dimension is N(0, 1) and any two correlate by `correlation`.
    """
    ordered = tuple(sorted((i for i in items if is_scored_at_once(i)), key=lambda item: item.id))
    rows = [_parameters_of(item, level_cuts) for item in ordered]
    a, b, c = np.array(rows, dtype=np.float64).reshape(-1, 3).T
    dimension_index = np.array([dimensions.index(item.dimension) for item in ordered], np.intp)
    count = len(dimensions)
    return ItemPool(
        items=ordered,
        dimensions=dimensions,
        parameters=ItemParameters.of(a, b, c, dimension=dimension_index, n_dimensions=count),
        expected_seconds=np.array([item.expected_seconds for item in ordered], dtype=np.float64),
        dimension_index=dimension_index,
        level_ranks=np.array([level_rank(item.level) for item in ordered], np.intp),
        prior=MultivariatePrior.of(
            correlation * np.ones((count, count)) + (1.0 - correlation) * np.eye(count)
        ),
        pretest_items=tuple(sorted(pretest_items, key=lambda item: item.id)),
    )


def _parameters_of(item: Item, level_cuts: Mapping[str, float]) -> tuple[float, float, float]:
    if item.calibration is not None:
        return item.calibration.a, item.calibration.b, item.calibration.c
    chance = float(chance_level(item))
    difficulty = difficulty_from_share(
        float(item.difficulty.p), level_cuts[item.level], COMMON_SLOPE, chance
    )
    return attenuated_slope(COMMON_SLOPE, DIFFICULTY_ERROR_SD), difficulty, chance
