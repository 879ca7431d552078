"""From chosen items to a paper: sections, order, points and the places of the right options."""

import random
from collections.abc import Mapping, Sequence
from fractions import Fraction

from certify.exams.fixed_forms.blueprint import BLOCK, SECTIONS, FormBlueprint
from certify.exams.fixed_forms.candidates import section_of
from certify.exams.fixed_forms.form import ExamForm, FormItem
from certify.exams.fixed_forms.key_letters import (
    LONGEST_RUN,
    balanced_orders,
    key_letters,
    longest_run,
)
from certify.exams.form import target_order
from question_bank.item import Item, ItemType, ItemVersion

ORDERS = 20
"""Orders of the items tried until no letter stands too often in a row."""
STEP = Fraction(1, 2)
"""Points of a block are divided among its items in half points where they can be."""


def lay_out(
    blueprint: FormBlueprint,
    versions: Sequence[ItemVersion],
    *,
    letter: str,
    blueprint_id: str,
    blueprint_version: int,
    release_digest: str,
    seed: str,
) -> ExamForm:
    """The paper of these items; the same for the same arguments on every machine."""
    by_id = {version.item.id: version for version in versions}
    chosen = [version.item for version in versions]
    ordered, orders = _calm_order(chosen, f"{seed}/{letter}")
    points = points_of(blueprint, ordered)
    items = tuple(
        FormItem(
            number=number,
            item_id=item.id,
            version=by_id[item.id].version,
            section=section_of(item),
            stimulus="" if item.stimulus is None else item.stimulus.id,
            option_order=order,
            target_order=target_order(item, f"{seed}/{letter}", number),
            points=points[item.id],
        )
        for number, (item, order) in enumerate(zip(ordered, orders, strict=True), 1)
    )
    return ExamForm(
        title=blueprint.title,
        letter=letter,
        level=blueprint.level,
        minutes=blueprint.minutes,
        blueprint_id=blueprint_id,
        blueprint_version=blueprint_version,
        release_digest=release_digest,
        seed=seed,
        items=items,
    )


def points_of(blueprint: FormBlueprint, items: Sequence[Item]) -> Mapping[str, Fraction]:
    """Points by item id. A block's points are shared out in half points, the rest to its last."""
    blocks: dict[str, list[Item]] = {}
    worth: dict[str, Fraction] = {}
    for item in items:
        if item.stimulus is None:
            worth[item.id] = blueprint.points[section_of(item)]
        else:
            blocks.setdefault(item.stimulus.id, []).append(item)
    for members in blocks.values():
        worth |= _shared_out(blueprint.points[BLOCK], members)
    return worth


def _shared_out(total: Fraction, members: Sequence[Item]) -> dict[str, Fraction]:
    steps = total / STEP
    if steps.denominator != 1 or steps < len(members):
        return {item.id: total / len(members) for item in members}
    each, more = divmod(steps.numerator, len(members))
    last = len(members) - more
    return {item.id: (each + (at >= last)) * STEP for at, item in enumerate(members)}


def _calm_order(items: Sequence[Item], seed: str) -> tuple[list[Item], list[tuple[str, ...]]]:
    """Items in the order of the paper with the orders of their options; the calmest of some."""
    best: tuple[int, list[Item], list[tuple[str, ...]]] | None = None
    for attempt in range(ORDERS):
        ordered = _ordered(items, f"{seed}/{attempt}")
        orders = balanced_orders(ordered, f"{seed}/{attempt}")
        pairs = zip(ordered, orders, strict=True)
        run = longest_run([key_letters(i, o) for i, o in pairs if i.type is ItemType.SINGLE])
        if best is None or run < best[0]:
            best = (run, ordered, orders)
        if run <= LONGEST_RUN:
            break
    if best is None:
        return [], []
    return best[1], best[2]


def _ordered(items: Sequence[Item], seed: str) -> list[Item]:
    """By section; within it by lot, the items of a block together in the order of their ids."""
    source = random.Random(seed)  # noqa: S311 - a layout, and reproducible
    lots = {key: source.random() for key in sorted({_together(item) for item in items})}
    return sorted(
        items,
        key=lambda item: (SECTIONS.index(section_of(item)), lots[_together(item)], item.id),
    )


def _together(item: Item) -> str:
    return item.id if item.stimulus is None else item.stimulus.id
