"""What a candidate sees of an item: template variables printed, feedback and templates shown or
hidden. Draws nothing; the result is an element tree again.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from question_bank.qti.definition import ItemDefinition
from question_bank.qti.feedback import is_shown
from question_bank.qti.item_reader import read_item
from question_bank.qti.numbers import to_double, written_number
from question_bank.qti.processing import QtiOutcome
from question_bank.qti.session import ItemSession
from question_bank.qti.sitting import begin
from question_bank.qti.tree import MATHML, Node
from question_bank.qti.values import BaseType, Scalar, Value, write_scalar

_FEEDBACK = ("qti-feedback-inline", "qti-feedback-block")
_TEMPLATES = ("qti-template-inline", "qti-template-block")


@dataclass(frozen=True, slots=True)
class Presentation:
    """An item as one candidate sees it: its body, and the modal feedback that shows."""

    body: Node | None
    modal_feedback: tuple[Node, ...] = ()


def presentation(markup: str, *, seed: int = 0, outcome: QtiOutcome | None = None) -> Presentation:
    """An item kept as markup as the candidate with this seed sees it, after `outcome` if given.

    Raises what `process` raises.
    """
    definition = read_item(markup)
    session = begin(definition, seed)
    if outcome is not None:
        session.outcomes.update(outcome.values)
    return Presentation(present(definition, session), present_modal_feedback(definition, session))


def present(definition: ItemDefinition, session: ItemSession) -> Node | None:
    """The item's body as the variables of a session make it; None for an item without a body."""
    if definition.body is None:
        return None
    return _presented(definition.body, session)


def present_modal_feedback(definition: ItemDefinition, session: ItemSession) -> tuple[Node, ...]:
    """The modal feedback that the outcomes show, in document order."""
    return tuple(
        _presented(node, session)
        for node in definition.modal_feedback
        if is_shown(node, session.outcomes.get(node.get("outcome-identifier").strip()))
    )


def _presented(node: Node, session: ItemSession) -> Node:
    return Node(node.name, node.attributes, tuple(_children(node, session)), node.namespace)


def _children(node: Node, session: ItemSession) -> Iterator[Node | str]:
    for child in node.children:
        if isinstance(child, str):
            yield child
        elif child.name == "qti-printed-variable":
            yield printed(child, session)
        elif child.namespace == MATHML and child.name in ("mi", "ci"):
            yield _math_identifier(child, session)
        elif _shows(child, session):
            yield _presented(child, session)


def _shows(node: Node, session: ItemSession) -> bool:
    if node.name in _FEEDBACK:
        return is_shown(node, session.outcomes.get(node.get("outcome-identifier").strip()))
    templated = node.get("template-identifier").strip()
    if node.name in _TEMPLATES or templated:
        return is_shown(node, session.templates.get(templated))
    return True


def _math_identifier(node: Node, session: ItemSession) -> Node:
    """A template variable within a formula becomes its number."""
    name = node.text.strip()
    declared = session.definition.templates.get(name)
    if declared is None or session.templates.get(name) is None:
        return node
    number = "mn" if node.name == "mi" else "cn"
    return Node(number, {}, (_joined(session.templates[name], ";"),), MATHML)


def printed(node: Node, session: ItemSession) -> str:
    """The text of a printed variable in the format that its element asks for."""
    value = session.variable(node.get("identifier").strip())
    if value is None or not value.items:
        return ""
    position = node.get("index").strip()
    if position.isdecimal() and len(position) < 6 and value.is_container:
        chosen = value.items[int(position) - 1 : int(position)] if int(position) else ()
        value = Value(value.base_type, chosen)
    pattern = node.get("format").strip()
    texts = (
        _formatted(item, value.base_type, pattern, node.get("base", "10")) for item in value.items
    )
    return node.get("delimiter", ";").join(texts)


def _joined(value: Value | None, delimiter: str) -> str:
    return "" if value is None else delimiter.join(write_scalar(item) for item in value.items)


def _formatted(item: Scalar, base_type: BaseType | None, pattern: str, base: str) -> str:
    if isinstance(item, bool) or not isinstance(item, (int, Fraction)):
        return write_scalar(item)
    if base_type is BaseType.INTEGER and base in ("2", "8", "16"):
        return format(int(item), {"2": "b", "8": "o", "16": "x"}[base])
    found = _FORMAT.fullmatch(pattern)
    style = _STYLES.get(found["style"]) if found is not None else None
    if found is None or style is None:
        return written_number(item)
    if style in "doxX":
        return format(int(item), style)
    precision = f".{found['figures']}" if found["figures"] else ""
    return format(to_double(item), f"{precision}{style}")


_FORMAT = re.compile(r"%[-+ #0]*[0-9]{0,3}(\.(?P<figures>[0-9]{1,2}))?(?P<style>[a-zA-Z])")
_STYLES: Mapping[str, str] = {
    **{letter: letter for letter in "eEfFgGoxX"},
    "i": "d",
    "d": "d",
}
"""Conversions of C's printf that QTI's formats name, as Python spells them."""
