"""Which curve each item has and which of its parameters are to be estimated.

Working values are one row per item: slope a, intercepts d_1..d_K, lower asymptote c, upper
asymptote u. The logit of a dichotomous item is a theta + d; intercepts of other items as in
`parametrisation.intercepts`. What the responses must look like is in `coded_responses`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from certify.psychometrics.item_parameters import FloatArray, ItemModel, ItemParameters
from certify.psychometrics.parametrisation import intercepts

BoolArray = NDArray[np.bool_]
IndexArray = NDArray[np.intp]

START_LOWER = 0.15
START_UPPER = 0.97


class SlopeRule(Enum):
    """How the slope of an item is found."""

    ONE = "one"
    """a = 1; where every item of a dimension has it, the variance of the ability is estimated."""
    COMMON = "common"
    """One slope for all items with this rule."""
    FREE = "free"
    """A slope of its own."""


@dataclass(frozen=True, slots=True)
class ItemType:
    """A family of curves and what is free in it."""

    family: ItemModel
    slope: SlopeRule
    has_lower: bool = False
    has_upper: bool = False


ITEM_TYPES = {
    "rasch": ItemType(ItemModel.DICHOTOMOUS, SlopeRule.ONE),
    "1pl": ItemType(ItemModel.DICHOTOMOUS, SlopeRule.COMMON),
    "2pl": ItemType(ItemModel.DICHOTOMOUS, SlopeRule.FREE),
    "3pl": ItemType(ItemModel.DICHOTOMOUS, SlopeRule.FREE, has_lower=True),
    "4pl": ItemType(ItemModel.DICHOTOMOUS, SlopeRule.FREE, has_lower=True, has_upper=True),
    "grm": ItemType(ItemModel.GRADED, SlopeRule.FREE),
    "pcm": ItemType(ItemModel.PARTIAL_CREDIT, SlopeRule.ONE),
    "gpcm": ItemType(ItemModel.PARTIAL_CREDIT, SlopeRule.FREE),
}


def item_types(model: str | Sequence[str], n_items: int) -> tuple[ItemType, ...]:
    """One type per item. Raises ValueError for an unknown name or a wrong number of names."""
    names = [model] * n_items if isinstance(model, str) else list(model)
    if len(names) != n_items:
        raise ValueError(f"expected one model for each of {n_items} items, found {len(names)}")
    for item, name in enumerate(names):
        if name not in ITEM_TYPES:
            known = ", ".join(ITEM_TYPES)
            raise ValueError(f"item {item}: expected a model out of {known}, found {name!r}")
    return tuple(ITEM_TYPES[name] for name in names)


@dataclass(frozen=True)
class BankPlan:
    """Fixed facts of the calibrated items.

    `family` (ItemModel codes), `top` (highest category) and `dimension` have shape (n,); `free`,
    shape (n, K + 3), marks the working values to be estimated; `tied` the items that share one
    slope (their slopes are free, too).
    """

    family: NDArray[np.int8]
    top: IndexArray
    dimension: IndexArray
    n_dimensions: int
    free: BoolArray
    tied: BoolArray

    @classmethod
    def of(
        cls,
        types: Sequence[ItemType],
        top: IndexArray,
        dimension: IndexArray,
        n_dimensions: int,
        fixed: BoolArray,
    ) -> "BankPlan":
        """The plan of items with these types; nothing of a `fixed` item is free."""
        k = int(top.max(initial=1))
        free = np.zeros((len(types), k + 3), dtype=np.bool_)
        free[:, 0] = [one.slope is not SlopeRule.ONE for one in types]
        free[:, 1 : k + 1] = np.arange(k) < top[:, None]
        free[:, k + 1] = [one.has_lower for one in types]
        free[:, k + 2] = [one.has_upper for one in types]
        free[fixed] = False
        tied = np.array([one.slope is SlopeRule.COMMON for one in types]) & ~fixed
        family = np.array([one.family for one in types], dtype=np.int8)
        return cls(family, top, dimension, n_dimensions, free, tied)

    def __len__(self) -> int:
        """Number of items."""
        return len(self.family)

    @property
    def n_thresholds(self) -> int:
        """K, the largest number of intercepts of any item."""
        return int(self.free.shape[1]) - 3

    @cached_property
    def graded(self) -> IndexArray:
        """Items of the graded response model."""
        return np.flatnonzero(self.family == ItemModel.GRADED)

    @cached_property
    def has_category(self) -> BoolArray:
        """Which categories 0..K each item has, shape (n, K + 1)."""
        return np.asarray(np.arange(self.n_thresholds + 1) <= self.top[:, None])

    def asymptotic(self, values: FloatArray) -> IndexArray:
        """Dichotomous items whose asymptotes are free or not 0 and 1."""
        asymptotes = self.free[:, -2] | self.free[:, -1] | (values[:, -2] > 0)
        chosen = asymptotes | (values[:, -1] < 1)
        return np.flatnonzero(chosen & (self.family == ItemModel.DICHOTOMOUS))

    def exponential(self, values: FloatArray) -> BoolArray:
        """Items whose likelihood depends on theta through a x alone: 1PL, 2PL, PCM, GPCM."""
        chosen = self.family != ItemModel.GRADED
        chosen[self.asymptotic(values)] = False
        return np.asarray(chosen)

    def starting_values(self, totals: FloatArray) -> FloatArray:
        """First guesses from the category totals of each item, shape (n, K + 1).

        Slopes start at 1, intercepts at the logits of the (cumulative) proportions, spread by 1.2
        because an average over abilities is flatter than the curve.
        """
        values = np.zeros(self.free.shape)
        values[:, 0], values[:, -1] = 1.0, np.where(self.free[:, -1], START_UPPER, 1.0)
        values[:, -2] = np.where(self.free[:, -2], START_LOWER, 0.0)
        share = totals + 0.5
        at_least = share[:, ::-1].cumsum(axis=1)[:, ::-1]
        cumulative = np.log(at_least[:, 1:] / (at_least[:, :1] - at_least[:, 1:]))
        relative = np.log(share[:, 1:] / share[:, :1])
        is_steps = (self.family == ItemModel.PARTIAL_CREDIT)[:, None]
        start = 1.2 * np.where(is_steps, relative, cumulative)
        values[:, 1:-2] = np.where(self.has_category[:, 1:], start, 0.0)
        return values

    def parameters(self, values: FloatArray) -> ItemParameters:
        """The items in the metric of the bank (a, b, c, d, thresholds)."""
        slope, table = values[:, 0], values[:, 1:-2]
        steps = np.diff(table, axis=1, prepend=0.0)
        is_steps = (self.family == ItemModel.PARTIAL_CREDIT)[:, None]
        thresholds = -np.where(is_steps, steps, table) / slope[:, None]
        thresholds[~self.has_category[:, 1:]] = np.nan
        is_single = self.family == ItemModel.DICHOTOMOUS
        location = np.where(is_single, thresholds[:, 0], np.nanmean(thresholds, axis=1))
        if is_single.all():
            thresholds = np.empty((len(self), 0))
        else:
            thresholds[is_single] = np.nan
        return ItemParameters(
            slope.copy(),
            location,
            values[:, -2].copy(),
            values[:, -1].copy(),
            self.family.copy(),
            thresholds,
            self.dimension.copy(),
            self.n_dimensions,
        )

    def working_values(self, items: ItemParameters) -> FloatArray:
        """The inverse of `parameters`."""
        values = np.zeros((len(items), self.n_thresholds + 3))
        table = intercepts(items)
        values[:, 0], values[:, -2], values[:, -1] = items.a, items.c, items.d
        values[:, 1 : table.shape[1] + 1] = np.where(np.isfinite(table), table, 0.0)
        return values
