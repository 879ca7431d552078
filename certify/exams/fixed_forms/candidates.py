"""The items that a paper may be made of, with the values that rules count."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from certify.exams.fixed_forms.blueprint import (
    BLOCK,
    EASY,
    HARD,
    MIDDLE,
    SECTIONS,
    Attribute,
    FormBlueprint,
)
from question_bank.answer_key import ChoiceKey
from question_bank.item import Item, ItemStatus, ItemType, ItemVersion
from question_bank.quality.wording import is_negative

EASY_FROM, HARD_BELOW = 0.75, 0.5
"""Expected share of right answers; source: the item writing rules, section 11."""


@dataclass(frozen=True)
class Candidates:
    """Items in the order of their ids; all that a paper of the blueprint may hold."""

    versions: tuple[ItemVersion, ...]

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """Without their versions."""
        return tuple(version.item for version in self.versions)

    @cached_property
    def index_of(self) -> Mapping[str, int]:
        """Position of each item id."""
        return {item.id: index for index, item in enumerate(self.items)}

    @cached_property
    def blocks(self) -> Mapping[str, tuple[int, ...]]:
        """Positions of the items of each stimulus."""
        found: dict[str, list[int]] = {}
        for at, item in enumerate(self.items):
            if item.stimulus is not None:
                found.setdefault(item.stimulus.id, []).append(at)
        return {name: tuple(places) for name, places in found.items()}

    @cached_property
    def enemy_pairs(self) -> tuple[tuple[int, int], ...]:
        """Pairs that must not stand together; naming one side is enough."""
        pairs = set()
        for at, item in enumerate(self.items):
            for enemy in item.enemies:
                other = self.index_of.get(enemy, at)
                if other != at:
                    pairs.add((min(at, other), max(at, other)))
        return tuple(sorted(pairs))

    def count(self, attribute: Attribute) -> Mapping[str, int]:
        """How many items there are of each value."""
        return Counter(value_of(item, attribute) for item in self.items)


def value_of(item: Item, attribute: Attribute) -> str:
    """What a rule about the attribute counts this item as."""
    match attribute:
        case Attribute.SECTION:
            return section_of(item)
        case Attribute.DIFFICULTY:
            return difficulty_of(item)
        case _:
            return str(getattr(item, attribute.value))


def section_of(item: Item) -> str:
    """The part of the paper where the item stands."""
    return item.type.value if item.stimulus is None else BLOCK


def difficulty_of(item: Item) -> str:
    """Easy, middle or hard, by the experts' guess."""
    share = float(item.difficulty.p)
    if share >= EASY_FROM:
        return EASY
    return HARD if share < HARD_BELOW else MIDDLE


def is_true_statement(item: Item) -> bool:
    """Whether the key of a true/false item is true."""
    key = item.answer_key
    return isinstance(key, ChoiceKey) and "true" in key.correct


def find_candidates(blueprint: FormBlueprint, versions: Iterable[ItemVersion]) -> Candidates:
    """The operational items of the blueprint's levels and sections that are not excluded.

    Blocks with too few items of that kind are left out as a whole; what is required is let in
    whatever its level.
    """
    usable = [version for version in versions if _is_usable(blueprint, version)]
    sizes = Counter(v.item.stimulus.id for v in usable if v.item.stimulus is not None)
    least = blueprint.blocks.least_items
    kept = [
        version
        for version in usable
        if version.item.stimulus is None or sizes[version.item.stimulus.id] >= least
    ]
    return Candidates(tuple(sorted(kept, key=lambda version: version.item.id)))


def _is_usable(blueprint: FormBlueprint, version: ItemVersion) -> bool:
    item = version.item
    if version.status is not ItemStatus.OPERATIONAL or item.type is ItemType.COMPOSITE:
        return False
    if item.id in blueprint.excluded:
        return False
    is_wanted = item.level in blueprint.levels or item.id in blueprint.required
    return is_wanted and section_of(item) in blueprint.points and section_of(item) in SECTIONS


def is_asked_negatively(item: Item) -> bool:
    """Whether the stem asks for what does not hold (ST3)."""
    return is_negative(item)
