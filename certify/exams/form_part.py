"""A fixed form as a part of an attempt: its items in the order to serve them.

As printed, or shuffled by the attempt's seed: sections stay in their order, the items of a case
together and in theirs.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from certify.exams.fixed_forms.form import ExamForm, FormItem
from certify.exams.form import option_order, shuffled, target_order
from question_bank.item import Item


@dataclass(frozen=True, slots=True)
class PlacedItem:
    """An item of a form at its place; `position` counts through the whole attempt, from 1."""

    position: int
    item_id: str
    option_order: tuple[str, ...]
    target_order: tuple[str, ...]


def placed_items(
    form: ExamForm,
    items: Mapping[str, Item],
    *,
    seed: str,
    is_shuffled: bool,
    served_before: int,
) -> tuple[PlacedItem, ...]:
    """Everything that a form part serves, after `served_before` items of the parts before it.

    `items` holds those of the form by id. The same for the same arguments on every machine.
    """
    if not is_shuffled:
        return tuple(
            PlacedItem(position, entry.item_id, entry.option_order, entry.target_order)
            for position, entry in enumerate(form.items, served_before + 1)
        )
    return tuple(
        PlacedItem(
            position,
            entry.item_id,
            option_order(items[entry.item_id], seed, position),
            target_order(items[entry.item_id], seed, position),
        )
        for position, entry in enumerate(_shuffled_entries(form, seed), served_before + 1)
    )


def _shuffled_entries(form: ExamForm, seed: str) -> Iterator[FormItem]:
    for section in dict.fromkeys(entry.section for entry in form.items):
        blocks: dict[str, list[FormItem]] = {}
        for entry in form.items:
            if entry.section == section:
                blocks.setdefault(entry.stimulus or entry.item_id, []).append(entry)
        for name in shuffled(list(blocks), seed, 0, f"{form.digest} {section}"):
            yield from blocks[name]
