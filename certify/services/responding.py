"""Raw responses made from an item's key: the right one, and plausible wrong ones."""

from collections.abc import Callable, Mapping
from random import Random
from typing import Any

from question_bank.answer_key import (
    BlanksKey,
    ChoiceKey,
    EssayKey,
    MatchKey,
    NumericKey,
    OrderKey,
)
from question_bank.item import Item
from question_bank.qti.item_reader import read_item
from question_bank.qti.values import write_scalar

STRANGE_TEXT = "不清楚"
"""Typed into a blank by somebody who does not know."""


def right_response(item: Item) -> Any:
    """The response that earns the points; for people to mark, the reference answer."""
    match item.answer_key:
        case NumericKey(value=value):
            return {"value": str(value)}
        case ChoiceKey(correct=correct):
            return sorted(correct)
        case BlanksKey(blanks=blanks):
            return {"blanks": {blank.id: blank.accepted[0].text for blank in blanks}}
        case OrderKey(sequence=sequence):
            return list(sequence)
        case MatchKey(pairs=pairs):
            return {"pairs": dict(sorted(pairs))}
        case EssayKey(reference=reference):
            return {"text": reference}
        case _:
            return {"responses": _keyed_values(item)}


def wrong_response(item: Item, random: Random) -> Any:
    """A response with a fault in it, such as a person who half knows would give."""
    go_wrong = _FAULTS.get(type(item.answer_key))
    return go_wrong(item, item.answer_key, random) if go_wrong else {"responses": {}}


def _other_number(item: Item, key: NumericKey, random: Random) -> Any:
    foreseen = [str(answer.value) for answer in item.explanation.wrong_answers]
    allowed = key.tolerance * (abs(key.value) if key.relative else 1)
    return {"value": (foreseen or [str(key.value + allowed * 10 + 1)])[0]}


def _other_options(item: Item, key: ChoiceKey, random: Random) -> Any:
    others = sorted({option.id for option in item.options} - key.correct)
    if len(key.correct) == 1:
        return [random.choice(others)]
    return sorted(key.correct)[1:]


def _one_blank_wrong(item: Item, key: BlanksKey, random: Random) -> Any:
    response = right_response(item)
    response["blanks"][random.choice(key.blanks).id] = STRANGE_TEXT
    return response


def _neighbours_swapped(item: Item, key: OrderKey, random: Random) -> Any:
    sequence = list(key.sequence)
    place = random.randrange(len(sequence) - 1)
    sequence[place], sequence[place + 1] = sequence[place + 1], sequence[place]
    return sequence


def _one_pair_wrong(item: Item, key: MatchKey, random: Random) -> Any:
    response = right_response(item)
    option, right = random.choice(sorted(key.pairs))
    others = [target.id for target in item.targets if target.id != right]
    response["pairs"][option] = random.choice(others) if others else ""
    return response


def _nothing_said(item: Item, key: EssayKey, random: Random) -> Any:
    return {"text": STRANGE_TEXT}


def _keyed_values(item: Item) -> dict[str, list[str]]:
    """The right values that the markup of a composite item declares."""
    if not item.markup:
        return {}
    declared = read_item(item.markup).responses.items()
    return {
        name: [write_scalar(value) for value in one.correct.items]
        for name, one in declared
        if one.correct is not None
    }


_FAULTS: Mapping[type, Callable[[Item, Any, Random], Any]] = {
    NumericKey: _other_number,
    ChoiceKey: _other_options,
    BlanksKey: _one_blank_wrong,
    OrderKey: _neighbours_swapped,
    MatchKey: _one_pair_wrong,
    EssayKey: _nothing_said,
}
