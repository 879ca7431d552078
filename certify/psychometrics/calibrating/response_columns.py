"""Response patterns as columns of zeros and ones, so that an E-step is two matrix products.

One column per item and category above 0. Where an item was not given to everybody it has one more
column: "was answered". ln L is the columns times a table; expected counts are the columns,
transposed, times the posterior. Columns are ordered by dimension.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from certify.psychometrics.calibrating.bank_plan import BankPlan, BoolArray, IndexArray
from certify.psychometrics.calibrating.coded_responses import MISSING, Cells
from certify.psychometrics.calibrating.item_maximisation import ItemCounts
from certify.psychometrics.item_parameters import FloatArray

ANSWERED = 0
"""In place of a category: the column that tells who answered."""


@dataclass(frozen=True)
class ResponseColumns:
    """`item` and `category` of each column; `edges`: columns of dimension d start at edges[d]."""

    item: IndexArray
    category: IndexArray
    edges: IndexArray
    items_of: tuple[IndexArray, ...]
    everybody: BoolArray
    """Which items everybody answered."""
    plain: bool
    """Whether the columns are the cells themselves."""

    @classmethod
    def of(cls, plan: BankPlan, everybody: BoolArray) -> "ResponseColumns":
        """The columns of these items."""
        pairs = [
            (plan.dimension[item], category, item)
            for item in range(len(plan))
            for category in range(1 if everybody[item] else ANSWERED, plan.top[item] + 1)
        ]
        table = np.array(sorted(pairs), dtype=np.intp).reshape(-1, 3)
        edges = np.searchsorted(table[:, 0], np.arange(plan.n_dimensions + 1))
        plain = bool(everybody.all() and (plan.top == 1).all() and plan.n_dimensions == 1)
        return cls(
            table[:, 2],
            table[:, 1],
            edges,
            tuple(np.flatnonzero(plan.dimension == d) for d in range(plan.n_dimensions)),
            everybody,
            plain,
        )

    @cached_property
    def _answered(self) -> BoolArray:
        return np.asarray(self.category == ANSWERED)

    def matrix(self, cells: Cells) -> FloatArray:
        """The columns of these patterns, shape (patterns, columns)."""
        if self.plain:
            return cells.astype(np.float64)
        chosen = cells[:, self.item]
        found = np.where(self._answered, chosen != MISSING, chosen == self.category)
        return np.asarray(found.astype(np.float64))

    def part(self, dimension: int) -> slice:
        """The columns of one dimension."""
        return slice(int(self.edges[dimension]), int(self.edges[dimension + 1]))

    def gains(self, log_p: FloatArray) -> FloatArray:
        """ln P_k - ln P_0 per column (ln P_0 itself where it tells who answered)."""
        lowest = log_p[self.item, 0]
        above = log_p[self.item, self.category] - lowest
        return np.asarray(np.where(self._answered[:, None], lowest, above))

    def constants(self, log_p: FloatArray) -> FloatArray:
        """Sum of ln P_0 of the items everybody answered, shape (dimensions, points)."""
        return np.array(
            [log_p[items[self.everybody[items]], 0].sum(axis=0) for items in self.items_of]
        )

    def item_counts(
        self, plan: BankPlan, sums: FloatArray, persons: FloatArray, points: FloatArray
    ) -> ItemCounts:
        """Expected counts from column sums (columns, points) and persons (dimensions, points)."""
        counts = np.zeros((len(plan), plan.n_thresholds + 1, len(points)))
        answered = persons[plan.dimension]
        answered[self.item[self._answered]] = sums[self._answered]
        above = ~self._answered
        counts[self.item[above], self.category[above]] = sums[above]
        counts[:, 0] = np.maximum(answered - counts[:, 1:].sum(axis=1), 0.0)
        categories = np.arange(plan.n_thresholds + 1.0)
        scored = np.einsum("c,icq,q->i", categories, counts, points)
        return ItemCounts(counts.sum(axis=2), scored, answered, counts)
