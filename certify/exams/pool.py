"""The items of a release as arrays: the only place where items become a parameter matrix."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from certify.psychometrics.estimating.multidimensional import MultivariatePrior
from certify.psychometrics.irt import FloatArray, ItemParameters
from certify.psychometrics.provisional import (
    COMMON_SLOPE,
    DIFFICULTY_ERROR_SD,
    SE_INFLATION,
    attenuated_slope,
    difficulty_from_share,
)
from question_bank.item import Item
from question_bank.skills import level_rank
from question_bank.validation import chance_level


@dataclass(frozen=True)
class ItemPool:
    """Items and, in the same order, their parameters and attributes; each array (n_items,)."""

    items: tuple[Item, ...]
    dimensions: tuple[str, ...]
    parameters: ItemParameters
    expected_seconds: FloatArray
    dimension_index: NDArray[np.intp]
    level_ranks: NDArray[np.intp]
    prior: MultivariatePrior

    @cached_property
    def index_of(self) -> Mapping[str, int]:
        """Position of each item id."""
        return {item.id: index for index, item in enumerate(self.items)}

    @cached_property
    def enemies_of(self) -> Mapping[str, frozenset[str]]:
        """Enemies in both directions: naming one side is enough."""
        pairs = {(item.id, enemy) for item in self.items for enemy in item.enemies}
        both = pairs | {(enemy, item_id) for item_id, enemy in pairs}
        return {
            item.id: frozenset(enemy for item_id, enemy in both if item_id == item.id)
            for item in self.items
        }

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
        return SE_INFLATION if self.provisional[list(administered)].any() else 1.0


def build_pool(
    items: Iterable[Item],
    dimensions: tuple[str, ...],
    level_cuts: Mapping[str, float],
    correlation: float,
) -> ItemPool:
    """Turn items into a pool.

    `level_cuts` anchor provisional difficulties (theta of each cut). In the population every
    dimension is N(0, 1) and any two correlate by `correlation`.
    """
    ordered = tuple(sorted(items, key=lambda item: item.id))
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
    )


def _parameters_of(item: Item, level_cuts: Mapping[str, float]) -> tuple[float, float, float]:
    if item.calibration is not None:
        return item.calibration.a, item.calibration.b, item.calibration.c
    chance = float(chance_level(item))
    difficulty = difficulty_from_share(
        float(item.difficulty.p), level_cuts[item.level], COMMON_SLOPE, chance
    )
    return attenuated_slope(COMMON_SLOPE, DIFFICULTY_ERROR_SD), difficulty, chance
