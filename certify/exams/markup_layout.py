"""How an item in QTI markup is laid out for one candidate: choices shuffled where it says so."""

from certify.exams.form import shuffled
from question_bank.qti.definition import INTERACTION_SUFFIX
from question_bank.qti.tree import Node

_CHOICES = frozenset(
    (
        *("qti-simple-choice", "qti-simple-associable-choice", "qti-inline-choice"),
        *("qti-gap-text", "qti-gap-img"),
    )
)


def laid_out_body(body: Node, seed: str, position: int) -> Node:
    """The body of an item's markup with the choices in the order to show.

    Interactions that say so (`shuffle`) are shuffled by attempt and position, without the choices
    that are `fixed`; each set of a match by itself.
    """
    return _laid_out(body, seed, position, "")


def _laid_out(node: Node, seed: str, position: int, purpose: str) -> Node:
    """`purpose` names the interaction whose choices are shuffled; it is empty where none are."""
    if node.name.endswith(INTERACTION_SUFFIX):
        purpose = node.get("response-identifier") if node.flag("shuffle") else ""
    elif node.name == "qti-simple-match-set" and purpose:
        purpose += f" {node.elements[0].get('identifier') if node.elements else ''}"
    inner = [
        _laid_out(child, seed, position, purpose) if isinstance(child, Node) else child
        for child in node.children
    ]
    movable = [place for place, child in enumerate(inner) if purpose and _may_move(child)]
    order = shuffled([str(place) for place in movable], seed, position, f"choice {purpose}")
    moved = dict(zip(movable, (inner[int(place)] for place in order), strict=True))
    children = tuple(moved.get(place, child) for place, child in enumerate(inner))
    return Node(node.name, node.attributes, children, node.namespace)


def _may_move(child: Node | str) -> bool:
    return isinstance(child, Node) and child.name in _CHOICES and not child.flag("fixed")
