"""Element tree -> ItemDefinition, and markup -> ItemDefinition with a cache of what was parsed."""

from collections.abc import Iterator
from functools import lru_cache

from question_bank.errors import MalformedMarkup
from question_bank.exchange.markup_reader import read_markup
from question_bank.qti.declarations import read_declarations
from question_bank.qti.definition import ItemDefinition
from question_bank.qti.names import KNOWN_EXPRESSIONS, KNOWN_RULES
from question_bank.qti.normalising import normalised
from question_bank.qti.tree import XINCLUDE, Node

ITEM = "qti-assessment-item"
CACHED_ITEMS = 256
_PROCESSING = ("qti-template-processing", "qti-response-processing")


@lru_cache(maxsize=CACHED_ITEMS)
def read_item(markup: str) -> ItemDefinition:
    """The item that a document holds, in any spelling of QTI 2.0 to 3.0.

    Raises a MarkupError where the text is not readable or unsafe, MalformedMarkup where its root
    is no assessment item.
    """
    return item_from_tree(normalised(read_markup(markup, "markup")))


def item_from_tree(root: Node, where: str = "markup") -> ItemDefinition:
    """The item of a normalised element tree. Raises MalformedMarkup for any other root."""
    if root.name != ITEM:
        raise MalformedMarkup(where=where, expected=f"the element {ITEM}", found=root.name[:80])
    return ItemDefinition(
        root=root,
        identifier=root.get("identifier").strip(),
        title=root.get("title").strip(),
        language=root.get("xml:lang").strip(),
        adaptive=root.flag("adaptive"),
        responses=read_declarations(root, "response"),
        outcomes=read_declarations(root, "outcome"),
        templates=read_declarations(root, "template"),
        contexts=read_declarations(root, "context"),
        template_processing=root.child("qti-template-processing"),
        response_processing=root.child("qti-response-processing"),
        body=root.child("qti-item-body"),
        modal_feedback=root.all("qti-modal-feedback"),
        unknown=tuple(dict.fromkeys(_unknown(root))),
    )


def _unknown(root: Node) -> Iterator[str]:
    """Elements of the processing that QTI does not have: such an item cannot be scored."""
    if root.child("qti-outcome-processing") is not None:
        yield "qti-outcome-processing"
    for node in root.elements:
        if node.name in _PROCESSING:
            yield from _unknown_below(node)


def _unknown_below(node: Node) -> Iterator[str]:
    for child in node.elements:
        if child.namespace == XINCLUDE:
            yield "xi:include"
        elif child.name not in KNOWN_RULES and child.name not in KNOWN_EXPRESSIONS:
            yield child.name
        elif child.name == "qti-custom-operator":
            continue  # what it holds is its own affair
        elif child.name != "qti-base-value":
            yield from _unknown_below(child)
