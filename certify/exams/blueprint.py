"""What an exam must contain, and whether a pool of items can give it."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from certify.exams.errors import BlueprintNotSatisfiable, InvalidBlueprint
from certify.exams.pool import ItemPool
from question_bank.skills import level_rank


@dataclass(frozen=True)
class ExamBlueprint:
    """An adaptive exam for one level of one programme.

    `shares` of the dimensions sum to one; `applied_cut` is the level's cut on the composite scale;
    the exam stops when the posterior is on one side of it with `stop_confidence`, between
    `min_items` and `max_items` scored items, and every dimension's standard error is at most
    `max_dimension_se`. `best_of` is how many of the best items the randomesque draw chooses from;
    `pretest_items` are tried out besides; `max_exposure` is the largest share of a level's
    candidates that should see an item.
    """

    programme_code: str
    programme_version: int
    level: str
    shares: Mapping[str, Fraction]
    min_items: int
    max_items: int
    limit_seconds: int
    applied_cut: float
    stop_confidence: float
    best_of: int
    max_dimension_se: float = math.inf
    pretest_items: int = 0
    max_exposure: float = 1.0

    def __post_init__(self) -> None:
        """Raise InvalidBlueprint naming the field at fault."""
        for holds, expected, found in (
            (sum(self.shares.values()) == 1, "dimension shares that sum to 1", self.shares),
            (all(share >= 0 for share in self.shares.values()), "shares of 0 or more", self.shares),
            (
                0 < self.min_items <= self.max_items,
                "0 < min_items <= max_items",
                (self.min_items, self.max_items),
            ),
            (self.limit_seconds > 0, "a time limit above 0", self.limit_seconds),
            (0.5 < self.stop_confidence < 1, "stop_confidence in (0.5, 1)", self.stop_confidence),
            (self.best_of >= 1, "best_of of 1 or more", self.best_of),
            (self.max_dimension_se > 0, "max_dimension_se above 0", self.max_dimension_se),
            (
                0 <= self.pretest_items < self.min_items,
                "0 <= pretest_items < min_items",
                (self.pretest_items, self.min_items),
            ),
            (0 < self.max_exposure <= 1, "max_exposure in (0, 1]", self.max_exposure),
        ):
            if not holds:
                raise InvalidBlueprint(where=self.name, expected=expected, found=found)

    @property
    def name(self) -> str:
        """Programme, version and level in one word."""
        return f"{self.programme_code}/{self.programme_version}/{self.level}"

    @cached_property
    def weights(self) -> Mapping[str, float]:
        """The shares as floating-point numbers."""
        return {code: float(share) for code, share in self.shares.items()}

    def most_items(self, dimension: str) -> int:
        """What a bank must have of a dimension: its share of the longest exam, rounded up."""
        return math.ceil(self.shares.get(dimension, Fraction(0)) * self.max_items)

    def least_items(self, dimension: str) -> int:
        """The fewest that any exam of at least `min_items` takes: its share, rounded down."""
        return self._least.get(dimension, 0)

    @cached_property
    def _least(self) -> Mapping[str, int]:
        return {code: math.floor(share * self.min_items) for code, share in self.shares.items()}


def check_satisfiable(blueprint: ExamBlueprint, pool: ItemPool) -> None:
    """Raise BlueprintNotSatisfiable for the first dimension that lacks items.

    A pool that passes never runs out of items that the shares allow, whatever is drawn and
    answered.
    """
    usable = usable_per_dimension(blueprint, pool)
    for dimension in dict.fromkeys((*pool.dimensions, *blueprint.shares)):
        needed, found = blueprint.most_items(dimension), usable.get(dimension, 0)
        if found < needed:
            raise BlueprintNotSatisfiable(
                where=blueprint.name, dimension=dimension, needed=needed, found=found
            )


def usable_per_dimension(blueprint: ExamBlueprint, pool: ItemPool) -> dict[str, int]:
    """Number of items per dimension that an exam can count on, whichever is drawn first.

    Items above the exam's level do not count. Of items that are enemies, directly or through
    others, one can be counted on, as the first one drawn may shut out all the rest; none where
    they belong to several dimensions.
    """
    usable = dict.fromkeys(pool.dimensions, 0)
    for group in _groups_of_enemies(blueprint, pool):
        dimensions = {pool.items[pool.index_of[item_id]].dimension for item_id in group}
        if len(dimensions) == 1:
            usable[dimensions.pop()] += 1
    return usable


def _groups_of_enemies(blueprint: ExamBlueprint, pool: ItemPool) -> Iterator[set[str]]:
    """Ids of the items up to the exam's level, in groups connected by enmity; most are alone."""
    rank = level_rank(blueprint.level)
    ungrouped = {item.id for item in pool.items if level_rank(item.level) <= rank}
    while ungrouped:
        group: set[str] = set()
        found = {ungrouped.pop()}
        while found:
            ungrouped -= found
            group |= found
            found = {enemy for item_id in found for enemy in pool.enemies_of[item_id]} & ungrouped
        yield group
