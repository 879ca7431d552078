"""How an item is laid out for one candidate: the order of its options, fixed by seed and stored."""

import re

from certify.exams.adaptive import seeded_draw
from question_bank.item import Item, ItemType

_STARTS_WITH_NUMBER = re.compile(r"^[^\w]*([A-Z]{3}\s*)?\d")
"""Signs and a currency code such as USD may stand before the number."""


def option_order(item: Item, seed: str, position: int) -> tuple[str, ...]:
    """Option ids in the order to show.

    True/false and options that are amounts keep the author's (ascending) order, as the item
    writing rules ask (OP4, OP5); all others are shuffled (Fisher-Yates) by attempt and position.
    """
    order = [option.id for option in item.options]
    amounts = all(_STARTS_WITH_NUMBER.match(option.text) for option in item.options)
    if item.type is ItemType.TRUE_FALSE or amounts:
        return tuple(order)
    for last in range(len(order) - 1, 0, -1):
        other = seeded_draw(seed, position, last + 1, f"option {last}")
        order[last], order[other] = order[other], order[last]
    return tuple(order)
