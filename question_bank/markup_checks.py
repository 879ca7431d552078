"""Whether an item kept as markup can be sat in an exam: shown in a browser, and scored at once."""

from collections.abc import Iterator

from question_bank import findings as faults
from question_bank.errors import MarkupError, UnboundedProcessing, UnsupportedMarkup
from question_bank.findings import Finding
from question_bank.item import Item, ItemType
from question_bank.qti.item_reader import read_item
from question_bank.qti.marking import needs_marking
from question_bank.qti.names import element_name
from question_bank.qti.processing import process
from question_bank.skills import SkillModel

NOT_SHOWN = frozenset(
    element_name(f"{name}Interaction")
    for name in (
        *("selectPoint", "positionObject", "media", "drawing", "upload", "custom"),
        *("portableCustom", "endAttempt"),
    )
)
"""Interactions that the exam page has no form for."""


def check_markup(item: Item, model: SkillModel) -> Iterator[Finding]:
    """Of a composite item: unreadable, without interaction, not shown, or not to be scored."""
    if item.type is not ItemType.COMPOSITE:
        return
    try:
        definition = read_item(item.markup)
        outcome = process(item.markup, {})
    except (MarkupError, UnsupportedMarkup, UnboundedProcessing) as error:
        yield faults.MARKUP_UNREADABLE.found_in(item, reason=str(error)[:200])
        return
    names = {node.name for node in definition.interactions}
    if not names:
        yield faults.MARKUP_ASKS_NOTHING.found_in(item)
    for name in sorted(names & NOT_SHOWN):
        yield faults.MARKUP_NOT_SHOWN.found_in(item, interaction=name.removeprefix("qti-"))
    if outcome.unsupported:
        parts = ", ".join(outcome.unsupported)[:200]
        yield faults.MARKUP_NOT_SCORED.found_in(item, parts=parts)


def is_marked_by_people(item: Item) -> bool:
    """Whether the points of an item wait for somebody who judges its answers."""
    if item.type is ItemType.COMPOSITE and item.markup:
        try:
            return needs_marking(read_item(item.markup))
        except MarkupError:
            return True
    return item.type is ItemType.ESSAY
