"""A blueprint and its candidates as linear rows, and rows back into the blueprint's words."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from certify.exams.fixed_forms.blueprint import BLOCK, Attribute, FormBlueprint
from certify.exams.fixed_forms.candidates import (
    Candidates,
    is_asked_negatively,
    is_true_statement,
    section_of,
    value_of,
)
from certify.psychometrics.selecting.constraints import (
    Constraint,
    EnemyItems,
    ItemSets,
    Row,
)
from question_bank.item import Item, ItemType

ENEMIES, LINK = "enemies", "block items"
FACTS = frozenset({ENEMIES, f"{LINK} minimum", f"{LINK} maximum"})
"""Rows that hold whatever the blueprint says; a paper without items keeps them all."""
TRUTH_SHARES = (0.4, 0.6)
"""True statements among the true/false items (TF1)."""
HALF_AN_ITEM = 0.5
"""Few items cannot be divided exactly: three give one or two true ones."""


class DemandKind(StrEnum):
    """What a row of the programme states."""

    LENGTH = "length"
    COUNT = "count"
    TIME = "time"
    NEGATIVE = "negative"
    TRUTH = "truth"
    BLOCKS = "blocks"
    REQUIRED = "required"


@dataclass(frozen=True, slots=True)
class Demand:
    """One side of one requirement. `attribute` and `value` belong to counts, `value` to required.

    `bound` is in items; in seconds for the time; in stimuli for blocks.
    """

    kind: DemandKind
    attribute: str
    value: str
    is_minimum: bool
    bound: float


@dataclass(frozen=True, slots=True, eq=False)
class DemandRow(Constraint):
    """lower <= sum of values over the candidates <= upper."""

    name: str
    values: NDArray[np.float64]
    lower: float
    upper: float

    def rows(self, n_items: int, first_column: int) -> Iterator[Row]:
        """One row."""
        used = np.flatnonzero(self.values)
        yield Row(self.name, None, used, self.values[used], self.lower, self.upper)


def row_name(kind: DemandKind, attribute: str = "", value: str = "") -> str:
    """The name of a row, from which `read_row_name` knows what it states."""
    return "\t".join((kind, attribute, value))


def read_row_name(name: str) -> tuple[DemandKind, str, str]:
    """Kind, attribute and value."""
    if name == f"{LINK}s":
        return DemandKind.BLOCKS, "", ""
    kind, attribute, value = name.split("\t")
    return DemandKind(kind), attribute, value


def constraints_of(blueprint: FormBlueprint, candidates: Candidates) -> list[Constraint]:
    """Everything a single paper must meet; rows that hold anyway are left out."""
    items = candidates.items
    found: list[Constraint] = [
        _row(items, DemandKind.LENGTH, lambda item: 1.0, blueprint.length, blueprint.length),
        _row(items, DemandKind.TIME, _seconds, -np.inf, blueprint.limit_seconds),
    ]
    for rule in blueprint.rules:
        low, high = rule.bounds(blueprint.length)
        belongs = _belongs(rule.attribute, rule.value)
        lower = low if low > 0 else -np.inf
        upper = high if high < blueprint.length else np.inf
        if lower > -np.inf or upper < np.inf:
            name = row_name(DemandKind.COUNT, rule.attribute, rule.value)
            found.append(DemandRow(name, _values(items, belongs), lower, upper))
    most_negative = blueprint.length * blueprint.negative_percent // 100
    if most_negative < blueprint.length:
        asked = _as_number(is_asked_negatively)
        found.append(_row(items, DemandKind.NEGATIVE, asked, -np.inf, most_negative))
    if blueprint.balance_truth:
        found += _truth_rows(items)
    found += [
        _row(items, DemandKind.REQUIRED, _is_item(item_id), 1, 1, value=item_id)
        for item_id in sorted(blueprint.required)
    ]
    found.append(EnemyItems.of(candidates.enemy_pairs, ENEMIES))
    return [*found, *_block_rows(blueprint, candidates)]


def _truth_rows(items: Sequence[Item]) -> Iterator[Constraint]:
    """0.4 n - 0.5 <= true ones <= 0.6 n + 0.5, n being the true/false items of the paper."""
    low, high = TRUTH_SHARES

    def above(share: float) -> Callable[[Item], float]:
        return lambda item: (
            0.0 if section_of(item) != ItemType.TRUE_FALSE else is_true_statement(item) - share
        )

    yield _row(items, DemandKind.TRUTH, above(low), -HALF_AN_ITEM, np.inf, value="least")
    yield _row(items, DemandKind.TRUTH, above(high), -np.inf, HALF_AN_ITEM, value="most")


def _block_rows(blueprint: FormBlueprint, candidates: Candidates) -> Iterator[Constraint]:
    if BLOCK not in blueprint.points or not candidates.blocks:
        if blueprint.blocks.least:
            # no column could ever fill it, and yet the blueprint asks
            zeros = np.zeros(len(candidates.items))
            yield DemandRow(row_name(DemandKind.BLOCKS), zeros, blueprint.blocks.least, np.inf)
        return
    codes = np.full(len(candidates.items), -1, dtype=np.intp)
    for code, members in enumerate(candidates.blocks.values()):
        codes[list(members)] = code
    rule = blueprint.blocks
    yield ItemSets(codes, rule.least_items, rule.most_items, rule.least, rule.most, LINK)


def _row(
    items: Sequence[Item],
    kind: DemandKind,
    amount: Callable[[Item], float],
    lower: float,
    upper: float,
    *,
    value: str = "",
) -> DemandRow:
    return DemandRow(row_name(kind, "", value), _values(items, amount), lower, upper)


def _values(items: Sequence[Item], amount: Callable[[Item], float]) -> NDArray[np.float64]:
    return np.array([amount(item) for item in items], dtype=np.float64)


def _seconds(item: Item) -> float:
    return float(item.expected_seconds)


def _belongs(attribute: Attribute, value: str) -> Callable[[Item], float]:
    return lambda item: float(value_of(item, attribute) == value)


def _is_item(item_id: str) -> Callable[[Item], float]:
    return lambda item: float(item.id == item_id)


def _as_number(holds: Callable[[Item], bool]) -> Callable[[Item], float]:
    return lambda item: float(holds(item))
