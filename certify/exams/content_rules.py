"""What an adaptive exam of a blueprint must contain, and how its choices are weighed.

The numbers are this project's own, tuned by simulation (`benchmarks/measurement.py`); the simulated
exams that tune exposure and measure accuracy follow the same plan.
"""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from certify.exams.blueprint import ExamBlueprint
from certify.exams.estimation import share_vector
from certify.exams.pool import ItemPool
from certify.psychometrics.irt import FloatArray
from certify.psychometrics.simulation import CategoryBounds
from question_bank.item import ItemType
from question_bank.skills import level_rank

SLACK = 2.0
"""Items by which a dimension may be ahead of or behind its share during the exam."""
HURRY = 3.0
"""Exponent of a dimension's posterior variance: above 1, what is known least comes first."""
CROWDING = 1.6
"""A node may have this many times its even share of its dimension's items."""
FEWEST_PER_NODE = 2
TYPE_PLAY = 1.25
"""A type of item may have this many times its share of the usable items."""
FEWEST_PER_TYPE = 2


@dataclass(frozen=True)
class ContentRules:
    """The rules of one blueprint over one pool, as arrays made once."""

    pool: ItemPool
    blueprint: ExamBlueprint

    @cached_property
    def shares(self) -> FloatArray:
        """Share of each dimension, shape (dims,)."""
        return share_vector(self.pool, self.blueprint)

    @cached_property
    def usable(self) -> NDArray[np.bool_]:
        """Items of the blueprint's level or below, in dimensions it asks for; shape (n_items,)."""
        is_low_enough = self.pool.level_ranks <= level_rank(self.blueprint.level)
        return np.asarray(is_low_enough & (self.shares > 0)[self.pool.dimension_index])

    @cached_property
    def bounds(self) -> CategoryBounds:
        """Counts of each dimension allowed at each length."""
        return self.bounds_of(self.shares)

    def bounds_of(self, shares: FloatArray) -> CategoryBounds:
        """The same of other shares, as where dimensions without one are left out."""
        return CategoryBounds.proportional(
            shares,
            self.blueprint.max_items,
            slack=SLACK,
            shortest=self.blueprint.min_items,
        )

    @cached_property
    def node_index(self) -> NDArray[np.intp]:
        """The node of each item as a number, shape (n_items,)."""
        numbers = {node: number for number, node in enumerate(self._nodes)}
        return np.array([numbers[item.node] for item in self.pool.items], dtype=np.intp)

    @cached_property
    def most_per_node(self) -> NDArray[np.int64]:
        """The most items of each node, in the order of `node_index`."""
        dimension_of = {
            item.node: place
            for item, place in zip(self.pool.items, self.pool.dimension_index, strict=True)
        }
        per_dimension = Counter(dimension_of.values())
        caps = [
            np.ceil(
                CROWDING
                * self.shares[dimension_of[node]]
                * self.blueprint.max_items
                / per_dimension[dimension_of[node]]
            )
            for node in self._nodes
        ]
        return np.maximum(np.array(caps, dtype=np.int64), FEWEST_PER_NODE)

    @cached_property
    def type_index(self) -> NDArray[np.intp]:
        """The type of each item as a number, shape (n_items,)."""
        types = list(ItemType)
        return np.array([types.index(item.type) for item in self.pool.items], dtype=np.intp)

    @cached_property
    def most_per_type(self) -> NDArray[np.int64]:
        """The most items of each type, in the order of `ItemType`.

        Without it, what cannot be guessed would crowd out the choices, which carry most content.
        """
        counts = np.bincount(self.type_index[self.usable], minlength=len(ItemType))
        share = counts / max(1, int(counts.sum()))
        caps = np.ceil(TYPE_PLAY * share * self.blueprint.max_items).astype(np.int64)
        return np.maximum(caps, FEWEST_PER_TYPE)

    @cached_property
    def _nodes(self) -> tuple[str, ...]:
        return tuple(sorted({item.node for item in self.pool.items}))

    def allowed(self, given: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Dimensions that may come next after these counts, shape (dims,)."""
        counts = given.astype(np.int16)[None]
        return np.asarray(self.bounds.allowed(counts, int(given.sum()))[0])
