"""What a candidate may see of an item, and nothing else: no key, explanation or parameter.

The exam, the interface and the preview of an item all show an `ItemView`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from question_bank.answer_key import EssayKey, NumericKey
from question_bank.errors import MarkupError, UnboundedProcessing, UnsupportedMarkup
from question_bank.interactions import BLANK_MARK, LONGEST_ESSAY
from question_bank.item import Item, ItemType, Option, Stimulus
from question_bank.qti.presentation import presentation
from question_bank.qti.tree import Node

Labelled = tuple[tuple[str, str], ...]
"""Ids with their texts, in the order to show."""


@dataclass(frozen=True, slots=True)
class ItemView:
    """One item as served. `blanks` are the blanks of a fill-in item in the order of its stem.

    `files` are the names of the pictures that its texts may show; `most_characters` limits an
    essay. `body` is what a composite item shows, its variables filled in, instead of the stem.
    """

    position: int
    type: str
    stem: str
    options: Labelled = ()
    targets: Labelled = ()
    blanks: tuple[str, ...] = ()
    unit: str = ""
    decimals: int | None = None
    most_characters: int = 0
    stimulus: Stimulus | None = None
    files: tuple[str, ...] = ()
    body: Node | None = None


def view_item(
    item: Item,
    position: int = 1,
    option_order: Sequence[str] | None = None,
    target_order: Sequence[str] | None = None,
) -> ItemView:
    """An item with its options and targets in the given orders, else in the author's."""
    number = item.answer_key if isinstance(item.answer_key, NumericKey) else None
    return ItemView(
        position=position,
        type=item.type.value,
        stem=item.stem,
        options=_labelled(item.options, option_order),
        targets=_labelled(item.targets, target_order),
        blanks=_blanks(item),
        unit=number.unit if number else "",
        decimals=number.decimals if number else None,
        most_characters=_most_characters(item),
        stimulus=item.stimulus,
        files=tuple(file.name for file in item.files),
        body=_body(item),
    )


def _labelled(options: tuple[Option, ...], order: Sequence[str] | None) -> Labelled:
    texts = {option.id: option.text for option in options}
    return tuple((option_id, texts[option_id]) for option_id in (order or texts))


def _blanks(item: Item) -> tuple[str, ...]:
    if item.type is not ItemType.FILL_IN:
        return ()
    return tuple(dict.fromkeys(BLANK_MARK.findall(item.stem)))


def _most_characters(item: Item) -> int:
    if item.type is not ItemType.ESSAY:
        return 0
    limit = item.answer_key.most_characters if isinstance(item.answer_key, EssayKey) else 0
    return min(limit or LONGEST_ESSAY, LONGEST_ESSAY)


def _body(item: Item) -> Node | None:
    """The body of the markup without feedback; None where it cannot be read, as findings tell."""
    if item.type is not ItemType.COMPOSITE or not item.markup:
        return None
    try:
        return presentation(item.markup).body
    except (MarkupError, UnsupportedMarkup, UnboundedProcessing):
        return None
