"""How an item is laid out for one candidate: the order of its options, fixed by seed and stored."""

import re
from collections.abc import Sequence

from certify.exams.draws import seeded_draw
from question_bank.answer_key import OrderKey
from question_bank.item import Item, ItemType, Option

_STARTS_WITH_NUMBER = re.compile(r"^[^\w]*([A-Z]{3}\s*)?\d")
"""Signs and a currency code such as USD may stand before the number."""


def option_order(item: Item, seed: str, position: int) -> tuple[str, ...]:
    """Option ids in the order to show.

    True/false, options that are amounts and items whose author says so keep the author's
    (ascending) order, as the item writing rules ask (OP4, OP5); all others are shuffled
    (Fisher-Yates) by attempt and position. What is to be ordered or matched is shuffled even if it
    is amounts, and an ordering item never shows its key.
    """
    order = [option.id for option in item.options]
    if item.shuffle and not is_laid_out_by_author(item):
        order = shuffled(order, seed, position, "option")
    return _without_key(item, order)


def target_order(item: Item, seed: str, position: int) -> tuple[str, ...]:
    """Target ids of a matching item in the order to show; amounts keep the author's order."""
    order = [target.id for target in item.targets]
    if item.shuffle and not _are_amounts(item.targets):
        order = shuffled(order, seed, position, "target")
    return tuple(order)


def is_laid_out_by_author(item: Item) -> bool:
    """Whether the options stand in an order of their own: true and false, or ascending amounts."""
    if item.type in (ItemType.ORDER, ItemType.MATCH):
        return False
    return item.type is ItemType.TRUE_FALSE or _are_amounts(item.options)


def _are_amounts(options: Sequence[Option]) -> bool:
    return all(_STARTS_WITH_NUMBER.match(option.text) for option in options)


def shuffled(order: list[str], seed: str, position: int, purpose: str) -> list[str]:
    """The ids in an order that depends only on the arguments (Fisher-Yates)."""
    for last in range(len(order) - 1, 0, -1):
        other = seeded_draw(seed, position, last + 1, f"{purpose} {last}")
        order[last], order[other] = order[other], order[last]
    return order


def _without_key(item: Item, order: list[str]) -> tuple[str, ...]:
    """The order itself, or where it would be the answer, the same turned by one place."""
    key = item.answer_key
    if isinstance(key, OrderKey) and tuple(order) == key.sequence:
        return (*order[1:], order[0])
    return tuple(order)
