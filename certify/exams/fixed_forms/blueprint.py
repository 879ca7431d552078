"""What a fixed paper must contain, as plain numbers that are checked against one another.

Knows no items: whether a bank can give such a paper is found out in `diagnosis`.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from certify.exams.errors import (
    BlueprintFault,
    CrossedBounds,
    CrossedItems,
    DuplicateRule,
    FieldOutOfRange,
    NoSections,
    RulesTooLarge,
    UnknownValue,
)
from question_bank.item import ItemType
from question_bank.skills import LEVELS

BLOCK = "block"
"""The section of items that share a stimulus; all other sections are item types."""
SECTIONS: tuple[str, ...] = (
    ItemType.SINGLE,
    ItemType.MULTIPLE,
    ItemType.TRUE_FALSE,
    ItemType.NUMERIC,
    ItemType.FILL_IN,
    ItemType.ORDER,
    ItemType.MATCH,
    ItemType.ESSAY,
    BLOCK,
)
"""In the order of the paper. A composite item exists only on a screen and is in none."""
EASY, MIDDLE, HARD = "easy", "middle", "hard"
DIFFICULTIES = (EASY, MIDDLE, HARD)
MOST_ITEMS, MOST_MINUTES, MOST_FORMS = 300, 600, 10
MOST_POINTS = Fraction(1000)
FARTHEST_OFFSET = 4.0
LONGEST_TITLE = 80


class Attribute(StrEnum):
    """What of an item a rule may count."""

    SECTION = "section"
    DIMENSION = "dimension"
    NODE = "node"
    LEVEL = "level"
    BLOOM = "bloom"
    DIFFICULTY = "difficulty"
    WORK_AREA = "work_area"
    CHAPTER = "chapter"


class Unit(StrEnum):
    """In what a rule's numbers are counted."""

    ITEMS = "items"
    PERCENT = "percent"


@dataclass(frozen=True, slots=True)
class CountRule:
    """How many items, or which share of the paper, have one value of an attribute.

    None: not bounded on this side. In the section `block` it counts items, as everywhere.
    """

    attribute: Attribute
    value: str
    minimum: int | None = None
    maximum: int | None = None
    unit: Unit = Unit.ITEMS

    def bounds(self, length: int) -> tuple[int, int]:
        """Fewest and most items on a paper of so many; shares are rounded inwards."""
        least, most = self.minimum or 0, length if self.maximum is None else self.maximum
        if self.unit is Unit.ITEMS or not length:
            return least, most
        highest = length if self.maximum is None else math.floor(Fraction(most * length, 100))
        return math.ceil(Fraction(least * length, 100)), highest


@dataclass(frozen=True, slots=True)
class BlockRule:
    """How many stimuli a paper has, and how many items each of them brings."""

    least: int = 0
    most: int = 0
    least_items: int = 2
    most_items: int = 6


@dataclass(frozen=True, slots=True)
class InformationTarget:
    """At which abilities a paper shall measure well; `offsets` are logits from the level's cut.

    `values`: the information wanted at each, or none: as high as possible, where it is lowest.
    """

    offsets: tuple[float, ...] = (-0.5, 0.0, 0.5)
    values: tuple[float, ...] = ()

    @property
    def is_highest(self) -> bool:
        """Whether the more information the better."""
        return not self.values


@dataclass(frozen=True, slots=True)
class FormBlueprint:
    """The requirements of one paper, or of several parallel ones.

    `level` is whose cut it measures at; items come from `levels`. `points`: per item of each
    section the paper may have, for the section `block` per stimulus. `time_percent`: how much of
    the time the expected seconds may fill; `negative_percent`: the most stems that ask for what
    does not hold. `balance_truth`: true and false statements in equal parts, within 40-60 %.
    `uses`: in how many of the `forms` an item may stand, except required ones, which are in all.
    """

    title: str
    level: str
    levels: tuple[str, ...]
    length: int
    minutes: int
    points: Mapping[str, Fraction]
    rules: tuple[CountRule, ...] = ()
    blocks: BlockRule = field(default_factory=BlockRule)
    time_percent: int = 90
    negative_percent: int = 10
    balance_truth: bool = True
    required: frozenset[str] = frozenset()
    excluded: frozenset[str] = frozenset()
    target: InformationTarget = field(default_factory=InformationTarget)
    forms: int = 1
    uses: int = 1

    @property
    def limit_seconds(self) -> int:
        """How many expected seconds the items may need together."""
        return self.minutes * 60 * self.time_percent // 100

    def points_range(self) -> tuple[Fraction, Fraction]:
        """The fewest and the most points that a paper within the rules can be worth."""
        least = most = Fraction(0)
        for section, worth in self.points.items():
            low, high = self._bounds_of_section(section)
            least, most = least + low * worth, most + high * worth
        return least, most

    def _bounds_of_section(self, section: str) -> tuple[int, int]:
        if section == BLOCK:
            return self.blocks.least, self.blocks.most
        for rule in self.rules:
            if (rule.attribute, rule.value) == (Attribute.SECTION, section):
                return rule.bounds(self.length)
        return 0, self.length


def find_faults(blueprint: FormBlueprint) -> tuple[BlueprintFault, ...]:
    """Everything that a blueprint's own numbers contradict, in the order of its fields."""
    return (*_plain_faults(blueprint), *_rule_faults(blueprint), *_sum_faults(blueprint))


def _plain_faults(blueprint: FormBlueprint) -> Iterator[BlueprintFault]:
    title = " ".join(blueprint.title.split())
    blocks, target = blueprint.blocks, blueprint.target
    for name, value, lowest, highest in (
        ("title", len(title), 1, LONGEST_TITLE),
        ("length", blueprint.length, 1, MOST_ITEMS),
        ("minutes", blueprint.minutes, 1, MOST_MINUTES),
        ("time_percent", blueprint.time_percent, 10, 100),
        ("negative_percent", blueprint.negative_percent, 0, 100),
        ("forms", blueprint.forms, 1, MOST_FORMS),
        ("uses", blueprint.uses, 1, MOST_FORMS),
        ("blocks_most", blocks.most, blocks.least, MOST_ITEMS),
        ("block_most_items", blocks.most_items, blocks.least_items, MOST_ITEMS),
        ("block_least_items", blocks.least_items, 1, MOST_ITEMS),
        ("offsets", len(target.offsets), 1, 7),
    ):
        if not lowest <= value <= highest:
            yield FieldOutOfRange(field=name, lowest=lowest, highest=highest, found=value)
    for level in (blueprint.level, *blueprint.levels):
        if level not in LEVELS:
            yield UnknownValue(field="level", found=level)
    if not blueprint.levels:
        yield UnknownValue(field="levels", found="-")
    far = [offset for offset in target.offsets if not abs(offset) <= FARTHEST_OFFSET]
    wrong = [value for value in target.values if not 0 < value < math.inf]
    if far or wrong or len(target.values) not in (0, len(target.offsets)):
        yield UnknownValue(field="offsets", found=", ".join(map(str, target.values or far)))
    both = sorted(blueprint.required & blueprint.excluded)
    if both:
        yield CrossedItems(items=", ".join(both))


def _rule_faults(blueprint: FormBlueprint) -> Iterator[BlueprintFault]:
    if not blueprint.points:
        yield NoSections()
    for section, worth in blueprint.points.items():
        if section not in SECTIONS:
            yield UnknownValue(field="points", found=section)
        elif not 0 < worth <= MOST_POINTS:
            yield FieldOutOfRange(
                field=f"points_{section}", lowest=0, highest=MOST_POINTS, found=worth
            )
    seen: set[tuple[Attribute, str]] = set()
    for rule in blueprint.rules:
        place = (rule.attribute, rule.value)
        if place in seen:
            yield DuplicateRule(attribute=rule.attribute, value=rule.value)
        seen.add(place)
        low, high = rule.bounds(blueprint.length)
        if not 0 <= low <= high:
            yield CrossedBounds(attribute=rule.attribute, value=rule.value, least=low, most=high)
        elif low > blueprint.length:
            yield RulesTooLarge(attribute=rule.attribute, needed=low, length=blueprint.length)


def _sum_faults(blueprint: FormBlueprint) -> Iterator[BlueprintFault]:
    """Of every attribute whose values exclude each other, the minima fit into the paper."""
    for attribute in Attribute:
        least = [r.bounds(blueprint.length)[0] for r in blueprint.rules if r.attribute is attribute]
        if max(least, default=0) <= blueprint.length < sum(least):
            yield RulesTooLarge(attribute=attribute, needed=sum(least), length=blueprint.length)
