"""One item -> its QTI document in a version: from its markup, or from what we know of it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from question_bank.errors import MalformedMarkup, MarkupError
from question_bank.exchange.markdown_nodes import UNWRITABLE, block_nodes
from question_bank.exchange.markup_reader import read_markup
from question_bank.exchange.qti import writing_problems as kinds
from question_bank.exchange.qti.native_blanks import blanks_of, mixes_numbers
from question_bank.exchange.qti.native_bodies import stimulus_nodes
from question_bank.exchange.qti.native_markup import native_item_node, stimulus_reference
from question_bank.exchange.qti.resources import file_attribute
from question_bank.exchange.qti.versions import Version, in_version
from question_bank.item import Item, ItemType, Stimulus
from question_bank.qti.item_reader import ITEM
from question_bank.qti.normalising import normalised
from question_bank.qti.tree import Node, to_text
from question_bank.scoring import ScoringRule

Say = Callable[..., None]
_CHOICES = (ItemType.SINGLE, ItemType.MULTIPLE, ItemType.TRUE_FALSE)
_COUNTED = (ScoringRule.ALL_OR_NOTHING, ScoringRule.PARTIAL, ScoringRule.PER_OPTION)
_RULES: Mapping[ItemType, tuple[ScoringRule, ...]] = {
    **dict.fromkeys(_CHOICES, (*_COUNTED, ScoringRule.MAPPED)),
    ItemType.FILL_IN: (*_COUNTED, ScoringRule.MAPPED),
    ItemType.MATCH: (*_COUNTED, ScoringRule.MAPPED),
    ItemType.ORDER: (*_COUNTED, ScoringRule.PRECEDENCE),
    ItemType.NUMERIC: tuple(ScoringRule),
    ItemType.ESSAY: tuple(ScoringRule),
}


@dataclass(frozen=True, slots=True)
class Document:
    """An item's document; `tree` is what reading it gives."""

    text: str
    tree: Node


def item_document(
    item: Item, version: Version, addresses: Mapping[str, str], stimulus: str, say: Say
) -> Document | None:
    """The document of an item; None, with a problem, where there is nothing to write.

    `addresses` are the places of the item's files by their names, `stimulus` that of its shared
    text; empty where that stands in the item.
    """
    root = _from_markup(item, stimulus, say) if item.markup else _from_item(item, stimulus, say)
    if root is None:
        return None
    text = to_text(in_version(with_addresses(root, addresses), version, say))
    try:
        return Document(text, normalised(read_markup(text, item.id)))
    except MarkupError as error:
        say(kinds.UNREADABLE_MARKUP, reason=str(error))
        return None


def _from_markup(item: Item, stimulus: str, say: Say) -> Node | None:
    try:
        root = normalised(read_markup(item.markup, item.id))
        if root.name != ITEM:
            raise MalformedMarkup(where=item.id, expected=ITEM, found=root.name[:80])
    except MarkupError as error:
        say(kinds.UNREADABLE_MARKUP, reason=str(error))
        return None
    return _with_stimulus(root, item, stimulus)


def _with_stimulus(root: Node, item: Item, address: str) -> Node:
    """The item with its shared text at a new address, or within its body."""
    if item.stimulus is None:
        return root
    parts = []
    for part in root.elements:
        if part.name == "qti-assessment-stimulus-ref":
            continue
        if part.name == "qti-item-body":
            shown = () if address else stimulus_nodes(item)
            parts += list(stimulus_reference(item, address))
            part = Node(part.name, part.attributes, (*shown, *part.children), part.namespace)
        parts.append(part)
    return Node(root.name, root.attributes, tuple(_in_schema_order(parts)), root.namespace)


def _in_schema_order(parts: list[Node]) -> list[Node]:
    """References to shared texts before style sheets, as the schemas have it."""
    late = ("qti-stylesheet", "qti-companion-materials-info")
    first = next((at for at, part in enumerate(parts) if part.name in late), None)
    if first is None:
        return parts
    rest = [part for part in parts[first:] if part.name != "qti-assessment-stimulus-ref"]
    references = [part for part in parts[first:] if part not in rest]
    return [*parts[:first], *references, *rest]


def _from_item(item: Item, stimulus: str, say: Say) -> Node | None:
    if item.type is ItemType.COMPOSITE:
        say(kinds.NO_MARKUP)
        return None
    if item.scoring.rule not in _RULES[item.type]:
        say(kinds.RULE_OF_OTHER_TYPE, rule=str(item.scoring.rule), type=str(item.type))
        return None
    for blank in blanks_of(item):
        if mixes_numbers(blank):
            say(kinds.MIXED_BLANK, blank=blank.id)
    if any(UNWRITABLE.search(text) for text in _texts(item)):
        say(kinds.UNWRITABLE_SIGNS)
    return _clean(native_item_node(item, stimulus))


def _texts(item: Item) -> Iterator[str]:
    yield from (item.id, item.point, item.stem, item.explanation.text, item.explanation.takeaway)
    yield from (option.text for option in (*item.options, *item.targets))
    yield from item.explanation.option_notes.values()
    if item.stimulus is not None:
        yield from (item.stimulus.title, item.stimulus.text)


def _clean(node: Node) -> Node:
    """The tree without characters that XML cannot write."""
    held = {name: UNWRITABLE.sub("", value) for name, value in node.attributes.items()}
    children = tuple(
        UNWRITABLE.sub("", child) if isinstance(child, str) else _clean(child)
        for child in node.children
    )
    return Node(node.name, held, children, node.namespace)


def with_addresses(node: Node, addresses: Mapping[str, str]) -> Node:
    """The tree with the addresses of files in place of their names."""
    if not addresses:
        return node
    held = dict(node.attributes)
    attribute = file_attribute(node.name)
    if attribute and held.get(attribute, "").strip() in addresses:
        held[attribute] = addresses[held[attribute].strip()]
    children = tuple(
        child if isinstance(child, str) else with_addresses(child, addresses)
        for child in node.children
    )
    return Node(node.name, held, children, node.namespace)


def stimulus_document(
    stimulus: Stimulus, version: Version, addresses: Mapping[str, str], say: Say
) -> str:
    """The document of a shared text."""
    body = Node("qti-stimulus-body", {}, block_nodes(stimulus.text))
    held = {"identifier": stimulus.id, "title": stimulus.title or stimulus.id}
    root = _clean(Node("qti-assessment-stimulus", held, (body,)))
    return to_text(in_version(with_addresses(root, addresses), version, say))
