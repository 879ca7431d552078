"""Whether a written file says what the items say: it is read back and compared, part by part.

So every writer names what its format could not express, without a list of such parts per format.
"""

from collections.abc import Iterable, Mapping
from dataclasses import fields, replace

from question_bank.answer_key import AnswerKey, ChoiceKey, MatchKey, OrderKey
from question_bank.exchange.drafts import option_id, settled
from question_bank.exchange.problems import NOT_EXPRESSED, NOT_WRITTEN, Problem
from question_bank.item import Item, Option

PARTS = tuple(field.name for field in fields(Item))


def problems_of_writing(
    items: Iterable[Item], read_back: Iterable[Item], format_name: str, file: str = ""
) -> tuple[Problem, ...]:
    """One problem for each item that did not come back, or came back with other parts."""
    found = {item.id: item for item in read_back}
    problems = []
    for item in items:
        back = found.get(item.id)
        if back is None:
            problems.append(
                NOT_WRITTEN.at(file, item_id=item.id, format=format_name, type=item.type.value)
            )
            continue
        parts = ", ".join(different_parts(item, back))
        if parts:
            problems.append(
                NOT_EXPRESSED.at(file, item_id=item.id, format=format_name, parts=parts)
            )
    return tuple(problems)


def different_parts(item: Item, other: Item) -> list[str]:
    """Names of the parts in which two items differ, whatever their options are called."""
    one, two = relabelled(settled(item)), relabelled(settled(other))
    return [name for name in PARTS if getattr(one, name) != getattr(two, name)]


def relabelled(item: Item) -> Item:
    """The item with options called a, b, … in their order and targets t1, t2, … by their text."""
    options = {option.id: option_id(number) for number, option in enumerate(item.options)}
    sorted_targets = sorted(item.targets, key=lambda target: (target.text, target.id))
    targets = {target.id: f"t{number}" for number, target in enumerate(sorted_targets, start=1)}
    if item.type.value == "true_false":
        options = {name: name for name in options}
    notes = item.explanation.option_notes
    mapping = {
        _named(name, options, targets): value for name, value in item.scoring.mapping.items()
    }
    return replace(
        item,
        options=tuple(Option(options[option.id], option.text) for option in item.options),
        targets=tuple(Option(targets[target.id], target.text) for target in sorted_targets),
        answer_key=_relabelled_key(item, options, targets),
        scoring=replace(item.scoring, mapping=mapping),
        explanation=replace(
            item.explanation,
            option_notes={options.get(name, name): note for name, note in notes.items()},
        ),
    )


def _relabelled_key(
    item: Item, options: Mapping[str, str], targets: Mapping[str, str]
) -> AnswerKey | None:
    match item.answer_key:
        case ChoiceKey(correct=correct):
            return ChoiceKey(frozenset(options.get(name, name) for name in correct))
        case OrderKey(sequence=sequence):
            return OrderKey(tuple(options.get(name, name) for name in sequence))
        case MatchKey(pairs=pairs):
            return MatchKey(
                frozenset((options.get(one, one), targets.get(two, two)) for one, two in pairs)
            )
        case key:
            return key


def _named(name: str, options: Mapping[str, str], targets: Mapping[str, str]) -> str:
    """The new name of an option, or of a pair of option and target."""
    option, blank, target = name.partition(" ")
    return f"{options.get(option, option)}{blank}{targets.get(target, target)}"
