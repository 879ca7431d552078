"""What the items of each content category are worth to each examinee, and the n-th best of them.

Two ways to the same answer. `RankedCandidates` reads rankings by information made once per bank
and looks at few items per person; `ValuedCandidates` computes a value of every item, which any
criterion can give. A bank without content categories is one category.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from certify.psychometrics.irt import information
from certify.psychometrics.item_parameters import FloatArray, ItemParameters
from certify.psychometrics.simulating.tracking import BoolArray, IndexArray

BIN = 0.025
"""Width of an interval of ability: information is taken at its middle."""
BOUND = 4.5
"""Abilities beyond this are ranked as if they were this."""
DEPTH = 64
"""Items ranked per interval and category; where they do not suffice, all items are looked at."""
FIRST_LOOK = 12
NONE = -1


class Candidates(ABC):
    """The items at one step of the exams; `available` has the shape (persons, n_items or more)."""

    @property
    @abstractmethod
    def n_categories(self) -> int:
        """How many content categories the items are told apart by."""

    @abstractmethod
    def best(self, available: BoolArray) -> FloatArray:
        """Value of the best available item of each category, (persons, categories); -inf: none."""

    @abstractmethod
    def pick(self, category: IndexArray, place: IndexArray, available: BoolArray) -> IndexArray:
        """The available item at `place` (0: best) in each person's category; NONE if there is none.

        Where fewer items are left than `place` asks for, the last of them.
        """

    @abstractmethod
    def values(self) -> FloatArray:
        """The value of every item, shape (persons, n_items)."""


@dataclass(frozen=True)
class Ranking:
    """Items of each category by falling weighted information in each interval of ability.

    `worth`, shape (intervals, n_items); `order`, shape (categories, intervals, depth), NONE after
    the last item of a small category. `members` holds the items of each category.
    """

    worth: FloatArray
    order: IndexArray
    members: tuple[IndexArray, ...]

    @classmethod
    def of(
        cls,
        items: ItemParameters,
        categories: IndexArray,
        weights: ArrayLike = 1.0,
        *,
        depth: int = DEPTH,
    ) -> "Ranking":
        """`categories` 0..k-1 of the items; `weights` multiply the information, e.g. for time."""
        single = items.on_one_dimension() if items.n_dimensions > 1 else items
        middle = np.arange(-BOUND + BIN / 2, BOUND, BIN)
        worth = information(middle, single) * np.asarray(weights, dtype=np.float64)
        members = tuple(
            np.flatnonzero(categories == code) for code in range(int(categories.max()) + 1)
        )
        depth = min(depth, max(len(own) for own in members))
        order = np.full((len(members), len(middle), depth), NONE, dtype=np.intp)
        for code, own in enumerate(members):
            order[code, :, : min(depth, len(own))] = _ranked(worth[:, own], own, depth)
        return cls(worth, order, members)

    def interval(self, theta: FloatArray) -> IndexArray:
        """The interval of each ability."""
        place = ((theta + BOUND) * (1.0 / BIN)).astype(np.intp)
        return np.asarray(np.minimum(np.maximum(place, 0), len(self.worth) - 1))


def _ranked(worth: FloatArray, own: IndexArray, depth: int) -> IndexArray:
    if len(own) > depth:
        top = np.argpartition(-worth, depth - 1, axis=1)[:, :depth]
        worth = np.take_along_axis(worth, top, axis=1)
        return own[np.take_along_axis(top, np.argsort(-worth, axis=1), axis=1)]
    return own[np.argsort(-worth, axis=1, kind="stable")]


@dataclass(frozen=True)
class RankedCandidates(Candidates):
    """`interval`, shape (persons, categories), of the ability each category measures.

    `scale`, same shape or 1: what the ranked information is multiplied by.
    """

    ranking: Ranking
    interval: IndexArray
    scale: FloatArray | float

    @property
    def n_categories(self) -> int:
        """Those of the ranking."""
        return len(self.ranking.members)

    def best(self, available: BoolArray) -> FloatArray:
        """By the head of the ranking; the rest only for those who find nothing there."""
        order = self.ranking.order
        category = np.arange(len(order))
        place = self._places(available)
        head = order[category, self.interval, :FIRST_LOOK]
        is_free = _look_up(available, head, place)
        first = is_free.argmax(axis=2)
        item = np.take_along_axis(head, first[:, :, None], axis=2)[:, :, 0]
        worth = np.where(
            np.take_along_axis(is_free, first[:, :, None], axis=2)[:, :, 0],
            self.ranking.worth[self.interval, item],
            -np.inf,
        )
        self._look_further(worth, available)
        return np.asarray(worth * self.scale)

    def _look_further(self, worth: FloatArray, available: BoolArray) -> None:
        """Fill in the -inf of `worth`: down to the end of the rankings, then at all items."""
        person, code = np.nonzero(np.isneginf(worth))
        if not len(person):
            return
        interval = self.interval[person, code]
        ranked = self.ranking.order[code, interval]
        is_free = _look_up(available, ranked, self._places(available)[person, 0])
        at = is_free.argmax(axis=1)
        row = np.arange(len(person))
        found = np.where(is_free[row, at], self.ranking.worth[interval, ranked[row, at]], -np.inf)
        worth[person, code] = found
        lacking = np.isneginf(found)
        for category in np.unique(code[lacking]):
            own = self.ranking.members[category]
            if len(own) > ranked.shape[1]:
                rows = person[lacking & (code == category)]
                worth[rows, category] = self._whole(rows, int(category), available).max(axis=1)

    def pick(self, category: IndexArray, place: IndexArray, available: BoolArray) -> IndexArray:
        """Down the ranking until enough available items were met."""
        persons = np.arange(len(category))
        interval = self.interval[persons, category]
        wanted = place + 1
        chosen = np.full(len(category), NONE, dtype=np.intp)
        open_rows = persons
        for look in (FIRST_LOOK, self.ranking.order.shape[2]):
            head = self.ranking.order[category[open_rows], interval[open_rows], :look]
            is_free = _look_up(available, head, self._places(available)[open_rows, 0])
            met = np.cumsum(is_free, axis=1) >= wanted[open_rows, None]
            at = met.argmax(axis=1)
            row = np.arange(len(open_rows))
            is_found = met[row, at]
            chosen[open_rows[is_found]] = head[row, at][is_found]
            open_rows = open_rows[~is_found]
            if not len(open_rows):
                break
        for code in np.unique(category[open_rows]):
            rows = open_rows[category[open_rows] == code]
            chosen[rows] = self._whole_pick(rows, int(code), place[rows], available)
        return chosen

    def values(self) -> FloatArray:
        """Read from the table of every category's interval."""
        table = np.empty((len(self.interval), self.ranking.worth.shape[1]))
        scale = np.broadcast_to(self.scale, self.interval.shape)
        for code, own in enumerate(self.ranking.members):
            rows = self.ranking.worth[self.interval[:, code]]
            table[:, own] = rows[:, own] * scale[:, code, None]
        return table

    def _whole(self, rows: IndexArray, code: int, available: BoolArray) -> FloatArray:
        """Worth of all items of a category for some persons; -inf where not available."""
        own = self.ranking.members[code]
        worth = self.ranking.worth[self.interval[rows, code][:, None], own]
        return np.where(available[rows[:, None], own], worth, -np.inf)

    def _whole_pick(
        self, rows: IndexArray, code: int, place: IndexArray, available: BoolArray
    ) -> IndexArray:
        worth = self._whole(rows, code, available)
        order = np.argsort(-worth, axis=1, kind="stable")
        left = np.isfinite(worth).sum(axis=1)
        at = np.minimum(place, np.maximum(left - 1, 0))
        items = self.ranking.members[code][order[np.arange(len(rows)), at]]
        return np.asarray(np.where(left > 0, items, NONE))

    def _places(self, available: BoolArray) -> IndexArray:
        """Where each person's row begins in the flattened table."""
        return np.asarray(np.arange(len(available))[:, None, None] * available.shape[1])


def _look_up(available: BoolArray, items: IndexArray, place: IndexArray) -> NDArray[np.bool_]:
    """Whether the items are available; NONE never is."""
    return available.reshape(-1).take(items + place) & (items >= 0)


@dataclass(frozen=True)
class ValuedCandidates(Candidates):
    """`table`, shape (persons, n_items): larger is better; `members` of each category."""

    table: FloatArray
    members: tuple[IndexArray, ...]

    @property
    def n_categories(self) -> int:
        """Those with members."""
        return len(self.members)

    def best(self, available: BoolArray) -> FloatArray:
        """The largest available value of each category."""
        masked = np.where(available[:, : self.table.shape[1]], self.table, -np.inf)
        if len(self.members) == 1:
            return np.asarray(masked.max(axis=1, keepdims=True))
        return np.stack([masked[:, own].max(axis=1) for own in self.members], axis=1)

    def pick(self, category: IndexArray, place: IndexArray, available: BoolArray) -> IndexArray:
        """The best again and again, as often as the largest place asks for."""
        n_items = self.table.shape[1]
        masked = np.where(available[:, :n_items], self.table, -np.inf)
        if len(self.members) > 1:
            code_of = np.empty(n_items, dtype=np.intp)
            for code, own in enumerate(self.members):
                code_of[own] = code
            masked[code_of != category[:, None]] = -np.inf
        person = np.arange(len(category))
        chosen = np.full(len(category), NONE, dtype=np.intp)
        for turn in range(int(place.max(initial=0)) + 1):
            at = masked.argmax(axis=1)
            is_better = (turn <= place) & (masked[person, at] > -np.inf)
            chosen[is_better] = at[is_better]
            masked[person, at] = -np.inf
        return chosen

    def values(self) -> FloatArray:
        """As given."""
        return self.table
