"""Pools with enemies and with cases, for the tests of the engine."""

from __future__ import annotations

from dataclasses import replace

from certify.exams.pool import ItemPool
from question_bank.item import Stimulus
from tests.factories import make_items, make_pool


def hostile_pool() -> ItemPool:
    """Neighbours in difficulty are enemies, named by the first alone, within and across letters."""
    items = make_items(40)
    return make_pool(
        [
            replace(item, enemies=(items[number + 1].id,)) if number % 4 == 0 else item
            for number, item in enumerate(items)
        ]
    )


def pool_with_cases(per_dimension: int = 40) -> ItemPool:
    """Of every dimension, neighbours by threes belong to one case; half of them to none."""
    return make_pool(
        [
            replace(
                item, stimulus=Stimulus(f"case-{item.dimension}{number // 3}", "案例", "背景。")
            )
            if (number := int(item.id[-3:])) // 3 % 2
            else item
            for item in make_items(per_dimension)
        ]
    )
