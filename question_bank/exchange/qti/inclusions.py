"""Inclusions and response processing templates that stand in the same package, put in place.

Nothing outside the package is reached; what is not there stays as it is and is named.
"""

from question_bank.errors import MarkupError
from question_bank.exchange.markup_reader import read_markup
from question_bank.exchange.problems import Problem
from question_bank.exchange.qti.problem_kinds import MISSING_INCLUSION
from question_bank.exchange.qti.sources import Source, found_name
from question_bank.qti.normalising import normalised
from question_bank.qti.standard_templates import TEMPLATES, template_name
from question_bank.qti.tree import XINCLUDE, Node

DEEPEST = 3
MOST_INCLUSIONS = 100
_RULES = "qti-response-processing"


class Inclusions:
    """Puts in place what one file includes."""

    def __init__(self, file: str, source: Source, names: frozenset[str]) -> None:
        self.problems: list[Problem] = []
        self.used: set[str] = set()
        self._file = file
        self._source = source
        self._names = names
        self._left = MOST_INCLUSIONS

    def resolved(self, node: Node, depth: int = 0) -> Node:
        """The tree with everything included that the package holds."""
        children = tuple(
            child if isinstance(child, str) else self._placed(child, depth)
            for child in node.children
        )
        if node.name == _RULES and not any(isinstance(child, Node) for child in children):
            children = self._template(node) or children
        return Node(node.name, node.attributes, children, node.namespace)

    def _placed(self, node: Node, depth: int) -> "Node | str":
        if node.namespace != XINCLUDE or node.name != "include":
            return self.resolved(node, depth)
        included = self._read(node.get("href"), depth)
        if included is None:
            self.problems.append(MISSING_INCLUSION.at(self._file, address=node.get("href")))
            return node
        return included.text if node.get("parse") == "text" else included

    def _read(self, address: str, depth: int) -> Node | None:
        name = found_name(address, self._file, self._names)
        self._left -= 1
        if name is None or depth >= DEEPEST or self._left < 0:
            return None
        try:
            root = normalised(read_markup(self._source.read(name), name))
        except MarkupError:
            return None
        self.used.add(name)
        return self.resolved(root, depth + 1)

    def _template(self, node: Node) -> "tuple[Node | str, ...]":
        """The rules of a template that is not a standard one and stands in the package."""
        if not template_name(node) or template_name(node) in TEMPLATES:
            return ()
        for attribute in ("template-location", "template"):
            root = self._read(node.get(attribute), 0) if node.get(attribute) else None
            if root is not None and root.name == _RULES:
                return root.children
        return ()
