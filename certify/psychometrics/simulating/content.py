"""What exams must contain, kept in lock-step: shares of categories, caps of elements, enemies.

Shares: lower_j(n) <= a_j <= upper_j(n) is to hold for the count a_j of each category after any
number n of items. Where the value of the items decides which category is next, a category may be
given next when its count is below upper_j(n + 1) and the lower bounds stay within reach: with
need(k) = sum_j max(0, lower_j(n + k) - a_j), the next item must come from a category that lacks
items at the smallest k with need(k) = k. For bounds that are the shares times the length, rounded
down and up, some category always qualifies (Still 1979, SIAM Journal on Applied Mathematics
37:401-418). Categories that do not cross make this exact; for constraints that cross them, exams by
shadow tests are in `shadowing`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from certify.psychometrics.item_parameters import FloatArray
from certify.psychometrics.selection import ROUNDING
from certify.psychometrics.simulating.tracking import BoolArray, IndexArray


@dataclass(frozen=True)
class CategoryBounds:
    """`lower` and `upper`, shape (longest + 1, categories): counts allowed at each length.

    `shares` sum to one. See `proportional`.
    """

    shares: FloatArray
    lower: NDArray[np.int16]
    upper: NDArray[np.int16]

    @classmethod
    def proportional(
        cls, shares: ArrayLike, longest: int, *, slack: float = 0.0, shortest: int = 0
    ) -> "CategoryBounds":
        """Shares times the length, `slack` items below (rounded down) and above (rounded up).

        From the length `shortest` on at least the shares of that length, rounded down. Raises
        ValueError unless the shares are positive or 0 and sum to one.
        """
        share = np.asarray(shares, dtype=np.float64)
        if not ((share >= 0).all() and abs(share.sum() - 1.0) < 1e-9 and slack >= 0):
            raise ValueError(f"expected shares that sum to 1 and a slack >= 0, found {share}")
        exact = np.arange(longest + 1)[:, None] * share
        lower = np.maximum(np.floor(exact - slack + ROUNDING), 0)
        upper = np.where(share > 0, np.ceil(exact + slack - ROUNDING), 0)
        lower[shortest:] = np.maximum(lower[shortest:], np.floor(shortest * share + ROUNDING))
        return cls(share, lower.astype(np.int16), upper.astype(np.int16))

    def violations(self, counts: NDArray[np.int64], length: NDArray[np.int64]) -> BoolArray:
        """Whether an exam of this length breaks a bound; `counts`, shape (persons, categories)."""
        broken = (counts < self.lower[length]) | (counts > self.upper[length])
        return np.asarray(broken.any(axis=1))

    def allowed(self, counts: NDArray[np.int16], length: int) -> BoolArray:
        """Categories that may be given as item `length` + 1, shape (persons, categories)."""
        below = counts < self.upper[length + 1]
        # persons last: sums over the few categories then run along whole rows
        lack = self.lower[length + 1 :, :, None] - np.ascontiguousarray(counts.T)
        np.maximum(lack, 0, out=lack)
        need = lack[:, 0].copy()
        for code in range(1, lack.shape[1]):
            need += lack[:, code]
        is_tight = need >= np.arange(1, len(need) + 1, dtype=np.int16)[:, None]
        tight = np.flatnonzero(is_tight.any(axis=0))
        if not len(tight):
            return np.asarray(below)
        urgent = lack[is_tight[:, tight].argmax(axis=0), :, tight] > 0
        both = below[tight] & urgent
        below[tight] = np.where(both.any(axis=1)[:, None], both, urgent)
        return np.asarray(below)


@dataclass(frozen=True)
class ContentPlan:
    """`categories`, shape (n_items,), of the items: those of `bounds`, e.g. dimensions.

    Among the categories allowed next, the one of the best item is taken if `is_by_value`, else
    the one whose share is largest for its count plus one: the quota method of Balinski & Young
    (1975, American Mathematical Monthly 82:701-730), for bounds without slack. `elements`,
    shape (n_items,), finer than the categories, give at most `most_per_element` items each.
    `enemies`: sets of which one item at most is given.
    """

    categories: IndexArray
    bounds: CategoryBounds
    is_by_value: bool = False
    elements: IndexArray | None = None
    most_per_element: ArrayLike = np.iinfo(np.int16).max
    enemies: Sequence[Sequence[int]] = field(default=())

    def caps(self) -> NDArray[np.int64]:
        """The most items of each element."""
        if self.elements is None:
            return np.empty(0, dtype=np.int64)
        count = int(self.elements.max()) + 1
        return np.broadcast_to(np.asarray(self.most_per_element, dtype=np.int64), (count,))


class ContentState:
    """Counts of the persons still at work; `free`, shape (persons, n_items + 1): may be given.

    The last column belongs to no item.
    """

    def __init__(self, plan: ContentPlan | None, n_items: int, n_persons: int) -> None:
        self.plan = plan
        self.free = np.ones((n_persons, n_items + 1), dtype=bool)
        self.free[:, n_items] = False
        self._length = 0
        if plan is None:
            return
        self.counts = np.zeros((n_persons, len(plan.bounds.shares)), dtype=np.int16)
        self._element_counts = np.zeros((n_persons, len(plan.caps())), dtype=np.int64)
        self._rivals = _rivals(plan.enemies, n_items)
        self._of_element = _padded_members(plan.elements, n_items)

    def keep(self, is_active: BoolArray) -> None:
        """Go on with these persons alone."""
        self.free = self.free[is_active]
        if self.plan is not None:
            self.counts = self.counts[is_active]
            self._element_counts = self._element_counts[is_active]

    @property
    def is_by_value(self) -> bool:
        """Whether the best item decides which category is next; without a plan it does."""
        return self.plan is None or self.plan.is_by_value

    def allowed(self, n_categories: int) -> BoolArray:
        """Categories that may come next, shape (persons, categories).

        The rule by shares needs no look ahead: it keeps the lower bounds by itself.
        """
        plan = self.plan
        if plan is None:
            return np.ones((len(self.free), n_categories), dtype=bool)
        if plan.is_by_value:
            return plan.bounds.allowed(self.counts, self._length)
        return np.asarray(self.counts < plan.bounds.upper[self._length + 1])

    def choose(self, allowed: BoolArray, best: FloatArray | None) -> IndexArray:
        """The category of each person's next item: of the best value, or by the shares."""
        if best is None and self.plan is not None:
            best = self.plan.bounds.shares / (self.counts + 1.0)
        if best is None or allowed.shape[1] == 1:
            return np.zeros(len(allowed), dtype=np.intp)
        return np.asarray(np.where(allowed, best, -np.inf).argmax(axis=1))

    def record(self, items: IndexArray) -> None:
        """Count, and block what may not follow."""
        person = np.arange(len(items))
        self.free[person, items] = False
        self._length += 1
        plan = self.plan
        if plan is None:
            return
        self.counts[person, plan.categories[items]] += 1
        if self._rivals.shape[1]:
            self.free[person[:, None], self._rivals[items]] = False
        if plan.elements is not None:
            element = plan.elements[items]
            self._element_counts[person, element] += 1
            is_full = self._element_counts[person, element] >= plan.caps()[element]
            rows = np.flatnonzero(is_full)
            self.free[rows[:, None], self._of_element[element[rows]]] = False


def _rivals(sets: Sequence[Sequence[int]], n_items: int) -> IndexArray:
    """Enemies of each item, shape (n_items, most), padded with n_items."""
    others: list[set[int]] = [set() for _ in range(n_items)]
    for members in sets:
        for item in members:
            others[item] |= set(members) - {item}
    width = max((len(one) for one in others), default=0)
    table = np.full((n_items, width), n_items, dtype=np.intp)
    for item, one in enumerate(others):
        table[item, : len(one)] = sorted(one)
    return table


def _padded_members(codes: IndexArray | None, n_items: int) -> IndexArray:
    """Items of each code, shape (codes, most), padded with n_items."""
    if codes is None:
        return np.empty((0, 0), dtype=np.intp)
    counts = np.bincount(codes)
    table = np.full((len(counts), int(counts.max())), n_items, dtype=np.intp)
    for code, count in enumerate(counts):
        table[code, :count] = np.flatnonzero(codes == code)
    return table
