"""Reads QTI 1.x: documents `questestinterop` with whole quizzes, item banks or single items.

Each item becomes an item of QTI 3.0 first, and is then read like any other. What the sections and
tests say about order and selection is not read.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from question_bank.errors import MarkupError
from question_bank.exchange.native_keys import TRUE_FALSE_TEXT
from question_bank.exchange.problems import Problem, ProblemKind, problem_of_error
from question_bank.exchange.qti.items import ReadItem, item_of
from question_bank.exchange.qti.resources import file_attribute
from question_bank.exchange.qti.several_blanks import as_fill_in
from question_bank.exchange.qti.sources import beside, found_name
from question_bank.exchange.questestinterop import problem_kinds as kinds
from question_bank.exchange.questestinterop.assembling import Converted, converted_item
from question_bank.interactions import TRUE_FALSE_IDS
from question_bank.item import Item, ItemType, Option
from question_bank.qti.item_reader import item_from_tree, read_item
from question_bank.qti.tree import Node, to_text

ROOT = "questestinterop"
WEB_FOLDER = "web_resources"
"""Where a cartridge of Canvas has the files that its texts name."""
TRUTHS = tuple(Option(option, TRUE_FALSE_TEXT[option]) for option in TRUE_FALSE_IDS)
"""The options of a true/false item, which our own format fixes."""
_ORDERING = (
    "selection_ordering",
    "outcomes_processing",
    "sectionprecondition",
    "assessmentcontrol",
)


def read_questestinterop(
    root: Node, file: str, names: frozenset[str] = frozenset()
) -> tuple[tuple[Item, ...], tuple[Problem, ...]]:
    """The items of a document of QTI 1.x and what there is to say about them. Never raises.

    `names` are the files of the package, for the addresses that Common Cartridge shortens.
    """
    items: list[Item] = []
    problems: list[Problem] = []
    for place, node in enumerate(item_nodes(root), start=1):
        found = _Reading(file, place, names).read(node)
        items += found[0]
        problems += found[1]
    for node in root.walk():
        if node.name == "itemref":
            problems.append(kinds.REFERENCE_LEFT_OUT.at(file, address=node.get("linkrefid")))
    ordering = sum(node.name in _ORDERING for node in root.walk())
    if ordering:
        problems.append(kinds.SECTIONS_LEFT_OUT.at(file, count=ordering))
    if not items and not problems:
        problems.append(kinds.NO_ITEM.at(file, element=root.name or ROOT))
    return tuple(items), tuple(problems)


def item_nodes(root: Node) -> Iterator[Node]:
    """The items of a document, however deep in tests, sections and banks."""
    if root.name == "item":
        yield root
        return
    for node in root.elements:
        yield from item_nodes(node)


def _found(node: Node, file: str, names: frozenset[str]) -> Node:
    """The tree with the files of a cartridge where they are: in its folder for the web."""
    if not names:
        return node
    held = dict(node.attributes)
    attribute = file_attribute(node.name)
    address = held.get(attribute, "")
    if address and found_name(address, file, names) is None:
        inside = f"{WEB_FOLDER}/{address}"
        held[attribute] = beside(file, inside) if inside in names else address
    children = tuple(
        child if isinstance(child, str) else _found(child, file, names) for child in node.children
    )
    return Node(node.name, held, children, node.namespace)


def _matched(root: Node) -> Node:
    """The same item scored as a whole, to see what native type asks the same."""
    template = Node("qti-response-processing", {"template": "match_correct"})
    parts = (template if part.name == template.name else part for part in root.elements)
    return Node(root.name, root.attributes, tuple(parts), root.namespace)


class _Reading:
    """One item being read, with what there is to say about it."""

    def __init__(self, file: str, place: int, names: frozenset[str]) -> None:
        self._file = file
        self._names = names
        self._place = place
        self._problems: list[tuple[ProblemKind, dict[str, object]]] = []

    def read(self, node: Node) -> tuple[list[Item], list[Problem]]:
        """The item, or the problem that it cannot be read."""
        try:
            found = self._item(converted_item(node, self._say))
        except MarkupError as error:
            return [], [problem_of_error(error, self._file, item_id=node.get("ident"))]
        told = [self._at(kind, found.item.id, params) for kind, params in self._problems]
        return [found.item], [*told, *found.problems]

    def _item(self, converted: Converted) -> ReadItem:
        """The item of a conversion, in a native type where one says the same."""
        node = _found(converted.node, self._file, self._names)
        definition = read_item(to_text(node))
        found = item_of(definition, self._file)
        if converted.shares is not None:
            plain = item_of(item_from_tree(_matched(definition.root)), self._file).item
            if plain.type is not ItemType.COMPOSITE:
                item = replace(plain, markup=found.item.markup, scoring=converted.shares)
                return ReadItem(item, found.problems)
        item = as_fill_in(found.item, definition)
        if item.type is ItemType.TRUE_FALSE:
            item = replace(item, options=TRUTHS)
        return ReadItem(item, found.problems)

    def _say(self, kind: ProblemKind, **params: object) -> None:
        if (kind, params) not in self._problems:
            self._problems.append((kind, params))

    def _at(self, kind: ProblemKind, item_id: str, params: dict[str, object]) -> Problem:
        given: dict[str, Any] = params
        return kind.at(self._file, row=self._place, item_id=item_id, **given)
