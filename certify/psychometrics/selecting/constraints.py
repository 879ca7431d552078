"""What a test must contain, as data: one frozen dataclass per kind of constraint, on arrays.

A constraint sees attributes of the items of a bank (a code or a number per item), never items.
`rows` states it as linear inequalities over 0/1 columns: one column per item, followed by the
columns that a constraint adds (one per item set). The programme made of them is in `programme`.

van der Linden (2005), Linear Models for Optimal Test Design, chapters 3 (categorical and
quantitative constraints, enemies) and 7 (item sets).
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from certify.psychometrics.item_parameters import FloatArray

IndexArray = NDArray[np.intp]
UNBOUNDED = float("inf")


@dataclass(frozen=True, slots=True)
class Row:
    """lower <= sum of values x columns <= upper; `part` is the category or set it is about."""

    name: str
    part: int | str | None
    columns: IndexArray
    values: FloatArray
    lower: float
    upper: float


class Constraint(ABC):
    """Base of every kind. `name` is what a person reads when requirements contradict."""

    __slots__ = ()
    name: str

    @abstractmethod
    def rows(self, n_items: int, first_column: int) -> Iterator[Row]:
        """The inequalities over `n_items` item columns; own columns start at `first_column`.

        Raises ValueError where an attribute does not have one value per item.
        """

    def n_own_columns(self) -> int:
        """How many 0/1 columns this constraint adds."""
        return 0


@dataclass(frozen=True, slots=True)
class TestLength(Constraint):
    """minimum <= number of items <= maximum."""

    __test__ = False

    minimum: int
    maximum: int
    name: str = "length"

    def __post_init__(self) -> None:
        """Refuse bounds that cross."""
        _require_order(self.name, self.minimum, self.maximum)

    def rows(self, n_items: int, first_column: int) -> Iterator[Row]:
        """One row."""
        every = np.arange(n_items, dtype=np.intp)
        yield Row(self.name, None, every, np.ones(n_items), self.minimum, self.maximum)


@dataclass(frozen=True, slots=True, eq=False)
class CategoryCounts(Constraint):
    """Minimum and maximum number of items of each category: dimension, element, type, key.

    `codes`, shape (n_items,): the category 0..k-1 of each item, below 0 for none. `minimum` and
    `maximum`, shape (k,); a maximum of n_items or more says nothing. `labels`: what a person reads
    in place of the category's number.
    """

    name: str
    codes: IndexArray
    minimum: FloatArray
    maximum: FloatArray
    labels: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        name: str,
        codes: ArrayLike,
        minimum: ArrayLike = 0.0,
        maximum: ArrayLike = UNBOUNDED,
        *,
        n_categories: int | None = None,
        labels: Sequence[str] = (),
    ) -> "CategoryCounts":
        """From array-likes; a single bound holds for every category.

        `n_categories` defaults to the length of a bound, or the highest code plus one. Raises
        ValueError for bounds that cross, or a code without bounds.
        """
        index = np.asarray(codes, dtype=np.intp)
        least, most = np.asarray(minimum, dtype=np.float64), np.asarray(maximum, dtype=np.float64)
        lengths = {len(bound) for bound in (least, most) if bound.ndim}
        count = n_categories or max(lengths, default=int(index.max(initial=-1)) + 1)
        if lengths - {count} or index.max(initial=-1) >= count:
            raise ValueError(
                f"{name}: expected bounds for {max(count, int(index.max(initial=-1)) + 1)} "
                f"categories, found {sorted(lengths) or count}"
            )
        if labels and len(labels) != count:
            raise ValueError(f"{name}: expected {count} labels, found {len(labels)}")
        least, most = (np.broadcast_to(bound, (count,)) for bound in (least, most))
        for low, high in zip(least, most, strict=True):
            _require_order(name, low, high)
        return cls(name, index, least, most, tuple(labels))

    def rows(self, n_items: int, first_column: int) -> Iterator[Row]:
        """One row per category that is bounded at all."""
        _require_length(self.name, self.codes, n_items)
        for code, (low, high) in enumerate(zip(self.minimum, self.maximum, strict=True)):
            members = np.flatnonzero(self.codes == code)
            if low > 0 or high < len(members):
                part = self.labels[code] if self.labels else code
                least = float(low) if low > 0 else -UNBOUNDED
                yield Row(self.name, part, members, np.ones(len(members)), least, float(high))


@dataclass(frozen=True, slots=True, eq=False)
class AttributeTotal(Constraint):
    """minimum <= sum of an attribute over the chosen items <= maximum, e.g. expected seconds."""

    name: str
    values: FloatArray
    minimum: float = -UNBOUNDED
    maximum: float = UNBOUNDED

    def __post_init__(self) -> None:
        """Refuse bounds that cross and values that are no numbers."""
        _require_order(self.name, self.minimum, self.maximum)
        if not np.isfinite(self.values).all():
            raise ValueError(f"{self.name}: expected a finite value for every item")

    def rows(self, n_items: int, first_column: int) -> Iterator[Row]:
        """One row."""
        _require_length(self.name, self.values, n_items)
        used = np.flatnonzero(self.values)
        yield Row(self.name, None, used, self.values[used], self.minimum, self.maximum)


@dataclass(frozen=True, slots=True, eq=False)
class EnemyItems(Constraint):
    """At most one item of each set: items that give one another away."""

    sets: tuple[IndexArray, ...]
    name: str = "enemies"

    @classmethod
    def of(cls, sets: Sequence[ArrayLike], name: str = "enemies") -> "EnemyItems":
        """From index lists; an item may stand in several sets."""
        return cls(tuple(np.unique(np.asarray(one, dtype=np.intp)) for one in sets), name)

    def rows(self, n_items: int, first_column: int) -> Iterator[Row]:
        """One row per set of two or more."""
        for number, members in enumerate(self.sets):
            _require_indices(self.name, members, n_items)
            if len(members) > 1:
                yield Row(self.name, number, members, np.ones(len(members)), -UNBOUNDED, 1.0)


@dataclass(frozen=True, slots=True, eq=False)
class ItemSets(Constraint):
    """Items around a common stimulus: a set that is used at all gives `minimum` to `maximum` items.

    `codes`, shape (n_items,): the set 0..k-1 of each item, below 0 for items on their own.
    `least_sets` and `most_sets` bound the number of sets in use. Adds one 0/1 column per set.
    """

    codes: IndexArray
    minimum: int
    maximum: int
    least_sets: int = 0
    most_sets: float = UNBOUNDED
    name: str = "item set"

    def __post_init__(self) -> None:
        """Refuse bounds that cross, or a used set of no item."""
        _require_order(self.name, self.minimum, self.maximum)
        _require_order(self.name, self.least_sets, self.most_sets)
        if self.minimum < 1:
            raise ValueError(f"{self.name}: expected at least 1 item of a used set")

    def n_own_columns(self) -> int:
        """One per set: whether it is in use."""
        return int(self.codes.max(initial=-1)) + 1

    def rows(self, n_items: int, first_column: int) -> Iterator[Row]:
        """Two rows per set, and one for the number of sets."""
        _require_length(self.name, self.codes, n_items)
        count = self.n_own_columns()
        for code in range(count):
            members = np.flatnonzero(self.codes == code)
            columns = np.append(members, first_column + code)
            ones = np.ones(len(members))
            least, most = np.append(ones, -self.minimum), np.append(ones, -self.maximum)
            yield Row(f"{self.name} minimum", code, columns, least, 0.0, UNBOUNDED)
            yield Row(f"{self.name} maximum", code, columns, most, -UNBOUNDED, 0.0)
        if self.least_sets > 0 or self.most_sets < count:
            own = np.arange(first_column, first_column + count, dtype=np.intp)
            yield Row(
                f"{self.name}s", None, own, np.ones(count), self.least_sets, float(self.most_sets)
            )


def _require_order(name: str, low: float, high: float) -> None:
    if not low <= high:
        raise ValueError(f"{name}: expected minimum <= maximum, found {low:g} and {high:g}")


def _require_length(name: str, values: NDArray[np.generic], n_items: int) -> None:
    if values.shape != (n_items,):
        raise ValueError(f"{name}: expected one value for each of {n_items} items")


def _require_indices(name: str, members: IndexArray, n_items: int) -> None:
    if len(members) and not (members[0] >= 0 and members[-1] < n_items):
        raise ValueError(f"{name}: expected item indices 0 to {n_items - 1}, found {members}")
