"""The parameters of a mixed bank: dichotomous, graded and partial-credit items in one table.

Logistic metric, D = 1. Responses everywhere are categories 0, 1, ..., k (NaN: not administered),
where k is the number of thresholds of the item; a dichotomous item has k = 1. Only the parameters
and their validity are here; the curves are in `irt`, other metrics in `parametrisation`.

Sources: Barton & Lord (1981), ETS RR-81-20 (four-parameter logistic); Samejima (1969),
Psychometrika Monograph 17 (graded responses); Muraki (1992), Applied Psychological Measurement
16:159-176 (generalized partial credit).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from certify.psychometrics import parameter_checks

FloatArray = NDArray[np.float64]


class ItemModel(IntEnum):
    """Which family of curves an item has."""

    DICHOTOMOUS = 0
    """P(1) = c + (d - c) logistic(a (theta - b)): 1PL, 2PL, 3PL and 4PL."""
    GRADED = 1
    """P(X >= k) = logistic(a (theta - b_k)), k = 1..K: Samejima's graded response model."""
    PARTIAL_CREDIT = 2
    """P(X = k) proportional to exp(sum_{v <= k} a (theta - b_v)): GPCM; a = 1 is the PCM."""


@dataclass(frozen=True)
class ItemParameters:
    """A bank of n items; build it with `of`, `graded`, `partial_credit` and `concatenate`.

    `a`: slope, finite and not 0 (a negative slope is a keying alarm, not an impossible item).
    `b`: difficulty of a dichotomous item; for the others their location, the mean threshold.
    `c`, `d`: lower and upper asymptote, 0 <= c < d <= 1; 0 and 1 for items with thresholds.
    `model`: code of `ItemModel`. `thresholds`, shape (n, k_max): b_1..b_k of graded items (ordered
    along the slope), steps of partial-credit items (any order), padded with NaN at the right; NaN
    throughout for dichotomous items; no column at all in a bank of dichotomous items only.
    `dimension`: index of the one dimension an item measures, below `n_dimensions` (between-item
    multidimensional); all 0 in a unidimensional bank.
    """

    a: FloatArray
    b: FloatArray
    c: FloatArray
    d: FloatArray
    model: NDArray[np.int8]
    thresholds: FloatArray
    dimension: NDArray[np.intp]
    n_dimensions: int = field(default=1)

    def __post_init__(self) -> None:
        """Raise ValueError, naming the first item at fault, for parameters out of range."""
        parameter_checks.shapes(self.a, self.b, self.c, self.d, self.model, self.dimension)
        parameter_checks.dichotomous(self.a, self.b, self.c, self.d)
        parameter_checks.dimensions(self.dimension, self.n_dimensions)
        parameter_checks.thresholds(
            self.a,
            self.thresholds,
            has_thresholds=self.model != ItemModel.DICHOTOMOUS,
            is_ordered=self.model == ItemModel.GRADED,
        )

    @classmethod
    def of(
        cls,
        a: ArrayLike,
        b: ArrayLike,
        c: ArrayLike = 0.0,
        d: ArrayLike = 1.0,
        *,
        dimension: ArrayLike = 0,
        n_dimensions: int | None = None,
    ) -> "ItemParameters":
        """Dichotomous items; `c`, `d` and `dimension` may be one number for all items.

        `n_dimensions` defaults to the highest index plus one.
        """
        slopes = np.atleast_1d(np.asarray(a, dtype=np.float64))
        n = slopes.shape[0]
        index = _for_all(dimension, n).astype(np.intp)
        return cls(
            a=slopes,
            b=np.atleast_1d(np.asarray(b, dtype=np.float64)),
            c=_for_all(c, n),
            d=_for_all(d, n),
            model=np.full(n, ItemModel.DICHOTOMOUS, dtype=np.int8),
            thresholds=np.empty((n, 0)),
            dimension=index,
            n_dimensions=_count_of(index, n_dimensions),
        )

    @classmethod
    def graded(
        cls,
        a: ArrayLike,
        thresholds: ArrayLike | Sequence[ArrayLike],
        *,
        dimension: ArrayLike = 0,
        n_dimensions: int | None = None,
    ) -> "ItemParameters":
        """Graded items; `thresholds` has one row per item, ragged or padded with NaN."""
        return cls._polytomous(ItemModel.GRADED, a, thresholds, dimension, n_dimensions)

    @classmethod
    def partial_credit(
        cls,
        a: ArrayLike,
        steps: ArrayLike | Sequence[ArrayLike],
        *,
        dimension: ArrayLike = 0,
        n_dimensions: int | None = None,
    ) -> "ItemParameters":
        """Generalized partial-credit items; `steps` has one row per item, ragged or NaN-padded."""
        return cls._polytomous(ItemModel.PARTIAL_CREDIT, a, steps, dimension, n_dimensions)

    @classmethod
    def _polytomous(
        cls,
        model: ItemModel,
        a: ArrayLike,
        thresholds: ArrayLike | Sequence[ArrayLike],
        dimension: ArrayLike,
        n_dimensions: int | None,
    ) -> "ItemParameters":
        slopes = np.atleast_1d(np.asarray(a, dtype=np.float64))
        n = slopes.shape[0]
        table = _padded(thresholds)
        if len(table) != n:
            raise ValueError(f"expected thresholds of {n} items, found {len(table)} rows")
        index = _for_all(dimension, n).astype(np.intp)
        return cls(
            a=slopes,
            b=parameter_checks.locations(table),
            c=np.zeros(n),
            d=np.ones(n),
            model=np.full(n, model, dtype=np.int8),
            thresholds=table,
            dimension=index,
            n_dimensions=_count_of(index, n_dimensions),
        )

    @classmethod
    def concatenate(cls, parts: Sequence["ItemParameters"]) -> "ItemParameters":
        """One bank of all the items of `parts`, in order. Raises ValueError without parts."""
        if not parts:
            raise ValueError("expected at least one bank to concatenate, found none")
        width = max(part.thresholds.shape[1] for part in parts)
        return cls(
            a=np.concatenate([part.a for part in parts]),
            b=np.concatenate([part.b for part in parts]),
            c=np.concatenate([part.c for part in parts]),
            d=np.concatenate([part.d for part in parts]),
            model=np.concatenate([part.model for part in parts]),
            thresholds=np.concatenate([_widened(part.thresholds, width) for part in parts]),
            dimension=np.concatenate([part.dimension for part in parts]),
            n_dimensions=max(part.n_dimensions for part in parts),
        )

    def __len__(self) -> int:
        """Number of items."""
        return len(self.a)

    def take(self, indices: ArrayLike) -> "ItemParameters":
        """The parameters of some items, in the order of `indices`."""
        chosen = np.asarray(indices, dtype=np.intp)
        # what was valid once stays valid item by item: no second check on the exam path
        part = object.__new__(ItemParameters)
        vars(part).update(
            a=self.a[chosen],
            b=self.b[chosen],
            c=self.c[chosen],
            d=self.d[chosen],
            model=self.model[chosen],
            thresholds=self.thresholds[chosen],
            dimension=self.dimension[chosen],
            n_dimensions=self.n_dimensions,
        )
        if self.is_dichotomous:
            vars(part)["is_dichotomous"] = True
        return part

    def on_one_dimension(self) -> "ItemParameters":
        """The same items read as measures of one common ability."""
        return ItemParameters(
            self.a,
            self.b,
            self.c,
            self.d,
            self.model,
            self.thresholds,
            np.zeros_like(self.dimension),
        )

    @cached_property
    def is_dichotomous(self) -> bool:
        """Whether no item has more than two categories by model: the fast path."""
        return self.thresholds.shape[1] == 0 or not self.model.any()

    @cached_property
    def has_asymptotes(self) -> bool:
        """Whether any item has a lower asymptote above 0 or an upper one below 1."""
        return bool(self.c.any() or (self.d != 1.0).any())

    @cached_property
    def max_category(self) -> NDArray[np.intp]:
        """Highest category k of each item, which is also its maximum score; shape (n,)."""
        counted = np.isfinite(self.thresholds).sum(axis=1)
        return np.where(self.model == ItemModel.DICHOTOMOUS, 1, counted).astype(np.intp)

    @property
    def n_categories(self) -> int:
        """Length of every category axis: the largest number of categories in the bank."""
        return int(self.max_category.max(initial=1)) + 1


def _for_all(value: ArrayLike, n: int) -> FloatArray:
    given = np.asarray(value, dtype=np.float64)
    return given if given.ndim else np.full(n, given)


def _count_of(dimension: NDArray[np.intp], n_dimensions: int | None) -> int:
    return int(dimension.max(initial=0)) + 1 if n_dimensions is None else n_dimensions


def _padded(rows: ArrayLike | Sequence[ArrayLike]) -> FloatArray:
    if isinstance(rows, np.ndarray) and rows.ndim == 2:
        return rows.astype(np.float64)
    vectors = [np.atleast_1d(np.asarray(row, dtype=np.float64)) for row in rows]  # type: ignore[union-attr]
    width = max((len(vector) for vector in vectors), default=0)
    return np.array([_widened(vector[None, :], width)[0] for vector in vectors]).reshape(-1, width)


def _widened(table: FloatArray, width: int) -> FloatArray:
    missing = width - table.shape[1]
    return np.pad(table, ((0, 0), (0, missing)), constant_values=np.nan) if missing else table
